"""The picture as a still for slides, SVG or PNG; things lie where they lie on the page."""

from __future__ import annotations

from io import BytesIO
from textwrap import wrap
from typing import TYPE_CHECKING, Any
from warnings import catch_warnings, simplefilter

from kg.errors import UsageError
from kg.picture.layout import by_kind, capped, lay_out
from kg.picture.looks import look

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import networkx as nx
    from matplotlib.axes import Axes
    from matplotlib.backend_bases import RendererBase
    from matplotlib.text import Text

    from kg.picture.layout import Layout

    Box = tuple[float, float, float, float]  # the middle, half the width, half the height

__all__ = ["to_image"]

_KINDS = ("svg", "png")
_STYLE: Any = {
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "svg.fonttype": "none",  # write text, which can be searched and edited; outlines of letters are ten times as long
    "svg.hashsalt": "immunokg",  # the same graph gives the same bytes
    "text.parse_math": False,  # a dollar sign in a label is a dollar sign
}
_MARKS = {"dot": "o", "square": "s", "diamond": "D", "triangle": "^", "triangleDown": "v", "hexagon": "H"}
_RIM: Any = {"edgecolors": "#00000080", "linewidths": 0.4}
_HALO: Any = {"boxstyle": "square,pad=0", "facecolor": "white", "alpha": 0.7, "linewidth": 0}
_INK, _SOFT, _LINE = "#1c2127", "#56606b", "#4d5864"
_WIDTH, _HEIGHT = 12.8, 7.2  # inches: a slide
_LEGEND = 0.2  # the share of the width that the legend takes
_LONGEST = 30  # characters of a label
_NOTICE = 200  # characters in a line of the notice
_NAMED = 3  # on a map of types, so many things of each type have a label
_SURE = 12  # the labels of so many things, those with most relations, may cover other things


def to_image(network: nx.MultiDiGraph[str], kind: str, title: str = "ImmunoKG", *, notice: str = "") -> bytes:
    """Return the graph as the content of an image file of 16 to 9; the same graph gives the same bytes.

    Labels are written as far as there is room; the things with most relations come first. If there are more than 5,000
    things, those with most relations are shown.

    Args:
        network: a graph as :func:`kg.network.networkx_graph.to_networkx` makes it.
        kind: ``svg`` or ``png``.
        title: the heading, plain text.
        notice: a sentence to show, for example on what was left out.

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
    network, notice = capped(network, notice)
    out = BytesIO()
    with mpl.rc_context(_STYLE), catch_warnings():
        simplefilter("ignore")  # no warning if the font lacks a character, which is drawn as a box
        figure = Figure((_WIDTH, _HEIGHT), dpi=150)
        canvas: Any = FigureCanvasAgg(figure)  # its renderer has no types
        figure.text(0.02, 0.955, _shortened(title, 90), fontsize=15, fontweight="bold", color=_INK, va="center")
        lines = [_shortened(line, _NOTICE) for line in wrap(notice, _NOTICE)]
        figure.text(0.02, 0.02, "\n".join(lines), fontsize=7.5, color=_SOFT, va="bottom")
        bottom = 0.02 * (1 + len(lines))
        axes = figure.add_axes((0.01, bottom, 0.98 - _LEGEND, 0.92 - bottom))
        _draw(axes, network, lay_out(network, "degree"), canvas.get_renderer())
        _draw_legend(figure.add_axes((0.99 - _LEGEND, 0.02, _LEGEND, 0.9)), by_kind(network))
        figure.savefig(out, format=kind, metadata={"Date": None} if kind == "svg" else {"Software": None})
    return out.getvalue()


def _draw(axes: Axes, network: nx.MultiDiGraph[str], layout: Layout, renderer: RendererBase) -> None:
    from matplotlib.collections import LineCollection
    from matplotlib.patches import Circle

    axes.set_axis_off()
    axes.set_aspect("equal")
    axes.invert_yaxis()  # y grows downwards, as on a screen
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
    points = _unit(axes) * 72 / axes.figure.dpi
    for kind, members in by_kind(network).items():
        shape, color = look(kind)
        areas = [(2 * layout.sizes[node] * points) ** 2 for node in members]
        across, down = zip(*(layout.places[node] for node in members), strict=True)
        axes.scatter(across, down, s=areas, marker=_MARKS[shape], color=color, zorder=2, **_RIM)
    _draw_labels(axes, network, layout, renderer)


def _unit(axes: Axes) -> float:
    """Return how many pixels long a unit of the layout is."""
    (left, _), (right, _) = axes.transData.transform([(0, 0), (1, 0)])
    return float(right - left)


def _draw_labels(axes: Axes, network: nx.MultiDiGraph[str], layout: Layout, renderer: RendererBase) -> None:
    """Write the names of the regions and the labels of things, where they cover no thing and no other label.

    A label that has no such place is left out. But the names of regions and the labels of the things with most
    relations (on a map of types, of the first thing of each type) may cover things.
    """
    kinds = by_kind(network)
    discs = {node: _disc(axes, *layout.places[node], layout.sizes[node]) for node in network}
    bodies = [(x, y, radius, radius) for x, y, radius in discs.values()]
    taken: list[Box] = []
    for kind, region in layout.regions.items():
        text = _text(axes, f"{kind} · {len(kinds[kind])}", fontsize=8, fontweight="bold", color=_SOFT)
        _put(text, _around(text, renderer, _disc(axes, *region))[1::-1], taken, bodies, is_sure=True)
    # on a map of types, only a few things of each type have a label
    named = [node for members in kinds.values() for node in (members[:_NAMED] if layout.regions else members)]
    named.sort(key=lambda node: (-layout.sizes[node], len(kinds[network.nodes[node]["type"]]), node))
    sure = {members[0] for members in kinds.values()} if layout.regions else set(named[:_SURE])
    for node in named:
        text = _text(axes, str(network.nodes[node]["label"]), fontsize=7, color=_INK)
        _put(text, _around(text, renderer, discs[node]), taken, bodies, is_sure=node in sure)


def _disc(axes: Axes, x: float, y: float, radius: float) -> tuple[float, float, float]:
    """Return a disc of the layout in pixels."""
    across, down = axes.transData.transform((x, y))
    return float(across), float(down), radius * _unit(axes)


def _text(axes: Axes, label: str, **style: Any) -> Text:
    return axes.text(0, 0, _shortened(label, _LONGEST), ha="center", va="center", zorder=3, bbox=_HALO, **style)


def _around(text: Text, renderer: RendererBase, disc: tuple[float, float, float]) -> list[Box]:
    """Return the boxes that a text may take beside a disc: below, above, to the right, to the left."""
    x, y, radius = disc
    extent = text.get_window_extent(renderer)
    half, rise = extent.width / 2, extent.height / 2
    up, aside = radius + rise + 1, radius + half + 4
    return [(*middle, half, rise) for middle in ((x, y - up), (x, y + up), (x + aside, y), (x - aside, y))]


def _put(text: Text, boxes: Sequence[Box], taken: list[Box], bodies: Sequence[Box], *, is_sure: bool) -> None:
    """Move a text to a box that covers no label and no body (a sure one: no label), or remove the text."""
    figure: Any = text.get_figure(root=True)  # never None, as the text is in one
    page = figure.bbox.width * (1 - _LEGEND)
    free = [box for box in boxes if box[2] <= box[0] <= page - box[2] and not _is_over(box, taken)]
    clear = [box for box in free if not _is_over(box, bodies)]
    for box in (clear or (free if is_sure else []))[:1]:
        taken.append(box)
        across, down = text.get_transform().inverted().transform(box[:2])
        text.set_position((float(across), float(down)))
        return
    text.remove()


def _is_over(box: Box, others: Iterable[Box]) -> bool:
    x, y, half, rise = box
    return any(abs(x - other[0]) < half + other[2] and abs(y - other[1]) < rise + other[3] for other in others)


def _draw_legend(axes: Axes, kinds: dict[str, list[str]]) -> None:
    axes.set_axis_off()
    axes.set_xlim(0, 10)
    axes.set_ylim(max(len(kinds), 22) + 1, 0)
    for row, (kind, members) in enumerate(kinds.items(), 1):
        shape, color = look(kind)
        axes.scatter(0.6, row, s=34, marker=_MARKS[shape], color=color, **_RIM)
        axes.text(1.4, row, f"{_shortened(kind, _LONGEST)}  {len(members)}", fontsize=8.5, color=_INK, va="center")


def _shortened(text: str, longest: int) -> str:
    """Return a text with blanks for invisible characters, which no SVG may hold; a long text is cut."""
    seen = "".join(sign if sign.isprintable() else " " for sign in text)
    return seen if len(seen) <= longest else f"{seen[: longest - 1].rstrip()}…"
