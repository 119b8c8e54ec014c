"""Real SPARQL servers on loopback, each in a folder of its own and gone after the tests."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import (
    HTTPDigestAuthHandler,
    HTTPPasswordMgr,
    Request,
    build_opener,
    parse_http_list,
    parse_keqv_list,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["GRAPH", "VIRTUOSO", "Server", "oxigraph", "virtuoso"]

GRAPH = "https://w3id.org/immunokg/graph"
VIRTUOSO = shutil.which("virtuoso-t")
OXIGRAPH = Path(sys.executable).parent / "oxigraph"
_VIRTUOSO_INI = """
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
[TempDatabase]
DatabaseFile = virtuoso-temp.db
TransactionFile = virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{isql}
DisableUnixSocket = 1
NumberOfBuffers = 40000
MaxDirtyBuffers = 30000
DirsAllowed = .
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerRoot = .
[SPARQL]
ResultSetMaxRows = 1000000
"""


class Server(NamedTuple):
    """A server that runs.

    Attributes:
        query_url: where it answers SPARQL.
        store_url: where it takes graphs (SPARQL 1.1 Graph Store HTTP Protocol), with ``{graph}`` for the IRI.
        log: what it has printed.
    """

    query_url: str
    store_url: str
    log: Path

    def put(self, content: bytes) -> None:
        """Load N-Triples into the graph."""
        url = self.store_url.format(graph=urlencode({"": GRAPH})[1:])
        headers = {"Content-Type": "application/n-triples"}
        request = Request(url, data=content, method="PUT", headers=headers)
        try:
            build_opener().open(Request(url, data=b"", method="PUT", headers=headers), timeout=60).close()
        except HTTPError as error:  # it wants to know who we are, and would cut a long request to say so
            request.add_header("Authorization", _authorization(request, error.headers["WWW-Authenticate"]))
        build_opener().open(request, timeout=300).close()

    def ask(self, query: str, accept: str = "text/csv") -> str:
        """Return what the server answers of the graph."""
        data = urlencode({"query": query, "default-graph-uri": GRAPH}).encode()
        with build_opener().open(Request(self.query_url, data=data, headers={"Accept": accept}), timeout=300) as answer:
            text: str = answer.read().decode()
        return text


def _authorization(request: Request, challenge: str) -> str:
    """Return the answer to a digest challenge (RFC 7616), with name and password as Virtuoso is delivered."""
    asked = parse_keqv_list(parse_http_list(challenge.partition(" ")[2]))
    passwords = HTTPPasswordMgr()
    passwords.add_password(asked["realm"], request.full_url, "dba", "dba")
    return f"Digest {HTTPDigestAuthHandler(passwords).get_authorization(request, asked)}"


def _free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port: int = held.getsockname()[1]
    return port


@contextmanager
def _running(command: list[str], folder: Path, port: int) -> Iterator[None]:
    """Run a server until it is not needed any more; it is up when it takes a connection and answers."""
    log = folder / "printed.log"
    with log.open("wb") as out, subprocess.Popen(command, cwd=folder, stdout=out, stderr=out) as process:
        try:
            deadline = time.monotonic() + 120
            while process.poll() is None and not _answers(port):
                if time.monotonic() > deadline:
                    raise TimeoutError(f"{command[0]} does not answer: {log.read_text(errors='replace')}")
                time.sleep(0.2)
            if process.poll() is not None:
                raise RuntimeError(f"{command[0]} has stopped: {log.read_text(errors='replace')}")
            yield
        finally:
            process.kill()


def _answers(port: int) -> bool:
    try:
        build_opener().open(f"http://127.0.0.1:{port}/sparql?query=ASK%7B%7D", timeout=5).close()
    except URLError as error:
        return hasattr(error, "code")  # an answer, if a strange one
    except OSError:
        return False
    return True


@contextmanager
def virtuoso(folder: Path) -> Iterator[Server]:
    """Run Virtuoso 7 on an empty database."""
    http, isql = _free_port(), _free_port()
    (folder / "virtuoso.ini").write_text(_VIRTUOSO_INI.format(http=http, isql=isql), encoding="utf-8")
    base = f"http://127.0.0.1:{http}"
    with _running([str(VIRTUOSO), "-f", "-c", "virtuoso.ini"], folder, http):
        yield Server(f"{base}/sparql", f"{base}/sparql-graph-crud-auth?graph-uri={{graph}}", folder / "virtuoso.log")


@contextmanager
def oxigraph(folder: Path) -> Iterator[Server]:
    """Run `oxigraph serve` on an empty store."""
    port = _free_port()
    base = f"http://127.0.0.1:{port}"
    command = [str(OXIGRAPH), "serve", "--location", str(folder / "store"), "--bind", f"127.0.0.1:{port}"]
    with _running(command, folder, port):
        yield Server(f"{base}/query", f"{base}/store?graph={{graph}}", folder / "printed.log")
