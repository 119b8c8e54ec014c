"""How an answer is said: its sentence and its rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from pyoxigraph import Literal, NamedNode

from kg.ask.joins import RECORDS
from kg.ask.understood import in_words
from kg.formats.result import Result

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.ask.compose import Column, Composed
    from kg.ask.grounds import Grounds
    from kg.ask.meaning import Reading

__all__ = ["Outcome", "Solution", "of_year", "said", "shown", "words_without_match"]

Solution = dict[str, Any]  # variable -> term, where it is bound
_MOST_NAMED = 12
_MOST_TOLD = 3


class Outcome(NamedTuple):
    """What a reading came to.

    Attributes:
        reading: what was understood.
        composed: its query.
        solutions: the rows of the query that are wanted.
        verdict: of a yes-or-no question; ``Told`` if a value says it.
        counted: where things are counted, a row for each wanted thing with the number.
        conflicting: how many of what fits the sources contradict themselves about.
    """

    reading: Reading
    composed: Composed
    solutions: list[Solution]
    verdict: str = ""
    counted: Sequence[tuple[Solution, int]] = ()
    conflicting: int = 0

    @property
    def number(self) -> int:
        """How many things fit."""
        return len({row[self.composed.wanted] for row in self.solutions})

    @property
    def is_of_year(self) -> bool:
        """Whether the year with most things is wanted."""
        order = self.reading.order
        return bool(order and order.limit and order.limit[0] == "year")


def said(outcome: Outcome, grounds: Grounds) -> str:
    """Return the answer in a sentence: how words were read, the answer, what was decided, what is open."""
    notes = outcome.reading.notes
    lead = "".join(f"{note}. " for note in notes if note.startswith("I "))
    decided = "".join(f" {note[0].upper()}{note[1:]}." for note in notes if not note.startswith("I "))
    open_ = " The sources contradict themselves here: see the conflicts." if grounds.conflicts else ""
    return f"{lead}{_answer(outcome)}{decided}{open_}"


def _answer(outcome: Outcome) -> str:
    reading, composed, solutions = outcome.reading, outcome.composed, outcome.solutions
    if reading.compared and composed.compared:
        return "; ".join(f"{label}: {number}" for _, label, number in _by_alternative(outcome)) + "."
    if composed.record and solutions and not (reading.counts or outcome.counted):
        return _records_told(outcome)
    if outcome.verdict:
        return _decision(outcome)
    if outcome.counted or outcome.is_of_year or reading.sums or reading.counts:
        return _numbers(outcome)
    if not solutions:
        return _nothing(outcome)
    if reading.hidden:
        labels = ", ".join(_labels(outcome))
        return f"Not disclosed: the {reading.hidden} of {labels}."
    if reading.order:
        rows = solutions[:_MOST_NAMED]
        parts = [f"{row[composed.columns[0].label].value} ({row[composed.ordering].value})" for row in rows]
        return f"{', '.join(dict.fromkeys(parts))}."
    return _listing(outcome)


def _records_told(outcome: Outcome) -> str:
    """Return what the first records say, after yes or no, or after the things that are wanted of them."""
    told = list(dict.fromkeys(_told(outcome.composed, row) for row in outcome.solutions))
    more = f"; and {len(told) - _MOST_TOLD} more" if len(told) > _MOST_TOLD else ""
    lead = f"{outcome.verdict}: " if outcome.verdict else ""
    if not outcome.verdict and outcome.reading.wanted not in RECORDS:
        lead = f"{_listing(outcome)} "
    return f"{lead}{'; '.join(told[:_MOST_TOLD])}{more}."


def _decision(outcome: Outcome) -> str:
    reading, columns, verdict = outcome.reading, outcome.composed.columns, outcome.verdict
    if verdict == "Told":
        cells = dict.fromkeys(row[column.label].value for row in outcome.solutions for column in columns)
        return f"{': '.join(cells)}."
    asked = in_words(reading._replace(notes=())).replace("; ", " ", 1).replace(":", "")
    found = ", ".join(dict.fromkeys(row[columns[-1].label].value for row in outcome.solutions))
    if verdict == "No":
        return f"No, the graph has {found}: {asked}?"
    if outcome.solutions and reading.constraints and len(reading.constraints[-1].things) > 1:
        return f"{verdict}, {found}: {asked}."
    return f"{verdict}: {asked}."


def _numbers(outcome: Outcome) -> str:
    reading, composed = outcome.reading, outcome.composed
    understood = in_words(reading._replace(notes=()))
    if outcome.counted:
        path = reading.order.counted[0] if reading.order else ()
        name = reading.schema.classes[path[-1].end if path else reading.hub].label
        label = composed.columns[0].label
        parts = [f"{row[label].value}: {number} {_plural(name, number)}" for row, number in outcome.counted]
        more = f" and {len(parts) - _MOST_NAMED} more" if len(parts) > _MOST_NAMED else ""
        return f"{'; '.join(parts[:_MOST_NAMED])}{more}."
    noun = _plural(composed.columns[0].name, outcome.number)
    if outcome.is_of_year and outcome.solutions:
        return f"{', '.join(sorted(of_year(outcome)))}: {outcome.number} {noun}."
    if reading.sums and outcome.solutions:
        summands = _summands(outcome)
        return f"{sum(summands)}, the sum over {len(summands)} ({understood})."
    rest = understood.partition("; ")[2]
    conflicting = outcome.conflicting
    open_ = f"; {conflicting} of them contradicted, {outcome.number - conflicting} not" if conflicting else ""
    return f"{outcome.number} {noun}{f' ({rest})' if rest else ''}{open_}."


def words_without_match(reading: Reading) -> list[str]:
    """Return the words that had to be in a text, which is why there can be nothing."""
    return [item.value for item in reading.conditions if item.sign == "has word" and not item.negated]


def _nothing(outcome: Outcome) -> str:
    understood = in_words(outcome.reading)
    if words := words_without_match(outcome.reading):
        named = " or ".join(map(repr, words))
        return f"Not in the graph: no {named} is recorded for what I read ({understood})."
    return f"Nothing in the graph fits, as I read it ({understood})."


def _told(composed: Composed, row: Solution) -> str:
    """Return what a record says on one line."""
    labels = {column.name: row[column.label].value for column in composed.columns if column.label in row}
    said = str(row[f"{composed.record}_in_words"].value)
    about = " ".join(labels[name] for name in ("about", "measure") if name in labels)
    return f"{about}: {said}" if about else said


def _labels(outcome: Outcome) -> list[str]:
    label = outcome.composed.columns[0].label
    return list(dict.fromkeys(row[label].value for row in outcome.solutions))


def _listing(outcome: Outcome) -> str:
    labels = _labels(outcome)
    more = f" and {len(labels) - _MOST_NAMED} more" if len(labels) > _MOST_NAMED else ""
    named = ", ".join(labels[:_MOST_NAMED]) + more
    if outcome.reading.value:
        return f"{named}."
    return f"{len(labels)} {_plural(outcome.composed.columns[0].name, len(labels))}: {named}."


def _plural(noun: str, count: int) -> str:
    if count == 1:
        return noun
    return f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}{'es' if noun.endswith('s') else 's'}"


def shown(outcome: Outcome) -> tuple[Result, list[tuple[str | None, ...]]]:
    """Return the rows that are shown, each once, with the IRIs of their cells."""
    reading, composed, solutions = outcome.reading, outcome.composed, outcome.solutions
    if reading.compared and composed.compared:
        found = _by_alternative(outcome)
        names = (composed.compared.removesuffix("_named").replace("_", " "), "count")
        return Result(names, [(Literal(label), Literal(number)) for _, label, number in found]), [
            (iri, None) for iri, _, _ in found
        ]
    if outcome.counted:
        column = composed.columns[0]
        rows = [(row[column.label], Literal(number)) for row, number in outcome.counted]
        return Result((column.name, "count"), rows), [(row[column.thing].value, None) for row, _ in outcome.counted]
    if outcome.is_of_year:
        years = [(Literal(year), Literal(len(things))) for year, things in sorted(of_year(outcome).items())]
        return Result(("year", "count"), years), [(None, None)] * len(years)
    if reading.sums or reading.counts:
        number = sum(_summands(outcome)) if reading.sums else outcome.number
        single = [(Literal(number),)] if solutions else []
        return Result(("sum" if reading.sums else "count",), single), [(None,)] * len(single)
    columns = composed.columns
    cells = dict.fromkeys(tuple((_cell(row, column), row.get(column.thing)) for column in columns) for row in solutions)
    ids = [tuple(term.value if isinstance(term, NamedNode) else None for _, term in row) for row in cells]
    return Result(
        _distinct([column.name for column in columns]), [tuple(label for label, _ in row) for row in cells]
    ), ids


def _cell(row: Solution, column: Column) -> Any:
    """Return what a column shows: a label, or that it is not disclosed."""
    return row.get(column.label) or row.get(f"{column.label.removesuffix('_label')}_hidden")


def of_year(outcome: Outcome) -> dict[str, set[str]]:
    """Return the wanted things by the year that orders them."""
    found: dict[str, set[str]] = {}
    for row in outcome.solutions:
        found.setdefault(row[outcome.composed.ordering].value[:4], set()).add(row[outcome.composed.wanted].value)
    return found


def _summands(outcome: Outcome) -> list[int]:
    """Return the value of each wanted thing, once."""
    label = outcome.composed.columns[0].label
    values = {row[outcome.composed.wanted]: row[label].value for row in outcome.solutions}
    return [int(float(value)) for value in values.values()]


def _by_alternative(outcome: Outcome) -> list[tuple[str, str, int]]:
    """Return how many things fit each alternative of the last constraint."""
    composed = outcome.composed
    found = []
    for thing in outcome.reading.constraints[-1].things:
        fitting = {row[composed.wanted] for row in outcome.solutions if row[composed.compared].value == thing.iri}
        found.append((thing.iri, thing.label, len(fitting)))
    return found


def _distinct(names: list[str]) -> list[str]:
    return [
        f"{name} {names[:number].count(name) + 1}" if name in names[:number] else name
        for number, name in enumerate(names)
    ]
