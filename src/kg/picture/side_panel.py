"""The side panel: what a page tells of a thing in addition to its drawn relations.

It holds facts, conflicts and identifiers in other sources. A relation that is drawn is not repeated as a fact. If a
view leaves out a relation or its other end, the panel tells it in words. So the less a view shows, the more its panels
say.
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
    """A value of a thing: its name (such as ``enrollment``), the value as text, how firmly it is said, and where.

    ``assertion`` is the firmest one in ``evidence``. ``standing`` is ``accepted``, ``unresolved`` or empty. Each text
    of ``evidence`` is a place and how firmly the value is said there, as on an edge of the network.
    """

    name: str
    value: str
    assertion: str
    standing: str
    evidence: tuple[str, ...]


class Conflict(NamedTuple):
    """A disagreement of sources: its label, the values with their places, and how it was settled, or why not."""

    label: str
    values: tuple[tuple[str, str], ...]
    resolution: str


class Identifier(NamedTuple):
    """An identifier in another source: the code (``NCIT:C186430``), its name there, how well it matches, its address.

    The address is empty if there is none.
    """

    code: str
    name: str
    match: str
    address: str


class Panel(NamedTuple):
    """All that the panel of one thing tells."""

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
# statements are asked for in two steps: most of them are drawn, and their values need not be fetched
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
# what a record is about, and its other end if it has one
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
# the things that a reading of a conflict is about; a reading may be any kind of record
_SIDE = """
  ?side kg:partOfConflict ?conflict ;
        kg:subject|kg:object|kg:about|kg:hasTerm|kg:givenTo|kg:gives|kg:concernsProduct ?it .
  FILTER (isIRI(?it))
"""
# each reading of a conflict in words: a statement has a subject, any other record is about something
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
    """Return the panel of each thing of a network: what the dataset says of it in addition to the drawn edges.

    If patients are not in the network, what is said of them is told of their trial; if the trial is not there either,
    of the products that it investigates. If a document says something of all its data, that is told of the thing that
    was measured. A rejected reading is told only as part of its conflict.

    Args:
        store: the dataset.
        network: what is drawn: nodes and edges as :func:`kg.network.networkx_graph.to_networkx` makes them.

    Returns:
        The IRI of a thing -> its panel. Things without anything to tell are left out.

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
    """Return the IRI of each thing that a reading of a conflict is about, even a rejected one -> its conflicts."""
    conflicts: dict[str, set[str]] = defaultdict(set)
    for it, conflict in select(store, _PREFIXES + _CONTESTED):
        conflicts[it.value].add(conflict.value)
    return conflicts


def _homes(store: Store, shown: Container[str]) -> Homes:
    """Return each arm of patients that is not shown -> its name, and the shown things whose panels tell of it."""
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
                max(standings, default=""),  # if one is unresolved, the fact is
                tuple(sorted({text for _, _, text in evidence})),
            )
        )
    return facts


def _stated(store: Store, network: nx.MultiDiGraph[str]) -> Iterator[tuple[str, ...]]:
    """Yield the statements that are not drawn as edges: thing, name, value, assertion, standing, evidence."""
    of: dict[NamedNode, str] = {}
    for statement, it, property_, object_ in select(store, _PREFIXES + _STATEMENTS):
        edge = it.value, object_.value, edge_key(property_.value)
        if it.value in network and not network.has_edge(*edge):
            of[statement] = it.value
    for statement, *said in select_about(store, _STATED, "statement", of):
        yield of[statement], *(term.value for term in said)


def _recorded(store: Store, network: nx.MultiDiGraph[str], homes: Homes) -> Iterator[tuple[str, ...]]:
    """Yield what findings, administrations and events say, as :func:`_stated` does.

    If a thing tells what is said of its patients or by a document, the value starts with their name.
    """
    documents = {document.value: label.value for document, label in select(store, _PREFIXES + _DOCUMENTS)}
    of: dict[NamedNode, set[tuple[str, str]]] = defaultdict(set)  # record -> the things that tell it, and whose it is
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
