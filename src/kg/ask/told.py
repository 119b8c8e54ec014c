"""What statements say, as rows: of what, what is measured or stated, and the words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pyoxigraph import Literal, NamedNode

from kg.engines.asking import select
from kg.model.iris import KG, class_of, named_class

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.ask.plan import Compared
    from kg.engines.asking import Engine

__all__ = ["is_none", "told"]

_RECORDS = """PREFIX kg: <https://w3id.org/immunokg/ontology/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT DISTINCT ?record ?said ?about ?of ?term ?name ?measure ?what ?value ?count ?outOf
WHERE {
  VALUES ?record { %s }
  ?record kg:inWords ?said .
  OPTIONAL { ?record kg:about|kg:givenTo|kg:concernsProduct ?about . ?about rdfs:label ?of . }
  OPTIONAL { ?record kg:hasTerm|kg:gives|kg:hasEventKind ?term . ?term rdfs:label ?name . }
  OPTIONAL { ?record kg:value|kg:dose|kg:upperBound ?value . }
  OPTIONAL { ?record kg:count ?count . }
  OPTIONAL { ?record kg:outOf ?outOf . }
  OPTIONAL { ?record kg:measures ?measure . ?measure rdfs:label ?what . }
}
ORDER BY STR(?of) STR(?what) STR(?said) STR(?name)"""
_TRIPLES = """PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT DISTINCT ?thing ?property ?value ?of ?what ?name
WHERE {
  VALUES (?thing ?property ?value) { %s }
  ?thing ?property ?value ; rdfs:label ?of .
  ?property rdfs:label ?what .
  OPTIONAL { ?value rdfs:label ?name . }
}
ORDER BY STR(?of) STR(?what) STR(?name)"""
_OWNERS = """PREFIX kg: <https://w3id.org/immunokg/ontology/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT DISTINCT ?record ?value ?label
WHERE {
  VALUES ?record { %s }
  ?record kg:about|kg:givenTo ?about . ?about %s ?value . ?value rdfs:label ?label .
}
ORDER BY ?record STR(?label)"""
_PROJECTED = {
    KG + "ClinicalTrial": "kg:ofTrial",
    KG + "Product": "kg:ofTrial/kg:investigates",
    KG + "Disease": "kg:hasPatientsWith",
}
_GIVEN = KG + "CombinationAgent"
_NONE = re.compile(r"(?:^|: )(?:no|none|not|0 of|n = 0|0 %)\b|^[^;]*\bn = 0\b", re.IGNORECASE)
Row = list[tuple[str | None, Any]]


def is_none(text: str) -> bool:
    """Say whether a statement says that there was none.

    Example:
        >>> is_none("ICANS: none; data cut-off"), is_none("ICANS: n = 1; grade 2")
        (True, False)
    """
    return bool(_NONE.search(text))


def told(
    engine: Engine,
    keys: Sequence[tuple[str, ...]],
    kind: str = "",
    order: str = "",
    most: int = 0,
    test: Compared | None = None,
) -> tuple[tuple[str, ...], list[Row], list[NamedNode], list[tuple[Any, Any, Any]], str]:
    """Return what statements say.

    Args:
        engine: the dataset.
        keys: of each its IRI, or its subject, property and value, as N-Triples.
        kind: the class of what is asked for; its things come first.
        order: ``highest`` or ``lowest``, if those with such figures are wanted.
        most: how many of these; 0 for a few.
        test: what a figure must be.

    Returns:
        The titles; for each row its cells, an IRI or none and what is shown; the records and the triples that they
        rest on; the query.
    """
    records = [NamedNode(key[0]) for key in keys if len(key) == 1]
    triples = [(NamedNode(key[0]), NamedNode(key[1]), key[2]) for key in keys if len(key) > 1]
    seen: dict[str, Row] = {}
    rows: list[Row] = []
    texts = []
    if records:
        texts.append(_RECORDS % " ".join(map(str, records)))
        seen, amounts = _records(engine, texts[-1])
        rows += _ranked(_of_kind(seen, kind), amounts, order, most, test) if order or test else seen.values()
    found = []
    if triples:
        texts.append(_TRIPLES % " ".join(f"({s} {p} {o})" for s, p, o in triples))
        for thing, property_, value, of, what, name in select(engine, texts[-1]):
            found.append((thing, property_, value))
            said = Literal(f"{of.value} {what.value} {(name or value).value}") if name else value
            rows.append([(_iri(thing), of), (None, what), (_iri(value) if name else None, name), (None, said)])
    if not order:  # the closest first
        places = {key[0]: number for number, key in enumerate(keys) if len(key) == 1}
        closest = {id(row): places[record] for record, row in seen.items()}
        rows.sort(key=lambda row: closest.get(id(row), len(keys)))
    titles: tuple[str, ...] = ("about", "measure", "term", "statement")
    if kind:
        titles = ("answer", *titles)
        owners = _owners(engine, records, kind) if kind in _PROJECTED and records else {}
        rows = _asked(rows, kind, {id(row): owners.get(record) for record, row in seen.items()})
    return titles, rows, records, found, "\n".join(texts)


def _records(engine: Engine, text: str) -> tuple[dict[str, Row], dict[str, tuple[float | None, ...]]]:
    """Return the row of each record, and its figures: a value, a count, and out of how many."""
    rows: dict[str, Row] = {}
    amounts: dict[str, tuple[float | None, ...]] = {}
    for record, said, about, of, term, name, measure, what, *figures in select(engine, text):
        found = tuple(float(it.value) if it is not None else None for it in figures)
        amounts[record.value] = max(amounts.get(record.value, found), found, key=lambda it: it[0] or 0)
        row: Row = [(_iri(about), of), (_iri(measure), what), (_iri(term), name), (None, said)]
        if record.value in rows:
            _join(rows[record.value], row)
        else:
            rows[record.value] = row
    return rows, amounts


def _asked(rows: list[Row], kind: str, owners: dict[int, tuple[str | None, Any] | None]) -> list[Row]:
    """Return the rows that tell of a thing of the class asked for, or of one whose patients they are about; it first.

    A row that says that there was none tells of no such thing.
    """
    found: list[Row] = []
    for row in rows:
        cells = row[2:3] if kind == _GIVEN else row  # a drug is what is given
        cell = next((cell for cell in cells if cell[0] and class_of(cell[0]) == named_class(kind)), None)
        if cell and kind == _GIVEN and any(cell == other[0] for other in found):
            continue
        cell = cell or (None if is_none(row[-1][1].value) else owners.get(id(row)))
        if cell:
            found.append([cell, *row])
    return found


_TESTS = {"<": float.__lt__, "<=": float.__le__, ">": float.__gt__, ">=": float.__ge__, "=": float.__eq__}
_FEW = 5


def _owners(engine: Engine, records: Sequence[NamedNode], kind: str) -> dict[str, tuple[str | None, Any]]:
    """Return for each record the trial, or the product of the trial, whose patients it tells of."""
    found: dict[str, tuple[str | None, Any]] = {}
    for record, value, label in select(engine, _OWNERS % (" ".join(map(str, records)), _PROJECTED[kind])):
        known = found.get(record.value)
        found[record.value] = (None, Literal(f"{known[1].value}; {label.value}")) if known else (value.value, label)
    return found


def _of_kind(rows: dict[str, Row], kind: str) -> dict[str, Row]:
    """Return the rows that tell of a thing of a class, if there is one."""
    found = {
        record: row
        for record, row in rows.items()
        if any(cell[0] and class_of(cell[0]) == named_class(kind) for cell in row)
    }
    return found if kind else rows


def _ranked(
    rows: dict[str, Row], amounts: dict[str, tuple[float | None, ...]], order: str, most: int, test: Compared | None
) -> list[Row]:
    """Return the rows by their figures, for each thing that is told of the one of the largest group.

    A figure is a value, or a count as a share of the group in percent.
    """
    best: dict[tuple[str, str], tuple[float, float, Row]] = {}
    for record, row in rows.items():
        value, count, out_of = amounts[record]
        figure = value if value is not None else 100 * count / out_of if count is not None and out_of else count
        if figure is None:
            continue
        key = (row[2][0] or row[0][0] or record, row[1][0] or "")
        known = best.get(key)
        if not known or ((out_of or 0), figure) > known[:2]:
            best[key] = (out_of or 0, figure, row)
    largest = max((size for size, _, _ in best.values()), default=0)
    found = [(figure, row) for size, figure, row in best.values() if not order or size in (0, largest)]
    if test:
        found = [item for item in found if _TESTS[test.sign](item[0], float(test.number))]
    found.sort(key=lambda item: -item[0] if order != "lowest" else item[0])
    return [row for _, row in found[: most or (_FEW if order else None)]]


def _iri(term: Any) -> str | None:
    return term.value if isinstance(term, NamedNode) else None


def _join(row: Row, other: Row) -> None:
    """Put several things of one record into one cell."""
    for number, (one, more) in enumerate(zip(row, other, strict=True)):
        if one[1] is None or more[1] is None or more[1].value in one[1].value.split("; "):
            continue
        row[number] = (None, Literal(f"{one[1].value}; {more[1].value}"))
