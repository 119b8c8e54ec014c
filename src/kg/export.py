"""The graph in the formats of other programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kg.namespaces import PREFIXES

if TYPE_CHECKING:
    import rdflib
    from pyoxigraph import Store

    from kg.graph import KnowledgeGraph

__all__ = ["export", "to_rdflib"]


def export(graph: KnowledgeGraph, kind: str) -> bytes:
    """Return a graph as the content of a file.

    Args:
        graph: what to write.
        kind: ``html``, ``graphml``, ``gexf``, ``cytoscape``, ``edgelist``, which hold the things and their
            relations, or ``turtle``, ``ntriples``, ``jsonld``, which hold every triple.
    """
    if kind == "html":
        from kg.picture import to_html

        return to_html(graph.to_networkx()).encode()
    if kind in ("graphml", "gexf", "cytoscape", "edgelist"):
        from kg.interchange import to_cytoscape, to_edge_list, to_gexf, to_graphml

        writers = {"graphml": to_graphml, "gexf": to_gexf, "cytoscape": to_cytoscape, "edgelist": to_edge_list}
        return writers[kind](graph.to_networkx())
    if kind == "ntriples":
        return _ntriples(graph.store)
    formats = {"turtle": "turtle", "jsonld": "json-ld"}
    text: str = to_rdflib(graph.store).serialize(format=formats[kind])
    return text.encode()


def to_rdflib(store: Store) -> rdflib.Graph:
    """Return the triples of a store as an rdflib graph, with our prefixes bound.

    Terms are converted one by one and each only once: to write N-Triples and have
    rdflib read them takes twice the time.
    """
    import rdflib

    graph = rdflib.Graph(bind_namespaces="none")
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace)
    known: dict[Any, Any] = {}

    def converted(term: Any) -> Any:
        if term not in known:
            known[term] = _to_rdflib_term(term)
        return known[term]

    for quad in store:
        graph.store.add((converted(quad.subject), converted(quad.predicate), converted(quad.object)), graph)
    return graph


def _to_rdflib_term(term: Any) -> rdflib.term.Node:
    import rdflib
    from pyoxigraph import Literal, NamedNode

    if isinstance(term, NamedNode):
        return rdflib.URIRef(term.value)
    if not isinstance(term, Literal):
        return rdflib.BNode(term.value)
    if term.language:
        return rdflib.Literal(term.value, lang=term.language)
    datatype = rdflib.URIRef(term.datatype.value)
    return rdflib.Literal(term.value, datatype=None if datatype == rdflib.XSD.string else datatype, normalize=False)


def _ntriples(store: Store) -> bytes:
    """Return the triples as sorted lines, so that the same graph gives the same bytes."""
    return "".join(sorted(f"{quad.triple} .\n" for quad in store)).encode()
