"""The last resort of a question: what the graph tells where all that is mentioned meets, however it is joined.

A reading joins what is mentioned along the properties that the question names or
that are shortest. Where none does, a record or thing is still an answer if all
that is mentioned stands in it or in what it leads to: "how were HER2 cells given in
glioblastoma" finds the dose of a product against HER2 in an arm of a trial of
glioblastoma. Nothing that is mentioned may be missing, and what would fit too much
is no answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.ask.english import LIGHT, ORDINALS, SORTS
from kg.ask.joins import ADMINISTRATION, EVENT, FINDING, PRODUCT, RECORDS, TRIAL, Joins, Mentioned
from kg.ask.meaning import Condition, Constraint, Reading
from kg.ask.words import NAMES
from kg.model.iris import KG, named_class

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.ask.joins import Path
    from kg.ask.words import Token, Vocabulary
    from kg.query.thing_names import Entry

__all__ = ["MOST_RECALLED", "recall"]

MOST_RECALLED = 12
# of these a record has one, so that several are alternatives
_ALTERNATIVES = {KG + "Measure", KG + "AdverseEvent"}
_HEADS = {TRIAL, PRODUCT}
# these can be said in a text instead of being linked
_SAYABLE = {KG + name for name in ("CellType", "Disease", "Measure", "RegulatoryEventKind")}
_PLAIN = {"which", "count", "and", "patients", "when", "greater", "less", "at most", "at least"}


def recall(vocabulary: Vocabulary, tokens: list[Token], notes: list[str]) -> Iterator[Reading]:
    """Yield the readings that only ask for all that is mentioned, records first unless things are asked for.

    Args:
        vocabulary: the phrases that mean something.
        tokens: the parts of a question.
        notes: what was decided about them.
    """
    if any(token.kind == "operator" and token.value not in _PLAIN for token in tokens):
        return
    if any(token.kind == "number" or token.text.casefold() in SORTS | ORDINALS for token in tokens):
        return
    head = next((token for token in tokens if token.meaning and token.meaning.classes), None)
    head_classes = [named_class(iri) for iri in head.meaning.classes] if head and head.meaning else []
    things = _things(tokens)
    if not things:
        return
    texts = [token.text for token in tokens if token.kind == "text"]
    yield from _said_of_itself(vocabulary, things, texts, notes)
    if not head_classes:
        yield from _named_so(vocabulary, things, texts, notes)
    asks_patients = any(token.value == "patients" for token in tokens)
    counts = any(token.kind == "operator" and token.value in ("count", "patients") for token in tokens)
    named_classes = {entry.class_iri for item in things for entry in item}  # a thing that is named meets itself
    hubs = [iri for iri in head_classes if iri in _HEADS - named_classes and not asks_patients]
    if not (hubs or counts):
        hubs = _records(vocabulary, tokens, head_classes)
    named = [token for token in tokens if token.meaning]
    words = [(token.text, ", ".join(entry.label for entry in token.meaning.things)) for token in named if token.meaning]
    said = [(item, _said(item)) for item in things]
    reading = Reading(vocabulary.schema, "", "", [], reached=said, counts=counts, words=words, notes=notes)
    for hub in hubs:
        values = [Condition([()], [iri], "=", [text]) for iri, text in _values(tokens) if _has(vocabulary, hub, iri)]
        if len(values) < len(_values(tokens)):
            continue
        more = [
            _said_of(vocabulary, token) for token in tokens if token is not head and _is_word(vocabulary, token, hub)
        ]
        met = [*reading.reached, *(([], said) for said in more)]
        of_hub = reading._replace(wanted=hub, hub=hub, texts=texts, reached=met)
        yield of_hub._replace(conditions=values)
        if values and hub in RECORDS:
            yield of_hub
    if counts and TRIAL in hubs:  # how many trials do so can be told in a sentence, while the trials are not named
        number = [entry for entry in vocabulary.named("number of trials") if entry.class_iri == KG + "Measure"]
        yield reading._replace(wanted=FINDING, hub=FINDING, counts=False, reached=[*reading.reached, (number, [])])


def _things(tokens: list[Token]) -> list[list[Entry]]:
    """Return what is named, alternatives together."""
    found: list[list[Entry]] = []
    either: list[Entry] = []
    for token in tokens:
        if token.meaning and token.meaning.things and not token.meaning.classes:
            if {entry.class_iri for entry in token.meaning.things} & _ALTERNATIVES:
                either += token.meaning.things
            else:
                found.append(token.meaning.things)
    return [*found, either] if either else found


def _said(things: list[Entry]) -> list[list[str]]:
    """Return the words that say a thing in a text, where it can be said so."""
    if len(things) > 1:
        return []
    label = things[0].label
    is_plain = label.islower() and not any(map(str.isdigit, label))  # a name is another thing wherever it stands
    return [label.split(" ")] if things[0].class_iri in _SAYABLE or is_plain else []


def _said_of(vocabulary: Vocabulary, token: Token) -> list[list[str]]:
    """Return the words that say in a text what a property says: its mention, or its label without "has"."""
    assert token.meaning
    labels = [vocabulary.schema.properties[iri].label.removeprefix("has ") for iri in token.meaning.properties]
    return [[token.text], *(label.split(" ") for label in labels)]


def _values(tokens: list[Token]) -> list[tuple[str, str]]:
    """Return the literal values that are mentioned, each with its property."""
    return [value for token in tokens if token.meaning and not token.meaning.things for value in token.meaning.values]


def _is_word(vocabulary: Vocabulary, token: Token, hub: str) -> bool:
    """Say whether a property is mentioned that the things at a hub lack, so that a text must have the word."""
    if not token.meaning or token.meaning.things or token.text.casefold() in LIGHT:
        return False
    return bool(token.meaning.properties) and not any(_has(vocabulary, hub, iri) for iri in token.meaning.properties)


def _said_of_itself(
    vocabulary: Vocabulary, things: list[list[Entry]], texts: list[str], notes: list[str]
) -> Iterator[Reading]:
    """Yield what a text says of the one thing that is named, with all the words."""
    if len(things) != 1 or not texts:
        return
    for entry in things[0]:
        places = [set(vocabulary.texts_with(word)) for word in texts]
        for class_iri, iri in sorted(set.intersection(*places)):
            if class_iri == entry.class_iri and iri not in NAMES:
                conditions = [Condition([()], [iri], "has word", word) for word in texts]
                yield Reading(
                    vocabulary.schema, class_iri, class_iri, [], entry, iri, conditions=conditions,
                    words=[(word, "a word of texts") for word in texts], notes=notes,
                )  # fmt: skip


def _named_so(
    vocabulary: Vocabulary, things: list[list[Entry]], texts: list[str], notes: list[str]
) -> Iterator[Reading]:
    """Yield what a thing that is named has whose name has all the words, such as "costimulatory domain"."""
    if not texts:
        return
    places = [{class_iri for class_iri, iri in vocabulary.texts_with(word) if iri in NAMES} for word in texts]
    joins = Joins(vocabulary, Mentioned([], [], []))
    for owners in things:
        rest = [other for other in things if other != owners]
        for owner in owners:
            for class_iri in sorted(set.intersection(*places)):
                paths: list[Path] = [path for path in joins.between(class_iri, owner.class_iri) if len(path) == 1]
                if class_iri in RECORDS or class_iri == owner.class_iri or not paths:
                    continue
                reading = Reading(
                    vocabulary.schema, class_iri, class_iri, [], constraints=[Constraint(paths, [owner])],
                    conditions=[Condition([()], list(NAMES), "has word", word) for word in texts],
                    beside=[(owner, other) for other in rest], notes=notes,
                )  # fmt: skip
                yield reading
                if rest:
                    left = ", ".join(repr(other[0].label) for other in rest)
                    yield reading._replace(beside=[], notes=[*notes, f"I left out {left}"])


def _records(vocabulary: Vocabulary, tokens: list[Token], classes: list[str]) -> list[str]:
    """Return the classes of records that can answer, what the question mentions first; none if things are asked for."""
    if classes:
        return [iri for iri in classes if iri in RECORDS]
    properties = vocabulary.schema.properties
    mentioned = [iri for token in tokens if token.meaning for iri in token.meaning.properties]
    domains = {named_class(properties[iri].domain) for iri in mentioned if iri in properties}
    return sorted((FINDING, ADMINISTRATION, EVENT), key=lambda hub: hub not in domains)


def _has(vocabulary: Vocabulary, hub: str, iri: str) -> bool:
    property_ = vocabulary.schema.properties.get(iri)
    domains = (hub, KG + "Observation") if hub in RECORDS else (hub,)
    return property_ is not None and named_class(property_.domain) in domains
