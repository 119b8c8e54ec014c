"""The output formats that ``--format`` offers, each with the function that writes it.

To add a format, write its module, and add a function for it here. The module is imported only when rows are written, so
that a cold query imports only the module that it needs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from kg.formats.result import Result
    from kg.formats.table import Screen

__all__ = ["FORMATS", "Format"]


class Format(NamedTuple):
    """An output format.

    Attributes:
        write: a function that returns the rows as text in UTF-8, or as a binary file; the screen is for tables.
        is_text: whether it can be shown on a terminal.
    """

    write: Callable[[Result, Screen | None], bytes]
    is_text: bool = True


def _table(result: Result, screen: Screen | None) -> bytes:
    import sys

    from kg.formats.table import Screen, to_table

    screen = screen or Screen.of(sys.stdout)._replace(takes_codes=False)
    return to_table(result.columns, result.rows, screen).encode()


def _csv(result: Result, _: Screen | None) -> bytes:
    from kg.formats.separated import to_csv

    return to_csv(result.columns, result.rows).encode()


def _tsv(result: Result, _: Screen | None) -> bytes:
    from kg.formats.separated import to_tsv

    return to_tsv(result.columns, result.rows).encode()


def _json(result: Result, _: Screen | None) -> bytes:
    from kg.formats.results_json import to_json

    return to_json(result.columns, result.rows, result.boolean).encode()


def _markdown(result: Result, _: Screen | None) -> bytes:
    from kg.formats.markup import to_markdown

    return to_markdown(result.columns, result.rows).encode()


def _spreadsheet(result: Result, _: Screen | None) -> bytes:
    from kg.formats.separated import to_spreadsheet_csv

    return to_spreadsheet_csv(result.columns, result.rows).encode()


def _xlsx(result: Result, _: Screen | None) -> bytes:
    from kg.formats.workbook import to_xlsx

    return to_xlsx(result.columns, result.rows)


FORMATS = {
    "table": Format(_table),
    "csv": Format(_csv),
    "tsv": Format(_tsv),
    "json": Format(_json),
    "markdown": Format(_markdown),
    "spreadsheet": Format(_spreadsheet),
    "xlsx": Format(_xlsx, is_text=False),
}
