"""An answer that a server has cut is asked for in pages, and proved to be whole.

Servers cut at a number of rows, and few say so. Where that may be, the server counts the rows of the answer. What is
missing comes in pages. In the end the server counts the different rows: each that came is one of the answer, so if as
many different ones came, and as many in all, nothing is missing and nothing came twice. Servers do page wrongly:
Virtuoso 7 takes no notice of LIMIT and OFFSET around a DISTINCT that is not ordered, and a GROUP BY that is not
ordered comes in another order each time. So pages of a query without an order are ordered by all variables.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from kg.engines.asking import Rows
from kg.engines.syntax import code_of, prologue
from kg.errors import EndpointError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Select = Callable[[str], Rows]

__all__ = ["Question", "counted", "may_be_cut", "whole"]

_SUSPECT = 10_000  # rows: what Virtuoso gives at most, as Debian delivers it
_ROUND = 1_000  # a multiple of it can be a limit too
_DATASET = r"(?<![?$:\w])(?:FROM\s+(?:NAMED\s+)?[^\s{]+\s*)+"


class Question(NamedTuple):
    """A query in its parts, so that its rows can be asked for within another query.

    Attributes:
        prologue: its prefixes.
        dataset: its FROM clauses, which stand in no query within another.
        body: the rest, as a SELECT query.
        is_ordered: whether it says in which order its rows come.
    """

    prologue: str
    dataset: str
    body: str
    is_ordered: bool

    @classmethod
    def read(cls, text: str) -> Question:
        r"""Return the parts of a query. That of CONSTRUCT is the query for the rows that the triples are built from.

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
        """Return a query that counts the rows, or the different ones."""
        pattern = f"SELECT DISTINCT * WHERE {{ {{\n{self.body}\n}} }}" if distinct else self.body
        return self._asked("SELECT (COUNT(*) AS ?n)", pattern)

    def page(self, names: Sequence[str], size: int, start: int) -> str:
        r"""Return a query for some of the rows.

        Args:
            names: the variables; rows that have no order are ordered by them.
            size: how many rows.
            start: how many stand before them.

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
    """Return where the group ends that begins at a place; that place, if none does."""
    depth = 0
    for found in re.compile(r"[{}]").finditer(code, start):
        if not depth and found.start() > start:
            break
        depth += 1 if found[0] == "{" else -1
        if not depth:
            return found.end()
    return start


def may_be_cut(size: int, most: str) -> bool:
    """Whether a server may have cut an answer.

    Args:
        size: how many rows it gives.
        most: how many it says that it gives at most, as text; what is no such number is passed over.

    Example:
        >>> may_be_cut(17, ""), may_be_cut(17, "17"), may_be_cut(2_000, "-5"), may_be_cut(10_001, "")
        (False, True, True, True)
    """
    limit = int(most) if re.fullmatch(r"[0-9]{1,9}", most) else 0
    return size > 0 and (0 < limit <= size or size >= _SUSPECT or size % _ROUND == 0)


def whole(first: Rows, text: str, select: Select, url: str) -> Rows:
    """Return all rows of an answer that may have been cut.

    Args:
        first: what the server has given.
        text: the query.
        select: asks the server for rows.
        url: the address of the server, for messages.

    Raises:
        EndpointError: if the server counts or pages wrongly, so that nobody knows whether that is all.
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
        if different == total and len(seen) < len(rows):  # no row is to come twice
            break
    if (len(rows), len(seen)) != (total, different):
        raise EndpointError(
            f"{url} counts {total:,} rows and gives {len(seen):,} in pages: it does not heed LIMIT and OFFSET, or "
            "changes the order from page to page; add an ORDER BY that leaves no two rows equal"
        )
    return Rows(first.variables, rows)


def _size_of_page(most: int, left: int) -> int:
    """Return how many rows to ask for: at last one more than are left, so that a count that is too low is seen.

    That page begins before the end: OFFSET at the end is what servers take wrongly.

    Example:
        >>> _size_of_page(10, 25), _size_of_page(10, 10), _size_of_page(10, 9)
        (10, 9, 10)
    """
    return most - 1 if left == most > 1 else min(most, left + 1)


def counted(found: Rows, url: str) -> int:
    """Return the number that a query for a number has given.

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
