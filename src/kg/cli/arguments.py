"""Read the arguments of commands; argparse tells what is wrong with one, with the name of its option."""

from __future__ import annotations

from argparse import ArgumentTypeError
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["path", "some", "text", "typed"]


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
    """Read the name of a view; an empty one is refused: an unset variable may be the cause, so it cannot mean all.

    Raises:
        ArgumentTypeError: if it is empty or no Unicode text.
    """
    if not value.strip():
        raise ArgumentTypeError("nothing given; expected a name")
    return text(value)


def path(value: str) -> Path:
    """Read a path; an empty one is refused: an unset variable may be the cause, so it cannot mean the current folder.

    Raises:
        ArgumentTypeError: if it is empty.
    """
    if not value:
        raise ArgumentTypeError("nothing given; expected a path")
    return Path(value)


def typed(read: Callable[[str], Any]) -> Callable[[str], Any]:
    """Return a reader of values for argparse.

    Args:
        read: returns the value that a text means, or raises a :class:`UsageError` that says what was expected.
    """

    def reader(text: str) -> Any:
        try:
            return read(text)
        except UsageError as error:
            raise ArgumentTypeError(str(error)) from error

    return reader
