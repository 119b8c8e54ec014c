"""Cases of a test of which some are slow: these run with ``--slow`` alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["slow_if"]


def slow_if(is_slow: Callable[[Any], bool], cases: Iterable[Any]) -> list[Any]:
    """Return the cases, those marked ``slow`` that are; both kinds are there, or the mark would be wrong."""
    found = list(cases)
    slow = [case for case in found if is_slow(case)]
    assert 0 < len(slow) < len(found)
    return [pytest.param(case, marks=pytest.mark.slow) if case in slow else case for case in found]
