"""All about one thing, and several things side by side, from the statements of the graph.

A comparison has four answers: yes, no, not reported, conflicting. The answer is "no"
only if a source says no. If no source says anything, it is "not reported".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pyoxigraph import Literal, NamedNode

from kg.engines.asking import as_of, bind, select
from kg.formats.result import Result
from kg.model.iris import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyoxigraph import Store

    from kg.model.schema import Schema

__all__ = ["compare", "describe"]

_NAMES = """
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX dcterms: <http://purl.org/dc/terms/>
SELECT ?property ?value
WHERE {
  # VALUES ?it { }
  VALUES (?predicate ?property) {
    (rdfs:label "label") (skos:altLabel "synonym") (skos:definition "definition")
    (skos:scopeNote "scope note") (skos:broader "broader") (dcterms:issued "published")
    (<https://w3id.org/immunokg/ontology/dataCutOff> "data cut-off")
    (<https://w3id.org/immunokg/ontology/doi> "DOI") (dcterms:license "licence")
    (<https://w3id.org/immunokg/ontology/resolution> "resolution")
    (<https://w3id.org/immunokg/ontology/reason> "reason")
    (skos:exactMatch "exact match") (skos:closeMatch "close match")
    (skos:broadMatch "broad match") (skos:narrowMatch "narrow match")
  }
  ?it ?predicate ?object .
  OPTIONAL { ?object rdfs:label ?name }
  OPTIONAL { ?object dcterms:identifier ?code }
  BIND(IF(BOUND(?code), CONCAT(?code, " ", ?name), COALESCE(?name, STR(?object))) AS ?value)
}
ORDER BY ?property ?value
"""
_TYPES = """
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT (STR(?label) AS ?type)
WHERE {
  # VALUES ?it { }
  ?it a ?class .
  ?class rdfs:isDefinedBy <https://w3id.org/immunokg/ontology> ; rdfs:label ?label .
}
ORDER BY ?label
"""
_STATEMENTS = """
PREFIX kg: <https://w3id.org/immunokg/ontology/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?it ?property ?value ?assertion ?standing ?document ?section ?locator ?predicate ?object
WHERE {
  # VALUES ?it { }
  {
    ?statement kg:subject ?it ; kg:object ?object ; kg:predicate ?predicate .
    ?predicate rdfs:label ?label .
    BIND("" AS ?inverse)
  }
  UNION
  {
    ?statement kg:object ?it ; kg:subject ?object ; kg:predicate ?predicate .
    ?predicate kg:inverseLabel ?label .
    BIND("inverse" AS ?inverse)
  }
  ?statement kg:assertion ?assertion ;
             kg:standing ?standing ;
             kg:hasEvidence ?evidence .
  ?evidence kg:section ?section ; kg:locator ?locator ; kg:fromDocument/rdfs:label ?document .
  OPTIONAL { ?object rdfs:label ?name }
  BIND(COALESCE(?name, STR(?object)) AS ?value)
  BIND(STR(?label) AS ?property)
}
ORDER BY ?it ?inverse ?property ?value ?assertion ?section ?locator
"""
# What is said of patients is also said of their trial and of the product that it investigates; the value names the arm.
# Each branch names the thing to describe: if it were named outside, engines would make all rows first and join it then.
_RECORDS = """
PREFIX kg: <https://w3id.org/immunokg/ontology/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT DISTINCT ?property ?value ?assertion ?standing ?document ?section ?locator
WHERE {
  {
    # VALUES ?it { }
    ?record kg:about ?it ; kg:measures ?predicate
  }
  UNION
  {
    # VALUES ?it { }
    ?record kg:hasTerm|kg:measures ?it ; kg:about/rdfs:label ?who ; kg:measures ?predicate
  }
  UNION
  {
    # VALUES ?it { }
    ?other kg:ofTrial ?it ; rdfs:label ?who . ?record kg:about ?other ; kg:measures ?predicate
  }
  UNION
  {
    # VALUES ?it { }
    ?trial kg:investigates ?it . ?other kg:ofTrial ?trial ; rdfs:label ?who .
    ?record kg:about ?other ; kg:measures ?predicate
  }
  UNION
  {
    # VALUES ?it { }
    ?record kg:givenTo ?it . BIND(kg:givenTo AS ?predicate)
  }
  UNION
  {
    # VALUES ?it { }
    ?record kg:gives ?it ; kg:givenTo/rdfs:label ?who . BIND(kg:givenTo AS ?predicate)
  }
  UNION
  {
    # VALUES ?it { }
    ?other kg:ofTrial ?it ; rdfs:label ?who . ?record kg:givenTo ?other . BIND(kg:givenTo AS ?predicate)
  }
  UNION
  {
    # VALUES ?it { }
    ?trial kg:investigates ?it . ?other kg:ofTrial ?trial ; rdfs:label ?who .
    ?record kg:givenTo ?other . BIND(kg:givenTo AS ?predicate)
  }
  UNION
  {
    # VALUES ?it { }
    ?record kg:concernsProduct|kg:forIndication|kg:byAuthority|kg:hasEventKind ?it .
    BIND(kg:concernsProduct AS ?predicate)
  }
  ?record kg:inWords ?words ;
          kg:assertion ?assertion ;
          kg:standing ?standing ;
          kg:hasEvidence ?evidence .
  ?evidence kg:section ?section ; kg:locator ?locator ; kg:fromDocument/rdfs:label ?document .
  OPTIONAL { ?predicate rdfs:label ?label }
  OPTIONAL { ?predicate kg:inverseLabel ?inverse }
  BIND(IF(BOUND(?who), CONCAT(?who, ": ", ?words), ?words) AS ?value)
  BIND(STR(COALESCE(?inverse, ?label)) AS ?property)
}
ORDER BY ?property ?value ?assertion ?section ?locator
"""
_OUTLINE = """
PREFIX kg: <https://w3id.org/immunokg/ontology/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ("section" AS ?property)
       (CONCAT(?section, ": statements ", STR(?statements), ", findings and the like ", STR(?records)) AS ?value)
WHERE {
  {
    SELECT ?section (MIN(COALESCE(?from, 999999999)) AS ?start) (COUNT(DISTINCT ?statement) AS ?statements)
           (COUNT(DISTINCT ?record) AS ?records)
    WHERE {
      # VALUES ?it { }
      ?evidence kg:fromDocument ?it ; kg:section ?section .
      OPTIONAL { ?evidence kg:startsAt ?from }
      OPTIONAL { ?statement kg:hasEvidence ?evidence ; kg:object ?object }
      OPTIONAL { ?record kg:hasEvidence ?evidence ; kg:inWords ?words }
    }
    GROUP BY ?section
  }
}
ORDER BY ?start ?section
"""


def describe(store: Store, iri: str) -> Result:
    """Return everything that the graph says of one thing, with its evidence.

    Args:
        store: the dataset.
        iri: the thing.

    Returns:
        The columns ``property``, ``value``, ``assertion``, ``standing``, ``document``,
        ``section`` and ``locator``. Names, and the outline of a document, come first; they
        have no evidence. Then come relations, then findings, administrations and events.
        The places of a value in the same section share a row.
    """
    it = [NamedNode(iri)]
    rows: list[tuple[Any, ...]] = [(Literal("id"), Literal(iri))]
    rows += [(Literal("type"), *row) for row in select(store, bind(_TYPES, "it", it))]
    rows += select(store, bind(_NAMES, "it", it))
    rows += select(store, bind(_OUTLINE, "it", it))
    rows = [(*row, None, None, None, None, None) for row in rows]
    said = [row[1:8] for row in select(store, bind(_STATEMENTS, "it", it))]
    said += select(store, bind(_RECORDS, "it", it))
    places: dict[tuple[Any, ...], list[str]] = {}
    for *about, locator in said:
        places.setdefault(tuple(about), []).append(locator.value)
    rows += [(*about, Literal("; ".join(dict.fromkeys(locators)))) for about, locators in places.items()]
    columns = ("property", "value", "assertion", "standing", "document", "section", "locator")
    return Result(columns, rows, as_of(store))


def compare(store: Store, schema: Schema, iris: Sequence[str], labels: Sequence[str]) -> Result:
    """Return things side by side, with every relation that any of them has; texts of curators are left out.

    Args:
        store: the dataset.
        schema: the ontology of the dataset; it tells which property denies another, and
            for which properties one value rules out all others.
        iris: the things.
        labels: their names, which become columns.

    Returns:
        A row for each property and value. The column of each thing has ``yes``, ``no``,
        ``not reported`` or ``conflicting``.
    """
    said: dict[tuple[str, str], dict[str, set[str]]] = {}
    settled: dict[tuple[str, str], set[str]] = {}  # property with one value at most, thing -> its values
    query = bind(_STATEMENTS, "it", [NamedNode(iri) for iri in iris])
    for it, label, value, _, standing, _, _, _, predicate, _ in select(store, query):
        property_ = schema.properties[predicate.value]
        if property_.range == PREFIXES["xsd"] + "string":
            continue
        denied = schema.properties.get(property_.negates)
        name = denied.label if denied else label.value
        answers = said.setdefault((name, value.value), {}).setdefault(it.value, set())
        if standing.value == "unresolved":
            answers.add("conflicting")
        elif standing.value == "accepted":
            answers.add("no" if denied else "yes")
            if property_.excludes_others and name == property_.label:
                settled.setdefault((name, it.value), set()).add(value.value)
    rows = []
    for (name, value), given in sorted(said.items()):
        if any(given.values()):
            for iri in iris:
                if settled.get((name, iri), set()) - {value}:
                    given.setdefault(iri, set()).add("no")
            verdicts = (_verdict(given.get(iri, set())) for iri in iris)
            rows.append((Literal(name), Literal(value), *map(Literal, verdicts)))
    return Result(("property", "value", *labels), rows, as_of(store))


def _verdict(answers: set[str]) -> str:
    if len(answers) > 1:
        return "conflicting"
    return next(iter(answers), "not reported")
