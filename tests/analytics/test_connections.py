"""Paths between two things: a network counted by hand, all paths tried, another library, and the shipped data."""

from __future__ import annotations

from itertools import pairwise
from math import isclose, log
from typing import TYPE_CHECKING

import igraph
import networkx as nx
import pytest

from kg import KnowledgeGraph
from kg.analytics.connections import connections, find_paths
from kg.errors import NotInGraphError, UsageError

if TYPE_CHECKING:
    Network = nx.MultiDiGraph[str]

BASE = "https://w3id.org/immunokg/"


def network() -> Network:
    """Return two ways from a to b: over a hub in two steps, over x and y in three; z lies apart."""
    found: Network = nx.MultiDiGraph()
    edges = [
        ("a", "hub", "hasPhase"),
        ("b", "hub", "hasPhase"),
        *((f"trial {number}", "hub", "hasPhase") for number in range(98)),
        ("a", "x", "binds"),
        ("y", "x", "finding/d/1"),
        ("y", "x", "finding/d/2"),
        ("y", "w", "finding/d/3"),
        ("y", "b", "partOf"),
        ("z", "z", "binds"),
    ]
    for source, target, key in edges:
        found.add_edge(source, target, key)
    nx.set_node_attributes(found, {node: node.upper() for node in found}, "label")
    return found


def test_hub_is_dearer_than_a_longer_way() -> None:
    """The hub: twice 1 + 0.5 ln(1 * 100). The other way: 1, 1 + 0.5 ln(2 * 1), for y has two findings' terms, and 1."""
    longer, over_hub = find_paths(network(), "a", "b", limit=9)
    assert longer.nodes == ("a", "x", "y", "b")
    assert longer.edges == (("a", "x", "binds"), ("y", "x", "finding/d/1"), ("y", "b", "partOf"))
    assert isclose(longer.cost, 3 + 0.5 * log(2), abs_tol=1e-9)
    assert over_hub.nodes == ("a", "hub", "b")
    assert isclose(over_hub.cost, 2 + log(100), abs_tol=1e-9)


def test_without_damping_the_shortest_way_is_first() -> None:
    assert [(path.cost, path.nodes[1]) for path in find_paths(network(), "a", "b", damping=0)] == [(2, "hub"), (3, "x")]


def test_no_way_gives_nothing_and_wrong_ends_are_told() -> None:
    assert find_paths(network(), "a", "z") == []
    assert [path.nodes for path in find_paths(network(), "a", "b", limit=1)] == [("a", "x", "y", "b")]
    with pytest.raises(UsageError, match="A is both ends"):
        find_paths(network(), "a", "a")
    with pytest.raises(NotInGraphError, match="q has no relations"):
        find_paths(network(), "a", "q")


def costs(edges: Network, damping: float) -> dict[frozenset[str], float]:
    """Return the cost of the cheapest step between two nodes, counted edge by edge."""
    found: dict[frozenset[str], float] = {}
    triples = {(source, key.partition("/")[0], target) for source, target, key in edges.edges(keys=True)}
    for source, relation, target in triples:
        forth = len({o for s, r, o in triples if (s, r) == (source, relation)})
        back = len({s for s, r, o in triples if (o, r) == (target, relation)})
        cost = 1 + damping * log(forth * back)
        pair = frozenset((source, target))
        found[pair] = min(cost, found.get(pair, cost))
    return found


@pytest.mark.parametrize("damping", [0.0, 0.5, 1.0])
def test_paths_are_those_that_trying_all_finds(damping: float, mini_graph: KnowledgeGraph) -> None:
    """And those of igraph, which has another code of Yen's algorithm."""
    whole = mini_graph.to_networkx()
    start, end = BASE + "product/lumocel", BASE + "product/umbracel"
    steps = costs(whole, damping)
    ways: nx.Graph[str] = nx.Graph()
    ways.add_edges_from((min(pair), max(pair)) for pair in steps if len(pair) == 2)
    tried = sorted(
        sum(steps[frozenset(step)] for step in pairwise(path)) for path in nx.all_simple_paths(ways, start, end, 6)
    )
    found = [path.cost for path in find_paths(whole, start, end, limit=6, damping=damping)]
    assert found == pytest.approx(tried[:6])
    other = igraph.Graph.TupleList([(*pair, steps[frozenset(pair)]) for pair in ways.edges], weights=True)
    lengths = [
        sum(other.es[edge]["weight"] for edge in path)
        for path in other.get_k_shortest_paths(start, end, k=6, weights="weight", output="epath")
    ]
    assert found == pytest.approx(lengths)


def test_agent_and_cell_line_meet_in_trials(graph: KnowledgeGraph) -> None:
    find = graph.lexicon.find_one
    result = connections(graph.store, find("N-803"), find("NK-92"), limit=2)
    rows = [tuple(row.values()) for row in result]
    assert [row[:8] for row in rows] == [
        (1, 4.52, 1, "N-803", "← combines with", "NCT06334991", "stated", "accepted"),
        (1, 4.52, 2, "NCT06334991", "uses cell source", "NK-92", "stated", "accepted"),
        (2, 4.87, 1, "N-803", "← combines with", "NCT03228667", "stated", "accepted"),
        (2, 4.87, 2, "NCT03228667", "uses cell source", "NK-92", "stated", "accepted"),
    ]
    assert rows[1][8] == "The clinical landscape of CAR NK cells: Table 2, row 40 (stated)"
    assert result.as_of == graph.query("stats").as_of


def test_every_step_of_long_paths_joins_the_next_and_is_written_somewhere(graph: KnowledgeGraph) -> None:
    find = graph.lexicon.find_one
    rows = list(connections(graph.store, find("NKTR-214"), find("Nkarta"), limit=4))
    for number in range(1, 5):
        path = [row for row in rows if row["path"] == number]
        assert [row["step"] for row in path] == list(range(1, len(path) + 1))
        assert (path[0]["from"], path[-1]["to"]) == ("NKTR-214", "Nkarta Inc")
        assert all(row["to"] == onward["from"] for row, onward in pairwise(path))
    assert all(row["evidence"] for row in rows if row["relation"].lstrip("← ") != "broader")
    assert [row["cost"] for row in rows] == sorted(row["cost"] for row in rows)
