"""The landscape as graphs of NetworkX: all of it, or what two kinds of things have in common.

The weight of an edge is the number of distinct trials, however often a source repeats a fact. Keys, and the order of
nodes and edges, are the same in every run. The graphs are plain ones, so the backends of NetworkX take them as any.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from kg.analytics.landscape import RELATIONS, checked
from kg.evidence.citations import JOINT

if TYPE_CHECKING:
    from collections.abc import Iterator

    import networkx as nx

    from kg.analytics.landscape import Landscape

__all__ = ["pairs", "project", "typed"]


def typed(landscape: Landscape, *relations: str) -> nx.MultiDiGraph[str]:
    """Return trials and what they have as a graph.

    Args:
        landscape: the trials.
        relations: those of :attr:`Landscape.trials` that become edges; all if not given.

    Returns:
        A graph from trials to things. Nodes are IRIs with ``label`` and ``type``; the key of an edge is its relation.

    Raises:
        UsageError: if there is no such relation.
    """
    import networkx as nx

    network: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for relation in map(checked, relations or RELATIONS):
        for trial, things in sorted(landscape.trials[relation].items()):
            for thing in sorted(things):
                for node in (trial, thing):
                    network.add_node(node, label=landscape.labels[node], type=landscape.kinds[node])
                network.add_edge(trial, thing, relation)
    return network


def pairs(landscape: Landscape, first: str, second: str) -> dict[tuple[str, str], frozenset[str]]:
    """Return the pairs of things that a trial has both, by two relations, with these trials.

    Two things of one relation are a pair once, in the order of their IRIs; no thing is a pair with itself.

    Raises:
        UsageError: if there is no such relation.
    """
    found: dict[tuple[str, str], set[str]] = {}
    for trial, pair in _meetings(landscape, checked(first), checked(second)):
        found.setdefault(pair, set()).add(trial)
    return {pair: frozenset(trials) for pair, trials in sorted(found.items())}


def project(landscape: Landscape, first: str, second: str) -> nx.Graph[str]:
    """Return the things of two relations as a graph in which those that a trial has both are joined.

    With two relations, such as target and disease, edges lead from one to the other; with one relation, such as
    agent and agent, they join what is used together.

    Returns:
        A graph whose nodes are IRIs with ``label`` and ``type``, the relation, or both that they stand in. An edge
        has ``weight``, the number of distinct trials, and ``trials``, their IRIs.

    Raises:
        UsageError: if there is no such relation.

    Example:
        >>> from kg import KnowledgeGraph
        >>> graph = project(KnowledgeGraph().landscape, "target", "disease")
        >>> base = "https://w3id.org/immunokg/"
        >>> graph.edges[base + "molecule/bcma", base + "disease/multiple-myeloma"]["weight"]
        8
    """
    import networkx as nx

    graph: nx.Graph[str] = nx.Graph()
    types: dict[str, set[str]] = {}
    for relation in map(checked, (first, second)):
        for things in landscape.trials[relation].values():
            for thing in things:
                types.setdefault(thing, set()).add(relation)
    for thing in sorted(types):
        graph.add_node(thing, label=landscape.labels[thing], type=JOINT.join(sorted(types[thing])))
    for (one, other), trials in pairs(landscape, first, second).items():
        graph.add_edge(one, other, weight=len(trials), trials=tuple(sorted(trials)))
    return graph


def _meetings(landscape: Landscape, first: str, second: str) -> Iterator[tuple[str, tuple[str, str]]]:
    for trial, things in landscape.trials[first].items():
        if first == second:
            yield from ((trial, pair) for pair in combinations(sorted(things), 2))
        else:
            others = landscape.trials[second].get(trial, ())
            yield from ((trial, (one, other)) for one in things for other in others if one != other)
