"""Sets of things that are carried together, such as modifications by products.

A set counts if it is all that some product carries, or all that several products have in common, so that no smaller
set stands for the same products. These are the closed itemsets of Pasquier, Bastide, Taouil and Lakhal (Discovering
frequent closed itemsets for association rules, 1999), of two things or more and however rare.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["closed_sets"]

_Set = frozenset[str]


def closed_sets(carried: Iterable[_Set]) -> set[_Set]:
    """Return the sets of at least two things that are carried by somebody, and what any of these have in common.

    Args:
        carried: what each product carries.

    Example:
        >>> sorted("".join(sorted(found)) for found in closed_sets(map(frozenset, ["abc", "bcd", "bd", "e"])))
        ['abc', 'bc', 'bcd', 'bd']
    """
    found: set[_Set] = set()
    having: dict[tuple[str, str], list[_Set]] = {}  # two that have less than two things in common give nothing
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
