"""Where the rows of an answer are written, and what is not settled about them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from kg.engines.asking import select

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from pyoxigraph import NamedNode

    from kg.engines.asking import Engine

__all__ = ["Grounds", "Triple", "ground"]

Triple = tuple[Any, Any, Any]
_STATEMENTS = """
PREFIX kg: <https://w3id.org/immunokg/ontology/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?s ?p ?o ?text ?assertion ?standing ?document ?section ?locator ?question ?resolution ?reason
WHERE {
  VALUES (?s ?p ?o) { %s }
  ?statement kg:subject ?s ; kg:predicate ?p ; kg:object ?o ;
             kg:assertion ?assertion ; kg:standing ?standing ; kg:hasEvidence ?evidence .
  ?evidence kg:section ?section ; kg:locator ?locator ; kg:fromDocument/rdfs:label ?document .
  ?s rdfs:label ?subject .
  ?p rdfs:label ?predicate .
  OPTIONAL { ?o rdfs:label ?object }
  OPTIONAL {
    ?statement kg:partOfConflict ?conflict .
    ?conflict rdfs:label ?question ; kg:resolution ?resolution ; kg:reason ?reason .
  }
  BIND(CONCAT(?subject, " ", STR(?predicate), " ", COALESCE(?object, STR(?o))) AS ?text)
}
ORDER BY STR(?text) STR(?assertion) STR(?section) STR(?locator)
"""
_RECORDS = """
PREFIX kg: <https://w3id.org/immunokg/ontology/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?text ?assertion ?standing ?document ?section ?locator ?question ?resolution ?reason
WHERE {
  VALUES ?record { %s }
  ?record kg:inWords ?text ; kg:assertion ?assertion ; kg:standing ?standing ; kg:hasEvidence ?evidence .
  ?evidence kg:section ?section ; kg:locator ?locator ; kg:fromDocument/rdfs:label ?document .
  OPTIONAL {
    ?record kg:partOfConflict ?conflict .
    ?conflict rdfs:label ?question ; kg:resolution ?resolution ; kg:reason ?reason .
  }
}
ORDER BY STR(?text) STR(?assertion) STR(?section) STR(?locator)
"""


class Grounds(NamedTuple):
    """What rows rest on: places, contradictions, and the triples whose standing is open."""

    evidence: list[dict[str, str]]
    conflicts: list[dict[str, str]]
    unresolved: set[Triple]
    triples: frozenset[Triple] = frozenset()

    def with_more(self, other: Grounds) -> Grounds:
        """Return these with what they do not have of others."""
        evidence = [item for item in other.evidence if item not in self.evidence]
        conflicts = [item for item in other.conflicts if item not in self.conflicts]
        triples = self.triples | other.triples
        return Grounds([*self.evidence, *evidence], [*self.conflicts, *conflicts], self.unresolved, triples)


def ground(engine: Engine, triples: Collection[Triple], records: Sequence[NamedNode]) -> Grounds:
    """Return where triples and records are written, and what is not settled about them."""
    found = Grounds([], [], set(), frozenset(triples))
    values = " ".join(f"({s} {p} {o})" for s, p, o in triples)
    if values:
        for s, p, o, *rest in select(engine, _STATEMENTS % values):
            if _add(found, rest) == "unresolved":
                found.unresolved.add((s, p, o))
    if records:
        for row in select(engine, _RECORDS % " ".join(map(str, records))):
            _add(found, row)
    return found


def _add(grounds: Grounds, row: Sequence[Any]) -> str:
    """Add a place to the grounds, and return how the statement stands."""
    text, assertion, standing, document, section, locator, question, resolution, reason = row
    named = {"statement": text, "document": document, "section": section, "locator": locator}
    named |= {"assertion": assertion, "standing": standing}
    item = {name: term.value for name, term in named.items()}
    if item not in grounds.evidence:
        grounds.evidence.append(item)
    if question:
        told = {"question": question.value, "resolution": resolution.value, "reason": reason.value}
        grounds.conflicts.extend([told] if told not in grounds.conflicts else [])
    return str(standing.value)
