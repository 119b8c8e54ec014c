"""Which trial has what, as the edges of a graph of two kinds of nodes, and the same graph shuffled: the null model."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, NamedTuple

from kg.analytics.landscape import checked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from kg.analytics.landscape import Landscape

__all__ = ["Incidence", "read_incidence", "shuffled"]

Edge = tuple[int, int]

_MIXING = 20  # attempts for each edge before the first shuffled graph; one lies between any two further ones


class Incidence(NamedTuple):
    """Trials and what they have.

    Attributes:
        nodes: the IRIs, trials first; a node is known by its number here.
        trials: how many of the nodes are trials.
        edges: relation -> a pair of a trial and what it has for each fact, in one order always.
    """

    nodes: Sequence[str]
    trials: int
    edges: dict[str, list[Edge]]

    def all_edges(self) -> list[Edge]:
        """Return the edges of all relations, one for each pair of nodes."""
        return sorted(set().union(*self.edges.values()))


def read_incidence(landscape: Landscape, relations: Sequence[str]) -> Incidence:
    """Return which trials have what, by some of the relations of :attr:`Landscape.trials`.

    Raises:
        UsageError: if there is no such relation.
    """
    facts = {
        name: [(trial, thing) for trial, things in landscape.trials[name].items() for thing in things]
        for name in map(checked, sorted(relations))
    }
    trials = sorted({trial for pairs in facts.values() for trial, _ in pairs})
    # a product can be investigated in one trial and an agent in another one, so it is one node
    things = sorted({thing for pairs in facts.values() for _, thing in pairs})
    nodes = [*trials, *things]
    number = {iri: place for place, iri in enumerate(nodes)}
    edges = {name: sorted((number[trial], number[thing]) for trial, thing in pairs) for name, pairs in facts.items()}
    return Incidence(nodes, len(trials), edges)


def shuffled(incidence: Incidence, samples: int, seed: int) -> Iterator[Incidence]:
    """Yield graphs in which by each relation each trial has as many things, and each thing as many trials, as before.

    Two edges of a relation change their ends, over and over, unless an edge would be double; an attempt that fails
    counts. Source: the switching method of Milo, Kashtan, Itzkovitz, Newman and Alon, On the uniform generation of
    random graphs with prescribed degree sequences (2003, arXiv:cond-mat/0312028), within each relation.

    Args:
        incidence: where to start from.
        samples: how many graphs.
        seed: the same one gives the same graphs.
    """
    random = Random(seed)
    edges = {name: list(pairs) for name, pairs in incidence.edges.items()}
    present = {name: set(pairs) for name, pairs in edges.items()}
    for sample in range(samples):
        for name, pairs in edges.items():
            _switch(pairs, present[name], len(pairs) * (1 if sample else _MIXING), random.random)
        yield incidence._replace(edges={name: list(pairs) for name, pairs in edges.items()})


def _switch(pairs: list[Edge], present: set[Edge], attempts: int, random: Callable[[], float]) -> None:
    count = len(pairs)
    for _ in range(attempts):
        first, second = int(random() * count), int(random() * count)
        one, other = pairs[first], pairs[second]
        new, other_new = (one[0], other[1]), (other[0], one[1])
        if new not in present and other_new not in present:
            present.remove(one)
            present.remove(other)
            present.add(new)
            present.add(other_new)
            pairs[first], pairs[second] = new, other_new
