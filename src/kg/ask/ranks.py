"""What comes second, or after what is named: "the second most common target", "after CD19, which target has most"."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING

from kg.model.iris import named_class

if TYPE_CHECKING:
    from kg.ask.choices import Item

__all__ = ["ORDERS", "ranked"]

ORDERS = ("most", "fewest", "highest", "lowest", "latest", "earliest")
_SECOND = ("second most", "second highest")


def ranked(items: list[Item]) -> tuple[int, list[Item]]:
    """Return the place that a superlative wants, 1 for the first, and the parts of the sentence.

    Beyond the first place the parts have one superlative, and what comes before that place is no longer named.
    """
    names_second = any(item.kind == "operator" and item.value in _SECOND for item in items)
    classes = [named_class(item.value) for item in items if item.kind == "class"]
    rank = 2 if names_second else 1 + _passed_over(items, classes)
    if rank == 1:
        return rank, items
    found, is_told = [], False
    for item in items:
        is_order = item.kind == "operator" and item.value in (*ORDERS, *_SECOND)
        is_first = item.kind == "things" and item.value[0].class_iri in classes
        if is_order and not is_told and (item.value in _SECOND or not names_second):
            found.append(item._replace(value=item.value.removeprefix("second ")))
            is_told = True
        else:
            found.append(item._replace(kind="connector") if is_order or is_first else item)
    return rank, found


def _passed_over(items: list[Item], classes: list[str]) -> int:
    """Return how many things of what is asked for are passed over: one in "after CD19, which target ..."."""
    has_most = any(item.kind == "operator" and item.value == "most" for item in items)
    if not (items and items[0].value == "after" and has_most):
        return 0
    opening = takewhile(lambda item: item.kind in ("things", "connector") or item.value == "and", items[1:])
    return sum(item.kind == "things" and item.value[0].class_iri in classes for item in opening)
