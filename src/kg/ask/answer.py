"""What an answer holds, and how it is shown to people and to programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from kg.formats.result import Result
from kg.model.terms import clean

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.formats.table import Screen

__all__ = ["Answer"]

_MOST_SHOWN = 4


class Answer(NamedTuple):
    """An answer, as ``kg ask --format json`` prints it.

    Attributes:
        question: as it was asked.
        as_of: the day of the data, ISO 8601.
        status: ``answered``, ``empty``, ``not_in_graph`` or ``not_understood``.
        sentence: the answer in one sentence.
        interpretation: what was understood, in words.
        sparql: the query.
        result: the rows that are shown.
        ids: the IRI of each cell, or ``None``.
        coverage: how many of the things that fit all but the last constraint
            fit it: ``yes``, ``no``, ``not_reported``, ``conflicting``.
        conflicts: the contradictions that the rows touch.
        evidence: where the statements are written that the rows rest on.
        words: the words of the question with what they were taken for.
        unknown_words: what nothing in the graph explains.
        asked: the columns that were asked for, or that a reader of such a list expects; a terminal shows these and
            those that tell rows apart.
        suggestions: where nothing is answered, questions near it that can be answered, each with its SPARQL, and
            statements that tell of what was mentioned, each with its evidence.
    """

    question: str
    as_of: str
    status: str
    sentence: str
    interpretation: str = ""
    sparql: str = ""
    result: Result = Result((), ())
    ids: Sequence[Sequence[str | None]] = ()
    coverage: dict[str, int] | None = None
    conflicts: Sequence[dict[str, str]] = ()
    evidence: Sequence[dict[str, str]] = ()
    unknown_words: Sequence[str] = ()
    words: Sequence[tuple[str, str]] = ()
    asked: Sequence[str] = ()
    suggestions: Sequence[dict[str, Any]] = ()

    @property
    def exit_code(self) -> int:
        """What the command line exits with."""
        return 3 if self.status in ("not_in_graph", "not_understood") else 0

    def to_dict(self) -> dict[str, Any]:
        """Return the answer as plain data."""
        rows = [
            {
                name: {"id": iri, "label": cell} if isinstance(cell, str) else cell
                for (name, cell), iri in zip(row.items(), iris, strict=True)
            }
            for row, iris in zip(self.result, self.ids, strict=True)
        ]
        fields = {name: getattr(self, name) for name in ("question", "as_of", "status")}
        fields |= {"answer": self.sentence, "interpretation": self.interpretation, "sparql": self.sparql}
        fields |= {"columns": list(self.result.columns), "rows": rows, "coverage": self.coverage}
        return fields | {
            name: list(getattr(self, name)) for name in ("conflicts", "evidence", "unknown_words", "suggestions")
        }

    def to_json(self) -> str:
        """Return the answer as one JSON object."""
        import json

        return json.dumps(self.to_dict(), ensure_ascii=False, indent=1) + "\n"

    def summary(self) -> str:
        """Return the sentence and how much of the graph it covers, for people."""
        lines = [self.sentence]
        if self.coverage:
            counted = ", ".join(f"{name.replace('_', ' ')} {count}" for name, count in self.coverage.items())
            lines.append(f"coverage: {counted}; data as of {self.as_of}")
        return clean("\n".join(lines))

    def explanation(self) -> str:
        """Return words to things to SPARQL."""
        words = "".join(f"  {text} -> {meaning}\n" for text, meaning in self.words)
        return f"words:\n{words}understood: {self.interpretation}\n{self.sparql}"

    def to_text(self, *, explain: bool = False, evidence: bool = False, screen: Screen | None = None) -> str:
        """Return the whole answer for a terminal.

        Args:
            explain: whether to show how the question was read, and the SPARQL.
            evidence: whether to show all places, and not only the first of each document.
            screen: where the table is shown.
        """
        parts = [self.summary()]
        if len(self.result):
            parts.append(self._seen().format("table", screen).rstrip())
        parts.extend(
            clean(f"conflict: {conflict['question']} {conflict['resolution']}. {conflict['reason']}")
            for conflict in self.conflicts
        )
        if self.evidence:
            parts.append(clean("\n".join(_evidence_lines(self.evidence, None if evidence else _MOST_SHOWN))))
        if self.suggestions:
            parts.append(clean("\n".join(self.offers())))
        if explain:
            parts.append(clean(self.explanation()))
        elif self.interpretation and self.status == "answered":
            parts.append(clean(f"understood: {self.interpretation}"))
        return "\n\n".join(parts) + "\n"

    def _seen(self) -> Result:
        """Return the rows without the columns that nobody asked for and that are empty or the same in all rows."""
        columns = self.result.columns
        kept = [
            number
            for number, name in enumerate(columns)
            if number == 0 or name in self.asked or len({str(row[number]) for row in self.result.rows}) > 1
        ]
        return Result(
            tuple(columns[number] for number in kept),
            [tuple(row[number] for number in kept) for row in self.result.rows],
        )

    def offers(self) -> list[str]:
        """Return the suggestions, numbered, a line each; none if something is answered."""
        lines = []
        heads = {"question": "Questions near it that can be answered:", "statement": "What is said of it:"}
        for number, offer in enumerate(self.suggestions, start=1):
            if head := heads.pop(offer["kind"], ""):
                lines.append(head)
            command = f"  ({offer['command']})" if "command" in offer else ""
            lines.append(f"  {number}  {offer['text']}{command}")
        return lines

    def _repr_html_(self) -> str:
        """Return the sentence and the rows for a notebook."""
        from html import escape

        rows = self.result._repr_html_() if len(self.result) else ""
        return f"<p>{escape(self.summary()).replace(chr(10), '<br>')}</p>{rows}"


def _evidence_lines(evidence: Sequence[dict[str, str]], most: int | None) -> list[str]:
    """Return what is stated and where, document by document, a line for each statement; or only as many as fit."""
    documents: dict[str, dict[str, list[str]]] = {}
    for item in evidence:
        said = f"{item['statement']} ({item['assertion']})"
        places = documents.setdefault(item["document"], {}).setdefault(said, [])
        places.append(f"{item['section']}, {item['locator']}")
    lines = []
    for document, statements in documents.items():
        lines.append(f"evidence in {document}:")
        lines += [f"  {said}: {'; '.join(places)}" for said, places in list(statements.items())[:most]]
        if most and len(statements) > most:
            lines.append(f"  and {len(statements) - most} more statements; --evidence shows all")
    return lines
