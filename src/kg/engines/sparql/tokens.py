r"""A SPARQL text as its tokens: how the project, and Oxigraph, part it into words, names, strings and signs.

Oxigraph 0.5 has no lexer: its parser knows at each place which tokens its grammar allows there, and takes one that
fits. So some texts part in more ways than one, and which is meant shows only later:

- ``1<x:y&&2>1``: after a term in round brackets, ``<`` may compare, or begin an IRI;
- ``ex:a.b.SERVICE``: SPARQL 1.1 has one name here, Oxigraph ``ex:a.b``, a dot, and a keyword;
- ``ex:SERVICE``, where ``ex:`` is ``<http://host:>``: the two make no IRI, so Oxigraph takes ``ex:`` alone;
- a string in three quotes that has an unlawful escape: Oxigraph takes two of the quotes, an empty string.

:meth:`Lexer.options` tells all tokens that may stand at a place, the likeliest first. :func:`tokens` follows the
likeliest, and :mod:`kg.engines.sparql.readings` all of them. Keywords need no gap after them, so a ``WORD`` may be
several.
"""

from __future__ import annotations

import re
from enum import Enum
from itertools import takewhile
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from pyoxigraph import NamedNode

from kg.engines.sparql.terminals import ANY, ANY_BUT_NAME, IRI, RUN, is_sound, read_prologue, string_end

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["TOP", "After", "Bracket", "Kind", "Lexer", "Token", "follow", "tokens"]

# LABEL is that of a blank node, NAME is prefixed, COVERED was an IRI or a string, WRONG begins no token
Kind = Literal["COVERED", "IRI", "LABEL", "LANGUAGE", "NAME", "NUMBER", "SIGN", "STRING", "VARIABLE", "WORD", "WRONG"]

_CLOSES = {")": "(", "]": "[", "}": "{"}
_SCHEME = re.compile(r"<[A-Za-z][A-Za-z0-9+.\-]*:")
_LINE = re.compile(r"[^\r\n]*")
_LONGEST_IRI = 500  # of a prefix; whether a longer one makes an IRI with a local part is not tried


class After(Enum):
    """What a token follows, as far as that decides what it can be: ``<`` compares terms, SERVICE begins a pattern."""

    OPERATOR = "a sign or a word that wants a term next"
    STOP = "the start of a pattern, or the end of a triple"
    TERM = "a term, a closed bracket, or a word that may end something"


_AFTER_SIGN = dict.fromkeys("{.;~", After.STOP) | dict.fromkeys(")]}>", After.TERM)
_BEFORE_TERM = {"DESCRIBE", "FROM", "GRAPH", "NAMED", "SERVICE", "SILENT"}


class Bracket:
    """An open bracket, the one around it, and how many are open; each is one of its own.

    Attributes:
        sign: one of ``(``, ``[`` and ``{``, or nothing at the top.
        outer: the bracket around it.
        depth: how many brackets are open, with this one.
    """

    __slots__ = ("depth", "outer", "sign")

    def __init__(self, sign: str, outer: Bracket | None) -> None:
        self.sign, self.outer = sign, outer
        self.depth: int = outer.depth + 1 if outer else 0


TOP = Bracket("", None)


class Token(NamedTuple):
    """A token: its kind, where it starts and ends, what it follows, and the innermost bracket that is open there."""

    kind: Kind
    start: int
    end: int
    after: After
    inside: Bracket


class Lexer:
    """Tells the tokens of a text; it remembers what it need not try twice."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.prologue = read_prologue(text)
        self._lengths = sorted({len(name) for name in self.prologue.prefixes})
        self._nameless = range(0)  # places where no name starts: a run of their signs goes on to no colon
        self._endless: dict[str, int] = {}  # three quotes -> from where on they open no string

    def options(self, place: int, after: After, inside: Bracket) -> list[Token]:
        """Return the tokens that may begin at the first sign after a place; none at the end of the text.

        What begins no token is of the kind ``WRONG``: a sign, or an open quote with the rest of its line.
        """
        pattern = ANY_BUT_NAME if place in self._nameless else ANY
        found: Any = pattern.match(self.text, place)
        kind = found.lastgroup
        if not kind:
            return []
        start = found.start(kind)
        if kind == "OPEN":
            return self._opened(start, after, inside)
        if kind == "NAME" and found["local"]:
            return [Token(kind, start, end, after, inside) for end in self._names(found)]
        if kind == "WORD" and pattern is ANY:
            self._remember(start, found.end())
        return [Token(kind, start, found.end(), after, inside)]

    def _remember(self, start: int, end: int) -> None:
        """Note how far no name starts, where a word has signs of a name behind it but no colon."""
        if self.text[end : end + 1] not in " \n{(" and (run := RUN.match(self.text, start)):
            self._nameless = range(start, run.end())

    def _opened(self, start: int, after: After, inside: Bracket) -> list[Token]:
        """Return what ``<`` or a quote may begin."""
        if self.text[start] == "<":
            found = self._angles(start, after, inside)
            return found or [Token("WRONG", start, start + 1, after, inside)]
        ends = self._strings(start, self.text[start])
        if ends:
            return [Token("STRING", start, end, after, inside) for end in ends]
        line: Any = _LINE.match(self.text, start)
        return [Token("WRONG", start, line.end(), after, inside)]

    def _angles(self, start: int, after: After, inside: Bracket) -> list[Token]:
        """Return what ``<`` may begin: an IRI, ``<<``, or a comparison."""
        iri = IRI.match(self.text, start)
        is_double = self.text.startswith("<<", start)
        found = [Token("IRI", start, iri.end(), after, inside)] if iri else []
        if is_double:
            found.append(Token("SIGN", start, start + 2, after, inside))
        if after is After.TERM and inside.sign == "(":  # expressions stand in round brackets
            compares = Token("SIGN", start, start + 1, after, inside)
            is_likely = not _SCHEME.match(self.text, start) and not (is_double and not IRI.match(self.text, start + 1))
            found.insert(0 if is_likely else len(found), compares)
        return found

    def _strings(self, start: int, quote: str) -> list[int]:
        """Return where the string may end that starts at a place; nowhere if it has no end."""
        quotes = quote * 3
        if self.text.startswith(quotes, start) and start < self._endless.get(quotes, len(self.text)):
            end = string_end(self.text, start, quotes)
            if end > 0:
                return [end] if is_sound(self.text, start + 3, end - 3) else [end, start + 2]
            self._endless[quotes] = start
        end = string_end(self.text, start, quote)
        return [end] if end > 0 else []

    def _names(self, found: re.Match[str]) -> Iterator[int]:
        """Yield where a prefixed name may end; whether at its colon is only asked where that can uncover a SERVICE."""
        yield found.end()
        if found.end("local") < found.end():
            yield found.end("local")
        if "service" in found["local"].lower() and self._is_name_cut(found["prefix"], found["local"]):
            yield found.end("prefix") + 1

    def _is_name_cut(self, prefix: str, local: str) -> bool:
        r"""Say whether a prefix, or what it ends with after glued keywords, may make no IRI with a local part."""
        iris = [self.prologue.prefixes[name] for name in self.declared(prefix)]
        return any(len(iri) > _LONGEST_IRI or not _is_iri(iri + local.replace("\\", "")) for iri in iris)

    def declared(self, prefix: str) -> list[str]:
        """Return the prefixes of the prologue that a text ends with: keywords may stand before them without a gap."""
        fitting = takewhile(lambda length: length <= len(prefix), self._lengths)
        ends = [prefix[len(prefix) - length :] for length in fitting]
        return [name for name in ends if name in self.prologue.prefixes]

    def next(self, token: Token) -> tuple[After, Bracket | None]:
        """Return what the next token follows, and the bracket it stands in; none if a bracket closes another kind."""
        kind, start, end, _, inside = token
        if kind == "WORD":
            word = self.text[start:end]
            return After.OPERATOR if word == "a" or word.upper() in _BEFORE_TERM else After.TERM, inside
        if kind != "SIGN":
            return After.TERM, inside
        sign = self.text[start:end]
        after = _AFTER_SIGN.get(sign, After.OPERATOR)
        if sign in ("(", "[", "{"):
            return after, Bracket(sign, inside)
        if sign in _CLOSES:
            return after, inside.outer if inside.sign == _CLOSES[sign] else None
        return after, inside


def _is_iri(text: str) -> bool:
    try:
        NamedNode(text)
    except ValueError:
        return False
    return True


def follow(lexer: Lexer) -> Iterator[list[Token]]:
    """Yield the tokens that may begin at each place of a text when always the first of them is taken."""
    after, inside = After.STOP, TOP
    found = lexer.options(0, after, inside)
    while found:
        yield found
        after, bracket = lexer.next(found[0])
        inside = bracket or inside
        found = lexer.options(found[0].end, after, inside)


def tokens(text: str) -> list[Token]:
    """Return the tokens of a text as it is most likely meant, without comments and blanks.

    Example:
        >>> text = "SELECT*{ ?s a ex:a.b ; ?p '}'@en # not }"
        >>> " | ".join(f"{token.kind} {text[token.start:token.end]}" for token in tokens(text)[4:])
        "WORD a | NAME ex:a.b | SIGN ; | VARIABLE ?p | STRING '}' | LANGUAGE @en"
    """
    return [found[0] for found in follow(Lexer(text))]
