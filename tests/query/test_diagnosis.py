"""Why a query gives no rows: the parameter, or the first part of the pattern with which nothing matches."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kg.cli.main import main

if TYPE_CHECKING:
    from kg import KnowledgeGraph

HEAD = """PREFIX kg: <https://w3id.org/immunokg/ontology/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
"""


def why(graph: KnowledgeGraph, name: str, **values: str) -> str:
    given = {key: [value] for key, value in values.items()}
    assert not len(graph.run(name, given))
    return graph.diagnose(name, given)


def test_two_parameters_that_match_alone(mini_graph: KnowledgeGraph) -> None:
    found = why(mini_graph, "doses", product="Lumocel", role="combination")
    assert found == "no row has both product=Lumocel (1 row) and role=combination (1 row)"


def test_parameter_that_matches_nothing_offers_the_nearest(mini_graph: KnowledgeGraph) -> None:
    found = why(mini_graph, "doses", role="combinations")
    assert found == "no row has role=combinations; nearest: combination; there are 3 rows without it"
    found = why(mini_graph, "doses", product="Lumocel", role="zzz")
    assert found == "no row has role=zzz; there are 3 rows without it"


def test_parameter_of_a_query_that_has_no_rows_at_all(mini_graph: KnowledgeGraph) -> None:
    text = (
        f"#+ parameters: {{x: kg:Product}}\n{HEAD}SELECT ?x {{\n# VALUES ?x {{ }}\n?x kg:hasPhase ?y ; kg:never ?z }}"
    )
    assert why(mini_graph, text, x="Lumocel") == "query:6: from here nothing matches: ?x kg:hasPhase ?y"


@pytest.mark.parametrize(
    ("pattern", "line", "words"),
    [
        ("?it a kg:ClinicalTrial ;\n kg:enrollment ?n ;\n kg:hasTargets ?x .", 5, "kg:hasTargets ?x"),
        ("?it a kg:ClinicalTrial ; rdfs:label 'NCT90000001', 'no. 1; really' .", 3, "'no. 1; really'"),
        ("?it rdfs:label ?l # not . here ;\n . ?it kg:enrollment -3.5", 4, "?it kg:enrollment -3.5"),
        ("FILTER (?n > 1e3)\n ?it kg:enrollment ?n . OPTIONAL { ?it kg:no ?o }", 3, "FILTER (?n > 1e3)"),
        ("FILTER (?n > 1) ?it kg:enrollment ?n .\n?it kg:no ?o", 4, "?it kg:no ?o"),
        ("?it kg:enrollment ?n FILTER NOT EXISTS { ?it ?p ?n }", 3, "FILTER NOT EXISTS { ?it ?p ?n }"),
        ("?it kg:enrollment ?n MINUS { ?it ?p ?n }", 3, "MINUS { ?it ?p ?n }"),
        ("VALUES (?n ?m) { (-1 1) (-2 2) } ?it kg:enrollment ?n .", 3, "?it kg:enrollment ?n"),
        ("?it kg:enrollment ?n . BIND(?n + 1 AS ?m) VALUES ?m { -1 }", 3, "VALUES ?m { -1 }"),
        ("?it kg:enrollment ?n . { ?it kg:no 1 } UNION { ?it kg:no 2 }", 3, "{ ?it kg:no 1 } UNION {"),
        ("?it kg:enrollment ?n .\n{ ?it a kg:ClinicalTrial .\n ?it kg:enrollment 7000 }", 5, "?it kg:enrollment 7000"),
        ("{ SELECT ?it WHERE {\n ?it kg:enrollment ?n ; kg:phase 9 } } ?it ?p ?o", 4, "kg:phase 9"),
        ("{ SELECT ?n { ?it kg:enrollment ?n } HAVING (?n > 900) }", 3, "{ SELECT ?n"),
        ("?it (kg:no|kg:nor)+/rdfs:label [ kg:a 1 ; kg:b 2 ] .", 3, "?it (kg:no|kg:nor)+/rdfs:label [ kg:a"),
        ("GRAPH ?g { ?it kg:enrollment ?n }", 3, "GRAPH ?g { ?it kg:enrollment ?n }"),
        ("?it kg:enrollment ?n .\n<urn:a;b.c> ?p ?n .", 4, "<urn:a;b.c> ?p ?n"),
    ],
)  # fmt: skip
def test_first_part_that_matches_nothing_is_told(
    pattern: str, line: int, words: str, mini_graph: KnowledgeGraph
) -> None:
    told = f"query:{line}: from here nothing matches: {words}"
    assert why(mini_graph, f"{HEAD}SELECT * {{ {pattern} }}").startswith(told)
    assert why(mini_graph, f"{HEAD}SELECT (EXISTS {{ ?it a ?c }} AS ?known) {{ {pattern} }}").startswith(told)
    construct = f"{HEAD}CONSTRUCT {{ ?it ?p ?o }} WHERE {{ {pattern} }}"
    assert why(mini_graph, construct).startswith(told)


def test_term_that_is_nowhere_is_told_with_the_nearest(mini_graph: KnowledgeGraph) -> None:
    found = why(mini_graph, f"{HEAD}SELECT * {{ ?it a kg:ClinicalTrail }}")
    assert found.splitlines()[1].startswith("kg:ClinicalTrail is nowhere in the graph; nearest: kg:ClinicalTrial")
    found = why(mini_graph, f"{HEAD}SELECT * {{ ?it ?p 'kg:no \u009b31m', <urn:x:y> }}")
    assert found == "query:3: from here nothing matches: ?it ?p 'kg:no \\x9b31m'"
    found = why(mini_graph, f"{HEAD}SELECT * {{ ?it ?p 8, <urn:x:y> }}")
    assert found == "query:3: from here nothing matches: <urn:x:y>\n<urn:x:y> is nowhere in the graph"
    found = why(mini_graph, f"{HEAD}SELECT * {{ ?it a kg:Product ; kg:enrollment ?n }}")
    assert found == "query:3: from here nothing matches: kg:enrollment ?n"


def test_what_stands_after_the_pattern_is_told(mini_graph: KnowledgeGraph) -> None:
    for end in ("LIMIT 0", "OFFSET 100000", "GROUP BY ?it HAVING (COUNT(?n) > 900)", "VALUES ?it { <urn:x> }"):
        text = f"{HEAD}SELECT ?it {{ ?it kg:enrollment ?n }} {end}"
        assert why(mini_graph, text).startswith("the pattern has matches; what stands after it")


def test_named_graph_is_told(mini_graph: KnowledgeGraph) -> None:
    assert "by FROM; the dataset has no named graphs" in why(mini_graph, "SELECT * FROM <urn:g> { ?s ?p ?o }")


@pytest.mark.parametrize(
    "text",
    [
        "DESCRIBE ?x { ?x <urn:p> 1 }",
        "SELECT * { ?s <urn:p> 1 ; FILTER(?s = 1) ?s <urn:q> 2 ; }",
        "SELECT (EXISTS { ?s <urn:p> 1 } AS ?x) { ?s <urn:p> 1 }",
        "SELECT * { { { ?s <urn:p> () , [] , [ <urn:q> ( 1 2 ) ] } } }",
        "CONSTRUCT WHERE { ?s <urn:p> 1 }",
    ],
)
def test_rare_forms_end_in_some_reason_or_none(text: str, mini_graph: KnowledgeGraph) -> None:
    assert len(why(mini_graph, text).splitlines()) <= 2


def test_command_tells_why_on_stderr(
    mini_dataset: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("q.rq").write_text(f"{HEAD}SELECT ?x {{\n  ?x kg:enrollment -1 .\n}}", encoding="utf-8")
    assert main(["query", "q.rq", "--data", str(mini_dataset)]) == 0
    out, err = capsys.readouterr()
    assert out == "x\r\n" or out == "x\n"
    assert err.splitlines()[1:] == ["q.rq:4: from here nothing matches: ?x kg:enrollment -1"]
    assert main(["query", "doses", "--param", "product=Lumocel", "--data", str(mini_dataset)]) == 0
    assert not capsys.readouterr().err


def test_endpoint_is_not_asked_again(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    from pyoxigraph import Variable

    from kg.engines.asking import Rows
    from kg.engines.remote.endpoint import Endpoint

    asked: list[str] = []

    def answer(_: Endpoint, text: str) -> Rows:
        asked.append(text)
        return Rows([Variable("s")], [])

    monkeypatch.setattr(Endpoint, "query", answer)
    assert main(["query", "SELECT ?s { ?s ?p ?o }", "--endpoint", "http://localhost/sparql"]) == 0
    assert "0 rows" in capsys.readouterr().err
    assert len(asked) == 2  # the query, and the day of the data
