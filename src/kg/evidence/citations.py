"""Where triples and nodes of the graph are written: document, section, locator, and how firmly they are said there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pyoxigraph import NamedNode

from kg.engines.asking import bind, select

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pyoxigraph import Store

__all__ = ["JOINT", "Triple", "all_places", "find_places", "in_words", "select_about"]

Triple = tuple[NamedNode, NamedNode, Any]

JOINT = "; "
_PREFIXES = """
PREFIX kg: <https://w3id.org/immunokg/ontology/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
"""
_AT_ONCE = 500  # how many subjects one query asks about
_STATEMENTS = """
SELECT ?subject ?predicate ?object ?statement
WHERE {
  # VALUES ?subject { }
  ?statement kg:subject ?subject ; kg:predicate ?predicate ; kg:object ?object ; kg:standing ?standing .
  FILTER (?standing != "rejected")
}
"""
_NODES = """
SELECT ?node ?evidence ?assertion ?standing
WHERE {
  # VALUES ?node { }
  ?node kg:hasEvidence ?evidence ; kg:assertion ?assertion ; kg:standing ?standing .
}
"""
_PLACED = """
SELECT ?subject ?predicate ?evidence
WHERE {
  # VALUES ?subject { }
  ?subject ?predicate ?evidence .
  ?evidence kg:locator ?locator .
}
"""
_EVIDENCE = """
SELECT ?evidence ?document ?section ?locator
WHERE {
  # VALUES ?evidence { }
  ?evidence kg:section ?section ; kg:locator ?locator ; kg:fromDocument/rdfs:label ?document .
}
"""


def all_places(store: Store) -> dict[str, tuple[str, ...]]:
    """Return the IRI of each piece of evidence -> its document, section and locator."""
    found = select(store, _PREFIXES + _EVIDENCE)
    return {evidence.value: tuple(term.value for term in place) for evidence, *place in found}


def in_words(place: Sequence[str], assertion: str = "") -> str:
    """Return a place of :func:`all_places` as one text; if an assertion is given, it follows in brackets.

    Example:
        >>> in_words(("A review", "Table 2", "row 3"), "stated")
        'A review: Table 2, row 3 (stated)'
    """
    document, section, locator = place
    text = f"{document}: {section}, {locator}"
    return f"{text} ({assertion})" if assertion else text


def find_places(store: Store, rows: Sequence[set[Triple]]) -> list[list[str]]:
    """Return for each set of triples the places where they are written, sorted.

    If statements state a triple, it is written at their places. If the subject of a triple is itself a statement, a
    finding or another record, the triple is written at the places of that record; if the set names some of these
    places, only at those. If the object of a triple is a place, the triple is written there.
    """
    triples: set[Triple] = set().union(*rows)
    subjects = {subject for subject, _, _ in triples}
    statements: dict[Triple, list[NamedNode]] = {}
    for *triple, statement in select_about(store, _STATEMENTS, "subject", subjects):
        if (key := (triple[0], triple[1], triple[2])) in triples:
            statements.setdefault(key, []).append(statement)
    nodes: dict[NamedNode, dict[NamedNode, str]] = {}
    wanted = subjects.union(*statements.values())
    for node, evidence, assertion, standing in select_about(store, _NODES, "node", wanted):
        rejected = ", rejected" if standing.value == "rejected" else ""
        nodes.setdefault(node, {})[evidence] = f" ({assertion.value}{rejected})"
    # a pattern may give triples that the dataset does not have, as in OPTIONAL
    placed = triples.intersection(select_about(store, _PLACED, "subject", subjects))
    known = {place for _, _, place in placed}.union(*nodes.values())
    texts = {
        evidence: ", ".join(part.value for part in place)
        for evidence, *place in select_about(store, _EVIDENCE, "evidence", known)
    }
    return [sorted(set(_places(row, row & placed, statements, nodes, texts))) for row in rows]


def _places(
    triples: set[Triple],
    placed: set[Triple],
    statements: dict[Triple, list[NamedNode]],
    nodes: dict[NamedNode, dict[NamedNode, str]],
    texts: dict[NamedNode, str],
) -> Iterator[str]:
    """Yield the places of some triples; ``placed`` holds the triples whose object is a place."""
    named: dict[NamedNode, set[NamedNode]] = {}
    for subject, _, place in placed:
        named.setdefault(subject, set()).add(place)
    firm = set()
    for triple in triples:
        for node in (*statements.get(triple, ()), triple[0]):
            for place, said in nodes.get(node, {}).items():
                if place in named.get(node, nodes[node]):
                    firm.add(place)
                    yield texts[place] + said
    for found in named.values():
        yield from (texts[place] for place in found - firm)


def select_about(store: Store, query: str, name: str, terms: Iterable[NamedNode]) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a query about some things; it asks about a portion of them at a time."""
    ordered = sorted(terms, key=str)
    for start in range(0, len(ordered), _AT_ONCE):
        yield from select(store, bind(_PREFIXES + query, name, ordered[start : start + _AT_ONCE]))
