"""From spans to what a sentence says, by the places of its words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.ask.amounts import read_days_at, read_number_at
from kg.ask.idle import idle_places
from kg.ask.plan import Within
from kg.ask.sentence import ENROLLMENT, UNDISCLOSED, Item, Sentence
from kg.model.iris import KG

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.ask.link import Span
    from kg.ask.vocabulary import Vocabulary

__all__ = ["read_sentence"]

_QUESTION = ("which", "who", "when", "where", "why", "how", "how long", "how large", "count", "show", "sum")
_RANKS = ("most", "fewest", "highest", "lowest", "earliest", "latest")
_BESIDE_NOUNS = {KG + "Aspect", KG + "Measure"}  # things that share their name with a class or a property
_KINDS = {
    KG + "ModificationKind": KG + "GeneticModification",
    KG + "ModificationPurpose": KG + "GeneticModification",
    KG + "ProductKind": KG + "Product",
}
_YES_NO = frozenset(
    "is are was were does do did has have had can could will would isn't aren't doesn't don't didn't wasn't".split()
)


def read_sentence(vocabulary: Vocabulary, spans: Sequence[Span]) -> Sentence:
    """Return what spans say."""
    return _Reader(vocabulary, spans).read()


class _Reader:
    def __init__(self, vocabulary: Vocabulary, spans: Sequence[Span]) -> None:
        self.vocabulary = vocabulary
        self.said = Sentence(spans)
        self.used: set[int] = set()

    def read(self) -> Sentence:
        said = self.said
        spans = said.spans
        said.idle |= idle_places(spans)
        self.used |= said.idle
        for place, span in enumerate(spans):
            if place in said.idle:
                continue
            if self._is_relative(place):
                said.idle.add(place)
                continue
            for role, _ in span.roles:
                said.marks.setdefault(role, []).append(place)
            if span.does("patients"):
                said.patients.append(place)
        lead = next((span for span in spans if span.kind == "role" and not span.does("person")), None)
        said.is_yes_no = bool(lead and lead.text.casefold() in _YES_NO) and not said.has(
            "which", "who", "when", "where", "why", "how", "how long", "how large", "count", "show"
        )
        for place, span in enumerate(spans):
            if place in self.used:
                continue
            if span.kind == "days":
                self._take(read_days_at(said, place))
            elif span.kind == "number":
                self._take(read_number_at(said, place))
            elif span.kind == "mention" or (span.meaning.classes and not span.does("unit") and self._is_asked(place)):
                self._mention(place, span)
            elif span.kind in ("word", "unknown"):
                said.items.append(Item({place}, span.text, word=span.text))
        if len(said.items) == 1 and said.items[0].things and said.has("which", "who", "where"):  # "what does it carry"
            verbs = [(n, it) for n, it in enumerate(spans) if it.does("relation") and it.meaning.properties]
            said.items += [Item({n}, it.text, properties=it.meaning.properties, asked=True) for n, it in verbs]
        if said.is_yes_no:  # "does it work": whether a measure tells of it
            works = [(n, it) for n, it in enumerate(spans) if it.does("relation") and _is_measured(it)]
            said.items += [Item({n}, it.text, it.meaning.things) for n, it in works]
        self._order()
        self._oppose()
        self._deny()
        said.items = [item for item in said.items if item.places]
        self._mark_asked()
        for place in said.marks.get("per", ()):  # "sponsor and phase for each"
            following = said.following(place)
            is_last = following >= len(spans) or spans[following].does("relation")  # "what does each one use"
            if is_last and said.before(place) >= 0 and not said.has("count"):
                said.idle.add(place)
        return said

    def _take(self, item: Item) -> None:
        self.said.items.append(item)
        self.used |= item.places

    def _is_relative(self, place: int) -> bool:
        """Say whether a question word leads a clause on the noun before it: "trials where", "companies which"."""
        span = self.said.spans[place]
        before = self.said.spans[place - 1] if place else None
        return bool(
            before
            and span.does("which", "who", "where", "when")
            and span.text.casefold() in ("which", "who", "whose", "where", "when")
            and (
                before.does("patients", "person")
                or (before.kind == "mention" and (before.meaning.classes or before.meaning.things))
            )
            and not before.after
        )

    def _order(self) -> None:
        """Read "first registered" without a day as the earliest; leave out that what is not disclosed is left out."""
        said = self.said
        has_days = any(isinstance(item.test, Within) and isinstance(item.test.first, str) for item in said.items)
        first = [it for it in said.marks.get("posted", ()) if said.spans[it].text.casefold().startswith("first")]
        if first and not has_days and not said.has("per"):
            said.marks.setdefault("earliest", []).extend(first)
        if said.has("most", "fewest"):  # "by number of trials" is how they are ranked
            said.idle |= {it for it in said.marks.get("per", ()) if "number of" in said.spans[it].text.casefold()}
        if said.has("most", "fewest", "per"):
            for item in [item for item in said.items if UNDISCLOSED in item.properties]:
                place = self._negation(min(item.places))
                if place is None and said.has("per"):  # those that say nothing have a row of their own
                    said.idle |= item.places
                    said.items.remove(item)
                elif place is not None:  # what has no value is not counted for any
                    said.idle |= item.places | {place}
                    said.items.remove(item)
                    said.marks["not"] = [it for it in said.marks.get("not", ()) if it != place]

    def _oppose(self) -> None:
        """Put two things of one class on the sides of "compared with" or "than" into one list."""
        items = self.said.items
        numbers = {place for item in items if item.test is not None for place in item.places}
        signs = [it for role in ("greater", "less", "before", "after") for it in self.said.marks.get(role, ())]
        signs = [it for it in signs if self.said.following(it) not in numbers and self.said.is_yes_no]
        for place in [*self.said.marks.get("compare", ()), *signs]:
            if any(item.each for item in items):
                return
            before = [item for item in items if item.things and max(item.places) < place]
            after = [item for item in items if item.things and min(item.places) > place][:1]
            for one in reversed(before):
                for other in after:
                    if _alike(one, other) and not {it.iri for it in one.things} & {it.iri for it in other.things}:
                        one.each, one.joiner = (one.things, other.things), "vs"
                        one.things = (*one.things, *other.things)
                        one.places |= other.places
                        one.text = f"{one.text}, {other.text}"
                        items.remove(other)
                        return

    def _mention(self, place: int, span: Span) -> None:
        meaning = span.meaning
        things = meaning.things
        if meaning.classes or meaning.properties:  # "phase" is what a trial has, or what it does not disclose
            things = tuple(thing for thing in things if thing.class_iri not in _BESIDE_NOUNS)
            if self._is_undisclosed(place):
                things = tuple(thing for thing in meaning.things if thing.class_iri == KG + "Aspect") or things
        values = meaning.values
        if self._is_asked(place) and meaning.classes:
            things, values = (), ()
        properties = tuple(iri for iri in meaning.properties if not self._is_of(iri, meaning.classes))
        item = Item({place}, span.text, things, (), meaning.classes, properties, values)
        kinds = {thing.class_iri for thing in things}
        following = self.said.spans[place + 1] if place + 1 < len(self.said.spans) else None
        is_head = not (
            following
            and following.kind == "mention"
            and not span.after
            and not (_is_verb(following) and not following.meaning.classes)
        )
        if is_head and self._is_asked(place) and kinds and kinds <= _KINDS.keys():  # "which safety switch"
            self.said.items.append(Item({place}, span.text, classes=(_KINDS[things[0].class_iri],)))
        last = self.said.items[-1] if self.said.items else None
        if last and last.things and item.things and {it.iri for it in item.things} <= {it.iri for it in last.things}:
            last.places.add(place)  # "glypican-3 (GPC3)"
            return
        joiner = self._joins(last, place) if last and item.things else ""
        if last and joiner and _alike(last, item):
            last.each = (*(last.each or (last.things,)), item.things)
            last.things = (*last.things, *item.things)
            last.places.add(place)
            whole = self.vocabulary.named(f"{last.text} and {item.text}")  # "UPS and DDLPS" have figures of their own
            last.each = tuple((*things, *whole) for things in last.each)
            last.text = f"{last.text}, {item.text}"
            last.joiner = next(it for it in ("vs", "or", "and", ",") if it in (joiner, last.joiner))
        else:
            self.said.items.append(item)

    def _is_of(self, property_iri: str, classes: Sequence[str]) -> bool:
        """Say whether a property leads from one of some classes to things: "studies" are trials, and what these do."""
        property_ = self.vocabulary.schema.properties[property_iri]
        return not property_.is_literal and property_.domain in classes

    def _is_undisclosed(self, place: int) -> bool:
        """Say whether a word beside what stands here says that it is not disclosed."""
        spans, said = self.said.spans, self.said
        beside = [said.before(place), said.following(place)]
        for step in (-1, 1):  # over what is listed with it: "target and phase undisclosed"
            there = place + step
            while (
                0 <= there < len(spans)
                and not set(spans[min(there, there - step)].after) & set(";:?.")
                and (spans[there].does("and", "or", "function", "both", "relation") or spans[there].meaning.classes)
            ):
                there += step
            if 0 <= there < len(spans) and not set(spans[min(there, there - step)].after) & set(";:?."):
                beside.append(there)
        beside = [there for there in beside if 0 <= there < len(spans) and there not in said.idle]
        return any(UNDISCLOSED in spans[there].meaning.properties for there in beside)

    def _joins(self, last: Item, place: int) -> str:
        """Return how what is named here is joined to what was named before: ``or``, ``and``, ``,`` or not at all."""
        before = max(last.places)
        between = self.said.spans[before + 1 : place]
        after = self.said.spans[before].after
        if last.negated != (self._negation(place) is not None) and any(span.does("not") for span in between):
            return ""
        if any(
            not span.does("or", "and", "both", "compare", "more", "every", "function", "relation") for span in between
        ):
            return ""
        if any(span.does("compare") for span in between):
            return "vs"
        if any(span.does("or") for span in between) or after == "/":
            return "or"
        if any(span.does("and") for span in between):
            return "and"
        return "," if after == "," and not between else ""

    def _negation(self, place: int) -> int | None:
        """Return the place of a word that denies what stands here: close before it, with nothing named between."""
        spans = self.said.spans
        for before in range(place - 1, max(-1, place - 7), -1):
            span = spans[before]
            if span.does("not"):
                return before
            if span.after in (",", ";", ":", "?") or span.does("and", "or", "which", "count"):
                return None
            if span.kind in ("mention", "days", "number") and not _is_verb(span):
                return None
        return None

    def _deny(self) -> None:
        for item in self.said.items:
            place = min(item.places)
            if item.is_noun and not item.classes and ENROLLMENT not in item.properties:
                continue
            if self._negation(place) is not None:
                item.negated = True
            before = self.said.before(place)
            start = place - 1
            while (
                start >= 0 and self.said.spans[start].does("function", "relation") and not self.said.spans[start].after
            ):
                start -= 1
            beside = [*range(max(0, min(start, before - 1)), before + 1), max(item.places) + 1]
            only = [
                it
                for it in beside
                if it < len(self.said.spans) and it not in self.said.idle and self.said.spans[it].does("only", "alone")
            ]
            item.only = bool(only)
            if only and item.is_noun:  # "trials only"
                item.only = False
                self.said.idle |= set(only)
            if self.said.has("only") and item.is_noun and item.negated:  # "only in NK-92, never in another source"
                self.said.idle |= {
                    it for it in range(place - 3, max(item.places) + 1) if self._is_closed(it)
                } | item.places
                item.places = set()
            if before >= 0 and self.said.spans[before].does("both") and item.each:
                item.joiner = "both"

    def _is_closed(self, place: int) -> bool:
        return 0 <= place < len(self.said.spans) and self.said.spans[place].kind == "role"

    def _is_asked(self, place: int) -> bool:
        before = self.said.before(place)
        while before >= 0 and self.said.spans[before].does("disclosed"):  # "which named products"
            before = self.said.before(before)
        return before >= 0 and self.said.spans[before].does(*_QUESTION) and not self._is_relative(before)

    def _mark_asked(self) -> None:
        """Mark the nouns that are asked for: after a question word, in a list of such, or after a colon or "with"."""
        opened = False
        for number, item in enumerate(self.said.items):
            first = min(item.places)
            start = max(self.said.items[number - 1].places) + 1 if number else 0
            between = self.said.spans[start:first]
            leads = number == 0 and any(span.does(*_RANKS) for span in between)  # "top 3 sponsors"
            leads |= number == 1 and self.said.spans[0].does(*_RANKS) and self.said.items[0].test is not None
            if leads or any(
                span.does(*_QUESTION) and not self._is_relative(start + n) for n, span in enumerate(between)
            ):
                opened = True
            elif number and opened and self.said.items[number - 1].things and not (item.classes or between):
                opened = False  # "which CAR-NK products express": the verb is not asked for
            elif number and opened and self.said.items[number - 1].asked:
                opened = self.said.spans[start - 1].after in (",", "/") or any(span.does("and") for span in between)
            elif number and (self.said.items[number - 1].asked or between):
                opened = False
            if item.is_noun and opened and not item.negated:
                item.asked = True


def _alike(one: Item, other: Item) -> bool:
    """Say whether two things can be parts of one list."""
    return bool({entry.class_iri for entry in one.things} & {entry.class_iri for entry in other.things})


def _is_verb(span: Span) -> bool:
    """Say whether a mention means a property alone, such as "targets" in "does not target"."""
    things = [thing for thing in span.meaning.things if thing.class_iri not in _BESIDE_NOUNS]
    return bool(span.meaning.properties) and not things


def _is_measured(span: Span) -> bool:
    """Say whether a verb means a measure, such as "works"."""
    return bool(span.meaning.things) and all(thing.class_iri == KG + "Measure" for thing in span.meaning.things)
