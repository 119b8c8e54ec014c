"""Rankings and counts for each: "top 3 targets", "trials per phase", "the largest trial", "newest first"."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kg.ask.conditions import FIRST_POSTED
from kg.ask.plan import Column, Compared, Group, Linked, Top
from kg.ask.reading import Reading
from kg.ask.routes import TRIAL
from kg.ask.sentence import ENROLLMENT
from kg.ask.together import Impossible
from kg.model.iris import named_class

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.ask.plan import Plan, Things
    from kg.ask.sentence import Item
    from kg.query.thing_names import Entry

__all__ = ["Proposal", "Ranking"]

_ALL = 10_000
_MOST_WAYS = 8


class Proposal(NamedTuple):
    """A plan with what it accounts for.

    Attributes:
        plan: what the question may mean.
        kind: the class of what is asked for.
        places: the spans that are part of it.
        silent: what is denied though no document lists it in full.
        turn: how near the meanings are that were taken, 0 for the nearest.
    """

    plan: Plan
    kind: str
    places: frozenset[int]
    silent: tuple[Things, ...] = ()
    turn: int = 0


class Ranking(Reading):
    """Builds the plans that rank or group the things that are asked for.

    Attributes:
        silent: what is denied of the things though no document lists it in full.
    """

    silent: tuple[Things, ...] = ()

    def proposal(self, plan: Plan, *roles: str) -> Proposal:
        """Return a plan with all that it accounts for, closed words that do these roles among it.

        Raises:
            Impossible: if its things hang together in so many ways that none can have been meant.
        """
        self.take(*roles)
        linked = [part.things for part in self.parts if isinstance(part.things, Linked)]
        if any(sum(len(it.ways) for it in parts) > _MOST_WAYS for parts in (linked, self.columns)):
            raise Impossible
        return Proposal(plan, self.focus, frozenset(self.places), self.silent)

    def grouped(self) -> Item | None:
        """Return the noun by which things are counted: after "per", or asked for with "most" of another class."""
        sentence = self.sentence
        for place in sentence.marks.get("per", ()):
            if place in sentence.idle:
                continue
            following = sentence.following(place)
            noun = next((item for item in sentence.items if following in item.places and item.is_noun), None)
            before = next((item for item in sentence.items if place - 1 in item.places and item.is_noun), None)
            by = next((item for item in sentence.items if item.is_noun and self._follows(item, "by", "across")), None)
            for found in (noun, before, by):  # "breakdown of trials by status"
                if found and self.focus not in found.classes:
                    return found
        return None

    def _follows(self, item: Item, *words: str) -> bool:
        """Say whether an item stands right after one of some words."""
        before = min(item.places) - 1
        return before >= 0 and self.sentence.spans[before].text.casefold() in words

    def most(self) -> int:
        """Return how many are wanted from the first, 0 if that is not said.

        Raises:
            Impossible: if none are.
        """
        for item in self.sentence.items:
            if isinstance(item.test, Compared) and not item.test.sign and self.is_cardinal(item):
                if not item.test.number:
                    raise Impossible
                return int(item.test.number)
        return 0

    def rankings(self, things: Things, grouped: Item | None) -> Iterator[Proposal]:
        """Yield the plan that ranks or groups, if the sentence has words for one."""
        sentence = self.sentence
        is_of_trials = named_class(self.focus) == TRIAL
        years = [place for place in sentence.marks.get("when", ()) if "year" in sentence.spans[place].text.casefold()]
        sized = is_of_trials and any(column.property == ENROLLMENT for column in self.columns)
        if sentence.has("sorted"):
            yield self._sorted(things)
        elif any(place not in sentence.idle for place in sentence.marks.get("per", ())):
            yield from self._per(things, grouped)
        elif years and sentence.has("most", "fewest") and is_of_trials:
            by = Column("year", (), property=FIRST_POSTED)
            plan = Group(things, self.focus, by, self.most() or 1, 0, sentence.has("most"))
            yield self.proposal(plan, "when", "posted", "most", "fewest", "count")
        elif sentence.has("most", "fewest", "second") and not (
            sized or self._is_of_patients() or sentence.has("earliest", "latest", "highest", "lowest")
        ):
            yield self._ranked()
        elif is_of_trials and sentence.has("earliest", "latest"):
            yield self._extreme(things, FIRST_POSTED, "earliest", "latest")
        elif sentence.has("highest", "lowest", "most", "fewest") and (sized or self._are_trials()):
            yield self._extreme(things, ENROLLMENT, "highest", "lowest", "most", "fewest")

    def _is_of_patients(self) -> bool:
        """Say whether trials are ranked by their patients: "the most patients"."""
        sentence = self.sentence
        ranks = [place for role in ("most", "fewest") for place in sentence.marks.get(role, ())]
        return named_class(self.focus) == TRIAL and any(sentence.following(it) in sentence.patients for it in ranks)

    def _are_trials(self) -> bool:
        """Say whether trials are named, or their patients: nothing else has a size."""
        is_said = bool(self.focus_nouns() or self._is_of_patients() or self.sentence.patients)
        return named_class(self.focus) == TRIAL and is_said

    def _literal(self, iri: str) -> Column:
        return Column(self.schema.properties[iri].label, (), property=iri)

    def _sorted(self, things: Things) -> Proposal:
        """Order trials by their first posting or their size."""
        if named_class(self.focus) != TRIAL:
            raise Impossible
        by = next(self.sentence.spans[place].value("sorted") for place in self.sentence.marks["sorted"])
        iri = FIRST_POSTED if by in ("oldest", "newest") else ENROLLMENT
        rest = tuple(other for other in self.columns if other.property != iri)
        whole = Top(things, self.focus, self._literal(iri), _ALL, 0, by in ("newest", "largest"), rest)
        return self.proposal(whole, "sorted", "posted")

    def _extreme(self, things: Things, iri: str, *roles: str) -> Proposal:
        """Return the first or last trials by their posting, or the largest or smallest."""
        self.take("posted", "second")
        rest = tuple(other for other in self.columns if other.property != iri)
        if self.is_sized():
            self.places |= set(self.sentence.marks["count"])
            rest = rest if iri == ENROLLMENT else (*rest, self._literal(ENROLLMENT))
        descending = self.sentence.has("most", "highest", "latest", "second")
        rank = 2 if self.sentence.has("second") else 0
        plan = Top(things, self.focus, self._literal(iri), self.most() or 1, rank, descending, rest)
        return self.proposal(plan, *roles, "when", "how large")

    def is_sized(self) -> bool:
        """Say whether it is asked how many patients trials have."""
        sentence = self.sentence
        counts = sentence.marks.get("count", ())
        return named_class(self.focus) == TRIAL and any(sentence.following(it) in sentence.patients for it in counts)

    def _per(self, things: Things, grouped: Item | None) -> Iterator[Proposal]:
        """Count things for each value of what follows "per"."""
        units = [place for place, span in enumerate(self.sentence.spans) if span.value("unit") == "year"]
        if grouped:
            before = len(self.columns)
            self.show(grouped)
            if len(self.columns) == before:
                raise Impossible
            by = self.columns.pop()
        elif units:
            by = Column("year", self.conditions._to(TRIAL) or (), property=FIRST_POSTED)
            self.places |= set(units)
            self.take("posted")
        else:
            raise Impossible
        yield self.proposal(Group(things, self.focus, by, self.most()), "per", "count", "sum")

    def _ranked(self) -> Proposal:
        """Rank the things asked for by how many trials they have, or of what stands after "most".

        The others are what is read and counted, for each of the things asked for.
        """
        sentence = self.sentence
        if sentence.is_yes_no:
            raise Impossible  # whether one is the first is no ranking
        place = min(place for role in ("most", "fewest", "second") for place in sentence.marks.get(role, ()))
        nouns = [item for item in sentence.items if item.is_noun and item.classes and self.focus not in item.classes]
        counted = next((item for item in nouns if min(item.places) > place), None)
        kind = counted.classes[0] if counted else TRIAL
        if named_class(kind) == named_class(self.focus):
            raise Impossible
        rank = 2 if sentence.has("second") else 0
        is_next = rank or sentence.has("after")
        after = [it for it in sentence.items if is_next and len(it.things) == 1 and self.is_of_focus(it.things[0])][:1]
        own = [item for item in sentence.items if item.is_noun and self.focus in item.classes]
        counting = Ranking(self.vocabulary, sentence, kind, [], self.turn)
        counting.read(without=[*own, *after])
        things, denied = counting.things()
        counting.silent = tuple(part.things for part in denied)
        counting.places |= self.places.union(*(item.places for item in (*own, *after)))
        by = Column(
            self.schema.classes[self.focus].label, counting.conditions.ways(self.focus), named_class(self.focus)
        )
        last = after[0].things[0].iri if after else ""
        descending = sentence.has("most", "second", "highest")
        most = self.most() or (0 if rank else 1)
        plan = Group(things, kind, by, most, 0 if last else rank, descending, after=last)
        roles = ("most", "fewest", "second", "count", "highest", "after", "who", "more")
        return counting.proposal(plan, *roles)._replace(kind=self.focus)

    def is_of_focus(self, thing: Entry) -> bool:
        """Say whether a thing is of the class that is asked for."""
        return thing.class_iri == named_class(self.focus)
