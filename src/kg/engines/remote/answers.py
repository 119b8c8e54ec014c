"""The answers of servers, read by Oxigraph: rows, yes or no, triples.

Oxigraph reads a triple within a triple by recursion, so some thousands of them, one within the other, would crash the
process. An answer that nests them deeply is refused before it is read.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Protocol

from pyoxigraph import QueryBoolean, QueryResultsFormat, RdfFormat, parse, parse_query_results

from kg.engines.asking import Rows
from kg.errors import EndpointError, LimitError
from kg.model.terms import excerpt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyoxigraph import Quad, Triple

    from kg.engines.remote.budget import Budget

__all__ = ["iter_quads", "read_results", "read_triples"]

_MOST_ROWS = 5_000_000
_DEEPEST = 100  # braces and brackets, one within the other
_MOST_NESTED = 1_000  # triple terms in a document
_BETWEEN_CHECKS = 10_000  # rows, or tokens, until the time is checked again
_COULD_NEST = rb'"triple"|\\u00[67]'  # the sign of a triple term; its letters could be escaped


class Readable(Protocol):
    """A file that Oxigraph can read."""

    def read(self, size: int) -> bytes:
        """Return some bytes, none at the end."""


class _Timed:
    """A file of bytes that raises an error when the time of a budget is over."""

    def __init__(self, content: bytes, budget: Budget) -> None:
        self.content, self.budget, self.place = content, budget, 0

    def read(self, size: int) -> bytes:
        self.budget.left()
        chunk = self.content[self.place : self.place + size]
        self.place += len(chunk)
        return chunk


def read_results(content: bytes, budget: Budget) -> Rows | QueryBoolean:
    """Return the rows, or the truth value, of SPARQL results in JSON.

    Args:
        content: the results (https://www.w3.org/TR/sparql11-results-json/).
        budget: the time for reading them.

    Raises:
        ValueError: if the content is not such a document, or is cut.
        SyntaxError: likewise.
        LimitError: if the time is over, or there are too many rows.
    """
    if len(re.findall(_COULD_NEST, content)) > _DEEPEST // 2:
        _refuse_depth(content, budget)
    file: Any = _Timed(content, budget)
    found = parse_query_results(file, QueryResultsFormat.JSON)
    try:
        if isinstance(found, QueryBoolean):
            return found
        rows = []
        for row in found:
            rows.append(row)
            if not len(rows) % _BETWEEN_CHECKS:
                budget.left()
            if len(rows) > _MOST_ROWS:
                raise LimitError(f"{budget.who} gives more than {_MOST_ROWS:,} rows; narrow the query, as by LIMIT")
        return Rows(list(found.variables), rows)
    finally:
        del found  # only this thread may free it, and the traceback of an error would keep it alive


def _refuse_depth(content: bytes, budget: Budget) -> None:
    """Raise an error if JSON is nested deeply.

    Raises:
        ValueError: if it is.
    """
    depth = 0
    for number, found in enumerate(re.finditer(rb'"(?:[^"\\]|\\.)*"|[{}\[\]]', content, flags=re.S)):
        if found[0] in b"{[":
            depth += 1
        elif found[0] in b"}]":
            depth -= 1
        if depth > _DEEPEST:
            raise ValueError("triples within triples, too deep")
        if not number % _BETWEEN_CHECKS:
            budget.left()


def read_triples(content: bytes, budget: Budget) -> list[Triple]:
    """Return the triples of a document in Turtle or N-Triples.

    Raises:
        EndpointError: if the document is broken.
        LimitError: if the time is over, or there are too many triples.
    """
    triples = []
    for quad in iter_quads(_Timed(content, budget), RdfFormat.TURTLE, budget.who):
        triples.append(quad.triple)
        if len(triples) > _MOST_ROWS:
            raise LimitError(f"{budget.who} gives more than {_MOST_ROWS:,} triples; narrow the query")
    return triples


class _Shallow:
    """A file of Turtle that raises an error if many triples lie within others."""

    def __init__(self, file: Readable) -> None:
        self.file, self.tail, self.count = file, b"", 0

    def read(self, size: int) -> bytes:
        chunk = self.file.read(size)
        self.count += (self.tail + chunk).count(b"<<(")
        self.tail = chunk[-2:] if len(chunk) > 1 else (self.tail + chunk)[-2:]
        if self.count > _MOST_NESTED:
            raise ValueError("too many triples within triples")
        return chunk


def iter_quads(file: Readable, kind: RdfFormat, who: str) -> Iterator[Quad]:
    """Yield the triples of a file that a server sends.

    Args:
        file: the file; an error that reading it raises is raised here too.
        kind: Turtle or N-Triples.
        who: the address of the server, for messages.

    Raises:
        EndpointError: if the file is broken.
    """
    shallow: Any = _Shallow(file)
    try:
        yield from parse(shallow, format=kind)
    except (ValueError, SyntaxError) as error:
        raise EndpointError(f"{who} gives triples that are broken or cut: {excerpt(str(error))}") from error
