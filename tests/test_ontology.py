"""The ontology file: every term is named, defined and placed, and the file is as its style says."""

from __future__ import annotations

import re
from itertools import combinations, product
from typing import TYPE_CHECKING

import pytest
import rdflib
from pyoxigraph import RdfFormat, parse
from rdflib.collection import Collection

from kg.model.iris import KG, PREFIXES, class_of, mint, named_class, term
from kg.model.schema import THING, read_schema
from kg.paths import data_folder

if TYPE_CHECKING:
    from kg import KnowledgeGraph

PATH = data_folder("ontology") / "immunokg.ttl"
TEXT = PATH.read_text(encoding="utf-8")
TRIPLES = [quad.triple for quad in parse(path=str(PATH), format=RdfFormat.TURTLE)]
SCHEMA = read_schema(TRIPLES)
TERMS = sorted({triple.subject.value for triple in TRIPLES if triple.subject.value.startswith(KG)})
RDFS, SKOS = "http://www.w3.org/2000/01/rdf-schema#", "http://www.w3.org/2004/02/skos/core#"


def values(iri: str, predicate: str) -> list[str]:
    return [value.value for subject, about, value in TRIPLES if (subject.value, about.value) == (iri, predicate)]


@pytest.mark.parametrize("iri", TERMS, ids=lambda iri: iri.rpartition("/")[2])
def test_term_has_one_label_and_one_definition_of_one_sentence(iri: str) -> None:
    (label,) = values(iri, RDFS + "label")
    (definition,) = values(iri, SKOS + "definition")
    assert label == label.strip()
    assert definition.endswith(".")
    assert values(iri, RDFS + "isDefinedBy") == ["https://w3id.org/immunokg/ontology"]


def test_names_follow_the_style() -> None:
    assert SCHEMA.classes
    assert SCHEMA.properties
    assert all(re.fullmatch(r"[A-Z][A-Za-z]+", iri.removeprefix(KG)) for iri in SCHEMA.classes)
    assert all(re.fullmatch(r"[a-z][A-Za-z0-9]+", iri.removeprefix(KG)) for iri in SCHEMA.properties)


def test_domains_and_ranges_are_classes_of_the_ontology_or_any_thing() -> None:
    known = {*SCHEMA.classes, THING}
    for property_ in SCHEMA.properties.values():
        assert property_.domain in known
        assert property_.is_literal or property_.range in known


def test_ranges_of_literals_are_types_of_xml_schema_or_any_literal() -> None:
    ranges = {property_.range for property_ in SCHEMA.properties.values() if property_.is_literal}
    assert {range_ for range_ in ranges if not range_.startswith(PREFIXES["xsd"])} <= {RDFS + "Literal"}


def test_terms_stand_in_order_within_their_section() -> None:
    for section in re.split(r"^# (?:Classes|Object|Datatype|Annotation).*$", TEXT, flags=re.M)[1:]:
        names = re.findall(r"^kg:(\w+) a ", section, flags=re.M)
        assert names == sorted(names, key=str.casefold)


def test_labels_of_properties_are_their_own() -> None:
    labels = [property_.label for property_ in SCHEMA.properties.values()]
    assert len(set(labels)) == len(labels)


def test_every_class_of_things_has_a_path_and_every_vocabulary_a_table() -> None:
    for name in SCHEMA.minted:
        assert class_of(mint(name, "x")) == ("" if name == "Statement" else term(name))
    tables = {path.stem for path in (PATH.parent / "vocabulary").glob("*.csv")}
    assert set(SCHEMA.vocabularies) == tables


def test_new_class_of_concepts_has_a_table_without_new_code() -> None:
    added = PREFIX_LINES.replace("PREFIX", "@prefix").replace(">\n", "> .\n")
    added += "kg:StorageMethod a owl:Class ; rdfs:subClassOf skos:Concept ; rdfs:label 'storage method' ."
    triples = [*TRIPLES, *(quad.triple for quad in parse(added.encode(), format=RdfFormat.TURTLE))]
    assert read_schema(triples).vocabularies["storage_methods"] == "StorageMethod"
    assert class_of(mint("StorageMethod", "frozen")) == term("StorageMethod")


def test_every_class_of_things_is_named_by_a_class_that_has_a_path() -> None:
    """By itself or one above it; where it only holds other classes together, its things have the paths of those."""
    ends = {end for item in SCHEMA.properties.values() for end in (item.domain, item.range) if end in SCHEMA.classes}
    for iri in ends:
        assert named_class(iri) in SCHEMA.ancestors(iri)
        below = {other for other in SCHEMA.classes if iri in SCHEMA.ancestors(other)}
        assert {named_class(iri), *below} & set(map(term, SCHEMA.minted)), f"nothing is minted as {iri}"


EXAMPLES = """
SELECT ?term ?example WHERE { ?term rdfs:isDefinedBy <https://w3id.org/immunokg/ontology> ; skos:example ?example }
"""
# what an example of a term can be: a thing of the class; what a statement says; a value of a record
HELD = """
SELECT DISTINCT ?held
WHERE {
  { ?it a <TERM> ; rdfs:label ?held }
  UNION
  {
    ?statement kg:predicate <TERM> ; kg:subject/rdfs:label ?subject ; kg:object ?object .
    <TERM> rdfs:label ?property .
    OPTIONAL { ?object rdfs:label ?label }
    BIND(CONCAT(?subject, " ", STR(?property), " ", COALESCE(?label, STR(?object))) AS ?held)
  }
  UNION
  { ?it <TERM> ?value . OPTIONAL { ?value rdfs:label ?label } BIND(COALESCE(?label, STR(?value)) AS ?held) }
}
"""
PREFIX_LINES = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())


def test_every_example_is_in_the_data(graph: KnowledgeGraph) -> None:
    examples = [(row["term"], row["example"]) for row in graph.query(PREFIX_LINES + EXAMPLES)]
    assert len(examples) > 80
    for iri, example in examples:
        held = {row["held"] for row in graph.query(PREFIX_LINES + HELD.replace("TERM", iri))}
        assert example in held, f"{iri.removeprefix(KG)}: the data does not hold '{example}'"


def test_every_class_whose_things_have_names_has_an_example(graph: KnowledgeGraph) -> None:
    exemplified = {row["term"] for row in graph.query(PREFIX_LINES + EXAMPLES)}
    text = f"{PREFIX_LINES} SELECT DISTINCT ?class WHERE {{ ?it a ?class ; rdfs:label ?label }}"
    named = {row["class"] for row in graph.query(text) if row["class"].startswith(KG)}
    assert named - {term("Conflict")} <= exemplified  # the label of a conflict is a whole question


def test_disjoint_classes_are_those_of_one_level() -> None:
    """Two classes with things of their own are disjoint, or one is below the other."""
    graph = rdflib.Graph().parse(PATH)
    lists = [Collection(graph, node) for node in graph.objects(predicate=rdflib.OWL.members)]
    groups = [{str(member) for member in members} for members in lists]
    apart = {frozenset(pair) for group in groups for pair in combinations(group, 2)}
    kinds = {term(name) for name in (*SCHEMA.minted, "RejectedFinding")}
    for one, other in combinations(sorted(kinds), 2):
        pairs = product(SCHEMA.ancestors(one), SCHEMA.ancestors(other))
        assert any(frozenset(pair) in apart for pair in pairs), f"{one} and {other} are not disjoint"


def test_every_iri_of_ours_in_the_dataset_is_declared(graph: KnowledgeGraph) -> None:
    text = "SELECT DISTINCT ?term WHERE { { ?x ?term ?y } UNION { ?x a ?term } }"
    used = {row["term"] for row in graph.query(text) if row["term"].startswith(KG)}
    assert used <= set(TERMS)
    assert len(used) > 40
