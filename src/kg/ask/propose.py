"""From a sentence to plans: what is asked for, of which things, under which conditions."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kg.ask.conditions import FIRST_POSTED, Conditions, Impossible, Part, nested
from kg.ask.plan import (
    All,
    Column,
    Compared,
    Counted,
    Every,
    Group,
    Linked,
    Named,
    Numbered,
    OnlyLinked,
    Rows,
    Sides,
    Sum,
    Top,
    Union,
    Valued,
    Verdict,
    Within,
)
from kg.ask.routes import ARM, ORGANIZATION, PRODUCT, TRIAL, names_of
from kg.ask.sentence import ENROLLMENT, Item
from kg.model.iris import KG, PREFIXES, named_class
from kg.model.schema import THING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kg.ask.plan import Plan, Things
    from kg.ask.sentence import Sentence
    from kg.ask.vocabulary import Vocabulary
    from kg.query.thing_names import Entry

__all__ = ["Proposal", "propose"]

_RECORDS = {
    KG + name for name in ("Finding", "Observation", "Administration", "RegulatoryEvent", "Sourced", "Statement")
}
_RECORDS |= {KG + name for name in ("Measure", "AdverseEvent", "Evidence", "Conflict", "Aspect")}
_MODIFICATION = KG + "GeneticModification"
_REGISTERED = KG + "hasRegistry"
_ALL = 10_000
_TIMES = frozenset("earlier later older newer before after".split())
_MOST_FOCI = 8
_MOST_WAYS = 8
_MOST_WIDE = 4
_WIDE = (TRIAL, PRODUCT, _MODIFICATION)


class Proposal(NamedTuple):
    """A plan with what it accounts for.

    Attributes:
        plan: what the question may mean.
        kind: the class of what is asked for.
        places: the spans that are part of it.
        silent: what is denied though no document lists it in full.
        notes: what was decided, to be said aloud.
        turn: how near the meanings are that were taken, 0 for the nearest.
    """

    plan: Plan
    kind: str
    places: frozenset[int]
    silent: tuple[Things, ...] = ()
    notes: tuple[str, ...] = ()
    turn: int = 0


def propose(vocabulary: Vocabulary, sentence: Sentence) -> Iterator[Proposal]:
    """Yield the plans that a sentence can mean, likely ones first."""
    seen = set()
    foci = list(_foci(vocabulary, sentence))[:_MOST_FOCI]
    for turn in range(3):
        for focus, heads in foci:
            if turn == 2 and (
                focus not in _WIDE
                or sentence.is_yes_no
                or sum(bool(item.things) for item in sentence.items) > _MOST_WIDE
            ):
                continue
            try:
                for proposal in _Proposer(vocabulary, sentence, focus, heads, turn).proposals():
                    if proposal.plan not in seen:
                        seen.add(proposal.plan)
                        yield proposal._replace(turn=turn)
            except Impossible:
                continue


def _is_disclosed(sentence: Sentence, item: Item) -> bool:
    """Say whether a noun is said to be known: "whose cell source is disclosed"."""
    after = next((span for span in sentence.spans[max(item.places) + 1 :] if not span.does("function")), None)
    return bool(after and after.does("disclosed"))


def _is_of_target(item: Item) -> bool:
    """Say whether an item asks for targets, which are those of CARs."""
    return bool({KG + "hasTarget", KG + "studiesTarget"} & set(item.properties)) or KG + "Target" in item.classes


def _foci(vocabulary: Vocabulary, sentence: Sentence) -> Iterator[tuple[str, list[Item]]]:
    """Yield the classes that can be asked for, with the nouns that are then columns."""
    heads = [item for item in sentence.items if item.asked]
    for item in heads:  # "sponsors" are organizations
        is_agent = item.text.casefold().endswith(("or", "ors", "er", "ers"))
        if is_agent and not item.classes and vocabulary.schema.properties[item.properties[0]].range == ORGANIZATION:
            item.classes, item.is_agent = (ORGANIZATION,), True
    classes = [item for item in heads if item.classes]
    of_trial = [thing for item in sentence.items for thing in item.things if thing.class_iri == TRIAL]
    bare = [item for item in sentence.items if item.classes and item.is_noun and not item.asked]
    shown = [item for item in bare if not _is_disclosed(sentence, item)]
    named = [thing.class_iri for item in sentence.items for thing in item.things if not item.negated]
    found: list[tuple[str, list[Item]]] = []
    for role in ("most", "fewest", "second"):
        for place in sentence.marks.get(role, ()):
            near = [item for item in [*classes, *bare] if place < min(item.places) <= place + 3]
            found += [(iri, [head for head in heads if head is not near[0]]) for iri in near[0].classes] if near else []
    if not classes and (sentence.has("posted") or any(isinstance(item.test, Within) for item in sentence.items)):
        found.append((TRIAL, heads))
    if len(heads) == 1 and classes:
        found += [(iri, []) for iri in classes[0].classes]
    entities = [item for item in classes if set(item.classes) & {TRIAL, PRODUCT}]
    for item in [*entities[:1], *(item for item in bare if set(item.classes) & {TRIAL, PRODUCT})]:
        found += [(iri, [head for head in heads if head is not item]) for iri in item.classes]
    if len(heads) > 1 or (heads and not classes) or sentence.has("who", "when", "where"):
        for class_iri in dict.fromkeys(named):
            found.append((class_iri, heads))
        for item in heads:
            for iri in item.properties:
                domain = vocabulary.schema.properties[iri].domain
                if domain not in (THING, ARM):
                    found.append((domain, heads))
    if classes:
        found += [(iri, [head for head in heads if head is not classes[0]]) for iri in classes[0].classes]
    if sentence.has("kinds") and not heads:  # "which sarcoma types are there"
        broad = [thing for item in sentence.items for thing in item.things if thing.iri in vocabulary.broad]
        found += [(thing.class_iri, []) for thing in broad]
    if sentence.has("who"):
        found.append((ORGANIZATION, heads))
    if sentence.has("where") and not classes:
        found.append((TRIAL, heads))
    if not heads:
        found += [(iri, [other for other in shown if other is not item]) for item in bare for iri in item.classes]
        found += [(iri, []) for item in bare for iri in item.classes]
        if not bare and not sentence.is_yes_no:
            found += [
                (class_iri, [item for item in sentence.items if item.is_noun]) for class_iri in dict.fromkeys(named)
            ]
    if sentence.is_yes_no:
        found += [(class_iri, heads) for class_iri in dict.fromkeys(named)]
    if (
        sentence.is_yes_no
        or sentence.patients
        or sentence.has("most", "fewest", "highest", "lowest", "earliest", "latest", "when")
    ):
        found.append((TRIAL, heads))
    if len(heads) == 1 and of_trial and any(named_class(iri) in vocabulary.aspects for iri in heads[0].classes):
        found.insert(0, (TRIAL, heads))  # it may be that it is not disclosed
    if not classes and sentence.has("anything"):
        found.insert(0, (TRIAL, heads))
    kept = [(focus, tuple(map(id, columns))) for focus, columns in found]
    for number, (focus, columns) in enumerate(found):
        if focus not in _RECORDS and kept.index((focus, tuple(map(id, columns)))) == number:
            yield focus, columns


class _Proposer:
    """Builds the plans of a sentence for one class that can be asked for."""

    def __init__(
        self, vocabulary: Vocabulary, sentence: Sentence, focus: str, heads: Sequence[Item], turn: int = 0
    ) -> None:
        self.vocabulary, self.sentence, self.focus, self.heads, self.turn = (
            vocabulary,
            sentence,
            focus,
            list(heads),
            turn,
        )
        self.schema = vocabulary.schema
        self.conditions = Conditions(vocabulary, sentence, focus, turn)
        self.places: set[int] = set()
        self.notes: list[str] = []
        self.columns: list[Column] = []
        self.parts: list[Part] = []

    def proposals(self) -> Iterator[Proposal]:
        sentence = self.sentence
        if sentence.has("every") and sentence.is_yes_no:
            raise Impossible  # whether all are so, silence leaves open
        if sentence.has("compare", "more") or (sentence.has("or") and sentence.has("most", "more")):
            yield from self._sides()
        if sentence.is_yes_no and (found := self._verdict()):
            yield found
            return
        grouped = self._grouped()
        self._read(skip=grouped)
        self._take("every")
        if sentence.has("several"):
            target = KG + "Target"
            self._add([Part(Numbered(self.conditions.ways(target), named_class(target), Compared(">", 1)))])
            self._take("several")
        if sentence.has("where") and any(column.kind and column.kind != ORGANIZATION for column in self.columns):
            self._take("where")  # from where the cells come
        elif sentence.has("where") and self.turn and named_class(self.focus) == TRIAL:
            self._take("where")  # in which trials
        elif sentence.has("who", "where"):
            self._column_of(ORGANIZATION, "who", "where")
        is_ranked = sentence.has("most", "fewest", "earliest", "latest")
        if sentence.has("when") and not is_ranked and not any(column.property for column in self.columns):
            self._dated()
        for item in sentence.items:
            is_counted_for = sentence.has("most", "fewest", "second", "per")
            if (
                item.is_agent
                and self.focus in item.classes
                and not is_counted_for
                and not set(item.properties) & self.conditions.explained
            ):
                raise Impossible
        self._unite()
        things, silent = self._things()
        yield from self._plans(things, grouped, tuple(part.things for part in silent))

    def _proposal(self, plan: Plan, silent: tuple[Things, ...] = (), *roles: str) -> Proposal:
        self._take(*roles)
        if sum(len(part.things.ways) for part in self.parts if isinstance(part.things, Linked)) > _MOST_WAYS:
            raise Impossible  # what hangs together in so many ways is not what was meant
        if sum(len(column.ways) for column in self.columns) > _MOST_WAYS:
            raise Impossible
        return Proposal(plan, self.focus, frozenset(self.places), silent, tuple(self.notes))

    def _take(self, *roles: str) -> None:
        for role in roles:
            self.places |= set(self.sentence.marks.get(role, ()))

    def _unite(self) -> None:
        """Join the conditions on both sides of an "or" that no list explains: either is enough.

        Raises:
            Impossible: if one side sets none.
        """
        for place in self.sentence.marks.get("or", ()):
            listed = [item for item in self.sentence.items if min(item.places) < place < max(item.places)]
            is_led = self.sentence.spans[place].text.casefold() == "either"
            if is_led or place in self.sentence.idle or listed or not self.parts:
                continue
            before = max(
                (part for part in self.parts if max(part.places) < place), key=lambda it: max(it.places), default=None
            )
            after = min(
                (part for part in self.parts if min(part.places) > place), key=lambda it: min(it.places), default=None
            )
            if not before or not after or before.negated or after.negated:
                raise Impossible
            self.parts = [part for part in self.parts if part is not before and part is not after]
            self.parts.append(Part(Union((before.things, after.things)), before.places | after.places, silent=True))

    def _things(self) -> tuple[Things, list[Part]]:
        things, silent = self.conditions.together(self.parts)
        if named_class(self.focus) == TRIAL and not any(isinstance(part.things, Named) for part in self.parts):
            way = next(hop for hop in self.conditions.routes.steps[TRIAL] if hop.property == _REGISTERED)
            registered = Linked(((way,),), Every(way.end))
            parts = things.parts if isinstance(things, All) else (things,)
            things = All((*parts, registered))
        return things, silent

    def _read(self, skip: Item | None = None) -> None:
        """Read each item as a condition, a column, or a word for what is asked."""
        items = [item for item in self.sentence.items if not (skip and item.places & skip.places)]
        later: list[Item] = []
        taken: set[int] = set()
        if not self.turn:
            self._compose(items, taken)
        for number, item in enumerate(items):
            if id(item) in taken:
                continue
            if any(item is head for head in self.heads):
                self._column(item)
            elif self._is_whole(item, items):
                self.places |= item.places
            elif item.test is not None:
                self._quantity(items, number, taken)
            elif item.things:
                self._add(self.conditions.named(item))
            elif item.values:
                self._add([self.conditions.value(item)])
            elif item.word:
                self._add([self.conditions.word(item)])
            else:
                later.append(item)
        for item in (item for item in later if id(item) not in taken):
            self._noun(item)

    def _is_whole(self, item: Item, items: Sequence[Item]) -> bool:
        """Say whether a modification is named only as what another is a part of: "costim domain in the CAR"."""
        kinds = {thing.class_iri for thing in item.things if thing.iri in self.vocabulary.broad}
        return kinds == {_MODIFICATION} and any(
            other is not item and (self.conditions.is_of_modification(other) or _is_of_target(other)) for other in items
        )

    def _compose(self, items: Sequence[Item], taken: set[int]) -> None:
        """Read what stands beside the purpose or the kind of a modification as what that modification is of."""
        for one, other in zip(items, items[1:], strict=False):
            between = self.sentence.spans[max(one.places) + 1 : min(other.places)]
            if any(not span.does("function", "relation") for span in between) or {id(one), id(other)} & taken:
                continue
            for kind, of in ((other, one), (one, other)):
                try:
                    parts = self.conditions.composed(kind, of)
                except Impossible:
                    continue
                self._add(parts)
                taken |= {id(one), id(other)}
                break

    def _add(self, parts: Sequence[Part]) -> None:
        self.parts += parts
        for part in parts:
            self.places |= part.places
            if part.negated:
                self._take("not")
        if any(isinstance(part.things, OnlyLinked) for part in parts):
            self._take("only", "alone")
        self._take("both")

    def _quantity(self, items: Sequence[Item], number: int, taken: set[int]) -> None:
        """Read a number or a span of days with the noun beside it."""
        item = items[number]
        roles = ("greater", "less", "at least", "at most", "equal", "between", "or more", "or fewer")
        if item.test and not isinstance(item.test, Compared) and isinstance(getattr(item.test, "first", 0), str):
            self._add([self.conditions.days(item)])
            self._take(*roles, "before", "after", "since", "or later", "or earlier", "posted")
            return
        if isinstance(item.test, Compared) and not item.test.sign and self._is_cardinal(item):
            self.places |= item.places  # how many there are is said of what is asked for: "the two", "top 3"
            return
        following = items[number + 1] if number + 1 < len(items) else None
        before = items[number - 1] if number else None
        for noun in (before, following):
            if noun and noun.is_noun and not any(noun is head and noun.classes for head in self.heads):
                try:
                    part = self.conditions.number(item, noun)
                except Impossible:
                    continue
                taken.add(id(noun))
                self._add([part])
                self.places |= noun.places
                self._take(*roles, "count")
                return
        self._add([self.conditions.number(item, None)])
        self._take(*roles)
        self.places |= set(self.sentence.patients)

    def _is_cardinal(self, item: Item) -> bool:
        """Say whether a number only says how many of the things asked for there are."""
        after = self.sentence.following(max(item.places))
        before = self.sentence.before(min(item.places))
        spans = self.sentence.spans
        ranks = ("most", "fewest", "highest", "lowest", "earliest", "latest")
        if before >= 0 and spans[before].does(*ranks):
            return True
        if after >= len(spans):
            return False
        return spans[after].does(*ranks) or any(after in head.places for head in [*self.heads, *self._focus_nouns()])

    def _focus_nouns(self) -> list[Item]:
        return [item for item in self.sentence.items if self.focus in item.classes]

    def _noun(self, item: Item) -> None:
        """Read a noun that is neither asked for nor named: the class itself, the way to another, or a column."""
        names = {named_class(iri) for iri in item.classes} | set(item.properties)
        if self.focus in item.classes or named_class(self.focus) in names or names & self.conditions.explained:
            self.places |= item.places
            return
        if self._is_shown(item):
            self._column(item)
            return
        numbers = [iri for iri in item.properties if self.schema.properties[iri].is_number]
        if item.negated and numbers:  # "never enrolled anybody"
            ways = self.conditions._to(self.schema.properties[numbers[0]].domain)
            if ways is None:
                raise Impossible
            self._add([Part(Valued(ways, (numbers[0],), Compared("=", 0)), set(item.places))])
            self._take("not")
            return
        for iri in item.classes:
            ways = self.conditions.ways(iri)
            self._add([Part(Linked(ways, Every(iri)), set(item.places), item.negated, silent=True)])
            return
        for iri in item.properties:
            property_ = self.schema.properties[iri]
            hops = [hop for hop in self.conditions.routes.steps.get(named_class(self.focus), ()) if hop.property == iri]
            is_open = not any(other.asked for other in self.sentence.items) and not self.columns
            if hops and not property_.is_literal and is_open and self.sentence.has("which", "where", "who", "how"):
                self._column(item)
                return
            if hops and not property_.is_literal:
                self._add(
                    [Part(Linked(((hops[0],),), Every(hops[0].end)), set(item.places), item.negated, silent=True)]
                )
                return
            for end in (property_.domain, property_.range) if not property_.is_literal else ():
                ways = self.conditions.routes.between(named_class(self.focus), named_class(end), [{iri}])
                if ways and all(iri in names_of(way) for way in ways):
                    self._add([Part(Linked(ways, Every(ways[0][-1].end)), set(item.places), item.negated, silent=True)])
                    return
        self._column(item)

    def _is_shown(self, item: Item) -> bool:
        """Say whether a noun is to be shown, not to be filtered by: "with phase and sponsor"."""
        if item.negated or not (item.classes or set(item.properties) & self.conditions.shown_properties()):
            return False
        before = self.sentence.before(min(item.places))
        spans = self.sentence.spans
        start = min(item.places)
        leads = [spans[place].text.casefold() for place in range(max(0, before + 1), start)]
        is_led = bool(
            {"with", "their", "its", "and", "by"} & {*leads, spans[before].text.casefold() if before >= 0 else ""}
        )
        is_listed = before >= 0 and spans[start - 1].after in (",", ":", "-", "\u2013")
        return is_led or is_listed

    def _column(self, item: Item) -> None:
        """Show what a noun means.

        Raises:
            Impossible: if things of the class have none.
        """
        for iri in () if item.is_agent else item.classes:
            if named_class(iri) == named_class(self.focus):
                self.places |= item.places
                return
            ways = self.conditions.routes.between(named_class(self.focus), named_class(iri), self.conditions.needs)
            if ways:
                self.columns.append(Column(self.schema.classes[iri].label, ways, named_class(iri)))
                self.places |= item.places
                return
        for iri in item.properties:
            property_ = self.schema.properties[iri]
            if property_.is_literal:
                ways = self.conditions._to(property_.domain)
                if ways is not None:
                    self.columns.append(Column(property_.label, ways[:1], property=iri))
                    self.places |= item.places
                    return
            else:
                for hop in self.conditions.routes.steps.get(named_class(self.focus), ()):
                    if hop.property == iri:
                        self.columns.append(Column(property_.words[0 if hop.forward else 1], ((hop,),), hop.end))
                        self.places |= item.places
                        return
        raise Impossible

    def _column_of(self, class_iri: str, *roles: str) -> None:
        """Show things of a class that a question word asks for, such as who."""
        self._take(*roles)
        if named_class(self.focus) == class_iri or any(column.kind == class_iri for column in self.columns):
            return
        ways = self.conditions.ways(class_iri)
        self.columns.append(Column(self.schema.classes[class_iri].label, ways, class_iri))

    def _dated(self) -> None:
        """Show when a trial was first posted.

        Raises:
            Impossible: if no word says so, and thus another date may be meant.
        """
        is_said = any(FIRST_POSTED in item.properties or isinstance(item.test, Within) for item in self.sentence.items)
        if not is_said and not self.sentence.has("posted", "earliest", "latest"):
            raise Impossible
        self._take("when", "posted")
        ways = self.conditions._to(TRIAL)
        if ways is None:
            raise Impossible
        self.columns.append(Column(self.schema.properties[FIRST_POSTED].label, ways[:1], property=FIRST_POSTED))

    def _grouped(self) -> Item | None:
        """Return the noun by which things are counted: after "per", or asked for with "most" of another class."""
        sentence = self.sentence
        for place in sentence.marks.get("per", ()):
            if place in sentence.idle:
                continue
            following = sentence.following(place)
            noun = next((item for item in sentence.items if following in item.places and item.is_noun), None)
            before = next((item for item in sentence.items if place - 1 in item.places and item.is_noun), None)
            found = noun or before
            if found and self.focus not in found.classes:
                return found
        return None

    def _plans(self, things: Things, grouped: Item | None, silent: tuple[Things, ...]) -> Iterator[Proposal]:
        sentence, columns = self.sentence, tuple(self.columns)
        is_alone = not sentence.is_yes_no or len(self.parts) == 1
        sized = named_class(self.focus) == TRIAL and any(
            sentence.following(place) in sentence.patients for place in sentence.marks.get("count", ())
        )
        if not columns and not sized and is_alone and any(isinstance(part.things, Named) for part in self.parts):
            if not self._is_group_named():
                raise Impossible  # a thing is not its own answer
        most = int(next((item.test.number for item in sentence.items if self._is_rank(item)), 0))
        rank = 2 if sentence.has("second") else 0
        descending = sentence.has("most", "highest", "latest", "second")
        for place in sentence.marks.get("sorted", ()):
            by = sentence.spans[place].value("sorted")
            iri = FIRST_POSTED if by in ("oldest", "newest") else ENROLLMENT
            if named_class(self.focus) != TRIAL:
                raise Impossible
            column = Column(self.schema.properties[iri].label, (), property=iri)
            rest = tuple(other for other in columns if other.property != iri)
            whole = Top(things, self.focus, column, _ALL, 0, by in ("newest", "largest"), rest)
            yield self._proposal(whole, silent, "sorted", "posted")
            return
        if any(place not in sentence.idle for place in sentence.marks.get("per", ())):
            yield from self._per(things, grouped, most, silent)
            return
        sizes = [column for column in columns if column.property == ENROLLMENT]
        years = [place for place in sentence.marks.get("when", ()) if "year" in sentence.spans[place].text.casefold()]
        if years and sentence.has("most", "fewest") and named_class(self.focus) == TRIAL:
            by = Column("year", (), property=FIRST_POSTED)
            plan = Group(things, self.focus, by, most or 1, 0, sentence.has("most"))
            yield self._proposal(plan, silent, "when", "posted", "most", "fewest", "count")
            return
        if (
            sentence.has("most", "fewest", "second")
            and not (sizes and named_class(self.focus) == TRIAL)
            and not sentence.has("earliest", "latest", "highest", "lowest")
        ):
            yield from self._ranked(things, most, rank, silent)
            return
        for roles, iri in (
            (("earliest", "latest"), FIRST_POSTED),
            (("highest", "lowest", "most", "fewest"), ENROLLMENT),
        ):
            if sentence.has(*roles) and named_class(self.focus) == TRIAL:
                descending = sentence.has("most", "highest", "latest", "second")
                self._take("posted", "second")
                column = Column(self.schema.properties[iri].label, (), property=iri)
                rest = tuple(other for other in columns if other.property != iri)
                if following_patients := [
                    place for place in sentence.marks.get("count", ()) if sentence.following(place) in sentence.patients
                ]:
                    self.places |= set(following_patients)
                    if iri != ENROLLMENT:
                        rest = (*rest, Column(self.schema.properties[ENROLLMENT].label, (), property=ENROLLMENT))
                plan = Top(things, self.focus, column, most or 1, rank, descending, rest)
                yield self._proposal(plan, silent, *roles, "when", "how large")
                return
        if sentence.has("sum"):
            sizes = [
                column for column in columns if column.property and self.schema.properties[column.property].is_number
            ]
            if sizes:
                yield self._proposal(Sum(things, self.focus, sizes[0]), silent, "sum", "count")
                return
        counted = [place for place in sentence.marks.get("count", ())]
        if counted:
            following = sentence.following(counted[0])
            if following in sentence.patients:
                self.places |= {following}
                if not any(column.property == ENROLLMENT for column in columns) and named_class(self.focus) == TRIAL:
                    columns = (*columns, Column(self.schema.properties[ENROLLMENT].label, (), property=ENROLLMENT))
                yield self._proposal(Rows(things, self.focus, columns), silent, "count")
                return
            is_meant = any(following in item.places for item in self._focus_nouns())
            if sentence.patients and not any(item.asked for item in self._focus_nouns()):
                raise Impossible  # patients are counted, not what they are in
            if not columns or is_meant:
                yield self._proposal(Counted(things, self.focus), silent, "count", "sum")
                return
            yield self._proposal(Rows(things, self.focus, columns), silent, "count")
            return
        yield self._proposal(Rows(things, self.focus, columns), silent)

    def _is_group_named(self) -> bool:
        """Say whether what is named of the class asked for is a concept, below which there are others."""
        things = [thing for part in self.parts if isinstance(part.things, Named) for thing in part.things.things]
        concept = PREFIXES["skos"] + "Concept"
        return all(concept in self.schema.ancestors(thing.class_iri) for thing in things) and bool(
            self.sentence.has("kinds")
            or [item for item in self.sentence.items if item.asked and self.focus in item.classes]
        )

    def _is_rank(self, item: Item) -> bool:
        if isinstance(item.test, Compared) and not item.test.number and not item.test.sign and self._is_cardinal(item):
            raise Impossible  # the first none
        return isinstance(item.test, Compared) and not item.test.sign and self._is_cardinal(item)

    def _per(self, things: Things, grouped: Item | None, most: int, silent: tuple[Things, ...]) -> Iterator[Proposal]:
        """Count things for each value of what follows "per"."""
        units = [place for place, span in enumerate(self.sentence.spans) if span.value("unit") == "year"]
        if grouped:
            before = len(self.columns)
            self._column(grouped)
            if len(self.columns) == before:
                raise Impossible
            by = self.columns.pop()
        elif units:
            by = Column("year", self.conditions._to(TRIAL) or (), property=FIRST_POSTED)
            self.places |= set(units)
            self._take("posted")
        else:
            raise Impossible
        yield self._proposal(Group(things, self.focus, by, most), silent, "per", "count", "sum")

    def _ranked(self, things: Things, most: int, rank: int, silent: tuple[Things, ...]) -> Iterator[Proposal]:
        """Rank the things asked for by how many trials they have, or of what stands after "most"."""
        sentence = self.sentence
        place = min(place for role in ("most", "fewest", "second") for place in sentence.marks.get(role, ()))
        nouns = [item for item in sentence.items if item.is_noun and item.classes and self.focus not in item.classes]
        counted = next((item for item in nouns if min(item.places) > place), None)
        kind = counted.classes[0] if counted else TRIAL
        if named_class(kind) == named_class(self.focus):
            raise Impossible
        is_next = rank or sentence.has("after")
        after = [
            item for item in sentence.items if is_next and len(item.things) == 1 and self._is_of_focus(item.things[0])
        ]
        turned = _Turned(self, kind, after[0] if after else None)
        yield turned.proposal(most or (0 if rank else 1), rank, silent)

    def _is_of_focus(self, thing: Entry) -> bool:
        return thing.class_iri == named_class(self.focus)

    def _sides(self) -> Iterator[Proposal]:
        """Count things of the class on each side of a list of things that "or" joins."""
        sentence = self.sentence
        sides = next(
            (item for item in sentence.items if len(item.each) > 1 and item.joiner in ("or", ",", "and", "vs")), None
        )
        if not sides or sentence.patients or sentence.has("per") or named_class(self.focus) not in (TRIAL, PRODUCT):
            return
        other = [item for item in sentence.items if not item.places & sides.places]
        if any(item.test is not None for item in other) or not (sentence.has("more", "most", "compare", "fewest")):
            return
        proposer = _Proposer(self.vocabulary, sentence, self.focus, [], self.turn)
        proposer._read(skip=sides)
        found: list[tuple[Entry, Things]] = []
        for things in sides.each:
            part = proposer.conditions._one(sides, things)
            base, _ = proposer.conditions.together([*proposer.parts, part])
            proposer.places |= part.places
            entry = (
                part.things.to.things[0]
                if isinstance(part.things, Linked) and isinstance(part.things.to, Named)
                else things[0]
            )
            found.append((entry, base))
        yield proposer._proposal(
            Sides(tuple(found), self.focus), (), "more", "most", "compare", "fewest", "count", "or", "which"
        )

    def _verdict(self) -> Proposal | None:
        """Return the question whether a named thing meets a condition."""
        items = [item for item in self.sentence.items if item.things]
        opposed = next((item for item in items if len(item.each) > 1 and item.joiner == "vs"), None)
        if (
            opposed
            and self.sentence.has("more", "greater", "less", "before", "after")
            and named_class(self.focus) == TRIAL
            and self._is_of_focus(opposed.things[0])
        ):
            roles = ("more", "greater", "less", "before", "after")
            words = {
                self.sentence.spans[place].text.casefold()
                for role in roles
                for place in self.sentence.marks.get(role, ())
            }
            iri = FIRST_POSTED if any(word.split(" ")[0] in _TIMES for word in words) else ENROLLMENT
            self.places |= opposed.places
            column = Column(self.schema.properties[iri].label, (), property=iri)
            return self._proposal(Rows(Named(opposed.things), self.focus, (column,)), (), *roles, "compare", "posted")
        subject = next(
            (item for item in items if len(item.things) == 1 and item.things[0].class_iri == named_class(self.focus)),
            None,
        )
        if not subject:
            return None
        self._read(skip=subject)
        self.places |= subject.places
        columns = [item for item in self.sentence.items if item.things and item.joiner == "or"]
        if not self.parts and not self.columns and not columns:
            raise Impossible
        if not self.parts or columns:
            things = Named(subject.things)
            if not self.columns and columns:
                part = next((it.things for it in self.parts if it.places & columns[0].places), self.parts[0].things)
                if isinstance(part, Linked):
                    end = part.ways[0][-1].end
                    self.columns.append(Column(self.schema.classes[end].label, part.ways, end))
            return self._proposal(Rows(All((Every(self.focus), things)), self.focus, tuple(self.columns)))
        conditions = [part.things for part in self.parts]
        if any(part.negated for part in self.parts):
            raise Impossible
        together = nested(conditions)
        whole = together[0] if len(together) == 1 else All(tuple(together))
        return self._proposal(Verdict(subject.things[0], whole))


class _Turned:
    """A ranking of things by how many others they have: the others are counted for each of them."""

    def __init__(self, asked: _Proposer, kind: str, after: Item | None) -> None:
        self.asked, self.kind, self.after = asked, kind, after
        sentence = asked.sentence
        self.counting = _Proposer(asked.vocabulary, sentence, kind, [], asked.turn)
        nouns = [item for item in sentence.items if item.is_noun and asked.focus in item.classes]
        for item in sentence.items:
            if item in nouns:
                self.counting.places |= item.places
        kept = [item for item in sentence.items if item not in nouns and item is not after]
        if after:
            self.counting.places |= after.places
        reader = self.counting
        whole, sentence.items = sentence.items, kept
        try:
            reader._read()
        finally:
            sentence.items = whole
        self.ways = reader.conditions.ways(asked.focus)

    def proposal(self, most: int, rank: int, silent: tuple[Things, ...]) -> Proposal:
        """Return the plan that counts for each of the things asked for."""
        counting, asked = self.counting, self.asked
        things, more = counting._things()
        by = Column(asked.schema.classes[asked.focus].label, self.ways, named_class(asked.focus))
        descending = asked.sentence.has("most", "second", "highest")
        last = self.after.things[0].iri if self.after else ""
        plan = Group(things, self.kind, by, most, 0 if last else rank, descending, after=last)
        counting.places |= asked.places
        found = counting._proposal(
            plan,
            tuple(part.things for part in more),
            "most",
            "fewest",
            "second",
            "count",
            "highest",
            "after",
            "who",
            "more",
        )
        return found._replace(kind=asked.focus)
