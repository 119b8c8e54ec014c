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


# Findings, administrations and events; the outline of a document


def said(graph: KnowledgeGraph, name: str) -> set[tuple[str, str, str]]:
    """Return property, value and standing of what is said of a thing."""
    return {(row["property"], row["value"], row["standing"]) for row in graph.describe(name)}


RESPONSE = "50.0 % (26.0 to 74.5) (9 of 18); by two readers; by week 12"
DIZZY = "LIGHT-1: all patients: Dizzy spell: 0 of 6; grade >=3; treatment-related"
GLIMMEROL = "LIGHT-1: all patients: glimmerol: combination; 1.50 mg/kg; 1 dose; oral; before breakfast"
APPROVAL = "Approval by Quill Agency; granted; Lumocel, Umbracel; for Blue fever; adults; granted 2029-03"
DESCRIBED = {
    "finding of an arm": ("Lumocel, treated", "response rate", RESPONSE, "accepted"),
    "finding of an arm, of its trial": (
        "NCT90000001",
        "response rate",
        f"Lumocel, treated: {RESPONSE}",
        "accepted",
    ),
    "finding of an arm, of the product of its trial": (
        "Lumocel",
        "response rate",
        f"Lumocel, treated: {RESPONSE}",
        "accepted",
    ),
    "finding of an arm, of the product of a link": ("Umbracel", "adverse event", DIZZY, "accepted"),
    "finding, of what it was measured of": ("Dizzy spell", "adverse event", DIZZY, "accepted"),
    "finding, of its measure": ("RR", "response rate", f"Lumocel, treated: {RESPONSE}", "accepted"),
    "finding of a product": ("Umbracel", "glow", "Lantern cell: increased; in blood", "unresolved"),
    "other reading": ("Umbracel", "glow", "Lantern cell: unchanged; in blood", "unresolved"),
    "rejected finding": ("Lumocel, enrolled", "response rate", "54 %", "rejected"),
    "rejected finding, of its trial": ("NCT90000001", "response rate", "Lumocel, enrolled: 54 %", "rejected"),
    "administration of an arm": (
        "LIGHT-1: all patients",
        "has administration",
        GLIMMEROL.removeprefix("LIGHT-1: all patients: "),
        "accepted",
    ),
    "administration of an arm, of its trial": ("LIGHT-1", "has administration", GLIMMEROL, "accepted"),
    "administration, of what is given": ("glimmerol", "has administration", GLIMMEROL, "accepted"),
    "administration, of a kind of product": (
        "lantern cell product",
        "has administration",
        "small molecule: lymphodepletion",
        "accepted",
    ),
    "event": ("Lumocel", "has regulatory event", APPROVAL, "accepted"),
    "event, of its authority": ("Quill Agency", "has regulatory event", APPROVAL, "accepted"),
    "event, of its indication": ("Blue fever", "has regulatory event", APPROVAL, "accepted"),
    "arms of a trial": ("LIGHT-1", "has arm", "LIGHT-1: all patients", "accepted"),
    "arms of an arm": ("Lumocel, enrolled", "has subgroup", "Lumocel, treated", "accepted"),
    "link": ("LIGHT-1", "investigates", "Umbracel", "accepted"),
}


@pytest.mark.parametrize(("name", "label", "value", "standing"), DESCRIBED.values(), ids=DESCRIBED)
def test_what_is_said_is_told_of_each_that_it_concerns(
    name: str, label: str, value: str, standing: str, mini_graph: KnowledgeGraph
) -> None:
    assert (label, value, standing) in said(mini_graph, name)


@pytest.mark.parametrize("name", ["jRCT9000000005", "ChiCTR9000000004", "glimmerol", "Betin", "Gammin"])
def test_finding_is_not_told_of_others(name: str, mini_graph: KnowledgeGraph) -> None:
    assert not {label for label, *_ in said(mini_graph, name)} & {"response rate", "adverse event", "glow"}


def test_finding_of_another_arm_is_not_told_of_an_arm(mini_graph: KnowledgeGraph) -> None:
    values = {value for label, value, _ in said(mini_graph, "Lumocel, treated") if label == "response rate"}
    assert values == {RESPONSE}


def test_each_place_of_a_finding_is_a_row(mini_graph: KnowledgeGraph) -> None:
    rows = [row for row in mini_graph.describe("Lumocel, treated") if row["property"] == "response rate"]
    assert [(row["document"], row["section"], row["locator"], row["assertion"]) for row in rows] == [
        ("A ten-row world", "Results", "paragraph 1", "stated"),
        ("A ten-row world", "Table 2", "row 1", "stated"),
    ]


def test_relations_stand_before_findings(mini_graph: KnowledgeGraph) -> None:
    names = list(dict.fromkeys(row["property"] for row in mini_graph.describe("Umbracel") if row["assertion"]))
    assert names[-4:] == ["adverse event", "glow", "has administration", "has regulatory event"]
    assert names[-5] == "is investigated in"


def test_document_has_an_outline_of_its_sections(mini_graph: KnowledgeGraph) -> None:
    rows = [row for row in mini_graph.describe("A ten-row world") if row["property"] == "section"]
    assert {row["value"] for row in rows} == {
        "Combinations: statements 3, findings and the like 0",
        "Developers: statements 1, findings and the like 0",
        "Enrollment: statements 2, findings and the like 0",
        "Products: statements 18, findings and the like 0",
        "Results: statements 11, findings and the like 8",
        "Rulings: statements 0, findings and the like 2",
        "Table 1: statements 65, findings and the like 1",
        "Table 2: statements 7, findings and the like 3",
    }
    assert {row["document"] for row in rows} == {None}


def test_outline_has_the_order_of_the_document(mini_graph: KnowledgeGraph) -> None:
    """Where each place of a section is known."""
    values = [row["value"].partition(":")[0] for row in mini_graph.describe("mini") if row["property"] == "section"]
    assert values.index("Results") < values.index("Developers")


def test_other_things_have_no_outline(mini_graph: KnowledgeGraph) -> None:
    assert "section" not in {label for label, *_ in said(mini_graph, "Lumocel")}


def test_class_before_a_name_tells_things_apart(mini_graph: KnowledgeGraph) -> None:
    rows = {row["property"]: row["value"] for row in mini_graph.describe("Product: Umbracel")}
    assert rows["type"] == "product"
    with pytest.raises(NotInGraphError, match="nothing named 'Disease: Umbracel'"):
        mini_graph.describe("Disease: Umbracel")
