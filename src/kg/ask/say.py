"""What an answer says in a sentence, and its coverage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.ask.plan import (
    All,
    Counted,
    Every,
    Group,
    Linked,
    Named,
    OnlyLinked,
    Records,
    Rows,
    Sides,
    Sum,
    Top,
    Verdict,
    Without,
)
from kg.ask.rows import things_of
from kg.ask.wording import plural, to_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.ask.grounds import Grounds
    from kg.ask.plan import Plan, Things
    from kg.ask.rows import Cell, Outcome
    from kg.engines.asking import Engine
    from kg.model.schema import Schema

__all__ = ["coverage", "one", "sentence"]

_MOST_NAMED, _MOST_LISTED, _MOST_TOLD = 10, 5, 3


def sentence(schema: Schema, plan: Plan, outcome: Outcome, grounds: Grounds) -> str:
    """Return the answer in one sentence."""
    open_ = " The sources contradict themselves here: see the conflicts." if grounds.conflicts else ""
    return f"{_said(schema, plan, outcome, grounds)}{open_}"


def _said(schema: Schema, plan: Plan, outcome: Outcome, grounds: Grounds) -> str:
    words = to_words(schema, plan)
    firsts = list(dict.fromkeys(row[0].text for row in outcome.rows))
    match plan:
        case Counted(_, kind):
            number = int(outcome.number or 0)
            contradicted = len({thing for triple in grounds.unresolved for thing in outcome.triples.get(triple, ())})
            split = f"; {contradicted} of them contradicted, {number - contradicted} not" if contradicted else ""
            return (
                f"{number} {plural(schema.classes[kind].label, number)} ({words.partition('; ')[2] or 'all'}{split})."
            )
        case Sum(_, _, _, is_mean):
            missing = f"; of {outcome.missing} it is not reported" if outcome.missing else ""
            name, number = "mean" if is_mean else "sum", len(outcome.fitting) - outcome.missing
            return f"{outcome.number:g}, the {name} over {number} ({words}{missing})."
        case Group() | Sides():
            parts = [f"{row[0].text}: {row[1].text}" for row in outcome.rows]
            more = f"; and {len(parts) - _MOST_NAMED} more" if len(parts) > _MOST_NAMED else ""
            return f"{'; '.join(parts[:_MOST_NAMED])}{more} {plural(schema.classes[plan.kind].label)}."
        case Top(_, _, _, _, _, _, columns):
            parts = [f"{row[0].text} ({row[-1 - len(columns)].text})" for row in outcome.rows]
            return f"{', '.join(parts[:_MOST_NAMED])}."
        case Verdict():
            found = "; ".join(dict.fromkeys(cell.text for row in outcome.rows for cell in row[1:] if cell.text))
            if outcome.verdict == "No":
                return f"No, the graph has {found}: {words}?"
            if outcome.records:
                return (
                    f"{outcome.verdict}: {words}. What is: {'; '.join(one(row) for row in outcome.rows[:_MOST_TOLD])}."
                )
            return f"{outcome.verdict}: {words}."
        case Records():
            parts = list(dict.fromkeys(one(row) for row in outcome.rows))
            more = f"; and {len(parts) - _MOST_TOLD} more" if len(parts) > _MOST_TOLD else ""
            return f"{'; '.join(parts[:_MOST_TOLD])}{more}."
        case Rows(_, kind, columns):
            if len(firsts) == 1 and columns:
                values = list(zip(*outcome.rows, strict=True))[-len(columns) :]
                shown = ", ".join(
                    f"{title} {'; '.join(dict.fromkeys(cell.text for cell in cells if cell.text)) or 'not reported'}"
                    for title, cells in zip(outcome.columns[-len(columns) :], values, strict=True)
                )
                return f"{firsts[0]}: {shown}."
            lead = f"{len(firsts)} {plural(schema.classes[kind].label, len(firsts))}"
            if len(firsts) > _MOST_LISTED:
                return f"{lead}, such as {', '.join(firsts[:_MOST_TOLD])}."
            return f"{lead}: {', '.join(firsts)}."


def one(row: Sequence[Cell]) -> str:
    """Return what a statement says, with what it is of."""
    *names, said = row[-4:]
    lead = " ".join(cell.text for cell in names[:2] if cell.text)
    return f"{lead}: {said.text}" if lead else said.text


def coverage(
    engine: Engine, schema: Schema, plan: Plan, outcome: Outcome, listed: frozenset[str]
) -> dict[str, int] | None:
    """Return how the things that fit all but the last condition stand to that one: yes, no, or nothing reported."""
    if not isinstance(plan, Rows | Counted):
        return None
    things, negated = plan.things, isinstance(plan.things, Without)
    last: Things | None
    if isinstance(things, Without):
        base, last = things.things, things.others
        parts = base.parts if isinstance(base, All) else (base,)
        told = isinstance(last, Linked) and [
            part for part in parts if isinstance(part, Linked) and part.ways == last.ways
        ]
        base = All(tuple(part for part in parts if not (told and part in told)))
    else:
        parts = things.parts if isinstance(things, All) else (things,)
        places = [
            n for n, part in enumerate(parts) if isinstance(part, Linked | OnlyLinked) and isinstance(part.to, Named)
        ]
        if not places:
            return None
        last = parts[places[-1]]
        base = All(tuple(part for number, part in enumerate(parts) if number != places[-1]))
    if not isinstance(last, Linked | OnlyLinked):
        return None
    whole = things_of(engine, schema, plan.kind, base)
    any_ = Linked(last.ways, Every(last.ways[0][-1].end))
    stated = things_of(engine, schema, plan.kind, All((*base.parts, any_)))
    iris = [hop.property for way in last.ways for hop in way]
    is_full = all(iri in listed or schema.properties[iri].excludes_others for iri in iris)
    no = (stated - outcome.fitting) if is_full or negated else set()
    return {
        "yes": len(outcome.fitting),
        "no": len(no),
        "not_reported": len(whole - outcome.fitting - no),
        "conflicting": 0,
    }
