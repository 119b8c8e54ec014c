"""Every query of the catalogue: the rows that were counted, on two engines, and every way to ask wrongly."""

from __future__ import annotations

import os
import re
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Store
from slowness import slow_if

from kg.engines.asking import bind
from kg.engines.rdflib_copy import to_rdflib
from kg.errors import NotInGraphError, QueryError, UsageError
from kg.model.terms import lexical
from kg.paths import shipped_dataset
from kg.query.catalogue import Query, find_query, iter_queries, run

if TYPE_CHECKING:
    import rdflib

    from kg import KnowledgeGraph
    from kg.query.catalogue import Query

ANSWERS = Path(__file__).parent.parent / "data" / "answers"
CATALOGUE = list(iter_queries())
LISTS = {"facts", "findings"}  # they print all there is; what it should be is in the tables
HEADER = {"summary", "description", "tags", "parameters"}


@pytest.fixture(scope="module")
def in_rdflib(graph: KnowledgeGraph) -> rdflib.Graph:
    return to_rdflib(graph.store)


@pytest.fixture(scope="module")
def shuffled() -> list[Store]:
    """Return the dataset as stores that got their triples in other orders, and iterate in others."""
    lines = shipped_dataset().read_bytes().splitlines(keepends=True)
    stores = []
    for seed in range(4):
        Random(seed).shuffle(lines)
        stores.append(Store())
        stores[-1].load(b"".join(lines), format=RdfFormat.N_TRIPLES)
    return stores


def test_catalogue_has_the_promised_queries() -> None:
    names = {query.path.stem for query in CATALOGUE}
    promised = {"ipsc_products_with_cd38_ko", "trials", "products", "modifications_by_product", "trials_by_target"}
    assert promised | {"sponsors_by_disease", "facts", "stats", "conflicts"} <= names
    assert len(names) >= 15


def is_long(query: Query) -> bool:
    """Say whether a query takes seconds, on rdflib at least: it goes through every statement or every trial."""
    return query.path.stem in ("facts", "targets_in_disease_groups", "trials", "trials_with_reported_results")


@pytest.mark.parametrize("query", CATALOGUE, ids=lambda query: query.path.stem)
def test_header_asks_a_question(query: Query) -> None:
    assert query.header["summary"].endswith("?")
    assert set(query.header) <= HEADER
    assert query.header["tags"]
    assert len(query.path.stem) <= 40


@pytest.mark.parametrize("query", CATALOGUE, ids=lambda query: query.path.stem)
def test_each_parameter_has_its_slot_and_a_known_type(query: Query) -> None:
    for name, declared in query.parameters.items():
        assert bind(query.text, name, [NamedNode("urn:x")]) != query.text
        assert declared.split(",")[0].startswith(("kg:", "xsd:"))


@pytest.mark.parametrize(
    "query", [query for query in CATALOGUE if query.path.stem not in LISTS], ids=lambda query: query.path.stem
)
def test_rows_are_the_expected_ones(query: Query, indexed_graph: KnowledgeGraph) -> None:
    """The answers were counted in the review; trials.csv is a second transcription that did not see the first."""
    expected = (ANSWERS / f"{query.path.stem}.csv").read_bytes().decode()
    assert indexed_graph.query(query.path.stem).format("csv") == expected


@pytest.mark.parametrize("query", slow_if(is_long, CATALOGUE), ids=lambda query: query.path.stem)
def test_rdflib_gives_the_same_rows_in_the_same_order(
    query: Query, graph: KnowledgeGraph, in_rdflib: rdflib.Graph
) -> None:
    ours = [tuple(map(lexical, row)) for row in graph.query(query.path.stem).rows]
    found: Any = in_rdflib.query(query.text)
    theirs = [tuple("" if term is None else str(term) for term in row) for row in found]
    assert ours == theirs
    assert ours


@pytest.mark.parametrize("query", slow_if(is_long, CATALOGUE), ids=lambda query: query.path.stem)
def test_order_of_rows_is_total(query: Query, graph: KnowledgeGraph, shuffled: list[Store]) -> None:
    ours = graph.query(query.path.stem).format("csv")
    assert all(run(store, query, {}).format("csv") == ours for store in shuffled), "ORDER BY leaves rows open"


def test_every_answer_file_belongs_to_a_query() -> None:
    names = {query.path.stem for query in CATALOGUE}
    assert {path.stem for path in ANSWERS.glob("*.csv")} == names - LISTS


@pytest.mark.parametrize(
    ("name", "column", "value", "figure"),
    [
        ("trial_counts", "rule", "listed in the tables", {"trials": 124}),
        ("trial_counts", "rule", "counted: enrollment above 0", {"trials": 120}),
        ("trials_by_year", "year", 2023, {"counted_trials": 26, "listed_trials": 26}),
        ("trials_by_year", "year", 2024, {"counted_trials": 32, "listed_trials": 32}),
        ("cell_sources_of_trials", "cell_source", "NK-92", {"listed_trials": 22}),
        ("cell_sources_of_trials", "cell_source", "Cord Blood", {"listed_trials": 20}),
        ("cell_sources_of_trials", "cell_source", "iPSC", {"listed_trials": 17}),
        ("cell_sources_of_trials", "cell_source", "Peripheral Blood", {"listed_trials": 15}),
    ],
)
def test_figures_of_the_review_come_out(
    graph: KnowledgeGraph, name: str, column: str, value: object, figure: dict[str, int]
) -> None:
    (row,) = [row for row in graph.query(name) if row[column] == value]
    assert {key: row[key] for key in figure} == figure


def test_seven_target_pairs(graph: KnowledgeGraph) -> None:
    assert len(graph.query("target_pairs")) == 7


def test_facts_holds_every_statement_with_its_place(graph: KnowledgeGraph) -> None:
    rows = list(graph.query("facts"))
    columns = "subject_id,subject,predicate_id,predicate,object_id,object,document,section,locator,assertion,standing"
    assert graph.query("facts").columns == tuple(columns.split(","))
    assert all(row[name] for row in rows for name in columns.split(",") if name != "object_id")
    assert {row["standing"] for row in rows} == {"accepted", "rejected", "unresolved"}
    named = {(row["subject"], row["predicate"], row["object"], row["standing"]) for row in rows}
    assert ("NCT05934097", "investigates", "FT596", "rejected") in named
    assert ("FT576", "carries modification", "CD38 KO", "accepted") in named


def test_parameter_takes_label_synonym_id_and_iri(graph: KnowledgeGraph) -> None:
    asked = [
        list(graph.query("trials_by_target", target=name))
        for name in ("CLL1", "CLEC12A", "cll1", "https://w3id.org/immunokg/molecule/cll1")
    ]
    assert len(asked[0]) == 6
    assert asked == [asked[0]] * 4


def test_parameter_given_twice_takes_both(graph: KnowledgeGraph) -> None:
    targets = {row["target_label"] for row in graph.query("trials_by_target", target=["CD5", "CD7"])}
    assert targets == {"CD5", "CD7"}


def test_disease_parameter_takes_the_narrower_ones_with_it(graph: KnowledgeGraph) -> None:
    diseases = {row["disease"] for row in graph.query("trials_by_disease", group="B-cell malignancy")}
    assert {"Diffuse Large B-Cell Lymphoma", "Multiple Myeloma", "Chronic Lymphocytic Leukemia"} <= diseases
    assert not {"Acute Lymphoblastic Leukemia", "Acute Myeloid Leukemia", "T-Cell Lymphoma, unspecified"} & diseases


def test_unknown_parameter_names_the_known_ones(graph: KnowledgeGraph) -> None:
    with pytest.raises(UsageError, match=r"trials_by_target has no parameter 'tarjet'; it has: target"):
        graph.query("trials_by_target", tarjet="BCMA")


def test_value_of_another_type_says_what_is_expected(mini_graph: KnowledgeGraph) -> None:
    text = "#+ parameters: {day: xsd:date, count: xsd:integer}\nSELECT * {\n# VALUES ?day { }\n# VALUES ?count { }\n}"
    assert [row["day"] for row in mini_graph.query(text, day="2024-07-01")] == ["2024-07-01"]
    with pytest.raises(UsageError, match="day: 'soon' is no xsd:date; expected a date such as 2024-07-01"):
        mini_graph.query(text, day="soon")
    with pytest.raises(UsageError, match=r"count: '1\.5' is no xsd:integer; expected a whole number such as 12"):
        mini_graph.query(text, count="1.5")


def test_unknown_value_offers_the_nearest(graph: KnowledgeGraph) -> None:
    with pytest.raises(NotInGraphError, match="no Molecule named 'BCMB' is in the graph; nearest: BCMA"):
        graph.query("trials_by_target", target="BCMB")


def test_unknown_query_offers_the_nearest() -> None:
    with pytest.raises(UsageError, match="no query 'trails'; nearest: trials"):
        find_query("trails")


def test_unknown_theme_lists_the_themes() -> None:
    with pytest.raises(UsageError, match="no theme 'trial'; nearest: trials; expected one of agents, claims, diseases"):
        next(iter_queries("trial"))


def test_file_that_is_missing_or_not_utf8_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"cannot read .*none\.rq: No such file"):
        find_query(str(tmp_path / "none.rq"))
    (tmp_path / "latin.rq").write_bytes(b"SELECT ?\xe9")
    with pytest.raises(UsageError, match=r"latin\.rq:1: byte 0xE9 is not UTF-8"):
        find_query(str(tmp_path / "latin.rq"))


def test_byte_order_mark_is_not_of_the_query_and_utf16_is_named(tmp_path: Path) -> None:
    path = tmp_path / "q.rq"
    path.write_text("\ufeff#+ summary: Which?\nSELECT (1 AS ?x) {}", encoding="utf-8")
    assert find_query(str(path)).header == {"summary": "Which?"}
    for encoding in ("utf-16", "utf-16-le", "utf-32"):
        path.write_text("SELECT (1 AS ?x) {}", encoding=encoding)
        with pytest.raises(UsageError, match=rf"q\.rq:1: the file is UTF-{encoding[4:6]}; save it as UTF-8"):
            find_query(str(path))


def test_query_that_is_no_regular_file_is_told_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.rq")
    (tmp_path / "folder.rq").mkdir()
    (tmp_path / "zero.rq").symlink_to("/dev/zero")
    (tmp_path / "loop.rq").symlink_to("loop.rq")
    with (tmp_path / "large.rq").open("wb") as file:
        file.truncate(2**30)
    told = {
        "pipe": "it is a named pipe",
        "folder": "it is a folder",
        "zero": "it is a device",
        "loop": "Too many levels of symbolic links",
        "large": "it holds more than 1 MiB",
    }
    for name, reason in told.items():
        with pytest.raises(UsageError) as error:
            find_query(str(tmp_path / f"{name}.rq"))
        assert str(error.value) == f"cannot read {tmp_path / name}.rq: {reason}; expected a SPARQL query"


def test_pipe_of_the_shell_is_read() -> None:
    here, there = os.pipe()
    os.write(there, b"SELECT (1 AS ?x) {}")
    os.close(there)
    assert find_query(f"/dev/fd/{here}").text == "SELECT (1 AS ?x) {}"
    os.close(here)


@pytest.mark.parametrize(
    "head", ["a: &a [1]\nb: *a", "a: " + "[" * 5000, "a: " + "9" * 5000, "a: 2026-02-30", "a: " + "x" * 70_000]
)
def test_head_that_would_blow_up_is_refused(head: str) -> None:
    text = "\n".join(f"#+ {line}" for line in head.splitlines())
    with pytest.raises(QueryError, match=r"^query: the #\+ lines are not YAML: line 1: "):
        _ = find_query(f"{text}\nSELECT (1 AS ?x) {{}}").header


HOSTILE = ['"', "'", "\\", "\n", "} UNION { ?s ?p ?o", '" ) } #', "<urn:x>", "?x", "\u202e", "{}", "\x00"]


@pytest.mark.parametrize("text", HOSTILE)
def test_value_cannot_change_a_querys_shape(text: str, graph: KnowledgeGraph) -> None:
    query = bind('SELECT ?x WHERE {\n  # VALUES ?x { }\n  BIND("own" AS ?y) }', "x", [Literal(text)])
    assert [row["x"] for row in graph.query(query)] == [text]


def test_evidence_names_the_places_of_what_a_row_shows(graph: KnowledgeGraph) -> None:
    (row,) = graph.query("trials_by_target", evidence=True, target="CD5")
    assert row["evidence"] == "The clinical landscape of CAR NK cells, Table 2, row 57 (stated)"
    rows = {row["trial"]: row["evidence"] for row in graph.query("combination_agents", evidence=True, it="cetuximab")}
    assert "Monoclonal antibodies, paragraph 2, sentence 5 (stated)" in rows["NCT06239220"]
    assert [row["evidence_by_label"] for row in graph.query("trial_counts", evidence=True)] == ["", ""]


def test_evidence_leaves_no_row_of_facts_about_products_without_a_place(graph: KnowledgeGraph) -> None:
    for name in ("modifications_by_product", "safety_switches", "trials", "combination_agents", "undisclosed_trials"):
        rows = list(graph.query(name, evidence=True))
        assert rows
        assert all(row["evidence"] for row in rows), name


def test_ask_and_construct_give_rows_too(graph: KnowledgeGraph) -> None:
    assert list(graph.query("ASK { ?x ?y ?z }")) == [{"answer": True}]
    text = "CONSTRUCT { ?x a <urn:C> } WHERE { ?x a <https://w3id.org/immunokg/ontology/Document> }"
    assert {row["object"] for row in graph.query(text)} == {"urn:C"}


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("#+ summary: [", "own.rq: the #+ lines are not YAML: "),
        ("#+ - a list", "own.rq: the #+ lines are no mapping; expected such as '#+ summary: ...'"),
        ("#+ parameters: [x]", "own.rq: the #+ lines are no mapping"),
    ],
)
def test_header_that_cannot_be_read_is_told(header: str, message: str) -> None:
    with pytest.raises(QueryError, match=re.escape(message)):
        _ = Query(Path("own.rq"), f"{header}\nASK {{}}").parameters
