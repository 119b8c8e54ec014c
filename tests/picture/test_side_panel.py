"""Panels: what is told of a thing beside the relations that are drawn, counted by hand in the ten-row world."""

from __future__ import annotations

from typing import TYPE_CHECKING

import networkx as nx
import pytest

from kg import KnowledgeGraph
from kg.build.builder import build
from kg.engines.asking import select
from kg.evidence.citations import all_places, in_words
from kg.network.subgraphs import only
from kg.picture.side_panel import Conflict, Fact, Identifier, panels

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from kg.picture.side_panel import Panel

    Change = Callable[..., Path]

BASE = "https://w3id.org/immunokg/"
WORLD = "A ten-row world: "
_SAID = """
PREFIX kg: <https://w3id.org/immunokg/ontology/>
SELECT ?it ?assertion ?evidence
WHERE {
  ?said kg:subject|kg:about|kg:givenTo|kg:concernsProduct ?it ;
        kg:assertion ?assertion ; kg:standing ?standing ; kg:hasEvidence ?evidence .
  FILTER (?standing != "rejected")
}
"""


@pytest.fixture(scope="module")
def whole(mini_graph: KnowledgeGraph) -> dict[str, Panel]:
    return panels(mini_graph.store, mini_graph.to_networkx())


def few(graph: KnowledgeGraph, *names: str) -> dict[str, Panel]:
    part = graph.to_networkx().subgraph(BASE + name for name in names)
    return {node.removeprefix(BASE): panel for node, panel in panels(graph.store, part).items()}


def test_literals_are_facts_with_their_evidence(whole: dict[str, Panel]) -> None:
    assert whole[BASE + "trial/NCT90000001"].facts == (
        Fact("enrollment", "20", "stated", "accepted", (WORLD + "Table 1, row 1 (stated)",)),
        Fact("first posted", "2028-01-15", "stated", "accepted", (WORLD + "Table 1, row 1 (stated)",)),
        Fact("target logic", "all of", "inferred", "accepted", (WORLD + "Table 1, row 1 (inferred)",)),
    )


def test_open_fact_is_unresolved_and_its_conflict_names_both_readings(whole: dict[str, Panel]) -> None:
    panel = whole[BASE + "trial/NCT90000003"]
    prose, table = (WORLD + place for place in ("Enrollment, paragraph 1", "Table 1, row 3"))
    enrollment = [fact for fact in panel.facts if fact.name == "enrollment"]
    assert enrollment == [
        Fact("enrollment", "8", "stated", "unresolved", (prose + " (stated)", table + " (stated)")),
        Fact("enrollment", "9", "stated", "unresolved", (prose + " (stated)",)),
    ]
    eight, nine = (f"NCT90000003, enrollment: {count} (unresolved)" for count in (8, 9))
    assert panel.conflicts == (
        Conflict(
            "How many take part in NCT90000003?",
            ((eight, prose), (eight, table), (nine, prose)),
            "unresolved. Table 1 prints 8, the prose counts 9.",
        ),
    )


def test_fact_is_as_firm_as_its_firmest_place(mini_graph: KnowledgeGraph) -> None:
    facts = few(mini_graph, "product/lumocel")["product/lumocel"].facts
    (carried,) = (fact for fact in facts if fact.name == "carries modification")
    assert carried[1:4] == ("Betin knock-out", "stated", "accepted")
    assert {place.rpartition(" ")[2] for place in carried.evidence} == {"(stated)", "(derived)"}


def test_fact_is_open_if_one_place_leaves_it_open(change: Change, ontology: Path, tmp_path: Path) -> None:
    folder = change("facts", add="NCT90000003,enrollment,9,results,derived,accepted,,\n")
    path = tmp_path / "changed.nt"
    path.write_bytes(build(ontology, [folder]))
    facts = few(KnowledgeGraph(path), "trial/NCT90000003")["trial/NCT90000003"].facts
    (nine,) = (fact for fact in facts if fact[:2] == ("enrollment", "9"))
    assert (nine.standing, len(nine.evidence)) == ("unresolved", 2)


def test_names_come_first_and_have_no_evidence(whole: dict[str, Panel]) -> None:
    first, second, *_ = whole[BASE + "product/lumocel"].facts
    assert (first, second) == (Fact("synonym", "Lumo cells", "", "", ()), Fact("synonym", "ORC-1", "", "", ()))


def test_what_is_drawn_is_no_fact(mini_graph: KnowledgeGraph) -> None:
    alone = few(mini_graph, "product/umbracel")["product/umbracel"].facts
    beside = few(mini_graph, "product/umbracel", "molecule/gammin", "cell-type/lantern-cell")["product/umbracel"].facts
    assert {fact.name for fact in alone} - {fact.name for fact in beside} == {"has target", "glow"}
    assert ("lacks modification", "Betin knock-out") in {fact[:2] for fact in alone}


def test_what_a_view_leaves_out_between_things_that_it_shows_is_told(mini_graph: KnowledgeGraph) -> None:
    product, target = (BASE + name for name in ("product/umbracel", "molecule/gammin"))
    part = only(mini_graph.to_networkx(), [], [product, target])
    (fact,) = (fact for fact in panels(mini_graph.store, part)[product].facts if fact.name == "has target")
    assert fact.value == "Gammin"
    assert fact.evidence == mini_graph.to_networkx().edges[product, target, "hasTarget"]["evidence"]


def test_what_is_broader_is_told_where_it_is_not_drawn(graph: KnowledgeGraph) -> None:
    (narrower,) = (entry.iri.removeprefix(BASE) for entry in graph.lexicon.find("MICA/B"))
    assert Fact("broader", "NKG2DL", "", "", ()) in few(graph, narrower)[narrower].facts
    beside = few(graph, narrower, "molecule/nkg2dl")[narrower].facts
    assert "broader" not in {fact.name for fact in beside}


def test_findings_of_a_document_are_told_of_what_was_measured(graph: KnowledgeGraph) -> None:
    """Documents have no place in the picture."""
    facts = few(graph, "molecule/cd19")["molecule/cd19"].facts
    (found,) = (fact for fact in facts if fact.name == "number of trials")
    assert found.value == "The clinical landscape of CAR NK cells: CD19: at least 40 trials; CD19 as primary target"


def test_all_that_is_said_is_an_edge_or_a_fact(graph: KnowledgeGraph) -> None:
    """Every place of every statement that is not rejected, of things that have a place in the picture."""
    network = graph.to_networkx()
    told = {
        (it, place) for it, panel in panels(graph.store, network).items() for f in panel.facts for place in f.evidence
    }
    told |= {(it, place) for it, _, data in network.edges(data=True) for place in data["evidence"]}
    places = all_places(graph.store)
    said = {
        (it.value, in_words(places[place.value], assertion.value))
        for it, assertion, place in select(graph.store, _SAID)
        if it.value in network
    }
    assert len(said) > 2500
    assert told >= said


def test_patients_that_are_not_shown_are_told_of_their_trial_or_its_product(mini_graph: KnowledgeGraph) -> None:
    def told(*names: str) -> dict[str, set[str]]:
        found = few(mini_graph, *names)
        return {n: {f.value for f in panel.facts if f.name == "response rate"} for n, panel in found.items()}

    of_all, of_treated = "45 % (9 of 20)", "50.0 % (26.0 to 74.5) (9 of 18); by two readers; by week 12"
    both = {"Lumocel, enrolled: " + of_all, "Lumocel, treated: " + of_treated}
    assert told("product/lumocel") == {"product/lumocel": both}
    assert told("product/lumocel", "trial/NCT90000001") == {"product/lumocel": set(), "trial/NCT90000001": both}
    assert told("trial/NCT90000001", "arm/lumocel-all", "arm/lumocel-treated") == {
        "trial/NCT90000001": set(),
        "arm/lumocel-all": {of_all},
        "arm/lumocel-treated": {of_treated},
    }


def test_rejected_reading_is_in_its_conflict_alone(mini_graph: KnowledgeGraph) -> None:
    panel = few(mini_graph, "product/lumocel")["product/lumocel"]
    assert [fact.value for fact in panel.facts if fact.name == "developed or made by"] == ["Orchid Therapeutics"]
    readings = {reading for conflict in panel.conflicts for reading, _ in conflict.values}
    assert readings == {
        "Lumocel, developed or made by: Fern Biologics (rejected)",
        "Lumocel, developed or made by: Orchid Therapeutics (accepted)",
        "Lumocel, enrolled: 45 % (9 of 20) (accepted)",
        "Lumocel, enrolled: 54 % (rejected)",
    }


def test_identifiers_lead_to_registries_and_vocabularies(graph: KnowledgeGraph) -> None:
    names = ("product/ft576", "molecule/cd38", "adverse-event/bone-marrow-suppression")
    found = few(graph, "trial/NCT05182073", "trial/ChiCTR2100043081", *names)
    assert found["trial/NCT05182073"].identifiers == (
        Identifier("NCT05182073", "ClinicalTrials.gov", "exact", "https://clinicaltrials.gov/study/NCT05182073"),
    )
    assert found["trial/ChiCTR2100043081"].identifiers[0].address.startswith("https://trialsearch.who.int/")
    assert found["product/ft576"].identifiers[0][::3] == (
        "NCIT:C186430",
        "http://purl.obolibrary.org/obo/NCIT_C186430",
    )
    assert [identifier.match for identifier in found["molecule/cd38"].identifiers] == ["exact", "exact", "close"]
    codes = [identifier.code for identifier in found["adverse-event/bone-marrow-suppression"].identifiers]
    assert codes == ["NCIT:C74440", "HP:0005528"], "the exact match comes first"


def test_every_address_is_one_of_the_web(graph: KnowledgeGraph) -> None:
    found = panels(graph.store, graph.to_networkx())
    addresses = [identifier.address for panel in found.values() for identifier in panel.identifiers]
    assert len(addresses) > 1000
    assert all(address.startswith(("https://", "http://")) for address in addresses)


def test_same_dataset_gives_the_same_panels(whole: dict[str, Panel], mini_graph: KnowledgeGraph) -> None:
    network = mini_graph.to_networkx()
    turned: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    turned.add_nodes_from(reversed(list(network)))
    turned.add_edges_from(reversed(list(network.edges(keys=True))))
    again = panels(mini_graph.store, turned)
    assert list(again.items()) == list(whole.items())
