"""The kinds of files that the graph is written to.

To add a kind, write its module (in ``network/`` if it holds things and relations), and add a function for it here. The
command line takes its choices from :data:`KINDS`. A module that a kind needs is imported only when its file is written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kg.errors import UsageError, nearest
from kg.export.requested_view import EVERYTHING, select_view
from kg.picture.layout import SIZES

if TYPE_CHECKING:
    from collections.abc import Callable

    from pyoxigraph import Store

    from kg.export.requested_view import Graph, Selection
    from kg.network.subgraphs import View

__all__ = ["KINDS", "Kind", "Looks", "export"]


class Looks(NamedTuple):
    """How a picture looks.

    Attributes:
        size: the measure that the size of a thing shows, one of :data:`kg.picture.layout.SIZES`; empty for the first.
        title: the heading; empty for the view's own.
    """

    size: str = ""
    title: str = ""


class Kind(NamedTuple):
    """A kind of file. It holds either a view, which can be the whole graph, or every triple.

    Attributes:
        write_view: a function that returns the content for a view of a store.
        write_triples: a function that returns the content for all triples of a store.
        takes: the fields of :class:`Looks` that this kind uses.
    """

    write_view: Callable[[Store, View, Looks], bytes] | None = None
    write_triples: Callable[[Store], bytes] | None = None
    takes: tuple[str, ...] = ()


def export(graph: Graph, kind: str, wanted: Selection = EVERYTHING, *, size: str = "", title: str = "") -> bytes:
    """Return a graph, or a view of it, as the content of a file.

    Args:
        graph: the graph to write.
        kind: one of :data:`KINDS`.
        wanted: the part of the graph to write.
        size: the measure that the size of a thing on a page shows, one of :data:`kg.picture.layout.SIZES`.
        title: the heading of a picture; the view's own if not given.

    Raises:
        UsageError: if the kind of file cannot hold what is wanted.
        NotInGraphError: if there is nothing to write.
    """
    looks = Looks(size, title)
    known = KINDS[kind]
    for name, value in looks._asdict().items():
        if value and name not in known.takes:
            takers = ", ".join(other for other, item in KINDS.items() if name in item.takes)
            raise UsageError(f"{kind} has no {name}; expected {takers}")
    if looks.size not in ("", *SIZES):  # refused before anything is drawn
        raise UsageError(f"no size '{looks.size}'{nearest(looks.size, SIZES)}; expected one of {', '.join(SIZES)}")
    if known.write_view:
        return known.write_view(graph.store, select_view(graph, wanted), looks)
    if wanted != EVERYTHING:
        raise UsageError(f"{kind} holds every triple and no view; expected such as html or graphml for a view")
    assert known.write_triples
    return known.write_triples(graph.store)


def _html(store: Store, view: View, looks: Looks) -> bytes:
    """Return a view as one page that needs no internet, with a panel for each thing."""
    from kg.picture import to_html
    from kg.picture.side_panel import panels

    title, size = looks.title or view.title, looks.size or SIZES[0]
    panels_of_things = panels(store, view.network)
    return to_html(view.network, title, panels=panels_of_things, size=size, notice=view.notice).encode()


def _svg(_: Store, view: View, looks: Looks) -> bytes:
    from kg.picture import to_image

    return to_image(view.network, "svg", looks.title or view.title, notice=view.notice)


def _png(_: Store, view: View, looks: Looks) -> bytes:
    from kg.picture import to_image

    return to_image(view.network, "png", looks.title or view.title, notice=view.notice)


def _graphml(_: Store, view: View, __: Looks) -> bytes:
    from kg.network.interchange import to_graphml

    return to_graphml(view.network)


def _gexf(_: Store, view: View, __: Looks) -> bytes:
    from kg.network.interchange import to_gexf

    return to_gexf(view.network)


def _cytoscape(_: Store, view: View, __: Looks) -> bytes:
    from kg.network.interchange import to_cytoscape

    return to_cytoscape(view.network)


def _edge_list(_: Store, view: View, __: Looks) -> bytes:
    from kg.network.interchange import to_edge_list

    return to_edge_list(view.network)


def _turtle(store: Store) -> bytes:
    from kg.engines.rdflib_copy import to_rdflib

    return to_rdflib(store).serialize(format="turtle").encode()


def _ntriples(store: Store) -> bytes:
    """Return the triples as sorted lines, so that the same graph gives the same bytes."""
    return "".join(sorted(f"{quad.triple} .\n" for quad in store)).encode()


def _jsonld(store: Store) -> bytes:
    from kg.engines.rdflib_copy import to_rdflib

    return to_rdflib(store).serialize(format="json-ld").encode()


KINDS = {
    "html": Kind(_html, takes=("size", "title")),
    "svg": Kind(_svg, takes=("title",)),
    "png": Kind(_png, takes=("title",)),
    "graphml": Kind(_graphml),
    "gexf": Kind(_gexf),
    "cytoscape": Kind(_cytoscape),
    "edgelist": Kind(_edge_list),
    "turtle": Kind(write_triples=_turtle),
    "ntriples": Kind(write_triples=_ntriples),
    "jsonld": Kind(write_triples=_jsonld),
}
