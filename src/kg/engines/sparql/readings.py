"""All the ways in which a SPARQL text parts into tokens.

An engine may read a text otherwise than it looks (:mod:`kg.engines.sparql.tokens` says where), and what is to be
refused must not get past in any reading. Each other reading begins where the likeliest one could have gone another
way. It ends where it joins a reading that is known; or where it comes upon a bracket that closes another kind, a name
whose prefix is not declared, or a sign that begins no token: there an engine that reads so fails. So each way in
which an engine can read a query to its end is among them, and few others.
"""

from __future__ import annotations

from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from kg.engines.sparql.tokens import Lexer, follow

if TYPE_CHECKING:
    from kg.engines.sparql.tokens import After, Bracket, Token

__all__ = ["Readings", "read"]

_MOST_AT_ONE_PLACE = 8  # readings that meet at a place without joining; more are not followed
_MOST_TOKENS = 250_000  # of the likeliest reading, and of all others; 1 MiB of a query as people write it has 160,000
_MOST_LOOKS = 8  # how often each sign of a text is looked at, on average


class Readings(NamedTuple):
    """The readings of a text.

    Attributes:
        lexer: what read it.
        first: the tokens of the likeliest reading, or the start of them.
        others: the tokens that others have and the likeliest has not, in no order, where something can follow them.
        is_joined: whether one of the others goes over into the likeliest.
        is_complete: whether all were followed to their ends; a very long or doubtful text takes too long.
    """

    lexer: Lexer
    first: list[Token]
    others: list[Token]
    is_joined: bool = False
    is_complete: bool = True


def read(text: str) -> Readings:
    """Return the readings of a text.

    Example:
        >>> text = "PREFIX x: <urn:x> ASK { FILTER(1<x:y&&2>1) }"
        >>> readings = read(text)
        >>> [text[token.start : token.end] for token in readings.others]
        ['<', 'x:y', '&', '&', '2', '>']
    """
    lexer = Lexer(text)
    found = list(islice(follow(lexer), _MOST_TOKENS + 1))
    first = [options[0] for options in found]
    waiting = [token for options in found for token in options[1:]]
    if not waiting or len(first) > _MOST_TOKENS:
        return Readings(lexer, first, [], is_complete=len(first) <= _MOST_TOKENS)
    known = {_place(token) for token in first}
    met = Counter[int]()
    left = _MOST_LOOKS * len(text)
    others, is_joined = [], False
    while waiting:
        token = waiting.pop()
        after, inside = lexer.next(token)
        options = lexer.options(token.end, after, inside) if inside else []
        left -= sum(option.end - token.end for option in options)
        options = [option for option in options if _can_stand(lexer, option)]
        if not options:
            continue
        others.append(token)
        place = _place(options[0])
        if place in known:
            is_joined = True
            continue
        known.add(place)
        met[options[0].start] += 1
        if met[options[0].start] > _MOST_AT_ONE_PLACE or left < 0 or len(others) > _MOST_TOKENS:
            return Readings(lexer, first, others, is_joined, is_complete=False)
        waiting += options
    return Readings(lexer, first, others, is_joined)


def _place(token: Token) -> tuple[int, After, Bracket]:
    """Return what decides how a text goes on from a token: readings that agree in it join."""
    return token.start, token.after, token.inside


def _can_stand(lexer: Lexer, token: Token) -> bool:
    """Say whether an engine may take a token: a name needs a prefix that is declared."""
    if token.kind == "WRONG":
        return False
    return token.kind != "NAME" or bool(lexer.declared(lexer.text[token.start : token.end].partition(":")[0]))
