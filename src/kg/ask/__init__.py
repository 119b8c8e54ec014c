"""Plain English to SPARQL to an answer, without a language model and without the network.

The words come from the graph and its ontology (:mod:`kg.ask.words`), mentions
are read as a wanted class and constraints (:mod:`kg.ask.reading`) that are
joined along the properties of the ontology (:mod:`kg.ask.joins`), the pattern
becomes SPARQL (:mod:`kg.ask.compose`), and the rows come back with what they
rest on (:mod:`kg.ask.evaluate`). Where no reading has an answer, what tells of all
that is mentioned is one (:mod:`kg.ask.recall`), and a question of several parts is
answered part by part (:mod:`kg.ask.parts`). A word that is not known is told, never
passed over.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.ask.answer import Answer, abstain
from kg.ask.evaluate import evaluate
from kg.ask.meaning import NotUnderstood
from kg.ask.parts import joined, parts_of
from kg.ask.reading import read
from kg.ask.recall import MOST_RECALLED, recall
from kg.ask.spelling import understand
from kg.ask.words import Vocabulary

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyoxigraph import Store

    from kg.ask.meaning import Reading

__all__ = ["Answer", "Vocabulary", "ask"]


def ask(store: Store, vocabulary: Vocabulary, question: str) -> Answer:
    """Answer a question.

    Args:
        store: the dataset.
        vocabulary: its words.
        question: plain English.

    Returns:
        The answer; where the question is not understood, its status and sentence say so.
    """
    whole = _answer(store, vocabulary, question)
    if whole.status == "answered":
        return whole
    parts = parts_of(vocabulary, question)
    if len(parts) > 1:
        answers = [_answer(store, vocabulary, part) for part in parts]
        if answers[0].status == "answered":
            return joined(question, parts, answers)
    return whole


def _answer(store: Store, vocabulary: Vocabulary, question: str) -> Answer:
    """Answer one question: by its readings, or else by what tells of all that it mentions."""
    try:
        tokens, notes = understand(vocabulary, question)
    except NotUnderstood as problem:
        return abstain(store, question, problem)
    first: Answer | None = None
    readings: Sequence[Reading] = ()
    try:
        readings = read(vocabulary, tokens, notes)
    except NotUnderstood as problem:
        first = abstain(store, question, problem)
        if problem.status == "not_understood":
            return first
    for reading in readings:
        answer = evaluate(store, question, reading)
        if answer.status == "answered":
            return answer
        first = first or answer
    for reading in recall(vocabulary, tokens, notes):
        answer = evaluate(store, question, reading)
        if answer.status == "answered" and len(answer.result) <= MOST_RECALLED:
            return answer
    assert first
    return first
