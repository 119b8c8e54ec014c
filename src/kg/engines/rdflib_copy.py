"""The triples of a store as an rdflib graph, for users of rdflib, and for formats that rdflib writes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kg.errors import UsageError
from kg.model.iris import PREFIXES

if TYPE_CHECKING:
    import rdflib
    from pyoxigraph import Store

__all__ = ["to_rdflib"]


def to_rdflib(store: Store) -> rdflib.Graph:
    """Return the triples of a store as an rdflib graph, with our prefixes bound.

    Each different term is converted once. To write N-Triples and let rdflib read
    them takes twice the time.

    Raises:
        UsageError: if there is a triple term of RDF 1.2, which rdflib does not know.
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
    from pyoxigraph import Literal, NamedNode, Triple

    if isinstance(term, NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, Triple):
        about = "a triple term of RDF 1.2, which the checks and the formats turtle and jsonld do not know"
        raise UsageError(f"'{term}' is {about}; leave it out, or take ntriples")
    if not isinstance(term, Literal):
        return rdflib.BNode(term.value)
    if term.language:
        return rdflib.Literal(term.value, lang=term.language)
    datatype = rdflib.URIRef(term.datatype.value)
    return rdflib.Literal(term.value, datatype=None if datatype == rdflib.XSD.string else datatype, normalize=False)
