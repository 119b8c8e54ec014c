"""Ask an engine: put values into a query, get its rows as terms or as a result, and find the day of the data.

Our own queries take values at a comment line ``# VALUES ?x { }`` in the pattern, so that the same text runs unchanged
in any client. The line is filled with RDF terms, never with text that a user wrote.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from pyoxigraph import Literal, NamedNode, QueryBoolean, QuerySolutions

from kg.errors import QueryError
from kg.formats.result import Result

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from pyoxigraph import QuerySolution, Variable

__all__ = ["DAYS", "Engine", "Rows", "as_of", "bind", "evaluate", "select"]

_SLOT = r"^([ \t]*)#[ \t]*VALUES[ \t]+\?{name}[ \t]*\{{[ \t]*\}}.*$"
DAYS = """
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX kg: <https://w3id.org/immunokg/ontology/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?document (STR(COALESCE(?cutOff, ?issued)) AS ?day)
WHERE {
  ?it a kg:Document ; rdfs:label ?document ; dcterms:issued ?issued .
  OPTIONAL { ?it kg:dataCutOff ?cutOff }
}
"""


class Engine(Protocol):
    """What answers a query: the store in this process, a worker, an endpoint."""

    def query(self, query: str, /) -> Any:
        """Return rows of terms with their ``variables``, a truth value, or triples."""


class Rows(NamedTuple):
    """The rows of a SELECT query, as a store gives them."""

    variables: list[Variable]
    rows: list[QuerySolution]

    def __iter__(self) -> Iterator[QuerySolution]:  # type: ignore[override]  # rows, not fields
        return iter(self.rows)


def select(engine: Engine, text: str) -> list[tuple[Any, ...]]:
    """Return the rows of a query, as terms."""
    solutions: Any = engine.query(text)
    return [tuple(solution) for solution in solutions]


def as_of(engine: Engine) -> str:
    """Return the latest day from which a document of the dataset has its data, or an empty string."""
    return max((day.value for _, day in select(engine, DAYS)), default="")


def bind(text: str, name: str, terms: Sequence[NamedNode | Literal]) -> str:
    r"""Return a query with its comment line ``# VALUES ?name { }`` filled.

    Args:
        text: the query.
        name: the parameter.
        terms: its values; their N-Triples form is valid SPARQL, so nothing can break out of it.

    Raises:
        QueryError: if the query has no such line.

    Example:
        >>> print(bind("# VALUES ?x { }", "x", [Literal('a"b')]))
        VALUES ?x { "a\"b" }
    """
    filled = f"VALUES ?{name} {{ {' '.join(map(_written, terms))} }}"
    text, count = re.subn(_SLOT.format(name=re.escape(name)), lambda match: match[1] + filled, text, flags=re.M)
    if not count:
        raise QueryError(f"no line '# VALUES ?{name} {{ }}' for the parameter '{name}'; expected one in the pattern")
    return text


def _written(term: NamedNode | Literal) -> str:
    r"""Return a term as SPARQL writes it, so that engines which read ``\u`` escapes first understand it too.

    Section 19.2 of SPARQL 1.1 says that escapes are read before all else. Such engines find escapes in data, after a
    backslash, and rdflib reads eight digits where four are meant. So each escape of a character has eight digits, and a
    ``u`` after a backslash is written as an escape itself.

    Example:
        >>> print(_written(Literal("a\\u0022")), _written(Literal("\x000022")))
        "a\\\U000000750022" "\U000000000022"
    """
    letter = re.sub(r"\\\\([uU])|\\[^u]", lambda it: rf"\\\U{ord(it[1]):08X}" if it[1] else it[0], str(term))
    return re.sub(r"(\\\\)|\\u", lambda it: it[1] or r"\U0000", letter)


def evaluate(engine: Engine, text: str, path: Path) -> Result:
    """Return what a query gives: rows; the column ``answer`` for ASK; or triples, sorted, for CONSTRUCT and DESCRIBE.

    Args:
        engine: what is asked.
        text: the query.
        path: the file that the query comes from, for messages.

    Raises:
        QueryError: if the query cannot be run; the message has the line and column.
        LimitError: if the query was stopped.
    """
    columns, rows, boolean = _evaluate(engine, text, path)
    return Result(columns, rows, boolean=boolean)


def _evaluate(engine: Engine, text: str, path: Path) -> tuple[list[str], list[Any], bool | None]:
    try:
        found = engine.query(text)
        if isinstance(found, QueryBoolean):
            return ["answer"], [(Literal(bool(found)),)], bool(found)
        if isinstance(found, QuerySolutions | Rows):
            return [variable.value for variable in found.variables], [tuple(row) for row in found], None
        return ["subject", "predicate", "object"], sorted((tuple(triple) for triple in found), key=str), None
    except SyntaxError as error:
        from kg.engines.sparql.syntax import explain

        raise explain(text, path, str(error.msg)) from error
    except (OSError, RuntimeError, ValueError) as error:
        raise QueryError(f"{path}: {error}") from error
