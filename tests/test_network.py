"""The NetworkX graph and the files of other programs."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import networkx as nx
import pytest
import rdflib
from rdflib.compare import isomorphic

from kg.export import export

if TYPE_CHECKING:
    from kg import KnowledgeGraph

BASE = "https://w3id.org/immunokg/"


def test_nodes_have_label_and_type(graph: KnowledgeGraph) -> None:
    network = graph.to_networkx()
    assert all(data["label"] and data["type"] for _, data in network.nodes(data=True))
    assert network.nodes[BASE + "trial/NCT05182073"] == {
        "label": "NCT05182073",
        "type": "clinical trial",
        "enrollment": 31,
        "firstPosted": "2021-11-24",
    }
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
    between = {tuple(row.values()) for row in graph.query(text)}
    expected = {(s, o, p.rpartition("/")[2]) for s, p, o in between if s in network and o in network}
    edges = {(s, o, key) for s, o, key in network.edges(keys=True) if key != "broader"}
    assert edges == expected
    assert len(edges) > 1000


def test_two_graphs_are_equal(graph: KnowledgeGraph) -> None:
    first, second = graph.to_networkx(), graph.to_networkx()
    assert list(first.nodes(data=True)) == list(second.nodes(data=True))
    assert list(first.edges(keys=True, data=True)) == list(second.edges(keys=True, data=True))


def test_graphml_reads_back(graph: KnowledgeGraph) -> None:
    network = graph.to_networkx()
    back = nx.read_graphml(BytesIO(export(graph, "graphml")), force_multigraph=True)
    assert set(back.nodes) == set(network.nodes)
    assert back.number_of_edges() == network.number_of_edges()
    trial = back.nodes[BASE + "trial/NCT05182073"]
    assert (trial["label"], trial["enrollment"]) == ("NCT05182073", 31)


def test_ntriples_are_the_dataset(graph: KnowledgeGraph) -> None:
    assert export(graph, "ntriples") == graph.path.read_bytes()


@pytest.mark.parametrize(("kind", "rdflib_format"), [("turtle", "turtle"), ("jsonld", "json-ld")])
def test_rdf_formats_hold_every_triple(kind: str, rdflib_format: str, mini_graph: KnowledgeGraph) -> None:
    back = rdflib.Graph().parse(data=export(mini_graph, kind), format=rdflib_format)
    assert isomorphic(back, mini_graph.to_rdflib())
    assert export(mini_graph, kind) == export(mini_graph, kind)
