"""How commands print rows: in which format, and where to (stdout or the file of ``--out``)."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from kg.errors import UsageError
from kg.formats.writers import FORMATS

if TYPE_CHECKING:
    from argparse import Namespace

    from kg.formats.result import Result
    from kg.formats.table import Screen

__all__ = ["content_of", "screen_of", "show", "style_of", "write"]


def style_of(options: Namespace) -> str:
    """Return the format that the user asked for; without one, a table on a terminal and CSV elsewhere.

    Raises:
        UsageError: if a workbook would go to a terminal.
    """
    is_shown = not options.out and bool(sys.stdout and sys.stdout.isatty())
    name: str = options.format or ("table" if is_shown else "csv")
    if is_shown and name in FORMATS and not FORMATS[name].is_text:
        raise UsageError(f"a workbook is no text for a terminal; give --out FILE.{name}")
    return name


def show(result: Result, options: Namespace) -> None:
    """Print rows; on a terminal, or if there are no rows, print their number too."""
    write(content_of(result, options), options)
    if sys.stderr.isatty() or not len(result):
        dated = f", data as of {result.as_of}" if result.as_of else ""
        print(f"{len(result)} row{'' if len(result) == 1 else 's'}{dated}", file=sys.stderr)


def content_of(result: Result, options: Namespace) -> bytes:
    """Return the content of rows in the format that the user asked for."""
    return result.content(style_of(options), screen_of(options))


def screen_of(options: Namespace) -> Screen | None:
    """Return the screen for a table, as wide as the terminal, or None if the format is not a table."""
    if style_of(options) != "table":
        return None
    from kg.formats.table import Screen

    return Screen.of(None if options.out else sys.stdout)


def write(content: bytes, options: Namespace) -> None:
    """Write to the file of ``--out``, or unchanged to stdout, so that CSV keeps its line ends.

    Raises:
        UsageError: if the file cannot be written, or there is no stdout.
    """
    if options.out:
        from kg.paths import write_whole

        write_whole(options.out, content)
        print(f"{options.out}: {len(content):,} bytes", file=sys.stderr)
        return
    if sys.stdout is None:
        raise UsageError("there is no standard output to write to")
    sys.stdout.buffer.write(content)
    sys.stdout.flush()
