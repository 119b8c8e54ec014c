"""A tenth of ``benchmarks/ask_fuzz.py``: no question fails, takes long, or gets an answer to nonsense."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg import KnowledgeGraph

sys.path.append(str(Path(__file__).parent.parent / "benchmarks"))


def test_questions_at_random(graph: KnowledgeGraph) -> None:
    from ask_fuzz import fuzz

    tried = fuzz(graph, 200, 7)
    assert not tried.faults
    assert sum(tried.statuses.values()) == 200
    assert {status for _, status in tried.statuses} >= {"answered", "not_understood"}


def test_question_that_once_failed_fails_no_more(graph: KnowledgeGraph) -> None:
    for question in ("", "BCMA CAR NK  with or cells without a second target", "or", "trials or without"):
        assert graph.ask(question).status
