"""White space: pairs that are plausible and that no running or completed trial is reported to have.

A pair is in one of three states. It was **tried and stopped** if trials have it and all of them were withdrawn,
terminated or suspended. (If only some sources say so of a trial, the trial may go on.) The pair **cannot be told** if a
trial has one of the two things and does not disclose the other, because the trial may have the pair. Otherwise the pair
was **never reported**, which is not the same as never tried.

A trial also has everything that is broader than what it has: CD19 in follicular lymphoma is CD19 in lymphoma. Both
things of a pair are such that some trial has them itself.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from kg.analytics.concepts import Concepts
from kg.analytics.pairs import BRIDGES, read_pair, stated, with_broader
from kg.analytics.prediction import PREDICTORS, best_paths
from kg.analytics.table import Measure, Row
from kg.errors import UsageError
from kg.evidence.citations import JOINT
from kg.model.iris import mint

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray

    from kg.analytics.landscape import Fact, Landscape
    from kg.analytics.pairs import Pair
    from kg.analytics.prediction import Path
    from kg.analytics.table import Cell

__all__ = ["STATES", "whitespace"]

STOPPED, UNTOLD, UNREPORTED = STATES = ("tried and stopped", "cannot be told", "never reported")
_STOPPED_STATUS = mint("TrialStatus", "w-t-s")
_PATHS = 3  # how many paths a row shows as its reason
_TRIALS = 3  # how many trials a row names; its evidence has all
_ROWS = 256  # how many rows of the matrix are scored at a time


class _Gap(NamedTuple):
    """A pair that is white space."""

    score: float
    ends: tuple[str, str]
    state: str


class _Ground(NamedTuple):
    """All that is needed to look for gaps.

    Attributes:
        concepts: the network of the trials that were not stopped.
        live: the trials that were not stopped.
        stopped: pair that only stopped trials have -> these trials.
        known: the pairs that trials have, and the broader pairs that these imply.
        hidden: for each of the two relations: thing -> the trials that have it (or a narrower thing) and do not
            disclose the other relation.
    """

    landscape: Landscape
    pair: Pair
    concepts: Concepts
    live: list[str]
    stopped: dict[tuple[str, str], list[str]]
    known: set[tuple[str, str]]
    hidden: tuple[dict[str, list[str]], dict[str, list[str]]]


def whitespace(
    landscape: Landscape, pair: str = "target-disease", *, by: str = "paths", state: str | None = None, limit: int = 20
) -> Measure:
    """Return the most plausible pairs that no trial has, or that only stopped trials have.

    A row is a pair. It shows the state of the pair; its score by a link predictor, which learns from the trials that
    were not stopped; and the degree product, which is high for any two common things. It names the stopped trials, or
    the trials that do not disclose one of the two. At last it shows the paths that count most for the pair; each tie
    of a path has the number of trials that have both its ends.

    Args:
        landscape: the trials.
        pair: two relations, such as ``target-disease``.
        by: the predictor to rank by, one of :data:`~kg.analytics.prediction.PREDICTORS`;
            :mod:`kg.analytics.backtest` measures how good each of them is.
        state: one of :data:`STATES`; all if not given.
        limit: how many rows.

    Raises:
        UsageError: if the pair, the predictor or the state is not known, or if SciPy, which the extra ``analytics``
            brings, is missing.
    """
    for value, known in ((by, PREDICTORS), (state or UNTOLD, STATES)):
        if value not in known:
            raise UsageError(f"'{value}' is not known; expected one of {', '.join(known)}")
    left, right = both = read_pair(pair)
    ground = _survey(landscape, both)
    gaps = [*_stopped(ground, by)] if state in (None, STOPPED) else []
    gaps += _untried(ground, by, state, limit) if state != STOPPED else ()
    gaps.sort(key=lambda gap: (-gap.score, *(landscape.labels[end] for end in gap.ends), gap.ends))
    columns = (left, right, "state", "score", "degree_product", "trials", "because")
    return Measure(columns, [_row(ground, gap) for gap in gaps[:limit]])


def _survey(landscape: Landscape, pair: Pair) -> _Ground:
    stopped_trials = {trial for trial, found in landscape.trials["status"].items() if found == {_STOPPED_STATUS}}
    trials = landscape.of_kind("trial")
    live = [trial for trial in trials if trial not in stopped_trials]
    relations = {name: landscape.trials[name] for name in sorted({*BRIDGES, *pair})}
    reported = with_broader(landscape, ((one, other) for _, one, other in stated(landscape, pair, live)))
    left, right = pair
    named = [frozenset[str]().union(*landscape.trials[name].values()) for name in pair]
    stopped: dict[tuple[str, str], list[str]] = {}
    for trial in sorted(stopped_trials):
        own = with_broader(landscape, ((one, other) for _, one, other in stated(landscape, pair, [trial])))
        for one, other in own - reported:
            if one in named[0] and other in named[1]:
                stopped.setdefault((one, other), []).append(trial)
    hidden = _hidden(landscape, left, right), _hidden(landscape, right, left)
    concepts = Concepts(relations, live, landscape.broader)
    return _Ground(landscape, pair, concepts, live, stopped, reported | stopped.keys(), hidden)


def _hidden(landscape: Landscape, has: str, lacks: str) -> dict[str, list[str]]:
    """Return thing -> the trials that have it by one relation and do not disclose another relation."""
    found: dict[str, list[str]] = {}
    for trial in sorted(landscape.undisclosed):
        if lacks in landscape.undisclosed[trial]:
            for thing in set().union(*map(landscape.above, landscape.trials[has].get(trial, ()))):
                found.setdefault(thing, []).append(trial)
    return found


def _stopped(ground: _Ground, by: str) -> Iterator[_Gap]:
    """Yield the pairs that only stopped trials have; a pair scores 0 if one of its things is in no other trial."""
    import numpy as np

    placed: dict[int, list[tuple[int, tuple[str, str]]]] = {}
    for ends in ground.stopped:
        if places := _places(ground, ends):
            placed.setdefault(places[0], []).append((places[1], ends))
        else:
            yield _Gap(0.0, ends, STOPPED)
    rows = np.array(sorted(placed), int)
    for start in range(0, len(rows), _ROWS):
        portion = rows[start : start + _ROWS]
        columns = np.unique([column for row in portion for column, _ in placed[row]])
        scores = PREDICTORS[by](ground.concepts, portion, columns)
        for row, found in zip(portion, scores, strict=True):
            for column, ends in placed[row]:
                yield _Gap(float(found[np.searchsorted(columns, column)]), ends, STOPPED)


def _places(ground: _Ground, ends: tuple[str, str]) -> tuple[int, int] | None:
    """Return the numbers of both ends in the network, or None if an end is not in it."""
    one, other = (ground.concepts.number.get(node) for node in zip(ground.pair, ends, strict=True))
    return None if one is None or other is None else (one, other)


def _untried(ground: _Ground, by: str, state: str | None, limit: int) -> Iterator[_Gap]:
    """Yield the likeliest pairs that no trial is reported to have, in any order; the caller sorts and cuts them.

    Rows are scored in portions, so that memory does not grow with their number. Each portion yields its best pairs,
    including all that tie with the last of them.
    """
    import numpy as np

    concepts = ground.concepts
    rows, columns = (concepts.used(name) for name in ground.pair)
    is_hidden = [
        np.array([concepts.nodes[place][1] in hidden for place in places], bool)
        for hidden, places in zip(ground.hidden, (rows, columns), strict=True)
    ]
    at_column = {concepts.nodes[place][1]: number for number, place in enumerate(columns)}
    known: dict[str, list[int]] = {}
    for one, other in ground.known:
        if other in at_column:
            known.setdefault(one, []).append(at_column[other])
    for start in range(0, len(rows), _ROWS):
        portion = rows[start : start + _ROWS]
        scores = PREDICTORS[by](concepts, portion, columns)
        untold = is_hidden[0][start : start + _ROWS, None] | is_hidden[1][None, :]
        for number, place in enumerate(portion):
            scores[number, known.get(concepts.nodes[place][1], [])] = 0
        if state is not None:
            scores[untold != (state == UNTOLD)] = 0
        for row, column in zip(*_best(scores, limit), strict=True):
            ends = concepts.nodes[portion[row]][1], concepts.nodes[columns[column]][1]
            if ends[0] != ends[1]:
                yield _Gap(float(scores[row, column]), ends, UNTOLD if untold[row, column] else UNREPORTED)


def _best(scores: NDArray[np.float64], limit: int) -> tuple[NDArray[np.int64], ...]:
    """Return the rows and columns of the best scores: as many as the limit, plus ties with the last, but none of 0."""
    import numpy as np

    least = 0.0
    if scores.size > limit:
        least = float(np.partition(scores, scores.size - limit, axis=None)[scores.size - limit])
    return np.nonzero((scores >= least) & (scores > 0))


def _row(ground: _Ground, gap: _Gap) -> Row:
    import numpy as np

    landscape, places = ground.landscape, _places(ground, gap.ends)
    trials = ground.stopped.get(gap.ends) or sorted(
        {trial for end, hidden in zip(gap.ends, ground.hidden, strict=True) for trial in hidden.get(end, ())}
    )
    ways, degrees = [], 0
    if places is not None:
        ways = best_paths(ground.concepts, *places, _PATHS)
        degrees = int(ground.concepts.partners(*np.array(places)))
    names = [landscape.labels[trial] for trial in trials]
    more = f" and {len(names) - _TRIALS} more" if len(names) > _TRIALS else ""
    cells: tuple[Cell, ...] = (
        *(landscape.labels[end] for end in gap.ends),
        gap.state,
        gap.score,
        degrees,
        JOINT.join(names[:_TRIALS]) + more or None,
        JOINT.join(_in_words(ground, way) for way in ways) or None,
    )
    return Row(cells, lambda: _facts_of_pair(ground, gap.ends, trials, ways))


def _in_words(ground: _Ground, way: Path) -> str:
    """Return a path as text, such as ``CD19 -5- Lupus nephritis -broader- Autoimmune disease``."""
    concepts, labels = ground.concepts, ground.landscape.labels
    text = labels[concepts.nodes[way.nodes[0]][1]]
    for start, end in pairwise(way.nodes):
        tie = f"{concepts.together[start, end]:.0f}"
        if tie == "0":
            tie = "broader" if concepts.below[start, end] else "narrower"
        text += f" -{tie}- {labels[concepts.nodes[end][1]]}"
    return text


def _facts_of_pair(ground: _Ground, ends: tuple[str, str], trials: list[str], ways: list[Path]) -> Iterator[Fact]:
    """Yield the facts of a row: what its trials have of the two ends, and what trials tie the nodes of its paths."""
    for trial in trials:
        for name, end in zip(ground.pair, ends, strict=True):
            for thing in ground.landscape.trials[name].get(trial, ()):
                if end in ground.landscape.above(thing):
                    yield name, trial, thing
    for way in ways:
        for tie in pairwise(ground.concepts.nodes[place] for place in way.nodes):
            for trial in ground.live:
                if all(thing in ground.landscape.trials[name].get(trial, ()) for name, thing in tie):
                    yield from ((name, trial, thing) for name, thing in tie)
