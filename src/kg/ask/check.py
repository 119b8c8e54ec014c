"""The certificate: an answer is given only if every word of the question is accounted for."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.ask.propose import Proposal
    from kg.ask.sentence import Sentence

__all__ = ["unaccounted", "untold"]

# closed words that ask for no more than what a plan shows
_PLAIN = {
    "function",
    "relation",
    "person",
    "patients",
    "show",
    "which",
    "and",
    "or",
    "now",
    "included",
    "joined",
    "source",
    "anything",
    "given",
}
# and those that what statements say can answer
_TOLD = {"count", "how", "how long", "how large", "why", "when", "who", "where", "compare", "both", "more", "unit"}
_TOLD |= {
    "alone",
    "sum",
    "same",
    "most",
    "highest",
    "lowest",
    "equal",
    "posted",
    "at most",
    "at least",
    "greater",
    "less",
    "before",
    "after",
    "every",
    "between",
    "earliest",
    "latest",
    "second",
    "or later",
    "in percent",
    "versus",
    "average",
}


def unaccounted(sentence: Sentence, proposal: Proposal) -> list[str]:
    """Return the words of a question that are no part of a plan.

    Args:
        sentence: the question.
        proposal: a plan with the places that it accounts for.
    """
    return [
        span.text
        for place, span in enumerate(sentence.spans)
        if place not in proposal.places | sentence.idle
        and not (span.kind == "role" and (span.does(*_PLAIN) or span.value("unit") == "cell"))
    ]


def untold(sentence: Sentence) -> list[str]:
    """Return the closed words that no list of statements can answer, such as "most" and "not"."""
    none = [
        span.text
        for before, span in zip(sentence.spans, sentence.spans[1:], strict=False)
        if span.kind == "number" and not span.number and before.does("most", "fewest", "highest", "lowest")
    ]
    if sentence.is_yes_no:  # whether all are so cannot be told
        none += [sentence.spans[place].text for place in sentence.marks.get("every", ())]
    return none + [
        span.text
        for place, span in enumerate(sentence.spans)
        if span.kind == "role"
        and place not in sentence.idle
        and not span.does(*_PLAIN, *_TOLD)
        and not (span.value("not") == "besides" or (span.does("per") and _is_of_time(sentence, place)))
    ]


def _is_of_time(sentence: Sentence, place: int) -> bool:
    """Say whether a unit of time follows: "per year"."""
    return place + 1 < len(sentence.spans) and sentence.spans[place + 1].does("unit")
