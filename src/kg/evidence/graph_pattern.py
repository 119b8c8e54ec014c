"""The graph pattern of a SELECT query, read so that each row of the query can be traced to triples.

A query is a pattern with other queries nested in it. Each of them becomes a :class:`Select`: the same pattern with all
its variables projected, and the edges of the graph that it matches. rdflib reads the edges
(https://www.w3.org/TR/sparql11-query/#sparqlAlgebra); the places in the text are found in the text itself.

Edges that only forbid or test (``MINUS``, ``FILTER EXISTS``) are left out: a row does not rest on them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from pyoxigraph import Literal, NamedNode, Variable

from kg.engines.sparql.syntax import TERM, code_of
from kg.model.iris import KG

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["Edge", "Select", "Step", "UnreadableError", "read_select"]

Node = Variable | NamedNode | Literal


def _word(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![?$:\w-])(?:{words})(?![\w:-])", flags=re.I)


_LONGEST = 20_000  # characters, which rdflib reads in about two seconds
_SELECT = _word("SELECT")
_OTHER_FORM = _word("ASK|CONSTRUCT|DESCRIBE")
_TEST = _word("MINUS|EXISTS")
_ELSEWHERE = _word("FROM|GRAPH|SERVICE")
_GROUPED = _word(r"GROUP\s+BY")
_AGGREGATE = _word(r"(?:COUNT|SUM|MIN|MAX|AVG|SAMPLE|GROUP_CONCAT)(?=\s*\()")
_UNCLEAR_TAIL = _word(r"VALUES|GROUP\s+BY[^{}]*\sAS")


class UnreadableError(Exception):
    """A query whose rows cannot be traced; the message says why."""


class Step(NamedTuple):
    """A step of a path: its SPARQL, the predicates that it may be, and whether it leads from object to subject."""

    text: str
    predicates: Sequence[Variable | NamedNode]
    is_inverse: bool


class Edge(NamedTuple):
    """A triple of a pattern; if its path has several steps, there are things between its ends."""

    subject: Node
    steps: Sequence[Step]
    object: Node


class Select(NamedTuple):
    """A SELECT query, opened for tracing.

    Attributes:
        text: the query that gives all variables of the pattern.
        edges: the edges that the pattern matches, without those of nested queries.
        keys: the columns of the query that ``text`` gives too; their values link a row to its solutions of ``text``.
            None if the query selects ``*``.
        made: the columns of the query that ``text`` does not give, which are aggregates.
        parts: the nested queries.
    """

    text: str
    edges: Sequence[Edge]
    keys: Sequence[str] | None
    made: Sequence[str]
    parts: Sequence[Select]


def read_select(query: str) -> Select:
    """Read a query.

    Raises:
        UnreadableError: if it is not a SELECT query, counts over everything, or has parts that cannot be followed.
    """
    if len(query) > _LONGEST:
        raise UnreadableError("it is too long")
    code = code_of(query).replace(TERM, " ")
    start = _SELECT.search(code)
    if not start or _OTHER_FORM.search(code, 0, start.start()):
        raise UnreadableError("it selects nothing")
    if _ELSEWHERE.search(code):
        raise UnreadableError("it asks graphs by name, or elsewhere")
    for test in _TEST.finditer(code):
        opening = code.find("{", test.end()) + 1
        if _SELECT.search(code, opening, _closing(code, opening)):
            raise UnreadableError("a query is nested in what only tests")
    return _read(query, code, start.end(), len(code), query[: start.start()])


def _read(query: str, code: str, start: int, end: int, prologue: str) -> Select:
    """Read the SELECT query whose projection begins at ``start``, and which ends before ``end``."""
    opening = code.find("{", start, end) + 1
    closing = _closing(code, opening)
    head = _word("WHERE").split(code[start : opening - 1])[0]
    tail = code[closing + 1 : end]
    if _UNCLEAR_TAIL.search(tail):
        raise UnreadableError("it has values or new names after its pattern")
    plain, bound, made = _projection(head, query[start : start + len(head)])
    if not plain and (_GROUPED.search(tail) or made):
        raise UnreadableError("it counts over everything")
    binds = "".join(f" BIND({expression} AS ?{name})" for name, expression in bound.items())
    text = f"{prologue}SELECT * WHERE {{{query[opening:closing]}\n{binds} }}"
    parts = [_read(query, code, *place, prologue) for place in _nested(code, opening, closing)]
    return Select(text, list(_edges(text)), None if plain == ["*"] else [*plain, *bound], made, parts)


def _projection(code: str, text: str) -> tuple[list[str], dict[str, str], list[str]]:
    """Return what a projection holds: its variables, name -> expression, and the names of aggregates."""
    plain: list[str] = []
    bound: dict[str, str] = {}
    made: list[str] = []
    at = 0
    while found := re.compile(r"\*|[?$](\w+)|\(").search(code, at):
        at = found.end()
        if found[0] != "(":
            plain.append(found[1] or "*")
            continue
        at = _closing(code, at, "()") + 1
        name = re.search(r"\bAS\s+[?$](\w+)\s*$", code[: at - 1], flags=re.I)
        if not name:
            raise UnreadableError("an expression has no name")
        inner = code[found.end() : name.start()]
        if _AGGREGATE.search(inner) or set(re.findall(r"[?$](\w+)", inner)) & set(made):
            made.append(name[1])
        else:
            bound[name[1]] = text[found.end() : name.start()]
    return plain, bound, made


def _nested(code: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the start and the end of each query nested directly in a pattern, not of those nested deeper."""
    while found := _SELECT.search(code, start, end):
        start = _closing(code, found.end())
        yield found.end(), start


def _closing(code: str, start: int, signs: str = "{}") -> int:
    """Return where the innermost group closes that is open at a place.

    Raises:
        UnreadableError: if it does not close.
    """
    depth = 1
    for found in re.compile(f"[{re.escape(signs)}]").finditer(code, start):
        depth += 1 if found[0] == signs[0] else -1
        if not depth:
            return found.start()
    raise UnreadableError("its brackets do not match")


def _edges(text: str) -> Iterator[Edge]:
    """Yield the edges of a pattern, without those of nested queries."""
    from rdflib.plugins.sparql.algebra import translateQuery
    from rdflib.plugins.sparql.parser import parseQuery

    try:
        algebra = translateQuery(parseQuery(text)).algebra
    except Exception as error:  # rdflib's parser raises many kinds of errors
        raise UnreadableError("rdflib does not read it") from error
    for subject, path, object_ in _triples(algebra):
        yield from (Edge(_node(subject), steps, _node(object_)) for steps in _paths(path))


def _triples(node: Any) -> Iterator[tuple[Any, Any, Any]]:
    """Yield the triples that a solution matches, from a part of rdflib's algebra."""
    if node.name == "BGP":
        yield from node.triples
    elif node.name != "ToMultiSet":  # a nested query, or a block of values
        for part in ("p", "p1") if node.name == "Minus" else ("p", "p1", "p2"):
            if part in node and hasattr(node[part], "name"):
                yield from _triples(node[part])


def _paths(path: Any) -> list[list[Step]]:
    """Return the alternative ways of a path, each as a list of steps."""
    from rdflib.paths import AlternativePath, InvPath, MulPath, SequencePath
    from rdflib.term import Node as RDFTerm

    if isinstance(path, AlternativePath):
        return [way for part in path.args for way in _paths(part)]
    if isinstance(path, SequencePath):
        ways: list[list[Step]] = [[]]
        for part in path.args:
            ways = [[*way, *more] for way in ways for more in _paths(part)]
        return ways
    if isinstance(path, InvPath) and isinstance(path.arg, RDFTerm):
        return [[Step(path.n3(), [_predicate(path.arg)], is_inverse=True)]]
    if isinstance(path, RDFTerm):
        return [[Step(path.n3(), [_predicate(path)], is_inverse=False)]]
    if not isinstance(path, MulPath):
        raise UnreadableError("a path leaves open which step it takes")
    once = _paths(path.path)
    untold = Step(path.n3(), [], is_inverse=False)
    if KG not in path.n3():  # sources state only properties of this ontology, so the steps have no evidence
        return [[untold]]
    ways = [[untold]] if path.zero else []  # from a thing to itself
    if not path.more:
        return ways + once
    step = path.path.n3()
    rest = [Step(f"(({step})/({step})*)", [], is_inverse=False)]  # Virtuoso loses p+ between two patterns
    # one way for each step that the path can take, with any steps before it and after it
    return ways + [[*before, *way, *after] for way in once for before in ([], rest) for after in ([], rest)]


def _predicate(term: Any) -> Variable | NamedNode:
    found = _node(term)
    assert not isinstance(found, Literal)
    return found


def _node(term: Any) -> Node:
    from rdflib.term import BNode, URIRef
    from rdflib.term import Variable as RDFVariable

    if isinstance(term, BNode):
        raise UnreadableError("a thing of its pattern has no name")
    if isinstance(term, RDFVariable):
        return Variable(str(term))
    if isinstance(term, URIRef):
        return NamedNode(str(term))
    datatype = NamedNode(str(term.datatype)) if term.datatype else None
    return Literal(str(term), language=term.language) if term.language else Literal(str(term), datatype=datatype)
