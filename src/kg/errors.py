"""Errors: exceptions whose message says what is wrong, where, and how to mend it.

Every error that a user can cause is a :class:`KGError`. The command line turns it
into one or two lines and an exit code. It does not catch errors of the program itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

__all__ = [
    "CacheWarning",
    "EndpointError",
    "Fault",
    "KGError",
    "LimitError",
    "NotInGraphError",
    "QueryError",
    "SourceError",
    "UsageError",
    "nearest",
]


class KGError(Exception):
    """The base of all errors of this package.

    Attributes:
        exit_code: the exit code of the command line: 1 for a fault in the data, 2 for
            wrong usage, 3 if a question is not understood or a thing is not in the graph,
            4 if the command was stopped at a limit.
    """

    exit_code = 1


class UsageError(KGError):
    """The call itself is wrong: an unknown name, an unreadable or unwritable path."""

    exit_code = 2


class QueryError(UsageError):
    """A SPARQL query that cannot be run."""


class EndpointError(UsageError):
    """A SPARQL endpoint that gives no answer, or an answer that cannot be read."""


class NotInGraphError(KGError):
    """The graph does not have the thing that was asked for."""

    exit_code = 3


class LimitError(KGError):
    """A query that was stopped at a limit: of time, of memory, of the size of its answer."""

    exit_code = 4


class CacheWarning(UserWarning):
    """Something in the user's cache was damaged, and is made anew."""


class Fault(NamedTuple):
    """One wrong place in a source table.

    Its text is ``path:line: message``, which editors make clickable: one line, whatever stands in the table.
    """

    path: Path
    line: int
    message: str

    def __str__(self) -> str:
        from kg.signs import visible

        text = visible(f"{self.path}:{self.line}: {self.message}")
        return text.replace("\r", "\\r").replace("\n", "\\n")


class SourceError(KGError):
    """One or more wrong places in source tables.

    Attributes:
        faults: all faults found, in the order of files and lines.
    """

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults: Sequence[Fault] = sorted(set(faults))
        super().__init__("\n".join(map(str, self.faults)))


def nearest(word: str, known: Iterable[str], prefix: str = "nearest: ") -> str:
    """Return the known words that are most like a wrong word, as the end of a message.

    Args:
        word: the wrong word.
        known: the words that could be meant.
        prefix: a text to put before the words.

    Returns:
        ``"; nearest: A, B"``, or an empty string if nothing is alike.

    Example:
        >>> nearest("BCMB", ["BCMA", "CD19"])
        '; nearest: BCMA'
    """
    from difflib import get_close_matches

    by_key = {name.casefold(): name for name in sorted(known, reverse=True)}
    found = get_close_matches(word.casefold(), by_key, n=3, cutoff=0.6)
    return f"; {prefix}{', '.join(by_key[key] for key in found)}" if found else ""
