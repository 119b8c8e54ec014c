"""Add the records of a source to the dataset: findings, administrations and regulatory events.

A record says more than a triple can, so it is a thing in the graph, with its evidence,
its assertion and its standing. :mod:`kg.tables.rows` names the property of each column.
The range of this property in the ontology tells how a cell is read.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pyoxigraph import Literal, NamedNode

from kg.build.dataset import TYPE, literal
from kg.model.iris import PREFIXES, mint, term
from kg.tables.columns import columns
from kg.tables.finding_text import in_words
from kg.tables.rows import RECORDS, Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.build.statements import Teller
    from kg.tables.rows import Record

__all__ = ["tell_records"]


def tell_records(teller: Teller) -> None:
    """Add the findings, administrations and regulatory events of a source; faults go to the teller."""
    for table, class_name in RECORDS.items():
        for row in teller.source.rows(table):
            _tell(teller, class_name, row)


def _tell(teller: Teller, class_name: str, row: Record) -> None:
    teller.faults += [row.place.fault(message) for message in _wrong(row)]
    node = mint(class_name, row.id, teller.source.document)
    teller.dataset.comes_from(node, row.place)
    add = teller.dataset.add
    add(node, TYPE, term("RejectedFinding" if row.standing == "rejected" else class_name))
    for evidence in teller.evidence(row.place, row.evidence):
        add(node, term("hasEvidence"), evidence)
    if conflict := teller.conflict(row.place, row.conflict):
        add(node, term("partOfConflict"), conflict)
    labels: dict[str, Any] = {}
    for item in columns(type(row)):
        if not (says := item.metadata["says"]):
            continue
        known, cell = teller.schema.properties[term(says)], getattr(row, item.name)
        if known.is_literal:
            if cell not in (None, ""):
                is_partial = item.metadata["form"] == "partial date"
                add(node, known.iri, _partial_date(cell) if is_partial else literal(cell))
            continue
        texts = cell if isinstance(cell, tuple) else (cell,) if cell else ()
        things = [thing for text in texts if (thing := teller.resolve(known.range, text, row.place, item.name))]
        for thing in things:
            add(node, known.iri, thing)
        names = tuple(teller.names.label(thing) for thing in things)
        labels[item.name] = names if isinstance(cell, tuple) else "".join(names)
    add(node, term("inWords"), literal(in_words(replace(row, **labels))))


def _wrong(row: Record) -> Iterator[str]:
    """Yield a message for each contradiction between the cells of a row."""
    if row.standing == "rejected" and not isinstance(row, Finding):
        yield "standing: 'rejected' is for facts and findings; expected accepted or unresolved"
    lower, upper = getattr(row, "lower", None), getattr(row, "upper", None)
    if lower is not None and upper is not None and lower > upper:
        yield f"lower: {lower} is above upper, {upper}; expected the lower end of the range"
    if isinstance(row, Finding):
        if row.count is not None and row.out_of is not None and row.count > row.out_of:
            yield f"count: {row.count} is more than out_of, {row.out_of}; expected a part of it"
        results: tuple[Any, ...] = (row.value, lower, upper, row.count)
        if results == (None,) * len(results) and not (row.outcome or row.direction):
            yield "value: the finding has no result; expected value, lower, upper, count, outcome or direction"


def _partial_date(text: str) -> Literal:
    """Return a day, a month or a year as a literal of XML Schema."""
    kind = ("gYear", "gYearMonth", "date")[text.count("-")]
    return Literal(text, datatype=NamedNode(PREFIXES["xsd"] + kind))
