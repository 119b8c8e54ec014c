"""The graph as one page for people: pyvis makes the picture, ``page.html`` is its frame.

pyvis's own template is not used: even with ``cdn_resources="in_line"`` it loads
Bootstrap from a CDN, and a label that holds ``</script>`` or ``href`` becomes
code. Here vis-network comes out of the pyvis package, the graph is a block of
JSON that no parser takes for markup, and a Content-Security-Policy names the
only scripts and styles that may run by their hashes, so nothing is ever fetched.

Things of one type lie together in a disc, near what they are related to. The
places are computed here and in one way only, so the same graph is the same page.
"""

from __future__ import annotations

import json
import re
from base64 import b64encode
from hashlib import sha256
from html import escape
from itertools import chain
from math import atan2, cos, fsum, pi, sin, sqrt
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import networkx as nx
    from pyvis.network import Network

    Point = tuple[float, float]

__all__ = ["to_html"]

_PAGE = Path(__file__).with_name("page.html")

# Rows of columns of types, so that related types are neighbours.
_ROWS = (
    (("disease",), ("molecule",)),
    (
        ("trial phase", "trial status", "registry"),
        ("clinical trial",),
        ("product",),
        ("cell source", "product kind", "donor type"),
    ),
    (("organization",), ("genetic modification",), ("modification kind", "modification purpose")),
)
# Okabe and Ito's palette (https://jfly.uni-koeln.de/color/); types that belong together share a hue.
_LOOKS = {
    "product": ("#0072B2", "dot"),
    "product kind": ("#0072B2", "square"),
    "clinical trial": ("#E69F00", "square"),
    "trial phase": ("#E69F00", "triangle"),
    "trial status": ("#E69F00", "diamond"),
    "registry": ("#E69F00", "hexagon"),
    "disease": ("#D55E00", "triangle"),
    "molecule": ("#009E73", "diamond"),
    "genetic modification": ("#CC79A7", "hexagon"),
    "modification kind": ("#CC79A7", "square"),
    "modification purpose": ("#CC79A7", "triangle"),
    "organization": ("#56B4E9", "triangleDown"),
    "cell source": ("#F0E442", "dot"),
    "donor type": ("#F0E442", "diamond"),
}
_OTHER_LOOK = ("#999999", "dot")
_OPTIONS = {
    "physics": {"enabled": False, "barnesHut": {"gravitationalConstant": -6000, "springLength": 150}},
    "layout": {"improvedLayout": False, "randomSeed": 1},
    "interaction": {"hover": True, "tooltipDelay": 150, "hideEdgesOnDrag": False},
    "nodes": {"borderWidth": 1, "borderWidthSelected": 3},
    "edges": {"smooth": False, "arrows": {"to": {"scaleFactor": 0.5}}},
}
_GAP = 38.0  # between neighbours in a disc, about half of it
_MARGIN = 60.0  # between discs
_SWEEPS = 4


class _Region(NamedTuple):
    """The disc in which the things of one type lie."""

    x: int
    y: int
    radius: int


def to_html(network: nx.MultiDiGraph, title: str = "ImmunoKG") -> str:
    """Return the graph as one interactive page that fetches nothing.

    Args:
        network: a graph as :func:`kg.network.to_networkx` makes it.
        title: the heading of the page, plain text.

    Example:
        >>> import networkx as nx
        >>> network = nx.MultiDiGraph()
        >>> network.add_node("https://w3id.org/immunokg/product/ft576", label="FT576", type="product")
        >>> page = to_html(network, "One product")
        >>> "<title>One product</title>" in page
        True
    """
    import pyvis

    vis = Path(pyvis.__file__).with_name("lib") / "vis-9.1.2"
    script = (vis / "vis-network.min.js").read_text("utf-8")
    frame = _fill(
        _PAGE.read_text("utf-8"),
        vis_script=script.partition("//# sourceMappingURL")[0],  # or developer tools would look for the map
        vis_style=(vis / "vis-network.css").read_text("utf-8"),
    )
    return _fill(frame, policy=_policy(frame), title=escape(title), data=_island(_picture(network)))


def _picture(network: nx.MultiDiGraph) -> dict[str, Any]:
    """Return what the page's script reads."""
    kinds = _by_kind(network)
    regions = _regions({kind: len(members) for kind, members in kinds.items()})
    nodes, edges, *_, options = _draw(network, _places(network, kinds, regions)).get_network_data()
    legend = [
        {"name": kind, "color": color, "shape": shape, "count": len(kinds[kind]), **region._asdict()}
        for kind, region in sorted(regions.items())
        for color, shape in [_LOOKS.get(kind, _OTHER_LOOK)]
    ]
    return {"nodes": nodes, "edges": edges, "kinds": legend, "options": json.loads(options)}


def _draw(network: nx.MultiDiGraph, places: dict[str, Point]) -> Network:
    from pyvis.network import Network

    drawn = Network(directed=True)
    drawn.set_options(json.dumps(_OPTIONS))
    for node, (x, y) in sorted(places.items()):
        facts = dict(network.nodes[node])
        label, kind = facts.pop("label"), facts.pop("type")
        color, shape = _LOOKS.get(kind, _OTHER_LOOK)
        size = round(5 + 2 * sqrt(network.degree(node)), 1)
        facts = [(_words(name), str(value)) for name, value in sorted(facts.items())]
        drawn.add_node(node, label, shape, color, size=size, x=round(x), y=round(y), kind=kind, facts=facts)
    for number, (source, target, key) in enumerate(sorted(network.edges(keys=True))):
        said = network.edges[source, target, key]
        unresolved = said.get("standing") == "unresolved"
        evidence = list(dict.fromkeys(said["evidence"]))
        about = {"relation": said["label"], "assertion": said.get("assertion", ""), "evidence": evidence}
        drawn.add_edge(source, target, id=number, dashes=unresolved, unresolved=unresolved, **about)
    return drawn


def _by_kind(network: nx.MultiDiGraph) -> dict[str, list[str]]:
    """Return the nodes of each type, those with most relations first."""
    kinds: dict[str, list[str]] = {}
    for node in sorted(network, key=lambda node: (-network.degree(node), node)):
        kinds.setdefault(network.nodes[node]["type"], []).append(node)
    return kinds


def _regions(counts: dict[str, int]) -> dict[str, _Region]:
    """Lay a disc for each type in rows of columns; a type without a place goes to the last row."""
    others = sorted(counts.keys() - set(chain.from_iterable(chain.from_iterable(_ROWS))))
    regions: dict[str, _Region] = {}
    top = 0.0
    for row in (*_ROWS, tuple((kind,) for kind in others)):
        columns = [[kind for kind in column if kind in counts] for column in row]
        discs = [[(kind, _radius(counts[kind])) for kind in column] for column in columns if column]
        if discs:
            height = max(_extent(column) for column in discs)
            regions |= _lay_row(discs, top + height / 2)
            top += height + _MARGIN
    return regions


def _lay_row(columns: list[list[tuple[str, float]]], middle: float) -> dict[str, _Region]:
    """Centre the columns of a row beside each other, and the discs of a column on top of each other."""
    widths = [2 * max(radius for _, radius in column) for column in columns]
    left = -(sum(widths) + _MARGIN * (len(widths) - 1)) / 2
    regions = {}
    for column, width in zip(columns, widths, strict=True):
        top = middle - _extent(column) / 2
        for kind, radius in column:
            regions[kind] = _Region(round(left + width / 2), round(top + radius), round(radius))
            top += 2 * radius + _MARGIN
        left += width + _MARGIN
    return regions


def _extent(column: list[tuple[str, float]]) -> float:
    return sum(2 * radius + _MARGIN for _, radius in column) - _MARGIN


def _radius(count: int) -> float:
    return _GAP * (sqrt(count) + 0.7)


def _places(network: nx.MultiDiGraph, kinds: dict[str, list[str]], regions: dict[str, _Region]) -> dict[str, Point]:
    """Place nodes like the seeds of a sunflower, then turn each disc so that related nodes come near."""
    slots = {kind: _sunflower(len(members), regions[kind]) for kind, members in kinds.items()}
    places = {node: slot for kind, members in kinds.items() for node, slot in zip(members, slots[kind], strict=True)}
    for _ in range(_SWEEPS):
        for kind, members in sorted(kinds.items()):
            centre = regions[kind].x, regions[kind].y
            pulled = sorted((_bearing(centre, _pull(network, node, places)), node) for node in members)
            turned = sorted((_bearing(centre, slot), slot) for slot in slots[kind])
            places |= {node: slot for (_, node), (_, slot) in zip(pulled, turned, strict=True)}
    return places


def _sunflower(count: int, region: _Region) -> list[Point]:
    turn = pi * (3 - sqrt(5))
    polar = [(_GAP * sqrt(i + 0.5), i * turn) for i in range(count)]
    return [(region.x + radius * cos(angle), region.y + radius * sin(angle)) for radius, angle in polar]


def _pull(network: nx.MultiDiGraph, node: str, places: dict[str, Point]) -> Point:
    """Return the middle of a node's neighbours; those that everything is related to pull little."""
    weights = [(1 / network.degree(near), places[near]) for near in {*network.pred[node], *network.succ[node]}]
    total = fsum(weight for weight, _ in weights)
    if not total:
        return places[node]
    # fsum, because the sum must not depend on the order of a set
    x, y = (fsum(weight * place[axis] for weight, place in weights) / total for axis in (0, 1))
    return x, y


def _bearing(centre: Point, place: Point) -> float:
    return round(atan2(place[1] - centre[1], place[0] - centre[0]), 6)


def _words(name: str) -> str:
    """Return the words of a property, such as ``first posted`` for ``firstPosted``."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()


def _island(data: dict[str, Any]) -> str:
    """Return JSON in which an HTML parser sees nothing but text; what is not ASCII is escaped too."""
    return json.dumps(data, separators=(",", ":")).translate({ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&"})


def _policy(page: str) -> str:
    """Return a Content-Security-Policy that lets the page's own scripts and styles run, and nothing else."""
    hashes = {
        tag: " ".join(map(_hash, re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)))
        for tag in ("script", "style")
    }
    return (
        f"default-src 'none'; script-src {hashes['script']}; style-src {hashes['style']}; img-src data:; "
        "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    )


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def _fill(template: str, **parts: str) -> str:
    """Put parts in place of ``@@name@@`` in one pass, so that a part which looks like a place stays as it is."""
    return re.sub("@@(" + "|".join(parts) + ")@@", lambda match: parts[match[1]], template)
