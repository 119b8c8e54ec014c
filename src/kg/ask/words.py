"""From a question to mentions: the longest names of things, classes and properties in it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from kg.lexicon import fold, words

if TYPE_CHECKING:
    from kg.lexicon import Entry, Lexicon
    from kg.schema import Class, Property, Schema

__all__ = ["Meaning", "Mention", "Vocabulary", "Word", "split"]

# words that hold a sentence together and change nothing in what is asked
_CONNECTORS = frozenset(
    """a an the of for in on at by with from to into as and that which what who whom whose where
    both is are was were be been being do does did has have had having there it its their they them these this those
    all list show give tell find name me us please also currently so far use uses used using
    get gets run runs make made can could will would i we you about""".split()
)


class Word(NamedTuple):
    """A word of a question: as written, and as it is looked up."""

    text: str
    stem: str


class Meaning(NamedTuple):
    """What a phrase can mean."""

    things: list[Entry]
    classes: list[str]
    properties: list[str]


class Mention(NamedTuple):
    """A phrase of a question and what it can mean."""

    text: str
    start: int
    length: int
    meaning: Meaning

    @property
    def end(self) -> int:
        """The place after its last word."""
        return self.start + self.length


@cache
def stem(word: str) -> str:
    """Return a word without the endings that do not tell meanings apart.

    Example:
        >>> stem("carrying") == stem("carries") == stem("carry"), stem("trials"), stem("cd38"), stem("is")
        (True, 'trial', 'cd38', 'is')
    """
    if len(word) <= 3 or not word.isalpha():
        return word
    if word.endswith("ss"):
        return word
    for ending, instead in (("ies", "y"), ("ied", "y"), ("ing", ""), ("ed", ""), ("es", ""), ("s", ""), ("e", "")):
        if word.endswith(ending) and len(word) - len(ending) >= 2:
            return word.removesuffix(ending) + instead
    return word


def split(text: str) -> list[Word]:
    """Return the words of a text."""
    return [Word(word, stem(word.casefold())) for word in words(text)]


def _is_connector(part: list[Word]) -> bool:
    """Say whether words hold the sentence together; in capitals, ALL is a leukemia."""
    text = part[0].text
    return len(part) == 1 and text.casefold() in _CONNECTORS and not (len(text) > 1 and text.isupper())


def _terms(schema: Schema) -> list[Class | Property]:
    return [*schema.classes.values(), *schema.properties.values()]


class Vocabulary:
    """Every phrase that means something in a graph.

    Attributes:
        names: the phrases as they are written, for the nearest of an unknown word.
    """

    def __init__(self, lexicon: Lexicon, schema: Schema) -> None:
        self._meanings: dict[tuple[str, ...], Meaning] = {}
        self._longest: dict[str, int] = {}
        self.names = [*lexicon.names, *(word for term in _terms(schema) for word in term.words)]
        for name, entries in lexicon.entries.items():
            self._add(name).things.extend(entries)
        for class_ in schema.classes.values():
            for phrase in class_.words:
                self._add(fold(phrase)).classes.append(class_.iri)
        for property_ in schema.properties.values():
            for phrase in property_.words:
                self._add(fold(phrase)).properties.append(property_.iri)

    def _add(self, phrase: str) -> Meaning:
        key = tuple(map(stem, phrase.split(" ")))
        first = key[0]
        self._longest[first] = max(self._longest.get(first, 0), len(key))
        return self._meanings.setdefault(key, Meaning([], [], []))

    def mentions(self, question: list[Word]) -> tuple[list[Mention], list[int]]:
        """Return the longest mentions from the left, and the places of words that nothing explains."""
        found, unknown, place = [], [], 0
        while place < len(question):
            for length in range(self._longest.get(question[place].stem, 0), 0, -1):
                part = question[place : place + length]
                meaning = self._meanings.get(tuple(word.stem for word in part))
                if meaning and not _is_connector(part):
                    found.append(Mention(" ".join(word.text for word in part), place, length, meaning))
                    place += length
                    break
            else:
                if not _is_connector(question[place : place + 1]):
                    unknown.append(place)
                place += 1
        return found, unknown
