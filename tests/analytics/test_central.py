"""Central things: counted by hand, by NetworkX and NumPy, and against shuffled graphs."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np
import pytest
from landscapes import landscape, short

from kg.analytics import engine
from kg.analytics.central import central
from kg.analytics.incidence import Incidence, read_incidence, shuffled
from kg.analytics.landscape import read_landscape
from kg.errors import UsageError

if TYPE_CHECKING:
    from kg import KnowledgeGraph

# a path of seven nodes: d1 - one - a - two - d2 - three - b
PATH = landscape("""
    trial/one    studiesTarget   molecule/a
    trial/two    studiesTarget   molecule/a
    trial/three  studiesTarget   molecule/b
    trial/one    studiesDisease  disease/d1
    trial/two    studiesDisease  disease/d2
    trial/three  studiesDisease  disease/d2
""")


def by_thing(measure: Any, column: str) -> dict[str, Any]:
    return {row.cells[0]: row.cells[measure.columns.index(column)] for row in measure.rows}


@pytest.fixture
def without_igraph(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "_igraph", lambda: None)


def test_path_is_counted_by_hand() -> None:
    measure = central(PATH)
    assert by_thing(measure, "type") == {"a": "target", "b": "target", "d1": "disease", "d2": "disease"}
    assert by_thing(measure, "trials") == {"a": 2, "b": 1, "d1": 1, "d2": 2}
    assert by_thing(measure, "partners") == {"a": 2, "b": 1, "d1": 1, "d2": 2}
    # two nodes on one side of it and four on the other, of the 15 pairs of six others
    assert by_thing(measure, "betweenness") == pytest.approx({"a": 8 / 15, "d2": 8 / 15, "b": 0, "d1": 0})
    assert [row.cells[0] for row in measure.rows] == ["a", "d2", "b", "d1"]


def test_type_shows_its_things_and_relations_make_the_graph() -> None:
    assert set(by_thing(central(PATH, "disease", ["target"]), "partners").items()) == {("d1", 1), ("d2", 2)}
    assert by_thing(central(PATH, "disease", ["disease"]), "partners") == {"d1": 0, "d2": 0}
    with pytest.raises(UsageError, match="no relation 'drug' of trials"):
        central(PATH, "drug")


def test_thing_of_two_types_is_one_node() -> None:
    measure = central(
        landscape("trial/one investigates product/p\ntrial/two combinesWith product/p"), "agent", ["product"]
    )
    assert [row.cells[:3] for row in measure.rows] == [("p", "agent; product", 2)]


def test_row_rests_on_the_facts_of_its_node() -> None:
    (row,) = (row for row in central(PATH).rows if row.cells[0] == "a")
    assert [(name, short(trial), short(thing)) for name, trial, thing in row.facts()] == [
        ("target", "one", "a"),
        ("target", "two", "a"),
    ]


def network(incidence: Incidence) -> nx.Graph[int]:
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(len(incidence.nodes)))
    graph.add_edges_from(incidence.all_edges())
    return graph


def test_measures_of_the_dataset_are_those_of_networkx(graph: KnowledgeGraph) -> None:
    found = read_landscape(graph.store)
    incidence = read_incidence(found, ["target", "disease"])
    measure = central(found, "target", ["disease"], samples=0)
    for column, expected in (
        ("betweenness", nx.betweenness_centrality(network(incidence))),
        ("pagerank", nx.pagerank(network(incidence), tol=1e-12, max_iter=1000)),
    ):
        named = {found.labels[incidence.nodes[node]]: value for node, value in expected.items()}
        shown = by_thing(measure, column)
        assert shown == pytest.approx({name: named[name] for name in shown}, abs=1e-9)


def test_without_shuffled_graphs_chance_is_not_known() -> None:
    measure = central(PATH, samples=0)
    assert {by_thing(measure, column)["a"] for column in measure.columns if column[-2:] in ("_z", "_p")} == {None}


@pytest.mark.parametrize("pivots", [[], [3, 50, 77]])
def test_igraph_and_networkx_give_the_same_numbers(
    pivots: list[int], graph: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    incidence = read_incidence(read_landscape(graph.store), ["target", "source", "agent"])
    count, edges = len(incidence.nodes), incidence.all_edges()
    assert engine._igraph()
    first = engine.betweenness(count, edges, pivots), engine.pagerank(count, edges)
    monkeypatch.setattr(engine, "_igraph", lambda: None)
    second = engine.betweenness(count, edges, pivots), engine.pagerank(count, edges)
    for one, other in zip(first, second, strict=True):
        assert one == pytest.approx(other, abs=1e-9)


def test_pivots_estimate_betweenness(graph: KnowledgeGraph) -> None:
    """The mean of the estimates from each node alone is exact."""
    incidence = read_incidence(read_landscape(graph.store), ["target", "source"])
    count, edges = len(incidence.nodes), incidence.all_edges()
    estimates = np.array([engine.betweenness(count, edges, [pivot]) for pivot in range(count)])
    assert estimates.mean(axis=0) == pytest.approx(engine.betweenness(count, edges))


def test_igraph_is_imported_as_ever_afterwards() -> None:
    code = (
        "import sys\nfrom kg.analytics.engine import betweenness, pagerank\n"
        "assert betweenness(3, [(0, 1), (1, 2)]) == [0, 1, 0] and round(sum(pagerank(3, [(0, 1), (1, 2)])), 9) == 1\n"
        "assert 'igraph' not in sys.modules and 'matplotlib' not in sys.modules\n"
        "import igraph\nassert igraph.Graph(3, [(0, 1), (1, 2)]).betweenness() == [0, 1, 0]\n"
        "assert betweenness(3, [(0, 1), (1, 2)]) == [0, 1, 0]"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_backend_is_given_to_networkx(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def computed(graph: nx.Graph[int], **options: Any) -> dict[int, float]:
        asked.append((type(graph), options["backend"]))
        return dict.fromkeys(graph, 0.0)

    monkeypatch.setattr(nx, "betweenness_centrality", computed)
    monkeypatch.setattr(nx, "pagerank", computed)
    central(PATH, samples=1, backend="parallel")
    assert asked == [(nx.Graph, "parallel")] * 4


def test_what_a_backend_does_not_have_is_computed_by_networkx(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(graph: nx.Graph[int], **options: Any) -> dict[int, float]:
        if "backend" in options:
            raise NotImplementedError("'pagerank' is not implemented by 'parallel' backend.")
        return dict.fromkeys(graph, 0.5)

    monkeypatch.setattr(nx, "betweenness_centrality", missing)
    monkeypatch.setattr(nx, "pagerank", missing)
    assert set(by_thing(central(PATH, samples=1, backend="parallel"), "pagerank").values()) == {0.5}


def test_unknown_backend_is_told() -> None:
    with pytest.raises(
        UsageError, match="NetworkX cannot use the backend 'parallle': 'parallle' backend is not installed; install it"
    ):
        central(PATH, backend="parallle")


def test_pagerank_of_networkx_needs_scipy(monkeypatch: pytest.MonkeyPatch, without_igraph: None) -> None:
    monkeypatch.setitem(sys.modules, "scipy", None)
    with pytest.raises(
        UsageError, match=r"PageRank needs SciPy; install it with `pip install 'immunokg\[analytics\]'`"
    ):
        central(PATH)


def test_shuffled_graphs_keep_how_many_each_has(graph: KnowledgeGraph) -> None:
    incidence = read_incidence(read_landscape(graph.store), ["agent", "disease", "target"])
    for other in shuffled(incidence, 3, seed=1):
        for relation, edges in incidence.edges.items():
            for end in (0, 1):
                before, after = (Counter(edge[end] for edge in pairs) for pairs in (edges, other.edges[relation]))
                assert after == before, relation
            assert len(set(other.edges[relation])) == len(edges), "an edge is double"
        assert other.edges["target"] != incidence.edges["target"]


def test_shuffled_graphs_are_the_same_for_a_seed() -> None:
    incidence = read_incidence(PATH, ["disease", "target"])
    first, second = ([found.edges for found in shuffled(incidence, 20, seed=5)] for _ in range(2))
    assert first == second
    assert first != [found.edges for found in shuffled(incidence, 20, seed=6)]


def test_shuffled_graphs_are_all_as_probable() -> None:
    """A trial of two things and two of one, a thing of two trials and two of one: five graphs."""
    incidence = Incidence(list("xyzabc"), 3, {"target": [(0, 3), (0, 4), (1, 3), (2, 5)]})
    found = Counter(tuple(sorted(other.edges["target"])) for other in shuffled(incidence, 5000, seed=7))
    assert len(found) == 5
    assert all(abs(count - 1000) < 120 for count in found.values()), found


def test_z_and_p_are_those_of_numpy(graph: KnowledgeGraph) -> None:
    from kg.analytics.central import _SEED

    found = read_landscape(graph.store)
    incidence = read_incidence(found, ["source", "target"])
    measure = central(found, "target", ["source"], samples=15)
    nulls = np.array([list(nx.betweenness_centrality(network(it)).values()) for it in shuffled(incidence, 15, _SEED)])
    observed = np.array(list(nx.betweenness_centrality(network(incidence)).values()))
    for node in range(incidence.trials, len(incidence.nodes)):
        label = found.labels[incidence.nodes[node]]
        if label in (z_of := by_thing(measure, "betweenness_z")):
            values, value = nulls[:, node].round(9), observed[node].round(9)
            p = min(1, 2 * (1 + min((values >= value).sum(), (values <= value).sum())) / 16)
            assert by_thing(measure, "betweenness_p")[label] == pytest.approx(p)
            if values.std():
                assert z_of[label] == pytest.approx((value - values.mean()) / values.std(), abs=0.01)
            else:
                assert z_of[label] is None


def test_targets_of_the_dataset_that_bridge_diseases(graph: KnowledgeGraph) -> None:
    """CD19 is in most trials, but in fewer diseases than chance; CD70 and NKG2DL join blood and solid cancers."""
    rows = list(graph.analyze("central", type_="target", relations=["disease"], limit=3))
    columns = ("thing", "trials", "partners", "partners_z", "betweenness", "betweenness_z", "betweenness_p")
    assert [tuple(row[name] for name in columns) for row in rows] == [
        ("CD19", 47, 24, -5.14, 0.3186, -2.41, 0.04),
        ("NKG2DL", 12, 9, -2.08, 0.3039, 16.44, 0.04),
        ("CD70", 4, 7, -0.13, 0.2129, 17.71, 0.04),
    ]
