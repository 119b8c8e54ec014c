"""Where things lie in a picture, and how large they are. Nothing is random: the same graph gives the same picture.

A large graph is a map of types: the things of one type lie together in a disc, and those with most relations are in
its middle. A small graph, or one of many small parts, is laid out by its relations (:mod:`kg.picture.stress`).
"""

from __future__ import annotations

from itertools import chain
from math import cos, fsum, pi, sin, sqrt
from typing import TYPE_CHECKING, NamedTuple

from kg.errors import UsageError, nearest
from kg.picture.looks import TYPES
from kg.picture.stress import is_small, untangle

if TYPE_CHECKING:
    from collections.abc import Iterator

    import networkx as nx

    Point = tuple[int, int]

__all__ = ["MOST", "SIZES", "Layout", "Region", "by_kind", "capped", "lay_out"]

SIZES = ("degree", "betweenness", "pagerank")  # the measures that the size of a thing can show
MOST = 5000  # a picture has so many things at most; a browser can draw them while the user moves around
_PIVOTS = 500  # betweenness counts paths from so many things at most

# Rows of columns of types, so that related types are neighbours.
_ROWS = (
    (("disease",), ("adverse event", "measure"), ("molecule", "cell type")),
    (
        ("trial phase", "trial status", "registry"),
        ("clinical trial",),
        ("arm",),
        ("product",),
        ("cell source", "product kind", "donor type", "vector"),
    ),
    (("organization",), ("genetic modification",), ("modification kind", "modification purpose")),
)
_RIM = 0.7  # the free rim of a disc, as a share of the distance between nodes
_MARGIN = 60.0  # the space between discs


class Region(NamedTuple):
    """The disc in which the things of one type lie."""

    x: int
    y: int
    radius: int


class Layout(NamedTuple):
    """The place and the radius of each thing, and the region of each type; a small graph has no regions."""

    places: dict[str, Point]
    sizes: dict[str, float]
    regions: dict[str, Region]


def lay_out(network: nx.MultiDiGraph[str], size: str) -> Layout:
    """Return the layout of a network.

    Args:
        network: the things with their ``label`` and ``type``.
        size: the measure that the size of a thing shows, one of :data:`SIZES`.

    Raises:
        UsageError: if there is no such size, or PageRank needs SciPy, which is not installed.
    """
    sizes = _sizes(network, size)
    if is_small(network):
        return Layout(untangle(network, sizes), sizes, {})
    kinds = by_kind(network)
    regions = _regions({kind: _radius(sizes, members) for kind, members in kinds.items()})
    places = {node: place for kind, nodes in kinds.items() for node, place in _sunflower(nodes, regions[kind])}
    return Layout(places, sizes, regions)


def by_kind(network: nx.MultiDiGraph[str]) -> dict[str, list[str]]:
    """Return the things of each type, those with most relations first; types are in the order of the legend."""
    kinds: dict[str, list[str]] = {kind: [] for kind in TYPES}
    for node in _ranked(network):
        kinds.setdefault(network.nodes[node]["type"], []).append(node)
    return {kind: members for kind, members in kinds.items() if members}


def capped(network: nx.MultiDiGraph[str], notice: str) -> tuple[nx.MultiDiGraph[str], str]:
    """Return the part of a network that can be shown; to the notice, add a sentence on what else is left out.

    If there are more than :data:`MOST` things, those with most relations are shown.
    """
    count = len(network)
    if count <= MOST:
        return network, notice
    told = (
        f"Of {count:,} things, the {MOST:,} with most relations are shown; "
        "for the others, make a picture of one theme, or of what lies around one thing."
    )
    return network.subgraph(_ranked(network)[:MOST]), f"{notice} {told}".strip()


def _ranked(network: nx.MultiDiGraph[str]) -> list[str]:
    return sorted(network, key=lambda node: (-network.degree(node), node))


def _sizes(network: nx.MultiDiGraph[str], size: str) -> dict[str, float]:
    """Return the radius of each thing; its area grows with the measure."""
    if size == "degree":
        return {node: round(5 + 2 * min(sqrt(degree), 14), 1) for node, degree in network.degree()}
    if size not in SIZES:
        raise UsageError(f"no size '{size}'{nearest(size, SIZES)}; expected one of {', '.join(SIZES)}")
    from kg.analytics.engine import betweenness, pagerank

    number = {node: i for i, node in enumerate(sorted(network))}
    count = len(number)
    pairs = ((number[source], number[target]) for source, target in network.edges() if source != target)
    edges = sorted({(min(pair), max(pair)) for pair in pairs})
    pivots = range(0, count, -(-count // _PIVOTS)) if count > _PIVOTS else ()
    values = betweenness(count, edges, pivots) if size == "betweenness" else pagerank(count, edges)
    top = max(values, default=0) or 1
    return {node: round(5 + 22 * sqrt(max(values[i], 0) / top), 1) for node, i in number.items()}


def _radius(sizes: dict[str, float], members: list[str]) -> float:
    """Return the radius of a disc that has room for nodes of these sizes."""
    mean = fsum(sizes[node] for node in members) / len(members)
    return (20 + 2 * mean) * (sqrt(len(members)) + _RIM)


def _regions(radii: dict[str, float]) -> dict[str, Region]:
    """Lay the discs in centred rows of columns; types without a place in :data:`_ROWS` go below."""
    others = [(kind,) for kind in sorted(radii.keys() - set(chain(*chain(*_ROWS))))]
    rows = [*_ROWS, *(others[i : i + 4] for i in range(0, len(others), 4))]
    regions: dict[str, Region] = {}
    top = 0.0
    for row in rows:
        columns = [[kind for kind in column if kind in radii] for column in row]
        heights = [sum(2 * radii[kind] + _MARGIN for kind in column) for column in columns]
        widths = [max((2 * radii[kind] + _MARGIN for kind in column), default=0) for column in columns]
        middle = top + max(heights) / 2
        left = -sum(widths) / 2
        for column, height, width in zip(columns, heights, widths, strict=True):
            y = middle - height / 2
            for kind in column:
                y += radii[kind] + _MARGIN / 2
                regions[kind] = Region(round(left + width / 2), round(y), round(radii[kind]))
                y += radii[kind] + _MARGIN / 2
            left += width
        top += max(heights)
    return regions


def _sunflower(members: list[str], region: Region) -> Iterator[tuple[str, Point]]:
    """Place nodes like the seeds of a sunflower: evenly, the first in the middle."""
    turn = pi * (3 - sqrt(5))
    step = region.radius / (sqrt(len(members)) + _RIM)
    for i, node in enumerate(members):
        radius = step * sqrt(i + 0.5)
        yield node, (round(region.x + radius * cos(i * turn)), round(region.y + radius * sin(i * turn)))
