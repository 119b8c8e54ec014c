"""The picture as a still for slides, SVG or PNG, with the places of the page."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any
from warnings import catch_warnings, simplefilter

from kg.errors import UsageError
from kg.picture.layout import MOST, by_kind, largest, lay_out
from kg.picture.looks import look

if TYPE_CHECKING:
    import networkx as nx
    from matplotlib.axes import Axes
    from matplotlib.backend_bases import RendererBase

    from kg.picture.layout import Layout, Point

__all__ = ["to_image"]

_KINDS = ("svg", "png")
_STYLE: Any = {
    "font.family": "DejaVu Sans",
    "svg.hashsalt": "immunokg",  # the same graph gives the same bytes
    "text.parse_math": False,  # a dollar sign in a label is one
}
_MARKS = {"dot": "o", "square": "s", "diamond": "D", "triangle": "^", "triangleDown": "v", "hexagon": "H"}
_RIM: Any = {"edgecolors": "#00000059", "linewidths": 0.4}
_INK, _SOFT, _LINE = "#1c2127", "#56606b", "#4d5864"
_WIDTH, _HEIGHT = 12.8, 7.2  # inches: a slide
_LEGEND = 0.2  # of the width
_LONGEST = 30  # signs of a label
_NAMED = 3  # things of each type, on a map of types


def to_image(network: nx.MultiDiGraph[str], kind: str, title: str = "ImmunoKG") -> bytes:
    """Return the graph as the content of a picture of 16 to 9; the same graph gives the same bytes.

    Labels are written as far as there is room, those of the things with most relations first. Of more than 5,000 things
    those with most relations are shown.

    Args:
        network: a graph as :func:`kg.network.to_networkx` makes it.
        kind: ``svg`` or ``png``.
        title: the heading, plain text.

    Raises:
        UsageError: if there is no such kind, or matplotlib is missing.
    """
    if kind not in _KINDS:
        raise UsageError(f"no picture of kind '{kind}'; expected {' or '.join(_KINDS)}")
    try:
        import matplotlib as mpl
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError as error:
        raise UsageError("a picture needs matplotlib; install it with `pip install 'immunokg[figures]'`") from error
    network = largest(network, MOST)
    out = BytesIO()
    with mpl.rc_context(_STYLE), catch_warnings():
        simplefilter("ignore")  # a sign that the font lacks is drawn as a box
        figure = Figure((_WIDTH, _HEIGHT), dpi=150)
        canvas = FigureCanvasAgg(figure)
        figure.text(0.02, 0.955, _plain(title, 90), fontsize=15, fontweight="bold", color=_INK, va="center")
        axes = figure.add_axes((0.01, 0.02, 0.98 - _LEGEND, 0.9))
        _draw(axes, network, lay_out(network, "degree"), canvas.get_renderer())  # type: ignore[no-untyped-call]
        _draw_legend(figure.add_axes((0.99 - _LEGEND, 0.02, _LEGEND, 0.9)), by_kind(network))
        figure.savefig(out, format=kind, metadata={"Date": None} if kind == "svg" else {"Software": None})
    return out.getvalue()


def _draw(axes: Axes, network: nx.MultiDiGraph[str], layout: Layout, renderer: RendererBase) -> None:
    from matplotlib.collections import LineCollection
    from matplotlib.patches import Circle

    axes.set_axis_off()
    axes.set_aspect("equal")
    axes.invert_yaxis()  # as on a screen
    if not layout.places:
        return
    for kind, (x, y, radius) in layout.regions.items():
        axes.add_patch(Circle((x, y), radius, color=look(kind).color, alpha=0.08, linewidth=0))
    pairs = sorted({(source, target) for source, target in network.edges() if source != target})
    lines = [(layout.places[source], layout.places[target]) for source, target in pairs]
    strength = 0.05 if layout.regions else 0.35
    axes.add_collection(LineCollection(lines, colors=_LINE, linewidths=0.5, alpha=strength, zorder=1))
    xs, ys = zip(*layout.places.values(), strict=True)
    axes.set_xlim(min(xs) - 60, max(xs) + 60)
    axes.set_ylim(max(ys) + 60, min(ys) - 60)
    axes.apply_aspect()
    (left, _), (right, _) = axes.transData.transform([(0, 0), (1, 0)])
    points = (right - left) * 72 / axes.figure.dpi  # of one unit of the layout
    for kind, members in by_kind(network).items():
        shape, color = look(kind)
        areas = [(2 * layout.sizes[node] * points) ** 2 for node in members]
        across, down = zip(*(layout.places[node] for node in members), strict=True)
        axes.scatter(across, down, s=areas, marker=_MARKS[shape], color=color, zorder=2, **_RIM)
    _draw_labels(axes, network, layout, renderer)


def _draw_labels(axes: Axes, network: nx.MultiDiGraph[str], layout: Layout, renderer: RendererBase) -> None:
    """Write the names of the regions, then the labels of things, each where it lies on no other, or not at all."""
    from matplotlib.patheffects import withStroke

    taken: list[tuple[float, float, float, float]] = []
    wanted: list[tuple[str, Point, float, dict[str, Any]]] = []
    kinds = by_kind(network)
    for kind, region in layout.regions.items():
        bold = {"fontsize": 8, "fontweight": "bold", "color": _SOFT}
        wanted.append((f"{kind} · {len(kinds[kind])}", (region.x, region.y), -region.radius, bold))
    # on a map of types, a few of each
    named = [node for members in kinds.values() for node in (members[:_NAMED] if layout.regions else members)]
    plain = {"fontsize": 7, "color": _INK}
    named.sort(key=lambda node: (-layout.sizes[node], node))
    wanted += [(str(network.nodes[node]["label"]), layout.places[node], layout.sizes[node], plain) for node in named]
    for label, (x, y), below, style in wanted:
        va = "top" if below > 0 else "bottom"
        text = axes.text(x, y + below, _plain(label, _LONGEST), ha="center", va=va, zorder=3, **style)
        left, bottom, right, top = text.get_window_extent(renderer).extents
        is_free = not any(left < box[2] and box[0] < right and bottom < box[3] and box[1] < top for box in taken)
        if is_free:
            taken.append((left, bottom, right, top))
            text.set_path_effects([withStroke(linewidth=2, foreground="white")])
        else:
            text.remove()


def _draw_legend(axes: Axes, kinds: dict[str, list[str]]) -> None:
    axes.set_axis_off()
    axes.set_xlim(0, 10)
    axes.set_ylim(max(len(kinds), 22) + 1, 0)
    for row, (kind, members) in enumerate(kinds.items(), 1):
        shape, color = look(kind)
        axes.scatter(0.6, row, s=34, marker=_MARKS[shape], color=color, **_RIM)
        axes.text(1.4, row, f"{_plain(kind, _LONGEST)}  {len(members)}", fontsize=8.5, color=_INK, va="center")


def _plain(text: str, longest: int) -> str:
    """Return a text without signs that cannot be seen, which no SVG may hold, cut where it is too long."""
    seen = "".join(sign if sign.isprintable() else " " for sign in text)
    return seen if len(seen) <= longest else f"{seen[: longest - 1].rstrip()}…"
