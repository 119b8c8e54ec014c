"""From a plan to what it gives: rows, counts, sums, rankings, sides, verdicts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pyoxigraph import Literal

from kg.ask.plan import All, Column, Counted, Every, Group, Linked, Named, Records, Rows, Sides, Sum, Top, Verdict
from kg.ask.rows import Cell, Outcome, members_of, rows_of, solve, values_of
from kg.ask.told import told
from kg.model.iris import KG

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kg.ask.plan import Plan, Things
    from kg.engines.asking import Engine
    from kg.model.schema import Schema

__all__ = ["opposites", "run"]

_EVENTS = """PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?event
WHERE { VALUES ?named { %s } ?value skos:broader* ?named . ?event <%s> <%s> ; <%s> ?value . }"""
_NOT_REPORTED = "not reported"
_EVENT = KG + "RegulatoryEvent"


def run(engine: Engine, schema: Schema, plan: Plan) -> Outcome:
    """Return what a plan gives in a dataset."""
    match plan:
        case Rows(things, kind, columns):
            return rows_of(engine, schema, kind, things, columns)
        case Counted(things, kind):
            found = rows_of(engine, schema, kind, things, ())
            number = len(found.fitting)
            return found._replace(columns=("count",), rows=[(Cell(None, Literal(number)),)], number=number)
        case Sum():
            return _sum(engine, schema, plan)
        case Group():
            return _group(engine, schema, plan)
        case Top(things, kind, column, most, rank, descending, columns):
            found = rows_of(engine, schema, kind, things, (column, *columns))
            return found._replace(rows=_first(found.rows, -1 - len(columns), most, rank, descending=descending))
        case Sides(sides, kind):
            return _sides(engine, schema, kind, sides)
        case Verdict():
            return _verdict(engine, schema, plan)
        case Records(keys, kind, order, most, test):
            columns_, rows, records, triples, text = told(engine, keys, kind, order, most, test)
            cells = [tuple(Cell(iri, shown) for iri, shown in row) for row in rows]
            return Outcome(columns_, cells, text, {triple: set() for triple in triples}, records)


def _sum(engine: Engine, schema: Schema, plan: Sum) -> Outcome:
    found = rows_of(engine, schema, plan.kind, plan.things, (plan.column,))
    values = [float(cell.text) for *_, cell in found.rows if cell.shown is not None and ";" not in cell.text]
    amount = float(sum(values)) / (max(len(values), 1) if plan.is_mean else 1)
    total = int(amount) if amount.is_integer() else round(amount, 1)
    rows: list[tuple[Cell, ...]] = [(Cell(None, Literal(total)),)] if values else []
    return found._replace(
        columns=("mean" if plan.is_mean else "sum",), rows=rows, number=total, missing=len(found.rows) - len(values)
    )


def _group(engine: Engine, schema: Schema, plan: Group) -> Outcome:
    """Count things by a column; those that have no value are a row of their own."""
    found_things = members_of(engine, schema, plan.kind, plan.things)
    values = values_of(engine, schema, found_things, plan.by.ways, plan.by.property)
    grouped: dict[str, set[str]] = {}
    ids: dict[str, str | None] = {}
    for thing, cells in values.items():
        for text, cell in cells.items():
            key = text[:4] if plan.by.title == "year" else text
            grouped.setdefault(key, set()).add(thing)
            ids[key] = cell.iri
    without = set(found_things.labels) - set(values)
    counts = sorted(((len(found), key) for key, found in grouped.items()), key=lambda item: item[1])
    if plan.by.title != "year" or plan.most or plan.rank:
        counts.sort(key=lambda item: -item[0] if plan.descending else item[0])
    if plan.after:
        own = next((count for count, key in counts if ids[key] == plan.after), 0)
        below = [item for item in counts if item[0] < own]
        counts = [item for item in below if item[0] == below[0][0]]
    elif plan.rank:
        ranks = sorted({count for count, _ in counts}, reverse=plan.descending)
        counts = [item for item in counts if item[0] in ranks[plan.rank - 1 : plan.rank]]
    elif plan.most and counts:
        last = counts[min(plan.most, len(counts)) - 1][0]
        counts = [item for item in counts if (item[0] >= last if plan.descending else item[0] <= last)]
    rows = [(Cell(ids[key], Literal(key)), Cell(None, Literal(count))) for count, key in counts]
    if without and not (plan.most or plan.rank):
        rows.append((Cell(None, Literal(_NOT_REPORTED)), Cell(None, Literal(len(without)))))
    kept = {key for _, key in counts}
    fitting = frozenset(thing for key in kept for thing in grouped[key])
    triples = found_things.triples if plan.most or plan.rank or plan.after else {}
    kept_triples = {triple: things & fitting for triple, things in triples.items() if things & fitting}
    return Outcome(
        (plan.by.title, "count"), rows, found_things.sparql, kept_triples, fitting=fitting, missing=len(without)
    )


def _first(
    rows: Sequence[tuple[Cell, ...]], column: int, most: int, rank: int, *, descending: bool
) -> list[tuple[Cell, ...]]:
    """Return the rows with the highest or lowest cells of a column, with all that tie with the last of them."""
    ranked = sorted(
        (row for row in rows if row[column].shown is not None), key=lambda row: _amount(row[column]), reverse=descending
    )
    if rank:
        amounts = sorted({_amount(row[column]) for row in ranked}, reverse=descending)
        return [row for row in ranked if _amount(row[column]) in amounts[rank - 1 : rank]]
    if not ranked:
        return []
    last = _amount(ranked[min(most, len(ranked)) - 1][column])
    return [row for row in ranked if (_amount(row[column]) >= last if descending else _amount(row[column]) <= last)]


def _amount(cell: Cell) -> tuple[float, str]:
    """Return a cell so that it sorts: a number, or the text of a date."""
    try:
        return float(cell.text), ""
    except ValueError:
        return 0.0, cell.text


def _sides(engine: Engine, schema: Schema, kind: str, sides: Sequence[tuple[Any, Things]]) -> Outcome:
    rows, triples, texts = [], {}, []
    for entry, things in sides:
        found = rows_of(engine, schema, kind, things, ())
        rows.append((Cell(entry.iri, Literal(entry.label)), Cell(None, Literal(len(found.fitting)))))
        triples.update(found.triples)
        texts.append(found.sparql)
    label = schema.classes[sides[0][0].class_iri].label if sides else ""
    return Outcome((label, "count"), rows, "\n".join(texts), triples)


def _verdict(engine: Engine, schema: Schema, plan: Verdict) -> Outcome:
    """Say yes where the thing meets the condition, no where it has another value of what is listed in full."""
    subject = Named((plan.thing,))
    kind = plan.thing.class_iri
    found = rows_of(engine, schema, kind, All((Every(kind), subject, plan.condition)), ())
    if found.rows:
        return found._replace(verdict="Yes")
    for other in opposites(schema, plan.condition):
        ways = other.ways if isinstance(other, Linked) else ()
        column = Column(schema.classes[ways[0][-1].end].label, ways, ways[0][-1].end)
        denied = rows_of(engine, schema, kind, All((Every(kind), subject, other)), (column,))
        if denied.rows:
            return denied._replace(verdict="No")
    return _nearby(engine, schema, plan) or found._replace(verdict="Not reported")


def _nearby(engine: Engine, schema: Schema, plan: Verdict) -> Outcome | None:
    """Return what is recorded of a thing where not all is that was asked: an approval, but for another disease."""
    condition = plan.condition
    if not isinstance(condition, Linked) or not isinstance(condition.to, All) or len(condition.ways[0]) != 1:
        return None
    hop = condition.ways[0][0]
    if hop.end != _EVENT:
        return None
    events: set[str] = set()
    for part in condition.to.parts:
        if isinstance(part, Linked) and isinstance(part.to, Named):
            values = " ".join(f"<{thing.iri}>" for thing in part.to.things)
            text = _EVENTS % (values, hop.property, plan.thing.iri, part.ways[0][0].property)
            events |= {row["event"].value for row in solve(engine, text)}
    if not events:
        return None
    found = run(engine, schema, Records(tuple((event,) for event in sorted(events))))
    return found._replace(verdict="Not reported")


def opposites(schema: Schema, condition: Things) -> Iterable[Things]:
    """Yield the conditions that mean no to one: its negation, or any other value where one rules out others."""
    if not isinstance(condition, Linked):
        return
    for way in condition.ways:
        *before, last = way
        for property_ in schema.properties.values():
            if property_.negates == last.property:
                yield Linked(((*before, type(last)(property_.iri, last.forward, last.end)),), condition.to)
        if schema.properties[last.property].excludes_others and last.forward:
            yield Linked((way,), Every(last.end))
