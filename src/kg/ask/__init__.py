"""Plain English to SPARQL to an answer, without a language model and without the network.

The words come from the graph and its ontology (:mod:`kg.ask.words`), mentions
are read as a wanted class and constraints (:mod:`kg.ask.reading`) that are
joined along the properties of the ontology (:mod:`kg.ask.joins`), the pattern
becomes SPARQL (:mod:`kg.ask.compose`), and the rows come back with what they
rest on (:mod:`kg.ask.evaluate`). A word that is not known is told, never passed
over.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.ask.answer import Answer, abstain
from kg.ask.evaluate import evaluate
from kg.ask.meaning import NotUnderstood
from kg.ask.reading import read
from kg.ask.words import Vocabulary

if TYPE_CHECKING:
    from pyoxigraph import Store

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
    try:
        readings = read(vocabulary, question)
    except NotUnderstood as problem:
        return abstain(store, question, problem)
    answers = (evaluate(store, question, reading) for reading in readings)
    first = next(answers)
    if first.status == "answered":
        return first
    return next((answer for answer in answers if answer.status == "answered"), first)
