"""The figures, each drawn from its table."""

from __future__ import annotations

from datetime import date
from math import log10
from typing import TYPE_CHECKING, Any

from kg.figures.marks import (
    APART,
    BLUE,
    GREY,
    LINES,
    ORANGE,
    RED,
    bars,
    bubbles,
    colour,
    count_in_whole,
    first,
    grid,
    hidden_grey,
    legend,
    mark,
    name,
    totals,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["DRAWINGS"]

Rows = list[tuple[Any, ...]]

_ROWS, _COLUMNS = 40, 30  # a figure shows so many at most; the table has all
_NEAR = 0.1  # if less than so many years lie between two trials, their marks would overlap


def _cut(title: str, **counts: tuple[int, int]) -> str:
    """Return a title; if a figure shows only some of the things, the title adds how many of how many."""
    cuts = [f"{shown} of {count} {things}" for things, (shown, count) in counts.items() if shown < count]
    return f"{title} ({', '.join(cuts)}; the table has all)" if cuts else title


def _of_panel(rows: Rows, panel: str) -> Rows:
    return [row[1:] for row in rows if row[0] == panel]


def _trials(figure: Figure, rows: Rows) -> None:
    figure.set_size_inches(12, 8.5)
    (yearly, phases), (statuses, crossed) = figure.subplots(2, 2)
    years = _of_panel(rows, "year")
    counts = [row[2] for row in years]
    places = range(len(years))
    sums = [sum(counts[: place + 1]) for place in places]
    yearly.bar(places, sums, color="#cccccc", label="so far")
    drawn = yearly.bar(places, counts, color=RED, label="in the year")
    yearly.bar_label(drawn, [count or "" for count in counts], fontsize=7)
    yearly.set_xticks(places, [row[0] for row in years], rotation=45)
    yearly.set_title(f"Trials by the year of posting (n = {sum(counts)})", loc="left")
    yearly.set_ylabel("trials")
    yearly.legend(frameon=False, loc="upper left")
    bars(phases, "Phases", [(row[0], row[2]) for row in _of_panel(rows, "phase")])
    status = [(row[0], row[2]) for row in _of_panel(rows, "status")]
    more = sum(count for _, count in status) - sum(counts)
    bars(statuses, f"Statuses ({more} more than trials, as sources disagree)" if more else "Statuses", status)
    bubbles(crossed, _of_panel(rows, "phase and status"), lambda *_: ORANGE)
    crossed.set_title("Status by phase", loc="left")


def _targets(figure: Figure, rows: Rows) -> None:
    names = first([row[0] for row in rows], _ROWS)
    shown = [row for row in rows if row[0] in names]
    figure.set_size_inches(8, 1.5 + 0.24 * len(shown))
    colours = [GREY if it in APART else ORANGE if number > 1 else BLUE for it, number, _ in shown]
    title = _cut("Trials by target; those with several targets in orange", rows=(len(shown), len(rows)))
    bars(figure.subplots(), title, [(it, trials) for it, _, trials in shown], colours)


def _diseases(figure: Figure, rows: Rows) -> None:
    groups, diseases = _of_panel(rows, "group"), _of_panel(rows, "disease")
    names = first([row[0] for row in diseases], _ROWS)
    shown = [row for row in diseases if row[0] in names]
    figure.set_size_inches(10, 2.6 + 0.24 * len(shown))
    above, below = figure.subplots(2, 1, height_ratios=[max(2, len(groups)), len(shown) + 3])
    bars(above, "Trials by group of diseases", [(row[0], row[2]) for row in groups], [colour(row[0]) for row in groups])
    title = _cut("Trials by disease", diseases=(len(shown), len(diseases)))
    bars(below, title, [(row[0], row[2]) for row in shown], [colour(row[1]) for row in shown])
    legend(figure, below, {row[0] for row in groups} | {row[1] for row in shown}, "s")


def _sources(figure: Figure, rows: Rows) -> None:
    figure.set_size_inches(12, 4.5)
    left, right = figure.subplots(1, 2)
    alone = _of_panel(rows, "source")
    bars(left, "Trials by cell source", [(row[0], row[2]) for row in alone])
    bubbles(right, _of_panel(rows, "source and group"), lambda _, group: colour(group))
    right.set_title("Cell source by group of diseases", loc="left")


def _enrollment(figure: Figure, rows: Rows) -> None:
    figure.set_size_inches(7, 4)
    axes = figure.subplots()
    colours = [hidden_grey(row[0]) for row in rows]
    axes.bar_label(axes.bar([row[0] for row in rows], [row[1] for row in rows], color=colours))
    axes.set_title("Trials by patients, enrolled or planned", loc="left")
    axes.set_xlabel("patients")
    axes.set_ylabel("trials")


def _heatmap(figure: Figure, rows: Rows) -> None:
    sources, targets = totals(rows, 1), totals(rows, 0)
    columns, lines = first(sources, _COLUMNS), first(targets, _ROWS)
    figure.set_size_inches(3.5 + 0.8 * len(columns), 2 + 0.26 * len(lines))
    axes = figure.subplots()
    counts = {row[:2]: row[2] for row in rows if row[0] in lines and row[1] in columns}
    field = [[log10(1 + counts.get((line, column), 0)) for column in columns] for line in lines]
    axes.imshow(field or [[0]], cmap="Blues", aspect="auto")
    grid(axes, columns, lines)
    axes.grid(visible=False)
    for (line, column), count in counts.items():
        at = columns.index(column), lines.index(line)
        is_dark = log10(1 + count) > 0.6 * max(map(max, field))
        axes.annotate(str(count), at, ha="center", va="center", color="white" if is_dark else "black", fontsize=8)
    cuts = {"targets": (len(lines), len(targets)), "sources": (len(columns), len(sources))}
    axes.set_title(_cut("Trials by target and cell source; empty: none reported", **cuts), loc="left")


def _target_bubbles(figure: Figure, rows: Rows) -> None:
    figure.set_size_inches(14, 12)
    axes = figure.subplots()
    diseases, targets = totals(rows, 1), totals(rows, 0)
    lines = first(diseases, _ROWS)
    columns = first(totals([row for row in rows if row[1] in lines], 0), _COLUMNS)
    cells = [(target, it, count) for target, it, _, count in rows if it in lines and target in columns]
    group = {row[1]: row[2] for row in rows if row[1] in lines}
    bubbles(axes, cells, lambda _, disease: colour(group[disease]))
    cuts = {"targets": (len(columns), len(targets)), "diseases": (len(lines), len(diseases))}
    axes.set_title(_cut("Trials by target and disease", **cuts), loc="left")
    legend(figure, axes, group.values(), "o")


def _sponsors(figure: Figure, rows: Rows) -> None:
    trials: dict[str, list[tuple[float, str]]] = {}
    for sponsor, _, posted, group in rows:
        trials.setdefault(sponsor, []).append((_year(posted), group))
    several = [sponsor for sponsor, found in trials.items() if len(found) > 1]
    shown = several[:_ROWS]
    figure.set_size_inches(12, 2 + 0.42 * len(shown))
    axes = figure.subplots()
    for place, sponsor in enumerate(shown):
        dated = sorted(trials[sponsor])
        for (year, group), depth in zip(dated, _depths([year for year, _ in dated]), strict=True):
            hue, shape = mark(group)
            axes.scatter(year, place + depth, color=hue, marker=shape, s=18, zorder=3, linewidth=0)
    axes.set_yticks(range(len(shown)), [name(it) for it in shown])
    axes.set_ylim(len(shown) - 0.4, -0.6)
    axes.grid(**LINES)
    axes.set_title(f"When sponsors of several trials posted them ({len(shown)} of {len(trials)} sponsors)", loc="left")
    axes.set_xlabel("first posted")
    count_in_whole(axes)
    legend(figure, axes, {group for sponsor in shown for _, group in trials[sponsor]})


def _depths(years: Sequence[float]) -> list[float]:
    """Return for each of some sorted times how far its mark lies below its line, so that near marks do not overlap.

    However many marks there are, none comes near the next line.
    """
    ends: list[float] = []  # the latest time on each lane
    lanes = []
    for year in years:
        lane = next((number for number, end in enumerate(ends) if year - end > _NEAR), len(ends))
        ends[lane : lane + 1] = [year]
        lanes.append(lane)
    step = min(0.17, 0.6 / max(len(ends) - 1, 1))
    return [lane * step for lane in lanes]


def _year(posted: str) -> float:
    day = date.fromisoformat(posted if len(posted) == len("2024-01-01") else f"{posted}-15")
    return day.year + (day.timetuple().tm_yday - 1) / 366


def _dosage(figure: Figure, rows: Rows) -> None:
    ranges = [row[1:] for row in rows if row[0] == "starting dose"]
    levels = [row[1:] for row in rows if row[0] == "dose level"]
    trials = list(dict.fromkeys(row[1] for row in levels))
    figure.set_size_inches(11, 4 + 0.3 * len(trials))
    above, below = figure.subplots(2, 1, height_ratios=[len(ranges) + 1, len(trials) + 1], sharex=True)
    _dose_ranges(above, ranges)
    _dose_levels(below, levels, trials)
    for axes in (above, below):
        axes.grid(**LINES)
    below.xaxis.set_major_formatter(lambda dose, _: _short(dose))
    legend(figure, below, {row[1] for row in rows}, "s")


def _dose_ranges(axes: Axes, rows: Rows) -> None:
    for place, (group, _, unit, lower, upper) in enumerate(rows):
        axes.plot([lower, upper], [place, place], color=colour(group), linewidth=5, solid_capstyle="butt")
        text = f"{_short(lower)} to {_short(upper)} {unit}"
        axes.annotate(text, (upper, place), (6, -3), textcoords="offset points", backgroundcolor="white")
    axes.set_yticks(range(len(rows)), [f"{row[0]}, {row[2]}" for row in rows])
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.set_title("Starting doses in dose escalation: the range of each group of diseases", loc="left")


def _dose_levels(axes: Axes, rows: Rows, trials: Sequence[str]) -> None:
    for group, trial, unit, dose, _ in rows:
        shape = "o" if unit == "cells" else "^"
        axes.scatter(dose, trials.index(trial), color=colour(group), marker=shape, s=40, zorder=3)
    axes.set_yticks(range(len(trials)), [name(it) for it in trials])
    axes.set_ylim(len(trials) - 0.4, -0.6)
    axes.set_title("Dose levels of trials that report results: ● cells, ▲ cells/kg", loc="left")
    axes.set_xscale("log")
    axes.set_xlim(right=1e12)
    axes.set_xlabel("cells, or cells per kg of weight")


def _short(dose: float) -> str:
    for size, word in ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"), (1e3, "thousand")):
        if dose >= size:
            return f"{dose / size:g} {word}"
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
"""The name of a figure -> the function that draws its rows."""
