"""The measures of a ranking, by their definitions, and their intervals."""

from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy import stats

from kg.analytics.ranking import draw, interval, qualities

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

ONE = np.ones((1, 4))


def precision_by_threshold(links: Numbers, others: Numbers) -> float:
    """Return average precision by its definition, threshold by threshold."""
    total, before = 0.0, 0.0
    for threshold in sorted({*links, *others}, reverse=True):
        hits, false = (links >= threshold).sum(), (others >= threshold).sum()
        recall = hits / len(links)
        total += (recall - before) * hits / (hits + false)
        before = recall
    return total


def random_scores(seed: int) -> tuple[Numbers, Numbers]:
    """Return scores with many ties."""
    random = np.random.default_rng(seed)
    return random.integers(2, 9, 4).astype(float), random.integers(0, 7, 30).astype(float)


def test_a_ranking_counted_by_hand() -> None:
    """Scores 9 L, 8 -, 7 L -, 6 -, of which L is a link: of 6 pairs 4 are in order, and one is a tie."""
    found = qualities(np.array([9.0, 7.0]), np.array([8.0, 7.0, 6.0]), np.ones((1, 2)))
    assert found["AUROC"][0] == pytest.approx(4.5 / 6)
    assert found["AUPRC"][0] == pytest.approx((1 / 1 + 2 / 4) / 2)
    assert found["Hits@10"][0] == 1


@pytest.mark.parametrize("seed", range(20))
def test_measures_are_those_of_their_definitions(seed: int) -> None:
    links, others = random_scores(seed)
    found = qualities(links, others, ONE)
    order = stats.mannwhitneyu(links, others).statistic
    assert found["AUROC"][0] == pytest.approx(order / (len(links) * len(others)))
    assert found["AUPRC"][0] == pytest.approx(precision_by_threshold(links, others))


def test_ties_at_the_tenth_place_are_broken_by_lot() -> None:
    """Nine are ahead, and two links and one other share the tenth place: in any order, how many links are tenth?"""
    links, others = np.array([1.0, 1.0]), np.array([2.0] * 9 + [1.0, 0.0])
    by_lot = np.mean([order[0] == "L" for order in permutations("LL-")])
    assert qualities(links, others, np.ones((1, 2)))["Hits@10"][0] == pytest.approx(by_lot / 2)


def test_a_link_drawn_twice_counts_as_two() -> None:
    links, others = random_scores(3)
    weights = np.array([[2.0, 0.0, 1.0, 3.0]])
    drawn = qualities(links, others, weights)
    repeated = qualities(np.repeat(links, [2, 0, 1, 3]), others, np.ones((1, 6)))
    assert {name: values[0] for name, values in drawn.items()} == pytest.approx(
        {name: values[0] for name, values in repeated.items()}
    )


def test_interval_is_that_of_the_mean_over_many_links() -> None:
    """AUROC is the mean over links of the share of others below: its standard error is that of any mean."""
    random = np.random.default_rng(1)
    links, others = random.normal(1, 1, 300), random.normal(0, 1, 1000)
    found = interval(qualities(links, others, draw([str(number) for number in range(300)]))["AUROC"])
    below = (links[:, None] > others).mean(axis=1)
    error = stats.norm.ppf(0.975) * below.std() / len(links) ** 0.5
    assert found.value == pytest.approx(below.mean())
    assert (found.low, found.high) == pytest.approx((below.mean() - error, below.mean() + error), abs=error / 5)


def test_links_of_one_trial_are_drawn_together() -> None:
    weights = draw(["a", "a", "c", "b"])
    assert (weights[0] == 1).all()
    assert (weights[:, 0] == weights[:, 1]).all()
    assert (weights[1:, [0, 2, 3]].sum(axis=1) == 3).all()
    assert weights[1:, 0].std() > 0
