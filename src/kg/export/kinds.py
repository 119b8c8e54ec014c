"""The graph in the formats of other programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.errors import UsageError, nearest
from kg.export.requested_view import EVERYTHING, select_view
from kg.picture.layout import MEASURES

if TYPE_CHECKING:
    from collections.abc import Callable

    import networkx as nx
    from pyoxigraph import Store

    from kg.export.requested_view import Selection
    from kg.graph import KnowledgeGraph
    from kg.network.subgraphs import View

__all__ = ["export"]

_TRIPLES = ("turtle", "ntriples", "jsonld")


def export(
    graph: KnowledgeGraph, kind: str, wanted: Selection = EVERYTHING, *, size: str = "", title: str = ""
) -> bytes:
    """Return a graph, or a view of it, as the content of a file.

    Args:
        graph: what to write.
        kind: ``html``, ``svg`` and ``png``, which are pictures, ``graphml``, ``gexf``, ``cytoscape``, ``edgelist``,
            which hold the things and their relations too, or ``turtle``, ``ntriples``, ``jsonld``, which hold every
            triple.
        wanted: the part of it.
        size: what the size of a thing on a page tells, one of :data:`kg.picture.layout.MEASURES`.
        title: the heading of a picture; the view's own if not given.

    Raises:
        UsageError: if the kind of file cannot hold what is wanted.
        NotInGraphError: if there is nothing to write.
    """
    if (size and kind != "html") or (title and kind not in ("html", "svg", "png")):
        raise UsageError(
            f"{kind} has no {'size' if size else 'title'}; expected {'html' if size else 'html, svg, png'}"
        )
    if size not in ("", *MEASURES):
        raise UsageError(f"no measure '{size}'{nearest(size, MEASURES)}; expected one of {', '.join(MEASURES)}")
    if kind not in _TRIPLES:
        view = select_view(graph, wanted)
        return _page(graph, view, size=size, title=title).encode() if kind == "html" else _file(kind, view, title)
    if wanted != EVERYTHING:
        raise UsageError(f"{kind} holds every triple and no view; expected such as html or graphml for a view")
    if kind == "ntriples":
        return _ntriples(graph.store)
    formats = {"turtle": "turtle", "jsonld": "json-ld"}
    from kg.engines.rdflib_copy import to_rdflib

    text: str = to_rdflib(graph.store).serialize(format=formats[kind])
    return text.encode()


def _page(graph: KnowledgeGraph, view: View, *, size: str = "", title: str = "") -> str:
    """Return a view as one page that needs no network, with what is told of each thing; see :func:`export`."""
    from kg.picture import to_html
    from kg.picture.side_panel import panels

    return to_html(
        view.network,
        title or view.title,
        panels=panels(graph.store, view.network),
        size=size or MEASURES[0],
        notice=view.notice,
    )


def _file(kind: str, view: View, title: str) -> bytes:
    """Return a view as a still, or as another program reads it."""
    if kind in ("svg", "png"):
        from kg.picture import to_image

        return to_image(view.network, kind, title or view.title, notice=view.notice)
    from kg.network.interchange import to_cytoscape, to_edge_list, to_gexf, to_graphml

    writers: dict[str, Callable[[nx.MultiDiGraph[str]], bytes]] = {
        "graphml": to_graphml,
        "gexf": to_gexf,
        "cytoscape": to_cytoscape,
        "edgelist": to_edge_list,
    }
    return writers[kind](view.network)


def _ntriples(store: Store) -> bytes:
    """Return the triples as sorted lines, so that the same graph gives the same bytes."""
    return "".join(sorted(f"{quad.triple} .\n" for quad in store)).encode()
