"""How things hang together: the paths over the ontology that join what a question names.

Of all paths between two classes the shortest are taken, those along what the
question mentions first; what it mentions must be passed by one of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kg.lexicon import Entry, fold
from kg.namespaces import named_class

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.schema import Property, Schema

__all__ = ["HOP", "MOST_HOPS", "Choice", "Constraint", "Hop", "Path", "is_within_class", "join"]

MOST_HOPS = 3
HOP, _VERB = 100, 50  # what a step costs, and a class name taken as a verb; what is explained weighs less


class Hop(NamedTuple):
    """A step along a property, forward or against its direction."""

    along: Property
    forward: bool

    @property
    def end(self) -> str:
        """The class that the step arrives at."""
        return named_class(self.along.range if self.forward else self.along.domain)


Path = tuple[Hop, ...]


class Constraint(NamedTuple):
    """The wanted thing is joined, along any of the paths, to any of the things."""

    paths: list[Path]
    things: list[Entry]


class Choice(NamedTuple):
    """One meaning for each mention.

    Attributes:
        things: the mentions that are taken as things, by their number.
        classes: the classes that are named.
        properties: for each mention taken as a property, those that it can mean.
        order: for each of these, its number among the mentions and its words.
        verbs: how many mentions are taken as a property though they name a class
            too: "studies" is rather trials than what is done.
    """

    things: list[tuple[int, Entry]]
    classes: list[str]
    properties: list[list[str]]
    order: list[tuple[int, str]]
    verbs: int


def is_within_class(property_: Property) -> bool:
    """Say whether a property relates things of one class, so that its direction must be known."""
    return named_class(property_.domain) == named_class(property_.range)


def join(schema: Schema, wanted: str, choice: Choice, groups: list[list[Entry]]) -> tuple[int, list[Constraint]] | None:
    """Join the wanted class to each group of things by the shortest paths that explain every mention.

    Returns:
        The cost and the constraints, or ``None`` if a mention stays unexplained. Of
        two readings with joins as long, the one whose joins explain more costs less.
    """
    relations = [{iri for iri in iris if not schema.properties[iri].is_literal} for iris in choice.properties]
    needs: list[set[str]] = [iris for iris in relations if iris]
    needs += [{named_class(iri)} for iri in choice.classes if named_class(iri) != wanted]
    ways = _steps(schema, choice)
    every = [list(_walk(ways, wanted, things[0].class_iri)) for things in groups]
    if not all(every):
        return None
    classes = {named_class(iri) for iri in choice.classes} - {wanted, *(things[0].class_iri for things in groups)}
    chosen = [_best(paths, needs, classes) for paths in every]
    for need in needs:
        if not any(need & _names(path) for paths in chosen for path in paths):
            detours = [
                (len(better[0]) - len(chosen[number][0]), number, better)
                for number, paths in enumerate(every)
                if (better := _best([path for path in paths if need & _names(path)], needs, classes))
            ]
            if not detours:
                return None
            _, number, better = min(detours, key=lambda detour: detour[:2])
            chosen[number] = better
    constraints = [Constraint(paths, things) for paths, things in zip(chosen, groups, strict=True)]
    explained = sum(any(need & _names(path) for path in paths) for paths in chosen for need in needs)
    steps = sum(len(paths[0]) for paths in chosen)
    return steps * HOP + choice.verbs * _VERB - explained, constraints


def _names(path: Path) -> set[str]:
    """Return the properties and the classes of a path."""
    return {hop.along.iri for hop in path} | {hop.end for hop in path}


def _best(paths: list[Path], needs: list[set[str]], classes: set[str]) -> list[Path]:
    """Return the paths that pass the classes that are named, of these the shortest, of these those that explain most.

    A detour by a class is at most a step longer than the shortest path.
    """
    longest = min(map(len, paths), default=0) + 1

    def rank(path: Path) -> tuple[int, int, int]:
        missed = len(classes - {hop.end for hop in path})
        return missed, len(path), -sum(bool(need & _names(path)) for need in needs)

    near = [path for path in paths if len(path) <= longest]
    lowest = min(map(rank, near), default=None)
    return [path for path in near if rank(path) == lowest]


def _steps(schema: Schema, choice: Choice) -> dict[str, list[Hop]]:
    """Return the steps that can be taken from each class; what states an opposite joins nothing."""
    steps: dict[str, list[Hop]] = {}
    for property_ in schema.properties.values():
        if property_.is_literal or property_.negates:
            continue
        for forward, source in ((True, property_.domain), (False, property_.range)):
            if not is_within_class(property_) or forward == _goes_forward(property_, choice):
                steps.setdefault(named_class(source), []).append(Hop(property_, forward))
    return steps


def _goes_forward(property_: Property, choice: Choice) -> bool | None:
    """Return the direction of a property within a class, None if it is not mentioned.

    "What replaced FT596" and "the successor of FT596" ask for the subject; in "what
    did FT522 replace" the thing stands before the verb and is the subject itself.
    """
    for iris, (place, text) in zip(choice.properties, choice.order, strict=True):
        if property_.iri in iris:
            is_noun = text.casefold().endswith("or")
            thing_first = any(number < place for number, _ in choice.things) and not is_noun
            is_inverse = fold(text) == fold(property_.words[1])
            return thing_first == is_inverse
    return None


def _walk(steps: dict[str, list[Hop]], start: str, end: str, path: Path = ()) -> Iterator[Path]:
    """Yield the paths between two classes that pass no class twice.

    A path does not turn round at a thing that two others merely share: a trial
    of BCMA does not use a CAR because that CAR binds BCMA.
    """
    seen = {start} | {hop.end for hop in path}
    for hop in steps.get(path[-1].end if path else start, ()):
        if path and path[-1].forward and not hop.forward:
            continue
        if hop.end == end:
            yield (*path, hop)
        elif len(path) + 1 < MOST_HOPS and hop.end not in seen:
            yield from _walk(steps, start, end, (*path, hop))
