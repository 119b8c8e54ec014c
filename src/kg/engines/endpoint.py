"""A SPARQL endpoint in place of a store: the same queries and the same terms, over HTTP.

SPARQLWrapper speaks the protocol (https://www.w3.org/TR/sparql11-protocol/), and Oxigraph reads the
results. So an answer has the same types as one from the store in this process. Each fault of a server
is told in one line: it is not there, is too slow, is no SPARQL endpoint, has an error of its own, or
cuts its answer.

The modules for HTTP are imported where they are used: a cold query of a local store does not need them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from pyoxigraph import Quad, QueryBoolean, QueryResultsFormat, RdfFormat, parse, parse_query_results

from kg.engines.syntax import code_of, prologue
from kg.errors import EndpointError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pyoxigraph import QuerySolution, Triple, Variable

__all__ = ["Endpoint", "Rows", "one_line"]

_PAGE = 10_000  # the rows that Virtuoso, as Debian configures it, gives at most
_WAITS = (1.0, 3.0)  # seconds before the second and the third try
_LONGEST_MESSAGE = 240
_CODES = {"QueryBadFormed": 400, "Unauthorized": 401, "EndPointNotFound": 404, "URITooLong": 414}
_EVERYTHING = "SELECT ?s ?p ?o WHERE { { SELECT ?s ?p ?o WHERE { ?s ?p ?o } ORDER BY ?s ?p ?o } }"


class Rows(NamedTuple):
    """The rows of a SELECT query, as a store gives them."""

    variables: list[Variable]
    rows: list[QuerySolution]

    def __iter__(self) -> Iterator[QuerySolution]:  # type: ignore[override]  # rows, not fields
        return iter(self.rows)


class Endpoint:
    """A SPARQL endpoint with the methods of a store that this package uses.

    Args:
        url: the address where it answers queries; http or https.
        graph: the IRI of the graph to ask, sent as ``default-graph-uri``; the endpoint's default if empty.
        timeout: seconds that an answer may take.

    Raises:
        UsageError: if the address does not start with http or https.
    """

    def __init__(self, url: str, graph: str = "", timeout: int = 60) -> None:
        if not re.match(r"https?://[^\s/]", url):
            raise UsageError(f"'{url}' is no endpoint; expected an address such as http://localhost:8890/sparql")
        self.url, self.graph, self.timeout = url, graph, timeout

    def query(self, text: str) -> Rows | QueryBoolean | list[Triple]:
        """Return what the endpoint answers: rows, yes or no, or triples.

        If the server cuts the answer of a SELECT query at some number of rows, it is asked for the next rows.

        Raises:
            EndpointError: if there is no answer, or the answer cannot be read.
        """
        content, headers = self._ask(text)
        kind = headers.get("content-type", "").partition(";")[0].strip()
        if kind.startswith("text/html"):
            raise EndpointError(f"{self.url} answers with a web page; expected the address of a SPARQL endpoint")
        if kind in ("text/turtle", "application/n-triples", "text/plain", "application/x-turtle"):
            return self._triples(content)
        found = self._results(content)
        if isinstance(found, QueryBoolean):
            return found
        page = int(headers.get("x-sparql-maxrows") or _PAGE)
        cut = len(found.rows) >= page
        while cut:
            more: Any = self._results(self._ask(_page(text, page, len(found.rows)))[0])
            found.rows.extend(more.rows)
            cut = len(more.rows) >= page
        return found

    def __iter__(self) -> Iterator[Quad]:
        """Yield every triple of the graph."""
        rows: Any = self.query(_EVERYTHING)
        return (Quad(row["s"], row["p"], row["o"]) for row in rows)

    def _ask(self, text: str) -> tuple[bytes, Mapping[str, str]]:
        """Return the body and the headers of an answer; a busy server is asked again."""
        import time
        from urllib.error import HTTPError

        for wait in (*_WAITS, None):
            try:
                return self._ask_once(text)
            except HTTPError as error:
                if error.code != 503 or wait is None:
                    raise EndpointError(self._refusal(error.code, error.read())) from error
                time.sleep(wait)
        raise AssertionError("unreachable")

    def _ask_once(self, text: str) -> tuple[bytes, Mapping[str, str]]:
        from http.client import HTTPException
        from urllib.error import HTTPError, URLError

        from SPARQLWrapper import JSON, POST, TURTLE, SPARQLWrapper
        from SPARQLWrapper.SPARQLExceptions import SPARQLWrapperException

        wrapper = SPARQLWrapper(self.url, defaultGraph=self.graph or None, agent="immunokg")
        wrapper.setMethod(POST)
        wrapper.setTimeout(self.timeout)
        wrapper.setQuery(text)
        wrapper.queryType = _form(text)  # SPARQLWrapper could take a word of a comment for it
        wrapper.setReturnFormat(TURTLE if wrapper.queryType in ("CONSTRUCT", "DESCRIBE") else JSON)
        try:
            response = wrapper.query().response
            return response.read(), {name.lower(): value for name, value in response.headers.items()}
        except HTTPError:
            raise
        except SPARQLWrapperException as error:
            code = _CODES.get(type(error).__name__, 500)
            body = error.args[0].partition("Response:\n")[2] if error.args else ""
            raise EndpointError(self._refusal(code, _unquoted(body))) from error
        except TimeoutError as error:
            raise EndpointError(self._too_slow()) from error
        except URLError as error:
            if isinstance(error.reason, TimeoutError):
                raise EndpointError(self._too_slow()) from error
            raise EndpointError(f"cannot reach {self.url}: {one_line(str(error.reason))}; is it running?") from error
        except (HTTPException, OSError) as error:
            raise EndpointError(f"the answer of {self.url} was cut: {one_line(str(error))}; ask again") from error

    def _too_slow(self) -> str:
        return f"{self.url} gave no answer in {self.timeout} s; narrow the query, or give --timeout SECONDS"

    def _refusal(self, code: int, body: bytes) -> str:
        message = one_line(re.sub(r"<[^<>]*>", " ", body.decode("utf-8", errors="replace")))
        return f"{self.url} answers with HTTP status {code}: {message or 'no message'}"

    def _results(self, content: bytes) -> Rows | QueryBoolean:
        try:
            found = parse_query_results(content, QueryResultsFormat.JSON)
            return found if isinstance(found, QueryBoolean) else Rows(list(found.variables), list(found))
        except (ValueError, SyntaxError) as error:
            start = one_line(content[:60].decode("utf-8", errors="replace"))
            message = f"gives no SPARQL result, or one that is cut: '{start}'; expected the address of an endpoint"
            raise EndpointError(f"{self.url} {message}") from error

    def _triples(self, content: bytes) -> list[Triple]:
        try:
            return [quad.triple for quad in parse(content, format=RdfFormat.TURTLE)]
        except (ValueError, SyntaxError) as error:
            raise EndpointError(f"{self.url} answers with broken triples: {one_line(str(error))}") from error


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


def _page(text: str, size: int, start: int) -> str:
    r"""Return a query for the next rows of a query; the given query becomes a subquery, unchanged.

    Example:
        >>> print(_page("PREFIX x: <urn:x>\nSELECT ?s WHERE { ?s x:p 1 } ORDER BY ?s", 10, 20))
        PREFIX x: <urn:x>
        SELECT * WHERE { {
        SELECT ?s WHERE { ?s x:p 1 } ORDER BY ?s
        } } LIMIT 10 OFFSET 20
    """
    start_of_body = prologue(code_of(text))
    head, body = text[:start_of_body].strip(), text[start_of_body:].rstrip()
    return f"{head}\nSELECT * WHERE {{ {{\n{body}\n}} }} LIMIT {size} OFFSET {start}"


def _unquoted(text: str) -> bytes:
    """Return the body of an answer from a message of SPARQLWrapper, which holds it as a Python bytes literal."""
    from ast import literal_eval

    try:
        value = literal_eval(text.strip())
    except (ValueError, SyntaxError):
        return text.encode()
    return value if isinstance(value, bytes) else text.encode()


def one_line(text: str) -> str:
    """Return the start of a server's text as one line, without characters that would control a terminal."""
    words = " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f]+", " ", text).split())
    return words if len(words) <= _LONGEST_MESSAGE else f"{words[:_LONGEST_MESSAGE]} ..."
