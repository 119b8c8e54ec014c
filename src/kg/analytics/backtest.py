"""How well could later links have been predicted? Predictors learn from the trials before a day; later ones test them.

A link is new if no trial before the day has it or implies it; a trial of a narrower disease implies a link to the
broader one. A new link can be predicted only if trials before the day have both of its ends, in whatever trials. The
other new links are counted as out of reach. A link that a later trial implies but does not state is neither a hit nor
a miss.

The test has three limits. Documents tell what is known of a trial today, not what its registry said on the day it was
first posted. Trials that no document lists are missing. And if a later trial does not disclose its target, a
prediction that came true may count as a miss.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from kg.analytics.concepts import Concepts
from kg.analytics.days import read_day
from kg.analytics.pairs import BRIDGES, read_pair, stated, with_broader
from kg.analytics.prediction import BASELINE, PREDICTORS
from kg.analytics.ranking import SCORES, draw, interval, qualities
from kg.analytics.table import Measure, Row

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from kg.analytics.landscape import Fact, Landscape
    from kg.analytics.pairs import Pair
    from kg.analytics.ranking import Interval

__all__ = ["CUTOFFS", "Split", "backtest", "split"]

CUTOFFS = ("2020-01-01", "2021-01-01", "2022-01-01", "2023-01-01", "2024-01-01")
_COLUMNS = ("cutoff", "predictor", "trials", "candidates", "links", "out_of_reach", *SCORES, "gain", "verdict")
_DECIDES = "AUPRC"  # chosen before any result was seen: links are few, and AUROC hardly depends on what comes first
_FEWEST = 5  # so many trials must bring links: with fewer, an interval tells nothing
_TOO_FEW = "too few to tell"


class Split(NamedTuple):
    """The trials divided at a day: what predictors learn from, and what they have to find.

    Attributes:
        concepts: the network of the trials first posted before the day.
        trials: the number of these trials.
        candidates: the pairs that can be predicted, as numbers of nodes.
        brought_by: for each candidate the first later trial that states it, or None if no trial does.
        out_of_reach: how many new links are not among the candidates.
    """

    concepts: Concepts
    trials: int
    candidates: list[tuple[int, int]]
    brought_by: list[str | None]
    out_of_reach: int


def backtest(landscape: Landscape, pair: str = "target-disease", cutoffs: Sequence[str] = CUTOFFS) -> Measure:
    """Return for each of some days how well each predictor ranks later links above the other candidates.

    There is a row for each day and predictor. It shows how many trials the predictor learned from, how many pairs it
    could predict, how many of these became links, and how many new links were out of reach. Then come the measures,
    each with its 95 % interval; ``gain``, by which AUPRC exceeds that of the baseline on the same bootstrap samples;
    and a verdict that follows from the interval of the gain. The last rows sum up all days. A row rests on the facts
    of the later links.

    Args:
        landscape: the trials.
        pair: the two relations whose links are predicted, such as ``target-disease``.
        cutoffs: the days; a trial first posted on such a day is a later one.

    Raises:
        UsageError: if a pair or a day is not valid, or if SciPy, which the extra ``analytics`` brings, is missing.
    """
    both = read_pair(pair)
    rows: list[Row] = []
    gains: dict[str, list[Interval]] = {name: [] for name in PREDICTORS if name != BASELINE}
    days = sorted(set(map(read_day, cutoffs)))
    for day in days:
        test = split(landscape, both, day)
        links = len(test.brought_by) - test.brought_by.count(None)
        size = (test.trials, len(test.candidates), links, test.out_of_reach)
        for name, found in _judged(test).items():
            if gain := found.get("gain"):
                gains[name].append(gain)
            cells = (str(found[column]) if column in found else None for column in (*SCORES, "gain"))
            rows.append(Row((day, name, *size, *cells, _verdict(name, found)), partial(_later_links, test, both)))
    return Measure(_COLUMNS, [*rows, *_sums(gains, len(days))])


def split(landscape: Landscape, pair: Pair, day: str) -> Split:
    """Divide the trials at a day: predictors learn from the earlier ones, the later ones bring links."""
    left, right = pair
    posted = {trial: f"{found}-01"[:10] for trial, found in landscape.posted.items()}  # a month is its first day
    before = [trial for trial in sorted(posted) if posted[trial] < day]
    after = [trial for trial in sorted(posted, key=lambda trial: (posted[trial], trial)) if posted[trial] >= day]
    relations = {name: landscape.trials[name] for name in sorted({*BRIDGES, *pair})}
    concepts = Concepts(relations, before, landscape.broader)
    known = with_broader(landscape, ((one, other) for _, one, other in stated(landscape, pair, before)))
    first: dict[tuple[str, str], str] = {}
    for trial, one, other in stated(landscape, pair, after):
        if (one, other) not in known:
            first.setdefault((one, other), trial)
    passed_over = known | (with_broader(landscape, first) - first.keys())
    candidates, brought_by = [], []
    for row in concepts.used(left):
        for column in concepts.used(right):
            link = concepts.nodes[row][1], concepts.nodes[column][1]
            if link not in passed_over:
                candidates.append((int(row), int(column)))
                brought_by.append(first.get(link))
    reached = len(brought_by) - brought_by.count(None)
    return Split(concepts, len(before), candidates, brought_by, len(first) - reached)


def _judged(test: Split) -> dict[str, dict[str, Interval]]:
    """Return for each predictor its measures and its gain over the baseline; nothing if too few trials bring links."""
    import numpy as np

    is_link = np.array([trial is not None for trial in test.brought_by], bool)
    trials = [trial for trial in test.brought_by if trial is not None]
    if len(set(trials)) < _FEWEST or is_link.all():
        return {name: {} for name in PREDICTORS}
    rows, columns = np.array(test.candidates).T
    weights = draw(trials)
    found = {}
    for name in PREDICTORS:
        scores = _scores(test.concepts, name, rows, columns)
        found[name] = qualities(scores[is_link], scores[~is_link], weights)
    judged = {name: {column: interval(values) for column, values in it.items()} for name, it in found.items()}
    for name in PREDICTORS:
        if name != BASELINE:
            judged[name]["gain"] = interval(found[name][_DECIDES] - found[BASELINE][_DECIDES])
    return judged


def _scores(concepts: Concepts, name: str, rows: NDArray[np.int64], columns: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the score of each candidate, given by its row and its column."""
    import numpy as np

    (lefts, at_row), (rights, at_column) = (np.unique(it, return_inverse=True) for it in (rows, columns))
    found: NDArray[np.float64] = PREDICTORS[name](concepts, lefts, rights)[at_row, at_column]
    return found


def _later_links(test: Split, pair: Pair) -> list[Fact]:
    """Return the facts by which candidates became links: one for each end of a link."""
    return [
        (name, trial, test.concepts.nodes[place][1])
        for candidate, trial in zip(test.candidates, test.brought_by, strict=True)
        if trial is not None
        for name, place in zip(pair, candidate, strict=True)
    ]


def _verdict(name: str, found: Mapping[str, Interval]) -> str:
    if not found:
        return _TOO_FEW
    return _side(found["gain"]) if name != BASELINE else "baseline"


def _side(gain: Interval) -> str:
    """Return the verdict that follows from the interval of a gain.

    Example:
        >>> from kg.analytics.ranking import Interval
        >>> [_side(Interval(gain, gain - 0.1, gain + 0.1)) for gain in (0.2, 0.05, -0.2)]
        ['better', 'not told apart', 'worse']
    """
    if gain.low > 0:
        return "better"
    return "worse" if gain.high < 0 else "not told apart"


def _sums(gains: Mapping[str, Sequence[Interval]], days: int) -> Iterator[Row]:
    """Yield a summary over all days for each predictor, then for the baseline: what holds at more than half of them.

    A verdict that holds at a few days may be chance: intervals are not adjusted for the number of days, and a link
    that is new after a late day is often new after an early one too.
    """
    whole: dict[str, list[str]] = {}
    for name, found in gains.items():
        if not found:
            yield _sum(name, _TOO_FEW)
            continue
        sides = [_side(gain) for gain in found]
        most = next((side for side in ("better", "worse") if 2 * sides.count(side) > days), "not told apart")
        whole.setdefault(most, []).append(name)
        counts = f"better at {sides.count('better')}, worse at {sides.count('worse')} of {len(sides)} cut-offs"
        yield _sum(name, f"{most}: {counts}" + (f", {_TOO_FEW} at {days - len(sides)}" if len(sides) < days else ""))
    told = [
        f"{words} {', '.join(whole[side])}"
        for side, words in (
            ("better", "beaten by"),
            ("worse", "wins against"),
            ("not told apart", "not told apart from"),
        )
        if side in whole
    ]
    verdict = ("" if "better" in whole else "not beaten: ") + "; ".join(told)
    yield _sum(BASELINE, verdict if told else _TOO_FEW)


def _sum(name: str, verdict: str) -> Row:
    return Row(("all", name, *(None,) * (len(_COLUMNS) - 3), verdict), tuple)
