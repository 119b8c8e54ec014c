"""Trials over time: how many a year, which sponsor came when, how old trials are, and which are open for long.

The time of a trial is the day or month on which a registry first posted it; a trial without one counts as undated.
Trials that do not disclose the thing asked for have a row of their own, and so have trials of which no source reports
it. Counts are of distinct trials, including those that never enrolled anybody. The last year ends on the day when the
registries were read, so it may be incomplete.
"""

from __future__ import annotations

from itertools import pairwise
from math import inf
from statistics import median
from typing import TYPE_CHECKING

from kg.analytics.days import parse_day
from kg.analytics.table import Measure, Row
from kg.errors import UsageError, nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from kg.analytics.landscape import Fact, Landscape
    from kg.analytics.table import Cell

__all__ = ["NOT_REPORTED", "UNDISCLOSED", "age", "ages", "entries", "name_of", "open_trials", "pace", "trials_by"]

UNDISCLOSED, NOT_REPORTED = "undisclosed", "not reported"
_APART = (UNDISCLOSED, NOT_REPORTED)
_OPEN = ("Recruiting", "Not yet recruiting")
_BANDS = (1, 2, 3, 5)  # years
_DAYS_A_YEAR = 365.25


def pace(landscape: Landscape, by: str = "target") -> Measure:
    """Return how many trials were posted in each year, for each thing that trials have by a relation.

    Args:
        landscape: the trials.
        by: a relation of trials, such as ``target``, ``source``, ``group`` or ``sponsor``.

    Returns:
        A row for each thing: the number of its trials, when the first and the latest of them were posted, how many
        are undated, and how many were posted in each year. The thing with most trials comes first.

    Raises:
        UsageError: if trials have no such relation.
    """
    years = [int(day[:4]) for day in landscape.posted.values()]
    span = range(min(years), max(years) + 1) if years else range(0)
    rows = []
    for thing, trials in trials_by(landscape, by).items():
        posted = sorted(landscape.posted[trial] for trial in trials if trial in landscape.posted)
        counts = [sum(day[:4] == str(year) for day in posted) for year in span]
        first, latest = (posted[0], posted[-1]) if posted else (None, None)
        cells = (name_of(landscape, thing), len(trials), first, latest, len(trials) - len(posted), *counts)
        rows.append(Row(cells, _facts_of_group(by, trials, thing)))
    return Measure((by, "trials", "first", "latest", "undated", *map(str, span)), rows)


def entries(landscape: Landscape, by: str = "target") -> Measure:
    """Return when each sponsor entered each target, source or the like: the day its first trial of it was posted.

    Args:
        landscape: the trials.
        by: a relation of trials.

    Returns:
        A row for each thing and sponsor: the sponsor's place (1 is the first in class; sponsors of the same day share
        a place), the sponsor, the day, how many days it came after the first sponsor (empty if only months are
        known), its first trial, and how many trials it has. Things come in the order of their first trials. Left out
        are trials without a day or a sponsor, and things that are undisclosed or not reported.

    Raises:
        UsageError: if trials have no such relation.
    """
    found: list[tuple[str, str, list[Row]]] = []
    for thing, trials in trials_by(landscape, by).items():
        entered: dict[str, list[tuple[str, str]]] = {}
        for trial in trials if thing not in _APART else ():
            for sponsor in landscape.trials["sponsor"].get(trial, ()) if trial in landscape.posted else ():
                entered.setdefault(sponsor, []).append((landscape.posted[trial], trial))
        order = sorted((*min(dated), sponsor) for sponsor, dated in entered.items())
        days = [day for day, *_ in order]
        rows = [
            Row(
                (
                    landscape.labels[thing],
                    1 + days.index(day),
                    landscape.labels[sponsor],
                    day,
                    _days_between(days[0], day),
                    landscape.labels[trial],
                    len(entered[sponsor]),
                ),
                _facts_of_trial(trial, [(by, thing), ("sponsor", sponsor)]),
            )
            for day, trial, sponsor in order
        ]
        if rows:
            found.append((days[0], landscape.labels[thing], rows))
    columns = (by, "place", "sponsor", "entered", "days_after", "trial", "trials")
    return Measure(columns, [row for _, _, rows in sorted(found, key=lambda it: it[:2]) for row in rows])


def ages(landscape: Landscape, day: str = "") -> Measure:
    """Return how old the trials of each status are.

    Args:
        landscape: the trials.
        day: the ISO day on which ages are taken; if not given, the day when the latest trial was posted.

    Returns:
        A row for each status: the number of trials posted until the day, the median of their ages in years, and how
        many are in each band of age: under one year, then under two, three and five, then five and more. A trial
        whose status is unresolved is in two rows.

    Raises:
        UsageError: if the text is not an ISO day.
    """
    until = _until(landscape, day)
    rows = []
    for status, trials in trials_by(landscape, "status").items():
        dated = [trial for trial in trials if trial in landscape.posted]
        if found := [years for trial in dated if (years := age(landscape.posted[trial], until)) >= 0]:
            edges = pairwise((0, *_BANDS, inf))
            bands = [sum(low <= years < high for years in found) for low, high in edges]
            cells: tuple[Cell, ...] = (name_of(landscape, status), len(found), round(median(found), 1), *bands)
            rows.append(Row(cells, _facts_of_group("status", trials, status)))
    bands_named = (f"under_{_BANDS[0]}", *(f"under_{years}" for years in _BANDS[1:]), f"{_BANDS[-1]}_and_more")
    return Measure(("status", "trials", "median_years", *bands_named), rows)


def open_trials(landscape: Landscape, day: str = "", years: float = 3) -> Measure:
    """Return trials that were posted long ago and are still called open; their status may be stale.

    Open means that they recruit, or do not recruit yet. ClinicalTrials.gov calls the status of an open trial unknown
    if nobody has confirmed it within two years (its glossary, "Unknown status"). The graph does not hold the day of
    the last confirmation, so the age since posting stands in for it.

    Args:
        landscape: the trials.
        day: the ISO day on which ages are taken; if not given, the day when the latest trial was posted.
        years: the least age of a trial.

    Returns:
        A row for each trial: its label, its status (each one if sources disagree), the day of posting, its age in
        years, its targets, diseases, enrollment and sponsor. The oldest comes first.

    Raises:
        UsageError: if the text is not an ISO day.
    """
    until = _until(landscape, day)
    rows = []
    for trial, posted in sorted(landscape.posted.items()):
        statuses = sorted(landscape.trials["status"].get(trial, ()))
        is_open = any(landscape.labels[status] in _OPEN for status in statuses)
        if is_open and (since := age(posted, until)) >= years:
            status, target, disease, sponsor = (
                _names(landscape, it, trial) for it in ("status", "target", "disease", "sponsor")
            )
            size = landscape.enrollment.get(trial)
            cells = (landscape.labels[trial], status, posted, round(since, 1), target, disease, size, sponsor)
            rows.append(Row(cells, _facts_of_trial(trial, [("status", it) for it in statuses])))
    columns = ("trial", "status", "posted", "years", "targets", "diseases", "enrollment", "sponsor")
    return Measure(columns, sorted(rows, key=lambda row: (str(row.cells[2]), str(row.cells[0]))))


def trials_by(landscape: Landscape, relation: str) -> dict[str, list[str]]:
    """Return each thing that trials have by a relation, with its trials; the thing with most trials comes first.

    If a trial has no such thing, it stands under :data:`UNDISCLOSED` if a source says that it does not disclose one,
    else under :data:`NOT_REPORTED`. These two come last.

    Raises:
        UsageError: if trials have no such relation.
    """
    if relation not in landscape.trials:
        known = sorted(landscape.trials)
        hint = nearest(relation, known)
        raise UsageError(f"trials have no relation '{relation}'{hint}; expected one of {', '.join(known)}")
    found: dict[str, list[str]] = {}
    for trial in landscape.of_kind("trial"):
        hidden = UNDISCLOSED if relation in landscape.undisclosed.get(trial, ()) else NOT_REPORTED
        for thing in landscape.trials[relation].get(trial) or (hidden,):
            found.setdefault(thing, []).append(trial)

    def order(thing: str) -> tuple[bool, int, str]:
        return thing in _APART, -len(found[thing]), name_of(landscape, thing)

    return {thing: found[thing] for thing in sorted(found, key=order)}


def name_of(landscape: Landscape, thing: str) -> str:
    """Return the label of a thing; :data:`UNDISCLOSED` and :data:`NOT_REPORTED` are returned as they are."""
    return thing if thing in _APART else landscape.labels[thing]


def age(posted: str, until: str) -> float:
    """Return the years between two ISO days or months; a month counts as its first day."""
    return (parse_day(until) - parse_day(posted)).days / _DAYS_A_YEAR


def _until(landscape: Landscape, day: str) -> str:
    """Return the day on which ages are taken.

    Raises:
        UsageError: if the text is not an ISO day.
    """
    return parse_day(day).isoformat() if day else max(landscape.posted.values(), default="")


def _days_between(first: str, later: str) -> int | None:
    is_exact = len(first) == len(later) == len("2024-01-01")
    return (parse_day(later) - parse_day(first)).days if is_exact else None


def _names(landscape: Landscape, relation: str, trial: str) -> str | None:
    return landscape.names(landscape.trials[relation].get(trial, ())) or None


def _facts_of_group(relation: str, trials: Iterable[str], thing: str) -> Callable[[], list[Fact]]:
    return lambda: [(relation, trial, thing) for trial in trials if thing not in _APART]


def _facts_of_trial(trial: str, things: Iterable[tuple[str, str]]) -> Callable[[], list[Fact]]:
    return lambda: [(relation, trial, thing) for relation, thing in things]
