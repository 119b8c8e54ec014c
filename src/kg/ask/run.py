"""From a plan to its rows: what an engine gives, counted, ranked and put together, one row a thing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from pyoxigraph import Literal, NamedNode

from kg.ask.plan import (
    All,
    Column,
    Counted,
    Every,
    Group,
    Hop,
    Linked,
    Named,
    Records,
    Rows,
    Says,
    Sides,
    Sum,
    Top,
    Valued,
    Verdict,
    Without,
)
from kg.ask.sparql import members, shown_along
from kg.ask.told import told
from kg.model.iris import KG, named_class

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kg.ask.plan import Plan, Things, Way
    from kg.engines.asking import Engine
    from kg.model.schema import Schema

__all__ = ["Cell", "Outcome", "Triple", "opposites", "run", "things_of", "with_usual"]

Triple = tuple[Any, Any, Any]
Solution = dict[str, Any]
_USUAL = ("hasPhase", "hasStatus", "usesCellSource", "hasSponsor", "studiesDisease")
_EVENTS = "SELECT ?event WHERE { ?event <%s> <%s> ; <%s> ?value . VALUES ?value { %s } }"
NOT_REPORTED, NOT_DISCLOSED = "not reported", "not disclosed"
_TRIAL, _EVENT = KG + "ClinicalTrial", KG + "RegulatoryEvent"
_TESTS = {"<": int.__lt__, "<=": int.__le__, ">": int.__gt__, ">=": int.__ge__, "=": int.__eq__}


class Cell(NamedTuple):
    """A cell of an answer: its IRI, if it is one thing, and what is shown."""

    iri: str | None
    shown: Any

    @property
    def text(self) -> str:
        """What is shown, as text."""
        return str(self.shown.value) if self.shown is not None else ""


class Outcome(NamedTuple):
    """What a plan gives.

    Attributes:
        columns: the titles.
        rows: the cells.
        sparql: the query.
        triples: the triples that the rows rest on, each with the things that rest on it.
        records: the records that the rows rest on.
        number: the count or the sum, if that was asked for.
        verdict: ``Yes``, ``No`` or ``Not reported``, if that was asked for.
        fitting: the IRIs of the things that fit.
        missing: for how many things there is no value of what is counted or added up.
    """

    columns: tuple[str, ...]
    rows: list[tuple[Cell, ...]]
    sparql: str = ""
    triples: dict[Triple, set[str]] = {}  # noqa: RUF012 (never changed)
    records: list[NamedNode] = []  # noqa: RUF012
    number: float | None = None
    verdict: str = ""
    fitting: frozenset[str] = frozenset()
    missing: int = 0


def with_usual(engine: Engine, schema: Schema, plan: Plan, outcome: Outcome) -> tuple[Outcome, tuple[str, ...]] | None:
    """Return a list of trials with the columns that its readers expect, and their titles; None for anything else."""
    if not isinstance(plan, Rows) or named_class(plan.kind) != _TRIAL or plan.columns:
        return None
    columns = []
    for name in _USUAL:
        property_ = schema.properties[KG + name]
        if schema.classes[property_.range].label not in outcome.columns:
            hop = Hop(property_.iri, True, property_.range)
            columns.append(Column(schema.classes[property_.range].label, ((hop,),), property_.range))
    more = _rows(engine, schema, plan.kind, plan.things, columns)
    return more, more.columns[len(more.columns) - len(columns) :]


def run(engine: Engine, schema: Schema, plan: Plan) -> Outcome:
    """Return what a plan gives in a dataset."""
    match plan:
        case Rows(things, kind, columns):
            return _rows(engine, schema, kind, things, columns)
        case Counted(things, kind):
            found = _rows(engine, schema, kind, things, ())
            number = len(found.fitting)
            return found._replace(columns=("count",), rows=[(Cell(None, Literal(number)),)], number=number)
        case Sum(things, kind, column):
            return _sum(engine, schema, kind, things, column)
        case Group():
            return _group(engine, schema, plan)
        case Top(things, kind, column, most, rank, descending, columns):
            found = _rows(engine, schema, kind, things, (column, *columns))
            return found._replace(rows=_first(found.rows, -1 - len(columns), most, rank, descending=descending))
        case Sides(sides, kind):
            return _sides(engine, schema, kind, sides)
        case Verdict():
            return _verdict(engine, schema, plan)
        case Records(keys, kind, order, most, test):
            columns_, rows, records, triples, text = told(engine, keys, kind, order, most, test)
            cells = [tuple(Cell(iri, shown) for iri, shown in row) for row in rows]
            return Outcome(columns_, cells, text, {triple: set() for triple in triples}, records)


def things_of(engine: Engine, schema: Schema, kind: str, things: Things) -> set[str]:
    """Return the IRIs of the things that a plan means."""
    text, name = members(schema, kind, things)
    return {row[name].value for row in _solve(engine, text)}


def _solve(engine: Engine, text: str) -> list[Solution]:
    found = engine.query(text)
    names = [variable.value for variable in found.variables]
    return [{name: term for name, term in zip(names, row, strict=True) if term is not None} for row in found]


class _Members(NamedTuple):
    """Things with their labels, the query that gave them, and the triples that what is shown of them rests on."""

    kind: str
    labels: dict[str, Any]
    sparql: str
    triples: dict[Triple, set[str]]


def _members(engine: Engine, schema: Schema, kind: str, things: Things) -> _Members:
    text, name = members(schema, kind, things)
    labels = {row[name].value: row[f"{name}_label"] for row in _solve(engine, text)}
    return _Members(kind, labels, text, {})


def _values(
    engine: Engine,
    schema: Schema,
    found: _Members,
    ways: Sequence[Way],
    property_iri: str = "",
    to: Things | None = None,
) -> dict[str, dict[str, Cell]]:
    """Return what ways lead to from each thing, by its text, and note the triples."""
    values: dict[str, dict[str, Cell]] = {}
    for way in ways or ((),) if found.labels else ():
        printed = shown_along(schema, found.labels, way, property_iri=property_iri, to=to)
        for row in _solve(engine, printed.text):
            thing, value = row["thing"].value, row["value"]
            shown = row.get("label", value)
            cell = Cell(value.value if isinstance(value, NamedNode) else None, shown)
            values.setdefault(thing, {})[shown.value] = cell
            for subject, iri, object_ in printed.edges:
                found.triples.setdefault((row[subject], NamedNode(iri), row[object_]), set()).add(thing)
    return values


def _rows(engine: Engine, schema: Schema, kind: str, things: Things, columns: Sequence[Column]) -> Outcome:
    """Return one row a thing, with what it was chosen by and what is asked of it; several values in one cell."""
    found = _members(engine, schema, kind, things)
    parts = things.parts if isinstance(things, All) else (things,)
    if isinstance(things, Without):
        parts = things.things.parts if isinstance(things.things, All) else ()
    titles, shown = [schema.classes[kind].label], []
    for part in parts:
        if isinstance(part, Linked) and not isinstance(part.to, Every):
            titles.append(schema.classes[part.ways[0][-1].end].label)
            shown.append(_values(engine, schema, found, part.ways, to=part.to))
        elif isinstance(part, Valued) and not isinstance(part.test, Says) and len(part.ways) < 2:
            titles.append(schema.properties[part.properties[0]].label)
            shown.append(_values(engine, schema, found, part.ways, part.properties[0]))
    for column in columns:
        titles.append(column.title)
        shown.append(_values(engine, schema, found, column.ways, column.property))
        _undisclosed(engine, schema, found, column, shown[-1])
    rows = [
        (Cell(iri, label), *(_cell(values.get(iri, {})) for values in shown)) for iri, label in found.labels.items()
    ]
    if len(rows) == 1 and len(columns) == 1 and (several := list(shown[-1].get(next(iter(found.labels)), {}).values())):
        rows = [
            (*rows[0][:-1], cell) for cell in sorted(several, key=lambda cell: cell.text)
        ]  # "what does it carry": each is a row of its own
    return Outcome(_distinct(titles), rows, found.sparql, found.triples, fitting=frozenset(found.labels))


def _undisclosed(
    engine: Engine, schema: Schema, found: _Members, column: Column, values: dict[str, dict[str, Cell]]
) -> None:
    """Say of the things without a value in a column that it is not disclosed, where a document says so."""
    without = {iri: label for iri, label in found.labels.items() if iri not in values}
    if not column.kind or not without or named_class(found.kind) != _TRIAL:
        return
    said = _Members(found.kind, without, "", {})
    hop = Hop(KG + "doesNotDisclose", True, KG + "Aspect")
    for thing, aspects in _values(engine, schema, said, ((hop,),)).items():
        for text, cell in aspects.items():
            if text in schema.classes[column.kind].words:
                values[thing] = {NOT_DISCLOSED: Cell(None, Literal(NOT_DISCLOSED))}
                triple = (NamedNode(thing), NamedNode(hop.property), NamedNode(str(cell.iri)))
                found.triples.setdefault(triple, set()).add(thing)


def _cell(values: dict[str, Cell]) -> Cell:
    """Return one cell for several values."""
    if len(values) < 2:
        return next(iter(values.values()), Cell(None, None))
    return Cell(None, Literal("; ".join(sorted(values))))


def _distinct(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(
        f"{name} {names[:number].count(name) + 1}" if name in names[:number] else name
        for number, name in enumerate(names)
    )


def _sum(engine: Engine, schema: Schema, kind: str, things: Things, column: Column) -> Outcome:
    found = _rows(engine, schema, kind, things, (column,))
    values = [float(cell.text) for *_, cell in found.rows if cell.shown is not None and ";" not in cell.text]
    total = int(sum(values)) if all(value.is_integer() for value in values) else sum(values)
    rows = [(Cell(None, Literal(total)),)] if values else []
    return found._replace(columns=("sum",), rows=rows, number=total, missing=len(found.rows) - len(values))


def _group(engine: Engine, schema: Schema, plan: Group) -> Outcome:
    """Count things by a column; those that have no value are a row of their own."""
    found_things = _members(engine, schema, plan.kind, plan.things)
    values = _values(engine, schema, found_things, plan.by.ways, plan.by.property)
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
    if plan.test:
        counts = [item for item in counts if _TESTS[plan.test.sign](item[0], int(plan.test.number))]
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
        rows.append((Cell(None, Literal(NOT_REPORTED)), Cell(None, Literal(len(without)))))
    kept = {key for _, key in counts}
    fitting = frozenset(thing for key in kept for thing in grouped[key])
    triples = found_things.triples if plan.most or plan.rank or plan.after else {}
    kept_triples = {triple: things & fitting for triple, things in triples.items() if things & fitting}
    return Outcome(
        (plan.by.title, "count"), rows, found_things.sparql, kept_triples, fitting=fitting, missing=len(without)
    )


def _first(
    rows: list[tuple[Cell, ...]], column: int, most: int, rank: int, *, descending: bool
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
        found = _rows(engine, schema, kind, things, ())
        rows.append((Cell(entry.iri, Literal(entry.label)), Cell(None, Literal(len(found.fitting)))))
        triples.update(found.triples)
        texts.append(found.sparql)
    label = schema.classes[sides[0][0].class_iri].label if sides else ""
    return Outcome((label, "count"), rows, "\n".join(texts), triples)


def _verdict(engine: Engine, schema: Schema, plan: Verdict) -> Outcome:
    """Say yes where the thing meets the condition, no where it has another value of what is listed in full."""
    subject = Named((plan.thing,))
    kind = plan.thing.class_iri
    found = _rows(engine, schema, kind, All((Every(kind), subject, plan.condition)), ())
    if found.rows:
        return found._replace(verdict="Yes")
    for other in opposites(schema, plan.condition):
        ways = other.ways if isinstance(other, Linked) else ()
        column = Column(schema.classes[ways[0][-1].end].label, ways, ways[0][-1].end)
        denied = _rows(engine, schema, kind, All((Every(kind), subject, other)), (column,))
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
            text = _EVENTS % (hop.property, plan.thing.iri, part.ways[0][0].property, values)
            events |= {row["event"].value for row in _solve(engine, text)}
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
