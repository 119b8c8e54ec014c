"""Evidence of rows: it rests on the triples that gave a row, not on labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pyoxigraph import RdfFormat, Store

from kg.evidence.graph_pattern import UnreadableError, read_select
from kg.evidence.tracing import with_evidence
from kg.query.catalogue import Query, iter_queries, run

if TYPE_CHECKING:
    from pathlib import Path

PREFIXES = """
PREFIX : <https://example.org/>
PREFIX kg: <https://w3id.org/immunokg/ontology/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""
# Two products are named Twin. The target of the first stands in row 1, that of the second in row 2.
# The third product succeeds the second, which succeeds the first: rows 9 and 8.
DATA = """
:twin1 rdfs:label "Twin" ; kg:hasTarget :cd1 ; kg:enrollment 7 .
:twin2 rdfs:label "Twin" ; kg:hasTarget :cd1b ; kg:hasSponsor :corp .
:cd1 rdfs:label "CD1" . :cd1b rdfs:label "CD1" . :corp rdfs:label "Corp" .
:study kg:investigates :twin1 ; rdfs:label "Study" .
:s1 kg:subject :twin1 ; kg:predicate kg:hasTarget ; kg:object :cd1 ; kg:hasEvidence :row1 .
:s2 kg:subject :twin2 ; kg:predicate kg:hasTarget ; kg:object :cd1b ; kg:hasEvidence :row2 .
:s3 kg:subject :twin2 ; kg:predicate kg:hasSponsor ; kg:object :corp ; kg:hasEvidence :row3, :row2 .
:s4 kg:subject :study ; kg:predicate kg:investigates ; kg:object :twin1 ; kg:hasEvidence :row4 .
:s5 kg:subject :twin1 ; kg:predicate kg:enrollment ; kg:object 7 ; kg:hasEvidence :row5 .
:third kg:succeeds :twin2 . :twin2 kg:succeeds :twin1 .
:s8 kg:subject :twin2 ; kg:predicate kg:succeeds ; kg:object :twin1 ; kg:hasEvidence :row8 .
:s9 kg:subject :third ; kg:predicate kg:succeeds ; kg:object :twin2 ; kg:hasEvidence :row9 .
:s6 kg:subject :twin1 ; kg:predicate kg:hasTarget ; kg:object :cd1 ; kg:hasEvidence :row6 ; kg:standing "rejected" .
:f1 kg:about :twin1 ; kg:inWords "better" ; kg:hasEvidence :row7 .
"""


@pytest.fixture(scope="module")
def store() -> Store:
    nodes = [f":s{number}" for number in (1, 2, 3, 4, 5, 8, 9)] + [":f1"]
    said = "".join(f'{node} kg:assertion "stated" ; kg:standing "accepted" .\n' for node in nodes)
    said += ':s6 kg:assertion "claimed" .\n'
    said += "".join(
        f':row{number} kg:section "Table" ; kg:locator "row {number}" ; kg:fromDocument :paper .\n'
        for number in range(1, 10)
    )
    found = Store()
    found.load(f'{PREFIXES}{DATA}{said}:paper rdfs:label "Paper" .', format=RdfFormat.TURTLE)
    return found


def places(store: Store, text: str, path: Path, column: str = "evidence") -> list[list[str]]:
    """Return what is named for each row of a query, as numbers of rows of the paper's table."""
    query = Query(path, PREFIXES + text)
    result = with_evidence(store, query.text, run(store, query, {}), store)
    assert result.columns[-1] == column
    return [str(row[column]).replace("Paper, Table, row ", "").split("; ") for row in result]


TRACED = {
    # the other product of that name has a target of that name too, in row 2
    "SELECT ?n ?t { ?x kg:investigates ?p . ?p rdfs:label ?n ; kg:hasTarget/rdfs:label ?t }": [
        ["1 (stated)", "4 (stated)"]
    ],
    "SELECT ?n { ?p rdfs:label ?n ; kg:hasSponsor ?s }": [["2 (stated)", "3 (stated)"]],
    # the place that a query names is the place, without the other one of the statement
    "SELECT ?l { ?s kg:predicate kg:hasSponsor ; kg:hasEvidence ?e . ?e kg:locator ?l } ORDER BY ?l": [
        ["2 (stated)"],
        ["3 (stated)"],
    ],
    "SELECT ?n ?e { ?p kg:enrollment ?e ; rdfs:label ?n }": [["5 (stated)"]],
    "SELECT ?w { ?f kg:inWords ?w }": [["7 (stated)"]],
    "SELECT ?a { ?s kg:standing 'rejected' ; kg:assertion ?a }": [["6 (claimed, rejected)"]],
    # rows of one look rest on all that gives them; nothing is said of a label
    "SELECT DISTINCT ?n { ?p rdfs:label ?n ; kg:hasTarget ?t }": [["1 (stated)", "2 (stated)"]],
    "SELECT ?n { :corp rdfs:label ?n }": [[""]],
    # paths there and back, one of two, any length
    "SELECT ?n { ?t ^kg:hasTarget/^kg:investigates ?x . ?x rdfs:label ?n }": [["1 (stated)", "4 (stated)"]],
    "SELECT ?n { :twin2 kg:hasSponsor|kg:enrollment ?x . ?x rdfs:label ?n }": [["2 (stated)", "3 (stated)"]],
    "SELECT ?n { ?p kg:enrollment ?e ; rdfs:label ?n ; skos:broader* ?b }": [["5 (stated)"]],
    "SELECT ?p ?e { ?p kg:succeeds+ :twin1 ; kg:succeeds+ ?e } ORDER BY ?p ?e": [
        ["8 (stated)", "9 (stated)"],
        ["8 (stated)", "9 (stated)"],
        ["8 (stated)"],
    ],
    "SELECT ?p { ?p kg:succeeds* :twin1 } ORDER BY ?p": [["8 (stated)", "9 (stated)"], [""], ["8 (stated)"]],
    "SELECT ?p { ?p kg:succeeds? :twin1 } ORDER BY ?p": [[""], ["8 (stated)"]],
    "SELECT ?p { :twin1 (^kg:succeeds)+/kg:hasSponsor ?p }": [["2 (stated)", "3 (stated)", "8 (stated)"]],
    # what is optional and what another branch gave
    "SELECT ?p ?e { ?p kg:hasTarget ?t OPTIONAL { ?p kg:enrollment ?e } } ORDER BY ?p": [
        ["1 (stated)", "5 (stated)"],
        ["2 (stated)"],
    ],
    "SELECT ?p ?e ?s { { ?p kg:enrollment ?e } UNION { ?p kg:hasSponsor ?s } } ORDER BY ?p": [
        ["5 (stated)"],
        ["2 (stated)", "3 (stated)"],
    ],
    # what only tests or forbids is not what a row rests on
    "SELECT ?p { ?p kg:enrollment ?e FILTER EXISTS { ?p kg:hasTarget ?t } MINUS { ?p kg:hasSponsor ?s } }": [
        ["5 (stated)"]
    ],
    "SELECT ?s { ?s kg:predicate kg:hasTarget ; kg:subject :twin2 MINUS { ?s kg:hasEvidence :row6 } }": [
        ["2 (stated)"]
    ],
    "SELECT ?s { ?s kg:predicate kg:hasTarget ; kg:subject :twin2 OPTIONAL { ?s kg:hasEvidence :row6 } }": [
        ["2 (stated)"]
    ],
    # groups, nested and not; a group of one thing is not that of another
    "SELECT ?t (COUNT(?p) AS ?n) { ?p kg:hasTarget ?t } GROUP BY ?t ORDER BY ?t": [["1 (stated)"], ["2 (stated)"]],
    "SELECT ?n ?ts { ?p kg:enrollment ?e ; rdfs:label ?n "
    "{ SELECT ?p (GROUP_CONCAT(?t) AS ?ts) { ?p kg:hasTarget/rdfs:label ?t } GROUP BY ?p } }": [
        ["1 (stated)", "5 (stated)"]
    ],
    "SELECT ?p ?e ?ts { { ?p kg:enrollment ?e } UNION "
    "{ SELECT ?p (GROUP_CONCAT(STR(?t)) AS ?ts) { ?p kg:hasTarget ?t } GROUP BY ?p } } ORDER BY ?p ?ts": [
        ["5 (stated)"],
        ["1 (stated)"],
        ["2 (stated)"],
    ],
    # expressions tell rows apart; words of SPARQL in texts and comments are none
    "SELECT (STR(?p) AS ?x) { ?p kg:hasTarget ?t } ORDER BY ?p": [["1 (stated)"], ["2 (stated)"]],
    'SELECT ?n ("SELECT {" AS ?x) { ?p kg:enrollment ?e ; rdfs:label ?n # SELECT }\n }': [["5 (stated)"]],
    "SELECT * { ?p kg:enrollment ?e }": [["5 (stated)"]],
}


@pytest.mark.parametrize(("text", "expected"), TRACED.items(), ids=list(TRACED))
def test_row_has_the_places_of_the_triples_it_rests_on(
    text: str, expected: list[list[str]], store: Store, tmp_path: Path
) -> None:
    assert places(store, text, tmp_path) == expected


UNTRACED = [
    "SELECT (COUNT(*) AS ?n) { ?p kg:hasTarget ?t }",
    "SELECT ?n { [] kg:hasTarget ?t . ?t rdfs:label ?n }",
    "SELECT ?p { ?p !rdfs:label ?t ; kg:enrollment ?e }",
    "SELECT ?p { ?p (!rdfs:label)* ?t ; kg:enrollment ?e }",
    "SELECT ?p { ?p kg:enrollment ?e } VALUES ?p { :twin1 }",
    "SELECT ?p { ?p kg:enrollment ?e FILTER NOT EXISTS { SELECT ?p { ?p kg:hasSponsor ?s } } }",
    "SELECT ?p { GRAPH ?g { ?p kg:enrollment ?e } }",
    "ASK { ?p kg:hasTarget ?t }",
    "CONSTRUCT { ?p kg:hasTarget ?t } WHERE { SELECT * { ?p kg:hasTarget ?t } }",
]


@pytest.mark.parametrize("text", UNTRACED)
def test_query_that_cannot_be_traced_says_so_in_its_column(text: str, store: Store, tmp_path: Path) -> None:
    with pytest.raises(UnreadableError):
        read_select(PREFIXES + text)
    places(store, text, tmp_path, "evidence_by_label")


def test_label_of_another_thing_misleads_only_where_it_is_said(store: Store, tmp_path: Path) -> None:
    pattern = "{ ?p kg:enrollment ?e ; rdfs:label ?n ; kg:hasTarget/rdfs:label ?t }"
    assert places(store, f"SELECT ?n ?t {pattern}", tmp_path) == [["1 (stated)", "5 (stated)"]]
    (by_label,) = places(store, f"SELECT ?n ?t {pattern} VALUES ?n {{ 'Twin' }}", tmp_path, "evidence_by_label")
    assert by_label == ["1 (stated)", "2 (stated)"]


def test_queries_of_the_catalogue_are_traced() -> None:
    untraced = set()
    for query in iter_queries():
        try:
            read_select(query.text)
        except UnreadableError:
            untraced.add(query.path.stem)
    assert untraced == {"stats", "trial_counts"}
