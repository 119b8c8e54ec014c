"""The words of a dataset, gathered once: phrases with what they can mean, and the words of its texts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from kg.ask.english import CONNECTORS, ORDINALS, VALUES
from kg.ask.words import COMMON, NAMES, SHORTEST_ALIAS, begins_with, key_of, stem
from kg.engines.asking import select
from kg.model.iris import BASE, KG, class_of
from kg.model.schema import THING
from kg.query.thing_names import Entry, fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pyoxigraph import Store

    from kg.model.schema import Class, Property, Schema
    from kg.query.thing_names import Lexicon

__all__ = ["compile_words"]

_LITERALS = """
PREFIX kg: <https://w3id.org/immunokg/ontology/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
SELECT DISTINCT ?segment ?property ?text
WHERE {
  VALUES ?property { %s }
  ?thing ?property ?text .
  FILTER (DATATYPE(?text) = xsd:string)
  BIND(STRBEFORE(STRAFTER(STR(?thing), "https://w3id.org/immunokg/"), "/") AS ?segment)
}
"""
_RARE = """
SELECT ?property
WHERE {
  { SELECT ?property (COUNT(*) AS ?number) WHERE { ?thing ?property ?end } GROUP BY ?property }
  FILTER (?number < %d)
}
"""
_ENDS = """
PREFIX kg: <https://w3id.org/immunokg/ontology/>
SELECT DISTINCT ?property ?segment
WHERE {
  VALUES ?property { %s }
  ?thing ?property ?end .
  BIND(STRBEFORE(STRAFTER(STR(?end), "https://w3id.org/immunokg/"), "/") AS ?segment)
}
"""
# what is said of evidence and curation is not said of the field
_NOT_TEXT = {KG + name for name in ("section", "locator", "sha256", "hasGeneratedLabel", "assertion", "standing")}
# values that are said beside a figure, and are no kinds of their own
_NOT_VALUES = {
    KG + name
    for name in (
        "unit",
        "qualifier",
        "population",
        "method",
        "comparator",
        "pValue",
        "timePoint",
        "schedule",
        "dateMeaning",
    )
}
_MOST_VALUES, _LONGEST_VALUE = 40, 3
_FEW = 5


def compile_words(store: Store, lexicon: Lexicon, schema: Schema) -> dict[str, Any]:
    """Return the vocabulary of a dataset as plain data, which can be kept as JSON.

    Args:
        store: the dataset.
        lexicon: the names of its things.
        schema: its ontology.
    """
    return _Compiler(lexicon, schema, _values(store, schema)).compiled() | {
        "ends": _ends(store, schema),
        "rare": sorted(row[0].value for row in select(store, _RARE % _FEW) if row[0].value in schema.properties),
    }


class _Compiler:
    """Gathers the phrases of a dataset and the words of its texts."""

    def __init__(self, lexicon: Lexicon, schema: Schema, values: dict[str, set[tuple[str, str]]]) -> None:
        self.lexicon, self.schema = lexicon, schema
        self.phrases: dict[str, list[list[Any]]] = {}
        self.texts: dict[str, set[tuple[str, str]]] = {}
        self.common: dict[str, int] = {}
        self.things: dict[Entry, int] = {}
        self._add_things()
        self._add_terms()
        for property_iri, found in values.items():
            self._add_values(property_iri, found)

    def _add(self, phrase: str, kind: int, item: Any) -> None:
        """Add what a phrase can mean: a thing, a class, a property or a value, by the field of :class:`Meaning`."""
        meanings = self.phrases.setdefault(key_of(phrase), [[], [], [], []])
        if item not in meanings[kind]:
            meanings[kind].append(item)

    def _add_things(self) -> None:
        names: dict[Entry, list[str]] = {}
        for name, entries in self.lexicon.entries.items():
            for entry in entries:
                names.setdefault(entry, []).append(name)
                self._add(name, 0, self.things.setdefault(entry, len(self.things)))
        for alias, entry in _aliases(names):
            if key_of(alias) not in self.phrases:
                self._add(alias, 0, self.things[entry])
        for entry, others in names.items():
            for property_iri, text in [(NAMES[0], entry.label), *((NAMES[1], name) for name in others)]:
                for word in fold(text).split(" "):
                    self.texts.setdefault(stem(word), set()).add((entry.class_iri, property_iri))

    def _add_terms(self) -> None:
        for kind, terms in ((1, self.schema.classes), (2, self.schema.properties)):
            for iri, term in terms.items():
                for phrase in term.words:
                    self._add(phrase, kind, iri)

    def _add_values(self, property_iri: str, found: set[tuple[str, str]]) -> None:
        is_term = property_iri not in _NOT_VALUES and len({text for _, text in found}) <= _MOST_VALUES
        label = self.schema.properties[property_iri].label
        for class_iri, text in found:
            if is_term and len(text.split()) <= _LONGEST_VALUE:
                names = [] if text[:1].isdigit() or text[:1] == ">" else [text]
                for name in (*names, f"{label} {text}", *VALUES.get(text, ())):
                    self._add(name, 3, [property_iri, text])
            for word in {stem(word) for word in fold(text).split(" ")}:
                self.texts.setdefault(word, set()).add((class_iri, property_iri))
                self.common[word] = self.common.get(word, 0) + 1

    def compiled(self) -> dict[str, Any]:
        """Return what was gathered as plain data."""
        longest: dict[str, int] = {}
        for key in self.phrases:
            first = begins_with(key.split(" ")[0])
            longest[first] = max(longest.get(first, 0), len(re.findall(r"(?<=[a-z])(?=\d)| ", key)) + 1)
        places = sorted({place for where in self.texts.values() for place in where})
        numbers = {place: number for number, place in enumerate(places)}
        terms: list[Class | Property] = [*self.schema.classes.values(), *self.schema.properties.values()]
        return {
            "schema": self.schema.to_plain(),
            "things": [list(entry) for entry in self.things],
            "phrases": self.phrases,
            "places": places,
            "texts": {word: sorted(map(numbers.__getitem__, where)) for word, where in self.texts.items()},
            "longest": longest,
            "common": {word: number for word, number in self.common.items() if number >= COMMON},
            "names": [*self.lexicon.names, *(word for term in terms for word in term.words)],
        }


_GROWTHS = frozenset("cancer carcinoma tumor sarcoma".split())


def _aliases(names: dict[Entry, list[str]]) -> Iterator[tuple[str, Entry]]:
    """Yield short names: one word that only one organization or product has, or the organ of a cancer."""
    owners: dict[str, set[Entry]] = {}
    for entry, spelled in names.items():
        if entry.class_iri in (KG + "Organization", KG + "Product"):
            for word in {word for name in spelled for word in name.split(" ")}:
                owners.setdefault(word, set()).add(entry)
    for word, entries in owners.items():
        makers = {entry for entry in entries if entry.class_iri == KG + "Organization"}
        known = makers if len(makers) == 1 else entries  # a product can have the word from its maker
        is_name = len(word) > SHORTEST_ALIAS and word.isalpha() and word.casefold() not in CONNECTORS | ORDINALS
        if len(known) == 1 and is_name:
            yield word, next(iter(known))
    for entry, spelled in names.items():  # "ovarian" for ovarian cancer
        for word, *rest in (fold(name).split(" ") for name in spelled):
            is_organ = entry.class_iri == KG + "Disease" and len(rest) == 1 and rest[0] in _GROWTHS and word.isalpha()
            if is_organ and len(word) >= SHORTEST_ALIAS and word not in CONNECTORS:
                yield word, entry


def _values(store: Store, schema: Schema) -> dict[str, set[tuple[str, str]]]:
    """Return the texts of the literal properties, with the classes of the things that have them."""
    literal = [iri for iri, property_ in schema.properties.items() if property_.is_literal and iri not in _NOT_TEXT]
    found: dict[str, set[tuple[str, str]]] = {}
    for segment, property_iri, text in select(store, _LITERALS % _iris(literal)):
        class_iri = class_of(f"{BASE}{segment.value}/")
        if class_iri and segment.value not in ("conflict", "evidence"):
            found.setdefault(property_iri.value, set()).add((class_iri, text.value))
    return found


def _ends(store: Store, schema: Schema) -> dict[str, list[str]]:
    loose = [iri for iri, property_ in schema.properties.items() if property_.range == THING]
    found: dict[str, list[str]] = {iri: [] for iri in loose}
    for property_iri, segment in select(store, _ENDS % _iris(loose)):
        if class_iri := class_of(f"{BASE}{segment.value}/"):
            found[property_iri.value].append(class_iri)
    return {iri: sorted(classes) for iri, classes in found.items()}


def _iris(iris: Iterable[str]) -> str:
    return " ".join(f"<{iri}>" for iri in iris)
