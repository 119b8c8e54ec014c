"""What belongs together: pairs of things that meet more often, or less often, than by chance.

Say that of ``N`` trials ``K`` have the one thing and ``n`` have the other. By chance, the number of trials that have
both follows the hypergeometric distribution, and its tails are those of Fisher's exact test (Rivals et al.,
Bioinformatics 2007, 23:401). ``p`` is twice the smaller tail, as they discuss. All pairs are tested at once, so ``q``
is ``p`` adjusted for the false discovery rate (Benjamini and Hochberg, Journal of the Royal Statistical Society B 1995,
57:289).
"""

from __future__ import annotations

import sys
from collections import Counter
from itertools import combinations, groupby, islice, product
from math import comb, exp, lgamma
from typing import TYPE_CHECKING, NamedTuple

from kg.analytics.pairs import NAMES, read_pair
from kg.analytics.table import Measure, Row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from kg.analytics.landscape import Fact, Landscape, Relations
    from kg.analytics.pairs import Pair
    from kg.analytics.table import Cell

    Counts = tuple[int, int, int]

__all__ = ["Meeting", "adjusted", "meetings", "tails", "together"]

_COLUMNS = ("together", "expected", "one", "other", "of", "more_or_less", "p", "q")
# a product is what is counted, and a set only repeats the modifications of products
_NAMES = tuple(name for name in NAMES if name not in ("product", "set"))
_LEAST = 2  # so many must have a thing: if only one has it, it meets all else that this one has, which tells nothing
_OF_PRODUCTS = ("kind", "modification")  # a product has these, whoever tests it


class Meeting(NamedTuple):
    """How often two things meet.

    Attributes:
        ends: the two things.
        both: how many trials or products have both.
        one: how many have the first.
        other: how many have the second.
        all: how many trials or products there are.
        p: the two-sided p value.
        q: ``p`` adjusted for the number of all pairs.
    """

    ends: tuple[str, str]
    both: int
    one: int
    other: int
    all: int
    p: float
    q: float

    @property
    def expected(self) -> float:
        """How many would have both by chance."""
        return self.one * self.other / self.all


def together(landscape: Landscape, pair: str = "modification-modification", *, limit: int = sys.maxsize) -> Measure:
    """Return the pairs of things of two relations; the pair that chance explains least comes first.

    If one of the relations is modification or kind, products are counted, because a product has these whatever is
    done with it. Otherwise distinct trials are counted. A product or trial counts only if both of its relations are
    known: nothing follows from what is not reported. Things that fewer than two have are left out.

    Args:
        landscape: trials and products.
        pair: two relations, such as ``target-agent``, or ``modification-modification``.
        limit: how many rows; all if not given. Memory grows with the rows and with the pairs that meet, not with all
            possible pairs.

    Raises:
        UsageError: if the text does not name two known relations.
    """
    left, right = both = read_pair(pair, _NAMES, may_be_alike=True)
    has = landscape.products if set(both) & set(_OF_PRODUCTS) else landscape.trials
    found = meetings(has[left], has[right], landscape.labels.__getitem__)
    names = (left, right) if left != right else (left, f"other_{right}")
    return Measure((*names, *_COLUMNS), [_row(landscape, both, has, meeting) for meeting in islice(found, limit)])


def meetings(
    first: Mapping[str, frozenset[str]], second: Mapping[str, frozenset[str]], label: Callable[[str], str] = str
) -> Iterator[Meeting]:
    """Yield how often each thing of one relation meets each of another; what chance explains least comes first.

    Args:
        first: trial or product -> what it has by the first relation.
        second: trial or product -> what it has by the second relation. If this is the first relation again, each pair
            is counted once, and no thing is paired with itself.
        label: returns the label of a thing; pairs with equal numbers are sorted by their labels.
    """
    tally = _Tally(first, second)
    chances = {counts: min(1.0, 2 * min(tails(*counts, tally.all))) for counts in tally.pairs}
    tests: Counter[float] = Counter()
    for counts, number in tally.pairs.items():
        tests[chances[counts]] += number
    qs = adjusted(tests)

    def rank(counts: Counts) -> tuple[float, float, int]:
        return qs[chances[counts]], chances[counts], -counts[0]

    for (q, p, _), alike in groupby(sorted(tally.pairs, key=rank), key=rank):
        pairs = [ends for counts in alike for ends in tally.having(counts)]
        for ends in sorted(pairs, key=lambda ends: (label(ends[0]), label(ends[1]), ends)):
            yield tally.meeting(ends, p, q)


def tails(both: int, one: int, other: int, count: int) -> tuple[float, float]:
    """Return the chance that at most so many have both things, and the chance that at least so many have both.

    Args:
        both: how many have both.
        one: how many have the one.
        other: how many have the other.
        count: how many there are.

    Example:
        >>> [round(chance, 4) for chance in tails(2, 2, 2, 4)]  # one in six ways to choose two of four
        [1.0, 0.1667]
    """
    ways = _ways(count, other)
    chances = {
        number: exp(_ways(one, number) + _ways(count - one, other - number) - ways)
        for number in range(max(0, one + other - count), min(one, other) + 1)
    }
    at_most = sum(chance for number, chance in chances.items() if number <= both)
    at_least = sum(chance for number, chance in chances.items() if number >= both)
    return min(1.0, at_most), min(1.0, at_least)


def adjusted(chances: Mapping[float, int]) -> dict[float, float]:
    """Return the chances adjusted for the false discovery rate.

    Args:
        chances: p -> how many tests gave it.

    Example:
        >>> adjusted({0.01: 1, 0.04: 1, 0.03: 1, 0.5: 1})
        {0.5: 0.5, 0.04: 0.05333333333333334, 0.03: 0.05333333333333334, 0.01: 0.04}
    """
    rank = tests = sum(chances.values())
    found: dict[float, float] = {}
    least = 1.0
    for chance in sorted(chances, reverse=True):
        found[chance] = least = min(least, chance * tests / rank)
        rank -= chances[chance]
    return found


class _Tally:
    """How often things meet. Most pairs never meet, so these pairs are counted but not stored.

    Attributes:
        all: the number of trials or products of which both relations are known.
        pairs: three counts (how many have both things, the one, the other) -> the number of pairs with these counts.
    """

    def __init__(self, first: Mapping[str, frozenset[str]], second: Mapping[str, frozenset[str]]) -> None:
        subjects = [it for it in sorted(first.keys() & second.keys()) if first[it] and second[it]]
        self.all = len(subjects)
        self._is_one = first == second
        self._ones, self._others = _counted(first, subjects), _counted(second, subjects)
        self._met = Counter(ends for it in subjects for ends in product(first[it], second[it]) if self._is_pair(ends))
        self._by_counts: dict[Counts, list[tuple[str, str]]] = {}
        for ends, both in self._met.items():
            self._by_counts.setdefault(self._counts(ends, both), []).append(ends)
        self._sized = _by_size(self._ones), _by_size(self._others)
        self.pairs = Counter({counts: len(pairs) for counts, pairs in self._by_counts.items()})
        self.pairs.update({(0, *sizes): number for sizes, number in self._possible().items()})
        for (_, one, other), pairs in self._by_counts.items():
            self.pairs[0, one, other] -= len(pairs)
        self.pairs = +self.pairs

    def having(self, counts: Counts) -> Iterator[tuple[str, str]]:
        """Yield the pairs that have these three counts, in any order."""
        both, one, other = counts
        if both:
            yield from self._by_counts[counts]
            return
        ones, others = self._sized[0][one], self._sized[1][other]
        pairs = combinations(sorted(ones), 2) if self._is_one and one == other else product(ones, others)
        for pair in pairs:
            ends = (min(pair), max(pair)) if self._is_one else pair
            if ends[0] != ends[1] and ends not in self._met:
                yield ends

    def meeting(self, ends: tuple[str, str], p: float, q: float) -> Meeting:
        """Return how often two things meet, with the p and the q of their counts."""
        return Meeting(ends, self._met[ends], self._ones[ends[0]], self._others[ends[1]], self.all, p, q)

    def _is_pair(self, ends: tuple[str, str]) -> bool:
        """Tell whether two things are a pair: both count and they differ; within one relation, in one order only."""
        one, other = ends
        return one in self._ones and other in self._others and (one < other if self._is_one else one != other)

    def _counts(self, ends: tuple[str, str], both: int) -> Counts:
        one, other = self._ones[ends[0]], self._others[ends[1]]
        return (both, min(one, other), max(one, other)) if self._is_one else (both, one, other)

    def _possible(self) -> dict[tuple[int, int], int]:
        """Return the size of the one thing and the size of the other -> how many pairs of such things are possible.

        The size of a thing is the number of trials or products that have it.
        """
        ones, others = self._sized
        if self._is_one:
            found = {(a, b): len(ones[a]) * len(ones[b]) for a, b in combinations(sorted(ones), 2)}
            return found | {(a, a): comb(len(things), 2) for a, things in ones.items()}
        same = Counter((self._ones[it], self._others[it]) for it in self._ones.keys() & self._others.keys())
        return {(a, b): len(ones[a]) * len(others[b]) - same[a, b] for a, b in product(ones, others)}


def _ways(count: int, chosen: int) -> float:
    """Return the logarithm of the number of ways to choose some of a count."""
    return lgamma(count + 1) - lgamma(chosen + 1) - lgamma(count - chosen + 1)


def _counted(relation: Mapping[str, frozenset[str]], subjects: Sequence[str]) -> dict[str, int]:
    """Return thing -> how many of the subjects have it, without the things that too few have."""
    counts: dict[str, int] = {}
    for subject in subjects:
        for thing in relation[subject]:
            counts[thing] = counts.get(thing, 0) + 1
    return {thing: number for thing, number in counts.items() if number >= _LEAST}


def _by_size(counts: Mapping[str, int]) -> dict[int, list[str]]:
    sized: dict[int, list[str]] = {}
    for thing, number in counts.items():
        sized.setdefault(number, []).append(thing)
    return sized


def _row(landscape: Landscape, pair: Pair, has: Relations, meeting: Meeting) -> Row:
    side = "more" if meeting.both > meeting.expected else "less" if meeting.both < meeting.expected else "as expected"
    numbers = (meeting.both, meeting.expected, meeting.one, meeting.other, meeting.all)
    cells: tuple[Cell, ...] = (*(landscape.labels[end] for end in meeting.ends), *numbers, side, meeting.p, meeting.q)

    def facts() -> Iterator[Fact]:
        """Yield the facts of all that have both things; if none has both, of all that have either."""
        for subject in sorted(has[pair[0]].keys() & has[pair[1]].keys()):
            found = [
                (name, subject, end) for name, end in zip(pair, meeting.ends, strict=True) if end in has[name][subject]
            ]
            if len(found) == 2 or not meeting.both:
                yield from found

    return Row(cells, facts)
