"""From a reading to SPARQL. What a user typed never reaches the text: only IRIs and words of the ontology do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from pyoxigraph import NamedNode

from kg.namespaces import PREFIXES, curie, named_class

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.ask.joins import Constraint, Path
    from kg.ask.reading import Reading

__all__ = ["Column", "Composed", "Edge", "compose", "in_words"]

_CONCEPT = PREFIXES["skos"] + "Concept"


class Column(NamedTuple):
    """A column of the answer: its name, and the variables of the thing and of its label."""

    name: str
    thing: str
    label: str


class Edge(NamedTuple):
    """A triple of the pattern: variables of its ends around a property."""

    subject: str
    predicate: str
    object: str


class Composed(NamedTuple):
    """A query with what is needed to read its rows.

    Attributes:
        text: the SPARQL.
        wanted: the variable of the things that are asked for.
        columns: those that are shown; the first is what is asked for.
        edges: the triples that a row rests on, where their variables are bound.
    """

    text: str
    wanted: str
    columns: list[Column]
    edges: list[Edge]


def compose(reading: Reading) -> Composed:
    """Return the query of a reading; a constraint without things is met by any."""
    return _Composer(reading).compose()


class _Composer:
    """Builds the pattern; each class has a variable of its own name, numbered if it comes again."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.names: dict[str, int] = {}
        self.columns: list[Column] = []
        self.edges: list[Edge] = []
        self.lines: list[str] = []
        self.shared: dict[Path, tuple[str, set[Path]]] = {}

    def compose(self) -> Composed:
        reading = self.reading
        wanted = self._variable(reading.wanted)
        self._column(wanted)
        self.lines.append(f"?{wanted} a {curie(reading.wanted)} ; rdfs:label ?{wanted}_label .")
        if reading.subject:
            self.lines.append(f"VALUES ?{wanted} {{ {NamedNode(reading.subject.iri)} }}")
        if reading.value:
            self._value(wanted)
        for constraint in reading.constraints:
            self._constrain(wanted, constraint)
        shown = " ".join(f"?{column.label}" for column in self.columns)
        text = "\n".join(
            [
                *(f"PREFIX {name}: <{PREFIXES[name]}>" for name in ("kg", "rdfs", "skos")),
                "SELECT DISTINCT *",
                "WHERE {",
                *(f"  {line}" for line in self.lines),
                "}",
                f"ORDER BY {shown}",
            ]
        )
        return Composed(text, wanted, self.columns, self.edges)

    def _variable(self, class_iri: str) -> str:
        name = re.sub(r"\W+", "_", self.reading.schema.classes[class_iri].label)
        self.names[name] = self.names.get(name, 0) + 1
        return name if self.names[name] == 1 else f"{name}_{self.names[name]}"

    def _column(self, variable: str) -> None:
        self.columns.append(Column(variable.replace("_", " "), variable, f"{variable}_label"))

    def _value(self, wanted: str) -> None:
        """Put the value of the literal property first, before the thing that has it."""
        property_ = self.reading.value
        assert property_
        name = re.sub(r"\W+", "_", property_.label)
        self.lines.append(f"?{wanted} {curie(property_.iri)} ?{name} .")
        self.columns.insert(0, Column(property_.label, name, name))
        self.edges.append(Edge(wanted, property_.iri, name))

    def _constrain(self, wanted: str, constraint: Constraint) -> None:
        class_iri = constraint.paths[0][-1].end
        end = self._variable(class_iri)
        is_only = len(constraint.paths) == 1
        patterns = [self._walk(wanted, path, end, is_only) for path in constraint.paths]
        if len(patterns) == 1:
            self.lines += patterns[0]
        else:
            self.lines.append(" UNION ".join(f"{{ {' '.join(pattern)} }}" for pattern in patterns))
        things = " ".join(str(NamedNode(thing.iri)) for thing in constraint.things)
        if not things:
            pass  # any thing will do
        elif _CONCEPT in self.reading.schema.ancestors(class_iri):
            self.lines.append(f"VALUES ?{end}_named {{ {things} }}")
            self.lines.append(f"?{end} skos:broader* ?{end}_named .")
        else:
            self.lines.append(f"VALUES ?{end} {{ {things} }}")
        self.lines.append(f"?{end} rdfs:label ?{end}_label .")
        if class_iri == named_class(self.reading.wanted):
            self.lines.append(f"FILTER (?{end} != ?{wanted})")
        self._column(end)

    def _walk(self, start: str, path: Path, end: str, is_only: bool) -> list[str]:
        """Return the triples of a path between two variables, and note them as edges."""
        lines, here = [], start
        for number, hop in enumerate(path, start=1):
            there = end if number == len(path) else self._between(path, number, is_only)
            subject, object_ = (here, there) if hop.forward else (there, here)
            lines.append(f"?{subject} {curie(hop.along.iri)} ?{object_} .")
            self.edges.append(Edge(subject, hop.along.iri, object_))
            here = there
        return lines

    def _between(self, path: Path, number: int, is_only: bool) -> str:
        """Return the variable of a thing on the way, the same for all constraints that pass it.

        "Sponsors of phase 2 trials of CD19" are about one trial; but a knock-out and a
        safety switch, which are reached in one way, are two modifications.
        """
        prefix = path[:number]
        variable, passed = self.shared.get(prefix, ("", set()))
        if not is_only or not variable or path in passed:
            variable, passed = self._variable(path[number - 1].end), set()
        if is_only:
            passed.add(path)
            self.shared[prefix] = variable, passed
        return variable


def in_words(reading: Reading) -> str:
    """Return what was understood, in the words of the ontology.

    Returns:
        Such as ``product; derived from: iPSC; carries modification: CD38 KO``.
    """
    head = reading.subject.label if reading.subject else reading.schema.classes[reading.wanted].label
    if reading.value:
        head = f"{reading.value.label} of {head}"
    parts = [f"{' or '.join(map(_path_in_words, item.paths))}: {_any_of(item)}" for item in reading.constraints]
    return "; ".join([f"number of: {head}" if reading.counts else head, *parts])


def _path_in_words(path: Path) -> str:
    return ", ".join(hop.along.words[0 if hop.forward else 1] for hop in path)


def _any_of(constraint: Constraint) -> str:
    labels: Sequence[str] = [thing.label for thing in constraint.things]
    return " or ".join(labels)
