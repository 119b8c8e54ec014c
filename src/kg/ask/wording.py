"""From a plan to words: what was understood."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.ask.plan import (
    All,
    Compared,
    Counted,
    Every,
    Given,
    Group,
    Linked,
    Named,
    Numbered,
    OnlyLinked,
    Records,
    Rows,
    Says,
    Sides,
    Sum,
    Top,
    Union,
    Valued,
    Verdict,
    Within,
    Without,
)
from kg.model.iris import KG

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.ask.plan import Hop, Plan, Test, Things, Way
    from kg.model.schema import Schema

__all__ = ["plural", "to_words"]

_SIGNS = {"=": "", "<": "less than ", "<=": "at most ", ">": "more than ", ">=": "at least "}


def to_words(schema: Schema, plan: Plan) -> str:
    """Return what a plan means."""
    return _Wording(schema).plan(plan)


def plural(noun: str, count: int = 2) -> str:
    """Return a noun for a count.

    Example:
        >>> plural("study", 2), plural("disease", 1), plural("status")
        ('studies', 'disease', 'statuses')
    """
    if count == 1:
        return noun
    return f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}{'es' if noun.endswith('s') else 's'}"


class _Wording:
    def __init__(self, schema: Schema) -> None:
        self.schema = schema

    def plan(self, plan: Plan) -> str:
        match plan:
            case Rows(things, kind, columns):
                shown = ", ".join(column.title for column in columns)
                return f"{self.of(kind, things)}{f'; shown: {shown}' if shown else ''}"
            case Counted(things, kind):
                return f"number of {self.of(kind, things)}"
            case Sum(things, kind, column, is_mean):
                return f"{'mean' if is_mean else 'sum'} of {column.title} of {self.of(kind, things)}"
            case Group(things, kind, by, most, rank):
                first = f"; the first {most}" if most else f"; number {rank}" if rank else ""
                return f"number of {self.of(kind, things)}; for each {by.title}{first}"
            case Top(things, kind, column, most, _, descending):
                end = "highest" if descending else "lowest"
                return f"{self.of(kind, things)}; the {most} with the {end} {column.title}"
            case Sides(sides, kind):
                labels = " against ".join(entry.label for entry, _ in sides)
                return f"number of {plural(self.schema.classes[kind].label)}: {labels}; {self.of(kind, sides[0][1])}"
            case Verdict(thing, condition):
                return f"{thing.label} {'; '.join(self.condition(condition)).replace(': ', ' ')}"
            case Records(_, kind, order):
                asked = f", for each {self.schema.classes[kind].label}" if kind else ""
                return f"what tells of all that is named{asked}{f', the {order} first' if order else ''}"

    def of(self, kind: str, things: Things) -> str:
        """Return the words of things of a class."""
        return "; ".join([plural(self.schema.classes[kind].label), *self.condition(things)])

    def condition(self, things: Things) -> list[str]:
        match things:
            case Every():
                return []
            case Named(entries):
                return [" or ".join(entry.label for entry in entries)]
            case All(parts):
                return [text for part in parts for text in self.condition(part)]
            case Union(parts):
                return [" or ".join("; ".join(self.condition(part)) for part in parts)]
            case Without(some, others):
                return [*self.condition(some), *(f"not {text}" for text in self.condition(others))]
            case Linked(ways, Every(kind)):
                return (
                    [] if ways[0][0].property == KG + "hasRegistry" else [f"with a {self.schema.classes[kind].label}"]
                )
            case Linked(ways, to):
                return [f"{self.way(ways)}: {'; '.join(self.condition(to))}"]
            case OnlyLinked(ways, to):
                return [f"{self.way(ways)}: only {'; '.join(self.condition(to))}"]
            case Numbered(_, kind, Compared(sign, number)):
                return [f"{_SIGNS[sign]}{number:g} {plural(self.schema.classes[kind].label, int(number))}"]
            case Valued(_, properties, test):
                known = self.schema.properties.get(properties[0])
                return [f"{known.label if known else 'name'}{self.test(test)}"]

    def way(self, ways: Sequence[Way]) -> str:
        labels = []
        for way in ways:
            words = [self.hop(hop) for hop in way]
            labels.append(", ".join(words))
        return " or ".join(dict.fromkeys(labels))

    def hop(self, hop: Hop) -> str:
        """Return the label of a step; against its direction the inverse label, if there is one."""
        property_ = self.schema.properties[hop.property]
        return property_.words[0] if hop.forward else next(iter(property_.words[1:2]), f"{property_.label} of")

    @staticmethod
    def test(test: Test) -> str:
        match test:
            case Given(values):
                return f" {' or '.join(values)}" if values else " given"
            case Says(word):
                return f" or another text says '{word}'"
            case Compared(sign, number):
                return f" {_SIGNS[sign]}{number:g}"
            case Within(first, last):
                ends = [
                    f"from {first}" if first else "",
                    f"before {last}" if last and isinstance(last, str) else f"to {last}",
                ]
                return f" {' '.join(end for end in ends if end and end != 'to ')}"
