"""The graph as one page for people: pyvis makes the picture, ``page.html`` is its frame.

pyvis's own template is not used: even with ``cdn_resources="in_line"`` it loads
Bootstrap from a CDN, and a label that holds ``</script>`` or ``href`` becomes
code. Here vis-network comes out of the pyvis package, the graph is a block of
JSON that no parser takes for markup, and a Content-Security-Policy names the
only scripts and styles that may run by their hashes, so nothing is ever fetched.

Things of one type lie together in a disc, those with most relations in the
middle. The places are computed here and by no chance, so the same graph is the
same page, byte for byte.
"""

from __future__ import annotations

import json
import re
from base64 import b64encode
from hashlib import sha256
from html import escape
from itertools import chain
from math import cos, fsum, pi, sin, sqrt
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    import networkx as nx
    from pyvis.network import Network

    Point = tuple[int, int]

__all__ = ["to_html"]

_PAGE = Path(__file__).with_name("page.html")

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
# Okabe and Ito's palette (https://jfly.uni-koeln.de/color/); types that belong together share a hue.
_LOOKS = {
    "product": ("dot", "#0072B2"),
    "product kind": ("square", "#0072B2"),
    "clinical trial": ("square", "#E69F00"),
    "arm": ("dot", "#E69F00"),
    "trial phase": ("triangle", "#E69F00"),
    "trial status": ("diamond", "#E69F00"),
    "registry": ("hexagon", "#E69F00"),
    "disease": ("triangle", "#D55E00"),
    "adverse event": ("square", "#D55E00"),
    "measure": ("hexagon", "#009E73"),
    "molecule": ("diamond", "#009E73"),
    "cell type": ("dot", "#009E73"),
    "genetic modification": ("hexagon", "#CC79A7"),
    "modification kind": ("square", "#CC79A7"),
    "modification purpose": ("triangle", "#CC79A7"),
    "organization": ("triangleDown", "#56B4E9"),
    "cell source": ("dot", "#F0E442"),
    "donor type": ("diamond", "#F0E442"),
    "vector": ("triangle", "#F0E442"),
}
_OTHER_LOOK = ("dot", "#999999")
_OPTIONS = {
    "physics": {"enabled": False, "stabilization": False},
    "layout": {"improvedLayout": False, "randomSeed": 1},
    "interaction": {"hover": True, "tooltipDelay": 150},
    "nodes": {"borderWidthSelected": 3},
    "edges": {"smooth": False, "arrows": {"to": {"scaleFactor": 0.5}}},
}
_RIM = 0.7  # of the distance between nodes
_MARGIN = 60.0  # between discs


class _Region(NamedTuple):
    """The disc in which the things of one type lie."""

    x: int
    y: int
    radius: int


def to_html(network: nx.MultiDiGraph[str], title: str = "ImmunoKG") -> str:
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

    vis = max(Path(pyvis.__file__).with_name("lib").glob("vis-*"))  # it bundles two versions
    script = (vis / "vis-network.min.js").read_text("utf-8")
    frame = _fill(
        _PAGE.read_text("utf-8"),
        vis_script=script.partition("//# sourceMappingURL")[0],  # or developer tools would look for the map
        vis_style=(vis / "vis-network.css").read_text("utf-8"),
    )
    return _fill(frame, policy=_policy(frame), title=escape(title), data=_island(_picture(network)))


def _picture(network: nx.MultiDiGraph[str]) -> dict[str, Any]:
    """Return what the page's script reads."""
    kinds = _by_kind(network)
    regions = _regions({kind: _radius(network, members) for kind, members in kinds.items()})
    places = {node: place for kind, nodes in kinds.items() for node, place in _sunflower(nodes, regions[kind])}
    nodes, edges, *_, options = _draw(network, places).get_network_data()
    legend = [
        {"name": kind, "shape": shape, "color": color, "count": len(members), **regions[kind]._asdict()}
        for kind, members in kinds.items()
        for shape, color in [_LOOKS.get(kind, _OTHER_LOOK)]
    ]
    return {"nodes": nodes, "edges": edges, "kinds": legend, "options": json.loads(options)}


def _draw(network: nx.MultiDiGraph[str], places: dict[str, Point]) -> Network:
    from pyvis.network import Network

    drawn = Network(directed=True)
    drawn.set_options(json.dumps(_OPTIONS))
    for node, (x, y) in sorted(places.items()):
        about = dict(network.nodes[node])
        label, kind = about.pop("label"), about.pop("type")
        facts = [(_words(name), str(value)) for name, value in sorted(about.items())]
        shape, color = _LOOKS.get(kind, _OTHER_LOOK)
        drawn.add_node(node, label, shape, color, size=_size(network, node), x=x, y=y, kind=kind, facts=facts)
    for number, (source, key, target) in enumerate(sorted((s, key, t) for s, t, key in network.edges(keys=True))):
        about = network.edges[source, target, key]
        drawn.add_edge(
            source,
            target,
            id=number,
            relation=about["label"],
            assertion=about.get("assertion", ""),
            evidence=list(dict.fromkeys(about["evidence"])),
            dashes=about.get("standing") == "unresolved",
        )
    return drawn


def _by_kind(network: nx.MultiDiGraph[str]) -> dict[str, list[str]]:
    """Return the nodes of each type, those with most relations first."""
    kinds: dict[str, list[str]] = {kind: [] for kind in _LOOKS}
    for node in sorted(network, key=lambda node: (-network.degree(node), node)):
        kinds.setdefault(network.nodes[node]["type"], []).append(node)
    return {kind: members for kind, members in kinds.items() if members}


def _size(network: nx.MultiDiGraph[str], node: str) -> float:
    return round(5 + 2 * sqrt(network.degree(node)), 1)


def _radius(network: nx.MultiDiGraph[str], members: list[str]) -> float:
    """Return the radius of a disc that has room for nodes of these sizes."""
    mean = fsum(_size(network, node) for node in members) / len(members)
    return (20 + 2 * mean) * (sqrt(len(members)) + _RIM)


def _regions(radii: dict[str, float]) -> dict[str, _Region]:
    """Lay the discs in rows of columns, centred; types that have no place there go below."""
    others = [(kind,) for kind in sorted(radii.keys() - set(chain(*chain(*_ROWS))))]
    rows = [*_ROWS, *(others[i : i + 4] for i in range(0, len(others), 4))]
    regions: dict[str, _Region] = {}
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
                regions[kind] = _Region(round(left + width / 2), round(y), round(radii[kind]))
                y += radii[kind] + _MARGIN / 2
            left += width
        top += max(heights)
    return regions


def _sunflower(members: list[str], region: _Region) -> Iterator[tuple[str, Point]]:
    """Place nodes like the seeds of a sunflower: evenly, the first in the middle."""
    turn = pi * (3 - sqrt(5))
    step = region.radius / (sqrt(len(members)) + _RIM)
    for i, node in enumerate(members):
        radius = step * sqrt(i + 0.5)
        yield node, (round(region.x + radius * cos(i * turn)), round(region.y + radius * sin(i * turn)))


def _words(name: str) -> str:
    """Return the words of a property, such as ``first posted`` for ``firstPosted``."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()


def _island(data: dict[str, Any]) -> str:
    """Return JSON in which an HTML parser sees nothing but text; what is not ASCII is escaped too."""
    return json.dumps(data, separators=(",", ":")).translate({ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&"})


def _policy(page: str) -> str:
    """Return a Content-Security-Policy that lets the page's own scripts and styles run, and nothing else."""
    sources = {"script": "", "style": ""}
    for tag, text in re.findall(r"<(script|style)>(.*?)</\1>", page, re.DOTALL):
        sources[tag] += f" 'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
    return (
        f"default-src 'none'; script-src{sources['script']}; style-src{sources['style']}; img-src data:; "
        "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    )


def _fill(template: str, **parts: str) -> str:
    """Put parts in place of ``@@name@@`` in one pass, so that a part which looks like a place stays as it is."""
    return re.sub("@@(" + "|".join(parts) + ")@@", lambda match: parts[match[1]], template)
