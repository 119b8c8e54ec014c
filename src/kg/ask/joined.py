"""The answers to the parts of a question as one answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import Literal

from kg.formats.result import Result

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.ask.answer import Answer

__all__ = ["joined"]


def joined(question: str, answers: Sequence[Answer]) -> Answer:
    """Return one answer: each row says what its part asks for, then what more is said."""
    rows, ids = [], []
    for answer in answers:
        for row, iris in zip(answer.result.rows, answer.ids, strict=True):
            first, *rest = row
            more = "; ".join(term.value for term in rest if isinstance(term, Literal))
            rows.append((first, Literal(more) if more else None, Literal(answer.interpretation)))
            ids.append((iris[0], None, None))
    unique = dict(zip(rows, ids, strict=True))
    evidence = [item for answer in answers for item in answer.evidence]
    conflicts = [item for answer in answers for item in answer.conflicts]
    return answers[0]._replace(
        question=question,
        as_of=max(answer.as_of for answer in answers),
        sentence=" ".join(dict.fromkeys(answer.sentence for answer in answers)),
        interpretation=" | ".join(dict.fromkeys(answer.interpretation for answer in answers)),
        sparql="\n\n".join(dict.fromkeys(answer.sparql for answer in answers if answer.sparql)),
        result=Result(("answer", "further", "understood"), list(unique)),
        ids=list(unique.values()),
        coverage=None,
        conflicts=[item for number, item in enumerate(conflicts) if item not in conflicts[:number]],
        evidence=[item for number, item in enumerate(evidence) if item not in evidence[:number]],
        words=[word for answer in answers for word in answer.words],
    )
