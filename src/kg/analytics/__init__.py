"""What the landscape's shape tells: who is central, what is alike, what belongs together, what nobody has tried.

A dataset is read once into a :class:`~kg.analytics.landscape.Landscape`. Each measure is a function that takes the
landscape and returns a :class:`~kg.analytics.table.Measure`, whose rows know the facts they rest on. A weight counts
distinct trials. No measure takes the silence of sources for a "no".
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from kg.errors import UsageError, nearest

if TYPE_CHECKING:
    from collections.abc import Callable

    from kg.analytics.table import Measure

__all__ = ["MEASURES", "find_measure"]

MEASURES = {
    "central": "central.central",
    "communities": "communities.communities",
    "similar": "alike.similar",
    "together": "together.together",
    "whitespace": "whitespace.whitespace",
    "backtest": "backtest.backtest",
    "pace": "pace.pace",
    "entries": "pace.entries",
    "ages": "pace.ages",
    "stale": "pace.open_trials",
}
"""The name of a measure -> its module and function. The function takes a landscape, then the IRIs that it is about."""


def find_measure(name: str) -> Callable[..., Measure]:
    """Return the function of a measure; its module is imported only now, because it may need heavy libraries.

    Raises:
        UsageError: if there is no such measure.

    Example:
        >>> find_measure("similar").__name__
        'similar'
    """
    if name not in MEASURES:
        raise UsageError(f"no measure '{name}'{nearest(name, MEASURES)}; there are {', '.join(MEASURES)}")
    module, _, function = MEASURES[name].partition(".")
    found: Callable[..., Measure] = getattr(import_module(f"kg.analytics.{module}"), function)
    return found
