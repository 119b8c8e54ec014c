"""From a plan to SPARQL. Of what a user typed only numbers, days and stems of letters and digits reach the text.

Which things are meant is one query; what is shown of them are further ones, each along one way from these things, so
that all are short, and several values of one thing do not multiply those of another.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from pyoxigraph import Literal, NamedNode

from kg.ask.plan import (
    All,
    Compared,
    Every,
    Given,
    Linked,
    Named,
    Numbered,
    OnlyLinked,
    Says,
    Union,
    Valued,
    Within,
    Without,
)
from kg.model.iris import PREFIXES, curie

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kg.ask.plan import Test, Things, Way
    from kg.model.schema import Schema

__all__ = ["Shown", "members", "shown_along", "whole_word"]

_CONCEPT = PREFIXES["skos"] + "Concept"


class Shown(NamedTuple):
    """A query of what a way leads to.

    Attributes:
        text: the SPARQL; its variables ``?thing``, ``?value`` and, of a thing, ``?label``.
        edges: the triples of the way: the variables of its ends around a property.
    """

    text: str
    edges: tuple[tuple[str, str, str], ...]


def members(schema: Schema, kind: str, things: Things) -> tuple[str, str]:
    """Return the query of things, and the variable of each.

    Args:
        schema: the ontology.
        kind: the class of the things.
        things: which.
    """
    printer = _Printer(schema)
    name = printer.variable(kind)
    lines = [*printer.things(name, things), f"?{name} rdfs:label ?{name}_label ."]
    body = "\n".join(f"  {line}" for line in lines)
    return (
        f"{_prefixes(body)}SELECT DISTINCT ?{name} ?{name}_label\nWHERE {{\n{body}\n}}\nORDER BY STR(?{name}_label)",
        name,
    )


def shown_along(
    schema: Schema, iris: Iterable[str], way: Way, *, property_iri: str = "", to: Things | None = None
) -> Shown:
    """Return the query of what a way leads to from things, or of a literal of that.

    Args:
        schema: the ontology.
        iris: the things.
        way: from each of them.
        property_iri: the literal property that is shown, or empty.
        to: what the end must be, if not all are shown.
    """
    printer = _Printer(schema)
    names = ["thing", *(f"between_{number}" for number in range(1, len(way))), "end"][: len(way) + 1]
    edges = []
    lines = [f"VALUES ?thing {{ {' '.join(str(NamedNode(iri)) for iri in iris)} }}"]
    for (here, there), hop in zip(pairwise(names), way, strict=True):
        edges.append((here, hop.property, there) if hop.forward else (there, hop.property, here))
    last = names[-1]
    if to is not None:
        lines += printer.things(last, to)
    lines += [f"?{subject} {curie(iri)} ?{object_} ." for subject, iri, object_ in edges]
    if property_iri:
        lines.append(f"?{last} {curie(property_iri)} ?value .")
        edges.append((last, property_iri, "value"))
    else:
        lines += [f"?{last} rdfs:label ?label .", f"BIND (?{last} AS ?value)"]
    body = "\n".join(f"  {line}" for line in lines)
    return Shown(f"{_prefixes(body)}SELECT DISTINCT *\nWHERE {{\n{body}\n}}", tuple(edges))


def whole_word(word: str) -> str:
    """Return a regular expression of a word by its stem, with any short ending."""
    letters = re.sub(r"[^a-z0-9]", ".", word)
    return f"(^|[^a-z0-9]){letters}[a-z]{{0,4}}($|[^a-z0-9])"


def _prefixes(body: str) -> str:
    used = [name for name in ("kg", "rdfs", "skos") if f"{name}:" in body]
    return "".join(f"PREFIX {name}: <{PREFIXES[name]}>\n" for name in used)


class _Printer:
    """Builds the pattern; each class has a variable of its own name, numbered if it comes again."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self.names: dict[str, int] = {}

    def variable(self, iri: str) -> str:
        """Return a variable for a thing of a class or the value of a property, numbered if it comes again."""
        term = self.schema.classes.get(iri) or self.schema.properties.get(iri)
        name = re.sub(r"\W+", "_", term.label) if term else "name"
        self.names[name] = self.names.get(name, 0) + 1
        return name if self.names[name] == 1 else f"{name}_{self.names[name]}"

    def things(self, name: str, things: Things) -> list[str]:
        """Return the pattern of a variable that is one of some things."""
        match things:
            case Every(kind):
                return [f"?{name} a {curie(kind)} ."]
            case Named():
                return [self._named(name, things)]
            case All(parts):
                return [line for part in sorted(parts, key=_comes_late) for line in self.things(name, part)]
            case Union(parts):
                return [_nested(name, _any([" ".join(self.things(name, part)) for part in parts]))]
            case Without(some, others):
                return [*self.things(name, some), f"MINUS {{ {' '.join(self.things(name, others))} }}"]
            case Linked(ways, to):
                return self._linked(name, ways, to)
            case OnlyLinked(ways, to):
                other = self.variable(ways[0][-1].end)
                outside = f"{self._join(name, ways, other)} MINUS {{ {' '.join(self.things(other, to))} }}"
                return [*self._linked(name, ways, to), f"MINUS {{ {_nested(name, outside)} }}"]
            case Numbered(ways, kind, Compared(sign, number)):
                end = self.variable(kind)
                having = f"HAVING (COUNT(DISTINCT ?{end}) {sign} {number:g})"
                return [f"{{ SELECT ?{name} WHERE {{ {self._join(name, ways, end)} }} GROUP BY ?{name} {having} }}"]
            case Valued(ways, properties, test):
                return self._valued(name, ways, properties, test)

    def _named(self, name: str, things: Named) -> str:
        iris = " ".join(str(NamedNode(thing.iri)) for thing in things.things)
        if any(_CONCEPT in self.schema.ancestors(thing.class_iri) for thing in things.things):
            return _nested(name, f"VALUES ?{name}_named {{ {iris} }} ?{name} skos:broader* ?{name}_named .")
        return f"VALUES ?{name} {{ {iris} }}"

    def _linked(self, name: str, ways: Sequence[Way], to: Things) -> list[str]:
        end = self.variable(ways[0][-1].end)
        joined = self._join(name, ways, end)
        if isinstance(to, Every):
            return [_nested(name, joined)]
        own = [f"FILTER (?{end} != ?{name})"] if re.sub(r"_\d+$", "", end) == re.sub(r"_\d+$", "", name) else []
        return [_nested(name, " ".join([*self.things(end, to), joined, *own]))]

    def _valued(self, name: str, ways: Sequence[Way], properties: Sequence[str], test: Test) -> list[str]:
        value = self.variable(properties[0])
        said = "|".join(map(curie, properties))
        patterns = []
        for way in ways or ((),):
            owner = self.variable(way[-1].end) if way else name
            walk = f"{self._walk(name, way, owner)} " if way else ""
            patterns.append(f"{walk}?{owner} {said} ?{value} .")
        return [_nested(name, " ".join([_any(patterns), *_tested(value, test)]))]

    def _join(self, start: str, ways: Sequence[Way], end: str) -> str:
        """Return the pattern that joins two variables along any of the ways."""
        return _any([self._walk(start, way, end) for way in ways])

    def _walk(self, start: str, way: Way, end: str) -> str:
        lines, here = [], start
        for number, hop in enumerate(way, start=1):
            there = end if number == len(way) else self.variable(hop.end)
            subject, object_ = (here, there) if hop.forward else (there, here)
            lines.append(f"?{subject} {curie(hop.property)} ?{object_} .")
            here = there
        return " ".join(lines)


def _nested(name: str, pattern: str) -> str:
    """Return a pattern of which one variable alone is seen outside."""
    return f"{{ SELECT DISTINCT ?{name} WHERE {{ {pattern} }} }}"


def _comes_late(things: Things) -> int:
    """Order the parts of a pattern: what is named first, what takes away last."""
    order = (Named, Linked, Valued, OnlyLinked, Numbered, Union, Every, All, Without)
    if isinstance(things, Linked) and isinstance(things.to, Every):
        return len(order)
    return order.index(type(things))


def _any(patterns: Sequence[str]) -> str:
    """Return a pattern of which any part is enough."""
    return patterns[0] if len(patterns) == 1 else " UNION ".join(f"{{ {item} }}" for item in patterns)


def _tested(name: str, test: Test) -> list[str]:
    match test:
        case Given(values):
            texts = ", ".join(str(Literal(text)) for text in values)
            return [f"FILTER (STR(?{name}) IN ({texts}))"] if values else []
        case Says(word):
            return [f'FILTER (REGEX(STR(?{name}), "{whole_word(word)}", "i"))']
        case Compared(sign, number):
            return [f"FILTER (?{name} {sign} {number:g})"]
        case Within(first, last):
            if isinstance(first, str):
                ends = [f'STR(?{name}) {sign} "{day}"' for sign, day in ((">=", first), ("<", last)) if day]
                return [f"FILTER ({' && '.join(ends)})"]
            return [f"FILTER (?{name} >= {first:g} && ?{name} <= {last:g})"]
