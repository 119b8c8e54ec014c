"""A server that a dataset is pushed to: what it is sent, and how many triples it says that a graph holds."""

from __future__ import annotations

from contextlib import suppress
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from pyoxigraph import RdfFormat

from kg.engines.answers import iter_quads
from kg.engines.budget import Budget
from kg.engines.endpoint import Endpoint
from kg.engines.limits import LARGEST_ANSWER, read_seconds
from kg.engines.session import Session
from kg.errors import EndpointError, LimitError
from kg.model.iris import BASE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kg.engines.http import Answer

__all__ = ["DEADLINE", "GRAPH", "UPDATE", "Server", "Target", "no_graph_store"]

GRAPH = BASE + "graph"
DEADLINE = 300.0  # seconds: a server takes longer to load a graph than to answer
UPDATE = {"Content-Type": "application/sparql-update"}
_AFTERWARDS = 10.0  # seconds to ask what the graph holds, or to clear up, after a failure
_COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"


class Target(NamedTuple):
    """Where a dataset goes.

    Attributes:
        url: a graph store, or an endpoint of SPARQL Update.
        graph: the IRI of the graph that is replaced.
        update: whether the address takes SPARQL Update.
        endpoint: where queries are answered, to count there; a graph store is asked for the graph if empty.
        user: the name to give if the server asks for one.
        password: the word that goes with it.
        deadline: seconds that all of it may take; what the graph holds after a failure is asked for some more.
    """

    url: str
    graph: str = GRAPH
    update: bool = False
    endpoint: str = ""
    user: str = ""
    password: str = ""
    deadline: float = DEADLINE


class Server:
    """The server that a dataset goes to, and the time that is left for that.

    Args:
        target: where the dataset goes.
        size: how many bytes it has; a server may write it longer when it gives it back.
    """

    def __init__(self, target: Target, size: int) -> None:
        self.target, self.size = target, LARGEST_ANSWER + 4 * size
        query = {} if target.update else {"graph": target.graph}
        self.session = Session(target.url, target.user, target.password, query)
        self.endpoint = Endpoint(target.endpoint, target.graph) if target.endpoint else None
        self.budget = self._budget(read_seconds(str(target.deadline)))

    def _budget(self, seconds: float) -> Budget:
        return Budget(self.target.url, seconds, self.size, "give --deadline SECONDS for longer")

    def send(self, method: str, headers: Mapping[str, str], body: bytes | IO[bytes]) -> None:
        """Send a request whose answer only matters if it is none of success."""
        self.session.send(self.budget, method, headers, body, lambda answer: None)

    def count(self, graph: str = "") -> int:
        """Return how many triples the graph holds, or another one at the query endpoint."""
        if self.endpoint:
            return self._ask_count(Endpoint(self.endpoint.url, graph) if graph else self.endpoint)
        accept = {"Accept": "application/n-triples, text/turtle;q=0.5"}
        return self.session.send(self.budget, "GET", accept, None, self._count_triples)

    def _count_triples(self, answer: Answer) -> int:
        kind = RdfFormat.from_media_type(answer.kind)
        if kind not in (RdfFormat.N_TRIPLES, RdfFormat.TURTLE):
            raise EndpointError(f"{no_graph_store(answer.url)}; it gives the graph as no RDF that was asked for")
        try:
            return sum(1 for _ in iter_quads(answer, kind, answer.url))
        except EndpointError as error:
            raise EndpointError(f"{error}; so the graph cannot be counted") from error

    def _ask_count(self, endpoint: Endpoint) -> int:
        found: Any = endpoint.query(_COUNT, self.budget)
        try:
            return int(found.rows[0]["n"].value)
        except (AttributeError, IndexError, KeyError, ValueError) as error:
            raise EndpointError(f"{endpoint.url} gives no count of triples; expected a SPARQL endpoint") from error

    def state(self) -> str:
        """Return what can be said of the graph after something went wrong; that has a little time of its own."""
        self.budget = self._budget(min(self.budget.seconds, _AFTERWARDS))
        with suppress(EndpointError, LimitError):
            return f"holds {self.count():,} triples now"
        return "may be as it was or not, as the server does not tell; count it before use"

    def drop(self, update: str) -> str:
        """Take the graph of another name away, in a little time; return what is to be said if that fails."""
        self.budget = self._budget(min(self.budget.seconds, _AFTERWARDS))
        try:
            self.send("POST", UPDATE, update.encode())
        except (EndpointError, LimitError):
            return f"; a part may be left on the server: `{update}`"
        return ""


def no_graph_store(url: str) -> str:
    """Return the start of a message that an address is none of a graph store."""
    return f"{url} is no graph store; expected one such as http://localhost:7878/store, or --update for SPARQL Update"
