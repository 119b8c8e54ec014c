"""Hostile queries by hand and at random, a seeded tenth of ``benchmarks/hostile_queries.py``: nothing runs away."""

from __future__ import annotations

from random import Random
from time import monotonic
from typing import TYPE_CHECKING

import pytest
from queries_at_random import iter_hostile, random_query

from kg import KGError, KnowledgeGraph

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DEADLINE = 1.0
SOME = Random(3).sample(list(iter_hostile()), 12)


@pytest.fixture(scope="module")
def asked(mini_dataset: Path) -> Iterator[KnowledgeGraph]:
    with KnowledgeGraph(mini_dataset, deadline=DEADLINE, memory="256M") as graph:
        yield graph


def exit_code(graph: KnowledgeGraph, text: str) -> int:
    try:
        graph.query(f"{text} #{{")  # a brace tells a query from a name
    except KGError as error:
        assert str(error)
        return error.exit_code
    return 0


@pytest.mark.parametrize("text", [text for _, text in SOME], ids=[kind for kind, _ in SOME])
def test_hostile_query_ends_in_time_and_the_next_one_works(text: str, asked: KnowledgeGraph) -> None:
    start = monotonic()
    assert exit_code(asked, text) in (0, 2, 4)
    assert monotonic() - start < DEADLINE + 1
    start = monotonic()
    assert exit_code(asked, "SELECT (1 AS ?n) {}") == 0
    assert monotonic() - start < 1


def test_queries_at_random_end_nothing(asked: KnowledgeGraph) -> None:
    chance = Random(17)
    codes = {exit_code(asked, random_query(chance)) for _ in range(1_000)}
    assert {0, 2} <= codes <= {0, 2, 4}


def test_query_that_is_too_long_is_told(asked: KnowledgeGraph) -> None:
    with pytest.raises(KGError, match=r"query: 1,100,006 characters; a query may have 1,048,576"):
        asked.query("ASK {}" + " " * 1_100_000)
