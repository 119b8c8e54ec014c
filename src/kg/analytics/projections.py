"""The landscape as graphs of NetworkX: trials with all that they have, or two kinds of things that share trials.

The weight of an edge is the number of distinct trials, however often a source repeats a fact. Keys, and the order of
nodes and edges, are the same in every run. The graphs are plain NetworkX graphs, so its backends accept them.
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
    """Return a graph of trials and what they have.

    Args:
        landscape: the trials.
        relations: the relations of :attr:`Landscape.trials` that become edges; all if not given.

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
    """Return each pair of things that share a trial, one thing of each relation, with the trials that they share.

    If both relations are the same, each pair is there once, in the order of its IRIs. No thing is paired with itself.

    Raises:
        UsageError: if there is no such relation.
    """
    found: dict[tuple[str, str], set[str]] = {}
    for trial, pair in _meetings(landscape, checked(first), checked(second)):
        found.setdefault(pair, set()).add(trial)
    return {pair: frozenset(trials) for pair, trials in sorted(found.items())}


def project(landscape: Landscape, first: str, second: str) -> nx.Graph[str]:
    """Return a graph of the things of two relations; an edge joins two things that share a trial.

    With two relations, such as target and disease, edges join things of the one with things of the other. With one
    relation given twice, such as agent and agent, edges join things that are used together.

    Returns:
        A graph whose nodes are IRIs. A node has ``label`` and ``type``: its relation, or both relations if it stands
        in both. An edge has ``weight``, the number of distinct trials, and ``trials``, their IRIs.

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
