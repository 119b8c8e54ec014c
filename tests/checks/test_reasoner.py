"""OWL: the dataset is consistent and inside the profiles, and each planted contradiction is found and named.

HermiT runs on the whole dataset here, in the Java machine of the extra ``owl``.
"""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store

from kg.build.dataset import TYPE
from kg.checks.reasoner import iter_violations
from kg.model.iris import BASE, KG, PREFIXES
from kg.paths import shipped_dataset

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kg.checks.report import Violation

XSD, SKOS = PREFIXES["xsd"], PREFIXES["skos"]


def iri(name: str) -> NamedNode:
    """Return the IRI of a thing, of a term with ``kg:`` or of one of another vocabulary."""
    return NamedNode(name if "://" in name else name.replace("kg:", KG) if name.startswith("kg:") else BASE + name)


def number(text: str) -> Literal:
    return Literal(text, datatype=NamedNode(XSD + "integer"))


# what is planted in the ten-row world, and what must be named beside it
Planted = tuple[str, str, str | Literal]
CONTRADICTIONS: dict[str, tuple[Planted, str]] = {
    "product that is an organization": (("product/lumocel", TYPE, "kg:Organization"), "product/lumocel"),
    "gene that is a disease": (("molecule/alphin", TYPE, "kg:Disease"), "molecule/alphin"),
    "finding that is rejected too": (("finding/mini/lumocel-response", TYPE, "kg:RejectedFinding"), "kg:Finding"),
    "concept that is a scheme": (("disease/blue-fever", TYPE, SKOS + "ConceptScheme"), "disease/blue-fever"),
    "disease that is a product": (("trial/NCT90000001", "kg:studiesDisease", "product/lumocel"), "product/lumocel"),
    "evidence of two documents": (
        ("evidence/mini/table-1-row-1", "kg:fromDocument", "document/other"),
        "document/mini",
    ),
    "trial of two registries": (
        ("trial/NCT90000001", "kg:hasRegistry", "registry/chinese-clinical-trial-registry"),
        "registry/clinicaltrials-gov",
    ),
    "finding with two counts": (("finding/mini/lumocel-response", "kg:unit", Literal("fold")), '"%"'),
    "enrollment in words": (("trial/NCT90000001", "kg:enrollment", Literal("many")), "many"),
    "product that succeeds itself": (("product/lumocel", "kg:succeeds", "product/lumocel"), "product/lumocel"),
    "arm that is part of itself": (
        ("arm/lumocel-treated", "kg:partOfArm", "arm/lumocel-treated"),
        "arm/lumocel-treated",
    ),
    "document that is a place": (("document/mini", "kg:locator", Literal("row 1")), "document/mini"),
    "target that is a trial": (("product/umbracel", "kg:hasTarget", "trial/NCT90000001"), "trial/NCT90000001"),
}
# the same of the whole dataset, all at once
OF_THE_WHOLE: list[Planted] = [
    ("product/ft576", TYPE, "kg:Organization"),
    ("product/ft596", "kg:succeeds", "product/ft522"),
    ("evidence/car-nk-landscape-2025/table-1-row-1", "kg:startsAt", number("3")),
]


def opened(path: Path) -> Store:
    store = Store()
    store.bulk_load(path=str(path), format=RdfFormat.N_TRIPLES)
    return store


@pytest.fixture
def dataset(mini_dataset: Path) -> Store:
    return opened(mini_dataset)


def plant(store: Store, triple: Planted) -> str:
    """Add a triple, and return it as a message names it."""
    subject, predicate, value = triple
    store.add(Quad(iri(subject), iri(predicate), iri(value) if isinstance(value, str) else value))
    return f"{subject} {'a' if predicate == TYPE else predicate} "


def found(store: Store, rule: str) -> Iterator[Violation]:
    return (item for item in iter_violations(store) if item.rule == rule)


@pytest.mark.slow
def test_whole_dataset_is_consistent_and_in_the_profiles() -> None:
    """No contradiction, no unsatisfiable class, no type that follows and is not said, OWL 2 DL and RL."""
    assert list(iter_violations(opened(shipped_dataset()))) == []


@pytest.mark.slow
def test_contradictions_in_the_whole_dataset_are_found_and_named() -> None:
    store = opened(shipped_dataset())
    planted = [plant(store, triple) for triple in OF_THE_WHOLE]
    messages = [item.message for item in found(store, "owl-consistency")]
    assert len(messages) == len(planted)
    assert all(sum(text in message for message in messages) == 1 for text in planted)
    assert all(message.count(";") == 1 for message in messages)  # each beside the one that it contradicts


def test_ten_row_world_is_consistent_and_in_the_profiles(dataset: Store) -> None:
    assert list(iter_violations(dataset)) == []


@pytest.mark.parametrize(("triple", "beside"), CONTRADICTIONS.values(), ids=CONTRADICTIONS)
def test_contradiction_is_found_and_named(triple: Planted, beside: str, dataset: Store) -> None:
    planted = plant(dataset, triple)
    (violation,) = found(dataset, "owl-consistency")
    assert planted in violation.message
    assert beside in violation.message.replace(planted, "", 1)
    assert violation.message.count(";") <= 1  # the planted statement and at most one that it contradicts
    assert violation.focus.startswith(BASE)


def test_literal_that_cannot_be_read_is_named(dataset: Store) -> None:
    plant(dataset, ("trial/NCT90000001", "kg:enrollment", number("many")))
    (violation,) = found(dataset, "owl-literal")
    assert violation.focus == BASE + "trial/NCT90000001"
    assert violation.message.startswith("'many' is not xsd:integer")


def test_class_that_nothing_can_be_of_is_named(dataset: Store) -> None:
    subclass = NamedNode(PREFIXES["rdfs"] + "subClassOf")
    dataset.add(Quad(iri("kg:Chimera"), NamedNode(TYPE), NamedNode(PREFIXES["owl"] + "Class")))
    for name in ("kg:Product", "kg:Organization"):
        dataset.add(Quad(iri("kg:Chimera"), subclass, iri(name)))
    assert [item.focus for item in found(dataset, "owl-unsatisfiable")] == [KG + "Chimera"]


def test_type_that_follows_and_is_not_said_is_named(dataset: Store) -> None:
    dataset.remove(Quad(iri("molecule/alphin"), NamedNode(TYPE), iri("kg:Target")))
    assert [(item.focus, "kg:Target" in item.message) for item in found(dataset, "owl-types")] == [
        (BASE + "molecule/alphin", True)
    ]


@pytest.mark.parametrize(
    ("rule", "triple"),
    [
        ("owl-2-rl", ("kg:hasTarget", PREFIXES["rdfs"] + "domain", PREFIXES["owl"] + "Thing")),
        ("owl-2-dl", ("trial/NCT90000001", "http://example.org/undeclared", Literal("text"))),
        ("owl-2-dl", ("kg:hasTarget", TYPE, PREFIXES["owl"] + "DatatypeProperty")),
    ],
    ids=["any thing as a domain", "undeclared property", "property of objects and of data"],
)
def test_what_is_outside_of_a_profile_is_named(rule: str, triple: Planted, dataset: Store) -> None:
    plant(dataset, triple)
    assert list(found(dataset, rule))


@pytest.mark.parametrize(
    "triple",
    [("kg:hasPart", TYPE, PREFIXES["owl"] + "TransitiveProperty")],
    ids=["transitive and asymmetric"],
)
def test_what_the_reasoner_cannot_work_on_is_told(triple: Planted, dataset: Store) -> None:
    plant(dataset, triple)
    violations = list(iter_violations(dataset))
    assert {item.rule for item in violations} == {"owl-2-dl", "owl-2-rl", "owl-unchecked"}
    assert all("hasPart" in item.focus or "hasPart" in item.message for item in violations)


@pytest.mark.parametrize(
    "triple",
    [
        ("trial/NCT90000001", "kg:asPrinted", Literal("zzz", datatype=NamedNode(XSD + "duration"))),
        ("https://w3id.org/immunokg/ontology", PREFIXES["owl"] + "imports", "http://127.0.0.1:9/nothing"),
    ],
    ids=["datatype that OWL has not", "import, which is not fetched"],
)
def test_what_is_no_business_of_the_reasoner_is_left_out(triple: Planted, dataset: Store) -> None:
    plant(dataset, triple)
    assert {item.rule for item in iter_violations(dataset)} <= {"owl-types"}


def test_term_deprecated_as_prescribed_stays_in_the_profiles(dataset: Store) -> None:
    plant(dataset, ("kg:ticker", PREFIXES["owl"] + "deprecated", Literal(True)))
    plant(dataset, ("kg:ticker", PREFIXES["dcterms"] + "isReplacedBy", "kg:describedAs"))
    plant(dataset, ("kg:ticker", SKOS + "changeNote", Literal("0.2.0: of no use.", language="en")))
    assert list(iter_violations(dataset)) == []


def test_missing_extra_is_told_with_the_mend() -> None:
    program = (
        "import sys; sys.modules['owlready2'] = None\n"
        "from kg.cli.main import main; sys.exit(main(['validate', '--owl']))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr == "kg: --owl needs HermiT and JPype; install the extra with `pip install 'immunokg[owl]'`\n"
