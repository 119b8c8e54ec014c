"""Rows as an Excel workbook: numbers are numbers, days are days, identifiers are links, and nothing is a formula.

The same rows give the same bytes.
"""

from __future__ import annotations

import math
import re
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

from pyoxigraph import Literal

from kg.errors import UsageError
from kg.formats.addresses import address
from kg.model.terms import XSD, clean, shown, value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.model.terms import Term

__all__ = ["to_xlsx"]

# https://support.microsoft.com/office/excel-specifications-and-limits-1672b34d-7043-467e-8e27-269d656771c3
_MOST_ROWS, _MOST_COLUMNS, _MOST_SIGNS, _MOST_LINKS, _MOST_DIGITS = 1_048_576, 16_384, 32_767, 65_530, 15
_PLAIN_NUMBER = r"-?(?:0|[1-9]\d*)(?:\.\d*[1-9])?"  # so that a spreadsheet shows it as it is written
_LONGEST_ADDRESS = 2_000
_FIRST_DAY = datetime(1900, 3, 1)  # Excel counts a 29th of February 1900, which did not exist
_WIDEST, _FILTER_BUTTON = 60, 3  # in characters
_MADE = datetime(2000, 1, 1)  # a workbook holds the day on which it was made; a fixed day keeps the bytes the same


def to_xlsx(columns: Sequence[str], rows: Sequence[Sequence[Term]]) -> bytes:
    """Return the rows as a workbook of one sheet, its header bold and frozen, with filters.

    Raises:
        UsageError: if XlsxWriter is not installed, or if a sheet cannot hold the rows or a cell.
    """
    try:
        import xlsxwriter
    except ImportError as error:
        raise UsageError("a workbook needs XlsxWriter; install it with `pip install 'immunokg[xlsx]'`") from error
    _refuse_too_much(columns, rows)
    content = BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        book.set_properties({"created": _MADE})
        sheet = book.add_worksheet("rows")
        _write_head(sheet, columns, rows, book.add_format({"bold": True}))
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        cells = ((number, place, term) for number, row in enumerate(rows, start=1) for place, term in enumerate(row))
        links = 0
        for number, place, term in cells:
            to = address(term) if links < _MOST_LINKS else ""
            if to and len(to) <= _LONGEST_ADDRESS:
                sheet.write_url(number, place, to, string=clean(shown(term)))
                links += 1
            else:
                _write(sheet, number, place, term, day)
    return content.getvalue()


def _refuse_too_much(columns: Sequence[str], rows: Sequence[Sequence[Term]]) -> None:
    if len(rows) >= _MOST_ROWS or len(columns) > _MOST_COLUMNS:
        raise UsageError(f"{len(rows):,} rows of {len(columns):,} columns are more than a sheet holds; choose csv")
    for number, row in enumerate(rows, start=1):
        for name, term in zip(columns, row, strict=True):
            if len(shown(term)) > _MOST_SIGNS:
                raise UsageError(f"row {number}, {name}: a cell holds at most {_MOST_SIGNS:,} characters; choose csv")


def _write_head(sheet: Any, columns: Sequence[str], rows: Sequence[Sequence[Term]], bold: Any) -> None:
    for place, name in enumerate(columns):
        sheet.write_string(0, place, clean(name), bold)
        longest = max([len(name) + _FILTER_BUTTON, *(len(shown(row[place])) for row in rows)])
        sheet.set_column(place, place, min(longest + 1, _WIDEST))
    sheet.freeze_panes(1, 0)
    if columns:
        sheet.autofilter(0, 0, len(rows), len(columns) - 1)


def _write(sheet: Any, number: int, place: int, term: Term, day: Any) -> None:
    """Write a term by its type; a number that Excel would round and a day that it does not know become text."""
    found = value(term)
    if isinstance(found, bool):
        sheet.write_boolean(number, place, found)
    elif (amount := _number(term)) is not None:
        sheet.write_number(number, place, amount)
    elif (when := _day(term)) is not None:
        sheet.write_datetime(number, place, when, day)
    elif found is not None:
        sheet.write_string(number, place, clean(shown(term)))


def _number(term: Term) -> float | None:
    """Return the number in a cell; a text that is exactly a number counts, because queries join values to texts."""
    text, found = shown(term), value(term)
    if isinstance(found, str) and re.fullmatch(_PLAIN_NUMBER, text):
        found = float(text)
    is_exact = isinstance(found, int | float) and math.isfinite(found) and len(text) <= _MOST_DIGITS
    return found if is_exact else None


def _day(term: Term) -> datetime | None:
    """Return the day in a cell: a literal of type date, or a text that is exactly a day."""
    if not isinstance(term, Literal) or term.datatype.value not in (XSD + "date", XSD + "string"):
        return None
    try:
        found = datetime.strptime(term.value, "%Y-%m-%d")
    except ValueError:  # XML Schema knows days with zones and years beyond 9999
        return None
    return found if found >= _FIRST_DAY and len(term.value) == len("2000-01-01") else None
