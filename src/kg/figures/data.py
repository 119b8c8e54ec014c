"""The table of each figure: the figure is drawn from it, and it is written beside the figure as CSV.

The tables count the trials of the registries as the review of 2025 does: they leave out trials that enrolled nobody,
and keep trials whose enrollment is not reported. A trial counts once for each thing that it has. If it has none, it
counts once under "undisclosed" or "not reported".
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from kg.analytics.pace import NOT_REPORTED, UNDISCLOSED, name_of, trials_by
from kg.analytics.table import Measure, Row
from kg.engines.asking import select
from kg.model.terms import value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pyoxigraph import Store

    from kg.analytics.landscape import Landscape
    from kg.analytics.table import Cell

__all__ = ["DATA"]

_APART = (UNDISCLOSED, NOT_REPORTED)
_SIZES = ((10, "1 to 10"), (20, "11 to 20"), (30, "21 to 30"), (50, "31 to 50"), (100, "51 to 100"))
_LARGEST = "over 100"
# starting doses that a source gives for a group of diseases, and dose levels that it gives for a trial
_DOSES = """
PREFIX kg: <https://w3id.org/immunokg/ontology/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?panel ?what ?trial ?unit ?lower ?upper
WHERE {
  {
    ?it a kg:Finding ; kg:measures/rdfs:label "starting dose" ; kg:hasTerm/rdfs:label ?what ;
        kg:lowerBound ?lower ; kg:upperBound ?upper .
    BIND("starting dose" AS ?panel)
  }
  UNION
  {
    ?it kg:role "investigational" ; kg:dose ?lower ; kg:givenTo ?to .
    ?to kg:ofTrial? ?trial . ?trial a kg:ClinicalTrial ; rdfs:label ?what .
    BIND(?lower AS ?upper)
    BIND("dose level" AS ?panel)
  }
  ?it kg:unit ?unit ; kg:standing ?standing .
  FILTER (?unit IN ("cells", "cells/kg") && ?standing != "rejected")
}
"""


def _table(columns: str, rows: Iterable[tuple[Cell, ...]]) -> Measure:
    """Return rows of cells without their facts: a figure does not show evidence."""
    return Measure(tuple(columns.split()), [Row(cells, tuple) for cells in rows])


def _counted(landscape: Landscape, relation: str) -> dict[str, list[str]]:
    """Return thing -> the counted trials that have it by a relation; the thing with most trials comes first."""
    kept = {
        thing: [trial for trial in trials if trial in landscape.posted and landscape.enrollment.get(trial) != 0]
        for thing, trials in trials_by(landscape, relation).items()
    }
    order = sorted(kept, key=lambda thing: (thing in _APART, -len(kept[thing])))
    return {thing: kept[thing] for thing in order if kept[thing]}


def _crossed(landscape: Landscape, first: str, second: str) -> Iterator[tuple[str, str, int]]:
    """Yield each pair of things that trials share, one of each relation, with the number of these trials."""
    columns = _counted(landscape, second)
    place = {other: number for number, other in enumerate(columns)}
    others_of: dict[str, list[str]] = {}
    for other, trials in columns.items():
        for trial in trials:
            others_of.setdefault(trial, []).append(other)
    for thing, trials in _counted(landscape, first).items():
        counts = Counter(other for trial in trials for other in others_of.get(trial, ()))
        yield from ((thing, other, counts[other]) for other in sorted(counts, key=place.__getitem__))


def _panel_of_one(landscape: Landscape, relation: str) -> Iterator[tuple[str, str, str, int]]:
    for thing, trials in _counted(landscape, relation).items():
        yield relation, name_of(landscape, thing), "", len(trials)


def _panel_of_two(landscape: Landscape, first: str, second: str) -> Iterator[tuple[str, str, str, int]]:
    for thing, other, count in _crossed(landscape, first, second):
        yield f"{first} and {second}", name_of(landscape, thing), name_of(landscape, other), count


def _trials(landscape: Landscape, store: Store) -> Measure:
    years: dict[int, int] = {}
    for trial in set().union(*_counted(landscape, "status").values()):
        year = int(landscape.posted[trial][:4])
        years[year] = years.get(year, 0) + 1
    span = range(min(years), max(years) + 1) if years else range(0)
    rows = [("year", str(year), "", years.get(year, 0)) for year in span]
    rows += [*_panel_of_one(landscape, "phase"), *_panel_of_one(landscape, "status")]
    return _table("panel category status trials", [*rows, *_panel_of_two(landscape, "phase", "status")])


def _targets(landscape: Landscape, store: Store) -> Measure:
    """Count sets of targets: a trial with two targets counts for the pair of them, not for each of them."""
    trials_of: dict[tuple[str, int], set[str]] = {}
    for thing, trials in _counted(landscape, "target").items():
        for trial in trials:
            names = sorted(landscape.labels[it] for it in landscape.trials["target"].get(trial, ()))
            trials_of.setdefault(("/".join(names) or thing, len(names)), set()).add(trial)
    order = sorted(trials_of, key=lambda it: (it[0] in _APART, -len(trials_of[it]), it[0]))
    return _table("targets number trials", [(*targets, len(trials_of[targets])) for targets in order])


def _groups_of(landscape: Landscape, diseases: Iterable[str]) -> dict[str, str]:
    """Return the labels of the groups of each disease: those above the disease itself, not all groups of its trials."""
    groups = frozenset[str]().union(*landscape.trials["group"].values())
    return {disease: landscape.names(groups & landscape.above(disease)) for disease in diseases}


def _diseases(landscape: Landscape, store: Store) -> Measure:
    counted = _counted(landscape, "disease")
    groups = _groups_of(landscape, counted)
    rows = [("disease", name_of(landscape, it), groups[it], len(trials)) for it, trials in counted.items()]
    return _table("panel disease group trials", [*_panel_of_one(landscape, "group"), *rows])


def _sources(landscape: Landscape, store: Store) -> Measure:
    rows = [*_panel_of_one(landscape, "source"), *_panel_of_two(landscape, "source", "group")]
    return _table("panel source group trials", rows)


def _enrollment(landscape: Landscape, store: Store) -> Measure:
    counts = dict.fromkeys([*(name for _, name in _SIZES), _LARGEST], 0)
    for trial in landscape.posted:
        size = landscape.enrollment.get(trial)
        if size is None:
            counts[NOT_REPORTED] = counts.get(NOT_REPORTED, 0) + 1
        elif size:
            counts[next((name for upper, name in _SIZES if size <= upper), _LARGEST)] += 1
    return _table("patients trials", counts.items())


def _heatmap(landscape: Landscape, store: Store) -> Measure:
    crossed = _crossed(landscape, "target", "source")
    return _table(
        "target source trials",
        [(name_of(landscape, target), name_of(landscape, source), count) for target, source, count in crossed],
    )


def _bubbles(landscape: Landscape, store: Store) -> Measure:
    crossed = list(_crossed(landscape, "target", "disease"))
    groups = _groups_of(landscape, {disease for _, disease, _ in crossed})
    return _table(
        "target disease group trials",
        [(name_of(landscape, it), name_of(landscape, disease), groups[disease], n) for it, disease, n in crossed],
    )


def _sponsors(landscape: Landscape, store: Store) -> Measure:
    posted, groups = landscape.posted, landscape.trials["group"]
    rows = [
        (name_of(landscape, sponsor), landscape.labels[trial], posted[trial], landscape.names(groups.get(trial, ())))
        for sponsor, trials in _counted(landscape, "sponsor").items()
        for trial in sorted(trials, key=lambda trial: (posted[trial], trial))
    ]
    return _table("sponsor trial posted group", rows)


def _dosage(landscape: Landscape, store: Store) -> Measure:
    found: set[tuple[str, str, str, str, float, float]] = set()
    for panel, what, trial, unit, *bounds in select(store, _DOSES):
        group = landscape.names(landscape.trials["group"].get(trial.value, ())) if trial else what.value
        lower, upper = (value(bound) for bound in bounds)
        if isinstance(lower, int | float) and isinstance(upper, int | float):
            found.add((panel.value, group, what.value, unit.value, float(lower), float(upper)))
    rows = sorted(found, key=lambda it: (it[0] != "starting dose", *it[1:]))
    return _table("panel group what unit lower upper", rows)


DATA: dict[str, Callable[[Landscape, Store], Measure]] = {
    "trials": _trials,
    "targets": _targets,
    "diseases": _diseases,
    "sources": _sources,
    "dosage": _dosage,
    "enrollment": _enrollment,
    "heatmap": _heatmap,
    "bubbles": _bubbles,
    "sponsors": _sponsors,
}
"""The name of a figure -> the function that makes its table from a landscape and the dataset it was read from."""
