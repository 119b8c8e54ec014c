"""How things hang together: the ways over the ontology that join what a question names.

Of all ways between two classes the shortest are taken, those along what the question mentions first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.ask.plan import Hop
from kg.model.iris import KG, named_class
from kg.model.schema import THING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kg.ask.plan import Way
    from kg.ask.vocabulary import Vocabulary

__all__ = ["ARM", "ORGANIZATION", "PRODUCT", "TRIAL", "Routes", "names_of"]

ARM, ORGANIZATION, PRODUCT, TRIAL = (KG + name for name in ("Arm", "Organization", "Product", "ClinicalTrial"))
_MOST_HOPS = 3
# about the graph, not about the field; and records, which tell of things but join none
_ASIDE = {
    KG + name for name in ("Evidence", "Conflict", "Statement", "Finding", "Observation", "Administration", "Sourced")
}


_COMBINES = KG + "combinesWith"
_OF_MOLECULES = {KG + name for name in ("expressedOn", "interactsWith", "overexpressedIn", "tracks", "predicts")}


class Routes:
    """The steps that can be taken between classes, for one question.

    Attributes:
        turned: the properties within one class that are asked for, with whether they are gone forward.
    """

    def __init__(self, vocabulary: Vocabulary, mentioned: set[str], turned: dict[str, bool]) -> None:
        # what is said of few, and what molecules do, is not how others join
        self.mentioned = mentioned
        self.aside = (vocabulary.rare | _OF_MOLECULES) - mentioned
        self.steps: dict[str, list[Hop]] = {}
        for property_ in vocabulary.schema.properties.values():
            if property_.is_literal or property_.negates or property_.domain == THING:
                continue
            domain = named_class(property_.domain)
            ends = vocabulary.ends[property_.iri] if property_.range == THING else [named_class(property_.range)]
            for end in ends:
                if {domain, end} & _ASIDE:
                    continue
                is_within = domain == end
                direction = turned.get(property_.iri) if is_within else None
                if not is_within or direction:
                    self.steps.setdefault(domain, []).append(Hop(property_.iri, True, end))
                if not is_within or direction is False:
                    self.steps.setdefault(end, []).append(Hop(property_.iri, False, domain))

    def between(
        self, start: str, end: str, needs: Sequence[set[str]] = (), *, is_wide: bool = False
    ) -> tuple[Way, ...]:
        """Return the ways between two classes, the shortest that explain most; none if there is none.

        Args:
            start: the class of the things that are constrained.
            end: the class of the things that are named.
            needs: for each mention of a property or class, what explains it.
            is_wide: whether those that are a step longer are returned too.
        """
        ways = list(self._walk(start, end))
        ways = [way for way in ways if not names_of(way) & self.aside]
        if _COMBINES not in self.mentioned and start == PRODUCT:  # a trial is of what it investigates
            own = [way for way in ways if len(way) == 1 or all(hop.property != _COMBINES for hop in way)]
            ways = own or ways
        longest = min(map(len, ways), default=0) + 1

        def rank(way: Way) -> tuple[int, int]:
            return -sum(bool(need & names_of(way)) for need in needs), len(way)

        near = [way for way in ways if len(way) <= longest]
        if is_wide:
            return tuple(sorted(near, key=len))
        lowest = min(map(rank, near), default=None)
        return tuple(way for way in near if rank(way) == lowest)

    def _walk(self, start: str, end: str, way: Way = ()) -> Iterator[Way]:
        """Yield the ways between two classes that pass no class twice.

        A way does not turn round at a thing that two others merely share: a trial of BCMA does not use a CAR because
        that CAR binds BCMA. It may turn at an arm, whose patients are those that things are given to.
        """
        here = way[-1].end if way else start
        seen = {start} | {hop.end for hop in way}
        for hop in self.steps.get(here, ()):
            if way and way[-1].forward and not hop.forward and here != ARM:
                continue
            if hop.end == end:
                yield (*way, hop)
            elif len(way) + 1 < _MOST_HOPS and hop.end not in seen:
                yield from self._walk(start, end, (*way, hop))


def names_of(way: Way) -> set[str]:
    """Return the properties and the classes of a way."""
    return {hop.property for hop in way} | {hop.end for hop in way}
