"""Find the faults of a dataset: by SHACL shapes for each thing, verify queries across things, and OWL if asked for.

``ontology/shapes.ttl`` is SHACL Core (https://www.w3.org/TR/shacl/), which pySHACL
checks. ``queries/verify`` is SPARQL, which Oxigraph answers, because a SHACL engine
takes seconds for a rule across all statements. All faults end in one table.
"""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

from kg.checks.report import Violation, to_result
from kg.engines.asking import as_of, select
from kg.errors import SourceError
from kg.model.iris import KG
from kg.paths import data_folder
from kg.query.catalogue import iter_queries

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    import rdflib
    from pyoxigraph import Store

    from kg.formats.result import Result
    from kg.tables.columns import Place

__all__ = ["find_violations", "has_ontology", "read_shapes", "shacl_report", "validate"]

_ONTOLOGY = """
SELECT ?version
WHERE { <https://w3id.org/immunokg/ontology> <http://www.w3.org/2002/07/owl#versionInfo> ?version }
"""


def find_violations(store: Store, *, owl: bool = False) -> list[Violation]:
    """Return the violations of shapes and verify queries in a dataset, and those of OWL if asked for.

    Args:
        store: the dataset, in the default graph.
        owl: whether a reasoner and the profile checkers check it too; see :mod:`kg.checks.reasoner`.

    Raises:
        UsageError: if OWL is asked for and its extra is not installed.
    """
    if owl:
        from kg.checks.reasoner import iter_violations, start

        start()  # now, so that a missing extra is reported before the other checks run
    with ThreadPoolExecutor(1) as beside:  # Oxigraph lets other Python threads run while it answers
        rules = beside.submit(lambda: list(_broken_rules(store)))
        found = [*_broken_shapes(store), *rules.result()]
    return [*found, *iter_violations(store)] if owl else found


def has_ontology(store: Store) -> bool:
    """Say whether a dataset holds the ontology; most rules need its classes and properties."""
    return bool(select(store, _ONTOLOGY))


def validate(store: Store, *, owl: bool = False, tables: Sequence[Path] = ()) -> Result:
    """Return the faults of a dataset; there are no rows if it is sound.

    Args:
        store: the dataset, in the default graph.
        owl: whether OWL is checked too.
        tables: the folders from which the dataset was built in addition to the shipped ones; rows are looked up there.

    Returns:
        One row a fault, sorted. ``severity`` is ``violation`` or ``warning``. ``rule`` is the local name of a
        shape, the name of a verify query, or what was checked of OWL. ``focus`` is the IRI of the faulty thing.
        ``message`` says what to change, and names the wrong value if there is one. ``row`` is ``path:line`` of
        the rows that say it, in the tables as they are now.

    Raises:
        UsageError: if OWL is asked for and its extra is not installed, or if a folder cannot be read.
        SourceError: if the tables given cannot be built.
    """
    places = _places(tables) if tables else {}  # before the checks, so that a fault in the tables is told at once
    violations = find_violations(store, owl=owl)
    places = places or (_places(tables) if violations else {})
    return to_result(violations, store, places, as_of(store))


def _places(tables: Sequence[Path]) -> Mapping[str, Sequence[Place]]:
    """Return the rows that things and statements come from; none if the shipped tables have faults just now."""
    from kg.build.builder import places_of_shipped

    try:
        return places_of_shipped(tables)
    except SourceError:
        if tables:
            raise
        return {}


def shacl_report(store: Store) -> rdflib.Graph:
    """Return the SHACL validation report of a dataset, for tools that read such reports."""
    import pyshacl

    from kg.engines.rdflib_copy import to_rdflib

    report: rdflib.Graph
    with _unlogged("rdflib.term"):
        _, report, _ = pyshacl.validate(to_rdflib(store), shacl_graph=_flat_shapes(), inplace=True, inference="none")
    return report


def read_shapes() -> rdflib.Graph:
    """Return the shapes for the data and the shapes for the style of the ontology."""
    import rdflib

    shapes = rdflib.Graph()
    for name in ("shapes.ttl", "style.shapes.ttl"):
        shapes.parse(data_folder("ontology") / name)
    return shapes


@contextmanager
def _unlogged(name: str) -> Iterator[None]:
    """Switch a logger off: rdflib logs a traceback for a literal of a wrong datatype, which a shape reports anyway."""
    logger = logging.getLogger(name)
    before, logger.disabled = logger.disabled, True
    try:
        yield
    finally:
        logger.disabled = before


@cache
def _flat_shapes() -> rdflib.Graph:
    """Return the shapes, with the targets of each node shape given to its property shapes.

    The meaning is the same, and pySHACL takes a third of the time: it visits a shape with
    targets once, but a shape inside another shape once for each focus node.
    """
    from rdflib import SH

    shapes = read_shapes()
    for outer, inner in list(shapes.subject_objects(SH.property)):
        shapes.remove((outer, SH.property, inner))
        for target in (SH.targetClass, SH.targetObjectsOf, SH.targetSubjectsOf):
            for value in shapes.objects(outer, target):
                shapes.add((inner, target, value))
    return shapes


def _broken_shapes(store: Store) -> Iterator[Violation]:
    from rdflib import SH

    report = shacl_report(store)

    def text(node: Any) -> str:
        return "" if node is None else str(node)

    for result in report.objects(predicate=SH.result):
        path, value = report.value(result, SH.resultPath), report.value(result, SH.value)
        is_path = path is not None and (path, None, None) not in report  # a path of several steps is a blank node
        found = "" if value is None else f" Found: {value.n3(report.namespace_manager)}"
        yield Violation(
            text(report.value(result, SH.sourceShape)).removeprefix(KG),
            text(report.value(result, SH.focusNode)),
            f"{report.value(result, SH.resultMessage)}{found}",
            text(path) if is_path else "",
            "" if value is None else _ntriples(value),
            text(report.value(result, SH.sourceConstraintComponent)),
        )


def _ntriples(value: Any) -> str:
    """Return a term of rdflib in the form of N-Triples."""
    import rdflib
    from pyoxigraph import BlankNode, Literal, NamedNode

    if not isinstance(value, rdflib.Literal):
        return str(NamedNode(value) if isinstance(value, rdflib.URIRef) else BlankNode(value))
    if value.language:
        return str(Literal(str(value), language=value.language))
    return str(Literal(str(value), datatype=NamedNode(value.datatype) if value.datatype else None))


def _broken_rules(store: Store) -> Iterator[Violation]:
    for query in iter_queries("verify"):
        severity = query.header.get("severity", "violation")
        for focus, message in select(store, query.text):
            yield Violation(query.path.stem, focus.value, message.value, severity=severity)
