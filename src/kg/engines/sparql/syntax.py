"""Check the text of a query before it runs, and explain its errors with the line that the user wrote.

A query here only reads: it asks no other server, and it changes nothing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kg.engines.sparql.federation import find_service
from kg.engines.sparql.terminals import COVER, read_prologue
from kg.engines.sparql.tokens import tokens
from kg.errors import QueryError, nearest
from kg.model.iris import PREFIXES
from kg.model.terms import clean

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["TERM", "check", "code_of", "explain", "prologue"]

TERM = COVER  # stands for each character of an IRI or a string; part of no word
_UPDATE = re.compile("INSERT|DELETE|LOAD|CLEAR|CREATE|DROP|COPY|MOVE|ADD|WITH", re.I | re.A)
_ESCAPE = re.compile(r"\\u(\+[0-9A-Fa-f]{3}|[0-9A-Fa-f]{4})|\\U(\+[0-9A-Fa-f]{7}|[0-9A-Fa-f]{8})")
_HIGHEST = 0x10FFFF
_SURROGATES = range(0xD800, 0xE000)
_ESCAPES_MEND = r"write the characters themselves in the place of \u escapes, and \" for a quote"
_LONGEST_LINE = 120


def code_of(text: str) -> str:
    r"""Return a query with masked IRIs and strings and with blanks for comments; every character keeps its place.

    Example:
        >>> code_of('SELECT ("SERVICE" AS ?x) { } # <urn:x>')
        'SELECT (¤¤¤¤¤¤¤¤¤ AS ?x) { }          '
    """
    return "".join(_pieces(text))


def _pieces(text: str) -> Iterator[str]:
    end = 0
    for token in tokens(text):
        yield re.sub(r"[^ \t\r\n]", " ", text[end : token.start])
        end = token.end
        is_covered = token.kind in ("IRI", "STRING")
        yield re.sub(r"[^\n]", TERM, text[token.start : end]) if is_covered else text[token.start : end]
    yield re.sub(r"[^ \t\r\n]", " ", text[end:])


def prologue(code: str) -> int:
    """Return the place where the prefixes of a query end.

    Args:
        code: the query, as it is or as :func:`code_of` returns it.
    """
    return read_prologue(code).end


def check(text: str, path: Path, *, allow_service: bool = False) -> None:
    r"""Refuse a query that would ask another server or change something.

    No address of the network is used unless the user named it to us. Some engines resolve ``\u`` escapes before all
    else (https://www.w3.org/TR/sparql11-query/#codepointEscape), Oxigraph only in IRIs and strings; what is refused in
    either form is refused.

    Args:
        text: the query.
        path: where it comes from.
        allow_service: whether it may ask another server, as a server of the user's own may do for it.

    Raises:
        QueryError: if it would, or if the text is not valid Unicode; the message has the place.
    """
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise QueryError(f"{_place(text, error.start, path)}: not UTF-8; give the query as UTF-8") from error
    for form in dict.fromkeys((text, _ESCAPE.sub(_resolved, text))):
        found = None if allow_service else find_service(form)
        if found:
            word, place = form[found.start : found.start + len("SERVICE")], _origin(text, form, found.start)
            mend = found.mend if form == text else _ESCAPES_MEND
            mend = f"; if none is meant, {mend}" if mend else ""
            raise QueryError(f"{_place(text, place, path)}: {word} is refused: a query here asks no other server{mend}")
        start = read_prologue(form).end
        if update := _UPDATE.match(form, start):
            expected = "a query here changes nothing; expected SELECT, ASK, CONSTRUCT or DESCRIBE"
            raise QueryError(f"{_place(text, _origin(text, form, start), path)}: {update[0]} is refused: {expected}")


def _resolved(escape: re.Match[str]) -> str:
    code = int(escape[1] or escape[2], 16)
    return escape[0] if code > _HIGHEST or code in _SURROGATES else chr(code)


def _origin(text: str, form: str, place: int) -> int:
    """Return the place in a text of a place in its form with escapes resolved."""
    for escape in () if form == text else _ESCAPE.finditer(text):
        if escape.start() >= place:
            break
        place += len(escape[0]) - len(_resolved(escape))
    return place


def explain(text: str, path: Path, message: str) -> QueryError:
    """Return the error for a query that cannot be parsed: the place, what was expected, and the line.

    Args:
        text: the query.
        path: the file that the query comes from.
        message: the message of Oxigraph; its long list of what could follow is cut.
    """
    is_open = any(said in message for said in ("Prefix not found", "<unreported>"))
    if is_open and (undeclared := _undeclared_prefix(text)):
        place, prefix = undeclared
        return QueryError(f"{_place(text, place, path)}: {_advice(prefix)}")
    found = re.search(r"error at (\d+):(\d+): (.*)", message, flags=re.S)
    if not found:
        return QueryError(f"{path}: {message}")
    line, column, expected = int(found[1]), int(found[2]), " ".join(found[3].split())
    if len(expected) > 160:
        expected = f"{expected[:160]} ..."
    return QueryError(f"{path}:{line}:{column}: not SPARQL 1.1: {expected}\n{_line(text, line, column)}")


def _undeclared_prefix(text: str) -> tuple[int, str] | None:
    """Return where the first prefix stands that no line declares."""
    names: list[tuple[int, str]] = []
    declared = set()
    word = ""
    for token in tokens(text):
        if token.kind == "NAME":
            prefix = text[token.start : text.index(":", token.start)]
            if word == "PREFIX":
                declared.add(prefix)
            else:
                names.append((token.start, prefix))
        word = text[token.start : token.end].upper()
    return next(((place, prefix) for place, prefix in names if prefix not in declared), None)


def _advice(prefix: str) -> str:
    """Return how to declare a prefix: the line for a prefix of the graph, or a hint to the nearest one."""
    if prefix in PREFIXES:
        return f"prefix '{prefix}:' is not declared; add the line PREFIX {prefix}: <{PREFIXES[prefix]}>"
    alike = nearest(prefix, PREFIXES, "").removeprefix("; ").partition(",")[0]
    if alike:
        return f"prefix '{prefix}:' is not declared; did you mean {alike}: <{PREFIXES[alike]}>?"
    return f"prefix '{prefix}:' is not declared; add a PREFIX line; those of the graph are {', '.join(PREFIXES)}"


def _place(text: str, offset: int, path: Path) -> str:
    line = text.count("\n", 0, offset) + 1
    return f"{path}:{line}:{offset - text.rfind(chr(10), 0, offset)}"


def _line(text: str, line: int, column: int) -> str:
    """Return a line of a query, or the part around a column if it is long, without terminal control characters."""
    lines = [*text.split("\n"), ""]
    start = max(0, column - _LONGEST_LINE // 2) if len(lines[line - 1]) > _LONGEST_LINE else 0
    return clean(f"    {lines[line - 1][start : start + _LONGEST_LINE].strip()}").rstrip()
