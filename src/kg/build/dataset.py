"""The dataset while it is built: plain triples, and a statement node for each triple that a document states.

A rejected reading has only a statement node, without the plain triple. If several
rows say the same triple in the same way, they share a node, which has the evidence of
all of them. The result is sorted N-Triples (https://www.w3.org/TR/n-triples/) without
blank nodes, so the same rows give the same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from pyoxigraph import Literal, NamedNode

from kg.errors import Fault
from kg.model.iris import PREFIXES, statement_iri, term
from kg.model.schema import THING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.model.schema import Schema
    from kg.tables.columns import Place

__all__ = ["LABEL", "TYPE", "Claim", "Dataset", "literal"]

TYPE = PREFIXES["rdf"] + "type"
LABEL = PREFIXES["rdfs"] + "label"

Value = str | Literal  # an IRI or a literal


class Claim(NamedTuple):
    """How a row of a document says a triple.

    Attributes:
        document: the id of the document.
        place: the row.
        evidence: IRIs of the places in the document.
        assertion: how firmly the triple is said, one of :data:`kg.model.assertions.ASSERTIONS`.
        standing: what the graph makes of the triple, one of :data:`kg.model.assertions.STANDINGS`; empty if the row
            does not judge it.
        conflict: the IRI of the conflict of which the triple is a side, or empty.
        as_printed: the printed text if it differs, or empty.
    """

    document: str
    place: Place
    evidence: tuple[str, ...]
    assertion: str = "stated"
    standing: str = ""
    conflict: str = ""
    as_printed: str = ""


@dataclass
class _Statement:
    triple: tuple[str, str, Value]
    assertion: str
    standing: str = ""
    evidence: set[str] = field(default_factory=set)
    conflicts: set[str] = field(default_factory=set)
    printed: set[str] = field(default_factory=set)


def literal(value: str | int | Decimal | date) -> Literal:
    """Return a value as a literal in canonical form.

    Example:
        >>> literal(Decimal("62.50")).value, literal(Decimal("100")).value
        ('62.5', '100')
    """
    if isinstance(value, date):
        return Literal(value.isoformat(), datatype=NamedNode(PREFIXES["xsd"] + "date"))
    if isinstance(value, Decimal):
        return Literal(f"{value.normalize():f}", datatype=NamedNode(PREFIXES["xsd"] + "decimal"))
    return Literal(value)


class Dataset:
    """Plain triples and statements, added row by row.

    Attributes:
        places: IRI of a thing, a statement or a record -> the rows that it comes from.
    """

    def __init__(self) -> None:
        self.places: dict[str, list[Place]] = {}
        self._plain: set[tuple[str, str, Value]] = set()
        self._statements: dict[str, _Statement] = {}
        self._said: dict[tuple[str, str, str], list[_Statement]] = {}

    def comes_from(self, iri: str, place: Place) -> None:
        """Remember the row that a thing comes from; triples do not hold rows."""
        self.places.setdefault(iri, []).append(place)

    def add(self, subject: str, predicate: str, value: Value) -> None:
        """Add a plain triple that needs no evidence: a name, a place, a type."""
        self._plain.add((subject, predicate, value))

    def add_literal(self, subject: str, predicate: str, value: str | int | Decimal | date | None) -> None:
        """Add a plain triple with a literal, unless the cell was empty."""
        if value is not None and value != "":
            self._plain.add((subject, predicate, literal(value)))

    def say(self, subject: str, predicate: str, value: Value, claim: Claim) -> Iterator[Fault]:
        """Add a triple that a document says.

        One row may judge what another row says: a fact can reject what the row of a
        trial prints. A statement that no row judges is accepted.

        Yields:
            A fault if another row judges the same statement differently, or if two
            statements would have the same IRI.
        """
        lexical = value if isinstance(value, str) else value.value
        iri = statement_iri(claim.document, subject, predicate, lexical, claim.assertion)
        triple = (subject, predicate, value)
        statement = self._statements.get(iri)
        if not statement:
            statement = self._statements[iri] = _Statement(triple, claim.assertion)
            self._said.setdefault((claim.document, subject, predicate), []).append(statement)
        self.comes_from(iri, claim.place)
        if statement.triple != triple:
            yield claim.place.fault(f"another statement has the IRI {iri} already; change an id")
        if claim.standing and statement.standing not in ("", claim.standing):
            yield claim.place.fault(f"standing: {claim.standing} here, {statement.standing} in another row")
        statement.standing = claim.standing or statement.standing
        statement.evidence.update(claim.evidence)
        statement.conflicts.update(filter(None, [claim.conflict]))
        statement.printed.update(filter(None, [claim.as_printed]))

    def said(self, document: str, subject: str, predicate: str) -> dict[Value, set[str]]:
        """Return value -> evidence, for the accepted statements of a document with a subject and a predicate."""
        found: dict[Value, set[str]] = {}
        for statement in self._said.get((document, subject, predicate), ()):
            if statement.standing in ("", "accepted"):
                found.setdefault(statement.triple[2], set()).update(statement.evidence)
        return found

    def assert_statements(self) -> None:
        """Add the plain triple of each statement that is not rejected, once every row has been read."""
        self._plain.update(item.triple for item in self._statements.values() if item.standing != "rejected")

    def close_types(self, schema: Schema) -> None:
        """Add the types that follow from domains, ranges and superclasses, so that queries need no reasoner."""
        for subject, predicate, value in list(self._plain):
            if known := schema.properties.get(predicate):
                ends = [(subject, known.domain), *([(value, known.range)] if isinstance(value, str) else [])]
                self._plain.update((end, TYPE, class_iri) for end, class_iri in ends if class_iri != THING)
        for subject, predicate, value in list(self._plain):
            if predicate == TYPE and isinstance(value, str):
                self._plain.update((subject, TYPE, above) for above in schema.ancestors(value))

    def lines(self) -> Iterator[str]:
        """Yield each triple as a line of N-Triples, unsorted."""
        for subject, predicate, value in self._plain:
            yield _line(subject, predicate, value)
        for iri, statement in self._statements.items():
            subject, predicate, value = statement.triple
            yield _line(iri, TYPE, term("Sourced"))
            yield _line(iri, TYPE, term("Statement"))
            yield _line(iri, term("subject"), subject)
            yield _line(iri, term("predicate"), predicate)
            yield _line(iri, term("object"), value)
            yield _line(iri, term("assertion"), Literal(statement.assertion))
            yield _line(iri, term("standing"), Literal(statement.standing or "accepted"))
            for name, iris in (("hasEvidence", statement.evidence), ("partOfConflict", statement.conflicts)):
                yield from (_line(iri, term(name), other) for other in iris)
            yield from (_line(iri, term("asPrinted"), Literal(text)) for text in statement.printed)


def _line(subject: str, predicate: str, value: Value) -> str:
    shown = _in_ntriples(value) if isinstance(value, str) else value
    return f"{_in_ntriples(subject)} {_in_ntriples(predicate)} {shown} .\n"


@cache
def _in_ntriples(iri: str) -> str:
    """Return an IRI as N-Triples writes it; cached, because most IRIs occur in many lines."""
    return str(NamedNode(iri))
