"""The network of what trials use together, and link predictors, against NetworkX and by enumeration."""

from __future__ import annotations

import sys
from itertools import pairwise
from math import log, prod
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np
import pytest
from landscapes import landscape, short

from kg.analytics.concepts import Concepts
from kg.analytics.landscape import read_landscape
from kg.analytics.pairs import BRIDGES
from kg.analytics.prediction import PREDICTORS, adamic_adar, best_paths, degree_product, embedding, paths
from kg.errors import UsageError

if TYPE_CHECKING:
    from kg import KnowledgeGraph
    from kg.analytics.landscape import Landscape

# a is studied in k and l, b in l; k and m are kinds of top
WORLD = """
    trial/one    studiesTarget  molecule/a
    trial/one    studiesDisease disease/k disease/l
    trial/two    studiesTarget  molecule/a
    trial/two    studiesDisease disease/k
    trial/three  studiesTarget  molecule/b
    trial/three  studiesDisease disease/l
    trial/four   studiesDisease disease/m
    disease/k    broader        disease/top
    disease/m    broader        disease/top
"""


def network(land: Landscape) -> Concepts:
    return Concepts({name: land.trials[name] for name in BRIDGES}, land.of_kind("trial"), land.broader)


def unweighted(concepts: Concepts) -> nx.Graph[int]:
    graph: nx.Graph[int] = nx.from_scipy_sparse_array(concepts.ties)
    return graph


@pytest.fixture(scope="module")
def small() -> Concepts:
    return network(landscape(WORLD))


@pytest.fixture(scope="module")
def whole(graph: KnowledgeGraph) -> Concepts:
    return network(read_landscape(graph.store))


def test_ties_count_distinct_trials(small: Concepts) -> None:
    names = [short(thing) for _, thing in small.nodes]
    assert names == ["k", "l", "m", "top", "a", "b"]
    together = {
        names[row] + names[column]: count
        for row, column, count in zip(*small.together.tocoo().coords, small.together.tocoo().data, strict=True)
        if row < column
    }
    assert together == {"kl": 1, "ka": 2, "la": 1, "lb": 1}
    assert {names[place]: count for place, count in enumerate(small.trials)} == {
        "k": 2, "l": 2, "m": 1, "top": 0, "a": 2, "b": 1
    }  # fmt: skip
    assert [names[place] for place in small.used("disease")] == ["k", "l", "m"]


def test_a_tie_is_damped_by_the_degrees_of_its_kind(small: Concepts) -> None:
    """To targets k has one tie and l two; to diseases a has two; under top are two."""
    damped = {
        (short(small.nodes[row][1]), short(small.nodes[column][1])): weight
        for row, column, weight in zip(*small.damped.tocoo().coords, small.damped.tocoo().data, strict=True)
    }
    expected = {"ka": 1 * 2, "la": 2 * 2, "lb": 2 * 1, "kl": 1 * 1, "k top": 1 * 2, "m top": 1 * 2}
    ends = {key: tuple(key.split()) if " " in key else tuple(key) for key in expected}
    both = {ends[key]: count**-0.4 for key, count in expected.items()}
    both |= {(other, one): weight for (one, other), weight in both.items()}
    assert damped == pytest.approx(both)


def test_scores_counted_by_hand(small: Concepts) -> None:
    """The target b is tied to l alone, and l to a, b and k; of k the partners are a, of b they are l."""
    b, k = np.array([small.number[next(node for node in small.nodes if node[1].endswith("/b"))]]), np.array([0])
    assert degree_product(small, b, k)[0, 0] == 1 * 1
    assert adamic_adar(small, b, k)[0, 0] == pytest.approx(1 / log(3))
    b_l, l_k, l_a, a_k = 2**-0.4, 1.0, 4**-0.4, 2**-0.4
    assert paths(small, b, k)[0, 0] == pytest.approx(b_l * l_k + b_l * l_a * a_k)
    ways: list[Any] = [
        (path.weight, [short(small.nodes[place][1]) for place in path.nodes]) for path in best_paths(small, b[0], 0, 5)
    ]
    assert ways == [
        (pytest.approx(b_l * l_k), ["b", "l", "k"]),
        (pytest.approx(b_l * l_a * a_k), ["b", "l", "a", "k"]),
    ]


def test_degree_product_is_preferential_attachment(whole: Concepts) -> None:
    rows, columns = whole.used("target"), whole.used("disease")
    graph = unweighted(whole).subgraph([*rows, *columns]).copy()
    graph.remove_edges_from([(u, v) for u, v in graph.edges if whole.nodes[u][0] == whole.nodes[v][0]])
    pairs = [(row, column) for row in rows for column in columns]
    expected = [score for _, _, score in nx.preferential_attachment(graph, pairs)]
    assert degree_product(whole, rows, columns).ravel().tolist() == expected


def test_adamic_adar_is_that_of_networkx(whole: Concepts) -> None:
    rows, columns = whole.used("source"), whole.used("target")
    pairs = [(row, column) for row in rows for column in columns]
    expected = [score for _, _, score in nx.adamic_adar_index(unweighted(whole), pairs)]
    assert adamic_adar(whole, rows, columns).ravel() == pytest.approx(expected)
    assert max(expected) > 1


def test_paths_are_those_that_an_enumeration_finds(whole: Concepts) -> None:
    """Both for pairs that are tied themselves and for others."""
    graph: nx.Graph[int] = nx.from_scipy_sparse_array(whole.damped)
    rows, columns = whole.used("target")[::9], whole.used("disease")[::11]
    scores = paths(whole, rows, columns)
    assert {bool(whole.ties[row, column]) for row in rows for column in columns} == {True, False}
    for place, row in enumerate(rows):
        for number, column in enumerate(columns):
            ways: list[Any] = [
                (prod(graph[u][v]["weight"] for u, v in pairwise(way)), tuple(way))
                for way in nx.all_simple_paths(graph, row, column, cutoff=3)
                if len(way) > 2
            ]
            assert scores[place, number] == pytest.approx(sum(weight for weight, _ in ways))
            best = [weight for weight, _ in sorted(ways, reverse=True)[:4]]
            assert [path.weight for path in best_paths(whole, row, column, 4)] == pytest.approx(best)


def test_the_embedding_is_the_truncated_singular_value_decomposition(whole: Concepts) -> None:
    left, values, right = np.linalg.svd(whole.ties.toarray())
    expected = left[:, :16] * values[:16] @ right[:16]
    rows, columns = whole.used("target"), whole.used("disease")
    assert embedding(whole, rows, columns) == pytest.approx(expected[np.ix_(rows, columns)], abs=1e-6)


def test_what_has_fewer_nodes_than_dimensions_is_embedded_exactly(small: Concepts) -> None:
    targets, diseases = small.used("target"), small.used("disease")
    assert embedding(small, targets, diseases) == pytest.approx(small.ties.toarray()[np.ix_(targets, diseases)])


@pytest.mark.parametrize("name", PREDICTORS)
def test_scores_that_are_equal_are_equal_to_the_bit(name: str, whole: Concepts) -> None:
    """The order of a sum, or the machine, changes the last digits alone, so there are none."""
    scores = PREDICTORS[name](whole, whole.used("target"), whole.used("disease"))
    assert (scores == np.round(scores, 9)).all()
    assert scores.max() > 0


def test_a_missing_library_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "scipy", None)
    with pytest.raises(UsageError, match=r"this measure needs SciPy; install it with `pip install 'immunokg\[analyt"):
        network(landscape(WORLD))
