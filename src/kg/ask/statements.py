"""Statements that tell of all that a question names, each word borne out; and those that tell of most of it.

An index of the words and the things of each statement is gathered once (:mod:`kg.ask.indexing`). Nearness is by BM25
(Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009, with its usual k1 = 1.2 and b = 0.75).
"""

from __future__ import annotations

from collections import defaultdict
from math import log
from typing import TYPE_CHECKING, Any

from kg.ask.english import stem
from kg.ask.indexing import marked
from kg.ask.plan import Compared, Records, Within
from kg.ask.routes import ORGANIZATION, TRIAL
from kg.ask.wanted import is_asked_amount, is_joined, is_left_out, rank_of, wanted
from kg.model.iris import KG, class_of, named_class
from kg.query.thing_names import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kg.ask.link import Span
    from kg.ask.sentence import Item, Sentence
    from kg.ask.vocabulary import Vocabulary
    from kg.ask.wanted import Test
    from kg.query.thing_names import Entry

__all__ = ["Statements"]

_RECORDS = {KG + name for name in ("Administration", "Observation", "RegulatoryEvent", "Sourced")}
_NEAR, _DIRECT = 1, 2
# what is counted over the tables, not told in a statement
_COUNTED = {KG + name for name in ("ClinicalTrial", "Product", "Organization", "Disease", "CellSource")}
_MEASURED = {KG + "Measure", KG + "AdverseEvent"}
_FEW = 16
_MOST_SPREADS = 40
_VAGUE = {KG + name for name in ("ClinicalTrial", "Administration", "Arm", "Finding", "Product", "Document")}
_K1, _B = 1.2, 0.75


class Statements:
    """The statements of a graph, by their words and things."""

    def __init__(self, compiled: dict[str, Any], vocabulary: Vocabulary) -> None:
        """Take what :func:`kg.ask.indexing.compile_statements` gives."""
        self.vocabulary = vocabulary
        self.synonyms: dict[str, str] = vocabulary.synonyms
        self.things: list[str] = compiled["things"]
        self.keys = [tuple(entry[0]) for entry in compiled["statements"]]
        self.words: list[list[str]] = [entry[3] for entry in compiled["statements"]]
        self._of_thing: dict[str, dict[int, int]] = {}
        self._of_word: dict[str, dict[int, int]] = {}
        for number, (_, direct, near, words, said) in enumerate(compiled["statements"]):
            for level, things in ((_NEAR, near), (_DIRECT, direct)):
                for thing in things:
                    self._of_thing.setdefault(self.things[thing], {})[number] = level
            for level, stems in ((_NEAR, said), (_DIRECT, words)):
                for word in stems:
                    self._of_word.setdefault(word, {})[number] = level
        self._tables = vocabulary.listed | {
            KG + name for name in ("firstPosted", "enrollment", "hasRegistry", "investigates")
        }
        self._of_class: dict[str, dict[int, int]] = {}
        for thing, numbers in self._of_thing.items():
            class_iri = class_of(thing)
            found = self._of_class.setdefault(class_iri, {})
            for number, level in numbers.items():
                found[number] = max(level, found.get(number, 0))

    def find(self, sentence: Sentence) -> Records | None:
        """Return the statements that bear out every content word of a sentence, or None if none does.

        Where none tells of all, several may, each of one of what a coordination joins: "median progression-free and
        overall survival", "third line against fourth line".
        """
        rank = rank_of(sentence)
        if rank[0] and not any(map(self._is_figure, sentence.items)):
            return None  # figures of different things have no order
        counted = sentence.following(sentence.marks["count"][0]) if sentence.has("count") else -1
        covers = self._covers(sentence, rank[1], counted)
        kept = self._both_sides(sentence, self._bearing(covers, wanted(sentence))) if covers else set()
        if covers and (not kept or sentence.has("or", "compare", "versus")):
            kept = kept | self._distributed(sentence, covers, is_listed=not kept)
        for item in sentence.items:
            if is_left_out(sentence, item):
                kept -= {number for number, level in self._cover(item).items() if level == _DIRECT}
        if not kept:
            return None
        near = {number: sum(levels.get(number, 0) for _, levels in covers) for number in kept}
        keys = tuple(self.keys[number] for number in sorted(kept, key=lambda it: (-near[it], it)))
        test = rank[1].test if rank[1] and isinstance(rank[1].test, Compared) and rank[1].test.sign else None
        most = int(rank[1].test.number) if rank[1] and isinstance(rank[1].test, Compared) and not test else 0
        return Records(keys, _kind(sentence, counted, is_ranked=bool(rank[0])), rank[0], most, test)

    def _covers(self, sentence: Sentence, rank: Item | None, counted: int) -> list[tuple[Item | None, dict[int, int]]]:
        """Return what bears out each word of a sentence; a number of trials is a measure of its own."""
        covers: list[tuple[Item | None, dict[int, int]]] = [
            (item, self._cover(item))
            for item in sentence.items
            if item is not rank and not self._is_vague(sentence, item) and not is_left_out(sentence, item)
        ]
        covers += [(None, levels) for levels in self._closed(sentence)]
        if sentence.has("who"):
            covers.append((None, self._of_class.get(ORGANIZATION, {})))
        for number, (head, _) in enumerate(covers):
            is_of_patients = head and sentence.following(max(head.places)) in sentence.patients
            if head and counted in head.places and head.classes and not is_of_patients:
                nouns = {self.vocabulary.schema.classes[head.classes[0]].label.split(" ")[-1], head.text.split(" ")[-1]}
                names = [f"number of {noun.casefold()}{ending}" for noun in nouns for ending in ("", "s")]
                levels = self._of_things(it for name in names for it in self.vocabulary.named(name))
                instead = [*covers[:number], (head, levels), *covers[number + 1 :]]
                if set(head.classes) & _COUNTED or self._bearing(instead, wanted(sentence)):
                    covers[number] = (head, levels)
        return covers

    def _both_sides(self, sentence: Sentence, kept: set[int]) -> set[int]:
        """Return statements if they tell something of each side of a comparison, or else none."""
        for item in sentence.items:
            sides = [self._of_things(things) for things in item.each] if item.each else []
            if any(not kept & set(side) for side in sides) and item.joiner != "or":
                return set()
        return kept

    def _closed(self, sentence: Sentence) -> Iterator[dict[int, int]]:
        """Yield what bears out the closed words that statements tell of: "alone", "months"."""
        for place, span in enumerate(sentence.spans):
            if span.does("alone") and place not in sentence.idle:
                levels = self._said(["monotherapy"])
                for words in (["alon"], ["singl", "agent"]):
                    _merge(levels, self._said(words))
                yield levels
            if span.does("average") and place not in sentence.idle:
                levels = self._said(["median"])
                for word in ("mean", "average"):
                    _merge(levels, self._said([stem(word)]))
                yield levels
            if span.does("earliest", "latest", "second") and place not in sentence.idle:
                levels = self._said([stem(span.text.casefold())])
                if span.does("earliest"):
                    _merge(levels, self._said(["initial"]))
                yield levels
            if span.does("unit") and not span.does("function") and span.value("unit") not in ("cell", "fold"):
                before = sentence.spans[place - 1] if place else None
                if (before is not None and before.kind == "number") or not is_asked_amount(sentence, place):
                    yield self._said([stem(span.value("unit"))])

    def _distributed(
        self, sentence: Sentence, covers: list[tuple[Item | None, dict[int, int]]], *, is_listed: bool
    ) -> set[int]:
        """Return the statements of each of the sides that a word such as "and" joins, with what both sides share.

        The shortest sides are tried first. Of each side something must be told.
        """
        named = [(item, levels) for item, levels in covers if item is not None]
        closed = [(item, levels) for item, levels in covers if item is None]
        for first in range(len(named) - 1):
            if not is_joined(sentence, named[first][0], named[first + 1][0], is_listed=is_listed):
                continue
            spreads = sorted(
                (
                    (start, stop, end)
                    for start in range(first + 1)
                    for stop in range(start + 1, first + 2)
                    for end in range(first + 2, len(named) + 1)
                ),
                key=lambda spread: (spread[2] - first + spread[1] - spread[0], -spread[1]),
            )
            for start, stop, end in spreads[:_MOST_SPREADS]:
                sides = named[start:stop], named[first + 1 : end]
                if not all(
                    any(item.things or item.values or item.test or item.properties or item.word for item, _ in side)
                    for side in sides
                ):
                    continue
                told: set[int] = set()
                is_either = any(
                    span.does("or") for span in sentence.spans[max(sides[0][-1][0].places) : min(sides[1][0][0].places)]
                )
                for number, side in enumerate(sides):
                    shared = [*named[:start], *named[stop : first + 1], *side, *named[end:], *closed]
                    until = min(named[first + 1][0].places) if number == 0 else len(sentence.spans)
                    since = 0 if number == 0 else min(side[0][0].places) - 3
                    found = self._bearing(shared, wanted(sentence, since, until))
                    if not found and not is_either:
                        break
                    told |= found
                else:
                    if told:
                        return told
        return set()

    def _bearing(self, covers: list[tuple[Item | None, dict[int, int]]], tests: list[Test]) -> set[int]:
        """Return the statements that bear out all that was named; if there are many, those that do so most closely."""
        things = [levels for item, levels in covers if item is None or item.things or item.test is not None]
        words = [levels for item, levels in covers if not (item is None or item.things or item.test is not None)]
        about = set(range(len(self.keys))) if not things else set.intersection(*map(set, things))
        about = {
            number
            for number in about
            if self._is_said(self.keys[number]) and all(test(self.words[number]) for test in tests)
        }
        whole = {number for number in about if all(number in levels for levels in words)}
        named = [item for item, _ in covers if item]
        measured = [] if any(item.each for item in named) else [item for item in named if _is_measured(item)]
        for item, levels in covers:  # in the tumor, not of a patient with one
            if not item:
                continue
            if measured == [item]:
                levels = self._of_things(item.things)
            elif not (self._is_of_records(item) or item.each or (item.asked and not set(item.classes) & _VAGUE)):
                continue
            whole = {number for number in whole if levels.get(number) == _DIRECT} or whole
        if whole:
            score = {number: sum(levels[number] == _DIRECT for _, levels in covers) for number in whole}
            most = max(score.values())
            kept = whole if len(whole) <= _FEW else {number for number in whole if score[number] == most}
            names = [levels for item, levels in covers if item and not (item.things or item.is_noun)]
            return kept if not names or any(levels[number] == _DIRECT for levels in names for number in kept) else set()
        return set()

    def _is_said(self, key: tuple[str, ...]) -> bool:
        """Say whether a statement is a record or a text, and not what plans ask of the tables."""
        return len(key) == 1 or (key[2].startswith('"') and key[1] not in self._tables)

    @staticmethod
    def _is_vague(sentence: Sentence, item: Item) -> bool:
        """Say whether a noun only says what sort of thing another word is: "NKTR-214 patients", "the HER2 trial"."""
        is_vague = set(item.classes) & _VAGUE or item.text.casefold().startswith("molecule")
        if not item.is_noun or item.asked or not is_vague:
            return False
        return any(other.things for other in sentence.items)

    def _cover(self, item: Item) -> dict[int, int]:
        """Return the statements that bear out an item, with how near."""
        found = self._of_things(item.things)
        of_records = [iri for iri in item.properties if self.vocabulary.schema.properties[iri].domain in _RECORDS]
        if of_records and len(of_records) == len(item.properties) and not item.things:
            for iri in of_records:
                _merge(found, self._said([f"={iri.removeprefix(KG)}"]))
            return found
        for iri in item.classes if not item.is_agent else ():
            of_class = self._of_class.get(named_class(iri), {})
            _merge(found, of_class)
            if iri not in _VAGUE or iri in _RECORDS:
                _merge(found, self._said([stem(word) for word in fold(item.text).split()]))
            named = self.vocabulary.named(self.vocabulary.schema.classes[iri].label)
            _merge(found, self._of_things(thing for thing in named if thing.class_iri == KG + "Measure"))
        for iri in item.properties:
            _merge(found, self._said([f"={iri.removeprefix(KG)}"]))
        for iri, text in item.values:
            _merge(found, self._of_word.get(marked(iri, text), {}))
            if not text.isdecimal():
                _merge(found, self._said([stem(word) for word in fold(text).split()]))
        if self._is_of_records(item) and not (item.things or item.classes or item.properties):
            found = {number: level for number, level in found.items() if level == _DIRECT}
        if isinstance(item.test, Compared):
            told = self._said([f"{item.test.number:.10g}".replace("e+", "e")])
            _merge(found, {number: level for number, level in told.items() if level == _DIRECT})
        elif isinstance(item.test, Within):
            years = [end[:4] for end in (item.test.first, item.test.last) if isinstance(end, str) and end]
            _merge(found, self._said(years[:1]))
        elif (not item.classes or item.things) and not any(text.isdecimal() for _, text in item.values):
            texts = item.text.split(", ") if item.each else [item.text]
            for text in texts:
                words = [word for word in fold(text).split() if not (item.properties and self._is_function(word))]
                _merge(found, self._said([stem(word) for word in words]))
        return found

    def _is_of_records(self, item: Item) -> bool:
        """Say whether an item is a value that each record has of its own, such as a grade."""
        owners = {self.vocabulary.schema.properties[iri].domain for iri, _ in item.values}
        return bool(owners) and owners <= _RECORDS

    def _is_figure(self, item: Item) -> bool:
        """Say whether an item means what records give figures of: a measure, adverse events, a dose."""
        of_events = any(iri in (KG + "relatedness", KG + "grade") for iri, _ in item.values)
        if _is_measured(item) or of_events or _MEASURED & set(item.classes):
            return True
        return any(self.vocabulary.schema.properties[iri].is_number for iri in item.properties)

    def _is_function(self, word: str) -> bool:
        return any(role == "function" for role, _ in self.vocabulary.roles.get(word, ()))

    def _of_things(self, things: Iterable[Entry]) -> dict[int, int]:
        found: dict[int, int] = {}
        for thing in things:
            _merge(found, self._of_thing.get(thing.iri, {}))
        return found

    def _said(self, stems: Sequence[str]) -> dict[int, int]:
        """Return the statements that have all of some words, with how near the farthest is."""
        found: dict[int, int] | None = None
        for word in stems:
            levels: dict[int, int] = {}
            for other in self.vocabulary.same.get(word, (self.synonyms.get(word, word),)):
                _merge(levels, self._of_word.get(other, {}))
            if found is None:
                found = dict(levels)
            else:
                found = {number: min(level, levels[number]) for number, level in found.items() if number in levels}
        return found or {}

    def of(self, thing: str) -> tuple[tuple[str, ...], ...]:
        """Return the statements whose subject is a thing."""
        return tuple(key for key in self.keys if len(key) > 1 and key[0] == thing)

    def nearest(self, spans: Iterable[Span], most: int) -> list[tuple[str, ...]]:
        """Return the statements that tell most of what was named, the nearest first, by BM25.

        Args:
            spans: what was named.
            most: how many.
        """
        weights: dict[int, float] = defaultdict(float)
        total = len(self.keys)
        average = sum(map(len, self.words)) / max(total, 1)
        for span in spans:
            if span.kind not in ("mention", "word", "number"):
                continue
            groups = [
                self._of_word.get(self.synonyms.get(word, word), {}) for word in map(stem, fold(span.text).split())
            ]
            groups += [self._of_thing.get(thing.iri, {}) for thing in span.meaning.things]
            for levels in groups:
                rarity = log(1 + (total - len(levels) + 0.5) / (len(levels) + 0.5))
                for number, level in levels.items():
                    length = _K1 * (1 - _B + _B * len(self.words[number]) / average)
                    weights[number] += rarity * (level / 2) * (_K1 + 1) / (1 + length)
        ranked = sorted(weights, key=lambda number: (-weights[number], self.keys[number]))
        return [self.keys[number] for number in ranked[:most]]


def _merge(found: dict[int, int], levels: dict[int, int]) -> None:
    for number, level in levels.items():
        found[number] = max(level, found.get(number, 0))


def _is_measured(item: Item) -> bool:
    """Say whether an item names what is measured, such as a response rate or an adverse event."""
    return bool(item.things) and all(thing.class_iri in _MEASURED for thing in item.things)


def _kind(sentence: Sentence, counted: int, *, is_ranked: bool) -> str:
    """Return the class of what is asked for in statements, or an empty string."""
    kinds = [
        iri
        for item in sentence.items
        if item.asked and counted not in item.places
        if sentence.following(max(item.places)) not in sentence.patients
        for iri in item.classes
        if iri not in _RECORDS
    ]
    if is_ranked:
        kinds += [iri for item in sentence.items for iri in item.classes if iri not in {TRIAL, *_RECORDS}]
    return next(iter(kinds), "")
