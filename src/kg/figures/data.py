"""The numbers of each figure as one table, from which the figure is drawn and which lies beside it as CSV.

Counted are the trials of the registries that enrolled or are to enroll somebody, as the review of 2025 counts them. A
trial counts once for each thing that it has, and once under "undisclosed" or "not reported" where it has none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.analytics.pace import NOT_REPORTED, UNDISCLOSED, name_of, trials_by
from kg.analytics.table import Measure, Row
from kg.queries import select

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pyoxigraph import Store

    from kg.analytics.landscape import Fact, Landscape
    from kg.analytics.table import Cell

__all__ = ["DATA"]

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


def _counted(landscape: Landscape, relation: str) -> dict[str, list[str]]:
    """Return what counted trials have in a relation, each with these trials."""
    kept = {
        thing: [trial for trial in trials if trial in landscape.posted and landscape.enrollment.get(trial)]
        for thing, trials in trials_by(landscape, relation).items()
    }
    order = sorted(kept, key=lambda thing: (thing in (UNDISCLOSED, NOT_REPORTED), -len(kept[thing])))
    return {thing: kept[thing] for thing in order if kept[thing]}


def _row(cells: tuple[Cell, ...], relations: Iterable[tuple[str, str]], trials: Iterable[str]) -> Row:
    things = [(relation, thing) for relation, thing in relations if thing not in (UNDISCLOSED, NOT_REPORTED)]
    return Row(cells, lambda: [(relation, trial, thing) for trial in trials for relation, thing in things])


def _crossed(landscape: Landscape, first: str, second: str) -> list[Row]:
    """Return how many trials have what in both relations."""
    columns = _counted(landscape, second)
    rows = []
    for thing, trials in _counted(landscape, first).items():
        for other, others in columns.items():
            if both := sorted(set(trials) & set(others)):
                cells = name_of(landscape, thing), name_of(landscape, other), len(both)
                rows.append(_row(cells, [(first, thing), (second, other)], both))
    return rows


def _panel(name: str, rows: Iterable[Row]) -> list[Row]:
    return [Row((name, *row.cells), row.facts) for row in rows]


def _alone(landscape: Landscape, relation: str) -> list[Row]:
    return [
        _row((name_of(landscape, thing), "", len(trials)), [(relation, thing)], trials)
        for thing, trials in _counted(landscape, relation).items()
    ]


def _trials(landscape: Landscape, store: Store) -> Measure:
    years: dict[str, list[str]] = {}
    for trials in _counted(landscape, "status").values():
        for trial in trials:
            years.setdefault(landscape.posted[trial][:4], []).append(trial)
    span = range(int(min(years)), int(max(years)) + 1) if years else range(0)
    yearly = [_row((str(year), "", len(set(years.get(str(year), ())))), (), ()) for year in span]
    rows = _panel("year", yearly) + _panel("phase", _alone(landscape, "phase"))
    rows += _panel("status", _alone(landscape, "status"))
    rows += _panel("phase and status", _crossed(landscape, "phase", "status"))
    return Measure(("panel", "category", "status", "trials"), rows)


def _targets(landscape: Landscape, store: Store) -> Measure:
    """Count sets of targets: a trial of two targets is one of the pair, not one of each."""
    found: dict[str, list[tuple[str, list[Fact]]]] = {}
    for thing, trials in _counted(landscape, "target").items():
        for trial in trials:
            targets = landscape.trials["target"].get(trial, frozenset())
            name = "/".join(sorted(landscape.labels[it] for it in targets)) or thing
            facts: list[Fact] = [("target", trial, it) for it in targets]
            if trial not in {known for known, _ in found.get(name, ())}:
                found.setdefault(name, []).append((trial, facts))
    order = sorted(found, key=lambda name: (name in (UNDISCLOSED, NOT_REPORTED), -len(found[name]), name))
    rows = [Row((name, len(found[name][0][1]), len(found[name])), _joined(found[name])) for name in order]
    return Measure(("targets", "number", "trials"), rows)


def _joined(pairs: list[tuple[str, list[Fact]]]) -> Callable[[], list[Fact]]:
    return lambda: [fact for _, facts in pairs for fact in facts]


def _diseases(landscape: Landscape, store: Store) -> Measure:
    rows = _panel("group", _alone(landscape, "group"))
    rows += _panel("disease", _crossed(landscape, "disease", "group"))
    return Measure(("panel", "disease", "group", "trials"), rows)


def _sources(landscape: Landscape, store: Store) -> Measure:
    rows = _panel("source", _alone(landscape, "source"))
    rows += _panel("source and group", _crossed(landscape, "source", "group"))
    return Measure(("panel", "source", "group", "trials"), rows)


def _enrollment(landscape: Landscape, store: Store) -> Measure:
    counts = dict.fromkeys([*(name for _, name in _SIZES), _LARGEST], 0)
    for trial in landscape.posted:
        if size := landscape.enrollment.get(trial):
            counts[next((name for upper, name in _SIZES if size <= upper), _LARGEST)] += 1
    return Measure(("patients", "trials"), [_row((name, count), (), ()) for name, count in counts.items()])


def _heatmap(landscape: Landscape, store: Store) -> Measure:
    return Measure(("target", "source", "trials"), _crossed(landscape, "target", "source"))


def _bubbles(landscape: Landscape, store: Store) -> Measure:
    group = {disease: min(_groups(landscape, disease), default="") for disease in landscape.of_kind("disease")}
    named = {landscape.labels[disease]: found for disease, found in group.items()}
    rows = _crossed(landscape, "target", "disease")
    return Measure(
        ("target", "disease", "group", "trials"),
        [Row((*row.cells[:2], named.get(str(row.cells[1]), ""), row.cells[2]), row.facts) for row in rows],
    )


def _groups(landscape: Landscape, disease: str) -> set[str]:
    groups = set().union(*landscape.trials["group"].values())
    return {landscape.labels[it] for it in landscape.above(disease) & groups}


def _sponsors(landscape: Landscape, store: Store) -> Measure:
    groups = landscape.trials["group"]
    rows = [
        _row(
            (name_of(landscape, sponsor), landscape.labels[trial], landscape.posted[trial], group),
            [("sponsor", sponsor)],
            [trial],
        )
        for sponsor, trials in _counted(landscape, "sponsor").items()
        for trial in sorted(trials, key=lambda trial: (landscape.posted[trial], trial))
        for group in [min((landscape.labels[it] for it in groups.get(trial, ())), default="")]
    ]
    return Measure(("sponsor", "trial", "posted", "group"), rows)


def _dosage(landscape: Landscape, store: Store) -> Measure:
    found = set()
    for panel, what, trial, unit, lower, upper in select(store, _DOSES):
        groups = landscape.trials["group"].get(trial.value, ()) if trial else ()
        group = min((landscape.labels[it] for it in groups), default="") if trial else what.value
        found.add((panel.value, group, what.value, unit.value, float(lower.value), float(upper.value)))
    rows = [_row(cells, (), ()) for cells in sorted(found, key=lambda it: (it[0] != "starting dose", *it[1:]))]
    return Measure(("panel", "group", "what", "unit", "lower", "upper"), rows)


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
"""The name of a figure -> what gives its table, of a landscape and of the dataset that it was read from."""
