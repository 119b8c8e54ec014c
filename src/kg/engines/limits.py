"""How long a query may run, and how much it may take: what ``--deadline`` and ``--memory`` say."""

from __future__ import annotations

import re
from math import inf
from typing import NamedTuple

from kg.errors import UsageError

__all__ = ["LARGEST_ANSWER", "Limits", "read_seconds", "read_size"]

LARGEST_ANSWER = 256 << 20  # bytes of an answer, as SPARQL results in JSON
_LEAST_MEMORY = 256 << 20  # bytes; with less, an engine may not even say that it has too little
_LONGEST = 86_400.0  # seconds
_UNITS = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40}


class Limits(NamedTuple):
    """What a query may take.

    Attributes:
        deadline: seconds by the wall, from the call to the last row.
        memory: bytes above those that the opened store takes.
        answer: bytes of the answer.
    """

    deadline: float = 30.0
    memory: int = 2 << 30
    answer: int = LARGEST_ANSWER


def read_seconds(text: str) -> float:
    """Return a number of seconds as a user writes it.

    Raises:
        UsageError: if it is none above 0 and up to a day.

    Example:
        >>> read_seconds("0.5"), read_seconds("60")
        (0.5, 60.0)
    """
    try:
        found = float(text)
    except ValueError:
        found = inf
    if not 0 < found <= _LONGEST:
        raise UsageError(f"'{text}' is no number of seconds; expected one such as 30 or 0.5, up to {_LONGEST:.0f}")
    return found


def read_size(text: str) -> int:
    """Return a number of bytes as a user writes it: units are powers of 1024.

    Raises:
        UsageError: if it is none, or less than a query needs.

    Example:
        >>> read_size("2G"), read_size("512M")
        (2147483648, 536870912)
    """
    found = re.fullmatch(r"(\d{1,15}(?:\.\d{1,9})?)\s*([KMGT]?)(?:i?B)?", text.strip(), flags=re.I)
    if not found:
        raise UsageError(f"'{text}' is no size of memory; expected one such as 2G or 512M")
    size = int(float(found[1]) * _UNITS[found[2].upper()])
    if size < _LEAST_MEMORY:
        raise UsageError(f"a memory of {text} is less than a query needs; expected 256M or more")
    return size
