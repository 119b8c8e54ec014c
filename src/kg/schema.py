"""The ontology as Python sees it: classes and properties with their words.

The build resolves the cells of tables by the domain and range of a property,
`kg ask` joins things over them: both read one schema, so a property that is
added to ``ontology/immunokg.ttl`` works in both without new code.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kg.namespaces import KG, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyoxigraph import Triple

__all__ = ["Class", "Property", "Schema", "read_schema"]

_RDFS, _SKOS, _OWL = PREFIXES["rdfs"], PREFIXES["skos"], PREFIXES["owl"]
_TYPE = PREFIXES["rdf"] + "type"


class Class(NamedTuple):
    """A class: its IRI, its words (the label first) and its direct superclasses."""

    iri: str
    words: tuple[str, ...]
    parents: tuple[str, ...]


class Property(NamedTuple):
    """A property with one domain and one range: a class for objects, a datatype for literals."""

    iri: str
    words: tuple[str, ...]
    domain: str
    range: str
    is_literal: bool

    @property
    def label(self) -> str:
        """The label, which stands in the column ``property`` of facts.csv."""
        return self.words[0]


class Schema(NamedTuple):
    """The classes and properties of the ontology, by IRI."""

    classes: dict[str, Class]
    properties: dict[str, Property]

    def ancestors(self, iri: str) -> set[str]:
        """Return a class and every class above it."""
        found, todo = set(), [iri]
        while todo:
            current = todo.pop()
            if current not in found:
                found.add(current)
                todo += self.classes[current].parents if current in self.classes else ()
        return found


def read_schema(triples: Iterable[Triple]) -> Schema:
    """Return the schema that the triples of an ontology describe.

    Args:
        triples: the ontology, or any graph that holds it.
    """
    described: dict[str, dict[str, list[str]]] = {}
    for triple in triples:
        described.setdefault(triple.subject.value, {}).setdefault(triple.predicate.value, []).append(
            triple.object.value
        )
    classes, properties = {}, {}
    for iri, values in sorted(described.items()):
        if not iri.startswith(KG):
            continue
        words = (*values.get(_RDFS + "label", ()), *sorted(values.get(_SKOS + "altLabel", ())))
        types = values.get(_TYPE, ())
        if _OWL + "Class" in types:
            classes[iri] = Class(iri, words, tuple(sorted(values.get(_RDFS + "subClassOf", ()))))
        elif _RDFS + "range" in values:
            is_literal = _OWL + "DatatypeProperty" in types
            properties[iri] = Property(iri, words, *values[_RDFS + "domain"], *values[_RDFS + "range"], is_literal)
    return Schema(classes, properties)
