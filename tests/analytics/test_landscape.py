"""What analytics reads of a dataset, and the places that its facts rest on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from landscapes import landscape, short, shorts

from kg import KnowledgeGraph
from kg.analytics.landscape import Landscape, read_landscape
from kg.analytics.table import Measure, Row
from kg.model.iris import BASE

if TYPE_CHECKING:
    from pathlib import Path

# trial three investigates two products, so its target and source tell of neither alone
WORLD = """
    trial/one    investigates         product/p
    trial/one    studiesTarget        molecule/a
    trial/one    studiesDisease       disease/myeloma
    trial/one    hasSponsor           organization/x
    trial/one    firstPosted          2021-02-04
    trial/one    enrollment           12
    trial/two    investigates         product/p
    trial/two    studiesTarget        molecule/b
    trial/two    combinesWith         product/q
    trial/two    doesNotDisclose      aspect/cell-source aspect/phase
    trial/three  investigates         product/p product/q
    trial/three  studiesTarget        molecule/c
    trial/three  studiesDisease       disease/lupus
    trial/three  usesCellSource       cell-source/ipsc
    product/p    hasTarget            molecule/a
    product/p    carriesModification  modification/m
    product/q    carriesModification  modification/n
    disease/myeloma             broader  disease/plasma-cell-neoplasm
    disease/plasma-cell-neoplasm broader disease/hematologic-cancer
    disease/hematologic-cancer  broader  disease/cancer
    disease/lupus               broader  disease/autoimmune-disease
    product/p    label                FT1
"""


@pytest.fixture(scope="module")
def world() -> Landscape:
    return landscape(WORLD)


def test_trials_have_what_their_products_have(world: Landscape) -> None:
    assert shorts(world.trials["target"]) == {"one": "a", "two": "b", "three": "c"}
    assert shorts(world.trials["modification"]) == {"one": "m", "two": "m", "three": "m n"}
    assert shorts(world.trials["group"]) == {"one": "hematologic-cancer", "three": "autoimmune-disease"}


def test_products_have_what_their_trials_have(world: Landscape) -> None:
    assert shorts(world.products["trial"]) == {"p": "one three two", "q": "three"}
    assert shorts(world.products["disease"]) == {"p": "lupus myeloma", "q": "lupus"}
    assert shorts(world.products["agent"]) == {"p": "q"}


def test_target_of_a_trial_of_two_products_is_of_neither(world: Landscape) -> None:
    assert shorts(world.products["target"]) == {"p": "a b"}
    assert world.products["source"] == {}


def test_sets_are_what_a_product_carries_and_what_several_share() -> None:
    """Of two trials of r, that of r and t rests on r alone, since t carries m but not all of the set."""
    land = landscape("""
        product/r  carriesModification  modification/m modification/n modification/o
        product/s  carriesModification  modification/m modification/n
        product/t  carriesModification  modification/m
        product/u  carriesModification  modification/n modification/o
        trial/one  investigates         product/r product/t
        trial/two  investigates         product/t
    """)
    sets = {
        short(it): " ".join(sorted(map(land.labels.__getitem__, found))) for it, found in land.products["set"].items()
    }
    assert sets == {"r": "m + n m + n + o n + o", "s": "m + n", "u": "n + o"}
    assert {short(it) for it in land.trials["set"]} == {"one"}
    (both,) = (it for it in land.trials["set"][BASE + "trial/one"] if land.labels[it] == "m + n")
    triples = {
        tuple(short(term.value) for term in triple) for triple in land.triples(("set", BASE + "trial/one", both))
    }
    assert triples == {
        ("one", "investigates", "r"),
        ("r", "carriesModification", "m"),
        ("r", "carriesModification", "n"),
    }


def test_literals_labels_and_kinds(world: Landscape) -> None:
    assert {short(trial): day for trial, day in world.posted.items()} == {"one": "2021-02-04"}
    assert {short(trial): count for trial, count in world.enrollment.items()} == {"one": 12}
    assert world.undisclosed == {BASE + "trial/two": frozenset({"source", "phase"})}
    assert world.labels[BASE + "product/p"] == "FT1"
    assert world.labels[BASE + "product/q"] == "q"
    assert [short(iri) for iri in world.of_kind("target")] == ["a", "b", "c"]
    assert world.above(BASE + "disease/lupus") == {BASE + "disease/lupus", BASE + "disease/autoimmune-disease"}


def test_what_is_not_ours_or_no_number_does_no_harm() -> None:
    foreign = "urn:example:x"
    kg = "https://w3id.org/immunokg/ontology/"
    trial = BASE + "trial/one"
    found = Landscape([(trial, kg + "studiesTarget", foreign), (trial, kg + "enrollment", "many")])
    assert (found.kinds[foreign], found.labels[foreign]) == ("", foreign)
    assert found.enrollment == {}


def test_text_where_a_thing_is_due_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "text.nt"
    trial, kg = f"<{BASE}trial/one>", "https://w3id.org/immunokg/ontology/"
    path.write_text(
        f'{trial} <{kg}studiesTarget> "CD19" .\n{trial} <{kg}studiesTarget> <{BASE}molecule/a> .\n'
        f"{trial} <{kg}enrollment> <{BASE}molecule/a> .\n",
        encoding="utf-8",
    )
    found = read_landscape(KnowledgeGraph(path).store)
    assert shorts(found.trials["target"]) == {"one": "a"}
    assert found.enrollment == {}


@pytest.mark.parametrize(
    ("fact", "expected"),
    [
        ("target trial/one molecule/a", {"one studiesTarget a"}),
        ("target trial/one molecule/b", set()),
        ("modification trial/one modification/m", {"one investigates p", "p carriesModification m"}),
        ("target product/p molecule/a", {"p hasTarget a", "one investigates p", "one studiesTarget a"}),
        ("target product/p molecule/c", set()),
        ("disease product/p disease/lupus", {"three investigates p", "three studiesDisease lupus"}),
        ("group trial/one disease/hematologic-cancer", {"one studiesDisease myeloma"}),
        ("trial product/p trial/one", {"one investigates p"}),
    ],
)
def test_fact_rests_on_triples(fact: str, expected: set[str], world: Landscape) -> None:
    relation, subject, thing = fact.split()
    triples = world.triples((relation, BASE + subject, BASE + thing))
    assert {" ".join(short(term.value) for term in triple) for triple in triples} == expected


def test_every_fact_of_the_dataset_rests_on_triples_that_are_written_somewhere(graph: KnowledgeGraph) -> None:
    from kg.evidence.citations import find_places

    found = read_landscape(graph.store)
    facts = [
        (relation, subject, thing)
        for relations in (found.trials, found.products)
        for relation, pairs in relations.items()
        for subject, things in pairs.items()
        for thing in things
    ]
    assert len(facts) > 2000
    assert all(find_places(graph.store, [found.triples(fact) for fact in facts]))


def test_trial_of_the_dataset(graph: KnowledgeGraph) -> None:
    found = read_landscape(graph.store)
    ft576 = BASE + "trial/NCT05182073"
    names = ("agent", "disease", "group", "kind", "phase", "product", "source", "sponsor", "status", "target")
    assert {name: sorted(found.labels[it] for it in found.trials[name][ft576]) for name in names} == {
        "agent": ["anti-CD38 mAb"],
        "disease": ["Multiple Myeloma"],
        "group": ["Hematologic cancer"],
        "kind": ["CAR-NK cell product"],
        "phase": ["Phase 1"],
        "product": ["FT576"],
        "source": ["iPSC"],
        "sponsor": ["Fate Therapeutics"],
        "status": ["Active, not recruiting", "W/T/S"],  # an unresolved conflict
        "target": ["BCMA"],
    }
    assert (found.posted[ft576], found.enrollment[ft576]) == ("2021-11-24", 31)
    assert {found.labels[it] for it in found.trials["modification"][ft576]} >= {"CD38 KO", "hnCD16"}


def test_evidence_of_a_row_is_asked_for_where_it_is_shown(graph: KnowledgeGraph) -> None:
    def fail() -> list[tuple[str, str, str]]:
        raise AssertionError("evidence of a row that is not shown")

    trial = BASE + "trial/NCT05110742"
    found = read_landscape(graph.store)
    (cd5,) = found.trials["target"][trial]
    measure = Measure(("target", "share"), [Row(("CD5", 0.25), lambda: [("target", trial, cd5)]), Row(("x", 1), fail)])
    assert list(measure.result(found, graph.store, limit=1, evidence=True)) == [
        {
            "target": "CD5",
            "share": 0.25,
            "evidence": "The clinical landscape of CAR NK cells, Table 2, row 57 (stated)",
        }
    ]
    assert [row["share"] for row in measure.result(found, graph.store)] == [0.25, 1]
