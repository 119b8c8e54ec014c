"""A SPARQL endpoint in place of a store: the same queries and the same terms, over HTTP.

SPARQLWrapper speaks the protocol (https://www.w3.org/TR/sparql11-protocol/), and Oxigraph reads the results. So an
answer has the same types as one from the store in this process. An answer, with all its pages and repeated requests,
has one budget of time and bytes. Each fault of a server is told in one line.

The modules for HTTP are imported where they are used: a cold query of a local store does not need them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pyoxigraph import NamedNode, Quad

from kg.engines.asking import Rows
from kg.engines.limits import Limits, read_seconds
from kg.errors import QueryError, UsageError
from kg.model.terms import excerpt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyoxigraph import QueryBoolean, Triple

    from kg.engines.remote.budget import Budget

__all__ = ["Endpoint"]

_EXPECTED = "a SPARQL endpoint such as http://localhost:8890/sparql"
_EVERYTHING = "SELECT ?s ?p ?o WHERE { { SELECT ?s ?p ?o WHERE { ?s ?p ?o } ORDER BY ?s ?p ?o } }"


class Endpoint:
    """A SPARQL endpoint with the methods of a store that this package uses.

    Args:
        url: the address where it answers queries; http or https.
        graph: the IRI of the graph to ask, sent as ``default-graph-uri``; the endpoint's default if empty.
        deadline: seconds that an answer may take, with all its pages and repeated requests.
        allow_service: whether a query may make the endpoint ask other servers (SERVICE).

    Attributes:
        url: the address as it is sent, in ASCII.

    Raises:
        UsageError: if the address, the graph or the deadline is invalid.
    """

    def __init__(
        self, url: str, graph: str = "", deadline: float = Limits().deadline, *, allow_service: bool = False
    ) -> None:
        from kg.engines.remote.address import read_address

        self._address = read_address(url, _EXPECTED)
        self.url, self.graph, self.allow_service = self._address.url, graph, allow_service
        self.deadline = read_seconds(str(deadline))
        try:
            NamedNode(graph or "urn:default")
        except ValueError as error:
            raise UsageError(f"'{excerpt(graph, 120)}' is no IRI of a graph") from error

    def query(self, text: str, budget: Budget | None = None) -> Rows | QueryBoolean | list[Triple]:
        """Return what the endpoint answers: rows, yes or no, or triples.

        If the server cuts the answer of a SELECT query at some number of rows, it is asked for the next rows.

        Args:
            text: the query.
            budget: the limits of the answer, if it shares them with other requests.

        Raises:
            EndpointError: if there is no answer, or it cannot be read, or it may be incomplete.
            LimitError: if the deadline passes, or the answer is too large.
            QueryError: if the query is not valid Unicode.
        """
        from kg.engines.remote.budget import Budget
        from kg.engines.remote.exchange import Exchange

        try:
            text.encode()
        except UnicodeEncodeError as error:
            raise QueryError("the query is not valid Unicode; give it as UTF-8") from error
        whole = budget.part(who=self.url) if budget else Budget(self.url, self.deadline)
        return whole.run(lambda: Exchange(self._address, self.graph, whole).answer(text))

    def __iter__(self) -> Iterator[Quad]:
        """Yield every triple of the graph."""
        rows: Any = self.query(_EVERYTHING)
        return (Quad(row["s"], row["p"], row["o"]) for row in rows)
