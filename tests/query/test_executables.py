"""The catalogue as RDF: rdflib reads it, each text runs and gives what its file gives."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import rdflib
from rdflib.namespace import RDF, RDFS, SH, XSD
from slowness import slow_if

from kg.model.iris import KG
from kg.paths import data_folder
from kg.query.catalogue import Query, iter_queries
from kg.query.executables import executables

if TYPE_CHECKING:
    from kg import KnowledgeGraph

SCHEMA = rdflib.Namespace("https://schema.org/")
QUERY = rdflib.Namespace("https://w3id.org/immunokg/query/")
CATALOGUE = list(iter_queries())


@pytest.fixture(scope="module")
def described() -> rdflib.Graph:
    return rdflib.Graph().parse(data_folder("queries") / "catalogue.ttl")


def is_long(query: Query) -> bool:
    return query.path.stem == "facts"


def test_every_query_is_an_executable(described: rdflib.Graph) -> None:
    found = set(described.subjects(RDF.type, SH.SPARQLExecutable))
    assert found == set(described.subjects(RDF.type, SH.SPARQLSelectExecutable))
    assert found == {QUERY[query.path.stem] for query in CATALOGUE}
    assert len(found) >= 15


@pytest.mark.parametrize("query", slow_if(is_long, CATALOGUE), ids=lambda query: query.path.stem)
def test_text_gives_the_rows_of_its_file(query: Query, described: rdflib.Graph, graph: KnowledgeGraph) -> None:
    text = str(described.value(QUERY[query.path.stem], SH.select))
    assert graph.query(text).rows == graph.query(query.path.stem).rows


def declared(described: rdflib.Graph, node: rdflib.term.Node) -> str:
    """Return the prefixes of a query as an engine of SHACL puts them before its text."""
    lines = []
    for prefixes in described.objects(node, SH.prefixes):
        for declaration in described.objects(prefixes, SH.declare):
            namespace = described.value(declaration, SH.namespace)
            assert isinstance(namespace, rdflib.Literal)
            assert namespace.datatype == XSD.anyURI
            lines.append(f"PREFIX {described.value(declaration, SH.prefix)}: <{namespace}>\n")
    return "".join(lines)


@pytest.mark.parametrize("query", slow_if(is_long, CATALOGUE), ids=lambda query: query.path.stem)
def test_declared_prefixes_are_enough(query: Query, described: rdflib.Graph, graph: KnowledgeGraph) -> None:
    node = QUERY[query.path.stem]
    bare = re.sub(r"^PREFIX.*\n", "", str(described.value(node, SH.select)), flags=re.M)
    assert "PREFIX" not in bare
    assert len(graph.query(declared(described, node) + bare)) == len(graph.query(query.path.stem))


def test_description_is_that_of_the_header(described: rdflib.Graph) -> None:
    node = QUERY["sponsors_by_disease"]
    comment = str(described.value(node, RDFS.comment))
    assert comment.startswith("Who sponsors trials in which disease?\n\nOne row per disease and sponsor")
    assert {str(word) for word in described.objects(node, SCHEMA.keywords)} == {"trials", "diseases", "sponsors"}
    (parameter,) = described.objects(node, SH.parameter)
    assert described.value(parameter, SH["class"]) == rdflib.URIRef(KG + "Disease")
    assert str(described.value(parameter, SH.path)).endswith("/group")
    assert described.value(parameter, SH.optional) == rdflib.Literal(True)


def test_catalogue_can_be_asked_itself(described: rdflib.Graph) -> None:
    text = "SELECT ?text { ?query sh:select|sh:ask|sh:construct ?text ; schema:keywords 'targets' }"
    found = described.query(text, initNs={"sh": SH, "schema": SCHEMA})
    assert len(found) == len([query for query in CATALOGUE if "targets" in query.header["tags"]]) > 1


@pytest.mark.parametrize("text", ['"', '""', '"""', "\\", '\\"', '"\n"""\n\\n"', '#"""" ', "\\u0041 β"])
def test_any_text_comes_back_as_it_was(text: str) -> None:
    header = '#+ summary: "?"\n#+ tags: [a]\n'
    query = Query(Path("hostile.rq"), f"{header}ASK {{ }} # {text}\n# {text}")
    found = rdflib.Graph().parse(data=executables([query]), format="turtle")
    node = QUERY["hostile"]
    assert str(found.value(node, SH.ask)) == f"ASK {{ }} # {text}\n# {text}".strip() + "\n"
    assert (node, RDF.type, SH.SPARQLAskExecutable) in found
