"""What belongs together: pairs that meet more often, or less often, than chance would have it.

If of ``N`` things ``K`` have the one and ``n`` the other, how many have both by chance follows the hypergeometric
distribution, so its tails are those of Fisher's exact test (Rivals et al., Bioinformatics 2007, 23:401; p is twice the
smaller tail, as they discuss). All pairs are tested at once, so ``q`` is p adjusted for the false discovery rate
(Benjamini and Hochberg, Journal of the Royal Statistical Society B 1995, 57:289).
"""

from __future__ import annotations

from functools import cache
from itertools import combinations, product
from math import exp, lgamma
from typing import TYPE_CHECKING, NamedTuple

from kg.analytics.pairs import NAMES, read_pair
from kg.analytics.table import Measure, Row

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kg.analytics.landscape import Fact, Landscape, Relations
    from kg.analytics.pairs import Pair
    from kg.analytics.table import Cell

__all__ = ["Meeting", "adjusted", "meetings", "tails", "together"]

_COLUMNS = ("together", "expected", "one", "other", "of", "more_or_less", "p", "q")
_NAMES = tuple(name for name in NAMES if name != "product")  # a product is what is counted
_LEAST = 2  # what is had once meets all that is had beside it, which tells nothing
_OF_PRODUCTS = ("kind", "modification")  # what a product has, whoever tests it


class Meeting(NamedTuple):
    """How often two things meet.

    Attributes:
        ends: the two things.
        both: how many have both.
        one: how many have the first.
        other: how many have the second.
        all: how many there are.
        p: two-sided.
    """

    ends: tuple[str, str]
    both: int
    one: int
    other: int
    all: int
    p: float

    @property
    def expected(self) -> float:
        """How many would have both by chance."""
        return self.one * self.other / self.all


def together(landscape: Landscape, pair: str = "modification-modification") -> Measure:
    """Return the pairs of two relations, those that chance explains least first.

    Products are counted where a modification or a kind of products is asked for, as a product carries them whatever
    is done with it; else distinct trials. Only those count of which both relations are known: of what is not reported
    nothing follows. Things that fewer than two have are left out.

    Args:
        landscape: trials and products.
        pair: two relations, such as ``target-agent``, or ``modification-modification``.

    Raises:
        UsageError: for a pair that is none.
    """
    left, right = both = read_pair(pair, _NAMES, may_be_alike=True)
    has = landscape.products if set(both) & set(_OF_PRODUCTS) else landscape.trials
    found = meetings(has[left], has[right])
    qs = adjusted([meeting.p for meeting in found])
    labels = landscape.labels
    ranked = sorted(
        zip(qs, found, strict=True), key=lambda it: (it[0], it[1].p, -it[1].both, *map(labels.__getitem__, it[1].ends))
    )
    names = (left, right) if left != right else (left, f"other_{right}")
    return Measure((*names, *_COLUMNS), [_row(landscape, both, has, meeting, q) for q, meeting in ranked])


def meetings(first: Mapping[str, frozenset[str]], second: Mapping[str, frozenset[str]]) -> list[Meeting]:
    """Return how often each thing of a relation meets each of another.

    Args:
        first: trial or product -> what it has by the one relation.
        second: the same by the other, or by the one again: then each pair is counted once, and nothing with itself.
    """
    is_one = first == second
    subjects = sorted(first.keys() & second.keys())
    subjects = [subject for subject in subjects if first[subject] and second[subject]]
    ones, others = _counted(first, subjects), _counted(second, subjects)
    both: dict[tuple[str, str], int] = {}
    for subject in subjects:
        for ends in product(first[subject], second[subject]):
            both[ends] = both.get(ends, 0) + 1
    pairs = combinations(sorted(ones), 2) if is_one else product(sorted(ones), sorted(others))
    count = len(subjects)

    @cache  # there are far fewer different counts than pairs
    def chance(seen: int, one: int, other: int) -> float:
        return min(1.0, 2 * min(tails(seen, one, other, count)))

    return [
        Meeting(ends, seen, one, other, count, chance(seen, one, other))
        for ends in pairs
        if ends[0] != ends[1]
        for seen, one, other in [(both.get(ends, 0), ones[ends[0]], others[ends[1]])]
    ]


def tails(both: int, one: int, other: int, count: int) -> tuple[float, float]:
    """Return the chance of at most, and of at least, as many meetings.

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


def adjusted(chances: Sequence[float]) -> list[float]:
    """Return the chances adjusted for the false discovery rate, in their order.

    Example:
        >>> adjusted([0.01, 0.04, 0.03, 0.5])
        [0.04, 0.05333333333333334, 0.05333333333333334, 0.5]
    """
    order = sorted(range(len(chances)), key=lambda place: -chances[place])
    found = [1.0] * len(chances)
    least = 1.0
    for rank, place in zip(range(len(chances), 0, -1), order, strict=True):
        least = min(least, chances[place] * len(chances) / rank)
        found[place] = least
    return found


def _ways(count: int, chosen: int) -> float:
    """Return the logarithm of the number of ways to choose some of a count."""
    return lgamma(count + 1) - lgamma(chosen + 1) - lgamma(count - chosen + 1)


def _counted(relation: Mapping[str, frozenset[str]], subjects: Sequence[str]) -> dict[str, int]:
    """Return how many have each thing, without those that too few have."""
    counts: dict[str, int] = {}
    for subject in subjects:
        for thing in relation[subject]:
            counts[thing] = counts.get(thing, 0) + 1
    return {thing: number for thing, number in counts.items() if number >= _LEAST}


def _row(landscape: Landscape, pair: Pair, has: Relations, meeting: Meeting, q: float) -> Row:
    side = "more" if meeting.both > meeting.expected else "less" if meeting.both < meeting.expected else "as expected"
    numbers = (meeting.both, meeting.expected, meeting.one, meeting.other, meeting.all)
    cells: tuple[Cell, ...] = (*(landscape.labels[end] for end in meeting.ends), *numbers, side, meeting.p, q)

    def facts() -> Iterator[Fact]:
        """Yield what all say that have both, or either where nothing has both."""
        for subject in sorted(has[pair[0]].keys() & has[pair[1]].keys()):
            found = [
                (name, subject, end) for name, end in zip(pair, meeting.ends, strict=True) if end in has[name][subject]
            ]
            if len(found) == 2 or not meeting.both:
                yield from found

    return Row(cells, facts)
