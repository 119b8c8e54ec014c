"""Pairs of relations, such as ``target-disease``: which a user may name, and which trials have both ends."""

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
"""What ties trials to each other. The phase and the kind of product tie nearly all, a product hardly any."""


def read_pair(text: str, known: Sequence[str] = NAMES, *, may_be_alike: bool = False) -> Pair:
    """Return the two relations that a text such as ``target-disease`` names.

    Args:
        text: what a user gave.
        known: the relations that there are.
        may_be_alike: whether both may be the same.

    Raises:
        UsageError: if it does not name two.

    Example:
        >>> read_pair("target-disease")
        ('target', 'disease')
    """
    names = text.split("-")
    unknown = next((name for name in names if name not in known), None)
    if unknown is not None or len(names) != 2 or (names[0] == names[1] and not may_be_alike):
        hint = nearest(unknown, known) if unknown else ""
        raise UsageError(
            f"'{text}' is no pair to ask for{hint}; expected such as target-disease, of {', '.join(known)}"
        )
    return names[0], names[1]


def stated(landscape: Landscape, pair: Pair, trials: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """Yield each trial with each two things that it has by the two relations."""
    left, right = pair
    for trial in trials:
        for one in landscape.trials[left].get(trial, ()):
            for other in landscape.trials[right].get(trial, ()):
                if one != other:
                    yield trial, one, other


def with_broader(landscape: Landscape, links: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Return some links and all that they imply: what is done in a disease is done in each broader one."""
    return {(low, high) for one, other in set(links) for low in landscape.above(one) for high in landscape.above(other)}
