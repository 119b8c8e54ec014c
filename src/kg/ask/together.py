"""Conditions put together: what hangs on one thing, what is denied."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kg.ask.plan import All, Every, Linked, Valued, Without

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.ask.plan import Things

__all__ = ["Impossible", "Part", "nested", "together"]


class Impossible(Exception):  # noqa: N818 (an outcome of reading, not an error)
    """What an item says cannot be asked of a class."""


@dataclass
class Part:
    """A condition on the things that are asked for.

    Attributes:
        things: the condition.
        places: the spans that say it.
        negated: whether it is denied.
        silent: whether silence is no denial, since no document lists the property in full.
        label: what is named, for words.
    """

    things: Things
    places: set[int] = field(default_factory=set)
    negated: bool = False
    silent: bool = False


def together(kind: str, parts: Iterable[Part]) -> tuple[Things, list[Part]]:
    """Return the things that meet all conditions, and the conditions that are denied without a list in full.

    Conditions that begin with the same step along one way are about one thing: "sponsors of phase 2 trials of
    CD19" are sponsors of one trial that is both; but a knock-out and a safety switch, which are reached in the same
    way, are two modifications.
    """
    kept = [part for part in parts if not part.negated]
    denied = [part for part in parts if part.negated]
    found: list[Things] = [Every(kind), *nested([part.things for part in kept])]
    things: Things = All(tuple(found)) if len(found) > 1 else found[0]
    for part in denied:
        if part.silent:
            continue
        told = part.things
        if isinstance(told, Linked):
            found.append(Linked(told.ways, Every(told.ways[0][-1].end)))
            things = All(tuple(found))
    for part in denied:
        if not part.silent:
            things = Without(things, part.things)
    return things, [part for part in denied if part.silent]


def nested(parts: list[Things]) -> list[Things]:
    """Put conditions that begin with one step into one condition on the thing that it leads to."""

    def first(part: Things) -> str:
        if isinstance(part, Linked | Valued) and len(part.ways) == 1 and part.ways[0]:
            hop = part.ways[0][0]
            return f"{hop.property} {hop.forward} {hop.end}"
        return ""

    found: list[Things] = []
    groups: dict[str, list[Things]] = {}
    for number, part in enumerate(parts):
        groups.setdefault(first(part) or f"{number}", []).append(part)
    for members in groups.values():
        seen: list[list[Things]] = []
        for part in members:  # the same way twice leads to two things
            way = part.ways[0] if isinstance(part, Linked | Valued) and part.ways else ()
            for others in seen:
                if all(isinstance(other, Linked | Valued) and other.ways[0] != way for other in others):
                    others.append(part)
                    break
            else:
                seen.append([part])
        for others in seen:
            if len(others) == 1:
                found += others
                continue
            head = others[0]
            assert isinstance(head, Linked | Valued)
            inner: list[Things] = []
            for part in others:
                assert isinstance(part, Linked | Valued)
                rest = part.ways[0][1:]
                if isinstance(part, Linked):
                    inner.append(Linked((rest,), part.to) if rest else part.to)
                else:
                    inner.append(Valued((rest,) if rest else (), part.properties, part.test))
            found.append(Linked((head.ways[0][:1],), All(tuple(nested(inner)))))
    return found
