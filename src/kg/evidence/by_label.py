"""Statements that look like the rows of a query, for queries whose rows cannot be traced to triples.

A statement looks like a row if the query names the property of the statement, and the row has the labels of both its
ends. A label may be a whole cell, or one of several values in a cell. Two things with the same label are confused.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from kg.engines.asking import bind, select
from kg.evidence.citations import JOINT
from kg.model.iris import KG
from kg.model.terms import lexical

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pyoxigraph import Store

    from kg.formats.result import Result
    from kg.model.terms import Term

__all__ = ["find_by_label"]

_PLACES = """
PREFIX kg: <https://w3id.org/immunokg/ontology/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?subject ?object ?assertion ?document ?section ?locator
WHERE {
  # VALUES ?property { }
  ?statement kg:predicate ?property ; kg:subject ?s ; kg:object ?o ; kg:standing ?standing ;
             kg:assertion ?assertion ; kg:hasEvidence ?evidence .
  ?evidence kg:section ?section ; kg:locator ?locator ; kg:fromDocument/rdfs:label ?document .
  ?s rdfs:label ?subject .
  OPTIONAL { ?o rdfs:label ?label }
  BIND(COALESCE(?label, STR(?o)) AS ?object)
  FILTER (?standing != "rejected")
}
ORDER BY ?subject ?object ?assertion ?document ?section ?locator
"""


# a row shows a finding, or another record, if it has the label of what the record is about and the words of the record
_RECORD_PLACES = """
PREFIX kg: <https://w3id.org/immunokg/ontology/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?subject ?object ?assertion ?document ?section ?locator
WHERE {
  VALUES ?property { kg:about kg:givenTo kg:concernsProduct }
  ?record ?property ?thing ; kg:inWords ?object ; kg:standing ?standing ;
          kg:assertion ?assertion ; kg:hasEvidence ?evidence .
  ?thing rdfs:label ?subject .
  ?evidence kg:section ?section ; kg:locator ?locator ; kg:fromDocument/rdfs:label ?document .
  FILTER (?standing != "rejected")
}
ORDER BY ?subject ?object ?assertion ?document ?section ?locator
"""


def find_by_label(store: Store, query: str, result: Result) -> list[list[str]]:
    """Return for each row of a result the places of the statements that look like it.

    Args:
        store: the dataset.
        query: the SPARQL that gave the result.
        result: its rows.
    """
    names = sorted(set(re.findall(r"\bkg:([a-z]\w*)", query)))
    places: dict[str, list[tuple[str, str]]] = {}
    shown = select(store, bind(_PLACES, "property", [NamedNode(KG + name) for name in names]))
    shown += select(store, _RECORD_PLACES) if "inWords" in names else []
    for subject, value, *place in shown:
        assertion, *where = (term.value for term in place)
        places.setdefault(subject.value, []).append((value.value, f"{', '.join(where)} ({assertion})"))
    return [list(dict.fromkeys(_shown(row, places))) for row in result.rows]


def _shown(row: Sequence[Term], places: dict[str, list[tuple[str, str]]]) -> Iterator[str]:
    cells = [lexical(term) for term in row if term is not None]
    values = {part for cell in cells for part in (cell, *cell.split(JOINT))}
    for subject in sorted(values & places.keys()):
        yield from (place for value, place in places[subject] if value in values)
