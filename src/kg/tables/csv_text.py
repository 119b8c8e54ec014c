"""The text of a table before its rows: the encoding, the separator, the header, and the faults of these."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.errors import Fault, nearest
from kg.files.reading import UnreadableError, find_encoding_fault, read_whole, unix_lines
from kg.tables.columns import columns

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from kg.tables.columns import Row

__all__ = ["find_separator", "read_text", "wrong_header"]

_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars", ",": "commas"}


def read_text(path: Path) -> tuple[str, list[Fault]]:
    """Return the text of a table with LF as line ends, and what is wrong with the file.

    A byte that is not UTF-8 leaves the rest readable, so that all faults are told at once; another encoding does not.
    """
    try:
        content = read_whole(path, "expected a CSV file")
    except UnreadableError as error:
        return "", [Fault(path, 1, f"cannot be read: {error.reason}; expected a CSV file")]
    fault = find_encoding_fault(content)
    if fault and fault.message.startswith("the file"):
        return "", [Fault(path, fault.line, f"{fault.message}, which Excel calls 'CSV UTF-8'")]
    text = unix_lines(content.decode("utf-8-sig", errors="replace"))
    return text, [Fault(path, fault.line, fault.message)] if fault else []


def wrong_header(path: Path, header: list[str], row_type: type[Row]) -> Iterator[Fault]:
    """Yield what is wrong with the names of the columns."""
    known = {item.name: item for item in columns(row_type)}
    expected = f"expected the columns {', '.join(known)}"
    for name, item in known.items():
        if not item.metadata["optional"] and name not in header:
            yield Fault(path, 1, f"no column '{name}'; {expected}")
    for name in header:
        if name not in known:
            yield Fault(path, 1, f"unknown column '{name}'{nearest(name, known)}; {expected}")
    for name in sorted({name for name in header if header.count(name) > 1}):
        yield Fault(path, 1, f"column '{name}' stands twice; {expected}")


def find_separator(header: str, known: Collection[str], expected: str) -> str:
    r"""Return what parts the columns of a header, in words, if that is something else than expected.

    Args:
        header: the first line of a table.
        known: the names that columns can have.
        expected: the separator that there should be.

    Example:
        >>> find_separator("id;label;x", ["id", "label"], ","), find_separator("id,label;x", ["id", "label"], ",")
        ('semicolons', '')
    """
    for separator, name in _SEPARATORS.items():
        if separator != expected and expected not in header:
            names = [part.strip(' "') for part in header.split(separator)]
            if len(names) > 1 and any(part in known for part in names):
                return name
    return ""
