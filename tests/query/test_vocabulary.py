"""The hierarchy of diseases answers as the field asks: what a group holds, and what it must not hold.

Where public ontologies differ (DOID puts myeloma under myeloid neoplasm, MONDO does not count MDS as hematologic,
none has a usable solid cancer), the project decides; the scope note of the group says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kg.engines.asking import bind, select
from kg.query.catalogue import find_query

if TYPE_CHECKING:
    from kg import KnowledgeGraph

BELOW = """
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?label WHERE { ?group rdfs:label "GROUP" . ?disease skos:broader+ ?group ; rdfs:label ?label }
"""
GROUPS = {
    "B-cell malignancy": (
        "Multiple Myeloma; Plasma Cell Leukemia; Chronic Lymphocytic Leukemia; B-cell Acute Lymphoblastic Leukemia;"
        "Diffuse Large B-Cell Lymphoma; Mantle Cell Lymphoma; Waldenstrom Macroglobulinemia; Indolent Lymphoma",
        "Acute Lymphoblastic Leukemia; Acute Myeloid Leukemia; T-cell Acute Lymphoblastic Leukemia; Lymphoma;"
        "Myelodysplastic Syndromes; Non-Hodgkin lymphoma",
    ),
    "Hematologic cancer": (
        "Myelodysplastic Syndromes; Multiple Myeloma; Acute Lymphoblastic Leukemia; Acute Myeloid Leukemia;"
        "Blastic Plasmacytoid Dendritic Cell Neoplasm; T-Cell Lymphoma, unspecified;"
        "Non-Hodgkin's Lymphoma, unspecified",
        "Glioblastoma; Lymphopenia; Neutropenia; Anemia; Primary Immune Thrombocytopenia",
    ),
    "T-cell malignancy": (
        "T-cell Acute Lymphoblastic Leukemia; T-Cell Lymphoma, unspecified; T-Cell Leukemia, unspecified",
        "Acute Lymphoblastic Leukemia; Chronic Lymphocytic Leukemia",
    ),
    "Myeloid malignancy": ("Acute Myeloid Leukemia; Myelodysplastic Syndromes", "Multiple Myeloma"),
    "Solid cancer": (
        "Glioblastoma; Hepatocellular Carcinoma; Soft Tissue Sarcoma; Chondrosarcoma; Leiomyosarcoma; Osteosarcoma;"
        "Dedifferentiated liposarcoma; BCG-unresponsive bladder cancer; Solid Tumors, unspecified; Melanoma",
        "Multiple Myeloma; Lymphoma; COVID-19; Systemic Lupus Erythematosus",
    ),
    "Sarcoma": (
        "Osteosarcoma; Undifferentiated pleomorphic sarcoma; Leiomyosarcoma",
        "Merkel Cell Carcinoma; Melanoma",
    ),
    "Autoimmune disease": (
        "Systemic Lupus Erythematosus; Lupus nephritis; Rheumatoid Arthritis; Primary Immune Thrombocytopenia",
        "COVID-19; Lymphopenia",
    ),
    "Infectious disease": ("COVID-19; Sepsis", "Autoimmune disease"),
}


@pytest.mark.parametrize(("group", "within", "without"), [(group, *both) for group, both in GROUPS.items()], ids=GROUPS)
def test_group_holds_what_it_should_and_nothing_else(
    group: str, within: str, without: str, graph: KnowledgeGraph
) -> None:
    below = {row["label"] for row in graph.query(BELOW.replace("GROUP", group))}
    assert {name.strip() for name in within.split(";")} <= below
    outside = {name.strip() for name in without.split(";")}
    assert not outside & below
    assert all(graph.lexicon.find(name) for name in outside)  # or a name that is misspelt would pass


@pytest.mark.parametrize("group", ["B-cell malignancy", "Hematologic cancer", "Solid cancer", "Autoimmune disease"])
def test_group_whose_members_are_in_dispute_says_how_it_decides(group: str, graph: KnowledgeGraph) -> None:
    (note,) = (row["value"] for row in graph.describe(f"Disease: {group}") if row["property"] == "scope note")
    assert len(note) > 40


def test_every_disease_that_a_listed_trial_studies_is_in_one_of_the_four_groups(graph: KnowledgeGraph) -> None:
    """They are the groups of the review's Tables 1 to 3."""
    tops = ("Hematologic cancer", "Solid cancer", "Autoimmune disease", "Infectious disease")
    grouped = {row["label"] for top in tops for row in graph.query(BELOW.replace("GROUP", top))}
    studied = {row["disease"] for row in graph.query("trials_by_disease")}
    assert studied - grouped <= {"Adenocarcinoma"} | set(tops)


def test_trials_of_a_group_are_found_by_the_group(graph: KnowledgeGraph) -> None:
    query = find_query("trials_by_disease")
    text = bind(query.text, "group", [row[0] for row in select(graph.store, GROUP_IRI)])
    assert {"NCT05182073"} <= {row[0].value for row in select(graph.store, text)}


GROUP_IRI = 'SELECT ?it WHERE { ?it <http://www.w3.org/2000/01/rdf-schema#label> "B-cell malignancy" }'
