"""The phrases of a dataset, gathered once: names, terms, values, everyday words and the words of its texts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from kg.ask.english import read_english, stem
from kg.ask.vocabulary import begins_with, key_of
from kg.engines.asking import select
from kg.model.iris import BASE, KG, PREFIXES, class_of
from kg.model.schema import THING
from kg.paths import data_folder
from kg.query.thing_names import Entry, fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kg.engines.asking import Engine
    from kg.model.schema import Class, Property, Schema
    from kg.query.thing_names import Lexicon

__all__ = ["compile_words"]

_NAMES = PREFIXES["rdfs"] + "label", PREFIXES["skos"] + "altLabel"
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
SELECT DISTINCT ?property ?segment
WHERE {
  VALUES ?property { %s }
  ?thing ?property ?end .
  BIND(STRBEFORE(STRAFTER(STR(?end), "https://w3id.org/immunokg/"), "/") AS ?segment)
}
"""
_LISTED = """
SELECT DISTINCT ?property WHERE { ?property <https://w3id.org/immunokg/ontology/listedInFull> ?document }
"""
_BROAD = "SELECT DISTINCT ?broad WHERE { ?narrow <http://www.w3.org/2004/02/skos/core#broader> ?broad }"
# what is said of evidence and curation is not said of the field
_NOT_TEXT = {KG + name for name in ("section", "locator", "sha256", "hasGeneratedLabel", "assertion", "standing")}
# values that are said beside a figure, and are no kinds of their own
_NOT_VALUES = {
    KG + name for name in "unit qualifier population method comparator pValue timePoint schedule dateMeaning".split()
}
_MOST_VALUES, _LONGEST_VALUE, _SHORTEST_ALIAS, _FEW = 40, 3, 4, 5
_GROWTHS = frozenset("cancer carcinoma tumor sarcoma".split())


def compile_words(engine: Engine, lexicon: Lexicon, schema: Schema) -> dict[str, Any]:
    """Return the vocabulary of a dataset as plain data, which can be kept as JSON.

    Args:
        engine: the dataset.
        lexicon: the names of its things.
        schema: its ontology.
    """
    roles = read_english(data_folder("ontology"))
    return _Gatherer(lexicon, schema, _values(engine, schema), roles).compiled() | {
        "ends": _ends(engine, schema),
        "rare": sorted(row[0].value for row in select(engine, _RARE % _FEW) if row[0].value in schema.properties),
        "listed": sorted(row[0].value for row in select(engine, _LISTED)),
        "broad": sorted(row[0].value for row in select(engine, _BROAD)),
    }


class _Gatherer:
    """Gathers the phrases of a dataset and the words of its texts."""

    def __init__(
        self,
        lexicon: Lexicon,
        schema: Schema,
        values: dict[str, set[tuple[str, str]]],
        roles: dict[str, list[tuple[str, str]]],
    ) -> None:
        self.lexicon, self.schema, self.roles = lexicon, schema, roles
        self.phrases: dict[str, list[list[Any]]] = {}
        self.texts: dict[str, set[tuple[str, str]]] = {}
        self.things: dict[Entry, int] = {}
        texts = (text for found in values.values() for _, text in found)
        self.everyday = {value.casefold() for does in roles.values() for role, value in does if role == "means"}
        self.common = {word for text in texts for word in re.findall(r"(?<![\w-])[a-z]+", text)}
        self._add_things()
        for kind, terms in ((1, schema.classes), (2, schema.properties)):
            for iri, term in terms.items():
                for phrase in term.words:
                    self._add(phrase, kind, iri)
        for property_iri, found in values.items():
            self._add_values(property_iri, found)
        self._add_everyday_words()

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
        for alias, entry in self._aliases(names):
            if key_of(alias) not in self.phrases:
                self._add(alias, 0, self.things[entry])
        for entry, others in names.items():
            for property_iri, text in [(_NAMES[0], entry.label), *((_NAMES[1], name) for name in others)]:
                for word in fold(text).split(" "):
                    self.texts.setdefault(stem(word), set()).add((entry.class_iri, property_iri))

    def _aliases(self, names: dict[Entry, list[str]]) -> Iterator[tuple[str, Entry]]:
        """Yield short names: one word that only one organization or product has, or the organ of a cancer."""
        owners: dict[str, set[Entry]] = {}
        for entry, spelled in names.items():
            if entry.class_iri in (KG + "Organization", KG + "Product"):
                for word in {word for name in spelled for word in name.split(" ")}:
                    owners.setdefault(word, set()).add(entry)
        for word, entries in owners.items():
            makers = {entry for entry in entries if entry.class_iri == KG + "Organization"}
            known = makers if len(makers) == 1 else entries  # a product can have the word from its maker
            is_name = len(word) > _SHORTEST_ALIAS and word.isalpha() and word.casefold() not in self.roles
            is_name = is_name and word.casefold() not in self.common and word.casefold() not in self.everyday
            if len(known) == 1 and is_name:
                yield word, next(iter(known))
        for entry, spelled in names.items():  # "ovarian" for ovarian cancer
            for word, *rest in (fold(name).split(" ") for name in spelled):
                is_organ = entry.class_iri == KG + "Disease" and len(rest) == 1 and rest[0] in _GROWTHS
                if is_organ and word.isalpha() and len(word) >= _SHORTEST_ALIAS and word not in self.roles:
                    yield word, entry

    def _add_values(self, property_iri: str, found: set[tuple[str, str]]) -> None:
        is_term = property_iri not in _NOT_VALUES and len({text for _, text in found}) <= _MOST_VALUES
        label = self.schema.properties[property_iri].label
        for class_iri, text in found:
            if is_term and len(text.split()) <= _LONGEST_VALUE:
                is_closed = all(word in self.roles for word in fold(text).split(" "))
                names = [] if text[:1].isdigit() or text[:1] == ">" or is_closed else [text]
                for name in (*names, f"{label} {text}"):
                    self._add(name, 3, [property_iri, text])
                for phrase, does in self.roles.items():
                    if ("means", text) in does and property_iri not in _NOT_VALUES:
                        self._add(phrase, 3, [property_iri, text])
            for word in {stem(word) for word in fold(text).split(" ")}:
                self.texts.setdefault(word, set()).add((class_iri, property_iri))

    def _add_everyday_words(self) -> None:
        """Give everyday words the meaning of the field's: of a name, or else of a word in texts."""
        for phrase, does in self.roles.items():
            for role, value in does:
                if role == "means" and key_of(value) in self.phrases:
                    meanings = self.phrases.setdefault(key_of(phrase), [[], [], [], []])
                    for kind, items in enumerate(self.phrases[key_of(value)]):
                        meanings[kind] += [item for item in items if item not in meanings[kind]]
                elif role == "means" and " " not in phrase:
                    self.texts.setdefault(stem(phrase), set()).update(self.texts.get(stem(value), ()))

    def compiled(self) -> dict[str, Any]:
        """Return what was gathered as plain data."""
        longest: dict[str, int] = {}
        for key in self.phrases:
            first = begins_with(key.split(" ")[0])
            longest[first] = max(longest.get(first, 0), len(re.findall(r"(?<=[a-z])(?=\d)| ", key)) + 1)
        places = sorted({place for where in self.texts.values() for place in where})
        numbers = {place: number for number, place in enumerate(places)}
        terms: list[Class | Property] = [*self.schema.classes.values(), *self.schema.properties.values()]
        roles = {phrase: [item for item in does if item[0] not in _NOT_ROLES] for phrase, does in self.roles.items()}
        means = {phrase: value for phrase, does in self.roles.items() for role, value in does if role == "means"}
        same: dict[str, list[str]] = {}
        for phrase, does in self.roles.items():
            for role, value in does:
                if role == "same":
                    same.setdefault(value, []).append(stem(phrase))
        return {
            "same": {word: words for words in same.values() for word in words},
            "schema": self.schema.to_plain(),
            "things": [list(entry) for entry in self.things],
            "phrases": self.phrases,
            "places": places,
            "texts": {word: sorted(map(numbers.__getitem__, where)) for word, where in self.texts.items()},
            "longest": longest,
            "roles": {phrase: does for phrase, does in roles.items() if does},
            "synonyms": {
                stem(phrase): stem(value) for phrase, value in means.items() if key_of(value) not in self.phrases
            },
            "names": [*self.lexicon.names, *(word for term in terms for word in term.words)],
        }


_NOT_ROLES = ("means", "same")  # these are in the phrases


def _values(engine: Engine, schema: Schema) -> dict[str, set[tuple[str, str]]]:
    """Return the texts of the literal properties, with the classes of the things that have them."""
    literal = [iri for iri, property_ in schema.properties.items() if property_.is_literal and iri not in _NOT_TEXT]
    found: dict[str, set[tuple[str, str]]] = {}
    for segment, property_iri, text in select(engine, _LITERALS % _iris(literal)):
        class_iri = class_of(f"{BASE}{segment.value}/")
        if class_iri and segment.value not in ("conflict", "evidence"):
            found.setdefault(property_iri.value, set()).add((class_iri, text.value))
    return found


def _ends(engine: Engine, schema: Schema) -> dict[str, list[str]]:
    loose = [iri for iri, property_ in schema.properties.items() if property_.range == THING]
    found: dict[str, list[str]] = {iri: [] for iri in loose}
    for property_iri, segment in select(engine, _ENDS % _iris(loose)):
        if class_iri := class_of(f"{BASE}{segment.value}/"):
            found[property_iri.value].append(class_iri)
    return {iri: sorted(classes) for iri, classes in found.items()}


def _iris(iris: Iterable[str]) -> str:
    return " ".join(f"<{iri}>" for iri in iris)
