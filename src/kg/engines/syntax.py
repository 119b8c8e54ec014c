"""What is wrong with the text of a query, and what is refused before it runs: told with the user's own line.

A query here reads: it asks no other server, and it changes nothing.
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
    r"""Return a query with its IRIs and strings covered and its comments blank, each character in its place.

    Example:
        >>> code_of('SELECT ("SERVICE" AS ?x) { } # <urn:x>')
        'SELECT (¤¤¤¤¤¤¤¤¤ AS ?x) { }          '
    """

    def covered(match: re.Match[str]) -> str:
        return re.sub(r"[^\n]", " " if match[0].startswith("#") else TERM, match[0])

    return re.sub(_TERMS_AND_COMMENTS, covered, text, flags=re.S)


def prologue(code: str) -> int:
    """Return where the prefixes of a query end.

    Args:
        code: the query, as :func:`code_of` returns it.
    """
    found = re.match(_PROLOGUE, code, flags=re.I)
    return found.end() if found else 0


def check(text: str, path: Path) -> None:
    """Refuse a query that would ask another server or change something.

    No address of the network is used unless the user named it to us.

    Raises:
        QueryError: if it would, with its line; if it is no Unicode text.
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
    """Return the error of a query that cannot be parsed: its place and its line, then what was expected.

    Args:
        text: the query.
        path: where it comes from.
        message: what Oxigraph says; its long list of what could follow is cut.
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
    code = code_of(text)
    declared = {name.upper() for name in re.findall(r"PREFIX\s+([^\s:]*):", code, flags=re.I)}
    for found in re.finditer(r"(?<![\w?$@:.<-])([^\W\d_][\w.-]*)?:(?=[\w%\\])", code[prologue(code) :]):
        if (found[1] or "").upper() not in declared:
            return prologue(code) + found.start(), found[1] or ""
    return None


def _advice(prefix: str) -> str:
    """Return how a prefix gets declared: ours by that name, or the nearest of ours."""
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
    """Return a line of a query, around a column if it is long, without signs that a terminal would obey."""
    lines = [*text.split("\n"), ""]
    start = max(0, column - _LONGEST_LINE // 2) if len(lines[line - 1]) > _LONGEST_LINE else 0
    return clean(f"    {lines[line - 1][start : start + _LONGEST_LINE].strip()}").rstrip()
