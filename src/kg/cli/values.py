"""How the values of options are read; what is wrong with one is told by argparse, with the name of the option."""

from __future__ import annotations

from argparse import ArgumentTypeError
from pathlib import Path

__all__ = ["path", "seconds", "some", "text"]


def text(value: str) -> str:
    """Read what is asked for. Bytes that are no UTF-8, which Python keeps as surrogates, could not be printed again.

    Raises:
        ArgumentTypeError: if it is no Unicode text.
    """
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise ArgumentTypeError(f"{value!r} is no Unicode text; expected UTF-8") from error
    return value


def some(value: str) -> str:
    """Read the name of a view; an empty one, as from a variable that is not set, is not the whole graph.

    Raises:
        ArgumentTypeError: if it is empty or no Unicode text.
    """
    if not value.strip():
        raise ArgumentTypeError("nothing given; expected a name")
    return text(value)


def path(value: str) -> Path:
    """Read a path; an empty one, as from a variable that is not set, is not the current folder.

    Raises:
        ArgumentTypeError: if it is empty.
    """
    if not value:
        raise ArgumentTypeError("nothing given; expected a path")
    return Path(value)


def seconds(value: str) -> int:
    """Read a number of seconds, up to a day.

    Raises:
        ArgumentTypeError: if it is none.
    """
    if not (value.isdecimal() and 0 < int(value) < 86_400):
        raise ArgumentTypeError(f"'{value}' is no number of seconds; expected a whole number such as 60")
    return int(value)
