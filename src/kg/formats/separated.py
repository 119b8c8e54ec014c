"""Rows as separated values: CSV and TSV of the W3C, and CSV that a spreadsheet can open safely.

The specification is https://www.w3.org/TR/sparql11-results-csv-tsv/. The danger with spreadsheets is described at
https://owasp.org/www-community/attacks/CSV_Injection.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Triple

from kg.model.terms import XSD, is_number, lexical

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kg.model.terms import Term

__all__ = ["to_csv", "to_spreadsheet_csv", "to_tsv"]

_BYTE_ORDER_MARK = "\ufeff"  # tells Excel that the file is UTF-8
# what a spreadsheet takes for the start of a formula, also after blanks and in wide forms
_FORMULA = r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]"
_NUMBER = r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?"
# datatypes whose values Turtle writes without quotes, with the forms of its grammar
_BARE = {
    XSD + "integer": r"[+-]?\d+",
    XSD + "decimal": r"[+-]?\d*\.\d+",
    XSD + "double": r"[+-]?(?:\d+\.\d*|\.?\d+)[eE][+-]?\d+",
    XSD + "boolean": r"true|false",
}
_TSV_ESCAPES = {"\t": "\\t", "\n": "\\n", "\r": "\\r"}


def to_csv(columns: Sequence[str], rows: Iterable[Sequence[Term]]) -> str:
    r"""Return CSV as the W3C specifies it: lines end in CRLF, IRIs are bare, an unbound cell is empty.

    Example:
        >>> to_csv(["a", "b"], [[Literal("x, y"), None]])
        'a,b\r\n"x, y",\r\n'
    """
    lines = [columns, *([lexical(term) for term in row] for row in rows)]
    return "".join(",".join(map(_quoted_if_needed, line)) + "\r\n" for line in lines)


def to_tsv(columns: Sequence[str], rows: Iterable[Sequence[Term]]) -> str:
    r"""Return TSV as the W3C specifies it: variables with ``?``, terms as in Turtle, an unbound cell is empty.

    Example:
        >>> to_tsv(["a", "b"], [[Literal("x\ty"), Literal(7)]])
        '?a\t?b\n"x\\ty"\t7\n'
    """
    lines = [[f"?{name}" for name in columns], *([_turtle(term) for term in row] for row in rows)]
    return "".join("\t".join(line) + "\n" for line in lines)


def to_spreadsheet_csv(columns: Sequence[str], rows: Iterable[Sequence[Term]]) -> str:
    r"""Return CSV for Excel and the like: marked as UTF-8, every cell quoted, no cell a formula.

    A text that could start a formula gets an apostrophe before it. A number stays a number.

    Example:
        >>> to_spreadsheet_csv(["a"], [[Literal("=1+1")], [Literal("-5")]]).splitlines()[1:]
        ['"\'=1+1"', '"-5"']
    """
    lines = [[_harmless(name) for name in columns]]
    lines += [[lexical(term) if is_number(term) else _harmless(lexical(term)) for term in row] for row in rows]
    return _BYTE_ORDER_MARK + "".join(",".join(map(_quoted, line)) + "\r\n" for line in lines)


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _quoted_if_needed(text: str) -> str:
    return _quoted(text) if re.search('[",\r\n]', text) else text


def _turtle(term: Term) -> str:
    if term is None:
        return ""
    if isinstance(term, NamedNode):
        return f"<{term.value}>"
    if isinstance(term, Literal) and re.fullmatch(_BARE.get(term.datatype.value, r"(?!)"), term.value):
        return term.value
    return "".join(_TSV_ESCAPES.get(sign, sign) for sign in (lexical(term) if isinstance(term, Triple) else str(term)))


def _harmless(text: str) -> str:
    return f"'{text}" if re.match(_FORMULA, text) and not re.fullmatch(_NUMBER, text) else text
