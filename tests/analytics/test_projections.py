"""The landscape as graphs of NetworkX: weights are distinct trials."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from landscapes import landscape, short

from kg.analytics.landscape import read_landscape
from kg.analytics.projections import pairs, project, typed
from kg.errors import UsageError
from kg.model.iris import BASE

if TYPE_CHECKING:
    from kg import KnowledgeGraph

WORLD = landscape("""
    trial/one    studiesTarget   molecule/a molecule/b
    trial/one    studiesDisease  disease/d
    trial/one    investigates    product/p
    trial/two    studiesTarget   molecule/a
    trial/two    studiesDisease  disease/d disease/e
    trial/two    combinesWith    product/p product/q product/r
    trial/three  combinesWith    product/q product/r
    trial/three  studiesTarget   molecule/c
""")


def weights(first: str, second: str) -> dict[str, int]:
    edges = project(WORLD, first, second).edges(data=True)
    return {" ".join(sorted((short(one), short(other)))): data["weight"] for one, other, data in edges}


def test_two_relations_are_joined_by_the_trials_that_have_both() -> None:
    assert weights("target", "disease") == {"a d": 2, "b d": 1, "a e": 1}


def test_one_relation_joins_what_is_used_together() -> None:
    assert weights("agent", "agent") == {"p q": 1, "p r": 1, "q r": 2}


def test_thing_is_no_pair_with_itself() -> None:
    found = pairs(landscape("trial/one investigates product/p\ntrial/one combinesWith product/p"), "product", "agent")
    assert found == {}


def test_edge_knows_its_trials_and_nodes_what_they_are() -> None:
    graph = project(WORLD, "product", "agent")
    assert graph.nodes[BASE + "product/p"] == {"label": "p", "type": "agent; product"}
    graph = project(WORLD, "target", "disease")
    assert graph.edges[BASE + "molecule/a", BASE + "disease/d"]["trials"] == (BASE + "trial/one", BASE + "trial/two")
    assert graph.degree[BASE + "molecule/c"] == 0


def test_typed_graph_has_relations_as_keys() -> None:
    network = typed(WORLD, "target", "agent")
    assert {(short(trial), short(thing), key) for trial, thing, key in network.edges(keys=True)} == {
        ("one", "a", "target"),
        ("one", "b", "target"),
        ("two", "a", "target"),
        ("three", "c", "target"),
        *(("two", agent, "agent") for agent in "pqr"),
        *(("three", agent, "agent") for agent in "qr"),
    }
    assert network.nodes[BASE + "trial/one"] == {"label": "one", "type": "trial"}


def test_unknown_relation_is_told() -> None:
    with pytest.raises(
        UsageError, match="no relation 'targets' of trials; nearest: target, agent, status; expected one of agent, "
    ):
        project(WORLD, "targets", "disease")


@pytest.mark.parametrize(("first", "second"), [("target", "disease"), ("sponsor", "disease"), ("target", "source")])
def test_weights_of_the_dataset_are_those_that_sparql_counts(first: str, second: str, graph: KnowledgeGraph) -> None:
    terms = {
        "target": "studiesTarget",
        "disease": "studiesDisease",
        "sponsor": "hasSponsor",
        "source": "usesCellSource",
    }
    rows = graph.query(
        f"""
        PREFIX kg: <https://w3id.org/immunokg/ontology/>
        SELECT ?one ?other (COUNT(DISTINCT ?trial) AS ?trials)
        WHERE {{ ?trial kg:{terms[first]} ?one ; kg:{terms[second]} ?other }}
        GROUP BY ?one ?other
        """
    )
    expected = {(row["one"], row["other"]): row["trials"] for row in rows}
    network = project(read_landscape(graph.store), first, second)
    weights = {frozenset((one, other)): data["weight"] for one, other, data in network.edges(data=True)}
    assert weights == {frozenset(pair): trials for pair, trials in expected.items()}


def test_two_graphs_are_equal(graph: KnowledgeGraph) -> None:
    first, second = (project(read_landscape(graph.store), "target", "modification") for _ in range(2))
    assert list(first.nodes(data=True)) == list(second.nodes(data=True))
    assert list(first.edges(data=True)) == list(second.edges(data=True))
