"""What the dataset says of itself is so: each count is counted again, by SPARQL."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING

import pytest
from vocabularies import SCHEMA

from kg.build.header import DATASET, header_lines

if TYPE_CHECKING:
    from kg import KnowledgeGraph

PREFIXES = """
PREFIX dcat: <http://www.w3.org/ns/dcat#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX kg: <https://w3id.org/immunokg/ontology/>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX void: <http://rdfs.org/ns/void#>
"""
COUNTS = {
    "triples": "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }",
    "distinctSubjects": "SELECT (COUNT(DISTINCT ?s) AS ?n) WHERE { ?s ?p ?o }",
    "classes": "SELECT (COUNT(DISTINCT ?c) AS ?n) WHERE { ?s a ?c }",
    "properties": "SELECT (COUNT(DISTINCT ?p) AS ?n) WHERE { ?s ?p ?o }",
}


def values(graph: KnowledgeGraph, property_: str) -> set[str]:
    rows = graph.query(f"{PREFIXES} SELECT ?value WHERE {{ <{DATASET}> {property_} ?value }}")
    return {str(row["value"]) for row in rows}


@pytest.mark.parametrize("name", COUNTS)
def test_count_is_that_of_the_dataset(name: str, graph: KnowledgeGraph) -> None:
    (row,) = graph.query(COUNTS[name])
    assert values(graph, f"void:{name}") == {str(row["n"])}


def test_things_of_each_class_are_as_many_as_said(graph: KnowledgeGraph) -> None:
    said = graph.query(f"{PREFIXES} SELECT ?class ?n WHERE {{ ?part void:class ?class ; void:entities ?n }}")
    assert {row["class"].rpartition("/")[2] for row in said} == set(SCHEMA.minted)
    for row in said:
        (counted,) = graph.query(f"SELECT (COUNT(?it) AS ?n) WHERE {{ ?it a <{row['class']}> }}")
        assert row["n"] == counted["n"] > 0


def test_dataset_is_derived_from_its_documents(graph: KnowledgeGraph) -> None:
    documents = {row["it"] for row in graph.query(f"{PREFIXES} SELECT ?it WHERE {{ ?it a kg:Document }}")}
    assert values(graph, "prov:wasDerivedFrom") == documents
    assert values(graph, "prov:wasGeneratedBy/prov:used") == documents


def test_licence_version_and_form_are_said(graph: KnowledgeGraph) -> None:
    assert values(graph, "dcterms:license") == {"https://creativecommons.org/licenses/by/4.0/"}
    assert values(graph, "owl:versionInfo") == {version("immunokg")}
    assert values(graph, "dcat:distribution/dcat:mediaType") == {"application/n-triples"}
    assert values(graph, "dcterms:conformsTo/owl:versionInfo") == {version("immunokg")}


def test_header_counts_itself() -> None:
    lines = {"<urn:a> <urn:p> <urn:b> .\n"}
    header = header_lines(lines, [], SCHEMA.minted, "A world.", "1.0")
    assert f'<{DATASET}> <http://rdfs.org/ns/void#triples> "{len(header) + 1}"' in "".join(header)
