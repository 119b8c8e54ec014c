"""The rows of things: what an engine gives of them, one row a thing, with what it rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from pyoxigraph import Literal, NamedNode

from kg.ask.plan import All, Column, Every, Hop, Linked, Rows, Says, Valued, Without
from kg.ask.routes import TRIAL
from kg.ask.sparql import members, shown_along
from kg.model.iris import KG, named_class

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.ask.plan import Plan, Things, Way
    from kg.engines.asking import Engine
    from kg.model.schema import Schema

__all__ = [
    "Cell",
    "Members",
    "Outcome",
    "Triple",
    "members_of",
    "rows_of",
    "solve",
    "things_of",
    "values_of",
    "with_usual",
]

Triple = tuple[Any, Any, Any]
Solution = dict[str, Any]
_USUAL = ("hasPhase", "hasStatus", "usesCellSource", "hasSponsor", "studiesDisease")
_NOT_DISCLOSED = "not disclosed"


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
    rows: Sequence[tuple[Cell, ...]]
    sparql: str = ""
    triples: dict[Triple, set[str]] = {}  # noqa: RUF012 (never changed)
    records: list[NamedNode] = []  # noqa: RUF012
    number: float | None = None
    verdict: str = ""
    fitting: frozenset[str] = frozenset()
    missing: int = 0


def with_usual(engine: Engine, schema: Schema, plan: Plan, outcome: Outcome) -> tuple[Outcome, tuple[str, ...]] | None:
    """Return a list of trials with the columns that its readers expect, and their titles; None for anything else."""
    if not isinstance(plan, Rows) or named_class(plan.kind) != TRIAL or plan.columns:
        return None
    columns = []
    for name in _USUAL:
        property_ = schema.properties[KG + name]
        if schema.classes[property_.range].label not in outcome.columns:
            hop = Hop(property_.iri, True, property_.range)
            columns.append(Column(schema.classes[property_.range].label, ((hop,),), property_.range))
    more = rows_of(engine, schema, plan.kind, plan.things, columns)
    return more, more.columns[len(more.columns) - len(columns) :]


def things_of(engine: Engine, schema: Schema, kind: str, things: Things) -> set[str]:
    """Return the IRIs of the things that a plan means."""
    text, name = members(schema, kind, things)
    return {row[name].value for row in solve(engine, text)}


def solve(engine: Engine, text: str) -> list[Solution]:
    """Return the solutions of a query, each a mapping of its variables to terms."""
    found = engine.query(text)
    names = [variable.value for variable in found.variables]
    return [{name: term for name, term in zip(names, row, strict=True) if term is not None} for row in found]


class Members(NamedTuple):
    """Things with their labels, the query that gave them, and the triples that what is shown of them rests on."""

    kind: str
    labels: dict[str, Any]
    sparql: str
    triples: dict[Triple, set[str]]


def members_of(engine: Engine, schema: Schema, kind: str, things: Things) -> Members:
    """Return the things of a class that are meant."""
    text, name = members(schema, kind, things)
    labels = {row[name].value: row[f"{name}_label"] for row in solve(engine, text)}
    return Members(kind, labels, text, {})


def values_of(
    engine: Engine,
    schema: Schema,
    found: Members,
    ways: Sequence[Way],
    property_iri: str = "",
    to: Things | None = None,
) -> dict[str, dict[str, Cell]]:
    """Return what ways lead to from each thing, by its text, and note the triples."""
    values: dict[str, dict[str, Cell]] = {}
    for way in ways or ((),) if found.labels else ():
        printed = shown_along(schema, found.labels, way, property_iri=property_iri, to=to)
        for row in solve(engine, printed.text):
            thing, value = row["thing"].value, row["value"]
            shown: Any = row.get("label", value)
            cell = Cell(value.value if isinstance(value, NamedNode) else None, shown)
            values.setdefault(thing, {})[shown.value] = cell
            for subject, iri, object_ in printed.edges:
                found.triples.setdefault((row[subject], NamedNode(iri), row[object_]), set()).add(thing)
    return values


def rows_of(engine: Engine, schema: Schema, kind: str, things: Things, columns: Sequence[Column]) -> Outcome:
    """Return one row a thing, with what it was chosen by and what is asked of it; several values in one cell."""
    found = members_of(engine, schema, kind, things)
    parts = things.parts if isinstance(things, All) else (things,)
    if isinstance(things, Without):
        parts = things.things.parts if isinstance(things.things, All) else ()
    titles, shown = [schema.classes[kind].label], []
    for part in parts:
        if isinstance(part, Linked) and not isinstance(part.to, Every):
            titles.append(schema.classes[part.ways[0][-1].end].label)
            shown.append(values_of(engine, schema, found, part.ways, to=part.to))
        elif isinstance(part, Valued) and not isinstance(part.test, Says) and len(part.ways) < 2:
            titles.append(schema.properties[part.properties[0]].label)
            shown.append(values_of(engine, schema, found, part.ways, part.properties[0]))
    for column in columns:
        titles.append(column.title)
        shown.append(values_of(engine, schema, found, column.ways, column.property))
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
    engine: Engine, schema: Schema, found: Members, column: Column, values: dict[str, dict[str, Cell]]
) -> None:
    """Say of the things without a value in a column that it is not disclosed, where a document says so."""
    without = {iri: label for iri, label in found.labels.items() if iri not in values}
    if not column.kind or not without or named_class(found.kind) != TRIAL:
        return
    said = Members(found.kind, without, "", {})
    hop = Hop(KG + "doesNotDisclose", True, KG + "Aspect")
    for thing, aspects in values_of(engine, schema, said, ((hop,),)).items():
        for text, cell in aspects.items():
            if text in schema.classes[column.kind].words:
                values[thing] = {_NOT_DISCLOSED: Cell(None, Literal(_NOT_DISCLOSED))}
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
