"""How things hang together: the paths over the ontology that join what a question names.

Of all paths between two classes the shortest are taken, those along what the
question mentions first. What a record (a finding, an administration, a
regulatory event) is about is reached on any path: a finding about an arm is
one about the arm's trial and product too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kg.model.iris import KG, named_class
from kg.model.schema import THING
from kg.query.thing_names import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kg.ask.words import Vocabulary
    from kg.model.schema import Property

__all__ = [
    "ADMINISTRATION",
    "ARM",
    "EVENT",
    "FINDING",
    "ORGANIZATION",
    "PRODUCT",
    "RECORDS",
    "TRIAL",
    "Hop",
    "Joins",
    "Mentioned",
    "Path",
    "names",
]

ADMINISTRATION, ARM, EVENT, FINDING, TRIAL = (
    KG + name for name in ("Administration", "Arm", "RegulatoryEvent", "Finding", "ClinicalTrial")
)
RECORDS = frozenset([ADMINISTRATION, EVENT, FINDING])
_MOST_HOPS = 3
_ASIDE = {KG + name for name in ("Evidence", "Conflict", "Statement")}  # about the graph, not about the field
ORGANIZATION, PRODUCT = KG + "Organization", KG + "Product"
_OBSERVATION = KG + "Observation"


class Hop(NamedTuple):
    """A step along a property, forward or against its direction, to a thing of a class."""

    along: Property
    forward: bool
    end: str


Path = tuple[Hop, ...]


class Mentioned(NamedTuple):
    """What a question mentions, for the choice between paths.

    Attributes:
        properties: for each mention taken as a property, those that it can mean.
        texts: for each of these, its words.
        after_thing: for each of these, whether a thing is named before it.
    """

    properties: list[list[str]]
    texts: list[str]
    after_thing: list[bool]


class Joins:
    """The steps that can be taken between classes, for one question."""

    def __init__(self, vocabulary: Vocabulary, mentioned: Mentioned) -> None:
        self.mentioned = mentioned
        named = {iri for iris in mentioned.properties for iri in iris}
        self.rare = vocabulary.rare - named  # a gene said to be overexpressed once is not how targets and diseases join
        self.steps: dict[str, list[Hop]] = {}
        for property_ in vocabulary.schema.properties.values():
            if property_.is_literal or property_.negates or property_.domain == THING:
                continue
            domain = FINDING if property_.domain == _OBSERVATION else named_class(property_.domain)
            ends = vocabulary.ends[property_.iri] if property_.range == THING else [named_class(property_.range)]
            for end in ends:
                if {domain, end} & _ASIDE:
                    continue
                is_within = domain == end
                direction = self._goes_forward(property_) if is_within else None
                if not is_within or direction:
                    self.steps.setdefault(domain, []).append(Hop(property_, True, end))
                if not is_within or direction is False:
                    self.steps.setdefault(end, []).append(Hop(property_, False, domain))

    def _goes_forward(self, property_: Property) -> bool | None:
        """Return the direction of a property within a class, None if it is not mentioned.

        "What replaced FT596" and "the successor of FT596" ask for the subject; in "what
        did FT522 replace" the thing stands before the verb and is the subject itself.
        """
        for iris, text, after_thing in zip(
            self.mentioned.properties, self.mentioned.texts, self.mentioned.after_thing, strict=True
        ):
            if property_.iri in iris:
                is_noun = text.casefold().endswith("or")
                is_inverse = fold(text) == fold(property_.words[1]) or fold(text) in ("component", "components")
                return (after_thing and not is_noun) == is_inverse
        return None

    def between(self, start: str, end: str, needs: Sequence[set[str]] = ()) -> list[Path]:
        """Return the paths between two classes.

        Args:
            start: the class of the things that are constrained.
            end: the class of the things that are named.
            needs: for each mention of a property or class, what explains it.

        Returns:
            From a record to what it is about every path; otherwise the shortest that
            explain most. None if there is none.
        """
        if start == end:
            return [()] if start in RECORDS else self._best(list(self._walk(start, end)), needs)
        paths = list(self._walk(start, end))
        paths = [path for path in paths if not names(path) & self.rare] or paths
        if start == EVENT and end != ORGANIZATION:  # what a product is meant for is not what it is approved for
            return self._best(paths, needs)
        if start in RECORDS:
            return self._asked_for(paths, needs)
        if end in RECORDS:
            return [_reversed(path, end) for path in self.between(end, start, needs)]
        return self._best(paths, needs)

    @staticmethod
    def _asked_for(paths: list[Path], needs: Sequence[set[str]]) -> list[Path]:
        wanted = [path for path in paths if any(need & names(path) for need in needs)]
        return wanted or paths

    @staticmethod
    def _best(paths: list[Path], needs: Sequence[set[str]]) -> list[Path]:
        longest = min(map(len, paths), default=0) + 1

        def rank(path: Path) -> tuple[int, int]:
            return -sum(bool(need & names(path)) for need in needs), len(path)

        near = [path for path in paths if len(path) <= longest]
        lowest = min(map(rank, near), default=None)
        return [path for path in near if rank(path) == lowest]

    def _walk(self, start: str, end: str, path: Path = ()) -> Iterator[Path]:
        """Yield the paths between two classes that pass no class twice.

        A path does not turn round at a thing that two others merely share: a trial
        of BCMA does not use a CAR because that CAR binds BCMA. It may turn at an arm,
        whose patients are those that things are given to and that findings are about.
        """
        here = path[-1].end if path else start
        seen = {start} | {hop.end for hop in path}
        for hop in self.steps.get(here, ()):
            if path and path[-1].forward and not hop.forward and here != ARM:
                continue
            if hop.end == end:
                yield (*path, hop)
            elif len(path) + 1 < _MOST_HOPS and hop.end not in seen and self._may_pass(here, hop.end):
                yield from self._walk(start, end, (*path, hop))

    @staticmethod
    def _may_pass(here: str, there: str) -> bool:
        """Say whether a path may lead on: records join what they are about, but only an arm's treatment is its own."""
        return there not in RECORDS or (here == ARM and there == ADMINISTRATION)


def names(path: Path) -> set[str]:
    """Return the properties and the classes of a path."""
    return {hop.along.iri for hop in path} | {hop.end for hop in path}


def _reversed(path: Path, start: str) -> Path:
    """Return a path that begins at a class back from its end."""
    classes = [start, *(hop.end for hop in path[:-1])]
    return tuple(Hop(hop.along, not hop.forward, end) for hop, end in zip(path[::-1], classes[::-1], strict=True))
