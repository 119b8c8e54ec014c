"""How fast things move: trials a year, who was first and who came when, and trials that have been open for long.

Time is when a trial was first posted, as a registry has it; a trial without that is counted as undated. What a trial
does not disclose, and what no source reports of it, are rows of their own. Counts are of distinct trials, those that
never enrolled anybody among them; the last year is as long as the registries were read.
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
    """Return how many trials were posted in each year, by what they have in a relation.

    Args:
        landscape: the trials.
        by: a relation of trials, such as ``target``, ``source``, ``group`` or ``sponsor``.

    Returns:
        For each thing the number of trials, when the first and the latest was posted, how many are undated, and
        those of each year; the thing with most trials first.

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
    """Return when each sponsor entered what trials have in a relation: its first trial there, by the day of posting.

    Args:
        landscape: the trials.
        by: a relation of trials.

    Returns:
        A row for each thing and sponsor: the sponsor's place (sponsors of one day share it; 1 is the first in class),
        the sponsor, the day, how many days after the first, empty where only months are known, the first trial and
        how many the sponsor has. Things come in the order of their first trials. Trials without a day or a sponsor,
        and what is undisclosed or not reported, are left out.

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
        day: an ISO day to count from; that of the latest trial if not given.

    Returns:
        For each status the number of trials posted until the day, the median of their years since, and how many are
        younger than one year, two, three, five, and older. A trial whose status is unresolved is in two rows.

    Raises:
        UsageError: if the day is none.
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
    """Return the trials that were posted long ago and still recruit, or are yet to: is their status stale?

    ClinicalTrials.gov calls unknown what was open and has not been confirmed within two years (its glossary, "Unknown
    status"). The day of the last confirmation is not in the graph, so age since posting stands in for it.

    Args:
        landscape: the trials.
        day: an ISO day to count from; that of the latest trial if not given.
        years: how old a trial is at least.

    Returns:
        The trial, its status (each one where the sources disagree), the day of posting, the years since, targets,
        diseases, enrollment and sponsor; the oldest first.

    Raises:
        UsageError: if the day is none.
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
    """Return what trials have in a relation, each with its trials, that with most first.

    A trial of which a source says that it does not disclose it is under :data:`UNDISCLOSED`, one of which nothing is
    said under :data:`NOT_REPORTED`; these come last.

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
    """Return the label of a thing, or how it is told that there is none."""
    return thing if thing in _APART else landscape.labels[thing]


def age(posted: str, until: str) -> float:
    """Return the years between two ISO days or months; of a month the first day is taken."""
    return (parse_day(until) - parse_day(posted)).days / _DAYS_A_YEAR


def _until(landscape: Landscape, day: str) -> str:
    """Return the day that ages are counted to.

    Raises:
        UsageError: if it is no ISO day.
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
