"""What a page tells of one thing beside its relations: facts, conflicts and identifiers elsewhere.

A relation that is drawn is no fact. One that is not, as a view leaves it or its other end out, is told in words; so
the less a view shows, the more its panels say.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from kg.engines.asking import select
from kg.evidence.citations import all_places, in_words, select_about
from kg.model.assertions import ASSERTIONS
from kg.network.networkx_graph import edge_key

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping

    import networkx as nx
    from pyoxigraph import NamedNode, Store

__all__ = ["Conflict", "Fact", "Identifier", "Panel", "contested", "panels"]


class Fact(NamedTuple):
    """A value of a thing: what is said (``enrollment``), the value as text, how firmly, and where.

    ``assertion`` is the firmest of ``evidence``; ``standing`` is ``accepted``, ``unresolved`` or empty;
    each text of ``evidence`` is a place with how firmly it is said there, as an edge of the network has them.
    """

    name: str
    value: str
    assertion: str
    standing: str
    evidence: tuple[str, ...]


class Conflict(NamedTuple):
    """What the sources disagree on: its label, the values with their places, and how it was settled, or why not."""

    label: str
    values: tuple[tuple[str, str], ...]
    resolution: str


class Identifier(NamedTuple):
    """An identifier elsewhere: ``NCIT:C186430``, its name there, how well it matches, and an address or nothing."""

    code: str
    name: str
    match: str
    address: str


class Panel(NamedTuple):
    """What is told of one thing."""

    facts: tuple[Fact, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    identifiers: tuple[Identifier, ...] = ()


_PREFIXES = """
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX kg: <https://w3id.org/immunokg/ontology/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""
_NAMES = """
SELECT ?it ?property ?name ?object ?label
WHERE {
  VALUES (?property ?name) {
    (skos:definition "definition") (skos:scopeNote "scope note") (skos:altLabel "synonym") (skos:broader "broader")
  }
  ?it ?property ?object .
  OPTIONAL { ?object rdfs:label ?label }
}
"""
# what is said is asked for in two steps: most of it is drawn, and need not be fetched
_STATEMENTS = """
SELECT ?statement ?it ?property ?object
WHERE { ?statement kg:subject ?it ; kg:predicate ?property ; kg:object ?object }
"""
_STATED = """
SELECT ?statement ?name ?value ?assertion ?standing ?evidence
WHERE {
  # VALUES ?statement { }
  ?statement kg:predicate/rdfs:label ?name ; kg:object ?object ;
             kg:assertion ?assertion ; kg:standing ?standing ; kg:hasEvidence ?evidence .
  FILTER (?standing != "rejected")
  OPTIONAL { ?object rdfs:label ?label }
  BIND(COALESCE(?label, ?object) AS ?value)
}
"""
# who a record is about, and the other end if it has one
_RECORDS = """
SELECT ?record ?it ?other
WHERE {
  { ?record kg:about ?it OPTIONAL { ?record kg:hasTerm ?other } }
  UNION { ?record kg:givenTo ?it ; kg:gives ?other }
  UNION { ?record kg:concernsProduct ?it }
}
"""
_RECORDED = """
SELECT ?record ?name ?words ?assertion ?standing ?evidence
WHERE {
  {
    # VALUES ?record { }
    ?record kg:measures/rdfs:label ?name
  }
  UNION
  {
    # VALUES ?record { }
    ?record kg:givenTo|kg:concernsProduct ?it ; ?property ?it .
    ?property kg:inverseLabel ?name .
  }
  ?record kg:inWords ?words ; kg:assertion ?assertion ; kg:standing ?standing ; kg:hasEvidence ?evidence .
  FILTER (?standing != "rejected")
}
"""
_DOCUMENTS = """
SELECT ?document ?label
WHERE { ?document a kg:Document ; rdfs:label ?label }
"""
_PATIENTS = """
SELECT ?arm ?label ?trial ?product
WHERE {
  ?arm kg:ofTrial ?trial ; rdfs:label ?label .
  OPTIONAL { ?trial kg:investigates ?product }
}
"""
# what a reading of a conflict is about, whatever kind of record it is
_SIDE = """
  ?side kg:partOfConflict ?conflict ;
        kg:subject|kg:object|kg:about|kg:hasTerm|kg:givenTo|kg:gives|kg:concernsProduct ?it .
  FILTER (isIRI(?it))
"""
# each reading of a conflict in words: a statement says something of one thing, other records are about someone
_CONFLICTS = f"""
SELECT ?it ?reading ?standing ?evidence ?conflict ?label ?resolution ?reason
WHERE {{
  {_SIDE}
  ?side kg:standing ?standing ; kg:hasEvidence ?evidence .
  ?conflict rdfs:label ?label ; kg:resolution ?resolution ; kg:reason ?reason .
  {{
    ?side kg:subject/rdfs:label ?subject ; kg:predicate/rdfs:label ?said ; kg:object ?object .
    OPTIONAL {{ ?object rdfs:label ?name }}
    BIND(CONCAT(?subject, ", ", ?said, ": ", COALESCE(?name, STR(?object))) AS ?reading)
  }}
  UNION
  {{
    ?side kg:about|kg:givenTo|kg:concernsProduct ?who ; kg:inWords ?words .
    ?who rdfs:label ?subject .
    BIND(CONCAT(?subject, ": ", ?words) AS ?reading)
  }}
}}
"""
_CONTESTED = f"SELECT DISTINCT ?it ?conflict WHERE {{ {_SIDE} }}"
_IDENTIFIERS = """
SELECT ?it ?object ?code ?name ?match
WHERE {
  VALUES (?property ?match) {
    (skos:exactMatch "exact") (skos:closeMatch "close") (skos:broadMatch "broad") (skos:narrowMatch "narrow")
  }
  ?it ?property ?object .
  ?object dcterms:identifier ?code ; rdfs:label ?name .
}
"""
_REGISTERED = """
SELECT ?it ?number ?registry
WHERE { ?it kg:hasRegistry/rdfs:label ?registry ; rdfs:label ?number }
"""
_FIRST = ("definition", "scope note", "synonym")
_MATCHES = ("exact", "close", "narrow", "broad")

Homes = dict[str, tuple[str, list[str]]]


def panels(store: Store, network: nx.MultiDiGraph[str]) -> dict[str, Panel]:
    """Return what is told of each thing of a network beside the relations that are its edges.

    What is said of patients that are not among the things is told of their trial, or else of the products that it
    investigates; what a document says of all of its data, of what was measured. A reading that lost is in its
    conflict alone.

    Args:
        store: the dataset.
        network: what is drawn, of nodes and edges as :func:`kg.network.networkx_graph.to_networkx` has them.

    Returns:
        The IRI of a thing -> its panel; a thing of which nothing is told is missing.

    Example:
        >>> import networkx as nx
        >>> from kg import KnowledgeGraph
        >>> trial = "https://w3id.org/immunokg/trial/NCT05182073"
        >>> drawn = nx.MultiDiGraph()
        >>> drawn.add_node(trial)
        >>> panel = panels(KnowledgeGraph().store, drawn)[trial]
        >>> [(fact.name, fact.value, fact.assertion) for fact in panel.facts if fact.name == "enrollment"]
        [('enrollment', '31', 'stated')]
        >>> [identifier.address for identifier in panel.identifiers]
        ['https://clinicaltrials.gov/study/NCT05182073']
    """
    places = all_places(store)
    homes = _homes(store, network)
    facts = _facts(store, network, places, homes)
    conflicts = _conflicts(store, network, places, homes)
    identifiers = _identifiers(store, network)
    return {
        node: Panel(tuple(facts.get(node, ())), tuple(conflicts.get(node, ())), tuple(identifiers.get(node, ())))
        for node in sorted(network)
        if node in facts or node in conflicts or node in identifiers
    }


def contested(store: Store) -> dict[str, set[str]]:
    """Return the IRI of each thing that readings of a conflict are about, rejected ones too -> its conflicts."""
    conflicts: dict[str, set[str]] = defaultdict(set)
    for it, conflict in select(store, _PREFIXES + _CONTESTED):
        conflicts[it.value].add(conflict.value)
    return conflicts


def _homes(store: Store, shown: Container[str]) -> Homes:
    """Return patients that are not shown -> their name, and the things of which they are told instead."""
    trials: dict[str, tuple[str, set[str], set[str]]] = {}
    for arm, label, trial, product in select(store, _PREFIXES + _PATIENTS):
        if arm.value not in shown:
            _, its_trials, products = trials.setdefault(arm.value, (label.value, set(), set()))
            its_trials.update({trial.value} if trial.value in shown else ())
            products.update({product.value} if product and product.value in shown else ())
    return {arm: (label, sorted(found or products)) for arm, (label, found, products) in trials.items()}


def _facts(
    store: Store, network: nx.MultiDiGraph[str], places: Mapping[str, tuple[str, ...]], homes: Homes
) -> dict[str, list[Fact]]:
    said: dict[tuple[str, str, str], set[tuple[str, str, str]]] = defaultdict(set)
    for it, property_, name, object_, label in select(store, _PREFIXES + _NAMES):
        if it.value in network and not network.has_edge(it.value, object_.value, edge_key(property_.value)):
            said[it.value, name.value, (label or object_).value] = set()
    told = (*_stated(store, network), *_recorded(store, network, homes))
    for it, name, value, assertion, standing, place in told:
        if place in places:
            said[it, name, value].add((assertion, standing, in_words(places[place], assertion)))
    facts: dict[str, list[Fact]] = defaultdict(list)
    for (it, name, value), evidence in sorted(said.items(), key=lambda item: (item[0][1] not in _FIRST, item[0])):
        assertions = {assertion for assertion, _, _ in evidence}
        standings = {standing for _, standing, _ in evidence}
        facts[it].append(
            Fact(
                name,
                value,
                min(assertions, key=ASSERTIONS.index, default=""),
                max(standings, default=""),  # one that is unresolved makes the fact so
                tuple(sorted({text for _, _, text in evidence})),
            )
        )
    return facts


def _stated(store: Store, network: nx.MultiDiGraph[str]) -> Iterator[tuple[str, ...]]:
    """Yield what statements say of things and is no edge: thing, name, value, assertion, standing, evidence."""
    of: dict[NamedNode, str] = {}
    for statement, it, property_, object_ in select(store, _PREFIXES + _STATEMENTS):
        edge = it.value, object_.value, edge_key(property_.value)
        if it.value in network and not network.has_edge(*edge):
            of[statement] = it.value
    for statement, *said in select_about(store, _STATED, "statement", of):
        yield of[statement], *(term.value for term in said)


def _recorded(store: Store, network: nx.MultiDiGraph[str], homes: Homes) -> Iterator[tuple[str, ...]]:
    """Yield what findings, administrations and events say, as :func:`_stated` does; one of patients names them."""
    documents = {document.value: label.value for document, label in select(store, _PREFIXES + _DOCUMENTS)}
    of: dict[NamedNode, set[tuple[str, str]]] = defaultdict(set)  # the things that a record is told of, and of whom
    for record, it, other in select(store, _PREFIXES + _RECORDS):
        if it.value in network:
            if not (other and network.has_edge(it.value, other.value, edge_key(record.value))):
                of[record].add((it.value, ""))
        elif it.value in homes:
            patients, told_of = homes[it.value]
            of[record].update((home, f"{patients}: ") for home in told_of)
        elif it.value in documents and other and other.value in network:
            of[record].add((other.value, f"{documents[it.value]}: "))
    for record, name, words, *about in select_about(store, _RECORDED, "record", of):
        for thing, whose in of[record]:
            yield thing, name.value, whose + words.value, *(term.value for term in about)


def _conflicts(
    store: Store, shown: Container[str], places: Mapping[str, tuple[str, ...]], homes: Homes
) -> dict[str, list[Conflict]]:
    readings: dict[str, set[tuple[str, str]]] = defaultdict(set)
    about: dict[str, tuple[str, str]] = {}
    touched: set[tuple[str, str]] = set()
    for it, reading, standing, evidence, conflict, *texts in select(store, _PREFIXES + _CONFLICTS):
        label, resolution, reason = (text.value for text in texts)
        about[conflict.value] = label, f"{resolution}. {reason}"
        readings[conflict.value].add((f"{reading.value} ({standing.value})", in_words(places[evidence.value])))
        owners = [it.value] if it.value in shown else homes.get(it.value, ("", []))[1]
        touched.update((owner, conflict.value) for owner in owners)
    found: dict[str, list[Conflict]] = defaultdict(list)
    for owner, conflict_iri in sorted(touched):
        label, resolution = about[conflict_iri]
        found[owner].append(Conflict(label, tuple(sorted(readings[conflict_iri])), resolution))
    return found


def _identifiers(store: Store, shown: Container[str]) -> dict[str, list[Identifier]]:
    from pyoxigraph import Literal

    from kg.formats.addresses import address

    found: dict[str, list[Identifier]] = defaultdict(list)
    for it, number, registry in select(store, _PREFIXES + _REGISTERED):
        if it.value in shown:
            leads_to = address(Literal(number.value))
            found[it.value].append(Identifier(number.value, registry.value, "exact", leads_to))
    for it, object_, code, name, match in select(store, _PREFIXES + _IDENTIFIERS):
        if it.value in shown:
            found[it.value].append(Identifier(code.value, name.value, match.value, address(object_)))
    for identifiers in found.values():
        identifiers.sort(key=lambda identifier: (_MATCHES.index(identifier.match), identifier))
    return found
