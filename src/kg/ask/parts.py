"""A question of several parts: what is named in the first is what the others speak of."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.ask.link import Span

__all__ = ["parts_of"]

_QUESTION = ("which", "who", "when", "where", "why", "how", "how long", "how large", "count")
_APART = frozenset("?;:")


def parts_of(spans: Sequence[Span]) -> list[list[Span]]:
    """Return the parts of a question, each with the things that earlier parts name; the whole alone if it has one part.

    A part begins after a question mark, a colon, a full stop or a dash; and where a question word, or a list of
    nouns that are asked for, follows "and" or a comma.
    """
    pieces: list[list[Span]] = [[]]
    for number, span in enumerate(spans):
        if pieces[-1] and _begins(spans, number):
            pieces.append([])
        pieces[-1].append(span)
    pieces = [piece for piece in pieces if any(_is_content(span) for span in piece)]
    if len(pieces) < 2:
        return [list(spans)]
    context: list[Span] = []
    parts = []
    for number, piece in enumerate(pieces):
        own = [span for span in piece if span.kind == "mention" and span.meaning.things]
        asks = any(_asks(span) for span in piece) or any(_is_noun(span) for span in piece)
        is_last = number == len(pieces) - 1
        if asks or is_last or not own:
            lead = [span for span in context if span.text not in {other.text for other in own}]
            parts.append([*lead, *piece])
        context += [span for span in own if span not in context]
    return parts if len(parts) > 1 or parts[0] != list(spans) else [list(spans)]


def _begins(spans: Sequence[Span], number: int) -> bool:
    before, span = spans[number - 1], spans[number]
    if set(before.after) & _APART or before.after in (".", "-", "\u2013", "\u2014"):
        return True
    joins = before.does("and") or before.after == ","
    if joins and span.does(*_QUESTION):
        return True
    rest = [it for it in spans[number : number + 3] if not it.does("function")]
    if before.does("compare") and _is_content(span):
        return True
    return bool(joins and before.after == "," and rest and rest[0].does("and", *_QUESTION))


def _asks(span: Span) -> bool:
    return span.does(*_QUESTION)


def _is_noun(span: Span) -> bool:
    return bool(span.meaning.classes or span.meaning.properties) and not span.meaning.things


def _is_content(span: Span) -> bool:
    return span.kind in ("mention", "word", "number", "days", "unknown")
