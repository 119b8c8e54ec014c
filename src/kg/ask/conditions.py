"""From what a sentence names to sets of things of one class: links, values, numbers, days, denials."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.ask.english import stem
from kg.ask.plan import (
    All,
    Compared,
    Every,
    Given,
    Hop,
    Linked,
    Named,
    Numbered,
    OnlyLinked,
    Says,
    Valued,
)
from kg.ask.routes import PRODUCT, TRIAL, Routes, names_of
from kg.ask.together import Impossible, Part
from kg.model.iris import KG, named_class
from kg.model.schema import THING
from kg.query.thing_names import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.ask.plan import Things, Way
    from kg.ask.sentence import Item, Sentence
    from kg.ask.vocabulary import Vocabulary
    from kg.query.thing_names import Entry

__all__ = ["FIRST_POSTED", "Conditions"]

FIRST_POSTED = KG + "firstPosted"
_MODIFICATION = KG + "GeneticModification"
_EVENT = KG + "RegulatoryEvent"
_CARRIES = KG + "carriesModification"
_COMBINES, _INVESTIGATES = KG + "combinesWith", KG + "investigates"
_COMBINED = (  # what a trial investigates and what it combines with that, either way
    (Hop(_INVESTIGATES, False, TRIAL), Hop(_COMBINES, True, PRODUCT)),
    (Hop(_COMBINES, False, TRIAL), Hop(_INVESTIGATES, True, PRODUCT)),
)


_ENTITIES = {TRIAL, PRODUCT}
_OF_MODIFICATIONS = {
    KG + "ModificationPurpose": KG + "hasPurpose",
    KG + "ModificationKind": KG + "hasModificationKind",
}


class Conditions:
    """Reads the items of a sentence as conditions on things of one class."""

    def __init__(self, vocabulary: Vocabulary, sentence: Sentence, kind: str, turn: int = 0) -> None:
        """Take what the conditions are read from.

        Args:
            vocabulary: the words of the graph.
            sentence: what was asked.
            kind: the class of the things.
            turn: 0 for the nearest meaning of each name, 1 for the second nearest, 2 for longer ways too.
        """
        self.vocabulary, self.sentence, self.kind, self.turn = vocabulary, sentence, kind, turn
        self.schema = vocabulary.schema
        nouns = [item for item in sentence.items if item.is_noun or item.properties]
        self.needs = [
            set(item.properties) | ({named_class(iri) for iri in item.classes} if not item.is_agent else set())
            for item in nouns
        ]
        self.needs = [need for need in self.needs if need and named_class(kind) not in need]
        mentioned = {iri for need in self.needs for iri in need}
        mentioned |= {iri for span in sentence.spans if span.does("relation") for iri in span.meaning.properties}
        self.turned = self._turned()
        self.routes = Routes(vocabulary, mentioned, self.turned)
        self.explained: set[str] = set()

    def shown_properties(self) -> set[str]:
        """Return the properties of the class whose ends have a name of their own, such as the sponsor of a trial."""
        steps = self.routes.steps.get(named_class(self.kind), ())
        return {
            hop.property for hop in steps if hop.forward and self.schema.properties[hop.property].excludes_others
        } | {KG + "hasSponsor"}

    def _turned(self) -> dict[str, bool]:
        """Return the direction of the properties within one class that are mentioned.

        "What replaced FT596", "FT596 was replaced by" and "the successor of FT596" ask for the subject; in "what did
        FT522 replace" the thing stands before the verb and is the subject itself.
        """
        turned = {}
        items = self.sentence.items
        for number, item in enumerate(items):
            for iri in item.properties:
                property_ = self.schema.properties[iri]
                if property_.is_literal or named_class(property_.domain) != named_class(property_.range):
                    continue
                class_iri = named_class(property_.domain)
                after_thing = any(thing.class_iri == class_iri for other in items[:number] for thing in other.things)
                text = fold(item.text)
                if text.endswith(("or", "ors")):
                    turned[iri] = True
                elif text.startswith("component"):
                    turned[iri] = False
                else:
                    turned[iri] = after_thing == text.endswith(" by")
        return turned

    def ways(self, end: str) -> tuple[Way, ...]:
        """Return the ways from the class to another.

        Raises:
            Impossible: if there are none.
        """
        ways = self.routes.between(named_class(self.kind), named_class(end), self.needs)
        if not ways:
            raise Impossible
        return ways

    def named(self, item: Item) -> list[Part]:
        """Return the conditions that what is named sets, for the class of things that is nearest.

        Raises:
            Impossible: if nothing joins them.
        """
        lists = item.each or (item.things,)
        is_all = item.joiner == "both" or (item.joiner == "and" and not self._is_before_noun(item))
        if item.each and is_all and not item.negated and not self._is_single(item):
            return [self._one(item, things) for things in lists]
        part = self._one(item, item.things)
        return [part, *self._granted(item, part)]

    def _is_before_noun(self, item: Item) -> bool:
        """Say whether a list stands before the class that is asked for: "HER2 and GPC3 trials" are of either."""
        spans, after = self.sentence.spans, max(item.places) + 1
        return after < len(spans) and self.kind in spans[after].meaning.classes

    def _granted(self, item: Item, part: Part) -> list[Part]:
        """Return the condition that an event came about: "approved" is not "to be approved"."""
        told = part.things
        is_event = any(thing.class_iri == KG + "RegulatoryEventKind" for thing in item.things)
        if not is_event or not isinstance(told, Linked) or len(told.ways) > 1 or told.ways[0][0].end != _EVENT:
            return []
        return [
            Part(Valued((told.ways[0][:1],), (KG + "eventStatus",), Given(("granted",))), set(item.places), silent=True)
        ]

    @staticmethod
    def is_of_modification(item: Item) -> bool:
        """Say whether an item names a purpose or a kind of modifications."""
        return bool(item.things) and {thing.class_iri for thing in item.things} <= _OF_MODIFICATIONS.keys()

    def composed(self, item: Item, other: Item) -> list[Part]:
        """Return the conditions that a purpose or a kind sets together with what it is of: "OX40 as the costim domain".

        Raises:
            Impossible: if they do not describe one modification.
        """
        if not self.is_of_modification(item) or named_class(self.kind) == _MODIFICATION:
            raise Impossible
        of_kind = Linked(
            ((Hop(_OF_MODIFICATIONS[item.things[0].class_iri], True, item.things[0].class_iri),),), Named(item.things)
        )
        found = []
        for things in other.each or (other.things,):
            chosen = tuple(thing for thing in things if thing.class_iri in (KG + "Molecule", KG + "Target"))
            if not chosen:
                raise Impossible
            modified = Linked(((Hop(KG + "modifies", True, named_class(KG + "Molecule")),),), Named(chosen))
            one = All((Every(_MODIFICATION), modified, of_kind))
            found.append(Part(Linked(self.ways(_MODIFICATION), one), item.places | other.places))
        return found

    def _is_single(self, item: Item) -> bool:
        """Say whether a thing of the class has but one of these, so that a list of them can only mean any."""
        try:
            ways = self._nearest(item, item.things)[1]
        except Impossible:
            return True
        return not ways or all(
            way[0].forward
            and (self.schema.properties[way[0].property].excludes_others or way[0].property == KG + "hasSponsor")
            for way in ways
        )

    def _nearest(self, item: Item, things: Sequence[Entry]) -> tuple[tuple[Entry, ...], tuple[Way, ...]]:
        """Return those of the things that are of the nearest class, with the ways there."""
        found: list[tuple[tuple[int, int], tuple[Entry, ...], tuple[Way, ...]]] = []
        needs = self._needs_of(item)
        for class_iri in dict.fromkeys(thing.class_iri for thing in things):
            chosen = tuple(thing for thing in things if thing.class_iri == class_iri)
            is_whole = class_iri == _MODIFICATION and all(thing.iri in self.vocabulary.broad for thing in chosen)
            if class_iri == named_class(self.kind) and is_whole and self.turn == 1:  # a domain of a CAR
                found.append(((-9, 0), chosen, ((Hop(_CARRIES, False, PRODUCT), Hop(_CARRIES, True, _MODIFICATION)),)))
            elif class_iri == named_class(self.kind) == PRODUCT and self._is_combined():
                found.append(((-9, 0), chosen, _COMBINED))
            elif class_iri == named_class(self.kind):
                hops = [hop for hop in self.routes.steps.get(class_iri, ()) if hop.property in self.turned]
                found.append(((-9, 0), chosen, ((hops[0],),) if hops else ()))
            elif ways := self.routes.between(named_class(self.kind), class_iri, needs, is_wide=self.turn == 2):
                met = sum(bool(need & names_of(ways[0])) for need in needs)
                found.append(((-met, min(map(len, ways))), chosen, ways))
        if not found:
            raise Impossible
        found.sort(key=lambda option: option[0])
        _, chosen, ways = found[min(self.turn, len(found) - 1)] if self.turn == 1 else found[0]
        return chosen, ways

    def _is_combined(self) -> bool:
        """Say whether products are asked for by what they are combined with."""
        return any(_COMBINES in item.properties for item in self.sentence.items)

    def _needs_of(self, item: Item) -> list[set[str]]:
        """Return what explains the nouns that stand beside an item."""
        items = self.sentence.items
        place = next((number for number, other in enumerate(items) if other is item), -1)
        if place < 0:
            return self.needs
        beside = [items[number] for number in (place - 1, place + 1) if 0 <= number < len(items)]
        found = [set(other.properties) | {named_class(iri) for iri in other.classes} - _ENTITIES for other in beside]
        if named_class(self.kind) not in _ENTITIES:  # "sponsors of CD19 trials" are reached over trials
            nouns = {named_class(iri) for other in items if other.is_noun for iri in other.classes}
            found += [{iri} for iri in nouns & _ENTITIES]
            found += [set(other.properties) for other in items if other.is_agent]
        kinds = {thing.class_iri for other in items if other is not item for thing in other.things}
        if KG + "RegulatoryEventKind" in kinds:  # approved for a disease is not meant for it
            found.append({KG + "RegulatoryEvent"})
        return [need for need in found if need and named_class(self.kind) not in need]

    def _one(self, item: Item, things: Sequence[Entry]) -> Part:
        chosen, ways = self._nearest(item, things)
        if item.negated:  # what a table lists in full can be denied
            ways = tuple(way for way in ways if self.is_listed(way)) or ways
        for way in ways:
            self.explained |= names_of(way)
        if not ways:
            return Part(Named(chosen), set(item.places), item.negated)
        condition: Things = OnlyLinked(ways, Named(chosen)) if item.only else Linked(ways, Named(chosen))
        kinds = {thing.class_iri for thing in things}  # IL-2 is a target, and it is given
        is_listed = all(self.is_listed(way) for way in ways) and not (item.negated and len(kinds) > 1)
        return Part(condition, set(item.places), item.negated, silent=not is_listed)

    def is_listed(self, way: Way) -> bool:
        """Say whether a document lists in full, for the trials of its tables, what a way leads to."""
        iris = [hop.property for hop in way]
        if KG + "investigates" in iris and named_class(self.kind) == TRIAL:
            iris = [iri for iri in iris if iri != KG + "investigates"]
        return bool(iris) and all(
            iri in self.vocabulary.listed or self.schema.properties[iri].excludes_others for iri in iris
        )

    def value(self, item: Item) -> Part:
        """Return the condition of a literal value.

        Raises:
            Impossible: if no property of the class, or of what it leads to, has it.
        """
        best: tuple[int, Part] | None = None
        for iri, text in item.values:
            domain = self.schema.properties[iri].domain
            if domain in (KG + "Observation", KG + "Sourced"):
                continue
            ways = self._to(domain)
            if ways is not None:
                length = min(map(len, ways), default=0)
                if best is None or length < best[0]:
                    best = (
                        length,
                        Part(Valued(ways, (iri,), Given((text,))), set(item.places), item.negated, silent=True),
                    )
        if not best:
            raise Impossible
        return best[1]

    def _to(self, domain: str) -> tuple[Way, ...] | None:
        if named_class(domain) == named_class(self.kind):
            return ()
        if domain == THING:
            return ()
        return self.routes.between(named_class(self.kind), named_class(domain), self.needs) or None

    def days(self, item: Item) -> Part:
        """Return the condition of a span of days.

        Raises:
            Impossible: if no trial is near whose first posting it can mean.
        """
        ways = self._to(TRIAL)
        if ways is None:
            raise Impossible
        self.explained.add(FIRST_POSTED)
        return Part(Valued(ways, (FIRST_POSTED,), item.test or Given()), set(item.places), item.negated)

    def number(self, item: Item, noun: Item | None) -> Part:
        """Return the condition of a number of what a noun says: a numeric property, or a class that is counted.

        Raises:
            Impossible: if nothing says what it counts, or the class has none of these.
        """
        test = item.test
        if isinstance(test, Compared) and not test.sign:
            test = Compared("=", test.number)
        properties = [*item.properties, *(noun.properties if noun else ())]
        for iri in properties:
            if self.schema.properties[iri].is_number:
                ways = self._to(self.schema.properties[iri].domain)
                if ways is None:
                    continue
                self.explained.add(iri)
                places = item.places | (noun.places if noun and iri in noun.properties else set())
                return Part(Valued(ways, (iri,), test or Given()), places, item.negated)
        if (
            noun
            and noun.classes
            and isinstance(test, Compared)
            and named_class(noun.classes[0]) != named_class(self.kind)
        ):
            ways = self.ways(noun.classes[0])
            for way in ways:
                self.explained |= names_of(way)
            return Part(Numbered(ways, named_class(noun.classes[0]), test), item.places | noun.places)
        raise Impossible

    def word(self, item: Item) -> Part:
        """Return the condition that a word stands in a text of the thing itself.

        Raises:
            Impossible: if no text of its class has the word.
        """
        own = [iri for class_iri, iri in self.vocabulary.texts_with(item.word) if class_iri == named_class(self.kind)]
        if item.negated:
            raise Impossible
        if self.turn and (ways := self.routes.between(named_class(self.kind), _MODIFICATION)):
            names = [iri for class_iri, iri in self.vocabulary.texts_with(item.word) if class_iri == _MODIFICATION]
            if named_class(self.kind) in _ENTITIES and names:
                test = Says(stem(item.word.casefold()))
                return Part(Valued(ways, tuple(names), test), set(item.places), silent=True)
        if not own:
            raise Impossible
        return Part(Valued((), tuple(own), Says(stem(item.word.casefold()))), set(item.places), silent=True)
