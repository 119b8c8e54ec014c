"""What a check found wrong: violations, as rows for people and as a SHACL report for programs.

A violation names the broken rule and the thing that breaks it. The row of the table that
the thing comes from is looked up in the tables. The dataset does not hold line numbers,
because they would change with every new row.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse, serialize

from kg.engines.asking import bind, select
from kg.formats.result import Result
from kg.model.iris import BASE, KG, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pyoxigraph import Store

    from kg.tables.columns import Place

__all__ = ["Violation", "to_result", "to_turtle"]

_SH = "http://www.w3.org/ns/shacl#"
_STATEMENTS = """
PREFIX kg: <https://w3id.org/immunokg/ontology/>
SELECT ?statement ?predicate ?object
WHERE {
  # VALUES ?it { }
  ?statement kg:subject ?it ; kg:predicate ?predicate ; kg:object ?object .
}
"""


class Violation(NamedTuple):
    """A rule that a thing breaks.

    Attributes:
        rule: the local name of a shape, the name of a verify query, or ``owl-`` and what was checked.
        focus: the IRI of the thing.
        message: what is wrong and what to change.
        path: the IRI of the property whose value is wrong, if there is one.
        value: the wrong value, in the form of N-Triples.
        component: if the rule is a shape, the IRI of the kind of SHACL constraint.
        severity: ``violation``, or ``warning`` if correct data could break the rule too.
    """

    rule: str
    focus: str
    message: str
    path: str = ""
    value: str = ""
    component: str = ""
    severity: str = "violation"


def to_result(
    violations: Sequence[Violation], store: Store, places: Mapping[str, Sequence[Place]], as_of: str
) -> Result:
    """Return violations as rows.

    Args:
        violations: what was found.
        store: the dataset.
        places: IRI of a thing, a statement or a record -> the rows that it comes from.
        as_of: the day of the data of the dataset.

    Returns:
        The columns ``severity``, ``rule``, ``focus``, ``message`` and ``row``, sorted, violations first.
        ``row`` is ``path:line`` of the row that says the wrong value, or that the thing comes from.
    """
    rows = {(item.severity, item.rule, item.focus, item.message, _rows_of(item, store, places)) for item in violations}
    columns = ("severity", "rule", "focus", "message", "row")
    return Result(columns, [tuple(map(Literal, row)) for row in sorted(rows)], as_of)


def _rows_of(violation: Violation, store: Store, places: Mapping[str, Sequence[Place]]) -> str:
    """Return the rows that say the wrong value or the property of the violation, else the rows of the thing."""
    if violation.focus not in places:
        return ""
    iris = [violation.focus]
    if violation.path:
        said = select(store, bind(_STATEMENTS, "it", [NamedNode(violation.focus)]))
        of_property = [row for row in said if row[1].value == violation.path]
        if violation.value:  # the tables may be newer than the dataset: do not blame a row that says another value
            of_property = [row for row in of_property if str(row[2]) == violation.value]
        iris = [row[0].value for row in of_property] or ([] if violation.value and said else iris)
    found = sorted({place for iri in iris for place in places.get(iri, ())})
    return "; ".join(f"{_near(place.path)}:{place.line}" for place in found)


def _near(path: Path) -> Path:
    """Return a path relative to the current folder, if it lies in this folder."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def to_turtle(violations: Sequence[Violation]) -> bytes:
    """Return violations as a SHACL validation report (https://www.w3.org/TR/shacl/#validation-report) in Turtle.

    If a rule is not a shape, its source is ``https://w3id.org/immunokg/rule/<name>``.
    """
    prefixes = {"kg": KG, "rdf": PREFIXES["rdf"], "sh": _SH, "skos": PREFIXES["skos"], "xsd": PREFIXES["xsd"]}
    found = serialize(_report(sorted(set(violations))), format=RdfFormat.TURTLE, prefixes=prefixes)
    return found or b""


def _report(violations: Sequence[Violation]) -> Iterator[Triple]:
    report, a = BlankNode("report"), NamedNode(PREFIXES["rdf"] + "type")
    yield Triple(report, a, _sh("ValidationReport"))
    yield Triple(report, _sh("conforms"), Literal(not violations))
    nodes = [BlankNode(f"result{number}") for number, _ in enumerate(violations, 1)]
    for node in nodes:
        yield Triple(report, _sh("result"), node)
    for node, item in zip(nodes, violations, strict=True):
        yield Triple(node, a, _sh("ValidationResult"))
        if item.focus:
            yield Triple(node, _sh("focusNode"), _focus_node(item.focus))
        if item.path:
            yield Triple(node, _sh("resultPath"), NamedNode(item.path))
        yield Triple(node, _sh("resultSeverity"), _sh(item.severity.capitalize()))
        component = item.component or f"{_SH}SPARQLConstraintComponent"
        yield Triple(node, _sh("sourceConstraintComponent"), NamedNode(component))
        source = KG + item.rule if item.component else f"{BASE}rule/{item.rule}"
        yield Triple(node, _sh("sourceShape" if item.component else "sourceConstraint"), NamedNode(source))
        if item.value:
            yield Triple(node, _sh("value"), _term(item.value))
        yield Triple(node, _sh("resultMessage"), Literal(item.message, language="en"))


def _sh(name: str) -> NamedNode:
    return NamedNode(_SH + name)


def _focus_node(text: str) -> NamedNode | Literal:
    """Return the faulty node; wrong data may have a literal in place of a thing."""
    return NamedNode(text) if re.fullmatch(r"[A-Za-z][\w+.-]*:[^\s<>\"{}|\\^`]*", text) else Literal(text)


def _term(text: str) -> Any:
    """Return the term that a text in N-Triples stands for."""
    (quad,) = parse(f"<urn:x> <urn:x> {text} .".encode(), format=RdfFormat.N_TRIPLES)
    return quad.object
