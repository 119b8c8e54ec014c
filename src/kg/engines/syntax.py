"""Check the text of a query before it runs, and explain its errors with the line that the user wrote.

A query here only reads: it asks no other server, and it changes nothing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kg.errors import QueryError, nearest
from kg.model.iris import PREFIXES
from kg.model.terms import clean

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["TERM", "check", "code_of", "explain", "prologue"]

TERM = "\N{CURRENCY SIGN}"  # stands for each character of an IRI or a string; part of no word
_TERMS_AND_COMMENTS = (
    r"""<[^<>"{}|^`\\\s]*>|\"{3}.*?\"{3}|'{3}.*?'{3}|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|\#[^\n]*"""
)
_PROLOGUE = r"(?:\s*(?:PREFIX\s+[^\s:]*:|BASE)\s*¤*)*\s*"
_UPDATES = "INSERT DELETE LOAD CLEAR CREATE DROP COPY MOVE ADD WITH".split()
_LONGEST_LINE = 120


def code_of(text: str) -> str:
    r"""Return a query with masked IRIs and strings and with blanks for comments; every character keeps its place.

    Example:
        >>> code_of('SELECT ("SERVICE" AS ?x) { } # <urn:x>')
        'SELECT (¤¤¤¤¤¤¤¤¤ AS ?x) { }          '
    """

    def covered(match: re.Match[str]) -> str:
        return re.sub(r"[^\n]", " " if match[0].startswith("#") else TERM, match[0])

    return re.sub(_TERMS_AND_COMMENTS, covered, text, flags=re.S)


def prologue(code: str) -> int:
    """Return the place where the prefixes of a query end.

    Args:
        code: the query, as :func:`code_of` returns it.
    """
    found = re.match(_PROLOGUE, code, flags=re.I)
    return found.end() if found else 0


def check(text: str, path: Path) -> None:
    """Refuse a query that would ask another server or change something.

    So no network address is used but those that the user gave to us.

    Raises:
        QueryError: if it would, or if the text is not valid Unicode; the message has the place.
    """
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise QueryError(f"{_place(text, error.start, path)}: not UTF-8; give the query as UTF-8") from error
    code = code_of(text)
    if found := re.search(r"(?<![?$:\w])SERVICE\b(?!:)", code, flags=re.I):
        raise QueryError(
            f"{_place(text, found.start(), path)}: {found[0]} is refused: a query here asks no other server"
        )
    start = prologue(code)
    word = re.match(r"\w*", code[start:])
    if word and word[0].upper() in _UPDATES:
        expected = "a query here changes nothing; expected SELECT, ASK, CONSTRUCT or DESCRIBE"
        raise QueryError(f"{_place(text, start, path)}: {word[0]} is refused: {expected}")


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
    """Return the place and the name of the first prefix that is not declared, or None."""
    code = code_of(text)
    declared = {name.upper() for name in re.findall(r"PREFIX\s+([^\s:]*):", code, flags=re.I)}
    for found in re.finditer(r"(?<![\w?$@:.<-])([^\W\d_][\w.-]*)?:(?=[\w%\\])", code[prologue(code) :]):
        if (found[1] or "").upper() not in declared:
            return prologue(code) + found.start(), found[1] or ""
    return None


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
