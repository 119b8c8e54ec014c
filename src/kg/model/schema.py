"""The ontology as Python sees it: classes and properties with their words.

The build uses the domain and range of a property to resolve the cells of tables,
and `kg ask` uses them to join things. Both read the same schema, so a property that
is added to ``ontology/immunokg.ttl`` works in both without new code.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from pyoxigraph import BlankNode

from kg.model.iris import KG, PREFIXES, is_minted, segment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pyoxigraph import Triple

__all__ = ["THING", "Class", "Property", "Schema", "closure", "has_names", "read_schema"]

_RDFS, _SKOS, _OWL = PREFIXES["rdfs"], PREFIXES["skos"], PREFIXES["owl"]
_TYPE = PREFIXES["rdf"] + "type"
THING = _OWL + "Thing"
_CONCEPT = _SKOS + "Concept"
_NO_CONCEPTS = ("Organization",)  # classes with a vocabulary though their things are not concepts


class Class(NamedTuple):
    """A class: its IRI, its words (the label first) and its direct superclasses."""

    iri: str
    words: tuple[str, ...]
    parents: tuple[str, ...]

    @property
    def label(self) -> str:
        """The label."""
        return self.words[0]


class Property(NamedTuple):
    """A property with one domain and one range.

    Attributes:
        iri: its IRI.
        words: the label, the inverse label if there is one, and the synonyms.
        domain: the class of its subjects; :data:`THING` if they may be of any class. The
            ontology then states no domain, since the RL profile of OWL 2 lacks ``owl:Thing``.
        range: the class of its objects, in the same way, or the datatype of its literals.
        is_literal: whether the range is a datatype.
        negates: the IRI of the property whose opposite it states, or empty.
        excludes_others: whether one value rules out all others.
    """

    iri: str
    words: tuple[str, ...]
    domain: str
    range: str
    is_literal: bool
    negates: str
    excludes_others: bool

    @property
    def label(self) -> str:
        """The label, by which the column ``property`` of facts.csv names the property."""
        return self.words[0]

    @property
    def is_number(self) -> bool:
        """Whether the values are numbers."""
        return self.range.rpartition("#")[2] in ("integer", "decimal")


class Schema(NamedTuple):
    """The classes and properties of the ontology, by IRI."""

    classes: dict[str, Class]
    properties: dict[str, Property]

    def to_plain(self) -> dict[str, list[list[Any]]]:
        """Return the schema as plain data, which JSON can hold."""
        return {
            "classes": [list(item) for item in self.classes.values()],
            "properties": [list(item) for item in self.properties.values()],
        }

    @classmethod
    def from_plain(cls, plain: dict[str, list[list[Any]]]) -> Schema:
        """Return the schema from the plain data that :meth:`to_plain` returned."""
        classes = [Class(iri, tuple(words), tuple(parents)) for iri, words, parents in plain["classes"]]
        properties = [Property(iri, tuple(words), *rest) for iri, words, *rest in plain["properties"]]
        return cls({item.iri: item for item in classes}, {item.iri: item for item in properties})

    @property
    def minted(self) -> list[str]:
        """The local names of the classes whose things are named by them (:func:`kg.model.iris.is_minted`), sorted."""
        return sorted(name for iri in self.classes if is_minted(name := iri.removeprefix(KG)))

    @property
    def vocabularies(self) -> dict[str, str]:
        """The name of the table of each vocabulary -> the local name of the class of its things, sorted.

        Each class directly below ``skos:Concept`` has a vocabulary. So has the class of organizations, which are not
        concepts. The name of the table is the plural of the path segment of its things.

        Example:
            >>> from kg import KnowledgeGraph
            >>> [it for it in KnowledgeGraph().schema.vocabularies.items() if it[0].startswith(("cell", "sta"))]
            [('cell_sources', 'CellSource'), ('cell_types', 'CellType'), ('statuses', 'TrialStatus')]
        """
        names = [name for name in self.minted if _CONCEPT in self.classes[KG + name].parents or name in _NO_CONCEPTS]
        return dict(sorted((_plural(segment(name)).replace("-", "_"), name) for name in names))

    def ancestors(self, iri: str) -> set[str]:
        """Return a class and every class above it."""
        return closure(iri, lambda it: self.classes[it].parents if it in self.classes else ())


def _plural(word: str) -> str:
    """Return the plural of a word.

    Example:
        >>> [_plural(word) for word in ("vector", "registry", "status")]
        ['vectors', 'registries', 'statuses']
    """
    return f"{word[:-1]}ies" if word.endswith("y") else f"{word}es" if word.endswith("s") else f"{word}s"


def closure(start: str, above: Callable[[str], Iterable[str]]) -> set[str]:
    """Return an IRI and all IRIs above it.

    Args:
        start: the IRI to begin with.
        above: a function that returns the IRIs directly above an IRI.
    """
    found: set[str] = set()
    todo = [start]
    while todo:
        current = todo.pop()
        if current not in found:
            found.add(current)
            todo += above(current)
    return found


def has_names(triple: Triple) -> bool:
    """Say whether neither end of a triple is a blank node; axioms with lists have some, so datasets leave them out."""
    return not {type(triple.subject), type(triple.object)} & {BlankNode}


def read_schema(triples: Iterable[Triple]) -> Schema:
    """Return the schema that the triples of an ontology describe.

    Args:
        triples: the ontology, or any graph that holds it.
    """
    described: dict[str, dict[str, list[str]]] = {}
    for subject, predicate, value in triples:
        described.setdefault(subject.value, {}).setdefault(predicate.value, []).append(value.value)
    schema = Schema({}, {})
    for iri, values in sorted(described.items()):
        types = values.get(_TYPE, ())
        if iri.startswith(KG) and _OWL + "Class" in types:
            parents = tuple(sorted(values.get(_RDFS + "subClassOf", ())))
            schema.classes[iri] = Class(iri, _words(values), parents)
        elif iri.startswith(KG) and {_OWL + "ObjectProperty", _OWL + "DatatypeProperty"} & set(types):
            schema.properties[iri] = _property(iri, values)
    return schema


def _words(values: dict[str, list[str]]) -> tuple[str, ...]:
    inverse = values.get(KG + "inverseLabel", ())
    others = [*values.get(_SKOS + "altLabel", ()), *values.get(_SKOS + "hiddenLabel", ())]
    return (*values[_RDFS + "label"], *inverse, *sorted(others))


def _property(iri: str, values: dict[str, list[str]]) -> Property:
    (domain,), (range_,) = values.get(_RDFS + "domain", [THING]), values.get(_RDFS + "range", [THING])
    return Property(
        iri,
        _words(values),
        domain,
        range_,
        is_literal=_OWL + "DatatypeProperty" in values[_TYPE],
        negates=next(iter(values.get(KG + "negates", ())), ""),
        excludes_others=values.get(KG + "excludesOthers") == ["true"],
    )
