"""Sets of things that products carry together, such as sets of modifications.

A set counts if it is all that one product carries, or all that several products have in common. A smaller set that
only the same products carry does not count. These are the closed itemsets of Pasquier, Bastide, Taouil and Lakhal
(Discovering frequent closed itemsets for association rules, 1999). A set has at least two things, and may be rare.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["closed_sets"]

_Set = frozenset[str]


def closed_sets(carried: Iterable[_Set]) -> set[_Set]:
    """Return each set that a product carries and each intersection of such sets, if it has at least two things.

    Args:
        carried: what each product carries.

    Example:
        >>> sorted("".join(sorted(found)) for found in closed_sets(map(frozenset, ["abc", "bcd", "bd", "e"])))
        ['abc', 'bc', 'bcd', 'bd']
    """
    found: set[_Set] = set()
    having: dict[tuple[str, str], list[_Set]] = {}  # two things -> the sets with both: only these intersect in a set
    todo = {one for one in carried if len(one) > 1}
    while todo:
        one = todo.pop()
        found.add(one)
        pairs = list(combinations(sorted(one), 2))
        others = {other for pair in pairs for other in having.get(pair, ())}
        for pair in pairs:
            having.setdefault(pair, []).append(one)
        todo |= {one & other for other in others} - found
    return found
