"""Every phrase that means something in a graph, as it was gathered once from the graph and its ontology."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from kg.ask.english import stem
from kg.model.schema import Schema
from kg.query.thing_names import Entry, fold

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Meaning", "Vocabulary", "begins_with", "joined", "key_of"]


class Meaning(NamedTuple):
    """What a phrase can mean.

    Attributes:
        things: the things that it names.
        classes: the classes, by IRI.
        properties: the properties, by IRI.
        values: literal properties with the value of theirs that it is.
    """

    things: tuple[Entry, ...] = ()
    classes: tuple[str, ...] = ()
    properties: tuple[str, ...] = ()
    values: tuple[tuple[str, str], ...] = ()


def joined(stems: Iterable[str]) -> str:
    """Return words as one key, in which IL-15, IL 15 and IL15 are one."""
    return re.sub(r"(?<=[a-z]) (?=\d)", "", " ".join(stems))


def key_of(phrase: str) -> str:
    """Return a phrase as it is looked up."""
    return joined(map(stem, fold(phrase).split(" ")))


def begins_with(word: str) -> str:
    """Return the letters that a word begins with, or all of it: the same for IL15 and for IL of IL-15."""
    match = re.match(r"[a-z]*", word)
    return match[0] if match and match[0] else word


class Vocabulary:
    """The words of a graph.

    Attributes:
        schema: the ontology.
        rare: properties that are stated of few things.
        ends: for each property whose range is any thing, the classes that it leads to.
        listed: the properties that a document lists in full, for the trials of its tables.
        broad: the terms that have narrower ones.
        roles: what the closed words of English do.
        names: every name, as it is written.
        longest: how many words the longest phrase has that begins with these letters.
    """

    def __init__(self, compiled: dict[str, Any]) -> None:
        """Take what :func:`kg.ask.gathering.compile_words` gives."""
        self.schema = Schema.from_plain(compiled["schema"])
        self.ends: dict[str, list[str]] = compiled["ends"]
        self.rare = frozenset(compiled["rare"])
        self.listed = frozenset(compiled["listed"])
        self.broad = frozenset(compiled["broad"])
        self.roles: dict[str, list[tuple[str, str]]] = compiled["roles"]
        self.names: list[str] = compiled["names"]
        self.longest: dict[str, int] = compiled["longest"]
        self.synonyms: dict[str, str] = compiled["synonyms"]
        self.same: dict[str, list[str]] = compiled["same"]
        self._things: list[list[str]] = compiled["things"]
        self._phrases: dict[str, list[list[Any]]] = compiled["phrases"]
        self._places: list[list[str]] = compiled["places"]
        self._texts: dict[str, list[int]] = compiled["texts"]

    def __contains__(self, key: str) -> bool:
        """Say whether a key, as :func:`key_of` makes it, means anything."""
        return key in self._phrases

    def meaning(self, key: str) -> Meaning:
        """Return what a key can mean."""
        things, classes, properties, values = self._phrases[key]
        entries = tuple(Entry(*self._things[number]) for number in things)
        return Meaning(entries, tuple(classes), tuple(properties), tuple((name, value) for name, value in values))

    def named(self, phrase: str) -> tuple[Entry, ...]:
        """Return the things that a phrase names."""
        key = key_of(phrase)
        return self.meaning(key).things if key in self else ()

    def texts_with(self, word: str) -> list[tuple[str, str]]:
        """Return the classes and their literal properties whose texts have a word."""
        places = (self._places[number] for number in self._texts.get(stem(word.casefold()), ()))
        return [(class_iri, property_iri) for class_iri, property_iri in places]

    @cached_property
    def numbered(self) -> frozenset[str]:
        """The words that are a name with one number or another, such as "phase"."""
        return frozenset(match[1] for key in self._phrases if (match := re.fullmatch(r"([a-z]+)\d+", key)))

    @cached_property
    def aspects(self) -> dict[str, Entry]:
        """What a trial can leave undisclosed, by the class of what is then not known."""
        found = [Entry(*thing) for thing in self._things if thing[2].endswith("/Aspect")]
        classes = {word: iri for iri, class_ in self.schema.classes.items() for word in class_.words}
        return {classes[entry.label]: entry for entry in found if entry.label in classes}
