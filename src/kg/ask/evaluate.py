"""From a reading to an answer: rows, how sure they are, and where they are written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from pyoxigraph import Literal, NamedNode

from kg.ask.answer import Answer
from kg.ask.compose import Column, Composed, compose, in_words
from kg.ask.joins import EVENT, RECORDS
from kg.ask.meaning import Constraint
from kg.describe import describe
from kg.namespaces import KG
from kg.queries import DAYS, select
from kg.result import Result

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyoxigraph import Store

    from kg.ask.meaning import Reading

__all__ = ["evaluate"]

_MOST_NAMED = 12
_MOST_TOLD = 3
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
ORDER BY ?text ?assertion ?section ?locator
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
ORDER BY ?text ?assertion ?section ?locator
"""
_NONE = """
PREFIX kg: <https://w3id.org/immunokg/ontology/>
SELECT DISTINCT ?record
WHERE {
  VALUES ?record { %s }
  { ?record kg:count 0 } UNION { ?record kg:value 0 }
  UNION { ?record kg:outcome ?outcome . FILTER (REGEX(STR(?outcome), "^(no|not|none)( |$)", "i")) }
  UNION { ?record kg:eventStatus "planned" }
}
"""

Triple = tuple[Any, Any, Any]
Solution = dict[str, Any]  # variable -> term, where it is bound


class _Grounds(NamedTuple):
    """What rows rest on."""

    evidence: list[dict[str, str]]
    conflicts: list[dict[str, str]]
    unresolved: set[Triple]


def evaluate(store: Store, question: str, reading: Reading) -> Answer:
    """Return the answer that a reading has in a dataset."""
    if reading.subject and not (reading.constraints or reading.value or reading.conditions or reading.extras):
        return _describe(store, question, reading)
    composed = compose(reading)
    solutions = _solve(store, composed)
    if reading.sides and len({row["about"] for row in solutions if "about" in row}) < reading.sides:
        solutions = []
    reading, solutions = _registered(reading, composed, solutions)
    verdict = ""
    if reading.asks:
        verdict, reading, composed, solutions = _verdict(store, reading, composed, solutions)
    counted: list[tuple[Solution, int]] = []
    if reading.order:
        counted, solutions = _ordered(reading, composed, solutions)
    edges = _edges(composed, solutions)
    grounds = _grounds(store, edges, _records(composed, solutions))
    result, ids = _shown(reading, composed, solutions, counted)
    coverage = None
    if _has_coverage(reading):
        fitting = {row[composed.wanted].value for row in solutions}
        coverage = _coverage(store, reading, fitting, edges, grounds.unresolved)
    words = any(item.sign == "has word" and not item.negated for item in reading.conditions)
    return Answer(
        question,
        _as_of(store, grounds),
        "answered" if solutions else "not_in_graph" if words else "empty",
        _sentence(reading, composed, solutions, verdict, counted) + _decided(reading) + _open_questions(grounds),
        in_words(reading),
        composed.text,
        result,
        ids,
        coverage,
        grounds.conflicts,
        grounds.evidence,
    )


def _registered(reading: Reading, composed: Composed, solutions: list[Solution]) -> tuple[Reading, list[Solution]]:
    """Keep to the trials that a registry lists, if there are any, and say how many studies that leaves out."""
    kept = [row for row in solutions if "trial_registry" in row]
    if reading.asks or reading.subject or not kept or len(kept) == len(solutions):
        return reading, solutions
    trials = composed.ordering if reading.order and reading.order.counted else composed.wanted
    number = len({row[trials] for row in solutions} - {row[trials] for row in kept})
    note = f"{number} {'study' if number == 1 else 'studies'} without a registration number left aside"
    return reading._replace(notes=[*reading.notes, note] if number else reading.notes), kept


def _verdict(
    store: Store, reading: Reading, composed: Composed, solutions: list[Solution]
) -> tuple[str, Reading, Composed, list[Solution]]:
    """Return yes, no, not reported or conflicting, with the rows that say so."""
    if composed.record:
        if solutions:
            records = _records(composed, solutions)
            none = {row[0] for row in select(store, _NONE % " ".join(map(str, records)))}
            answer = "No" if len(none) == len(records) else "Yes and no" if none else "Yes"
            return answer, reading, composed, solutions
        if reading.hub == EVENT:  # what the authority did instead
            kinds = KG + "RegulatoryEventKind"
            kept = [item for item in reading.constraints if item.paths[0][-1].end != kinds]
            if kept and len(kept) < len(reading.constraints):
                other = compose(reading._replace(constraints=kept))
                if found := _solve(store, other):
                    return "Not reported, but", reading, other, found
        return "Not reported", reading, composed, solutions
    verdict = "Yes" if solutions else "Not reported"
    told = [item for item in reading.conditions if item.sign == "exists"]
    if solutions and told and not reading.constraints:  # what its status is, rather than that it has one
        return "Told", reading, composed, solutions
    if reading.subject and not reading.value and reading.constraints:
        for opposite in _opposites(reading, reading.constraints[-1]):
            denied = compose(reading._replace(constraints=[*reading.constraints[:-1], opposite]))
            found = _solve(store, denied)
            if found and not solutions:
                return "No", reading, denied, found
            if found and opposite.things:
                verdict = "Conflicting"
    return verdict, reading, composed, solutions


def _as_of(store: Store, grounds: _Grounds) -> str:
    """Return the day of the data of the documents that the rows rest on, or of all where they rest on none."""
    documents = {item["document"] for item in grounds.evidence}
    days = {label.value: day.value for label, day in select(store, DAYS)}
    return max((day for label, day in days.items() if label in documents), default=max(days.values(), default=""))


def _solve(store: Store, composed: Composed) -> list[Solution]:
    found: Any = store.query(composed.text)
    names = [variable.value for variable in found.variables]
    return [{name: term for name, term in zip(names, row, strict=True) if term is not None} for row in found]


def _ordered(
    reading: Reading, composed: Composed, solutions: list[Solution]
) -> tuple[list[tuple[Solution, int]], list[Solution]]:
    """Return the rows that are first, with the counts where things are counted, and the solutions behind them."""
    order = reading.order
    assert order
    if order.condition:
        if order.limit:
            return [], _of_best_year(composed, solutions, descending=order.descending)
        ranked = sorted(solutions, key=lambda row: _amount(row[composed.ordering]), reverse=order.descending)
        if order.most and ranked:
            best = list({row[composed.wanted]: row for row in reversed(ranked)}.values())[::-1]
            last = _amount(best[min(order.most, len(best)) - 1][composed.ordering])
            ranked = [
                row
                for row in ranked
                if (
                    _amount(row[composed.ordering]) >= last
                    if order.descending
                    else _amount(row[composed.ordering]) <= last
                )
            ]
        return [], ranked
    things: dict[str, set[str]] = {}
    first: dict[str, Solution] = {}
    for row in solutions:
        things.setdefault(row[composed.wanted].value, set()).add(row[composed.ordering].value)
        first.setdefault(row[composed.wanted].value, row)
    numbers = sorted(((len(found), iri) for iri, found in things.items()), key=lambda item: (-item[0], item[1]))
    if not order.descending:
        numbers.sort(key=lambda item: item[0])
    if order.limit:
        sign, bound = order.limit
        tests = {">": int.__gt__, "<": int.__lt__, ">=": int.__ge__, "<=": int.__le__, "=": int.__eq__}
        numbers = [item for item in numbers if tests[sign](item[0], int(bound))]
    elif order.most and numbers:
        last = numbers[min(order.most, len(numbers)) - 1][0]
        numbers = [item for item in numbers if (item[0] >= last if order.descending else item[0] <= last)]
    kept = [(first[iri], number) for number, iri in numbers]
    chosen = {iri for _, iri in numbers}
    return kept, [row for row in solutions if row[composed.wanted].value in chosen]


def _of_best_year(composed: Composed, solutions: list[Solution], *, descending: bool) -> list[Solution]:
    """Return the rows of the year that has most or fewest things."""
    years: dict[str, set[str]] = {}
    for row in solutions:
        years.setdefault(row[composed.ordering].value[:4], set()).add(row[composed.wanted].value)
    if not years:
        return []
    number = (max if descending else min)(map(len, years.values()))
    best = {year for year, things in years.items() if len(things) == number}
    return [row for row in solutions if row[composed.ordering].value[:4] in best]


def _amount(term: Any) -> Any:
    """Return a literal so that it sorts: a number, or the text of a date."""
    try:
        return float(term.value)
    except ValueError:
        return term.value


def _edges(composed: Composed, solutions: list[Solution]) -> dict[Triple, set[str]]:
    """Return the triples that the rows rest on, each with the wanted things that rest on it."""
    found: dict[Triple, set[str]] = {}
    for row in solutions:
        for edge in composed.edges:
            if edge.subject in row and edge.object in row:
                triple = row[edge.subject], NamedNode(edge.predicate), row[edge.object]
                found.setdefault(triple, set()).add(row[composed.wanted].value)
    return found


def _records(composed: Composed, solutions: list[Solution]) -> list[NamedNode]:
    """Return the records that the rows rest on."""
    return list(dict.fromkeys(row[composed.record] for row in solutions)) if composed.record else []


def _grounds(store: Store, edges: dict[Triple, set[str]], records: list[NamedNode]) -> _Grounds:
    """Return where triples and records are written, and what is not settled about them."""
    grounds = _Grounds([], [], set())
    if edges:
        values = " ".join(f"({s} {p} {o})" for s, p, o in edges)
        for s, p, o, *rest in select(store, _STATEMENTS % values):
            if _ground(grounds, rest) == "unresolved":
                grounds.unresolved.add((s, p, o))
    if records:
        for rest in select(store, _RECORDS % " ".join(map(str, records))):
            _ground(grounds, list(rest))
    return grounds


def _ground(grounds: _Grounds, row: list[Any]) -> str:
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


def _shown(
    reading: Reading, composed: Composed, solutions: list[Solution], counted: list[tuple[Solution, int]]
) -> tuple[Result, list[tuple[str | None, ...]]]:
    """Return the rows that are shown, each once, with the IRIs of their cells."""
    if reading.compared and composed.compared:
        numbers = _by_alternative(reading, composed, solutions)
        names = (composed.compared.removesuffix("_named").replace("_", " "), "count")
        rows = [(Literal(label), Literal(number)) for _, label, number in numbers]
        return Result(names, rows), [(iri, None) for iri, _, _ in numbers]
    if counted:
        column = composed.columns[0]
        rows = [(row[column.label], Literal(number)) for row, number in counted]
        return Result((column.name, "count"), rows), [(row[column.thing].value, None) for row, _ in counted]
    if reading.order and reading.order.limit and reading.order.limit[0] == "year":
        found_years: dict[str, set[str]] = {}
        for row in solutions:
            found_years.setdefault(row[composed.ordering].value[:4], set()).add(row[composed.wanted].value)
        rows = [(Literal(year), Literal(len(things))) for year, things in sorted(found_years.items())]
        return Result(("year", "count"), rows), [(None, None)] * len(rows)
    if reading.sums:
        total = sum(_summands(composed, solutions))
        return Result(("sum",), [(Literal(total),)] if solutions else []), [(None,)] if solutions else []
    if reading.counts and not solutions:
        return Result(("count",), []), []
    if reading.counts:
        number = len({row[composed.wanted] for row in solutions})
        return Result(("count",), [(Literal(number),)]), [(None,)]
    columns = composed.columns
    found = dict.fromkeys(tuple((_cell(row, column), row.get(column.thing)) for column in columns) for row in solutions)
    names = tuple(_distinct([column.name for column in columns]))
    ids = [tuple(term.value if isinstance(term, NamedNode) else None for _, term in row) for row in found]
    return Result(names, [tuple(label for label, _ in row) for row in found]), ids


def _cell(row: Solution, column: Column) -> Any:
    """Return what a column shows: a label, or that it is not disclosed."""
    return row.get(column.label) or row.get(f"{column.label.removesuffix('_label')}_hidden")


def _summands(composed: Composed, solutions: list[Solution]) -> list[int]:
    """Return the value of each wanted thing, once."""
    values = {row[composed.wanted]: row[composed.columns[0].label].value for row in solutions}
    return [int(float(value)) for value in values.values()]


def _distinct(names: list[str]) -> list[str]:
    return [
        f"{name} {names[:number].count(name) + 1}" if name in names[:number] else name
        for number, name in enumerate(names)
    ]


def _by_alternative(reading: Reading, composed: Composed, solutions: list[Solution]) -> list[tuple[str, str, int]]:
    """Return how many things fit each alternative of the last constraint."""
    found = []
    for thing in reading.constraints[-1].things:
        fitting = {row[composed.wanted] for row in solutions if row[composed.compared].value == thing.iri}
        found.append((thing.iri, thing.label, len(fitting)))
    return found


def _sentence(
    reading: Reading,
    composed: Composed,
    solutions: list[Solution],
    verdict: str,
    counted: list[tuple[Solution, int]],
) -> str:
    understood = in_words(reading)
    notes = "".join(f"{note}. " for note in reading.notes if note.startswith("I "))
    if reading.compared and composed.compared:
        parts = [f"{label}: {number}" for _, label, number in _by_alternative(reading, composed, solutions)]
        return notes + "; ".join(parts) + "."
    if composed.record and solutions and not (reading.counts or counted):
        told = list(dict.fromkeys(_told(composed, row) for row in solutions))
        more = f"; and {len(told) - _MOST_TOLD} more" if len(told) > _MOST_TOLD else ""
        lead = f"{verdict}: " if verdict else ""
        if not verdict and reading.wanted not in RECORDS:
            lead = _listing(composed, solutions) + " "
        return f"{notes}{lead}{'; '.join(told[:_MOST_TOLD])}{more}."
    if verdict == "Told":
        said = dict.fromkeys(row[column.label].value for row in solutions for column in composed.columns)
        return f"{notes}{': '.join(said)}."
    if verdict:
        asked = understood.replace("; ", " ", 1).replace(":", "")
        found = ", ".join(dict.fromkeys(row[composed.columns[-1].label].value for row in solutions))
        if verdict == "No":
            return f"{notes}No, the graph has {found}: {asked}?"
        if solutions and reading.constraints and len(reading.constraints[-1].things) > 1:
            return f"{notes}{verdict}, {found}: {asked}."
        return f"{notes}{verdict}: {asked}."
    if counted:
        path = reading.order.counted[0] if reading.order else ()
        name = reading.schema.classes[path[-1].end if path else reading.hub].label
        parts = [f"{row[composed.columns[0].label].value}: {number} {_plural(name, number)}" for row, number in counted]
        more = f" and {len(parts) - _MOST_NAMED} more" if len(parts) > _MOST_NAMED else ""
        return f"{notes}{'; '.join(parts[:_MOST_NAMED])}{more}."
    if reading.sums and solutions:
        summands = _summands(composed, solutions)
        return f"{notes}{sum(summands)}, the sum over {len(summands)} ({understood})."
    if reading.order and reading.order.limit and reading.order.limit[0] == "year" and solutions:
        years = sorted({row[composed.ordering].value[:4] for row in solutions})
        number = len({row[composed.wanted] for row in solutions})
        return f"{notes}{', '.join(years)}: {number} {_plural(composed.columns[0].name, number)}."
    if reading.counts:
        number = len({row[composed.wanted] for row in solutions})
        rest = understood.partition("; ")[2]
        return f"{notes}{number} {_plural(composed.columns[0].name, number)}{f' ({rest})' if rest else ''}."
    words = [item.value for item in reading.conditions if item.sign == "has word" and not item.negated]
    if not solutions and words:
        return (
            f"{notes}Not in the graph: no {' or '.join(map(repr, words))} is recorded for what I read ({understood})."
        )
    if not solutions:
        return f"{notes}Nothing in the graph fits, as I read it ({understood})."
    if reading.order:
        rows = solutions[:_MOST_NAMED]
        parts = [f"{row[composed.columns[0].label].value} ({row[composed.ordering].value})" for row in rows]
        return f"{notes}{', '.join(dict.fromkeys(parts))}."
    return notes + _listing(composed, solutions, is_value=bool(reading.value))


def _told(composed: Composed, row: Solution) -> str:
    """Return what a record says on one line."""
    labels = {column.name: row[column.label].value for column in composed.columns if column.label in row}
    said = str(row[f"{composed.record}_in_words"].value)
    about = " ".join(labels[name] for name in ("about", "measure") if name in labels)
    return f"{about}: {said}" if about else said


def _listing(composed: Composed, solutions: list[Solution], *, is_value: bool = False) -> str:
    labels = list(dict.fromkeys(row[composed.columns[0].label].value for row in solutions))
    more = f" and {len(labels) - _MOST_NAMED} more" if len(labels) > _MOST_NAMED else ""
    named = ", ".join(labels[:_MOST_NAMED]) + more
    return f"{named}." if is_value else f"{len(labels)} {_plural(composed.columns[0].name, len(labels))}: {named}."


def _plural(noun: str, count: int) -> str:
    if count == 1:
        return noun
    return f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}{'es' if noun.endswith('s') else 's'}"


def _decided(reading: Reading) -> str:
    """Return what was decided beside how words were read, which comes first."""
    return "".join(f" {note[0].upper()}{note[1:]}." for note in reading.notes if not note.startswith("I "))


def _open_questions(grounds: _Grounds) -> str:
    return " The sources contradict themselves here: see the conflicts." if grounds.conflicts else ""


def _has_coverage(reading: Reading) -> bool:
    plain = not (reading.subject or reading.value or reading.order or reading.compared or reading.asks)
    return plain and reading.hub not in RECORDS and bool(reading.constraints)


def _coverage(
    store: Store, reading: Reading, fitting: set[str], edges: dict[Triple, set[str]], unresolved: set[Triple]
) -> dict[str, int] | None:
    """Count how the things that fit all but the last constraint stand to that one."""
    *others, last = reading.constraints
    base = _fitting(store, reading, others)
    denied = {iri for opposite in _opposites(reading, last) for iri in _fitting(store, reading, [*others, opposite])}
    conflicting = {iri for triple in unresolved for iri in edges[triple]} | (fitting & _denied(reading, last, denied))
    no = base - fitting if _only_one_fits(last) else denied - fitting
    return {
        "yes": len(fitting - conflicting),
        "no": len(no),
        "not_reported": len(base - fitting - no),
        "conflicting": len(conflicting),
    }


def _fitting(store: Store, reading: Reading, constraints: list[Constraint]) -> set[str]:
    """Return the things of the wanted class that fit some constraints."""
    composed = compose(reading._replace(constraints=constraints))
    return {row[composed.wanted].value for row in _solve(store, composed)}


def _opposites(reading: Reading, constraint: Constraint) -> Iterator[Constraint]:
    """Yield the constraints that mean no to one: its negation, or any other value where one rules out others."""
    for *before, last in constraint.paths:
        for property_ in reading.schema.properties.values():
            if property_.negates == last.along.iri:
                yield Constraint([(*before, last._replace(along=property_))], constraint.things)
    if all(path[-1].along.excludes_others and path[-1].forward for path in constraint.paths):
        yield constraint._replace(things=[], is_told=True)


def _denied(reading: Reading, constraint: Constraint, denied: set[str]) -> set[str]:
    """Return the things that a source denies the constraint; another value is no denial where this one holds too."""
    return set() if constraint.paths[0][-1].along.excludes_others else denied


def _only_one_fits(constraint: Constraint) -> bool:
    """Say whether one thing alone can fit, such as the sponsor of one trial, so that all others mean no."""
    return len(constraint.things) == 1 and all(
        len(path) == 1 and path[0].along.excludes_others and not path[0].forward for path in constraint.paths
    )


def _describe(store: Store, question: str, reading: Reading) -> Answer:
    """Answer a question that names one thing and asks nothing else of it."""
    assert reading.subject
    label = reading.subject.label
    result = describe(store, reading.subject.iri)
    places = ("document", "section", "locator", "assertion", "standing")
    evidence = [
        {"statement": f"{label} {row['property']} {row['value']}", **{name: row[name] for name in places}}
        for row in result
        if row["document"]
    ]
    sentence = f"{label}: the rows are what the graph says of it, from {len(evidence)} places."
    ids: list[tuple[str | None, ...]] = [(None,) * len(result.columns)] * len(result)
    return Answer(question, result.as_of, "answered", sentence, label, "", result, ids, evidence=evidence)
