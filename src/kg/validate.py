"""Faults of a dataset: SHACL shapes for each thing, verify queries for what holds between things.

``ontology/shapes.ttl`` is SHACL Core (https://www.w3.org/TR/shacl/) and is checked by
pySHACL; ``queries/verify`` is SPARQL and is answered by Oxigraph, as a SHACL engine
takes seconds for a rule across all statements. Both end in one table.
"""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from pyoxigraph import Literal

from kg.namespaces import KG
from kg.paths import data_folder
from kg.queries import as_of, iter_queries, select
from kg.result import Result

if TYPE_CHECKING:
    from collections.abc import Iterator

    import rdflib
    from pyoxigraph import Store

__all__ = ["shacl_report", "validate"]


def validate(store: Store) -> Result:
    """Return the faults of a dataset, none if it is sound.

    Args:
        store: the dataset, in the default graph.

    Returns:
        One row a fault, sorted: ``rule`` is the local name of a shape or the name of
        a verify query, ``focus`` the IRI of the faulty thing, and ``message`` says
        what to change, with the value that is wrong where there is one.
    """
    faults = sorted({*_faults_of_shapes(store), *_faults_of_rules(store)})
    return Result(("rule", "focus", "message"), [[Literal(text) for text in fault] for fault in faults], as_of(store))


def shacl_report(store: Store) -> rdflib.Graph:
    """Return the SHACL validation report of a dataset, for tools that read such."""
    import pyshacl
    import rdflib

    from kg.export import to_rdflib

    shapes = _flat(rdflib.Graph().parse(data_folder("ontology") / "shapes.ttl"))
    report: rdflib.Graph
    with _unlogged("rdflib.term"):
        _, report, _ = pyshacl.validate(to_rdflib(store), shacl_graph=shapes, inplace=True, inference="none")
    return report


@contextmanager
def _unlogged(name: str) -> Iterator[None]:
    """Switch a logger off: rdflib logs a traceback for a literal that is not of its datatype, a shape reports it."""
    logger = logging.getLogger(name)
    before, logger.disabled = logger.disabled, True
    try:
        yield
    finally:
        logger.disabled = before


def _flat(shapes: rdflib.Graph) -> rdflib.Graph:
    """Give the targets of each node shape to its property shapes.

    That says the same, and pySHACL takes a third of the time: it visits a shape that
    has targets once, a shape inside another one once for each focus node.
    """
    from rdflib import SH

    for outer, inner in list(shapes.subject_objects(SH.property)):
        shapes.remove((outer, SH.property, inner))
        for target in (SH.targetClass, SH.targetObjectsOf, SH.targetSubjectsOf):
            for value in shapes.objects(outer, target):
                shapes.add((inner, target, value))
    return shapes


def _faults_of_shapes(store: Store) -> Iterator[tuple[str, str, str]]:
    from rdflib import SH

    report = shacl_report(store)
    for result in report.objects(predicate=SH.result):
        focus, message = report.value(result, SH.focusNode), report.value(result, SH.resultMessage)
        value: Any = report.value(result, SH.value)
        found = "" if value is None else f" Found: {value.n3(report.namespace_manager)}"
        yield str(report.value(result, SH.sourceShape)).removeprefix(KG), str(focus), f"{message}{found}"


def _faults_of_rules(store: Store) -> Iterator[tuple[str, str, str]]:
    for query in iter_queries("verify"):
        for focus, message in select(store, query.text):
            yield query.path.stem, focus.value, message.value
