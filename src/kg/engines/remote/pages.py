"""Rows that a server cuts: they are fetched in pages, and proved to be complete.

Many servers cut an answer at some number of rows, and few say so. If an answer may be cut, the server is asked to count
its rows, and missing rows are fetched in pages. The proof: the server also counts the different rows. Each row that
arrives is a row of the answer; so if as many different rows arrive as there are, and as many rows in all, none is
missing and none is repeated.

The proof is needed. Virtuoso 7 ignores LIMIT and OFFSET around an unordered DISTINCT, and changes the order of an
unordered GROUP BY from page to page. Therefore the pages of a query without ORDER BY are ordered by all variables.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from kg.engines.asking import Rows
from kg.engines.sparql.syntax import code_of, prologue
from kg.errors import EndpointError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Select = Callable[[str], Rows]

__all__ = ["Question", "columns", "counted", "may_be_cut", "whole"]

_SUSPECT = 10_000  # the rows that Virtuoso, as Debian configures it, gives at most
_ROUND = 1_000  # a multiple of this may be the limit of another server
_DATASET = r"(?<![?$:\w])(?:FROM\s+(?:NAMED\s+)?[^\s{]+\s*)+"


class Question(NamedTuple):
    """The parts of a query, of which a subquery can be made.

    Attributes:
        prologue: the prefixes.
        dataset: the FROM clauses, which a subquery may not have.
        body: the rest, as a SELECT query.
        is_ordered: whether the query has an ORDER BY.
    """

    prologue: str
    dataset: str
    body: str
    is_ordered: bool

    @classmethod
    def read(cls, text: str) -> Question:
        r"""Return the parts of a query. The body of a CONSTRUCT query selects the rows that its triples are built from.

        Example:
            >>> Question.read("PREFIX x: <urn:x>\nSELECT ?s FROM x:g { ?s x:p 1 } ORDER BY ?s")[1:]
            ('FROM x:g', 'SELECT ?s  { ?s x:p 1 } ORDER BY ?s', True)
            >>> Question.read("CONSTRUCT { ?s a ?o } WHERE { ?s a ?o }").body
            'SELECT * WHERE { ?s a ?o }'
        """
        code = code_of(text)
        start = prologue(code)
        verb, rest = "", start
        if built := re.compile(r"CONSTRUCT\b\s*", flags=re.I).match(code, start):
            verb, rest = "SELECT * ", _end_of_group(code, built.end())
        found = re.compile(_DATASET, flags=re.I).search(code, rest, max(code.find("{", rest), rest))
        dataset, body = "", text[rest:]
        if found:
            dataset, body = text[found.start() : found.end()], f"{text[rest : found.start()]} {text[found.end() :]}"
        is_ordered = bool(re.search(r"\bORDER\s+BY\b", code[code.rfind("}") + 1 :], flags=re.I))
        return cls(text[:start].strip(), dataset.strip(), verb + body.strip(), is_ordered)

    def _asked(self, verb: str, pattern: str) -> str:
        lines = (self.prologue, f"{verb} {self.dataset}".rstrip() + " WHERE { {", pattern, "} }")
        return "\n".join(line for line in lines if line)

    def number(self, *, distinct: bool = False) -> str:
        """Return a query that counts the rows, or the different rows."""
        pattern = f"SELECT DISTINCT * WHERE {{ {{\n{self.body}\n}} }}" if distinct else self.body
        return self._asked("SELECT (COUNT(*) AS ?n)", pattern)

    def page(self, names: Sequence[str], size: int, start: int) -> str:
        r"""Return a query for some of the rows.

        Args:
            names: the names of the variables; they order the rows of a query without ORDER BY.
            size: the number of rows.
            start: the number of rows before them.

        Example:
            >>> print(Question.read("SELECT ?s { ?s ?p ?o } ORDER BY ?s").page(["s"], 10, 20))
            SELECT ?s WHERE { {
            SELECT ?s { ?s ?p ?o } ORDER BY ?s
            } } LIMIT 10 OFFSET 20
        """
        variables = " ".join(f"?{name}" for name in names)
        pattern = self.body
        if names and not self.is_ordered:
            pattern = f"SELECT * WHERE {{ {{\n{self.body}\n}} }} ORDER BY {variables}"
        return f"{self._asked('SELECT ' + (variables or '*'), pattern)} LIMIT {size} OFFSET {start}"


def _end_of_group(code: str, start: int) -> int:
    """Return where the group ``{ ... }`` that starts at a place ends, or this place if there is no group."""
    depth = 0
    for found in re.compile(r"[{}]").finditer(code, start):
        if not depth and found.start() > start:
            break
        depth += 1 if found[0] == "{" else -1
        if not depth:
            return found.end()
    return start


def columns(text: str) -> list[str]:
    """Return the names of the variables that a SELECT query names for its rows, or none if it has ``*``.

    Example:
        >>> columns("SELECT DISTINCT ?a (COUNT(*) AS ?n) WHERE { ?a ?b ?c } GROUP BY ?a")
        ['a', 'n']
    """
    code = code_of(text)
    names, last, depth = [], "", 0
    for found in re.compile(r"[(){*]|[?$](\w+)|\b(?:WHERE|FROM)\b", flags=re.I).finditer(code, prologue(code)):
        depth += {"(": 1, ")": -1}.get(found[0], 0)
        last = found[1] or last
        if not depth and (found[1] or found[0] == ")"):
            names.append(last)
        elif not depth:
            return [] if found[0] == "*" else list(dict.fromkeys(names))
    return []


def may_be_cut(size: int, most: str) -> bool:
    """Whether a server may have cut an answer.

    Args:
        size: the number of rows of the answer.
        most: the number of rows that the server says it gives at most; an invalid number is ignored.

    Example:
        >>> may_be_cut(17, ""), may_be_cut(17, "17"), may_be_cut(2_000, "-5"), may_be_cut(10_001, "")
        (False, True, True, True)
    """
    limit = int(most) if re.fullmatch(r"[0-9]{1,9}", most) else 0
    return size > 0 and (0 < limit <= size or size >= _SUSPECT or size % _ROUND == 0)


def whole(first: Rows, text: str, select: Select, url: str) -> Rows:
    """Return all rows of an answer that may be cut.

    Args:
        first: the rows that the server has given.
        text: the query.
        select: asks the server for rows.
        url: the address of the server, for messages.

    Raises:
        EndpointError: if the server counts or pages wrongly, so the rows cannot be proved to be complete.
    """
    question = Question.read(text)
    total = counted(select(question.number()), url)
    if total == len(first.rows):
        return first
    if total < len(first.rows):
        raise EndpointError(f"{url} gives {len(first.rows):,} rows and counts {total:,}, so they may not be all")
    different = counted(select(question.number(distinct=True)), url)
    rows = list(first.rows) if question.is_ordered else []
    seen = {tuple(row) for row in rows}
    names = [variable.value for variable in first.variables]
    while len(rows) < total:
        size = _size_of_page(len(first.rows), total - len(rows))
        page = select(question.page(names, size, len(rows)))
        if not 0 < len(page.rows) <= min(size, total - len(rows)) or page.variables != first.variables:
            break
        rows.extend(page.rows)
        seen.update(tuple(row) for row in page.rows)
        if different == total and len(seen) < len(rows):  # a row that must not be repeated was
            break
    if (len(rows), len(seen)) != (total, different):
        raise EndpointError(
            f"{url} counts {total:,} rows and gives {len(seen):,} in pages: it does not heed LIMIT and OFFSET, or "
            "changes the order from page to page; add an ORDER BY that leaves no two rows equal"
        )
    return Rows(first.variables, rows)


def _size_of_page(most: int, left: int) -> int:
    """Return how many rows the next page is asked for.

    The last page is asked for one row more than are left, which reveals a count that is too low. It starts before the
    end of the rows, because Virtuoso gives all rows again for some queries with an OFFSET at their end.

    Args:
        most: the number of rows that the server gave at once.
        left: the number of rows that are left.

    Example:
        >>> _size_of_page(10, 25), _size_of_page(10, 10), _size_of_page(10, 9)
        (10, 9, 10)
    """
    return most - 1 if left == most > 1 else min(most, left + 1)


def counted(found: Rows, url: str) -> int:
    """Return the number that a counting query has given.

    Raises:
        EndpointError: if it has given something else.
    """
    values: list[Any] = [term for row in found.rows for term in row]
    try:
        (value,) = values
        return int(value.value)
    except (AttributeError, ValueError) as error:
        message = "gives what may not be all, and no number when it is to count; narrow the query"
        raise EndpointError(f"{url} {message}") from error
