"""From the items of a sentence to conditions on things of one class, and to what is shown of these."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from kg.ask.conditions import FIRST_POSTED, Conditions
from kg.ask.plan import (
    All,
    Column,
    Compared,
    Every,
    Given,
    Linked,
    Named,
    OnlyLinked,
    Union,
    Valued,
    Within,
)
from kg.ask.routes import ORGANIZATION, TRIAL, names_of
from kg.ask.together import Impossible, Part, together
from kg.model.iris import KG, named_class

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.ask.plan import Things
    from kg.ask.sentence import Item, Sentence
    from kg.ask.vocabulary import Vocabulary

__all__ = ["Reading"]

_MODIFICATION = KG + "GeneticModification"
_ANY_ORGANIZATION = ("organi", "sponsor", "instit")
_REGISTERED = KG + "hasRegistry"


class Reading:
    """Reads the items of a sentence for one class that can be asked for.

    Attributes:
        places: the spans that are accounted for.
        columns: what is shown of each thing.
        parts: the conditions.
    """

    def __init__(
        self, vocabulary: Vocabulary, sentence: Sentence, focus: str, heads: Sequence[Item], turn: int = 0
    ) -> None:
        """Take what is read.

        Args:
            vocabulary: the words of the graph.
            sentence: what was asked.
            focus: the class of the things that are asked for.
            heads: what is shown of them.
            turn: how near the meanings are that are taken; see :class:`kg.ask.conditions.Conditions`.
        """
        self.vocabulary, self.sentence, self.schema = vocabulary, sentence, vocabulary.schema
        self.focus, self.heads, self.turn = focus, list(heads), turn
        self.conditions = Conditions(vocabulary, sentence, focus, turn)
        self.places: set[int] = set()
        self.columns: list[Column] = []
        self.parts: list[Part] = []

    def take(self, *roles: str) -> None:
        """Account for the closed words that do any of these roles."""
        for role in roles:
            self.places |= set(self.sentence.marks.get(role, ()))

    def unite(self) -> None:
        """Join the conditions on both sides of an "or" that no list explains: either is enough.

        Raises:
            Impossible: if one side sets none.
        """
        placed = [part for part in self.parts if part.places]
        for place in self.sentence.marks.get("or", ()):
            listed = [item for item in self.sentence.items if min(item.places) < place < max(item.places)]
            is_led = self.sentence.spans[place].text.casefold() == "either"
            if is_led or place in self.sentence.idle or listed or not self.parts:
                continue
            before = max(
                (part for part in placed if max(part.places) < place), key=lambda it: max(it.places), default=None
            )
            after = min(
                (part for part in placed if min(part.places) > place), key=lambda it: min(it.places), default=None
            )
            if not before or not after or before.negated or after.negated:
                raise Impossible
            self.parts = [part for part in self.parts if part is not before and part is not after]
            self.parts.append(Part(Union((before.things, after.things)), before.places | after.places, silent=True))

    def things(self) -> tuple[Things, list[Part]]:
        """Return the things that are meant, and what is denied of them though no document lists it in full."""
        things, silent = together(self.focus, self.parts)
        if named_class(self.focus) == TRIAL and not any(isinstance(part.things, Named) for part in self.parts):
            way = next(hop for hop in self.conditions.routes.steps[TRIAL] if hop.property == _REGISTERED)
            registered = Linked(((way,),), Every(way.end))
            parts = things.parts if isinstance(things, All) else (things,)
            things = All((*parts, registered))
        return things, silent

    def read(self, skip: Item | None = None, without: Sequence[Item] = ()) -> None:
        """Read each item as a condition, a column, or a word for what is asked."""
        items = [item for item in self.sentence.items if not (skip and item.places & skip.places)]
        items = [item for item in items if not any(item is other for other in without)]
        later: list[Item] = []
        taken: set[int] = set()
        if not self.turn:
            self._compose(items, taken)
        for number, item in enumerate(items):
            if id(item) in taken:
                continue
            if any(item is head for head in self.heads):
                self.show(item)
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
        for one, other in pairwise(items):
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
                self.take("not")
        if any(isinstance(part.things, OnlyLinked) for part in parts):
            self.take("only", "alone")
        self.take("both")

    def _quantity(self, items: Sequence[Item], number: int, taken: set[int]) -> None:
        """Read a number or a span of days with the noun beside it."""
        item = items[number]
        roles = ("greater", "less", "at least", "at most", "equal", "between", "or more", "or fewer")
        if item.test and not isinstance(item.test, Compared) and isinstance(getattr(item.test, "first", 0), str):
            self._add([self.conditions.days(item)])
            self.take(*roles, "before", "after", "since", "or later", "or earlier", "posted")
            return
        if isinstance(item.test, Compared) and not item.test.sign and self.is_cardinal(item):
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
                self.take(*roles, "count")
                return
        self._add([self.conditions.number(item, None)])
        self.take(*roles)
        self.places |= set(self.sentence.patients)

    def is_cardinal(self, item: Item) -> bool:
        """Say whether a number only says how many of the things asked for there are."""
        after = self.sentence.following(max(item.places))
        before = self.sentence.before(min(item.places))
        spans = self.sentence.spans
        ranks = ("most", "fewest", "highest", "lowest", "earliest", "latest")
        if before >= 0 and spans[before].does(*ranks):
            return True
        if after >= len(spans):
            return False
        return spans[after].does(*ranks) or any(after in head.places for head in [*self.heads, *self.focus_nouns()])

    def focus_nouns(self) -> list[Item]:
        """Return the nouns that name the class asked for."""
        return [item for item in self.sentence.items if self.focus in item.classes]

    def _noun(self, item: Item) -> None:
        """Read a noun that is neither asked for nor named: the class itself, the way to another, or a column."""
        names = {named_class(iri) for iri in item.classes} | set(item.properties)
        if self.focus in item.classes or named_class(self.focus) in names or names & self.conditions.explained:
            self.places |= item.places
            return
        if self._is_shown(item):
            self.show(item)
            return
        numbers = [iri for iri in item.properties if self.schema.properties[iri].is_number]
        if item.negated and numbers:  # "never enrolled anybody"
            ways = self.conditions._to(self.schema.properties[numbers[0]].domain)
            if ways is None:
                raise Impossible
            self._add([Part(Valued(ways, (numbers[0],), Compared("=", 0)), set(item.places))])
            self.take("not")
            return
        for iri in item.classes:
            if iri == ORGANIZATION and not item.text.casefold().startswith(_ANY_ORGANIZATION):
                raise Impossible  # which of them are companies is not recorded
            ways = self.conditions.ways(iri)
            self._add([Part(Linked(ways, Every(iri)), set(item.places), item.negated, silent=True)])
            return
        for iri in item.properties:
            property_ = self.schema.properties[iri]
            hops = [hop for hop in self.conditions.routes.steps.get(named_class(self.focus), ()) if hop.property == iri]
            is_open = not any(other.asked for other in self.sentence.items) and not self.columns
            if hops and not property_.is_literal and is_open and self.sentence.has("which", "where", "who", "how"):
                self.show(item)
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
        self.show(item)
        if not self.parts and not item.asked and not self.sentence.is_yes_no:
            self.require(self.columns[-1])  # "which products were discontinued": those of which it is said

    def require(self, column: Column) -> None:
        """Leave out the things that have nothing in a column."""
        if column.property:
            is_number = self.schema.properties[column.property].is_number  # "that did enroll"
            test = Compared(">", 0) if is_number else Given()
            condition: Things = Valued(column.ways, (column.property,), test)
        else:
            condition = Linked(column.ways, Every(column.kind))
        self.parts.append(Part(condition, silent=True))

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

    def show(self, item: Item) -> None:
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
                owners = self.conditions._to(property_.domain)
                if owners is not None:
                    self.columns.append(Column(property_.label, owners[:1], property=iri))
                    self.places |= item.places
                    return
            else:
                for hop in self.conditions.routes.steps.get(named_class(self.focus), ()):
                    if hop.property == iri:
                        self.columns.append(Column(property_.words[0 if hop.forward else 1], ((hop,),), hop.end))
                        self.places |= item.places
                        return
        raise Impossible

    def show_class(self, class_iri: str, *roles: str) -> None:
        """Show things of a class that a question word asks for, such as who."""
        self.take(*roles)
        if named_class(self.focus) == class_iri or any(column.kind == class_iri for column in self.columns):
            return
        ways = self.conditions.ways(class_iri)
        self.columns.append(Column(self.schema.classes[class_iri].label, ways, class_iri))

    def show_date(self) -> None:
        """Show when a trial was first posted.

        Raises:
            Impossible: if no word says so, and thus another date may be meant.
        """
        is_said = any(FIRST_POSTED in item.properties or isinstance(item.test, Within) for item in self.sentence.items)
        if not is_said and not self.sentence.has("posted", "earliest", "latest"):
            raise Impossible
        self.take("when", "posted")
        ways = self.conditions._to(TRIAL)
        if ways is None:
            raise Impossible
        self.columns.append(Column(self.schema.properties[FIRST_POSTED].label, ways[:1], property=FIRST_POSTED))


def _is_of_target(item: Item) -> bool:
    """Say whether an item asks for targets, which are those of CARs."""
    return bool({KG + "hasTarget", KG + "studiesTarget"} & set(item.properties)) or KG + "Target" in item.classes
