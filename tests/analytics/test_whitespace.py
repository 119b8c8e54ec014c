"""White space: what is plausible and untried, what was stopped, and what cannot be told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from landscapes import landscape, short

from kg.analytics.concepts import Concepts
from kg.analytics.pairs import BRIDGES
from kg.analytics.prediction import PREDICTORS
from kg.analytics.whitespace import STATES, whitespace
from kg.errors import UsageError
from kg.model.iris import mint

if TYPE_CHECKING:
    from kg import KnowledgeGraph
    from kg.analytics.landscape import Landscape

# b in k is never reported; b in m, and so in top, was stopped; trial five may have any target in n; a and b in l are in
# lymphoma too
WORLD = """
    trial/one    studiesTarget  molecule/a
    trial/one    studiesDisease disease/k
    trial/one    usesCellSource cell-source/s
    trial/two    studiesTarget  molecule/a molecule/b
    trial/two    studiesDisease disease/l
    trial/four   studiesTarget  molecule/b
    trial/four   studiesDisease disease/m
    trial/four   hasStatus      status/w-t-s
    trial/five   studiesDisease disease/n
    trial/five   usesCellSource cell-source/s
    trial/five   doesNotDisclose aspect/target
    trial/six    studiesDisease disease/lymphoma disease/top
    trial/six    usesCellSource cell-source/s
    disease/l    broader        disease/lymphoma
    disease/m    broader        disease/top
"""


def told(text: str, pair: str = "target-disease", **settings: Any) -> list[tuple[Any, ...]]:
    """Return the rows of a small world without their scores."""
    return [(*row.cells[:3], *row.cells[5:]) for row in whitespace(landscape(text), pair, **settings).rows]


def test_states_are_told_apart() -> None:
    rows = told(WORLD)
    assert {(row[0], row[1]): (row[2], row[3]) for row in rows} == {
        ("a", "n"): ("cannot be told", "five"),
        ("a", "top"): ("never reported", None),
        ("b", "k"): ("never reported", None),
        ("b", "m"): ("tried and stopped", "four"),
        ("b", "n"): ("cannot be told", "five"),
        ("b", "top"): ("tried and stopped", "four"),
    }


def test_a_set_of_modifications_is_paired_as_one() -> None:
    """One has m and n in k; two has them, and o, in l: what both have is tried in both, what two alone has not in k."""
    text = """
        product/p  carriesModification  modification/m modification/n
        product/q  carriesModification  modification/m modification/n modification/o
        trial/one  investigates         product/p
        trial/one  studiesDisease       disease/k
        trial/two  investigates         product/q
        trial/two  studiesDisease       disease/l
    """
    ((things, disease, state, *_),) = told(text, "set-disease")
    assert (things, disease, state) == ("m + n + o", "k", "never reported")


def test_a_trial_that_goes_on_makes_a_pair_tried() -> None:
    tried = WORLD + "trial/seven studiesTarget molecule/b\ntrial/seven studiesDisease disease/m"
    assert ("b", "m") not in [row[:2] for row in told(tried)]
    narrower = (
        WORLD
        + "disease/o broader disease/m\ntrial/seven studiesTarget molecule/b\ntrial/seven studiesDisease disease/o"
    )
    assert ("b", "m") not in [row[:2] for row in told(narrower)]


def test_a_trial_that_may_go_on_is_not_stopped(graph: KnowledgeGraph) -> None:
    """The sources disagree whether NCT05182073, the one trial of BCMA CAR, goes on."""
    assert ("b", "m") not in [row[:2] for row in told(WORLD + "trial/four hasStatus status/active")]
    rows = whitespace(graph.landscape, "modification-disease", state="tried and stopped", limit=100).rows
    assert rows
    assert not [row.cells[:2] for row in rows if "NCT05182073" in str(row.cells[5])]


def test_the_reason_is_the_paths_with_their_trials() -> None:
    """Ties of b: to a, and to l. From there k is two steps off by a alone; l leads on to lymphoma, which is of s."""
    (reason,) = (row[4] for row in told(WORLD) if row[:2] == ("b", "k"))
    assert reason == "b -1- a -1- k; b -1- a -1- s -1- k; b -1- l -1- a -1- k"
    (reason,) = (row[4] for row in told(WORLD) if row[:2] == ("a", "top"))
    assert reason == "a -1- s -1- top; a -1- l -broader- lymphoma -1- top; a -1- s -1- lymphoma -1- top"


def test_score_is_that_of_the_predictor_on_what_was_not_stopped() -> None:
    """For b in k: the paths above. To targets a and b have one tie, to diseases two and one, a to s one; s has four."""
    (row,) = (row for row in whitespace(landscape(WORLD)).rows if row.cells[:2] == ("b", "k"))
    b_a, a_k, b_l, l_a, a_s, s_k = 1.0, 2**-0.4, 2**-0.4, 4**-0.4, 1.0, 4**-0.4
    assert row.cells[3] == pytest.approx(b_a * a_k + b_a * a_s * s_k + b_l * l_a * a_k)
    assert row.cells[4] == 1 * 1


def test_a_row_rests_on_its_trials_and_on_the_ties_of_its_paths() -> None:
    facts = {
        row.cells[:2]: {(name, short(trial), short(thing)) for name, trial, thing in row.facts()}
        for row in whitespace(landscape(WORLD)).rows
    }
    assert facts["b", "m"] == {("target", "four", "b"), ("disease", "four", "m")}
    assert facts["b", "top"] >= facts["b", "m"]
    assert facts["b", "k"] == {
        ("target", "two", "b"),
        ("target", "two", "a"),
        ("target", "one", "a"),
        ("disease", "one", "k"),
        ("source", "one", "s"),
        ("disease", "two", "l"),
    }
    assert ("disease", "five", "n") in facts["a", "n"]


@pytest.mark.parametrize("state", STATES)
def test_one_state_can_be_asked_for(state: str) -> None:
    rows = told(WORLD)
    assert told(WORLD, state=state) == [row for row in rows if row[2] == state]
    assert told(WORLD, state=state, limit=1) == [row for row in rows if row[2] == state][:1]


def test_portions_and_limits_change_nothing(graph: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [row.cells for row in whitespace(graph.landscape, limit=2000).rows]
    scores: list[Any] = [row[3] for row in rows]
    assert scores == sorted(scores, reverse=True)
    assert len(rows) > 1000
    monkeypatch.setattr("kg.analytics.whitespace._ROWS", 3)
    assert [row.cells for row in whitespace(graph.landscape, limit=7).rows] == rows[:7]


def test_states_of_the_shipped_data_are_those_that_sparql_tells(graph: KnowledgeGraph) -> None:
    """Asked of the graph: pairs of stopped trials, and what is broader, that no other trial has."""
    text = """
        PREFIX kg: <https://w3id.org/immunokg/ontology/>
        PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
        PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
        SELECT DISTINCT ?target ?disease
        WHERE {
          ?trial kg:hasStatus <https://w3id.org/immunokg/status/w-t-s> ;
                 kg:studiesTarget/skos:broader* ?t ; kg:studiesDisease/skos:broader* ?d .
          FILTER NOT EXISTS { ?trial kg:hasStatus ?any . FILTER (?any != <https://w3id.org/immunokg/status/w-t-s>) }
          ?t rdfs:label ?target . ?d rdfs:label ?disease .
          FILTER EXISTS { ?trialOfTarget kg:studiesTarget ?t }
          FILTER EXISTS { ?trialOfDisease kg:studiesDisease ?d }
          FILTER NOT EXISTS {
            ?other kg:studiesTarget/skos:broader* ?t ; kg:studiesDisease/skos:broader* ?d .
            OPTIONAL { ?other kg:hasStatus ?further . FILTER (?further != <https://w3id.org/immunokg/status/w-t-s>) }
            FILTER (BOUND(?further) || NOT EXISTS { ?other kg:hasStatus <https://w3id.org/immunokg/status/w-t-s> })
          }
        }"""
    expected = {tuple(row.values()) for row in graph.query(text)}
    rows = whitespace(graph.landscape, state="tried and stopped", limit=100).rows
    assert {row.cells[:2] for row in rows} == expected
    assert ("CD19", "Marginal Zone Lymphoma") in expected


def test_stopped_pairs_are_scored_by_what_was_not_stopped(graph: KnowledgeGraph) -> None:
    land = graph.landscape
    live = [trial for trial in land.of_kind("trial") if status(land, trial) != {mint("TrialStatus", "w-t-s")}]
    concepts = Concepts({name: land.trials[name] for name in BRIDGES}, live, land.broader)
    iri = {(name, land.labels[thing]): (name, thing) for name, thing in concepts.nodes}
    rows = whitespace(land, state="tried and stopped", limit=100).rows
    expected = [
        PREDICTORS["paths"](concepts, *(np.array([concepts.number[end]]) for end in ends))[0, 0]
        if all(end in concepts.number and concepts.trials[concepts.number[end]] for end in ends)
        else 0
        for row in rows
        for ends in [[iri.get(it, it) for it in (("target", str(row.cells[0])), ("disease", str(row.cells[1])))]]
    ]
    assert [row.cells[3] for row in rows] == pytest.approx(expected)
    assert len(set(expected)) > 5


def status(land: Landscape, trial: str) -> frozenset[str]:
    return land.trials["status"].get(trial, frozenset())


def test_sources_that_are_not_disclosed_are_told(graph: KnowledgeGraph) -> None:
    """NK-92/5.28.z for CD33 may be what trials of CD33 with an undisclosed source use."""
    rows = whitespace(graph.landscape, "source-target", limit=500).rows
    (cells,) = (row.cells for row in rows if row.cells[:2] == ("NK-92/5.28.z", "CD33"))
    land = graph.landscape
    hidden = [
        land.labels[trial]
        for trial, found in land.undisclosed.items()
        if "source" in found and "CD33" in map(land.labels.get, land.trials["target"].get(trial, ()))
    ]
    assert cells[2] == "cannot be told"
    assert cells[5] == f"{'; '.join(sorted(hidden)[:3])} and {len(hidden) - 3} more"


@pytest.mark.parametrize("by", PREDICTORS)
def test_each_predictor_can_rank(by: str, graph: KnowledgeGraph) -> None:
    measure = whitespace(graph.landscape, by=by, limit=3)
    assert len(measure.rows) == 3
    assert {len(row.cells) for row in measure.rows} == {len(measure.columns)}
    best: list[Any] = [row.cells[3] for row in measure.rows]
    assert best == sorted(best, reverse=True)
    if by == "degree product":
        assert best == [row.cells[4] for row in measure.rows]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"by": "magic"}, "'magic' is not known; expected one of degree product, Adamic-Adar, paths, embedding"),
        ({"state": "stopped"}, "'stopped' is not known; expected one of tried and stopped, cannot be told, never rep"),
        ({"pair": "target-target"}, "'target-target' is no pair of relations; expected two such as target-disease"),
        (
            {"pair": "targets-disease"},
            "'targets-disease' is no pair of relations; nearest: target, agent; expected two such as",
        ),
    ],
)
def test_wrong_use_is_told(settings: dict[str, str], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        whitespace(landscape(WORLD), **settings)  # type: ignore[arg-type]


def test_nothing_gives_no_rows() -> None:
    assert told("") == []
    assert told("trial/one studiesTarget molecule/a") == []
    assert told("trial/one studiesTarget molecule/a", by="degree product") == []
