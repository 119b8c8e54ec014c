"""Plans in memory: which things a plan means, worked out over sets, without SPARQL."""

from __future__ import annotations

import operator
import re
from typing import TYPE_CHECKING, Any

from pyoxigraph import NamedNode

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
from kg.model.iris import PREFIXES, class_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyoxigraph import Store

    from kg.ask.plan import Hop, Test, Things, Way
    from kg.model.schema import Schema

__all__ = ["Memory"]

_TYPE = PREFIXES["rdf"] + "type" if "rdf" in PREFIXES else "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_BROADER = PREFIXES["skos"] + "broader"
_CONCEPT = PREFIXES["skos"] + "Concept"
_SIGNS = {"=": operator.eq, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}


class Memory:
    """The triples of a dataset, both ways round."""

    def __init__(self, store: Store, schema: Schema) -> None:
        self.schema = schema
        self.forward: dict[str, dict[str, set[Any]]] = {}
        self.backward: dict[str, dict[str, set[str]]] = {}
        for quad in store.quads_for_pattern(None, None, None, None):
            if not isinstance(quad.subject, NamedNode):
                continue
            subject, property_ = quad.subject.value, quad.predicate.value
            is_thing = isinstance(quad.object, NamedNode)
            value: Any = quad.object.value if isinstance(quad.object, NamedNode) else quad.object
            self.forward.setdefault(property_, {}).setdefault(subject, set()).add(value)
            if is_thing:
                self.backward.setdefault(property_, {}).setdefault(value, set()).add(subject)
        self.labelled = set(self.forward[PREFIXES["rdfs"] + "label"])

    def of(self, kind: str, things: Things) -> set[str]:
        """Return the things of a class that are meant."""
        return self.things(All((Every(kind), things))) & self.labelled

    def things(self, things: Things) -> set[str]:
        match things:
            case Every(kind):
                return set(self.backward[_TYPE].get(kind, ()))
            case Named(entries):
                found = {entry.iri for entry in entries}
                is_term = any(_CONCEPT in self.schema.ancestors(entry.class_iri) for entry in entries)
                return self._below(found) if is_term else found
            case All(parts):
                return set.intersection(*(self.things(part) for part in parts))
            case Union(parts):
                return set.union(*(self.things(part) for part in parts))
            case Without(some, others):
                return self.things(some) - self.things(others)
            case Linked(ways, to):
                ends = None if isinstance(to, Every) else self.things(to)
                return {
                    start for start, end in self.pairs(ways) if ends is None or (end in ends and _apart(start, end))
                }
            case OnlyLinked(ways, to):
                ends = self.things(to)
                pairs = set(self.pairs(ways))
                inside = {start for start, end in pairs if end in ends and _apart(start, end)}
                return inside - {start for start, end in pairs if end not in ends}
            case Numbered(ways, _, Compared(sign, number)):
                counts: dict[str, set[Any]] = {}
                for start, end in self.pairs(ways):
                    counts.setdefault(start, set()).add(end)
                return {start for start, ends in counts.items() if _SIGNS[sign](len(ends), number)}
            case Valued(ways, properties, test):
                owners = {
                    owner
                    for iri in properties
                    for owner, values in self.forward.get(iri, {}).items()
                    if any(_passes(value, test) for value in values)
                }
                return {start for start, end in self.pairs(ways) if end in owners} if ways else owners
        raise AssertionError(things)

    def _below(self, things: set[str]) -> set[str]:
        found, new = set(things), set(things)
        while new:
            new = {narrow for broad in new for narrow in self.backward[_BROADER].get(broad, ())} - found
            found |= new
        return found

    def pairs(self, ways: Iterable[Way]) -> Iterable[tuple[str, Any]]:
        """Return the starts of ways with their ends."""
        for way in ways:
            first, *rest = way
            for start, ends in self._step(first).items():
                here = set(ends)
                for hop in rest:
                    steps = self._step(hop)
                    here = {end for there in here for end in steps.get(there, ())}
                for end in here:
                    yield start, end

    def _step(self, hop: Hop) -> dict[str, set[Any]]:
        return (self.forward if hop.forward else self.backward).get(hop.property, {})


def _apart(start: str, end: str) -> bool:
    """Say whether two things differ, as they must where both are of one class."""
    return start != end or class_of(start) != class_of(end)


def _passes(value: Any, test: Test) -> bool:
    text = value if isinstance(value, str) else value.value
    match test:
        case Given(values):
            return not values or text in values
        case Says(word):
            letters = re.sub(r"[^a-z0-9]", ".", word)
            return bool(re.search(rf"(^|[^a-z0-9]){letters}[a-z]{{0,4}}($|[^a-z0-9])", text, re.IGNORECASE))
        case Compared(sign, number):
            return bool(_SIGNS[sign](float(text), number))
        case Within(first, last) if isinstance(first, str):
            return (not first or text >= first) and (not last or text < str(last))
        case Within(first, last):
            return float(first) <= float(text) <= float(last)
