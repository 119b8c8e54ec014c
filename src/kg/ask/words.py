"""From a question to words and mentions: the longest names of things, classes, properties and values in it."""

from __future__ import annotations

import re
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from kg.ask.english import CONNECTORS, IDIOMS, MONTHS, NUMBERS, OPERATORS
from kg.errors import nearest
from kg.model.iris import KG, PREFIXES
from kg.model.schema import Schema
from kg.query.thing_names import Entry, fold, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = [
    "COMMON",
    "NAMES",
    "SHORTEST_ALIAS",
    "Meaning",
    "Token",
    "Vocabulary",
    "begins_with",
    "key_of",
    "letters",
    "stamp",
    "stem",
]

COMMON = 8
SHORTEST_ALIAS = 4
NAMES = PREFIXES["rdfs"] + "label", PREFIXES["skos"] + "altLabel"
_SCALES = {"thousand": 1e3, "million": 1e6, "billion": 1e9}
_SIGNS = ("\u2265", "\u2264", ">", "<")
# what a part adds: a word that only texts explain is worse than two names, one that nothing explains worse than all
_COSTS = {"mention": 1.0, "operator": 0.9, "date": 0.5, "number": 1.0, "connector": 0.95, "text": 2.5, "unknown": 10.0}


class Meaning(NamedTuple):
    """What a phrase can mean.

    Attributes:
        things: the things that it names.
        classes: the classes, by IRI.
        properties: the properties, by IRI.
        values: literal properties with the value of theirs that it is.
    """

    things: list[Entry]
    classes: list[str]
    properties: list[str]
    values: list[tuple[str, str]]


class Token(NamedTuple):
    """A part of a question.

    Attributes:
        kind: ``mention``, ``text`` (a word of the graph's texts), ``operator``,
            ``number``, ``date``, ``connector`` or ``unknown``.
        text: as it was written.
        value: what the operator does, the number, or the date as far as it is given.
        meaning: what a mention can mean.
        comma: the comma, semicolon or colon that follows, or empty.
    """

    kind: str
    text: str
    value: Any = None
    meaning: Meaning | None = None
    comma: str = ""


@cache
def stem(word: str) -> str:
    """Return a word without the endings that do not tell meanings apart.

    Example:
        >>> stem("carrying") == stem("carries") == stem("carry"), stem("trials"), stem("cd38"), stem("is")
        (True, 'trial', 'cd38', 'is')
    """
    if len(word) <= 3 or not word.isalpha() or word.endswith("ss"):
        return word
    for ending, instead in (("ies", "y"), ("ied", "y"), ("ing", ""), ("ed", ""), ("es", ""), ("s", ""), ("e", "")):
        if word.endswith(ending) and len(word) - len(ending) >= 2:
            return word.removesuffix(ending) + instead
    return word


def letters(word: str) -> str:
    """Return the stem of a word as a pattern of letters and digits alone."""
    return re.sub(r"[^a-z0-9]", ".", stem(word.casefold()))


_CLOSED = frozenset(map(stem, CONNECTORS))


class _Word(NamedTuple):
    text: str
    low: str
    stem: str
    comma: str


def _split(text: str) -> list[_Word]:
    """Return the words of a question, signs of comparison apart."""
    for sign in _SIGNS:
        text = text.replace(sign, f" {sign} ").replace("> =", ">=").replace("< =", "<=")
    text = re.sub(r"(?<=\d),(?=\d{3}\b)", "", text)
    for idiom, instead in IDIOMS.items():
        text = re.sub(rf"\b{idiom}\b", instead, text, flags=re.IGNORECASE)
    found = []
    for part in re.split(r"(?<=[,;:])", text):
        parts = words(part)
        found += [
            _word(word, comma=part[-1:] if number == len(parts) and part.endswith((",", ";", ":")) else "")
            for number, word in enumerate(parts, start=1)
        ]
    return found


def _word(text: str, *, comma: str) -> _Word:
    """Return a word as it is looked up; of an abbreviation such as DLTs the plural is left off."""
    if re.fullmatch(r"[A-Z0-9]{2,}s", text):
        text = text[:-1]
    return _Word(text, text.casefold(), stem(text.casefold()), comma)


def key_of(phrase: str) -> str:
    """Return a phrase as it is looked up."""
    return _joined(map(stem, fold(phrase).split(" ")))


def _joined(stems: Iterable[str]) -> str:
    """Return words as one key, in which IL-15, IL 15 and IL15 are one."""
    return re.sub(r"(?<=[a-z]) (?=\d)", "", " ".join(stems))


def begins_with(word: str) -> str:
    """Return the letters that a word begins with, or all of it: the same for IL15 and for IL of IL-15."""
    return re.match(r"[a-z]*", word)[0] or word  # type: ignore[index]


class Vocabulary:
    """Every phrase that means something in a graph.

    Attributes:
        schema: the ontology.
        rare: properties that are stated of few things.
        ends: for each property whose range is any thing, the classes that it leads to.
    """

    def __init__(self, compiled: dict[str, Any]) -> None:
        """Take what :func:`kg.ask.gathering.compile_words` gives."""
        self.schema = Schema.from_plain(compiled["schema"])
        self.ends: dict[str, list[str]] = compiled["ends"]
        self.rare: set[str] = set(compiled["rare"])
        self._things: list[list[str]] = compiled["things"]
        self._phrases: dict[str, list[list[Any]]] = compiled["phrases"]
        self._places: list[list[str]] = compiled["places"]
        self._texts: dict[str, list[int]] = compiled["texts"]
        self._longest: dict[str, int] = compiled["longest"]
        self._names: list[str] = compiled["names"]
        self._common: dict[str, int] = compiled["common"]

    @cached_property
    def aspects(self) -> dict[str, Entry]:
        """Return what a trial can leave undisclosed, by the class of what is then not known."""
        found = [Entry(*thing) for thing in self._things if thing[2] == KG + "Aspect"]
        classes = {word: iri for iri, class_ in self.schema.classes.items() for word in class_.words}
        return {classes[entry.label]: entry for entry in found if entry.label in classes}

    def is_common(self, word: str) -> bool:
        """Say whether a word is so common in the graph's texts that leaving it out loses little."""
        return self._common.get(stem(word.casefold()), 0) >= COMMON

    def texts_with(self, word: str) -> list[tuple[str, str]]:
        """Return the classes and their literal properties whose texts have a word."""
        places = [self._places[number] for number in self._texts.get(stem(word.casefold()), ())]
        return [(class_iri, property_iri) for class_iri, property_iri in places]

    def named(self, phrase: str) -> list[Entry]:
        """Return the things that a phrase names."""
        key = key_of(phrase)
        return self._meaning(key).things if key in self._phrases else []

    def tokens(self, question: str) -> list[Token]:
        """Return the parts of a question: of all ways to part it the one with fewest words unexplained and parts.

        So "CD19 CAR NK" is CD19 and CAR NK, not a CD19 CAR and a word left over.
        """
        parts = _split(question)
        best: list[tuple[float, list[Token]]] = [(0, [])]
        for place in range(len(parts) - 1, -1, -1):
            ways = []
            for token, length in self._tokens_at(parts, place):
                cost, rest = best[-length]
                more = _COSTS[token.kind] - 0.001 * (length - 1) * (length - 1)
                ways.append((cost + more, [token._replace(comma=parts[place + length - 1].comma), *rest]))
            best.append(min(ways, key=lambda way: way[0]))
        return best[-1][1]

    def _tokens_at(self, parts: list[_Word], place: int) -> Iterator[tuple[Token, int]]:
        """Yield what can begin at a place, with the number of its words."""
        word = parts[place]
        is_name = len(word.text) > 1 and word.text.isupper()  # in capitals, ALL is a leukemia
        is_known = is_name and _joined([word.stem]) in self._phrases
        counts = " ".join(item.low for item in parts[place : place + 2]) == "number of"
        for length in range(0 if counts else self._longest.get(begins_with(word.stem), 0), 0, -1):
            part = parts[place : place + length]
            key = _joined(item.stem for item in part)
            if length > 1 and part[-1].low == "by" and part[-2].low.endswith("s"):
                continue  # "sponsors by number of trials" is not "sponsored by"
            if (length > 1 or is_name or not self._is_closed(word)) and len(part) == length and key in self._phrases:
                yield Token("mention", " ".join(item.text for item in part), meaning=self._meaning(key)), length
        for length in (4, 3, 2, 1):
            phrase = " ".join(item.low for item in parts[place : place + length])
            if phrase in OPERATORS and len(parts) >= place + length and not is_known:
                yield Token("operator", phrase, OPERATORS[phrase]), length
        if date := _date(parts[place : place + 3]):
            yield Token("date", " ".join(item.text for item in parts[place : place + date[1]]), date[0]), date[1]
        elif place and self._is_no_member(parts[place - 1], word):
            yield Token("unknown", f"{parts[place - 1].text} {word.text}"), 1
        elif number := _number(parts[place : place + 2]):
            yield Token("number", word.text, number[0]), number[1]
        elif is_known:
            return
        elif word.low in CONNECTORS:
            yield Token("connector", word.text), 1
        elif self._texts.get(word.stem):
            yield Token("text", word.text), 1
        elif word.stem in _CLOSED:  # a form that is not listed, such as "growing"
            yield Token("connector", word.text), 1
        else:
            yield Token("unknown", word.text), 1

    def _is_no_member(self, word: _Word, number: _Word) -> bool:
        """Tell whether a word and a number name what is not there, such as "phase 5", where "phase 2" is."""
        return (
            number.low.isdecimal()
            and not word.comma
            and word.stem in self._numbered
            and not self._is_closed(word)
            and _joined([word.stem, number.low]) not in self._phrases
        )

    @cached_property
    def _numbered(self) -> set[str]:
        """The words that are a name with one number or another."""
        return {match[1] for key in self._phrases if (match := re.fullmatch(r"([a-z]+)\d+", key))}

    @staticmethod
    def _is_closed(word: _Word) -> bool:
        return word.low in CONNECTORS or word.low in OPERATORS

    def _meaning(self, key: str) -> Meaning:
        things, classes, properties, values = self._phrases[key]
        entries = [Entry(*self._things[number]) for number in things]
        return Meaning(entries, classes, properties, [(name, value) for name, value in values])

    def corrected(self, word: str) -> str:
        """Return the one name that a misspelt word can only mean, or an empty string.

        The nearest by the letters that must be changed: one in a short word, two in a
        long one; a word with a digit is a name of its own and is never corrected.
        """
        low = word.casefold()
        parts = {part for name in self._names for part in fold(name).split(" ")}
        longer = [part for part in parts if part.startswith(low) and len(part) >= 2 * len(low)]
        if len(low) > SHORTEST_ALIAS and len(longer) == 1:  # an abbreviation such as bempeg
            return longer[0]
        if len(low) < 5 or any(sign.isdigit() for sign in low):
            return ""
        allowed = 1 if len(low) < 8 else 2
        known = parts | {part for phrase in OPERATORS for part in phrase.split(" ")}
        near = [
            (distance, other)
            for other in known
            if abs(len(other) - len(low)) <= allowed and other[0] == low[0] and other.isalpha()
            if (distance := _distance(low, other, allowed)) <= allowed
        ]
        least = min((distance for distance, _ in near), default=0)
        found = {stem(other): other for distance, other in sorted(near, reverse=True) if distance == least}
        return next(iter(found.values())) if len(found) == 1 else ""

    def nearest(self, word: str) -> str:
        """Return the names most like a word, as the tail of a message."""
        return nearest(word, self._names)


def _distance(one: str, other: str, most: int) -> int:
    """Return how many letters must be changed, added, left out or swapped, or a number beyond the most.

    The restricted Damerau-Levenshtein distance (optimal string alignment).
    """
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        before, last, row = row, before, [i]
        for j, sign in enumerate(other, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != sign))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == sign:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return row[-1]


def _number(parts: list[_Word]) -> tuple[float, int] | None:
    low = parts[0].low
    if low in NUMBERS and low != "one":
        return NUMBERS[low], 1
    if match := re.fullmatch(r"(\d+(?:\.\d+)?)%?", low):
        scale = _SCALES.get(parts[1].low) if len(parts) > 1 else None
        return float(match[1]) * (scale or 1), 2 if scale else 1
    return None


def _date(parts: list[_Word]) -> tuple[str, int] | None:
    """Return a date as far as it is given, ISO 8601, and how many words it takes.

    A year, month and year, a day of them in either order, or a month alone, which gets
    the year of the date that follows.
    """
    lows = [part.low for part in parts]
    years = [low if re.fullmatch(r"(19|20)\d\d", low) else "" for low in lows]
    days = [f"{int(low):02}" if re.fullmatch(r"[0-3]?\d", low) else "" for low in lows]
    months = [f"{MONTHS[low]:02}" if low in MONTHS else "" for low in lows]
    if len(lows) == 3 and years[2] and days[0] and months[1]:
        return f"{years[2]}-{months[1]}-{days[0]}", 3
    if len(lows) == 3 and years[2] and months[0] and days[1]:
        return f"{years[2]}-{months[0]}-{days[1]}", 3
    if len(lows) > 1 and months[0] and years[1]:
        return f"{years[1]}-{months[0]}", 2
    if years[0]:
        is_iso = len(lows) == 3 and all(re.fullmatch(r"\d\d", low) for low in lows[1:])
        return ("-".join(lows), 3) if is_iso else (lows[0], 1)
    if months[0] and len(lows) > 1 and lows[1] in ("to", "and", "until", "through") and parts[0].text[0].isupper():
        return f"-{months[0]}", 1
    return None


def stamp() -> int:
    """Return when the code that compiles words was last written: with other code they may be others."""
    from kg.ask import english
    from kg.model import iris, schema
    from kg.query import thing_names

    files = (
        __file__,
        str(Path(__file__).with_name("gathering.py")),
        english.__file__,
        thing_names.__file__,
        schema.__file__,
        iris.__file__,
    )
    return max(Path(str(file)).stat().st_mtime_ns for file in files)
