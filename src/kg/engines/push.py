"""Load a dataset into a graph of a SPARQL server, and count that all of it is there.

There are two ways. By the SPARQL 1.1 Graph Store HTTP Protocol
(https://www.w3.org/TR/sparql11-http-rdf-update/), one PUT replaces the graph by the dataset. By SPARQL
1.1 Update (https://www.w3.org/TR/sparql11-update/), batches fill a graph of a name that nobody uses.
When it is complete, it is moved to its place; until then the old graph stays.

Requests go only to the given address. The first one changes nothing: it is a POST of no triple, or a
DROP of a graph that does not exist. Either makes a server say who may write.
"""

from __future__ import annotations

import re
from contextlib import suppress
from itertools import islice
from secrets import token_hex
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from pyoxigraph import DefaultGraph, NamedNode, RdfFormat, parse

from kg.engines.endpoint import Endpoint
from kg.engines.http import Session, StatusError
from kg.errors import EndpointError, KGError, UsageError
from kg.model.iris import BASE

if TYPE_CHECKING:
    from collections.abc import Callable

    from pyoxigraph import Store

    Tell = Callable[[int, int], None]

__all__ = ["GRAPH", "Target", "push"]

GRAPH = BASE + "graph"
_BATCH = 1_000  # triples in an update: Virtuoso compiles updates, and refuses very long ones
_COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
_NTRIPLES = {"Content-Type": "application/n-triples"}
_UPDATE = {"Content-Type": "application/sparql-update"}


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
        timeout: seconds that an answer may take.
    """

    url: str
    graph: str = GRAPH
    update: bool = False
    endpoint: str = ""
    user: str = ""
    password: str = ""
    timeout: int = 300


def push(store: Store, target: Target, tell: Tell) -> int:
    """Load a dataset into a graph, which then holds nothing else.

    Args:
        store: the dataset.
        target: where it goes.
        tell: called while sending, with how much was sent and how much there is to send.

    Returns:
        How many triples the graph holds, as the server counts them.

    Raises:
        UsageError: if the call is wrong, or the dataset cannot be sent in this way.
        EndpointError: if the server cannot be reached, refuses, or breaks off; the message says what the graph then
            holds.
        KGError: if the server holds another number of triples than were sent.
        KeyboardInterrupt: if the user interrupts; the message says what the graph then holds.
    """
    try:
        NamedNode(target.graph)
    except ValueError as error:
        raise UsageError(f"'{target.graph}' is no IRI; expected one such as {GRAPH}") from error
    if target.update and not target.endpoint:
        raise UsageError(
            "an update cannot be counted where it is sent; give --endpoint URL, where queries are answered"
        )
    if not len(store):
        raise UsageError("the dataset is empty; nothing was sent, and the graph is as it was")
    if target.endpoint:
        _ask_count(target)  # so a wrong address is reported before anything is sent
    with TemporaryFile() as content:
        store.dump(content, RdfFormat.N_TRIPLES, from_graph=DefaultGraph())
        size = content.tell()
        content.seek(0)
        found = _update(target, content, len(store), tell) if target.update else _put(target, content, size, tell)
    if found != len(store):
        raise KGError(
            f"{target.url} was sent {len(store):,} triples and holds {found:,} in {target.graph}; "
            "it dropped or changed some: see its log"
        )
    return found


def _put(target: Target, content: IO[bytes], size: int, tell: Tell) -> int:
    """Replace the graph in one request, and return how many triples it then holds."""
    session = Session(target.url, target.user, target.password, target.timeout, {"graph": target.graph})
    _expect_graph_store(session, target.url)
    told: Any = _Told(content, size, tell)
    try:
        session.send("PUT", {**_NTRIPLES, "Content-Length": str(size)}, told).close()
    except EndpointError as error:
        raise EndpointError(f"{error}; {target.graph} {_state(target, session)}") from error
    except KeyboardInterrupt as error:
        state = "is as it was on a server that takes a PUT as one whole, as most do; count it before use"
        raise KeyboardInterrupt(f"{target.graph} {state}") from error
    return _count(target, session)


def _expect_graph_store(session: Session, url: str) -> None:
    """Raise if the server does not accept triples; to find out, add none to the graph."""
    try:
        with session.send("POST", _NTRIPLES, b"") as answer:
            is_page = "html" in answer.headers.get("Content-Type", "") and answer.read(1)
    except StatusError as error:
        if error.code in (400, 404, 405, 406, 415, 501):
            said = str(error).removeprefix(f"{url} ")
            raise EndpointError(f"{_no_graph_store(url)}; it {said}") from error
        raise
    if is_page:
        raise EndpointError(f"{_no_graph_store(url)}; it answers with a web page")


def _no_graph_store(url: str) -> str:
    return f"{url} is no graph store; expected one such as http://localhost:7878/store, or --update for SPARQL Update"


def _update(target: Target, content: IO[bytes], total: int, tell: Tell) -> int:
    """Fill a graph of another name and move it to its place; return how many triples are then there."""
    if any(re.match(rb"_:|\S+ \S+ _:", line) for line in content):
        raise UsageError("the dataset has blank nodes, which batches would part; PUT it to a graph store instead")
    content.seek(0)
    session = Session(target.url, target.user, target.password, target.timeout)
    beside = f"{target.graph}-{token_hex(4)}"
    drop = f"DROP SILENT GRAPH <{beside}>"
    session.send("POST", _UPDATE, drop.encode()).close()
    try:
        sent = 0
        while lines := list(islice(content, _BATCH)):
            batch = b"INSERT DATA { GRAPH <%s> {\n%s} }" % (beside.encode(), b"".join(lines))
            session.send("POST", _UPDATE, batch).close()
            sent += len(lines)
            tell(sent, total)
        if (found := _count(target._replace(graph=beside), session)) == total:
            session.send("POST", _UPDATE, f"MOVE GRAPH <{beside}> TO GRAPH <{target.graph}>".encode()).close()
            return _count(target, session)
    except EndpointError as error:
        left = _drop(session, drop)
        raise EndpointError(f"{error}; {target.graph} {_state(target, session)}{left}") from error
    except KeyboardInterrupt as error:
        left = _drop(session, drop)
        raise KeyboardInterrupt(f"{target.graph} is as it was, unless it was being replaced just now{left}") from error
    left = _drop(session, drop)
    raise KGError(f"{target.url} was sent {total:,} triples and holds {found:,}; {target.graph} is as it was{left}")


def _drop(session: Session, drop: str) -> str:
    """Remove the graph of another name; return the end of a message if that fails, else an empty string."""
    try:
        session.send("POST", _UPDATE, drop.encode()).close()
    except EndpointError:
        return f"; a part may be left on the server: `{drop}`"
    return ""


def _count(target: Target, session: Session) -> int:
    """Return how many triples the graph holds."""
    if target.endpoint:
        return _ask_count(target)
    with session.send("GET", {"Accept": "application/n-triples, text/turtle;q=0.5"}) as answer:
        kind = RdfFormat.from_media_type(answer.headers.get("Content-Type", ""))
        if not kind:
            raise EndpointError(f"{_no_graph_store(target.url)}; it gives the graph as no RDF")
        try:
            return sum(1 for _ in parse(answer, format=kind))
        except (SyntaxError, OSError) as error:
            raise EndpointError(f"{target.url} gives the graph broken or cut, so it cannot be counted") from error


def _ask_count(target: Target) -> int:
    """Return how many triples the query endpoint finds in the graph."""
    found: Any = Endpoint(target.endpoint, target.graph, target.timeout).query(_COUNT)
    try:
        return int(found.rows[0]["n"].value)
    except (AttributeError, IndexError, KeyError, ValueError) as error:
        raise EndpointError(f"{target.endpoint} gives no count of triples; expected a SPARQL endpoint") from error


def _state(target: Target, session: Session) -> str:
    """Return the end of a message: what the graph holds after something went wrong."""
    with suppress(EndpointError):
        return f"holds {_count(target, session):,} triples now"
    return "may be as it was or not, as the server does not tell; count it before use"


class _Told:
    """A file that reports how much of it has been read."""

    def __init__(self, file: IO[bytes], size: int, tell: Tell) -> None:
        self.file, self.size, self.tell = file, size, tell

    def read(self, size: int) -> bytes:
        chunk = self.file.read(size)
        self.tell(self.file.tell(), self.size)
        return chunk

    def seek(self, place: int) -> None:
        self.file.seek(place)
