"""The graph of trials and the things they have, and shuffled copies of it: the null model of measures."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, NamedTuple

from kg.analytics.landscape import checked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from kg.analytics.landscape import Landscape

__all__ = ["Incidence", "read_incidence", "shuffled"]

Edge = tuple[int, int]

_MIXING = 20  # attempts to switch, per edge, before the first shuffled graph; one per edge before each further graph


class Incidence(NamedTuple):
    """Trials and what they have.

    Attributes:
        nodes: the IRIs, trials first. The number of a node is its place in this list.
        trials: how many of the nodes are trials.
        edges: relation -> for each fact the numbers of the trial and of what it has, always in the same order.
    """

    nodes: Sequence[str]
    trials: int
    edges: dict[str, list[Edge]]

    def all_edges(self) -> list[Edge]:
        """Return the edges of all relations together; two nodes have at most one edge."""
        return sorted(set().union(*self.edges.values()))


def read_incidence(landscape: Landscape, relations: Sequence[str]) -> Incidence:
    """Return trials and what they have by some of the relations of :attr:`Landscape.trials`.

    Raises:
        UsageError: if there is no such relation.
    """
    facts = {
        name: [(trial, thing) for trial, things in landscape.trials[name].items() for thing in things]
        for name in map(checked, sorted(relations))
    }
    trials = sorted({trial for pairs in facts.values() for trial, _ in pairs})
    # one trial may investigate a product that another uses as an agent: it is one node
    things = sorted({thing for pairs in facts.values() for _, thing in pairs})
    nodes = [*trials, *things]
    number = {iri: place for place, iri in enumerate(nodes)}
    edges = {name: sorted((number[trial], number[thing]) for trial, thing in pairs) for name, pairs in facts.items()}
    return Incidence(nodes, len(trials), edges)


def shuffled(incidence: Incidence, samples: int, seed: int) -> Iterator[Incidence]:
    """Yield shuffled graphs: in each relation a trial keeps its number of things, and a thing its number of trials.

    Two random edges of a relation exchange their ends, over and over. An exchange that would double an edge is not
    made, but counts as an attempt. Source: the switching method of Milo, Kashtan, Itzkovitz, Newman and Alon, On the
    uniform generation of random graphs with prescribed degree sequences (2003, arXiv:cond-mat/0312028). It is used
    within each relation.

    Args:
        incidence: the graph to start from.
        samples: how many graphs to yield.
        seed: the same seed gives the same graphs.
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
