"""Help as wide as the terminal, found out without :mod:`shutil`, whose import takes a twentieth of a cold query."""

from __future__ import annotations

import os
import sys
from argparse import RawDescriptionHelpFormatter

__all__ = ["Help"]

_NO_TERMINAL = 80  # columns
_MARGIN = 2  # columns, as argparse leaves them


class Help(RawDescriptionHelpFormatter):
    """A formatter of help, which argparse makes for each option that is declared."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=_columns() - _MARGIN)


def _columns() -> int:
    """Return how many columns the terminal has, as :func:`shutil.get_terminal_size` does: ``COLUMNS`` comes first."""
    columns = os.environ.get("COLUMNS", "")
    if columns.isdecimal() and int(columns):
        return int(columns)
    try:
        return os.get_terminal_size(sys.__stdout__.fileno()).columns or _NO_TERMINAL if sys.__stdout__ else _NO_TERMINAL
    except (OSError, ValueError):  # no terminal, or a closed one
        return _NO_TERMINAL
