"""Plain English to a plan to SPARQL to an answer, without a language model and without the network.

A question is parted into spans that the graph's words explain (:mod:`kg.ask.link`), read as a sentence
(:mod:`kg.ask.grammar`), and proposed as plans (:mod:`kg.ask.propose`): for each class that can be asked for
(:mod:`kg.ask.foci`) the items of the sentence are read as conditions and columns (:mod:`kg.ask.reading`). A plan is a
frozen value (:mod:`kg.ask.plan`) that is printed to SPARQL (:mod:`kg.ask.sparql`) and to words
(:mod:`kg.ask.wording`). It is answered only if every word of the question is accounted for (:mod:`kg.ask.check`); else
statements that bear out every word are the answer (:mod:`kg.ask.statements`). Where there are none, what is near is
offered (:mod:`kg.ask.suggest`), and is no answer.
"""

from __future__ import annotations

from kg.ask.answer import Answer
from kg.ask.asking import ask
from kg.ask.vocabulary import Vocabulary

__all__ = ["Answer", "Vocabulary", "ask"]
