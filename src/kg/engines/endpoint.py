"""A SPARQL endpoint in the place of a store: the same queries, the same terms, over HTTP.

SPARQLWrapper speaks the protocol (https://www.w3.org/TR/sparql11-protocol/), Oxigraph reads the results, so an answer
has the same types as one from the store in the process. An answer, with all its pages and every try, has one budget of
time and bytes; what a server can do wrong is told in a line.

What HTTP needs is imported where it is used: a cold query of the store in the process does without.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pyoxigraph import NamedNode, Quad

from kg.engines.answers import Rows
from kg.engines.limits import Limits, read_seconds
from kg.errors import QueryError, UsageError
from kg.model.terms import excerpt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyoxigraph import QueryBoolean, Triple

    from kg.engines.budget import Budget

__all__ = ["Endpoint", "Rows"]

_EXPECTED = "a SPARQL endpoint such as http://localhost:8890/sparql"
_EVERYTHING = "SELECT ?s ?p ?o WHERE { { SELECT ?s ?p ?o WHERE { ?s ?p ?o } ORDER BY ?s ?p ?o } }"


class Endpoint:
    """A SPARQL endpoint that is asked as a store is.

    Args:
        url: where it answers queries; http or https.
        graph: the IRI of the graph to ask, sent as ``default-graph-uri``; the endpoint's default if empty.
        deadline: seconds that an answer may take, with all its pages and every try.
        allow_service: whether a query may make the endpoint ask other servers (SERVICE).

    Attributes:
        url: the address as it is sent, in ASCII.

    Raises:
        UsageError: if the address is not one of the web, the graph no IRI, or the deadline no time.
    """

    def __init__(
        self, url: str, graph: str = "", deadline: float = Limits().deadline, *, allow_service: bool = False
    ) -> None:
        from kg.engines.address import read_address

        self._address = read_address(url, _EXPECTED)
        self.url, self.graph, self.allow_service = self._address.url, graph, allow_service
        self.deadline = read_seconds(str(deadline))
        try:
            NamedNode(graph or "urn:default")
        except ValueError as error:
            raise UsageError(f"'{excerpt(graph, 120)}' is no IRI of a graph") from error

    def query(self, text: str, budget: Budget | None = None) -> Rows | QueryBoolean | list[Triple]:
        """Return what the endpoint answers: rows, yes or no, or triples.

        A SELECT query whose answer the server cuts at a number of rows is asked again for the next ones.

        Args:
            text: the query.
            budget: what the answer may take, if it shares that with others.

        Raises:
            EndpointError: if there is no answer, or none that can be read, or one that may not be all.
            LimitError: if the time is over first, or the answer too large.
            QueryError: if the query is no Unicode text.
        """
        from kg.engines.budget import Budget
        from kg.engines.exchange import Exchange

        try:
            text.encode()
        except UnicodeEncodeError as error:
            raise QueryError("the query is no Unicode text; give it as UTF-8") from error
        whole = budget.part(who=self.url) if budget else Budget(self.url, self.deadline)
        return whole.run(lambda: Exchange(self._address, self.graph, whole).answer(text))

    def __iter__(self) -> Iterator[Quad]:
        """Yield every triple of the graph."""
        rows: Any = self.query(_EVERYTHING)
        return (Quad(row["s"], row["p"], row["o"]) for row in rows)
