"""From a sentence to plans: what can be asked of the things that it means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.ask.conditions import FIRST_POSTED
from kg.ask.foci import foci
from kg.ask.plan import (
    All,
    Column,
    Compared,
    Counted,
    Every,
    Group,
    Hop,
    Linked,
    Named,
    Numbered,
    Rows,
    Says,
    Sides,
    Sum,
    Valued,
    Verdict,
)
from kg.ask.ranking import Proposal, Ranking
from kg.ask.routes import ORGANIZATION, PRODUCT, TRIAL
from kg.ask.sentence import ENROLLMENT
from kg.ask.together import Impossible, Part, nested, together
from kg.model.iris import KG, PREFIXES, named_class

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.ask.plan import Things
    from kg.ask.sentence import Sentence
    from kg.ask.vocabulary import Vocabulary
    from kg.query.thing_names import Entry

__all__ = ["Proposal", "propose"]

_TIMES = frozenset("earlier later older newer before after".split())
_MOST_FOCI = 8
_MOST_WIDE = 4
_WIDE = (TRIAL, PRODUCT, *(KG + name for name in ("GeneticModification", "Disease", "Target", "CellSource")))


def propose(vocabulary: Vocabulary, sentence: Sentence) -> Iterator[Proposal]:
    """Yield the plans that a sentence can mean, likely ones first."""
    seen = set()
    classes = list(foci(vocabulary, sentence))[:_MOST_FOCI]
    for turn in range(3):
        for focus, heads in classes:
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


class _Proposer(Ranking):
    """Builds the plans of a sentence for one class that can be asked for."""

    def proposals(self) -> Iterator[Proposal]:
        sentence = self.sentence
        if sentence.has("every") and sentence.is_yes_no:
            raise Impossible  # whether all are so, silence leaves open
        if sentence.has("compare", "more") or (sentence.has("or") and sentence.has("most", "more")):
            yield from self._sides()
        if sentence.is_yes_no and (found := self._verdict()):
            yield found
            return
        grouped = self.grouped()
        self._read_nobody()
        self.read(skip=grouped)
        self.take("every")
        if sentence.has("several"):
            target = KG + "Target"
            self._add([Part(Numbered(self.conditions.ways(target), named_class(target), Compared(">", 1)))])
            self.take("several")
        if sentence.has("where") and any(column.kind and column.kind != ORGANIZATION for column in self.columns):
            self.take("where")  # from where the cells come
        elif sentence.has("where") and self.turn and named_class(self.focus) == TRIAL:
            self.take("where")  # in which trials
        elif sentence.has("who", "where"):
            self.show_class(ORGANIZATION, "who", "where")
        is_ranked = sentence.has("most", "fewest", "earliest", "latest") and not (
            sentence.has("when") and any(isinstance(part.things, Named) for part in self.parts)
        )
        if sentence.has("when") and not is_ranked and not any(column.property for column in self.columns):
            self.show_date()
        is_counted_for = sentence.has("most", "fewest", "second", "per")
        for item in sentence.items:
            is_agent = item.is_agent and self.focus in item.classes and not is_counted_for
            if is_agent and not set(item.properties) & self.conditions.explained:
                if self.parts:
                    raise Impossible
                ways = tuple((Hop(iri, False, TRIAL),) for iri in item.properties)  # "how many sponsors are there"
                self.parts.append(Part(Linked(ways, Every(TRIAL))))
        self.unite()
        if not self.parts and self.columns and not self.focus_nouns():
            self.require(self.columns[0])  # "which feeder cells are used": by those that use any
        things, denied = self.things()
        self.silent = tuple(part.things for part in denied)
        if not self._is_asked() and not sentence.has("second", "after"):
            raise Impossible  # a thing is not its own answer
        ranked = list(self.rankings(things, grouped))
        yield from ranked or [self._listed(things)]

    def _read_nobody(self) -> None:
        """Read "no patients" as an enrollment of none."""
        for place in self.sentence.marks.get("not", ()):
            if self.sentence.following(place) in self.sentence.patients and named_class(self.focus) == TRIAL:
                self.conditions.explained.add(ENROLLMENT)
                self.parts.append(Part(Valued((), (ENROLLMENT,), Compared("=", 0)), {place}))
                self.places.add(place)

    def _is_asked(self) -> bool:
        """Say whether something is asked of what is named, and not only the thing itself."""
        named = any(isinstance(part.things, Named) for part in self.parts)
        is_alone = not self.sentence.is_yes_no or len(self.parts) == 1
        return bool(self.columns or self.is_sized() or not is_alone or not named or self._is_group_named())

    def _listed(self, things: Things) -> Proposal:
        """Return the plan that lists, counts or adds up."""
        sentence, columns = self.sentence, tuple(self.columns)
        numbers = [
            column for column in columns if column.property and self.schema.properties[column.property].is_number
        ]
        if sentence.has("average") and numbers:
            return self.proposal(Sum(things, self.focus, numbers[0], is_mean=True), "average", "how large")
        if sentence.has("sum") and numbers:
            return self.proposal(Sum(things, self.focus, numbers[0]), "sum", "count")
        if not sentence.has("count"):
            return self.proposal(Rows(things, self.focus, columns))
        following = sentence.following(sentence.marks["count"][0])
        if following in sentence.patients:
            self.places |= {following}
            if not numbers and named_class(self.focus) == TRIAL:
                columns = (*columns, Column(self.schema.properties[ENROLLMENT].label, (), property=ENROLLMENT))
            return self.proposal(Rows(things, self.focus, columns), "count")
        if sentence.patients and not any(item.asked for item in self.focus_nouns()):
            raise Impossible  # patients are counted, not what they are in
        if not columns:
            return self.proposal(Counted(things, self.focus), "count", "sum")
        if len(columns) == 1 and any(following in item.places for item in self.focus_nouns()):
            return self.proposal(Group(things, self.focus, columns[0]), "count", "sum")
        return self.proposal(Rows(things, self.focus, columns), "count")

    def _is_group_named(self) -> bool:
        """Say whether what is named of the class asked for is a concept, below which there are others."""
        things = [thing for part in self.parts if isinstance(part.things, Named) for thing in part.things.things]
        concept = PREFIXES["skos"] + "Concept"
        return all(concept in self.schema.ancestors(thing.class_iri) for thing in things) and bool(
            self.sentence.has("kinds")
            or [item for item in self.sentence.items if item.asked and self.focus in item.classes]
        )

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
        proposer.read(skip=sides)
        found: list[tuple[Entry, Things]] = []
        for things in sides.each:
            part = proposer.conditions._one(sides, things)
            base, _ = together(self.focus, [*proposer.parts, part])
            proposer.places |= part.places
            entry = (
                part.things.to.things[0]
                if isinstance(part.things, Linked) and isinstance(part.things.to, Named)
                else things[0]
            )
            found.append((entry, base))
        yield proposer.proposal(
            Sides(tuple(found), self.focus), "more", "most", "compare", "fewest", "count", "or", "which"
        )

    def _verdict(self) -> Proposal | None:
        """Return the question whether a named thing meets a condition."""
        items = [item for item in self.sentence.items if item.things]
        opposed = next((item for item in items if len(item.each) > 1 and item.joiner == "vs"), None)
        if (
            opposed
            and self.sentence.has("more", "greater", "less", "before", "after")
            and named_class(self.focus) == TRIAL
            and self.is_of_focus(opposed.things[0])
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
            return self.proposal(Rows(Named(opposed.things), self.focus, (column,)), *roles, "compare", "posted")
        subject = next(
            (item for item in items if len(item.things) == 1 and item.things[0].class_iri == named_class(self.focus)),
            None,
        )
        if not subject:
            return None
        self.read(skip=subject)
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
            return self.proposal(Rows(All((Every(self.focus), things)), self.focus, tuple(self.columns)))
        conditions = [part.things for part in self.parts]
        if any(part.negated or _is_word(part.things) for part in self.parts):
            raise Impossible
        together = nested(conditions)
        whole = together[0] if len(together) == 1 else All(tuple(together))
        return self.proposal(Verdict(subject.things[0], whole))


def _is_word(things: Things) -> bool:
    """Say whether a condition is only that some text has a word, which is no ground for yes or no."""
    return isinstance(things, Valued) and isinstance(things.test, Says)
