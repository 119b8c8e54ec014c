"""Figures drawn from their tables, in colours that the colour-blind tell apart.

The colours are those of Okabe and Ito (2008), "Color Universal Design", https://jfly.uni-koeln.de/color/; where they
tell something, a shape or a text tells it too.
"""

from __future__ import annotations

from datetime import date
from math import log10
from textwrap import fill
from typing import TYPE_CHECKING, Any

from kg.terms import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from kg.analytics.table import Cell

__all__ = ["DRAWINGS", "STYLE"]

Rows = list[tuple[Any, ...]]

_BLUE, _ORANGE, _GREEN, _PURPLE, _RED, _GREY = "#0072B2", "#E69F00", "#009E73", "#CC79A7", "#D55E00", "#999999"
_GROUPS = {
    "Hematologic cancer": (_BLUE, "o"),
    "Solid cancer": (_ORANGE, "s"),
    "Autoimmune disease": (_GREEN, "^"),
    "Infectious disease": (_PURPLE, "D"),
}
_OTHER = (_GREY, "v")
_LINES: dict[str, Any] = {"color": "#dddddd", "linewidth": 0.6, "zorder": 0}
_APART = ("undisclosed", "not reported")
_LONGEST = 44  # letters of a line
_ROWS, _COLUMNS = 40, 25  # that a figure shows at most; the table has all
STYLE: Any = {
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titleweight": "bold",
    "figure.constrained_layout.use": True,
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "savefig.dpi": 150,
    "svg.hashsalt": "immunokg",  # the same table gives the same bytes
    "text.parse_math": False,  # a dollar sign in a label is one
}


def _name(text: Cell) -> str:
    """Return a label in lines that are not too long."""
    return fill(one_line(str(text)), _LONGEST, max_lines=3, placeholder="…")


def _totals(rows: Rows, column: int) -> list[str]:
    """Return what a column holds, that with most trials first and what is not told last."""
    sums: dict[str, int] = {}
    for row in rows:
        sums[row[column]] = sums.get(row[column], 0) + row[-1]
    return sorted(sums, key=lambda name: (name in _APART, -sums[name], name))


def _bars(axes: Axes, title: str, pairs: Sequence[tuple[str, int]], colours: Sequence[str] | str = _BLUE) -> None:
    """Draw bars that lie, the first on top, each with its number."""
    places = range(len(pairs))
    bars = axes.barh(places, [count for _, count in pairs], color=colours)
    axes.bar_label(bars, padding=2)
    axes.set_yticks(places, [_name(name) for name, _ in pairs])
    axes.set_ylim(len(pairs) - 0.4, -0.6)
    axes.margins(x=0.12)
    axes.set_title(title, loc="left")
    axes.set_xlabel("trials")
    _count_in_whole(axes)


def _count_in_whole(axes: Axes) -> None:
    from matplotlib.ticker import MaxNLocator

    axes.xaxis.set_major_locator(MaxNLocator(integer=True))


def _grid(axes: Axes, columns: Sequence[str], rows: Sequence[str]) -> None:
    axes.set_xticks(range(len(columns)), [_name(name) for name in columns], rotation=45, ha="right")
    axes.set_yticks(range(len(rows)), [_name(name) for name in rows])
    axes.set_xlim(-0.6, len(columns) - 0.4)
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.grid(**_LINES)


def _bubbles(axes: Axes, title: str, cells: Sequence[tuple[str, str, int]], colour: Callable[[str, str], str]) -> None:
    """Draw a bubble for each column, row and count; its area is the count, which stands beside it."""
    sized = [(column, row, count) for column, row, count in cells]
    columns, rows = _totals(sized, 0)[:_COLUMNS], _totals(sized, 1)[:_ROWS]
    _grid(axes, columns, rows)
    largest = max((count for *_, count in sized), default=1)
    for column, row, count in sized:
        if column in columns and row in rows:
            at = columns.index(column), rows.index(row)
            axes.scatter(
                *at, zorder=3, s=30 + 350 * count / largest, color=colour(column, row), alpha=0.75, linewidth=0
            )
            axes.annotate(str(count), at, ha="center", va="center", fontsize=7, zorder=4)
    axes.set_title(title, loc="left")


def _legend(figure: Figure, axes: Axes, groups: Iterable[str], shape: str = "") -> None:
    """Tell below the figure which colour is which group, and which shape if each has its own."""
    names = [known for known in _GROUPS if known in groups]
    for name in names:
        axes.scatter([], [], color=_GROUPS[name][0], marker=shape or _GROUPS[name][1], label=name)
    if names:
        figure.legend(frameon=False, loc="outside lower center", ncols=len(_GROUPS))


def _of_panel(rows: Rows, name: str) -> Rows:
    return [row[1:] for row in rows if row[0] == name]


def _trials(figure: Figure, rows: Rows) -> None:
    figure.set_size_inches(12, 8.5)
    (yearly, phases), (statuses, crossed) = figure.subplots(2, 2)
    years = _of_panel(rows, "year")
    counts = [row[2] for row in years]
    places = range(len(years))
    sums = [sum(counts[: place + 1]) for place in places]
    yearly.bar(places, sums, color="#cccccc", label="so far")
    bars = yearly.bar(places, counts, color=_RED, label="in the year")
    yearly.bar_label(bars, [count or "" for count in counts], fontsize=7)
    yearly.set_xticks(places, [row[0] for row in years], rotation=45)
    yearly.set_title(f"Trials by the year of posting (n = {sum(counts)})", loc="left")
    yearly.set_ylabel("trials")
    yearly.legend(frameon=False, loc="upper left")
    _bars(phases, "Phases", [(row[0], row[2]) for row in _of_panel(rows, "phase")])
    _bars(statuses, "Statuses", [(row[0], row[2]) for row in _of_panel(rows, "status")])
    _bubbles(crossed, "Status by phase", _of_panel(rows, "phase and status"), lambda *_: _ORANGE)


def _targets(figure: Figure, rows: Rows) -> None:
    figure.set_size_inches(8, 1.5 + 0.24 * len(rows[:_ROWS]))
    shown = [(name, trials) for name, _, trials in rows[:_ROWS]]
    colours = [_GREY if name in _APART else _ORANGE if number > 1 else _BLUE for name, number, _ in rows[:_ROWS]]
    title = _cut("Trials by target; those with several targets in orange", len(rows), "rows")
    _bars(figure.subplots(), title, shown, colours)


def _cut(title: str, count: int, things: str) -> str:
    return f"{title} ({_ROWS} of {count} {things}; the table has all)" if count > _ROWS else title


def _diseases(figure: Figure, rows: Rows) -> None:
    groups, diseases = _of_panel(rows, "group"), _of_panel(rows, "disease")
    diseases.sort(key=lambda row: -row[2])
    figure.set_size_inches(10, 2.6 + 0.24 * len(diseases[:_ROWS]))
    above, below = figure.subplots(2, 1, height_ratios=[max(2, len(groups)), len(diseases[:_ROWS]) + 3])
    _bars(
        above, "Trials by group of diseases", [(row[0], row[2]) for row in groups], [_colour(row[0]) for row in groups]
    )
    shown = [(row[0], row[2]) for row in diseases[:_ROWS]]
    _bars(
        below,
        _cut("Trials by disease", len(diseases), "diseases"),
        shown,
        [_colour(row[1]) for row in diseases[:_ROWS]],
    )
    _legend(figure, below, {row[1] for row in diseases}, "s")


def _colour(group: str) -> str:
    return _GROUPS.get(group, _OTHER)[0]


def _sources(figure: Figure, rows: Rows) -> None:
    figure.set_size_inches(12, 4.5)
    left, right = figure.subplots(1, 2)
    alone = _of_panel(rows, "source")
    _bars(left, "Trials by cell source", [(r[0], r[2]) for r in alone], [_grey_if_hidden(row[0]) for row in alone])
    crossed = [(source, group, count) for source, group, count in _of_panel(rows, "source and group")]
    _bubbles(right, "Cell source by group of diseases", crossed, lambda _, group: _colour(group))


def _grey_if_hidden(name: str) -> str:
    return _GREY if name in _APART else _BLUE


def _enrollment(figure: Figure, rows: Rows) -> None:
    figure.set_size_inches(7, 4)
    axes = figure.subplots()
    axes.bar_label(axes.bar([row[0] for row in rows], [row[1] for row in rows], color=_BLUE))
    axes.set_title("Trials by patients, enrolled or planned", loc="left")
    axes.set_xlabel("patients")
    axes.set_ylabel("trials")


def _heatmap(figure: Figure, rows: Rows) -> None:
    columns, lines = _totals(rows, 1)[:_COLUMNS], _totals(rows, 0)[:_ROWS]
    figure.set_size_inches(3.5 + 0.8 * len(columns), 2 + 0.26 * len(lines))
    axes = figure.subplots()
    counts = {row[:2]: row[2] for row in rows}
    field = [[log10(1 + counts.get((line, column), 0)) for column in columns] for line in lines]
    axes.imshow(field or [[0]], cmap="Blues", aspect="auto")
    _grid(axes, columns, lines)
    axes.grid(visible=False)
    for (line, column), count in counts.items():
        if line in lines and column in columns:
            at = columns.index(column), lines.index(line)
            dark = log10(1 + count) > 0.6 * max(map(max, field))
            axes.annotate(str(count), at, ha="center", va="center", color="white" if dark else "black", fontsize=8)
    axes.set_title("Trials by target and cell source; empty: none reported", loc="left")


def _target_bubbles(figure: Figure, rows: Rows) -> None:
    figure.set_size_inches(13, 12)
    axes = figure.subplots()
    group = {row[1]: row[2] for row in rows}
    cells = [(target, disease, count) for target, disease, _, count in rows]
    title = _cut("Trials by target and disease", len({row[1] for row in rows}), "diseases")
    _bubbles(axes, title, cells, lambda _, disease: _colour(group[disease]))
    _legend(figure, axes, set(group.values()), "o")


def _sponsors(figure: Figure, rows: Rows) -> None:
    names = list(dict.fromkeys(row[0] for row in rows))
    several = [name for name in names if sum(row[0] == name for row in rows) > 1][:_ROWS]
    figure.set_size_inches(12, 2 + 0.36 * len(several))
    axes = figure.subplots()
    nearby: dict[tuple[str, int], int] = {}
    for sponsor, _, posted, group in rows:
        if sponsor in several:
            colour, shape = _GROUPS.get(group, _OTHER)
            month = sponsor, round(_year(posted) * 8)
            nearby[month] = nearby.get(month, -1) + 1  # those of one time lie below each other
            place = several.index(sponsor) + 0.17 * nearby[month]
            axes.scatter(_year(posted), place, color=colour, marker=shape, s=22, zorder=3, linewidth=0)
    axes.set_yticks(range(len(several)), [_name(name) for name in several])
    axes.set_ylim(len(several) - 0.4, -0.6)
    axes.grid(**_LINES)
    axes.set_title(f"When sponsors of several trials posted them ({len(several)} of {len(names)} sponsors)", loc="left")
    axes.set_xlabel("first posted")
    _count_in_whole(axes)
    _legend(figure, axes, {row[3] for row in rows if row[0] in several})


def _year(posted: str) -> float:
    day = date.fromisoformat(posted if len(posted) == len("2024-01-01") else f"{posted}-15")
    return day.year + (day.timetuple().tm_yday - 1) / 366


def _dosage(figure: Figure, rows: Rows) -> None:
    ranges = [row for row in rows if row[0] == "starting dose"]
    levels = [row for row in rows if row[0] == "dose level"]
    names = list(dict.fromkeys(row[2] for row in levels))
    figure.set_size_inches(11, 4 + 0.3 * len(names))
    above, below = figure.subplots(2, 1, height_ratios=[len(ranges) + 1, len(names) + 1], sharex=True)
    for place, (_, group, _, unit, lower, upper) in enumerate(ranges):
        above.plot([lower, upper], [place, place], color=_colour(group), linewidth=5, solid_capstyle="butt")
        text = f"{_short(lower)} to {_short(upper)} {unit}"
        above.annotate(text, (upper, place), (6, -3), textcoords="offset points", backgroundcolor="white")
    above.set_yticks(range(len(ranges)), [f"{row[1]}, {row[3]}" for row in ranges])
    above.set_ylim(len(ranges) - 0.4, -0.6)
    above.set_title("Starting doses in dose escalation: the range of each group of diseases", loc="left")
    for _, group, trial, unit, dose, _ in levels:
        is_flat = unit == "cells"
        below.scatter(dose, names.index(trial), color=_colour(group), marker="o" if is_flat else "^", s=40, zorder=3)
    below.set_yticks(range(len(names)), [_name(name) for name in names])
    below.set_ylim(len(names) - 0.4, -0.6)
    below.set_title("Dose levels of trials that report results: ● cells, ▲ cells/kg", loc="left")
    below.set_xscale("log")
    below.set_xlim(right=1e12)
    below.set_xlabel("cells, or cells per kg of weight")
    for axes in (above, below):
        axes.grid(**_LINES)
    below.xaxis.set_major_formatter(lambda dose, _: _short(dose))
    _legend(figure, below, {row[1] for row in rows}, "s")


def _short(dose: float) -> str:
    for size, name in ((1e9, "billion"), (1e6, "million"), (1e3, "thousand")):
        if dose >= size:
            return f"{dose / size:g} {name}"
    return f"{dose:g}"


DRAWINGS: dict[str, Callable[[Figure, Rows], None]] = {
    "trials": _trials,
    "targets": _targets,
    "diseases": _diseases,
    "sources": _sources,
    "dosage": _dosage,
    "enrollment": _enrollment,
    "heatmap": _heatmap,
    "bubbles": _target_bubbles,
    "sponsors": _sponsors,
}
"""The name of a figure -> what draws its rows on it."""
