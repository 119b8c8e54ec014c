"""Pairs of relations, such as ``target-disease``: how a user names a pair, and which trials have both its ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.errors import UsageError, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kg.analytics.landscape import Landscape

__all__ = ["BRIDGES", "NAMES", "Pair", "read_pair", "stated", "with_broader"]

Pair = tuple[str, str]

NAMES = ("agent", "disease", "kind", "modification", "product", "set", "source", "sponsor", "target")
BRIDGES = ("agent", "disease", "modification", "source", "sponsor", "target")
"""The relations that tie trials to each other.

The phase and the kind of product are left out, since they tie nearly all trials; so is the product, which ties hardly
any.
"""


def read_pair(text: str, known: Sequence[str] = NAMES, *, may_be_alike: bool = False) -> Pair:
    """Return the two relations that a text such as ``target-disease`` names.

    Args:
        text: what a user gave.
        known: the relations that can be named.
        may_be_alike: whether both relations may be the same.

    Raises:
        UsageError: if the text does not name two known relations.

    Example:
        >>> read_pair("target-disease")
        ('target', 'disease')
    """
    names = text.split("-")
    unknown = next((name for name in names if name not in known), None)
    if unknown is not None or len(names) != 2 or (names[0] == names[1] and not may_be_alike):
        hint = nearest(unknown, known) if unknown else ""
        raise UsageError(
            f"'{text}' is no pair of relations{hint}; expected two such as target-disease, out of {', '.join(known)}"
        )
    return names[0], names[1]


def stated(landscape: Landscape, pair: Pair, trials: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """Yield each trial with each two different things that it has: one by the first relation, one by the second."""
    left, right = pair
    for trial in trials:
        for one in landscape.trials[left].get(trial, ()):
            for other in landscape.trials[right].get(trial, ()):
                if one != other:
                    yield trial, one, other


def with_broader(landscape: Landscape, links: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Return some links and all links that they imply: a link to a disease implies one to each broader disease."""
    return {(low, high) for one, other in set(links) for low in landscape.above(one) for high in landscape.above(other)}
