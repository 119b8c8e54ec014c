"""A question that is several, such as who runs the CD5 trial and how many patients it takes.

Each part is answered by itself; one that names nothing is asked of what the first names.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pyoxigraph import Literal

from kg.ask.answer import Answer
from kg.ask.english import YES_NO
from kg.formats.result import Result
from kg.model.terms import lexical

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.ask.words import Vocabulary

__all__ = ["joined", "parts_of"]

_ASKING = r"how many|how much|how|which|what|who|whose|when|where"
_POINTING = re.compile(r"\b(?:it|its|they|their|them|those|these|that|he|she)\b", re.IGNORECASE)
_TELLING = frozenset("list name give tell show all any".split())
_START = re.compile(
    rf"(?:[,;?]\s*(?:and\s+|but\s+)?|\s+(?:and|but)\s+)(?=(?:(?:in|for|of|on|with|at|by|to|from)\s+)?(?:{_ASKING})\b)",
    re.IGNORECASE,
)


def parts_of(vocabulary: Vocabulary, question: str) -> list[str]:
    """Return the questions that a question is made of; itself alone if it is one.

    Args:
        vocabulary: the phrases that mean something.
        question: plain English.
    """
    parts = [part.strip() for part in _START.split(question) if part and part.strip(" ?")]
    if len(parts) < 2:
        return parts
    first = parts[0].split(" ")[0].casefold()
    if not (first in YES_NO | _TELLING or re.search(rf"\b({_ASKING})\b", parts[0], re.IGNORECASE)):
        parts[:2] = [f"{parts[0]}, {parts[1]}"]  # "besides fludarabine, what ..." is one question
    if len(parts) == 1:
        return parts
    subjects = _names(vocabulary, parts[0])
    return [
        f"{part.rstrip(' ?')} of {' '.join(subjects)}" if number and subjects and _leans(vocabulary, part) else part
        for number, part in enumerate(parts)
    ]


def _leans(vocabulary: Vocabulary, part: str) -> bool:
    """Say whether a part speaks of what was named before it."""
    return bool(_POINTING.search(part)) or not _names(vocabulary, part)


def _names(vocabulary: Vocabulary, part: str) -> list[str]:
    """Return the names of things in a text, as they are written."""
    return [token.text for token in vocabulary.tokens(part) if token.meaning and token.meaning.things]


def joined(question: str, parts: Sequence[str], answers: Sequence[Answer]) -> Answer:
    """Return the answers to the parts of a question as one.

    Args:
        question: as it was asked.
        parts: its questions.
        answers: to each, in the same order; the first is answered.

    Returns:
        An answer whose rows say which part they answer; parts without an answer are told in its sentence.
    """
    rows, ids = [], []
    for part, answer in zip(parts, answers, strict=True):
        for row, iris in zip(answer.result.rows, answer.ids, strict=True):
            further = "; ".join(lexical(term) for term in row[1:] if term is not None)
            rows.append((row[0], Literal(further), Literal(part)))
            ids.append((iris[0], None, None))
    evidence = {str(item): item for answer in answers for item in answer.evidence}
    conflicts = {str(item): item for answer in answers for item in answer.conflicts}
    return Answer(
        question,
        max(answer.as_of for answer in answers),
        "answered",
        " ".join(f"{part.rstrip(' ?')}: {answer.sentence}" for part, answer in zip(parts, answers, strict=True)),
        " | ".join(answer.interpretation for answer in answers if answer.interpretation),
        "\n\n".join(answer.sparql for answer in answers if answer.sparql),
        Result(("answer", "further", "question"), rows),
        ids,
        conflicts=list(conflicts.values()),
        evidence=list(evidence.values()),
        unknown_words=[word for answer in answers for word in answer.unknown_words],
        words=[pair for answer in answers for pair in answer.words],
    )
