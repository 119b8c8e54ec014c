"""Every shape and every rule is seen to fire on a fault, and to keep silent on what is sound.

In the examples a thing whose IRI starts with ``faulty:`` breaks the shape or the rule that
its file is named after, and nothing else there does. For a shape, its local name is that of
the constraint, such as ``faulty:minCount``, with a variant after a hyphen.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pyshacl
import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Store
from rdflib import RDF, SH, Graph, URIRef
from rdflib.collection import Collection
from vocabularies import ALL_TABLES

from kg.checks.validate import find_violations, read_shapes, shacl_report, validate
from kg.engines.local.embedded import open_store
from kg.engines.rdflib_copy import to_rdflib
from kg.model.assertions import ASSERTIONS, STANDINGS
from kg.model.iris import KG
from kg.model.registries import REGISTRIES
from kg.model.schema import read_schema
from kg.paths import data_folder, shipped_dataset
from kg.query.catalogue import iter_queries
from kg.tables.columns import Row, columns
from kg.tables.rows import Administration, Arm, Finding, RegulatoryEvent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdflib.term import Node

pytestmark = pytest.mark.usefixtures("shipped_places")
DATA = Path(__file__).resolve().parent.parent / "data"
SHAPE_EXAMPLES = sorted((DATA / "shapes").glob("*.ttl"))
RULE_EXAMPLES = sorted(path for path in (DATA / "verify").iterdir() if path.is_dir())
FAULTY = "https://w3id.org/immunokg/test/faulty/"
NO_CONSTRAINTS = {SH.path, SH.message, SH.qualifiedValueShape, SH.property, SH.targetClass}

SHAPES = read_shapes()
# a shape that has a message says something of its own; those of names of terms have no property
PROPERTY_SHAPES = {str(shape).removeprefix(KG): shape for shape in SHAPES.subjects(SH.message)}

each_shape = pytest.mark.parametrize("path", SHAPE_EXAMPLES, ids=lambda path: path.stem)
each_property_shape = pytest.mark.parametrize("name", sorted(PROPERTY_SHAPES))
each_rule = pytest.mark.parametrize("path", RULE_EXAMPLES, ids=lambda path: path.name)


def choices_of(row_type: type[Row], name: str) -> tuple[str, ...]:
    (choices,) = (item.metadata["choices"] for item in columns(row_type) if item.name == name)
    return cast("tuple[str, ...]", choices)


@cache
def load(*paths: Path) -> Store:
    store = Store()
    for path in paths:
        store.load(path=str(path), format=RdfFormat.TURTLE)
    return store


def turtle(body: str) -> Store:
    store = Store()
    prefixes = f"@prefix kg: <{KG}> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> ."
    store.load(f"{prefixes} {body}".encode(), format=RdfFormat.TURTLE)
    return store


@cache
def property_labels() -> set[str]:
    ontology = load(data_folder("ontology") / "immunokg.ttl")
    return {item.label for item in read_schema(quad.triple for quad in ontology).properties.values()}


def faulty_nodes(store: Store) -> set[str]:
    nodes = {node.value for quad in store for node in quad.triple if isinstance(node, NamedNode)}
    return {iri for iri in nodes if iri.startswith((FAULTY, KG + "faulty/"))}  # the latter for terms that are faulty


def reported(store: Store, rule: str) -> set[str]:
    return {item.focus for item in find_violations(store) if item.rule == rule}


def violations(report: Graph) -> Iterator[tuple[str, str, str]]:
    """Yield shape, focus node and constraint of each result of a SHACL report."""
    for result in report.subjects(RDF.type, SH.ValidationResult):
        shape, focus = report.value(result, SH.sourceShape), report.value(result, SH.focusNode)
        component = str(report.value(result, SH.sourceConstraintComponent)).removeprefix(str(SH))
        name = component.removesuffix("ConstraintComponent")
        yield str(shape).removeprefix(KG), str(focus), name[0].lower() + name[1:]


def constraints(shape: Node) -> set[str]:
    names = map(str, set(SHAPES.predicates(shape)) - NO_CONSTRAINTS)
    return {name.removeprefix(str(SH)) for name in names if name.startswith(str(SH))}


def constraint_of(iri: str) -> str:
    return iri.removeprefix(FAULTY).partition("-")[0]


# shapes


def test_every_property_shape_has_examples() -> None:
    assert SHAPE_EXAMPLES
    assert {path.stem for path in SHAPE_EXAMPLES} == set(PROPERTY_SHAPES)


@each_shape
def test_every_constraint_has_a_faulty_example(path: Path) -> None:
    assert {constraint_of(iri) for iri in faulty_nodes(load(path))} == constraints(PROPERTY_SHAPES[path.stem])


@each_shape
def test_shape_reports_what_is_faulty_and_nothing_else(path: Path) -> None:
    faulty = faulty_nodes(load(path))
    assert faulty
    assert reported(load(path), path.stem) == faulty


@each_shape
def test_fault_breaks_the_constraint_that_it_is_named_after(path: Path) -> None:
    found = set(violations(shacl_report(load(path))))
    assert {(path.stem, iri, constraint_of(iri)) for iri in faulty_nodes(load(path))} <= found


def test_report_is_that_of_the_shapes_as_they_are_written() -> None:
    everything = load(*SHAPE_EXAMPLES)
    _, plain, _ = pyshacl.validate(to_rdflib(everything), shacl_graph=SHAPES, inference="none")
    found = set(violations(shacl_report(everything)))
    assert len(found) > 100
    assert found == set(violations(plain))


def test_shapes_are_valid_shacl() -> None:
    valid, _, text = pyshacl.validate(Graph(), shacl_graph=SHAPES, meta_shacl=True)
    assert valid, text


def test_shapes_are_shacl_core() -> None:
    assert not set(SHAPES.predicates()) & {SH.sparql, SH.js, SH.rule}


@each_property_shape
def test_property_shape_belongs_to_the_shape_of_its_name(name: str) -> None:
    shape = PROPERTY_SHAPES[name]
    if "-" not in name:
        assert (shape, RDF.type, SH.NodeShape) in SHAPES
        return
    assert [str(outer) for outer in SHAPES.subjects(SH.property, shape)] == [KG + name.partition("-")[0]]
    path = SHAPES.value(shape, SH.path)
    if isinstance(path, URIRef):
        assert re.split(r"[/#]", path)[-1] == name.partition("-")[2]


@each_property_shape
def test_message_names_columns_and_properties_that_exist(name: str) -> None:
    (message,) = map(str, SHAPES.objects(PROPERTY_SHAPES[name], SH.message))
    tables = re.findall(r"(\w+)\.csv", message)
    assert tables or "vocabulary" in message or "immunokg.ttl" in message
    assert set(tables) <= set(ALL_TABLES)
    for first, second, table in re.findall(r"columns? (\w+)(?: and (\w+))? of (\w+)\.csv", message):
        assert {first, second} - {""} <= {item.name for item in columns(ALL_TABLES[table])}
    assert set(re.findall(r"of '([^']+)'", message)) <= property_labels()


@pytest.mark.parametrize(
    ("name", "choices"),
    [
        ("SourcedShape-assertion", ASSERTIONS),
        ("SourcedShape-standing", STANDINGS),
        ("ClinicalTrialShape-targetLogic", ("all of", "any of")),
        ("ArmShape-population", choices_of(Arm, "population")),
        ("ObservationShape-direction", choices_of(Finding, "direction")),
        ("ObservationShape-qualifier", choices_of(Finding, "qualifier")),
        ("ObservationShape-relatedness", choices_of(Finding, "relatedness")),
        ("ObservationShape-tissue", choices_of(Finding, "tissue")),
        ("AdministrationShape-role", choices_of(Administration, "role")),
        ("AdministrationShape-route", choices_of(Administration, "route")),
        ("RegulatoryEventShape-dateMeaning", choices_of(RegulatoryEvent, "date_is")),
        ("RegulatoryEventShape-eventStatus", choices_of(RegulatoryEvent, "status")),
        ("SourcedShape-unit", choices_of(Finding, "unit")),
    ],
)
def test_choices_are_those_of_the_tables(name: str, choices: tuple[str, ...]) -> None:
    listed = SHAPES.value(PROPERTY_SHAPES[name], SH["in"])
    assert listed
    assert tuple(str(item) for item in Collection(SHAPES, listed)) == choices
    assert choices in {item.metadata["choices"] for row_type in ALL_TABLES.values() for item in columns(row_type)}


def test_identifiers_are_those_of_the_tables() -> None:
    forms = "|".join(registry.form for registry in REGISTRIES)
    assert str(SHAPES.value(PROPERTY_SHAPES["ListedTrialShape-label"], SH.pattern)) == f"^({forms})$"


# rules


def test_every_rule_has_examples() -> None:
    assert RULE_EXAMPLES
    assert {path.name for path in RULE_EXAMPLES} == {query.path.stem for query in iter_queries("verify")}


@each_rule
def test_rule_reports_what_is_faulty_and_nothing_else(path: Path) -> None:
    store = load(path / "faulty.ttl")
    faulty = faulty_nodes(store)
    assert faulty
    assert reported(store, path.name) == faulty


@each_rule
def test_rule_is_silent_on_what_is_clean(path: Path) -> None:
    store = load(path / "clean.ttl")
    assert len(store)
    assert reported(store, path.name) == set()


# validate


def test_shipped_dataset_has_no_fault() -> None:
    faults = validate(open_store(shipped_dataset()))
    assert list(faults) == []
    assert faults.as_of


def test_rows_are_sorted_literals() -> None:
    faults = validate(load(*SHAPE_EXAMPLES))
    assert faults.columns == ("severity", "rule", "focus", "message", "row")
    assert all(isinstance(term, Literal) for row in faults.rows for term in row)
    texts = [tuple(row.values()) for row in faults]
    assert texts == sorted(set(texts))


@pytest.mark.parametrize(
    ("value", "found"),
    [("-1", '"-1"^^xsd:integer'), ('""', '""'), ('"20"', '"20"'), ("<urn:x>", "<urn:x>"), ("kg:Phase", "kg:Phase")],
)
def test_message_ends_with_the_value_that_is_wrong(value: str, found: str) -> None:
    faults = validate(turtle(f"<urn:trial> a kg:ClinicalTrial ; kg:enrollment {value} ."))
    (message,) = {row["message"] for row in faults if row["rule"] == "ClinicalTrialShape-enrollment"}
    assert message.endswith(f"mend the column enrollment of trials.csv. Found: {found}")


def test_message_without_value_is_that_of_the_shape() -> None:
    faults = validate(turtle("<urn:trial> a kg:ClinicalTrial ; kg:listedAt <urn:row> ."))
    (message,) = {row["message"] for row in faults if row["rule"] == "ListedTrialShape-hasStatus"}
    assert message == str(SHAPES.value(PROPERTY_SHAPES["ListedTrialShape-hasStatus"], SH.message))


def test_two_wrong_values_are_two_faults() -> None:
    faults = validate(turtle("<urn:trial> a kg:ClinicalTrial ; kg:enrollment -1, -2 ."))
    assert [row["rule"] for row in faults].count("ClinicalTrialShape-enrollment") == 2


def test_value_outside_its_datatype_is_a_row_and_no_traceback(caplog: pytest.LogCaptureFixture) -> None:
    store = turtle('<urn:trial> a kg:ClinicalTrial ; kg:firstPosted "2024-13-25"^^xsd:date .')
    assert reported(store, "ClinicalTrialShape-firstPosted") == {"urn:trial"}
    assert not caplog.records


def test_empty_dataset_has_no_fault() -> None:
    assert not len(validate(Store()))
