"""All about one thing, and things side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kg.errors import NotInGraphError

if TYPE_CHECKING:
    from kg import KnowledgeGraph


def test_description_holds_both_directions_with_evidence(graph: KnowledgeGraph) -> None:
    rows = list(graph.describe("FT522"))
    said = {(row["property"], row["value"], row["assertion"]) for row in rows}
    assert ("carries modification", "CD38 KO", "derived") in said
    assert ("is investigated in", "NCT05950334", "stated") in said
    assert ("type", "product", None) in said
    assert all(row["document"] and row["locator"] for row in rows if row["assertion"])


def test_description_shows_a_rejected_reading_as_rejected(graph: KnowledgeGraph) -> None:
    standings = {row["standing"] for row in graph.describe("FT596") if row["value"] == "NCT05934097"}
    assert standings == {"rejected"}


@pytest.mark.parametrize("name", ["FT522", "ft522", "https://w3id.org/immunokg/product/ft522", "product/ft522"])
def test_thing_is_found_by_any_of_its_names(name: str, graph: KnowledgeGraph) -> None:
    assert next(iter(graph.describe(name)))["value"] == "https://w3id.org/immunokg/product/ft522"


def test_unknown_and_ambiguous_names_are_told(graph: KnowledgeGraph) -> None:
    with pytest.raises(NotInGraphError, match="nothing named 'FT5222' is in the graph; nearest: FT522"):
        graph.describe("FT5222")
    with pytest.raises(NotInGraphError, match=r"'IL-2' names 2 things: molecule/il-2, product/il-2; give one of these"):
        graph.describe("IL-2")


def test_comparison_is_four_valued(graph: KnowledgeGraph) -> None:
    rows = {(row["property"], row["value"]): row for row in graph.compare("FT522", "FT576")}
    assert rows["carries modification", "CD38 KO"]["FT522"] == "yes"
    assert rows["derived from", "iPSC"]["FT522"] == "yes"
    assert rows["has target", "BCMA"] == {
        "property": "has target",
        "value": "BCMA",
        "FT522": "not reported",
        "FT576": "yes",
    }


def test_comparison_says_no_where_another_value_rules_it_out(graph: KnowledgeGraph) -> None:
    rows = {(row["property"], row["value"]): row for row in graph.compare("FT576", "NKX019", "rituximab")}
    assert rows["derived from", "iPSC"] == {
        "property": "derived from",
        "value": "iPSC",
        "FT576": "yes",
        "NKX019": "no",
        "rituximab": "not reported",
    }


def test_comparison_says_no_only_where_a_source_does(mini_graph: KnowledgeGraph) -> None:
    denied = [row for row in mini_graph.query("facts") if row["predicate"] == "lacks modification"]
    assert denied
    other = next(row["product"] for row in mini_graph.query("products") if row["product"] != denied[0]["subject"])
    compared = mini_graph.compare(denied[0]["subject"], other)
    rows = {row["value"]: row for row in compared if "carries" in row["property"]}
    assert rows[denied[0]["object"]][denied[0]["subject"]] == "no"


def test_comparison_says_conflicting_where_nothing_is_resolved(graph: KnowledgeGraph) -> None:
    compared = graph.compare("nct05678205-product", "NKX019")
    rows = {(row["property"], row["value"]): row for row in compared}
    assert rows["derived from", "Cord Blood"]["nct05678205-product"] == "conflicting"
    assert rows["derived from", "Cord Blood"]["NKX019"] == "no"
