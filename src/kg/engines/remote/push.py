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
from itertools import islice
from secrets import token_hex
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Any

from pyoxigraph import DefaultGraph, NamedNode, RdfFormat

from kg.engines.remote.http import StatusError
from kg.engines.remote.target import GRAPH, UPDATE, Server, Target, no_graph_store
from kg.errors import EndpointError, KGError, LimitError, UsageError
from kg.model.terms import excerpt

if TYPE_CHECKING:
    from collections.abc import Callable

    from pyoxigraph import Store

    Tell = Callable[[int, int], None]

__all__ = ["GRAPH", "Target", "push"]

_BATCH = 1_000  # triples in an update: Virtuoso compiles updates, and refuses very long ones
_NTRIPLES = {"Content-Type": "application/n-triples"}


def push(store: Store, target: Target, tell: Tell) -> int:
    """Load a dataset into a graph, which then holds nothing else.

    Args:
        store: the dataset.
        target: where it goes.
        tell: called while sending, with what was sent and what there is to send.

    Returns:
        How many triples the graph holds, as the server counts them.

    Raises:
        UsageError: if the call is wrong, or the dataset cannot be sent in this way.
        EndpointError: if the server cannot be reached, refuses, or breaks off; the message says what the graph then
            holds.
        LimitError: if the time is over; the message says what the graph then holds.
        KGError: if the server holds another number of triples than were sent.
        KeyboardInterrupt: with what the graph holds then.
    """
    try:
        NamedNode(target.graph)
    except ValueError as error:
        raise UsageError(f"'{excerpt(target.graph, 120)}' is no IRI; expected one such as {GRAPH}") from error
    if target.update and not target.endpoint:
        raise UsageError(
            "an update cannot be counted where it is sent; give --endpoint URL, where queries are answered"
        )
    if not len(store):
        raise UsageError("the dataset is empty; nothing was sent, and the graph is as it was")
    with TemporaryFile() as content:
        store.dump(content, RdfFormat.N_TRIPLES, from_graph=DefaultGraph())
        size = content.tell()
        server = Server(target, size)
        if target.endpoint:
            server.count()  # so a wrong address is reported before anything is sent
        content.seek(0)
        found = _update(server, content, len(store), tell) if target.update else _put(server, content, size, tell)
    if found != len(store):
        less = "" if target.endpoint or found > len(store) else ", or gives a part at once: count with --endpoint URL"
        raise KGError(
            f"{target.url} was sent {len(store):,} triples and holds {found:,} in {target.graph}; "
            f"it dropped or changed some{less}: see its log"
        )
    return found


def _with(error: KGError, addition: str) -> KGError:
    """Return an error of the same kind with a longer message."""
    kind = LimitError if isinstance(error, LimitError) else EndpointError
    return kind(f"{error}; {addition}")


def _put(server: Server, content: IO[bytes], size: int, tell: Tell) -> int:
    """Replace the graph in one request, and return how many triples it then holds."""
    graph = server.target.graph
    _expect_graph_store(server)
    told: Any = _Told(content, size, tell)
    try:
        server.send("PUT", {**_NTRIPLES, "Content-Length": str(size)}, told)
    except (EndpointError, LimitError) as error:
        raise _with(error, f"{graph} {server.state()}") from error
    except KeyboardInterrupt as error:
        state = "is as it was on a server that takes a PUT as one whole, as most do; count it before use"
        raise KeyboardInterrupt(f"{graph} {state}") from error
    try:
        return server.count()
    except (EndpointError, LimitError) as error:
        raise _with(error, f"the server took {graph} as a whole, and it was not counted") from error


def _expect_graph_store(server: Server) -> None:
    """Raise if the server does not accept triples; to find out, add none to the graph."""
    url = server.target.url
    try:
        is_page = server.session.send(
            server.budget, "POST", _NTRIPLES, b"", lambda answer: "html" in answer.kind and bool(answer.read(1))
        )
    except StatusError as error:
        if error.code in (400, 404, 405, 406, 415, 501):
            said = str(error).removeprefix(f"{url} ")
            raise EndpointError(f"{no_graph_store(url)}; it {said}") from error
        raise
    if is_page:
        raise EndpointError(f"{no_graph_store(url)}; it answers with a web page")


def _update(server: Server, content: IO[bytes], total: int, tell: Tell) -> int:
    """Fill a graph of another name and move it to its place; return how many triples are then there."""
    if any(re.match(rb"_:|\S+ \S+ _:", line) for line in content):
        raise UsageError("the dataset has blank nodes, which batches would part; PUT it to a graph store instead")
    content.seek(0)
    graph = server.target.graph
    beside = f"{graph}-{token_hex(4)}"
    drop = f"DROP SILENT GRAPH <{beside}>"
    server.send("POST", UPDATE, drop.encode())
    try:
        sent = 0
        while lines := list(islice(content, _BATCH)):
            batch = b"INSERT DATA { GRAPH <%s> {\n%s} }" % (beside.encode(), b"".join(lines))
            server.send("POST", UPDATE, batch)
            sent += len(lines)
            tell(sent, total)
        if (found := server.count(beside)) == total:
            server.send("POST", UPDATE, f"MOVE GRAPH <{beside}> TO GRAPH <{graph}>".encode())
            return server.count()
    except (EndpointError, LimitError) as error:
        left = server.drop(drop)
        raise _with(error, f"{graph} {server.state()}{left}") from error
    except KeyboardInterrupt as error:
        left = server.drop(drop)
        raise KeyboardInterrupt(f"{graph} is as it was, unless it was being replaced just now{left}") from error
    left = server.drop(drop)
    raise KGError(f"{server.target.url} was sent {total:,} triples and holds {found:,}; {graph} is as it was{left}")


class _Told:
    """A file that tells how much of it was read."""

    def __init__(self, file: IO[bytes], size: int, tell: Tell) -> None:
        self.file, self.size, self.tell = file, size, tell

    def read(self, size: int) -> bytes:
        chunk = self.file.read(size)
        self.tell(self.file.tell(), self.size)
        return chunk

    def seek(self, place: int) -> None:
        self.file.seek(place)
