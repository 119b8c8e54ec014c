"""From a reading to an answer: rows, how sure they are, and where they are written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from pyoxigraph import Literal, NamedNode

from kg.ask.answer import Answer
from kg.ask.compose import Composed, compose, in_words
from kg.ask.joins import Constraint
from kg.describe import describe
from kg.queries import DAYS, select
from kg.result import Result

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyoxigraph import Store

    from kg.ask.reading import Reading

__all__ = ["evaluate"]

_MOST_NAMED = 12
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

Triple = tuple[Any, Any, Any]
Solution = dict[str, Any]  # variable -> term, where it is bound


class _Grounds(NamedTuple):
    """What rows rest on."""

    evidence: list[dict[str, str]]
    conflicts: list[dict[str, str]]
    unresolved: set[Triple]


def evaluate(store: Store, question: str, reading: Reading) -> Answer:
    """Return the answer that a reading has in a dataset."""
    if reading.subject and not reading.constraints and not reading.value:
        return _describe(store, question, reading)
    composed = compose(reading)
    solutions = _solve(store, composed)
    verdict = "Yes" if solutions else "Not reported"
    if reading.subject and not reading.value:
        for opposite in _opposites(reading, reading.constraints[-1]):
            denied = compose(reading._replace(constraints=[*reading.constraints[:-1], opposite]))
            found = _solve(store, denied)
            if found and not solutions:
                verdict, composed, solutions = "No", denied, found
            elif found and opposite.things:
                verdict = "Conflicting"
    edges = _edges(composed, solutions)
    grounds = _grounds(store, edges)
    result, ids = _shown(reading, composed, solutions)
    return Answer(
        question,
        _as_of(store, grounds),
        "answered" if solutions else "empty",
        _sentence(reading, composed, solutions, verdict) + _open_questions(grounds),
        in_words(reading),
        composed.text,
        result,
        ids,
        _coverage(store, reading, {row[composed.wanted].value for row in solutions}, edges, grounds.unresolved),
        grounds.conflicts,
        grounds.evidence,
    )


def _as_of(store: Store, grounds: _Grounds) -> str:
    """Return the day of the data of the documents that the rows rest on, or of all where they rest on none."""
    documents = {item["document"] for item in grounds.evidence}
    days = {label.value: day.value for label, day in select(store, DAYS)}
    return max((day for label, day in days.items() if label in documents), default=max(days.values(), default=""))


def _solve(store: Store, composed: Composed) -> list[Solution]:
    found: Any = store.query(composed.text)
    names = [variable.value for variable in found.variables]
    return [{name: term for name, term in zip(names, row, strict=True) if term is not None} for row in found]


def _edges(composed: Composed, solutions: list[Solution]) -> dict[Triple, set[str]]:
    """Return the triples that the rows rest on, each with the wanted things that rest on it."""
    found: dict[Triple, set[str]] = {}
    for row in solutions:
        for edge in composed.edges:
            if edge.subject in row and edge.object in row:
                triple = row[edge.subject], NamedNode(edge.predicate), row[edge.object]
                found.setdefault(triple, set()).add(row[composed.wanted].value)
    return found


def _grounds(store: Store, edges: dict[Triple, set[str]]) -> _Grounds:
    """Return where triples are written, and what is not settled about them."""
    grounds = _Grounds([], [], set())
    if not edges:
        return grounds
    values = " ".join(f"({s} {p} {o})" for s, p, o in edges)
    for s, p, o, *said, document, section, locator, question, resolution, reason in select(store, _STATEMENTS % values):
        text, assertion, standing = said
        named = {"statement": text, "document": document, "section": section, "locator": locator}
        named |= {"assertion": assertion, "standing": standing}
        grounds.evidence.append({name: term.value for name, term in named.items()})
        if question:
            told = {"question": question.value, "resolution": resolution.value, "reason": reason.value}
            grounds.conflicts.extend([told] if told not in grounds.conflicts else [])
        if standing.value == "unresolved":
            grounds.unresolved.add((s, p, o))
    return grounds


def _shown(
    reading: Reading, composed: Composed, solutions: list[Solution]
) -> tuple[Result, list[tuple[str | None, ...]]]:
    """Return the rows that are shown, each once, with the IRIs of their cells."""
    if reading.counts:
        number = len({row[composed.wanted] for row in solutions})
        return Result(("count",), [(Literal(number),)]), [(None,)]
    rows = dict.fromkeys(
        tuple((row[column.label], row[column.thing]) for column in composed.columns) for row in solutions
    )
    names = [column.name for column in composed.columns]
    ids = [tuple(term.value if isinstance(term, NamedNode) else None for _, term in row) for row in rows]
    return Result(names, [tuple(label for label, _ in row) for row in rows]), ids


def _sentence(reading: Reading, composed: Composed, solutions: list[Solution], verdict: str) -> str:
    understood = in_words(reading)
    if reading.subject and not reading.value:
        if verdict == "No":
            found = ", ".join(dict.fromkeys(row[composed.columns[-1].label].value for row in solutions))
            return f"No, the graph has {found}: {understood.replace('; ', ' ', 1).replace(':', '')}?"
        return f"{verdict}: {understood.replace('; ', ' ', 1).replace(':', '')}."
    if reading.counts:
        number = len({row[composed.wanted] for row in solutions})
        rest = understood.partition("; ")[2]
        return f"{number} {_plural(composed.columns[0].name, number)}{f' ({rest})' if rest else ''}."
    labels = list(dict.fromkeys(row[composed.columns[0].label].value for row in solutions))
    if not labels:
        return f"Nothing in the graph fits, as I read it ({understood})."
    more = f" and {len(labels) - _MOST_NAMED} more" if len(labels) > _MOST_NAMED else ""
    named = ", ".join(labels[:_MOST_NAMED]) + more
    return f"{named}." if reading.value else f"{len(labels)} {_plural(composed.columns[0].name, len(labels))}: {named}."


def _plural(noun: str, count: int) -> str:
    if count == 1:
        return noun
    return f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}{'es' if noun.endswith('s') else 's'}"


def _open_questions(grounds: _Grounds) -> str:
    return " The sources contradict themselves here: see the conflicts." if grounds.conflicts else ""


def _coverage(
    store: Store, reading: Reading, fitting: set[str], edges: dict[Triple, set[str]], unresolved: set[Triple]
) -> dict[str, int] | None:
    """Count how the things that fit all but the last constraint stand to that one."""
    if reading.subject or reading.value or not reading.constraints:
        return None
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
        yield constraint._replace(things=[])


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
