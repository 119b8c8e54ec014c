"""One query to an endpoint and its answer, with all its pages, within a budget.

SPARQLWrapper makes the requests of the SPARQL 1.1 Protocol (https://www.w3.org/TR/sparql11-protocol/), and
:mod:`kg.engines.remote.http` sends them, because SPARQLWrapper itself waits for ever and reads without limit.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast

from pyoxigraph import QueryBoolean
from SPARQLWrapper import JSON, POST, TURTLE, SPARQLWrapper

from kg.engines.asking import Rows
from kg.engines.remote.answers import read_results, read_triples
from kg.engines.remote.http import ask, refusal
from kg.engines.remote.pages import Question, columns, counted, may_be_cut, whole
from kg.engines.sparql.syntax import code_of, prologue
from kg.errors import EndpointError
from kg.model.terms import excerpt

if TYPE_CHECKING:
    from http.client import HTTPResponse

    from pyoxigraph import Triple

    from kg.engines.remote.address import Address
    from kg.engines.remote.budget import Budget
    from kg.engines.remote.http import Answer

__all__ = ["Exchange"]

_WAITS = (1.0, 3.0)  # seconds before the second and the third try
_TURTLE = ("text/turtle", "application/n-triples", "text/plain", "application/x-turtle", "application/turtle")
_MOST_BUILT = 10_000  # rows behind a CONSTRUCT: Virtuoso, as Debian configures it, cuts there and does not say so


class _Protocol(SPARQLWrapper):
    """SPARQLWrapper, with requests that are sent within a budget."""

    def __init__(self, address: Address, graph: str, budget: Budget) -> None:
        super().__init__(address.url, defaultGraph=graph or None, agent="immunokg")
        self._address, self._budget = address, budget

    def _query(self) -> tuple[HTTPResponse, str]:
        request = self._createRequest()
        body = cast("bytes", request.data)
        answer = ask(self._address, request.get_method(), dict(request.header_items()), body, self._budget)
        return cast("HTTPResponse", answer), self.returnFormat


class Exchange:
    """The requests of one query to an endpoint.

    Args:
        address: the address of the endpoint.
        graph: the IRI of the graph to ask; the endpoint's default if empty.
        budget: the limits of all requests together.
    """

    def __init__(self, address: Address, graph: str, budget: Budget) -> None:
        self.address, self.graph, self.budget, self.url = address, graph, budget, address.url

    def answer(self, text: str) -> Rows | QueryBoolean | list[Triple]:
        """Return the answer to a query: rows, yes or no, or triples.

        Raises:
            EndpointError: if there is no answer, or it cannot be read, or it may be incomplete.
            LimitError: if the budget is used up.
        """
        form = _form(text)
        if form in ("CONSTRUCT", "DESCRIBE"):
            return self._triples(text, form)
        found, most = self._results(text, form)
        if isinstance(found, QueryBoolean):
            if form != "ASK":
                raise self._no_result("answers yes or no where rows are expected")
            return found
        if form == "ASK":
            raise self._no_result("answers with rows where yes or no is expected")
        if may_be_cut(len(found.rows), most):
            return whole(found, text, self._select, self.url)
        return found

    def _select(self, text: str) -> Rows:
        found, _ = self._results(text, "SELECT")
        if isinstance(found, QueryBoolean):
            raise self._no_result("answers yes or no where rows are expected")
        return found

    def _results(self, text: str, form: str) -> tuple[Rows | QueryBoolean, str]:
        """Return a result, and the number of rows that the server says it gives at most."""
        content, _, most = self._fetch(text, form)
        try:
            found = read_results(content, self.budget)
        except (ValueError, SyntaxError) as error:
            start = excerpt(content[:60].decode("utf-8", errors="replace"))
            raise self._no_result(f"gives no SPARQL result, or one that is cut: '{start}'") from error
        if isinstance(found, Rows) and form == "SELECT":
            names = [variable.value for variable in found.variables]
            if (expected := columns(text)) and names != expected:
                given = excerpt(", ".join(names), 60)
                raise self._no_result(f"gives the columns '{given}' where '{', '.join(expected)}' are expected")
        return found, most

    def _triples(self, text: str, form: str) -> list[Triple]:
        content, kind, _ = self._fetch(text, form)
        if kind not in _TURTLE:
            raise self._no_result(f"answers with '{excerpt(kind, 60)}' where triples in Turtle are expected")
        triples = read_triples(content, self.budget)
        if not triples:
            return triples
        behind = len(triples)
        if form == "CONSTRUCT":
            behind = counted(self._select(Question.read(text).number()), self.url)
        if not 0 < behind < _MOST_BUILT:
            raise EndpointError(
                f"{self.url} gives {len(triples):,} triples, and counts {behind:,} rows that they are built from: they "
                "may not be all, as servers cut there without a word; ask for the rows by SELECT"
            )
        return triples

    def _fetch(self, text: str, form: str) -> tuple[bytes, str, str]:
        """Return the body of an answer, its media type, and the number of rows that the server gives at most."""
        answer = self._ask(text, form)
        with answer:
            if answer.status == 206 or answer.header("X-SQL-State"):  # Virtuoso gives a part when its own time is over
                said = excerpt(answer.header("X-SQL-Message")) or "no message"
                raise EndpointError(f"{self.url} gives a part of the answer only: {said}")
            if answer.status != 200:
                raise self._no_result(f"answers with HTTP status {answer.status}, which brings no result")
            if (coding := answer.header("Content-Encoding").strip().lower()) not in ("", "identity"):
                raise self._no_result(f"answers in the encoding '{excerpt(coding, 60)}', which was not asked for")
            if answer.kind == "text/html":
                raise self._no_result("answers with a web page")
            return answer.read_all(), answer.kind, answer.header("X-SPARQL-MaxRows").strip()

    def _ask(self, text: str, form: str) -> Answer:
        """Return an answer that reports success; a busy server is asked again while there is time."""
        for wait in (*_WAITS, None):
            answer = self._ask_once(text, form)
            if 200 <= answer.status < 300:
                return answer
            error = refusal(answer)
            if answer.status != 503 or wait is None or not self.budget.sleep(wait):
                raise error
        raise AssertionError("unreachable")

    def _ask_once(self, text: str, form: str) -> Answer:
        wrapper = _Protocol(self.address, self.graph, self.budget)
        wrapper.setMethod(POST)
        wrapper.setQuery(text)
        wrapper.queryType = form  # SPARQLWrapper could take a word of a comment for it
        wrapper.setReturnFormat(TURTLE if form in ("CONSTRUCT", "DESCRIBE") else JSON)
        return cast("Answer", wrapper.query().response)

    def _no_result(self, what: str) -> EndpointError:
        return EndpointError(f"{self.url} {what}; expected the address of a SPARQL endpoint")


def _form(text: str) -> str:
    r"""Return the form of a query: its first word after the prefixes, or SELECT if this is not another form.

    A text that is no query counts as SELECT, so that the server judges it.

    Example:
        >>> _form("# described\n# added\nPREFIX x: <urn:x>\nconstruct WHERE { ?s x:p 1 }")
        'CONSTRUCT'
    """
    code = code_of(text)
    found = re.compile("CONSTRUCT|DESCRIBE|ASK", flags=re.I).match(code, prologue(code))
    return found[0].upper() if found else "SELECT"
