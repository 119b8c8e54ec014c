"""The graph in the formats of other programs."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from kg.namespaces import PREFIXES

if TYPE_CHECKING:
    import networkx as nx
    import rdflib
    from pyoxigraph import Store

    from kg.graph import KnowledgeGraph

__all__ = ["export", "to_rdflib"]


def export(graph: KnowledgeGraph, kind: str) -> bytes:
    """Return a graph as the content of a file.

    Args:
        graph: what to write.
        kind: ``html``, ``graphml``, ``turtle``, ``ntriples`` or ``jsonld``. The
            first two hold the things and their relations, the others every triple.
    """
    if kind == "html":
        from kg.view import to_html

        return to_html(graph.to_networkx()).encode()
    if kind == "graphml":
        return _graphml(graph.to_networkx())
    if kind == "ntriples":
        return _ntriples(graph.store)
    formats = {"turtle": "turtle", "jsonld": "json-ld"}
    text: str = to_rdflib(graph.store).serialize(format=formats[kind])
    return text.encode()


def to_rdflib(store: Store) -> rdflib.Graph:
    """Return the triples of a store as an rdflib graph, with our prefixes bound."""
    import rdflib

    graph = rdflib.Graph(bind_namespaces="none")
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace)
    return graph.parse(data=_ntriples(store), format="nt")


def _ntriples(store: Store) -> bytes:
    """Return the triples as sorted lines, so that the same graph gives the same bytes."""
    return "".join(sorted(f"{quad.triple} .\n" for quad in store)).encode()


def _graphml(network: nx.MultiDiGraph[str]) -> bytes:
    """Return GraphML (http://graphml.graphdrawing.org); evidence, a tuple, becomes lines of text."""
    import networkx as nx

    flat: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    flat.add_nodes_from(network.nodes(data=True))
    for source, target, key, data in network.edges(keys=True, data=True):
        flat.add_edge(source, target, key, **(data | {"evidence": "\n".join(data["evidence"])}))
    out = BytesIO()
    nx.write_graphml(flat, out)
    return out.getvalue()
