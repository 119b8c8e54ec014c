"""How commands print rows: in which format, and where to (stdout or the file of ``--out``); and how they tell messages.

A terminal gets no sign of the data that it would obey, or that hides (:mod:`kg.signs`): in no format, and in no message
on stderr. A pipe and a file get the bytes that the standard of the format asks for.
"""

from __future__ import annotations

import re
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, TextIO

from kg.errors import UsageError
from kg.formats.writers import FORMATS
from kg.signs import visible, visible_in_json, visible_in_turtle

if TYPE_CHECKING:
    from argparse import Namespace

    from kg.formats.result import Result
    from kg.formats.table import Screen

__all__ = ["content_of", "is_terminal", "screen_of", "show", "style_of", "tell", "write"]

# what a table and an answer are written with on a terminal, by kg.formats.table; the texts between have no such codes
_CODES = r"(\x1b\[[01]m|\x1b\]8;(?:id=\d+;[!-~]+|;)\x1b\\)"


_ESCAPES = {"json": visible_in_json, "tsv": visible_in_turtle, "turtle": visible_in_turtle}


def is_terminal(stream: TextIO | None) -> bool:
    """Whether a stream of this process is a terminal; there is none where it was closed."""
    return stream is not None and stream.isatty()


def style_of(options: Namespace) -> str:
    """Return the format that the user asked for; without one, a table on a terminal and CSV elsewhere.

    Raises:
        UsageError: if a workbook would go to a terminal.
    """
    is_shown = not options.out and is_terminal(sys.stdout)
    name: str = options.format or ("table" if is_shown else "csv")
    if is_shown and name in FORMATS and not FORMATS[name].is_text:
        raise UsageError(f"a workbook is no text for a terminal; give --out FILE.{name}")
    return name


def show(result: Result, options: Namespace) -> None:
    """Print rows; on a terminal, or if there are no rows, print their number too."""
    write(content_of(result, options), options)
    if is_terminal(sys.stderr) or not len(result):
        dated = f", data as of {result.as_of}" if result.as_of else ""
        tell(f"{len(result)} row{'' if len(result) == 1 else 's'}{dated}")


def tell(message: str, end: str = "\n") -> None:
    """Print a message on stderr, with escapes in the place of signs that a terminal would obey.

    Where there is no stderr, or it cannot be written, nobody can be told so.
    """
    with suppress(OSError):
        if sys.stderr:
            print(visible(message), end=end, file=sys.stderr, flush=True)


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
    """Write to the file of ``--out``, or to stdout: unchanged, but for signs that a terminal would obey.

    Raises:
        UsageError: if the file cannot be written, or there is no stdout.
    """
    if options.out:
        from kg.paths import write_whole

        write_whole(options.out, content)
        tell(f"{options.out}: {len(content):,} bytes")
        return
    if sys.stdout is None:
        raise UsageError("there is no standard output to write to")
    sys.stdout.buffer.write(_shown_safely(content, style_of(options)) if is_terminal(sys.stdout) else content)
    sys.stdout.flush()


def _shown_safely(content: bytes, style: str) -> bytes:
    """Return the text of a format as a terminal may get it: the same data where the format has escapes."""
    text = content.decode().removeprefix("\ufeff")  # by which Excel knows UTF-8
    escape = _ESCAPES.get(style, visible)
    parts = re.split(_CODES, text) if style == "table" else [text]
    parts[::2] = map(escape, parts[::2])
    return "".join(parts).encode()
