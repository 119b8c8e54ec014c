"""From a reading to an answer: its rows, how sure they are, and where they are written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pyoxigraph import NamedNode

from kg.ask.answer import Answer
from kg.ask.compose import compose
from kg.ask.grounds import ground
from kg.ask.joins import EVENT, RECORDS
from kg.ask.meaning import Constraint
from kg.ask.saying import Outcome, of_year, said, shown, words_without_match
from kg.ask.understood import in_words
from kg.engines.asking import DAYS, select
from kg.model.iris import KG

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyoxigraph import Store

    from kg.ask.compose import Composed
    from kg.ask.grounds import Grounds, Triple
    from kg.ask.meaning import Reading
    from kg.ask.saying import Solution

__all__ = ["evaluate"]

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


def evaluate(store: Store, question: str, reading: Reading) -> Answer:
    """Return the answer that a reading has in a dataset."""
    if reading.subject and not (reading.constraints or reading.value or reading.conditions or reading.extras):
        return _describe(store, question, reading)
    outcome = _outcome(store, reading)
    reading, composed, solutions = outcome.reading, outcome.composed, outcome.solutions
    edges = _edges(composed, solutions)
    grounds = ground(store, edges, _records(composed, solutions))
    result, ids = shown(outcome)
    coverage = None
    if _has_coverage(reading):
        fitting = {row[composed.wanted].value for row in solutions}
        coverage = _coverage(store, reading, fitting, edges, grounds.unresolved)
        outcome = outcome._replace(conflicting=coverage["conflicting"])
    nothing = "not_in_graph" if words_without_match(reading) else "empty"
    return Answer(
        question,
        _as_of(store, grounds),
        "answered" if solutions else nothing,
        said(outcome, grounds),
        in_words(reading),
        composed.text,
        result,
        ids,
        coverage,
        grounds.conflicts,
        grounds.evidence,
        words=reading.words,
    )


def _outcome(store: Store, reading: Reading) -> Outcome:
    """Solve a reading and keep the rows that it wants."""
    composed = compose(reading)
    solutions = _solve(store, composed)
    if reading.sides and len({row["about"] for row in solutions if "about" in row}) < reading.sides:
        solutions = []
    if not solutions and reading.hub in RECORDS and reading.wanted != reading.hub:
        reading, composed, solutions = _none_told(store, reading, composed)
    reading, solutions = _registered(reading, composed, solutions)
    if reading.asks:
        verdict, reading, composed, solutions = _verdict(store, reading, composed, solutions)
        return Outcome(reading, composed, solutions, verdict)
    outcome = Outcome(reading, composed, solutions)
    if not reading.order:
        return outcome
    if outcome.is_of_year:
        return outcome._replace(solutions=_of_best_year(outcome, descending=reading.order.descending))
    if reading.order.condition:
        return outcome._replace(solutions=_first(outcome))
    return _counted(outcome)


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
            none = _none(store, composed, solutions)
            answer = "No" if len(none) == len(_records(composed, solutions)) else "Yes and no" if none else "Yes"
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


def _as_of(store: Store, grounds: Grounds) -> str:
    """Return the day of the data of the documents that the rows rest on, or of all where they rest on none."""
    documents = {item["document"] for item in grounds.evidence}
    days = {label.value: day.value for label, day in select(store, DAYS)}
    return max((day for label, day in days.items() if label in documents), default=max(days.values(), default=""))


def _solve(store: Store, composed: Composed) -> list[Solution]:
    found: Any = store.query(composed.text)
    names = [variable.value for variable in found.variables]
    return [{name: term for name, term in zip(names, row, strict=True) if term is not None} for row in found]


def _first(outcome: Outcome) -> list[Solution]:
    """Return the rows that a literal puts first, with those that tie with the last of them."""
    order, composed = outcome.reading.order, outcome.composed
    assert order
    ranked = sorted(outcome.solutions, key=lambda row: _amount(row[composed.ordering]), reverse=order.descending)
    if order.rank > 1:
        amounts = sorted({_amount(row[composed.ordering]) for row in ranked}, reverse=order.descending)
        return [row for row in ranked if _amount(row[composed.ordering]) in amounts[order.rank - 1 : order.rank]]
    if not (order.most and ranked):
        return ranked
    best = list({row[composed.wanted]: row for row in reversed(ranked)}.values())[::-1]
    last = _amount(best[min(order.most, len(best)) - 1][composed.ordering])
    amounts = [_amount(row[composed.ordering]) for row in ranked]
    return [
        row
        for row, amount in zip(ranked, amounts, strict=True)
        if (amount >= last if order.descending else amount <= last)
    ]


def _counted(outcome: Outcome) -> Outcome:
    """Count things for each wanted thing, and keep those with most, fewest, or a number within the limit."""
    order, composed = outcome.reading.order, outcome.composed
    assert order
    things: dict[str, set[str]] = {}
    rows: dict[str, Solution] = {}
    for row in outcome.solutions:
        things.setdefault(row[composed.wanted].value, set()).add(row[composed.ordering].value)
        rows.setdefault(row[composed.wanted].value, row)
    numbers = sorted(((len(found), iri) for iri, found in things.items()), key=lambda item: (-item[0], item[1]))
    if not order.descending:
        numbers.sort(key=lambda item: item[0])
    if order.limit:
        sign, bound = order.limit
        tests = {">": int.__gt__, "<": int.__lt__, ">=": int.__ge__, "<=": int.__le__}
        numbers = [item for item in numbers if tests[sign](item[0], int(bound))]
    elif order.rank > 1:
        ranks = sorted({number for number, _ in numbers}, reverse=order.descending)
        numbers = [item for item in numbers if item[0] in ranks[order.rank - 1 : order.rank]]
    elif order.most and numbers:
        last = numbers[min(order.most, len(numbers)) - 1][0]
        numbers = [item for item in numbers if (item[0] >= last if order.descending else item[0] <= last)]
    chosen = {iri for _, iri in numbers}
    kept = [row for row in outcome.solutions if row[composed.wanted].value in chosen]
    return outcome._replace(solutions=kept, counted=[(rows[iri], number) for number, iri in numbers])


def _of_best_year(outcome: Outcome, *, descending: bool) -> list[Solution]:
    """Return the rows of the year that has most or fewest things."""
    years = of_year(outcome)
    if not years:
        return []
    number = (max if descending else min)(map(len, years.values()))
    best = {year for year, things in years.items() if len(things) == number}
    return [row for row in outcome.solutions if row[outcome.composed.ordering].value[:4] in best]


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


def _none_told(store: Store, reading: Reading, composed: Composed) -> tuple[Reading, Composed, list[Solution]]:
    """Return the records that say there was none of what is wanted, since those do not name it."""
    other = reading._replace(wanted=reading.hub, to_wanted=[], order=None, extras=())
    if not (other.conditions or other.value):
        return reading, composed, []
    found = _solve(store, recomposed := compose(other))
    if found and _none(store, recomposed, found) == set(_records(recomposed, found)):
        return other, recomposed, found
    return reading, composed, []


def _none(store: Store, composed: Composed, solutions: list[Solution]) -> set[NamedNode]:
    """Return the records that say there was none."""
    records = " ".join(map(str, _records(composed, solutions)))
    return {row[0] for row in select(store, _NONE % records)}


def _has_coverage(reading: Reading) -> bool:
    plain = not (reading.subject or reading.value or reading.order or reading.compared or reading.asks)
    plain &= not (reading.reached or reading.beside)
    return plain and reading.hub not in RECORDS and bool(reading.constraints)


def _coverage(
    store: Store, reading: Reading, fitting: set[str], edges: dict[Triple, set[str]], unresolved: set[Triple]
) -> dict[str, int]:
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
    from kg.query.describe import describe

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
