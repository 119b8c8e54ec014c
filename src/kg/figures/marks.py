"""The parts of figures: bars, bubbles, labels and legends, in colours that colour-blind people can tell apart.

The colours are those of Okabe and Ito (2008), "Color Universal Design", https://jfly.uni-koeln.de/color/. Whatever a
colour tells, a shape or a text tells too.
"""

from __future__ import annotations

from textwrap import fill
from typing import TYPE_CHECKING, Any

from kg.analytics.pace import NOT_REPORTED, UNDISCLOSED
from kg.model.terms import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from kg.analytics.table import Cell

__all__ = [
    "APART",
    "BLUE",
    "GREY",
    "LINES",
    "ORANGE",
    "RED",
    "STYLE",
    "bars",
    "bubbles",
    "colour",
    "count_in_whole",
    "first",
    "grid",
    "hidden_grey",
    "legend",
    "mark",
    "name",
    "totals",
]

BLUE, ORANGE, GREEN, PURPLE, RED, GREY = "#0072B2", "#E69F00", "#009E73", "#CC79A7", "#D55E00", "#999999"
APART = (UNDISCLOSED, NOT_REPORTED)
LINES: dict[str, Any] = {"color": "#dddddd", "linewidth": 0.6, "zorder": 0}
STYLE: Any = {
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titleweight": "bold",
    "figure.constrained_layout.use": True,
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "savefig.dpi": 150,
    "svg.hashsalt": "immunokg",  # the same table gives the same bytes
    "text.parse_math": False,  # a dollar sign in a label is a dollar sign
}
_GROUPS = {
    "Hematologic cancer": (BLUE, "o"),
    "Solid cancer": (ORANGE, "s"),
    "Autoimmune disease": (GREEN, "^"),
    "Infectious disease": (PURPLE, "D"),
}
_OTHER, _OTHER_NAME = (GREY, "v"), "several of them, or none told"
_LONGEST = 44  # letters in a line of a label


def name(text: Cell) -> str:
    """Return a label broken into at most three short lines."""
    return fill(one_line(str(text)), _LONGEST, max_lines=3, placeholder="…")


def first(names: Sequence[str], count: int) -> list[str]:
    """Return the first names, as many as the count; "undisclosed" and "not reported" come last and are always kept."""
    told = [it for it in names if it not in APART]
    apart = [it for it in names if it in APART]
    return told[: count - len(apart)] + apart


def totals(rows: Iterable[tuple[Any, ...]], column: int) -> list[str]:
    """Return the names in a column, by falling number of trials; "undisclosed" and "not reported" come last."""
    sums: dict[str, int] = {}
    for row in rows:
        sums[row[column]] = sums.get(row[column], 0) + row[-1]
    return sorted(sums, key=lambda it: (it in APART, -sums[it], it))


def mark(group: str) -> tuple[str, str]:
    """Return the colour and the shape of a group of diseases."""
    return _GROUPS.get(group, _OTHER)


def colour(group: str) -> str:
    """Return the colour of a group of diseases."""
    return mark(group)[0]


def hidden_grey(text: str) -> str:
    """Return grey for "undisclosed" and "not reported", else blue."""
    return GREY if text in APART else BLUE


def bars(axes: Axes, title: str, pairs: Sequence[tuple[str, int]], colours: Sequence[str] | None = None) -> None:
    """Draw horizontal bars, the first on top, each with its number; :func:`hidden_grey` gives the default colours."""
    places = range(len(pairs))
    drawn = axes.barh(places, [count for _, count in pairs], color=colours or [hidden_grey(it) for it, _ in pairs])
    axes.bar_label(drawn, padding=2)
    axes.set_yticks(places, [name(it) for it, _ in pairs])
    axes.set_ylim(len(pairs) - 0.4, -0.6)
    axes.margins(x=0.12)
    axes.set_title(title, loc="left")
    axes.set_xlabel("trials")
    count_in_whole(axes)


def bubbles(axes: Axes, cells: Sequence[tuple[str, str, int]], colour_of: Callable[[str, str], str]) -> None:
    """Draw a bubble for each cell (column, row and count); its area shows the count, which is also written on it."""
    columns, rows = totals(cells, 0), totals(cells, 1)
    grid(axes, columns, rows)
    largest = max((count for *_, count in cells), default=1)
    for column, row, count in cells:
        at = columns.index(column), rows.index(row)
        size = 30 + 350 * count / largest
        axes.scatter(*at, zorder=3, s=size, color=colour_of(column, row), alpha=0.75, linewidth=0)
        axes.annotate(str(count), at, ha="center", va="center", fontsize=7, zorder=4)


def grid(axes: Axes, columns: Sequence[str], rows: Sequence[str]) -> None:
    """Label the columns and rows of a chart, and draw the lines of its grid."""
    axes.set_xticks(range(len(columns)), [name(it) for it in columns], rotation=45, ha="right")
    axes.set_yticks(range(len(rows)), [name(it) for it in rows])
    axes.set_xlim(-0.6, len(columns) - 0.4)
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.grid(**LINES)


def legend(figure: Figure, axes: Axes, groups: Iterable[str], shape: str = "") -> None:
    """Draw a legend below the figure: the colour of each group of diseases, and its shape if none is given for all."""
    found = set(groups)
    shown = [(known, mark(known)) for known in _GROUPS if known in found]
    if found - _GROUPS.keys():
        shown.append((_OTHER_NAME, _OTHER))
    for label, (hue, own) in shown:
        axes.scatter([], [], color=hue, marker=shape or own, label=label)
    if shown:
        figure.legend(frameon=False, loc="outside lower center", ncols=len(shown))


def count_in_whole(axes: Axes) -> None:
    """Number an axis in whole numbers."""
    from matplotlib.ticker import MaxNLocator

    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
