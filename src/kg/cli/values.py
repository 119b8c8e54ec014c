"""How argparse takes a reader of values: what it says of a wrong value is shown as it is."""

from __future__ import annotations

from argparse import ArgumentTypeError
from typing import TYPE_CHECKING, Any

from kg.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["typed"]


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
