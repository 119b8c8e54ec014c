"""The dataset as a NetworkX graph: things are nodes, their relations are edges.

Statements, evidence, conflicts and documents are not nodes. Instead, an edge carries how
firmly it is stated and where, so that measures and pictures can use it. A finding is an
edge from what it is about to what was measured, if that is a thing. An administration is
an edge from the patients to the product.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.engines.asking import select
from kg.evidence.citations import all_places, in_words
from kg.model.assertions import ASSERTIONS
from kg.model.iris import BASE, KG

if TYPE_CHECKING:
    import networkx as nx
    from pyoxigraph import Store

__all__ = ["edge_key", "to_networkx"]

_NODES = """
PREFIX kg: <https://w3id.org/immunokg/ontology/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?node ?label ?type
WHERE {
  ?class rdfs:isDefinedBy <https://w3id.org/immunokg/ontology> ; rdfs:label ?type .
  FILTER (?class NOT IN (kg:Aspect, kg:CombinationAgent, kg:Conflict, kg:Document, kg:RegulatoryEventKind, kg:Target))
  ?node a ?class ; rdfs:label ?label .
}
"""
_LITERALS = """
PREFIX kg: <https://w3id.org/immunokg/ontology/>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
SELECT ?node ?property ?value
WHERE {
  ?node a kg:ClinicalTrial ; ?property ?value .
  FILTER (isLiteral(?value))
  FILTER EXISTS { ?property a owl:DatatypeProperty }
}
ORDER BY ?node ?property STR(?value)
"""
# no ORDER BY, and places as IRIs only: otherwise it takes three times as long. Each branch asks for the assertion
# itself, because engines join a pattern that branches share with all statements of the dataset.
_EDGES = """
PREFIX kg: <https://w3id.org/immunokg/ontology/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?source ?property ?target ?label ?assertion ?standing ?evidence
WHERE {
  {
    ?statement kg:subject ?source ; kg:predicate ?property ; kg:object ?target ;
               kg:assertion ?assertion ; kg:standing ?standing ; kg:hasEvidence ?evidence .
    ?property rdfs:label ?label .
    FILTER (?standing != "rejected" && isIRI(?target))
  }
  UNION
  {
    ?property a kg:Finding ; kg:about ?source ; kg:hasTerm ?target ; kg:inWords ?words ;
              kg:measures/rdfs:label ?measure ;
              kg:assertion ?assertion ; kg:standing ?standing ; kg:hasEvidence ?evidence .
    BIND(CONCAT(?measure, ", ", ?words) AS ?label)
  }
  UNION
  {
    ?property kg:givenTo ?source ; kg:gives ?target ; kg:inWords ?label ;
              kg:assertion ?assertion ; kg:standing ?standing ; kg:hasEvidence ?evidence .
  }
  UNION
  { ?source ?property ?target . VALUES (?property ?label) { (skos:broader "broader") } }
}
"""


def to_networkx(store: Store) -> nx.MultiDiGraph[str]:
    """Return the things of a dataset and their relations.

    Args:
        store: the dataset.

    Returns:
        A graph whose nodes are IRIs. A node has ``label`` and ``type``, and a trial also
        has its literals, such as ``enrollment``. The key of an edge is the local name of
        its property or of its record, so it is the same in every run. An edge has ``label``,
        ``assertion`` (the firmest), ``standing`` and ``evidence``: a tuple of places, each
        with how firmly the relation is stated there.

    Example:
        >>> from kg import KnowledgeGraph
        >>> network = KnowledgeGraph().to_networkx()
        >>> base = "https://w3id.org/immunokg/"
        >>> network.edges[base + "product/ft576", base + "modification/cd38-ko", "carriesModification"]["assertion"]
        'stated'
    """
    import networkx as nx

    network: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for node, label, kind in sorted(tuple(term.value for term in row) for row in select(store, _NODES)):
        network.add_node(node, label=label, type=kind)
    for node, property_, value in select(store, _LITERALS):
        network.nodes[node.value][property_.value.removeprefix(KG)] = _as_number(value.value)
    for source, property_, target, label, assertion, standing, place in _edges(store):
        key = edge_key(property_)
        if not (source in network and target in network):
            continue
        if not network.has_edge(source, target, key):
            network.add_edge(source, target, key, label=label, evidence=())
        edge = network.edges[source, target, key]
        if assertion:
            known = (edge.get("assertion", assertion), assertion)
            edge["assertion"] = min(known, key=ASSERTIONS.index)
            is_open = "unresolved" in (edge.get("standing"), standing)
            edge["standing"] = "unresolved" if is_open else standing
            edge["evidence"] += (in_words(place, assertion),)
    # most measures only name edges: they are no end of an edge
    network.remove_nodes_from([node for node in nx.isolates(network) if network.nodes[node]["type"] == "measure"])
    return network


def edge_key(iri: str) -> str:
    """Return the key of an edge, from the IRI of its property or of the finding or administration that it stands for.

    Example:
        >>> edge_key("https://w3id.org/immunokg/ontology/hasTarget")
        'hasTarget'
        >>> edge_key("http://www.w3.org/2004/02/skos/core#broader")
        'broader'
    """
    return iri.removeprefix(KG).removeprefix(BASE).rpartition("#")[2]


def _edges(store: Store) -> list[tuple[str, str, str, str, str, str, tuple[str, ...]]]:
    """Return the ends, the label and the place of each edge, sorted; an edge without evidence has empty texts."""
    places = all_places(store)
    edges = []
    for source, property_, target, label, *said in select(store, _EDGES):
        assertion, standing, place = (term.value if term else "" for term in said)
        if place in places or not place:
            texts = (term.value for term in (source, property_, target, label))
            edges.append((*texts, assertion, standing, places.get(place, ())))
    return sorted(edges, key=lambda edge: (*edge[:3], edge[4], edge[6][1:], edge[6][:1]))


def _as_number(text: str) -> str | int:
    return int(text) if text.isdecimal() else text
