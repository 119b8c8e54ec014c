"""Rows as a table that fits a terminal; nothing is ever cut.

Cells are wrapped at blanks. If they still need more room than there is, long words are broken too, after
hyphens, slashes and the like if possible. If that is not enough, each row is shown as a list of its cells.
Identifiers are hyperlinks if the terminal understands escape codes
(https://gist.github.com/egmontkob/eb114294efbcd5adb1944c9f3cb5feda, "OSC 8").
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, NamedTuple, TextIO

from kg.formats.addresses import Link, address, iter_links
from kg.model.terms import is_number, one_line, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from kg.model.terms import Term

__all__ = ["Screen", "to_table"]

_GAP = "  "
_NO_TERMINAL = 120  # how many columns to use if the number is not known, as in a pipe
_LONGEST_WORD = 16  # a column asks for no more room to keep a word whole; "ChiCTR2100043081" has 16 characters
_LEAST_WIDTH = 12  # a longer part may be broken before the table becomes lists; "NCT05182073" has 11 characters
_LEAST_TEXT = 8  # the least width of the cells in a list
_SOFT = r"(?<=[-_/,;:|])(?![-_/,;:|\d])"  # where a long word may be broken; a date is not broken


class Screen(NamedTuple):
    """The screen on which a table is shown.

    Attributes:
        width: the columns of the terminal.
        takes_codes: whether it understands escape codes, which make bold heads and hyperlinks.
    """

    width: int = _NO_TERMINAL
    takes_codes: bool = False

    @classmethod
    def of(cls, stream: TextIO | None) -> Screen:
        """Return the screen behind a stream.

        A terminal takes escape codes, unless TERM says that it is dumb or NO_COLOR is set. The width is ``COLUMNS``
        if set, otherwise that of the terminal.
        """
        from shutil import get_terminal_size

        is_terminal = bool(stream and stream.isatty())
        width = _NO_TERMINAL
        if is_terminal or os.environ.get("COLUMNS", "").isdecimal():
            width = get_terminal_size((_NO_TERMINAL, 24)).columns
        is_plain = os.environ.get("TERM") == "dumb" or os.environ.get("NO_COLOR")
        return cls(width, is_terminal and not is_plain)


class _Cell(NamedTuple):
    """A text of one line and the links in it."""

    text: str
    links: Sequence[Link] = ()

    def spans(self, width: int) -> list[tuple[int, int]]:
        """Return the start and the end of each line to which the text is wrapped."""
        lines: list[tuple[int, int]] = []
        for start, end in _chunks(self.text, width):
            if lines and _width(self.text[lines[-1][0] : end]) <= width:
                lines[-1] = (lines[-1][0], end)
            else:
                lines.append((start, end))
        return lines or [(0, 0)]

    def part(self, start: int, end: int, *, linked: bool) -> str:
        """Return a part of the text; a link that goes on in the next line stays one link."""
        if not linked:
            return self.text[start:end]
        text, at = "", start
        for link in self.links:
            left, right = max(link.start, start), min(link.end, end)
            if left < right:
                opened = f"\x1b]8;id={link.start};{link.address}\x1b\\"
                text += f"{self.text[at:left]}{opened}{self.text[left:right]}\x1b]8;;\x1b\\"
                at = right
        return text + self.text[at:end]


def to_table(columns: Sequence[str], rows: Sequence[Sequence[Term]], screen: Screen) -> str:
    """Return the rows as a table with numbers to the right, or as lists if the screen is too narrow for a table."""
    head = [_Cell(one_line(name)) for name in columns]
    body = [[_cell(term) for term in row] for row in rows]
    widths = _widths([head, *body], screen.width)
    if widths is None:
        return "\n".join(_list(head, row, screen) for row in body)
    to_right = [_is_numeric(column) for column in zip(*rows, strict=True)] or [False] * len(columns)
    lines = [_bold(line, screen) for line in _lines(head, widths, to_right, linked=False)]
    for row in body:
        lines += _lines(row, widths, to_right, linked=screen.takes_codes)
    return "".join(f"{line}\n" for line in lines)


def _is_numeric(column: Sequence[Term]) -> bool:
    return all(term is None or is_number(term) for term in column)


def _cell(term: Term) -> _Cell:
    text = one_line(shown(term))
    whole = address(term)
    return _Cell(text, [Link(0, len(text), whole)] if whole else list(iter_links(text)))


def _lines(row: Sequence[_Cell], widths: Sequence[int], to_right: Sequence[bool], *, linked: bool) -> Iterator[str]:
    """Yield the lines of a row."""
    spans = [cell.spans(width) for cell, width in zip(row, widths, strict=True)]
    for number in range(max(map(len, spans), default=0)):
        line = ""
        gap = ""  # the blanks to write before the next text
        for place, (cell, width) in enumerate(zip(row, widths, strict=True)):
            start, end = spans[place][number] if number < len(spans[place]) else (0, 0)
            room = " " * (width - _width(cell.text[start:end]))
            before, after = (room, "") if to_right[place] else ("", room)
            text = cell.part(start, end, linked=linked)
            line, gap = (line + gap + before + text, after + _GAP) if text else (line, gap + room + _GAP)
        yield line


def _list(head: Sequence[_Cell], row: Sequence[_Cell], screen: Screen) -> str:
    """Return a row as a list: the cells below each other, each after its name."""
    longest = max((_width(name.text) for name in head), default=0)
    room = max(screen.width - longest - len(_GAP), _LEAST_TEXT)
    text = ""
    for name, cell in zip(head, row, strict=True):
        margin = _bold(name.text, screen) + " " * (longest - _width(name.text))
        for start, end in cell.spans(room):
            text += f"{margin}{_GAP}{cell.part(start, end, linked=screen.takes_codes)}".rstrip() + "\n"
            margin = " " * longest
    return text


def _bold(text: str, screen: Screen) -> str:
    return f"\x1b[1m{text}\x1b[0m" if screen.takes_codes else text


def _widths(rows: Sequence[Sequence[_Cell]], room: int) -> list[int] | None:
    """Return the widths of the columns, or None if they do not fit.

    Each column gets what its longest unbreakable part needs. The rest goes first to columns whose words
    would be broken, then to columns whose texts would be wrapped. The column that needs least comes first.
    """
    texts = [[cell.text for cell in column] for column in zip(*rows, strict=True)]
    room -= len(_GAP) * (len(texts) - 1)
    needs: list[Callable[[str], int]] = [_longest_part, _longest_word, _width]
    least, *wishes = ([max(map(need, column)) for column in texts] for need in needs)
    if sum(least) > room:
        return None
    widths = least
    for wish in wishes:
        left = room - sum(widths)
        wanting = sorted(range(len(widths)), key=lambda place: wish[place] - widths[place])
        for rank, place in enumerate(wanting):
            grown = min(max(wish[place] - widths[place], 0), left // (len(wanting) - rank))
            widths[place] += grown
            left -= grown
    return widths


def _longest_word(text: str) -> int:
    return min(max(map(_width, text.split()), default=0), _LONGEST_WORD)


def _longest_part(text: str) -> int:
    parts = (_width(part) for word in text.split() for part in re.split(_SOFT, word))
    return min(max(parts, default=0), _LEAST_WIDTH)


def _chunks(text: str, width: int) -> Iterator[tuple[int, int]]:
    """Yield the parts of a text that stay on one line: words, or parts of a word that is too long."""
    for word in re.finditer(r"[^ ]+", text):
        if _width(word[0]) <= width:
            yield word.span()
            continue
        at = word.start()
        for part in re.split(_SOFT, word[0]):
            for piece in [part] if _width(part) <= width else _graphemes(part):
                yield at, at + len(piece)
                at += len(piece)


def _graphemes(text: str) -> Iterator[str]:
    from wcwidth import iter_graphemes

    return iter(text) if text.isascii() else iter_graphemes(text)


def _width(text: str) -> int:
    """Return how many columns a text takes: a combining character takes none, many East Asian ones take two."""
    if text.isascii():
        return len(text)
    from wcwidth import width

    return width(text)
