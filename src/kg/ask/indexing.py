"""The statements of a dataset, gathered once: of each what it tells of, what lies a step away, and its words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kg.ask.english import stem
from kg.engines.asking import select
from kg.model.iris import KG, class_of
from kg.query.thing_names import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.engines.asking import Engine
    from kg.model.schema import Schema
    from kg.query.thing_names import Lexicon

__all__ = ["compile_statements", "marked"]

_RECORDS = """
PREFIX kg: <https://w3id.org/immunokg/ontology/>
SELECT ?record ?property ?value
WHERE {
  VALUES ?kind { kg:Finding kg:Administration kg:RegulatoryEvent }
  ?record a ?kind ; ?property ?value .
}
"""
_TRIPLES = """
SELECT ?subject ?property ?value
WHERE { VALUES ?property { %s } ?subject ?property ?value }
"""
_BROADER = "SELECT ?narrow ?broad WHERE { ?narrow <http://www.w3.org/2004/02/skos/core#broader> ?broad }"
_ASIDE = {
    KG + name for name in ("hasEvidence", "standing", "assertion", "partOfConflict", "listedAt", "hasGeneratedLabel")
}
# what tells more of a thing, a step away: of an arm its trial, of a trial its product, and so on
_CONTEXT = {
    KG + name
    for name in (
        *("partOfArm", "ofTrial", "hasPatientsWith", "armDefinition", "population"),
        *(
            "investigates",
            "combinesWith",
            "hasSponsor",
            "studiesTarget",
            "studiesDisease",
            "usesCellSource",
            "hasPhase",
        ),
        *("hasProductKind", "developedBy", "hasTarget", "derivedFrom", "carriesModification", "developedFor"),
        *("sameProductAs", "hasPart", "hasDesign", "ledBy", "supportedBy", "expressedOn", "moleculeFunction"),
    )
}
_STEPS = 3  # from an arm to its trial, its product, and what that product is


def compile_statements(engine: Engine, lexicon: Lexicon, schema: Schema) -> dict[str, Any]:
    """Return the statements of a dataset as plain data, which can be kept as JSON.

    Args:
        engine: the dataset.
        lexicon: the names of its things.
        schema: its ontology.

    Returns:
        ``things``: IRIs, by number; ``statements``: for each the IRI of its record, or its subject, property and
        value; the numbers of the things that it tells of; those of the things a step away; the stems of its words,
        and of the words a step away.
    """
    return _Indexer(engine, lexicon, schema).compiled()


def marked(property_iri: str, text: str) -> str:
    """Return the word that says that a statement has just this value of a property.

    Example:
        >>> marked("https://w3id.org/immunokg/ontology/grade", "4")
        '=grade=4'
    """
    return f"={property_iri.removeprefix(KG)}={text}"


class _Indexer:
    def __init__(self, engine: Engine, lexicon: Lexicon, schema: Schema) -> None:
        self.lexicon, self.schema = lexicon, schema
        self.broader: dict[str, set[str]] = {}
        for narrow, broad in select(engine, _BROADER):
            self.broader.setdefault(narrow.value, set()).add(broad.value)
        for narrow in self.broader:
            self.broader[narrow] = self._above(narrow)
        self.records: dict[str, list[tuple[str, Any]]] = {}
        for record, property_, value in select(engine, _RECORDS):
            if property_.value.startswith(KG) and property_.value not in _ASIDE:
                self.records.setdefault(record.value, []).append((property_.value, value))
        properties = " ".join(f"<{iri}>" for iri in schema.properties if iri not in _ASIDE)
        self.triples = [
            (subject.value, property_.value, value)
            for subject, property_, value in select(engine, _TRIPLES % properties)
            if subject.value not in self.records
            and class_of(subject.value) not in ("", KG + "Evidence", KG + "Conflict")
        ]
        self.beside: dict[str, list[Any]] = {}
        self.binders: dict[str, set[str]] = {}  # a product aimed at HER2 is one of a HER2 CAR
        for subject, property_, value in self.triples:
            if property_ == KG + "binds":
                self.binders.setdefault(value.value, set()).add(subject)
            if property_ in _CONTEXT:
                self.beside.setdefault(subject, []).append(value)
        self.numbers: dict[str, int] = {}
        self._around: dict[str, tuple[set[str], set[str]]] = {}

    def compiled(self) -> dict[str, Any]:
        """Return the statements as plain data."""
        found = []
        for record, values in sorted(self.records.items()):
            things = [value.value for _, value in values if class_of(value.value)]
            words = self._words(value.value for _, value in values if not class_of(value.value))
            words |= {f"={iri.removeprefix(KG)}" for iri, _ in values}
            words |= {marked(iri, value.value) for iri, value in values if not class_of(value.value)}
            found.append(self._entry([record], things, words, things))
        for subject, property_, value in sorted(self.triples, key=lambda triple: (*triple[:2], str(triple[2]))):
            things = [subject, *([value.value] if class_of(value.value) else [])]
            words = self._words([value.value]) if not class_of(value.value) else set()
            words |= {f"={property_.removeprefix(KG)}", *self._words(self.schema.properties[property_].words)}
            found.append(self._entry([subject, property_, str(value)], things, words, [subject]))
        return {"things": list(self.numbers), "statements": found}

    def _above(self, term: str) -> set[str]:
        """Return all terms that are broader than one."""
        found: set[str] = set()
        new = set(self.broader.get(term, ()))
        while new:
            found |= new
            new = {broad for it in new for broad in self.broader.get(it, ())} - found
        return found

    def _entry(self, key: list[str], things: list[str], words: set[str], owners: list[str]) -> list[Any]:
        near: set[str] = set()
        said: set[str] = set()
        for owner in owners:
            more, other = self._context(owner)
            near |= more
            said |= other
        direct = {broad for thing in things for broad in (thing, *self.broader.get(thing, ()))}
        words = words | self._words(self.lexicon.label(thing) for thing in things)
        return [key, self._numbers(direct), self._numbers(near - direct), sorted(words), sorted(said - words)]

    def _context(self, thing: str, steps: int = _STEPS) -> tuple[set[str], set[str]]:
        """Return the things and the words that lie a step away from one, or a few from an arm or a trial."""
        if thing in self._around and steps == _STEPS:
            return self._around[thing]
        things: set[str] = set()
        words: set[str] = set()
        for value in self.beside.get(thing, ()) if steps else ():
            if not class_of(value.value):
                words |= self._words([value.value])
                continue
            things |= {value.value, *self.broader.get(value.value, ()), *self.binders.get(value.value, ())}
            words |= self._words([self.lexicon.label(value.value)])
            more, said = self._context(value.value, steps - 1)
            things |= more
            words |= said
        if steps == _STEPS:
            self._around[thing] = things, words
        return things, words

    def _numbers(self, things: Iterable[str]) -> list[int]:
        return sorted(self.numbers.setdefault(thing, len(self.numbers)) for thing in sorted(things))

    @staticmethod
    def _words(texts: Iterable[str]) -> set[str]:
        return {stem(word) for text in texts for word in fold(text).split(" ") if word}
