"""A server to which a dataset is pushed: sending requests to it, and counting the triples of its graph."""

from __future__ import annotations

from contextlib import suppress
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from pyoxigraph import RdfFormat

from kg.engines.limits import LARGEST_ANSWER, read_seconds
from kg.engines.remote.answers import iter_quads
from kg.engines.remote.budget import Budget
from kg.engines.remote.endpoint import Endpoint
from kg.engines.remote.session import Session
from kg.errors import EndpointError, LimitError
from kg.model.iris import BASE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kg.engines.remote.http import Answer

__all__ = ["DEADLINE", "GRAPH", "UPDATE", "Server", "Target", "no_graph_store"]

GRAPH = BASE + "graph"
DEADLINE = 300.0  # seconds: a server needs longer to load a graph than to answer a query
UPDATE = {"Content-Type": "application/sparql-update"}
_AFTERWARDS = 10.0  # seconds to ask what the graph holds, or to remove a part, after a failure
_COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"


class Target(NamedTuple):
    """Where a dataset goes.

    Attributes:
        url: the address of a graph store, or of an endpoint of SPARQL Update.
        graph: the IRI of the graph that is replaced.
        update: whether the address takes SPARQL Update.
        endpoint: the address of an endpoint for queries, which counts the triples. If it is empty, the graph is
            fetched from the graph store and counted.
        user: the name to give if the server asks for one.
        password: the password of this user.
        deadline: seconds that the whole load may take. After a failure, some more are spent on asking what the graph
            holds.
    """

    url: str
    graph: str = GRAPH
    update: bool = False
    endpoint: str = ""
    user: str = ""
    password: str = ""
    deadline: float = DEADLINE


class Server:
    """The server of a target, with the budget for loading a dataset into it.

    Args:
        target: where the dataset goes.
        size: the bytes of the dataset; a server may need more for the same triples when it gives them back.
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
        """Send a request; its answer matters only if it is an error."""
        self.session.send(self.budget, method, headers, body, lambda answer: None)

    def count(self, graph: str = "") -> int:
        """Return how many triples the graph holds, or another graph, if an endpoint for queries counts."""
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
        """Return the end of a message: what the graph holds after something went wrong.

        The server is given a short time of its own to say so.
        """
        self.budget = self._budget(min(self.budget.seconds, _AFTERWARDS))
        with suppress(EndpointError, LimitError):
            return f"holds {self.count():,} triples now"
        return "may be as it was or not, as the server does not tell; count it before use"

    def drop(self, update: str) -> str:
        """Remove a graph by an update; return the end of a message if that fails, else an empty string."""
        self.budget = self._budget(min(self.budget.seconds, _AFTERWARDS))
        try:
            self.send("POST", UPDATE, update.encode())
        except (EndpointError, LimitError):
            return f"; a part may be left on the server: `{update}`"
        return ""


def no_graph_store(url: str) -> str:
    """Return the start of a message about an address that is not a graph store."""
    return f"{url} is no graph store; expected one such as http://localhost:7878/store, or --update for SPARQL Update"
