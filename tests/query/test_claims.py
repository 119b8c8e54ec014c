"""What documents say of their own data beside what the graph gives."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pyoxigraph import RdfFormat, Store

from kg.cli.main import main
from kg.model.iris import BASE
from kg.paths import data_folder
from kg.query.catalogue import Query
from kg.query.claims import check_claims

if TYPE_CHECKING:
    from collections.abc import Callable

    from kg import KnowledgeGraph

    Claims = Callable[..., list[dict[str, Any]]]

FOLDER = data_folder("queries") / "claims"
SHIPPED = [Query(path, path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.rq"))]
each_claim = pytest.mark.parametrize("query", SHIPPED, ids=lambda query: query.path.stem)

WORLD = """
PREFIX kg: <https://w3id.org/immunokg/ontology/>
<https://w3id.org/immunokg/evidence/mini/prose> kg:section "Prose" ; kg:locator "paragraph 1" ; kg:startsAt 70 .
<https://w3id.org/immunokg/evidence/mini/title> kg:section "Title" ; kg:locator "line 1" ; kg:startsAt 9 .
<urn:a> kg:enrollment 20 . <urn:b> kg:enrollment 30 .
"""
SUM = "SELECT (SUM(?n) AS ?computed) WHERE { ?it <https://w3id.org/immunokg/ontology/enrollment> ?n }"
MEAN = SUM.replace("SUM", "AVG")


@pytest.fixture
def claims(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Claims:
    """Return a function that adds a claim, with the header lines given, and compares all with a world of two trials."""
    store = Store()
    store.load(WORLD.encode(), format=RdfFormat.TURTLE)
    folder = tmp_path / "queries" / "claims"
    folder.mkdir(parents=True)
    monkeypatch.setattr("kg.paths._PACKAGED", tmp_path)

    def checked(text: str = SUM, name: str = "enrolled", **lines: object) -> list[dict[str, Any]]:
        header = {"summary": "How many take part?", "description": "All.", "stated": "50", "evidence": "mini/prose"}
        head = "".join(f"#+ {key}: {value}\n" for key, value in (header | lines).items())
        (folder / f"{name}.rq").write_text(head + text, encoding="utf-8")
        return list(check_claims(store))

    return checked


def test_claim_stands_beside_what_the_graph_gives(claims: Claims) -> None:
    assert claims(exact=50, stated="fifty people", description="The sum\n#+   over all trials.") == [
        {
            "claim": "How many take part?",
            "stated": "fifty people",
            "computed": "50",
            "outcome": "agrees",
            "rule": "The sum over all trials.",
            "section": "Prose",
            "locator": "paragraph 1",
        }
    ]


OUTCOMES: dict[str, tuple[dict[str, float], str]] = {
    "exact": ({"exact": 50}, "agrees"),
    "exact, with decimals": ({"exact": 50.0}, "agrees"),
    "exact, one less": ({"exact": 49}, "differs"),
    "exact, a little more": ({"exact": 50.01}, "differs"),
    "within": ({"at_least": 49, "at_most": 51}, "agrees"),
    "at the lower end": ({"at_least": 50, "at_most": 51}, "agrees"),
    "at the upper end": ({"at_least": 49, "at_most": 50}, "agrees"),
    "below": ({"at_least": 50.5, "at_most": 51}, "differs"),
    "above": ({"at_least": 49, "at_most": 49.5}, "differs"),
    "exact zero": ({"exact": 0}, "differs"),
    "at least": ({"at_least": 49.5}, "agrees"),
    "at least, just": ({"at_least": 50}, "agrees"),
    "at least, not": ({"at_least": 51}, "differs"),
    "at most": ({"at_most": 50.5}, "agrees"),
    "at most, just": ({"at_most": 50}, "agrees"),
    "at most, not": ({"at_most": 49}, "differs"),
    "from zero": ({"at_least": 0, "at_most": 50}, "agrees"),
    "fewer examples than counted": ({"at_least": 51, "examples": True}, "cannot be computed"),
    "fewer examples than the figure": ({"exact": 51, "examples": True}, "cannot be computed"),
    "enough examples": ({"at_least": 50, "examples": True}, "agrees"),
    "more examples than the figure": ({"exact": 49, "examples": True}, "differs"),
}


@pytest.mark.parametrize(("figure", "outcome"), OUTCOMES.values(), ids=OUTCOMES)
def test_outcome_is_that_of_the_figure(figure: dict[str, float], outcome: str, claims: Claims) -> None:
    (row,) = claims(**figure)
    assert (row["computed"], row["outcome"]) == ("50", outcome)


@pytest.mark.parametrize(("text", "exact", "outcome"), [(MEAN, "25.0", "agrees"), (MEAN, "25.1", "differs")])
def test_decimal_is_compared_as_a_number(text: str, exact: str, outcome: str, claims: Claims) -> None:
    (row,) = claims(text, exact=exact)
    assert row["outcome"] == outcome


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?computed WHERE { ?it <urn:none> ?computed }",
        "SELECT (MAX(?n) AS ?computed) WHERE { ?it <urn:none> ?n }",
        "SELECT ?computed WHERE { BIND(1 AS ?other) }",
    ],
    ids=["no row", "nothing to count", "unbound"],
)
def test_figure_without_data_cannot_be_computed(text: str, claims: Claims) -> None:
    (row,) = claims(text, exact=0)
    assert (row["computed"], row["outcome"]) == ("", "cannot be computed")


def test_figure_of_zero_is_computed(claims: Claims) -> None:
    (row,) = claims("SELECT (COUNT(*) AS ?computed) WHERE { ?it <urn:none> ?n }", exact=0)
    assert (row["computed"], row["outcome"]) == ("0", "agrees")


def test_place_that_is_not_in_the_graph_is_left_empty(claims: Claims) -> None:
    (row,) = claims(exact=50, evidence="mini/nowhere")
    assert (row["outcome"], row["section"], row["locator"]) == ("agrees", None, None)


def test_claims_stand_in_the_order_of_the_document(claims: Claims) -> None:
    assert claims(exact=50, name="a")
    rows = claims(exact=50, name="b", evidence="mini/title")
    assert [row["section"] for row in rows] == ["Title", "Prose"]


def test_graph_compares_its_own_claims(claims: Claims, mini_graph: KnowledgeGraph) -> None:
    assert claims(exact=50)
    (row,) = mini_graph.claims()
    assert (row["computed"], row["outcome"]) == ("79", "differs")
    assert mini_graph.claims().as_of == "2029-12-31"


def test_command_prints_the_claims(
    claims: Claims, mini_dataset: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert claims(exact=50)
    assert main(["claims", "--data", str(mini_dataset), "--format", "csv"]) == 0
    assert capsysbinary.readouterr().out.decode().splitlines() == [
        "claim,stated,computed,outcome,rule,section,locator",
        "How many take part?,50,79,differs,All.,,",
    ]


# The claims that are shipped


def test_claims_are_shipped() -> None:
    assert SHIPPED


@each_claim
def test_header_says_what_is_stated_and_where(query: Query) -> None:
    header = query.header
    assert {"summary", "description", "stated", "evidence"} <= set(header)
    assert all(str(header[key]).strip() for key in ("summary", "description", "stated"))
    assert re.fullmatch(r"[a-z0-9-]+/[a-z0-9-]+", header["evidence"])
    assert set(header) <= {
        "summary",
        "description",
        "tags",
        "stated",
        "evidence",
        "exact",
        "at_least",
        "at_most",
        "examples",
    }


@each_claim
def test_figure_is_exact_or_has_a_lower_or_an_upper_end(query: Query) -> None:
    figures = {key: Decimal(str(query.header[key])) for key in ("exact", "at_least", "at_most") if key in query.header}
    assert all(figure.is_finite() for figure in figures.values())
    assert ("exact" in figures) != bool({"at_least", "at_most"} & set(figures))
    if len(figures) == 2:
        assert figures["at_least"] <= figures["at_most"]


@each_claim
def test_claim_gives_at_most_one_figure(query: Query, graph: KnowledgeGraph) -> None:
    result = graph.query(query.text)
    assert result.columns == ("computed",)
    assert len(result) <= 1
    assert all(row["computed"] is None or Decimal(str(row["computed"])).is_finite() for row in result)


def test_claims_are_stated_at_places_of_the_graph(graph: KnowledgeGraph) -> None:
    text = "SELECT ?place WHERE { ?place <https://w3id.org/immunokg/ontology/locator> ?locator }"
    known = {row["place"].removeprefix(f"{BASE}evidence/") for row in graph.query(text)}
    assert {query.header["evidence"] for query in SHIPPED} - known == set()
