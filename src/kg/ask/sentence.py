"""From spans to what a sentence says: what is asked, what is named, and what negates, counts, compares and orders it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kg.ask.plan import Compared, Within
from kg.ask.quantity import Days
from kg.model.iris import KG

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.ask.link import Span
    from kg.ask.plan import Test
    from kg.ask.vocabulary import Vocabulary
    from kg.query.thing_names import Entry

__all__ = ["Item", "Sentence", "read_sentence"]

_QUESTION = ("which", "who", "when", "where", "why", "how", "how long", "how large", "count", "show", "sum")
_RANKS = ("most", "fewest", "highest", "lowest", "earliest", "latest")
_SIGNS = {"greater": ">", "less": "<", "at least": ">=", "at most": "<=", "equal": "="}
_AFTER_SIGNS = {"or more": ">=", "or fewer": "<="}
_DAY_SIGNS = ("before", "after", "since", "or later", "or earlier", "greater", "less", "at least", "at most")
ENROLLMENT = KG + "enrollment"
UNDISCLOSED = KG + "doesNotDisclose"
_BESIDE_NOUNS = {KG + "Aspect", KG + "Measure"}  # things that share their name with a class or a property
_KINDS = {
    KG + "ModificationKind": KG + "GeneticModification",
    KG + "ModificationPurpose": KG + "GeneticModification",
    KG + "ProductKind": KG + "Product",
}
_YES_NO = frozenset(
    "is are was were does do did has have had can could will would isn't aren't doesn't don't didn't wasn't".split()
)


@dataclass
class Item:
    """What one part of a sentence names.

    Attributes:
        places: the numbers of its spans.
        text: its words.
        things: what it can name, any of them.
        each: of a list of things, what each part of it can name.
        classes: the classes that it can mean.
        properties: the properties that it can mean.
        values: literal properties with the value that it can be.
        test: what a number or a day must be.
        word: a word that only texts have.
        negated: whether it is denied.
        only: whether nothing else may be.
        joiner: how the parts of a list are joined: ``or``, ``and``, ``both``, ``vs``, a comma or empty.
        asked: whether it stands where it is asked for.
        is_agent: whether it is a property by the name of who does it, such as a sponsor.
    """

    places: set[int]
    text: str
    things: tuple[Entry, ...] = ()
    each: tuple[tuple[Entry, ...], ...] = ()
    classes: tuple[str, ...] = ()
    properties: tuple[str, ...] = ()
    values: tuple[tuple[str, str], ...] = ()
    test: Test | None = None
    word: str = ""
    negated: bool = False
    only: bool = False
    joiner: str = ""
    asked: bool = False
    is_agent: bool = False

    @property
    def is_noun(self) -> bool:
        """Whether it means a class or a property, and no thing or value."""
        return bool(self.classes or self.properties) and not (self.things or self.values or self.test)


@dataclass
class Sentence:
    """What a sentence says.

    Attributes:
        spans: its spans.
        items: what it names, in order.
        marks: the roles of closed words, with their places.
        patients: the places of words for patients.
        is_yes_no: whether it asks for yes or no.
        idle: the places of words that leave nothing out: "alone or with another".
    """

    spans: Sequence[Span]
    items: list[Item] = field(default_factory=list)
    marks: dict[str, list[int]] = field(default_factory=dict)
    patients: list[int] = field(default_factory=list)
    is_yes_no: bool = False
    idle: set[int] = field(default_factory=set)

    def has(self, *roles: str) -> bool:
        """Say whether one of the roles is there."""
        return any(role in self.marks for role in roles)

    def before(self, place: int) -> int:
        """Return the place of the next span before one that is no mere function word, or -1."""
        place -= 1
        while place >= 0 and self.spans[place].does("function") and len(self.spans[place].roles) == 1:
            place -= 1
        return place

    def following(self, place: int) -> int:
        """Return the place of the next span after one that is no mere function word, or the end."""
        place += 1
        while place < len(self.spans) and self.spans[place].does("function") and len(self.spans[place].roles) == 1:
            place += 1
        return place


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
        self._find_idle()
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
                said.items.append(self._days(place))
            elif span.kind == "number":
                if item := self._number(place):
                    said.items.append(item)
            elif span.kind == "mention" or (span.meaning.classes and not span.does("unit") and self._is_asked(place)):
                self._mention(place, span)
            elif span.kind in ("word", "unknown"):
                said.items.append(Item({place}, span.text, word=span.text))
        if len(said.items) == 1 and said.items[0].things and said.has("which", "who", "where"):  # "what does it carry"
            verbs = [(n, it) for n, it in enumerate(spans) if it.does("relation") and it.meaning.properties]
            said.items += [Item({n}, it.text, properties=it.meaning.properties, asked=True) for n, it in verbs]
        self._order()
        self._oppose()
        self._deny()
        said.items = [item for item in said.items if item.places]
        self._mark_asked()
        for place in said.marks.get("per", ()):  # "sponsor and phase for each"
            if said.following(place) >= len(spans) and said.before(place) >= 0 and not said.has("count"):
                said.idle.add(place)
        return said

    def _is_relative(self, place: int) -> bool:
        """Say whether a question word leads a clause on the noun before it: "trials where", "companies which"."""
        span = self.said.spans[place]
        before = self.said.spans[place - 1] if place else None
        return bool(
            before
            and span.does("which", "who", "where", "when")
            and span.text.casefold() in ("which", "who", "whose", "where", "when")
            and before.kind == "mention"
            and (before.meaning.classes or before.meaning.things)
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
                if place is not None:  # what has no value is not counted for any
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

    def _find_idle(self) -> None:
        """Find the words that leave nothing out: "alone or combined with a second antigen", "bispecific ones included"."""
        spans = self.said.spans
        for place, span in enumerate(spans):
            if span.does("alone") and place + 1 < len(spans) and spans[place + 1].does("patients"):
                self.said.idle.add(place)  # "a single patient"
            is_whether = span.text.casefold() == "whether" and place and spans[place - 1].after == ","
            if span.does("inclusive") or (is_whether and any(other.does("or") for other in spans[place:])):
                last = place
                while last + 1 < len(spans) and not spans[last].after:
                    last += 1
                self.said.idle |= set(range(place, last + 1))
            if not span.does("or", "included", "and"):
                continue
            around = range(max(0, place - 4), min(len(spans), place + 5))
            if span.does("included"):
                ones = [number for number in around if spans[number].text.casefold() in ("ones", "one")]
                if ones:
                    self.said.idle |= set(range(min(*ones, place) - (ones[0] < place), max(*ones, place) + 1))
                continue
            before = [
                number for number in around if number < place and spans[number].does("alone", "joined", "several")
            ]
            after = [number for number in around if number > place and spans[number].does("alone", "joined", "several")]
            sorts = [{role for role, _ in spans[number].roles} for number in (*before[-1:], *after[:1])]
            if len(sorts) == 2 and sum("alone" in roles for roles in sorts) == 1:
                last = after[0]
                while last + 1 < len(spans) and not spans[last].after and self._is_vague(spans[last + 1]):
                    last += 1
                self.said.idle |= set(range(before[-1], last + 1))

    @staticmethod
    def _is_vague(span: Span) -> bool:
        """Say whether a word names nothing of its own: "with a second antigen", "with anything else"."""
        return span.does("function", "second", "earliest") or bool(span.meaning.classes and not span.meaning.things)

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
        is_head = not (following and following.kind == "mention" and not span.after)
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

    def _days(self, place: int) -> Item:
        """Return a span of days with what says before, after, since or between."""
        spans, said = self.said.spans, self.said
        days, places = spans[place].days, {place}
        before, after = said.before(place), said.following(place)
        second = (
            said.following(after) if after < len(spans) and spans[after].does("and", "before", "at most") else after
        )
        if after < len(spans) and spans[after].text.casefold() in ("to", "and", "until", "through", "till"):
            second = after + 1
        else:
            second = after if after < len(spans) and spans[place].after in ("-", "\u2013") else second
        if second < len(spans) and spans[second].kind == "days" and second > place:
            self.used.add(second)
            places |= {second}
            days = Days(days.first, spans[second].days.until)
        elif (before >= 0 and spans[before].does("before", "less")) or (
            after < len(spans) and spans[after].does("or earlier")
        ):
            days = Days("", days.first if before >= 0 and spans[before].does("before", "less") else days.until)
        elif before >= 0 and spans[before].does("after", "greater") and not spans[before].does("since"):
            days = Days(days.until, "")
        elif (before >= 0 and spans[before].does("since")) or (after < len(spans) and spans[after].does("or later")):
            days = Days(days.first, "")
        return Item(places, spans[place].text, test=Within(*days))

    def _number(self, place: int) -> Item | None:
        """Return a number with its sign and what it counts."""
        spans, said = self.said.spans, self.said
        number, places = spans[place].number, {place}
        before, after = said.before(place), said.following(place)
        sign = next((_SIGNS[role] for role, _ in spans[before].roles if role in _SIGNS), "") if before >= 0 else ""
        if after < len(spans) and (
            found := next((s for role, s in _AFTER_SIGNS.items() if spans[after].does(role)), "")
        ):
            sign, after = found, said.following(after)
        if before >= 0 and spans[before].does("between") and after + 1 < len(spans):
            second = after + 1 if spans[after].does("and") or spans[after].text.casefold() == "to" else after
            if spans[second].kind == "number":
                self.used.add(second)
                return Item({place, second}, spans[place].text, test=Within(number, spans[second].number))
        item = Item(places, spans[place].text, test=Compared(sign or "", number))
        if after < len(spans) and spans[after].does("patients"):
            item.properties = (ENROLLMENT,)
        return item

    def _is_asked(self, place: int) -> bool:
        before = self.said.before(place)
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
