"""Where the rows of a query are written: the places of the triples that a row rests on.

The query is run again with all its variables projected. So each row is traced to the solutions that give it, and these
to triples. A row of a grouped query rests on the triples of its group. Some queries cannot be read in this way, such as
one that counts over everything. Their rows get the statements that look like them; see :mod:`kg.evidence.by_label`.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from pyoxigraph import Literal, NamedNode, Variable

from kg.engines.asking import select
from kg.evidence.by_label import find_by_label
from kg.evidence.citations import JOINT, find_places
from kg.evidence.graph_pattern import UnreadableError, read_select
from kg.formats.result import Result

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pyoxigraph import Store

    from kg.engines.asking import Engine
    from kg.evidence.citations import Triple
    from kg.evidence.graph_pattern import Edge, Select
    from kg.model.terms import Term

__all__ = ["trace", "trace_rows", "with_evidence"]

Key = tuple[Any, ...]


def with_evidence(store: Store, query: str, result: Result, engine: Engine) -> Result:
    """Return a result with a column ``evidence``.

    Args:
        store: the dataset.
        query: the SPARQL that gave the result.
        result: its rows.
        engine: what gave it, and is asked again.

    Returns:
        The same rows with one more cell, which names the places: each as document, section, locator and how firmly it
        is said there, joined by "; ". The cell is empty if no source states a triple of the row. The column is named
        ``evidence_by_label`` if rows could not be traced, and statements with the labels of a row were taken instead.
    """
    try:
        opened = read_select(query)
    except UnreadableError:
        return _extended(result, "evidence_by_label", find_by_label(store, query, result))
    return _extended(result, "evidence", find_places(store, trace_rows(engine, opened, result)))


def _extended(result: Result, name: str, places: Sequence[Sequence[str]]) -> Result:
    rows = [(*row, Literal(JOINT.join(found))) for row, found in zip(result.rows, places, strict=True)]
    return Result((*result.columns, name), rows, result.as_of)


def trace_rows(engine: Engine, opened: Select, result: Result) -> list[set[Triple]]:
    """Return for each row of a result the triples that it rests on, without rows that ``LIMIT`` or ``HAVING`` cut.

    Args:
        engine: what gave the result.
        opened: the query that gave the result.
        result: its rows.
    """
    keys, groups = trace(engine, opened)
    at = [result.columns.index(name) for name in keys]
    return [groups.get(tuple(row[place] for place in at), set()) for row in result.rows]


def trace(engine: Engine, opened: Select) -> tuple[Sequence[str], dict[Key, set[Triple]]]:
    """Return the triples that the rows of a query rest on.

    Args:
        engine: what is asked.
        opened: the query, as :func:`kg.evidence.graph_pattern.read_select` reads it.

    Returns:
        The columns that tell rows apart, and the values of a row in these columns -> its triples.
    """
    found: Any = engine.query(opened.text)
    names = [variable.value for variable in found.variables]
    keys = names if opened.keys is None else opened.keys
    parts = [(part.made, *trace(engine, part)) for part in opened.parts]
    edges = [(edge, _ways(engine, edge)) for edge in opened.edges]
    groups: dict[Key, set[Triple]] = {}
    for row in found:
        solution = dict(zip(names, row, strict=True))
        triples = groups.setdefault(tuple(map(solution.get, keys)), set())
        for edge, ways in edges:
            triples.update(_matched(edge, ways, solution))
        for made, part_keys, part_groups in parts:
            if all(solution.get(name) is not None for name in made):  # else the part gave nothing to this solution
                triples |= part_groups.get(tuple(map(solution.get, part_keys)), set())
    return keys, groups


def _ways(engine: Engine, edge: Edge) -> dict[Key, list[Key]]:
    """Return both ends of a path of several steps -> the things along each such path, including the ends."""
    if len(edge.steps) == 1:
        return {}
    names = [f"?n{number}" for number in range(len(edge.steps) + 1)]
    path = " . ".join(f"{a} {step.text} {b}" for (a, b), step in zip(pairwise(names), edge.steps, strict=True))
    ways: dict[Key, list[Key]] = {}
    for way in select(engine, f"SELECT DISTINCT {' '.join(names)} WHERE {{ {path} }}"):
        ways.setdefault((way[0], way[-1]), []).append(way)
    return ways


def _matched(edge: Edge, ways: Mapping[Key, list[Key]], solution: Mapping[str, Term]) -> Iterator[Triple]:
    """Yield the triples that an edge of a pattern matches in a solution."""
    ends = _bound(edge.subject, solution), _bound(edge.object, solution)
    for way in [ends] if len(edge.steps) == 1 else ways.get(ends, []):
        for step, (start, end) in zip(edge.steps, pairwise(way), strict=True):
            subject, object_ = (end, start) if step.is_inverse else (start, end)
            for predicate in (_bound(name, solution) for name in step.predicates):
                if isinstance(subject, NamedNode) and isinstance(predicate, NamedNode) and object_ is not None:
                    yield subject, predicate, object_


def _bound(node: Variable | Term, solution: Mapping[str, Term]) -> Term:
    return solution.get(node.value) if isinstance(node, Variable) else node
