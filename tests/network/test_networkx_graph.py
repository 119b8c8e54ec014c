"""The NetworkX graph and the files of other programs."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import networkx as nx
import pytest
import rdflib

from kg import KnowledgeGraph
from kg.build.builder import build
from kg.export.kinds import export

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from rdflib.term import Node

    Change = Callable[..., Path]

BASE = "https://w3id.org/immunokg/"


def test_nodes_have_label_and_type(graph: KnowledgeGraph) -> None:
    network = graph.to_networkx()
    assert all(data["label"] and data["type"] for _, data in network.nodes(data=True))
    expected = {"label": "NCT05182073", "type": "clinical trial", "enrollment": 31, "firstPosted": "2021-11-24"}
    assert expected.items() <= network.nodes[BASE + "trial/NCT05182073"].items()
    assert not any("statement/" in node or "evidence/" in node for node in network)


def test_edges_carry_their_evidence(graph: KnowledgeGraph) -> None:
    edge = graph.to_networkx().edges[BASE + "product/ft576", BASE + "modification/cd38-ko", "carriesModification"]
    assert edge["assertion"] == "stated"
    assert edge["standing"] == "accepted"
    said = {place.rpartition(" (")[2] for place in edge["evidence"] if "Results against BCMA" in place}
    assert said == {"stated)", "derived)"}


def test_rejected_readings_are_no_edges(graph: KnowledgeGraph) -> None:
    network = graph.to_networkx()
    assert not network.has_edge(BASE + "trial/NCT05934097", BASE + "product/ft596")
    assert network.has_edge(BASE + "trial/NCT04245722", BASE + "product/ft596", "investigates")


def test_every_relation_between_things_is_an_edge(graph: KnowledgeGraph) -> None:
    """Counted by another way: the plain triples between two nodes, property by property."""
    network = graph.to_networkx()
    text = "SELECT ?s ?p ?o WHERE { ?p a <http://www.w3.org/2002/07/owl#ObjectProperty> . ?s ?p ?o }"
    between = {tuple(row.values()) for row in graph.query(text) if row["p"].startswith(BASE)}
    expected = {(s, o, p.rpartition("/")[2]) for s, p, o in between if s in network and o in network}
    properties = {iri.rpartition("/")[2] for iri in graph.schema.properties}
    edges = {(s, o, key) for s, o, key in network.edges(keys=True) if key in properties}
    assert edges == expected
    assert edges


def test_two_graphs_are_equal(graph: KnowledgeGraph) -> None:
    first, second = graph.to_networkx(), graph.to_networkx()
    assert list(first.nodes(data=True)) == list(second.nodes(data=True))
    assert list(first.edges(keys=True, data=True)) == list(second.edges(keys=True, data=True))


def test_ntriples_are_the_dataset(graph: KnowledgeGraph) -> None:
    assert export(graph, "ntriples") == graph.path.read_bytes()


def by_value(graph: rdflib.Graph) -> set[tuple[Node, Node, Node]]:
    """Return the triples of a graph without blank nodes; Turtle of rdflib writes the decimal 50 as 50.0."""
    decimal = rdflib.XSD.decimal

    def value(node: Node) -> Node:
        is_decimal = isinstance(node, rdflib.Literal) and node.datatype == decimal
        return rdflib.Literal(Decimal(str(node)).normalize(), datatype=decimal) if is_decimal else node

    return {(subject, predicate, value(end)) for subject, predicate, end in graph}


@pytest.mark.parametrize(("kind", "rdflib_format"), [("turtle", "turtle"), ("jsonld", "json-ld")])
def test_rdf_formats_hold_every_triple(kind: str, rdflib_format: str, mini_graph: KnowledgeGraph) -> None:
    back = rdflib.Graph().parse(data=export(mini_graph, kind), format=rdflib_format)
    assert by_value(back) == by_value(mini_graph.to_rdflib())
    assert export(mini_graph, kind) == export(mini_graph, kind)


RECORDS = {
    ("arm/light-1-all", "adverse-event/dizzy-spell", "finding/mini/light-1-dizziness"),
    ("arm/light-1-all", "adverse-event/grey-rash", "finding/mini/light-1-rash"),
    ("arm/light-1-all", "product/glimmerol", "administration/mini/light-1-glimmerol"),
    ("product-kind/lantern-cell-product", "product-kind/small-molecule", "administration/mini/lantern-usual"),
    ("product/umbracel", "cell-type/lantern-cell", "finding/mini/umbracel-glow-increased"),
    ("product/umbracel", "cell-type/lantern-cell", "finding/mini/umbracel-glow-unchanged"),
    ("trial/NCT90000001", "product/lumocel", "administration/mini/lumocel-doses"),
}


def network_of(folder: Path, ontology: Path, tmp_path: Path) -> nx.MultiDiGraph[str]:
    path = tmp_path / "changed.nt"
    path.write_bytes(build(ontology, [folder]))
    return KnowledgeGraph(path).to_networkx()


def test_findings_of_things_and_administrations_are_edges(mini_graph: KnowledgeGraph) -> None:
    """A finding that is a number alone has one end, and a rejected one is none."""
    properties = {iri.rpartition("/")[2] for iri in mini_graph.schema.properties}
    edges = mini_graph.to_networkx().edges(keys=True)
    others = {(s.removeprefix(BASE), o.removeprefix(BASE), key) for s, o, key in edges if key not in properties}
    assert {edge for edge in others if edge[2] != "broader"} == RECORDS


def test_rejected_finding_of_a_thing_is_no_edge(change: Change, ontology: Path, tmp_path: Path) -> None:
    old = "umbracel-glow-unchanged,results-table,stated,unresolved"
    network = network_of(change("findings", old, old.replace("unresolved", "rejected")), ontology, tmp_path)
    found = {key for *_, key in network.edges(keys=True) if "umbracel-glow" in key}
    assert found == {"finding/mini/umbracel-glow-increased"}


def test_measure_is_a_node_where_an_edge_ends_in_it(change: Change, ontology: Path, tmp_path: Path) -> None:
    """Else it only names edges."""
    folder = change("facts", add="glow,predicts,response rate,results,stated,accepted,,\n")
    nodes = network_of(folder, ontology, tmp_path).nodes(data=True)
    assert {node.removeprefix(BASE) for node, data in nodes if data["type"] == "measure"} == {
        "measure/glow",
        "measure/response-rate",
    }


def test_edge_of_a_finding_says_it_in_words_with_its_evidence(mini_graph: KnowledgeGraph) -> None:
    network = mini_graph.to_networkx()
    ends = BASE + "product/umbracel", BASE + "cell-type/lantern-cell"
    assert network.edges[*ends, "finding/mini/umbracel-glow-increased"] == {
        "label": "glow, Lantern cell: increased; in blood",
        "assertion": "likely",
        "standing": "unresolved",
        "evidence": ("A ten-row world: Results, paragraph 1 (likely)",),
    }
    doses = network.edges[BASE + "trial/NCT90000001", BASE + "product/lumocel", "administration/mini/lumocel-doses"]
    assert doses["label"].startswith("Lumocel: investigational; 1,000,000 to")
    assert len(doses["evidence"]) == 2


def test_nodes_are_things_and_no_findings(mini_graph: KnowledgeGraph) -> None:
    network = mini_graph.to_networkx()
    kinds = {data["type"] for _, data in network.nodes(data=True)}
    assert {"arm", "adverse event", "clinical trial"} <= kinds
    assert not kinds & {"finding", "observation", "administration", "regulatory event", "statement", "sourced thing"}
    assert network.nodes[BASE + "arm/light-1-all"] == {"label": "LIGHT-1: all patients", "type": "arm"}


def test_arm_is_joined_with_its_trial_and_diseases(mini_graph: KnowledgeGraph) -> None:
    network = mini_graph.to_networkx()
    arm = BASE + "arm/lumocel-treated"
    ends = {(end.removeprefix(BASE), key) for _, end, key in network.out_edges(arm, keys=True)}
    assert ends == {
        ("arm/lumocel-all", "partOfArm"),
        ("disease/blue-fever", "hasPatientsWith"),
        ("disease/pale-fever", "hasPatientsWith"),
        ("trial/NCT90000001", "ofTrial"),
    }
    assert network.edges[arm, BASE + "trial/NCT90000001", "ofTrial"]["assertion"] == "derived"
