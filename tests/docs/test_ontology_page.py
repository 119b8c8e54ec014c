"""The page of the ontology and its diagram: whole, safe, and readable without a server."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from kg.docs.class_diagram import PLACES, class_diagram
from kg.docs.ontology_page import reference_page
from kg.model.iris import KG, PREFIXES
from kg.model.schema import has_names, read_schema
from kg.paths import data_folder

if TYPE_CHECKING:
    from kg import KnowledgeGraph

PARSED = parse(path=str(data_folder("ontology") / "immunokg.ttl"), format=RdfFormat.TURTLE)
TRIPLES = [triple for triple in (quad.triple for quad in PARSED) if has_names(triple)]
PAGE = reference_page(TRIPLES)
SVG = "{http://www.w3.org/2000/svg}"


def test_every_term_has_its_place_and_its_definition() -> None:
    definitions = [triple for triple in TRIPLES if triple.predicate.value == PREFIXES["skos"] + "definition"]
    assert len(definitions) > 150
    for triple in definitions:
        assert PAGE.count(f'<article id="{triple.subject.value.removeprefix(KG)}">') == 1
    assert PAGE.count("<article ") == len(definitions)


def test_every_link_leads_to_a_term() -> None:
    targets = set(re.findall(r'href="#([^"]+)"', PAGE))
    assert targets
    assert targets <= set(re.findall(r'id="([^"]+)"', PAGE))


def test_page_loads_nothing_and_runs_nothing() -> None:
    assert not re.search(r"<script|<link|<img|<iframe|\son\w+=|url\((?!#tip)", PAGE)


def test_text_is_escaped() -> None:
    term, text = NamedNode(KG + "hostile"), "<script>alert(1)</script>"
    told = {"rdfs:label": text, "skos:definition": text, "skos:altLabel": text, "skos:example": text}
    hostile = [
        Triple(
            term, NamedNode(PREFIXES[name.partition(":")[0]] + name.partition(":")[2]), Literal(value, language="en")
        )
        for name, value in told.items()
    ]
    kind = Triple(term, NamedNode(PREFIXES["rdf"] + "type"), NamedNode(PREFIXES["owl"] + "AnnotationProperty"))
    page = reference_page([*TRIPLES, kind, *hostile])
    assert "&lt;script&gt;" in page
    assert "<script" not in page


def test_every_relation_is_in_the_diagram(graph: KnowledgeGraph) -> None:
    tree = ElementTree.fromstring(class_diagram(graph.schema))
    texts = [element.text or "" for element in tree.iter(f"{SVG}text")]
    for item in graph.schema.properties.values():
        if not item.is_literal:
            assert any(text == item.label or text.startswith(f"{item.label} (") for text in texts), item.label
    assert len([*tree.iter(f"{SVG}rect")]) == len(PLACES)


def test_boxes_and_words_of_the_diagram_do_not_overlap(graph: KnowledgeGraph) -> None:
    tree = ElementTree.fromstring(class_diagram(graph.schema))
    boxes = [tuple(float(box.attrib[key]) for key in ("x", "y", "width", "height")) for box in tree.iter(f"{SVG}rect")]
    words = []
    for element in tree.iter(f"{SVG}text"):
        if element.attrib["class"] == "word":
            x, y, width = float(element.attrib["x"]), float(element.attrib["y"]), 6.2 * len(element.text or "")
            words.append((x - width / 2, y - 10, width, 12.0))
    areas = [*boxes, *words]
    for number, (x, y, width, height) in enumerate(areas):
        for left, top, across, down in areas[number + 1 :]:
            assert x + width <= left or left + across <= x or y + height <= top or top + down <= y


def test_class_without_a_place_is_told() -> None:
    triples = [triple for triple in TRIPLES if triple.subject.value != KG + "Arm"]
    with pytest.raises(KeyError, match="Arm"):
        class_diagram(read_schema(triples))
