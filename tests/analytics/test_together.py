"""What belongs together, counted by hand and against SciPy's distributions."""

from __future__ import annotations

from collections import Counter
from itertools import combinations, product
from math import comb
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from landscapes import landscape, short
from scipy import stats

from kg.analytics.landscape import read_landscape
from kg.analytics.together import adjusted, meetings, tails, together
from kg.errors import UsageError

if TYPE_CHECKING:
    from kg import KnowledgeGraph

# of four trials of which both are known, a and x meet twice, b and y twice, the others never; trial five has no source
WORLD = """
    trial/one    studiesTarget  molecule/a
    trial/one    usesCellSource cell-source/x
    trial/two    studiesTarget  molecule/a
    trial/two    usesCellSource cell-source/x
    trial/three  studiesTarget  molecule/b molecule/once
    trial/three  usesCellSource cell-source/y
    trial/four   studiesTarget  molecule/b
    trial/four   usesCellSource cell-source/y
    trial/five   studiesTarget  molecule/a
    product/p    carriesModification modification/m modification/n
    product/q    carriesModification modification/m modification/n
    product/r    carriesModification modification/m
    product/s    carriesModification modification/k
"""


def test_pairs_are_counted_among_what_is_known() -> None:
    """Of six ways to choose two trials of four one is such as seen, so each tail is a sixth, p is a third."""
    cells: list[Any] = [row.cells for row in together(landscape(WORLD), "target-source").rows]
    third = pytest.approx(1 / 3)
    assert cells == [
        ("a", "x", 2, 1.0, 2, 2, 4, "more", third, third),
        ("b", "y", 2, 1.0, 2, 2, 4, "more", third, third),
        ("a", "y", 0, 1.0, 2, 2, 4, "less", third, third),
        ("b", "x", 0, 1.0, 2, 2, 4, "less", third, third),
    ]


def test_modifications_are_counted_on_products_and_each_pair_once() -> None:
    """Of m there are three in four products, of n two beside it: 2 * C(3, 2) * C(1, 0) / C(4, 2) = 1."""
    cells: list[Any] = [row.cells for row in together(landscape(WORLD)).rows]
    assert cells == [("m", "n", 2, 1.5, 3, 2, 4, "more", pytest.approx(1), pytest.approx(1))]


def test_as_many_as_chance_gives_are_neither_more_nor_less() -> None:
    lines = [
        f"trial/{one}{other} studiesTarget molecule/{one}\ntrial/{one}{other} usesCellSource cell-source/{other}"
        for one in "ab"
        for other in "xy"
    ]
    rows = together(
        landscape("\n".join(lines + [line.replace("trial/", "trial/2") for line in lines])), "target-source"
    )
    assert {row.cells[2:8] for row in rows.rows} == {(2, 2.0, 4, 4, 8, "as expected")}


def test_a_row_rests_on_what_has_both_or_else_either() -> None:
    rows = together(landscape(WORLD), "target-source").rows
    facts = [[(name, short(trial), short(thing)) for name, trial, thing in row.facts()] for row in rows]
    assert facts[0] == [
        ("target", "one", "a"),
        ("source", "one", "x"),
        ("target", "two", "a"),
        ("source", "two", "x"),
    ]
    assert facts[2] == [
        ("source", "four", "y"),
        ("target", "one", "a"),
        ("source", "three", "y"),
        ("target", "two", "a"),
    ]


def test_tails_are_those_of_the_hypergeometric_distribution() -> None:
    for count in (1, 7, 30, 400):
        for one in range(0, count + 1, max(1, count // 6)):
            for other in range(0, count + 1, max(1, count // 5)):
                for both in range(max(0, one + other - count), min(one, other) + 1, max(1, count // 7)):
                    law = stats.hypergeom(count, one, other)
                    expected = law.cdf(both), law.sf(both - 1)
                    assert tails(both, one, other, count) == pytest.approx(expected, rel=1e-8), (both, one, other)


def test_tails_are_exact_fractions() -> None:
    exact = sum(comb(9, i) * comb(13, 22 - 13 - i) for i in range(5, 10)) / comb(22, 9)
    assert tails(5, 9, 9, 22)[1] == pytest.approx(exact, rel=1e-12)


def test_adjustment_is_that_of_benjamini_and_hochberg() -> None:
    chances = [0.001, 0.2, 0.03, 0.03, 1.0, 0.9, 0.0004, 0.05]
    found = adjusted(Counter(chances))
    assert [found[p] for p in chances] == pytest.approx(list(stats.false_discovery_control(chances)), rel=1e-12)
    assert adjusted({}) == {}


def test_the_cell_source_and_the_target_that_belong_together(graph: KnowledgeGraph) -> None:
    """NK-92 with PD-L1: the pair of 29 targets and 4 sources that is left after adjustment, by Fisher's exact test."""
    land = read_landscape(graph.store)
    rows = together(land, "source-target").rows
    significant = [row.cells for row in rows if isinstance(row.cells[-1], float) and row.cells[-1] < 0.05]
    both = {trial for trial in land.trials["source"] if trial in land.trials["target"]}
    one = {trial for trial in both if "NK-92" in map(land.labels.get, land.trials["source"][trial])}
    other = {trial for trial in both if "PD-L1" in map(land.labels.get, land.trials["target"][trial])}
    table = [[len(one & other), len(one - other)], [len(other - one), len(both - one - other)]]
    p = 2 * stats.fisher_exact(table, alternative="greater").pvalue
    (row,) = significant
    assert row[:3] == ("NK-92", "PD-L1", 9)
    assert row[4:8] == (22, 9, 74, "more")
    assert row[8] == pytest.approx(p)


def test_no_pair_of_modifications_is_shown_to_belong_together(graph: KnowledgeGraph) -> None:
    rows = together(read_landscape(graph.store)).rows
    assert rows[0].cells[:3] == ("hnCD16", "mbIL-15", 3)
    assert all(row.cells[-1] > 0.05 for row in rows if isinstance(row.cells[-1], float))


@pytest.mark.parametrize("pair", ["target", "target-disease-source", "product-target", "target-", "diseases-target"])
def test_what_is_no_pair_is_refused(pair: str) -> None:
    with pytest.raises(UsageError, match="expected two such as target-disease"):
        together(landscape(WORLD), pair)


def test_meetings_of_nothing_are_none() -> None:
    assert not list(meetings({}, {}))


@pytest.mark.parametrize("is_one", [True, False])
def test_pairs_are_those_that_counting_one_by_one_gives(is_one: bool) -> None:
    """What never meets is not counted pair by pair, and comes out all the same."""
    random = Random(7)
    things = "abcdefghij"
    relations = [
        {f"trial {number}": frozenset(random.sample(things, random.choice((0, 1, 1, 2, 4)))) for number in range(30)}
        for _ in range(2)
    ]
    first, second = relations[0], relations[0 if is_one else 1]
    known = [trial for trial in first if first[trial] and second[trial]]
    expected = {
        (one, other): (
            sum(one in first[trial] and other in second[trial] for trial in known),
            sum(one in first[trial] for trial in known),
            sum(other in second[trial] for trial in known),
            len(known),
        )
        for one, other in (combinations(things, 2) if is_one else product(things, things))
        if one != other
    }
    expected = {ends: counts for ends, counts in expected.items() if min(counts[1:3]) > 1}
    found = list(meetings(first, second))
    assert {meeting.ends: meeting[1:5] for meeting in found} == expected
    assert len(found) == len(expected)
    assert [meeting.q for meeting in found] == pytest.approx(
        list(stats.false_discovery_control([meeting.p for meeting in found]))
    )
    assert found == sorted(found, key=lambda it: (it.q, it.p, -it.both, it.ends))
