"""What a page tells of one thing beside its relations: facts, conflicts and identifiers elsewhere.

A relation between two things that are shown is drawn, so it is no fact. One to a thing that is not shown is
told in words; so the fewer things a view shows, the more their panels say.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from kg.places import all_places, in_words
from kg.queries import select
from kg.rows import ASSERTIONS

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping

    from pyoxigraph import Store

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
SELECT ?it ?name ?value
WHERE {
  VALUES (?property ?name) { (skos:definition "definition") (skos:scopeNote "scope note") (skos:altLabel "synonym") }
  ?it ?property ?value .
}
"""
_STATEMENTS = """
SELECT ?it ?name ?object ?label ?assertion ?standing ?evidence
WHERE {
  ?statement kg:subject ?it ; kg:predicate ?property ; kg:object ?object ;
             kg:assertion ?assertion ; kg:standing ?standing ; kg:hasEvidence ?evidence .
  ?property rdfs:label ?name .
  FILTER (?standing != "rejected")
  OPTIONAL { ?object rdfs:label ?label }
}
"""
# who it is about, the other end if it has one, what it is, what it says
_RECORDS = """
SELECT ?it ?name ?other ?words ?assertion ?standing ?evidence
WHERE {
  {
    ?record kg:about ?it ; kg:measures/rdfs:label ?name ; kg:inWords ?words ;
            kg:assertion ?assertion ; kg:standing ?standing ; kg:hasEvidence ?evidence .
    OPTIONAL { ?record kg:hasTerm ?other }
  }
  UNION
  {
    ?record kg:givenTo ?it ; kg:gives ?other ; kg:inWords ?words ;
            kg:assertion ?assertion ; kg:standing ?standing ; kg:hasEvidence ?evidence .
    kg:givenTo kg:inverseLabel ?name .
  }
  UNION
  {
    ?record kg:concernsProduct ?it ; kg:inWords ?words ;
            kg:assertion ?assertion ; kg:standing ?standing ; kg:hasEvidence ?evidence .
    kg:concernsProduct kg:inverseLabel ?name .
  }
  FILTER (?standing != "rejected")
}
"""
_PATIENTS = """
SELECT ?arm ?label ?trial ?product
WHERE {
  ?arm kg:ofTrial ?trial ; rdfs:label ?label .
  OPTIONAL { ?trial kg:investigates ?product }
}
"""
# each reading of a conflict in words: a statement says something of one thing, other records are about someone
_CONFLICTS = """
SELECT ?it ?reading ?standing ?evidence ?conflict ?label ?resolution ?reason
WHERE {
  ?side kg:partOfConflict ?conflict ; kg:standing ?standing ; kg:hasEvidence ?evidence ;
        kg:subject|kg:object|kg:about|kg:hasTerm|kg:givenTo|kg:gives|kg:concernsProduct ?it .
  FILTER (isIRI(?it))
  ?conflict rdfs:label ?label ; kg:resolution ?resolution ; kg:reason ?reason .
  {
    ?side kg:subject/rdfs:label ?subject ; kg:predicate/rdfs:label ?said ; kg:object ?object .
    OPTIONAL { ?object rdfs:label ?name }
    BIND(CONCAT(?subject, ", ", ?said, ": ", COALESCE(?name, STR(?object))) AS ?reading)
  }
  UNION
  {
    ?side kg:about|kg:givenTo|kg:concernsProduct ?who ; kg:inWords ?words .
    ?who rdfs:label ?subject .
    BIND(CONCAT(?subject, ": ", ?words) AS ?reading)
  }
}
"""
_CONTESTED = """
SELECT DISTINCT ?it ?conflict
WHERE {
  ?side kg:partOfConflict ?conflict ;
        kg:subject|kg:object|kg:about|kg:hasTerm|kg:givenTo|kg:gives|kg:concernsProduct ?it .
  FILTER (isIRI(?it))
}
"""
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


def panels(store: Store, nodes: Iterable[str]) -> dict[str, Panel]:
    """Return what is told of each of some things beside the relations between them.

    What is said of patients that are not among the things is told of their trial, or else of the products that it
    investigates. A reading that lost is in its conflict alone.

    Args:
        store: the dataset.
        nodes: the IRIs of the things that are shown, as :func:`kg.network.to_networkx` has them.

    Returns:
        The IRI of a thing -> its panel; a thing of which nothing is told is missing.

    Example:
        >>> from kg import KnowledgeGraph
        >>> trial = "https://w3id.org/immunokg/trial/NCT05182073"
        >>> panel = panels(KnowledgeGraph().store, [trial])[trial]
        >>> [(fact.name, fact.value, fact.assertion) for fact in panel.facts if fact.name == "enrollment"]
        [('enrollment', '31', 'stated')]
        >>> [identifier.address for identifier in panel.identifiers]
        ['https://clinicaltrials.gov/study/NCT05182073']
    """
    shown = set(nodes)
    places = all_places(store)
    homes = _homes(store, shown)
    facts = _facts(store, shown, places, homes)
    conflicts = _conflicts(store, shown, places, homes)
    identifiers = _identifiers(store, shown)
    return {
        node: Panel(*(tuple(part.get(node, ())) for part in (facts, conflicts, identifiers)))  # type: ignore[arg-type]
        for node in sorted(shown)
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
    store: Store, shown: Container[str], places: Mapping[str, tuple[str, ...]], homes: Homes
) -> dict[str, list[Fact]]:
    said: dict[tuple[str, str, str], set[tuple[str, str, str]]] = defaultdict(set)
    for it, name, value in select(store, _PREFIXES + _NAMES):
        if it.value in shown:
            said[it.value, name.value, value.value] = set()
    for it, name, value, *about in _told(store, shown, homes):
        assertion, standing, place = about
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


def _told(store: Store, shown: Container[str], homes: Homes) -> Iterator[tuple[str, ...]]:
    """Yield what is said of things and is not drawn: thing, name, value, assertion, standing, evidence."""
    for it, name, object_, label, *about in select(store, _PREFIXES + _STATEMENTS):
        if it.value in shown and object_.value not in shown:
            yield it.value, name.value, (label or object_).value, *(term.value for term in about)
    for it, name, other, words, *about in select(store, _PREFIXES + _RECORDS):
        rest = [term.value for term in about]
        if it.value in shown:
            if not (other and other.value in shown):
                yield it.value, name.value, words.value, *rest
        elif it.value in homes:
            patients, told_of = homes[it.value]
            for home in told_of:
                yield home, name.value, f"{patients}: {words.value}", *rest


def _conflicts(
    store: Store, shown: Container[str], places: Mapping[str, tuple[str, ...]], homes: Homes
) -> dict[str, list[Conflict]]:
    readings: dict[str, set[tuple[str, str]]] = defaultdict(set)
    about: dict[str, tuple[str, str]] = {}
    touched: set[tuple[str, str]] = set()
    for it, reading, standing, evidence, conflict, *texts in select(store, _PREFIXES + _CONFLICTS):
        label, resolution, reason = (text.value for text in texts)
        about[conflict.value] = label, f"{resolution}. {reason}"
        place = ": ".join((places[evidence.value][0], ", ".join(places[evidence.value][1:])))
        readings[conflict.value].add((f"{reading.value} ({standing.value})", place))
        owners = [it.value] if it.value in shown else homes.get(it.value, ("", []))[1]
        touched.update((owner, conflict.value) for owner in owners)
    found: dict[str, list[Conflict]] = defaultdict(list)
    for owner, conflict_iri in sorted(touched):
        label, resolution = about[conflict_iri]
        found[owner].append(Conflict(label, tuple(sorted(readings[conflict_iri])), resolution))
    return found


def _identifiers(store: Store, shown: Container[str]) -> dict[str, list[Identifier]]:
    from pyoxigraph import Literal

    from kg.links import address

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
