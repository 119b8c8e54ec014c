"""Words of a question that leave nothing out: "alone or combined with a second antigen", "bispecific ones included"."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.ask.link import Span

__all__ = ["idle_places"]


def idle_places(spans: Sequence[Span]) -> set[int]:
    """Return the places of the words that leave nothing out."""
    idle: set[int] = set()
    for place, span in enumerate(spans):
        if span.does("alone") and place + 1 < len(spans) and spans[place + 1].does("patients"):
            idle.add(place)  # "a single patient"
        is_whether = span.text.casefold() == "whether" and place and spans[place - 1].after == ","
        if span.does("inclusive") or (is_whether and any(other.does("or") for other in spans[place:])):
            last = place
            while last + 1 < len(spans) and not spans[last].after:
                last += 1
            idle |= set(range(place, last + 1))
        if not span.does("or", "included", "and"):
            continue
        around = range(max(0, place - 4), min(len(spans), place + 5))
        if span.does("included"):
            ones = [number for number in around if spans[number].text.casefold() in ("ones", "one")]
            if ones:
                idle |= set(range(min(*ones, place) - (ones[0] < place), max(*ones, place) + 1))
            continue
        before = [number for number in around if number < place and spans[number].does("alone", "joined", "several")]
        after = [number for number in around if number > place and spans[number].does("alone", "joined", "several")]
        sorts = [{role for role, _ in spans[number].roles} for number in (*before[-1:], *after[:1])]
        if len(sorts) == 2 and sum("alone" in roles for roles in sorts) == 1:
            last = after[0]
            while last + 1 < len(spans) and not spans[last].after and _is_vague(spans[last + 1]):
                last += 1
            idle |= set(range(before[-1], last + 1))
    return idle


def _is_vague(span: Span) -> bool:
    """Say whether a word names nothing of its own: "with a second antigen", "with anything else"."""
    return span.does("function", "second", "earliest") or bool(span.meaning.classes and not span.meaning.things)
