"""How good a ranking is: AUROC, AUPRC and Hits@k, each with a confidence interval, and whether two rankings differ.

AUROC is the chance that a link is ranked above a candidate that is no link; a tie counts half (Hanley and McNeil,
Radiology 1982, 143:29). AUPRC is average precision: the mean of the precision at each link, where tied candidates are
one step (Boyd, Eng and Page, ECML PKDD 2013, compare estimators). Hits@k is the share of the links that are among the
first k candidates; of ties it counts the share to be expected if lots decide their order (McSherry and Najork, ECIR
2008).

Intervals are percentiles of bootstrap samples (Efron and Tibshirani, An Introduction to the Bootstrap, 1993). A sample
draws trials that bring links. Each trial is drawn with all its links, because these come together (Field and Welsh,
Journal of the Royal Statistical Society B 2007, 69:369). The other candidates are not drawn: they are all that there
are, not a sample. If few trials bring links, such intervals tend to be too narrow.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

__all__ = ["SCORES", "Interval", "Quality", "draw", "interval", "qualities"]

SCORES = ("AUROC", "AUPRC", "Hits@10", "Hits@50")
SAMPLES = 1000
_SEED = 20240701
_LEVEL = 95


class Interval(NamedTuple):
    """A number with its 95 % confidence interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.3f} ({self.low:.3f} to {self.high:.3f})"


Quality = dict[str, "Numbers"]
"""Measure -> its value on the data as they are, then its value on each bootstrap sample."""


def draw(trials: Sequence[str]) -> Numbers:
    """Return how often each link is drawn in each bootstrap sample.

    The first row stands for the data as they are: ones only. Each further row is a sample.

    Args:
        trials: for each link the trial that brings it.
    """
    import numpy as np

    names, unit = np.unique(trials, return_inverse=True)
    chances = np.full(len(names), 1 / len(names))
    counts = np.random.default_rng(_SEED).multinomial(len(names), chances, SAMPLES)
    return np.vstack([np.ones(len(trials)), counts[:, unit]])


def qualities(links: Numbers, others: Numbers, weights: Numbers) -> Quality:
    """Return how well scores tell links from the other candidates.

    Args:
        links: the score of each link; high is likely.
        others: the score of each other candidate; at least one.
        weights: how often each link is drawn, as :func:`draw` returns it.
    """
    import numpy as np

    levels, level = np.unique(-links, return_inverse=True)
    drawn = np.zeros((len(weights), len(levels)))
    np.add.at(drawn.T, level, weights.T)
    ordered = np.sort(-others)
    before, not_after = (np.searchsorted(ordered, levels, side) for side in ("left", "right"))
    equal = not_after - before
    so_far = drawn.cumsum(axis=1)
    count = so_far[:, -1]
    start, size = so_far - drawn + before, drawn + equal
    found: Quality = {
        "AUROC": drawn @ (len(others) - before - equal / 2) / (count * len(others)),
        "AUPRC": (drawn * so_far / np.maximum(start + size, 1)).sum(axis=1) / count,
    }
    for name in SCORES[2:]:
        taken = np.clip((int(name.partition("@")[2]) - start) / np.maximum(size, 1), 0, 1)
        found[name] = (drawn * taken).sum(axis=1) / count
    return found


def interval(values: Numbers) -> Interval:
    """Return the first value, with the interval that spans the other values, which are those of the samples."""
    import numpy as np

    low, high = np.percentile(values[1:], [(100 - _LEVEL) / 2, (100 + _LEVEL) / 2])
    return Interval(float(values[0]), float(low), float(high))
