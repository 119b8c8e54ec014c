"""A question of several parts: what is named in the first is what the others speak of."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.ask.link import Span

__all__ = ["Piece", "parts_of"]

_QUESTION = ("which", "who", "when", "where", "why", "how", "how long", "how large", "count")
_APART = frozenset("?;:")


class Piece(NamedTuple):
    """A part of a question.

    Attributes:
        own: its spans.
        before: the things that earlier parts name.
        asks: whether it asks for something, and not only names what the others speak of.
    """

    own: list[Span]
    before: list[Span]
    asks: bool

    @property
    def is_of_things(self) -> bool:
        """Whether all that it names is things and their classes, which the other parts can take from it."""
        is_plain = not any(span.does("not", "only", "every", "most", "fewest") for span in self.own)
        return is_plain and all(span.meaning.things or _is_noun(span) for span in self.own if _is_content(span))

    @property
    def is_of_its_own(self) -> bool:
        """Whether it names something that it asks of, and not only what it asks for."""
        return any(_is_content(span) and not _is_noun(span) for span in self.own)


def parts_of(spans: Sequence[Span]) -> list[Piece]:
    """Return the parts of a question, each with the things that earlier parts name; one alone if it has one part.

    A part begins after a question mark, a colon, a full stop or a dash; and where a question word, or a list of
    nouns that are asked for, follows "and" or a comma.
    """
    pieces: list[list[Span]] = [[]]
    for number, span in enumerate(spans):
        if pieces[-1] and _begins(spans, number) and not _leaves_out(pieces[-1]):
            pieces.append([])
        pieces[-1].append(span)
    pieces = [piece for piece in pieces if any(_is_content(span) or _asks(span) for span in piece)]
    found: list[Piece] = []
    before: list[Span] = []
    for number, piece in enumerate(pieces):
        named = [span for span in piece if span.kind == "mention" and span.meaning.things]
        asks = any(_asks(span) for span in piece) or (any(_is_noun(span) for span in piece[1:]) and number > 0)
        own = {span.text for span in named}
        found.append(Piece(piece, [span for span in before if span.text not in own], asks or number == len(pieces) - 1))
        before += [span for span in named if span not in before]
    return found


def _begins(spans: Sequence[Span], number: int) -> bool:
    before, span = spans[number - 1], spans[number]
    if set(before.after) & _APART or before.after in (".", "\u2013", "\u2014"):
        return True
    joins = before.does("and") or before.after == ","
    if joins and _asks(span):
        return True
    rest = [it for it in spans[number : number + 3] if not it.does("function")]
    return bool(joins and before.after == "," and rest and rest[0].does("and", *_QUESTION))


def _leaves_out(piece: Sequence[Span]) -> bool:
    """Say whether a part only says what is not asked for: "Apart from cyclophosphamide, what drugs ..."."""
    return any(span.does("not") for span in piece) and not any(_asks(span) for span in piece)


def _asks(span: Span) -> bool:
    return span.does(*_QUESTION) or (span.does("show") and span.text.casefold().startswith("what"))


def _is_noun(span: Span) -> bool:
    return bool(span.meaning.classes or span.meaning.properties) and not span.meaning.things


def _is_content(span: Span) -> bool:
    return span.kind in ("mention", "word", "number", "days", "unknown")
