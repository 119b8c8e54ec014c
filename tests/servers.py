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
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import Request, build_opener

from kg.engines.remote.push import GRAPH

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["VIRTUOSO", "Server", "oxigraph", "virtuoso"]

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
ResultSetMaxRows = {most}
"""


class Server(NamedTuple):
    """A server that runs.

    Attributes:
        query_url: where it answers SPARQL.
        store_url: where it takes graphs (SPARQL 1.1 Graph Store HTTP Protocol).
        update_url: where it takes SPARQL Update.
        log: what it has printed.
        user: who may write; also the password, as Virtuoso is delivered.
    """

    query_url: str
    store_url: str
    update_url: str
    log: Path
    user: str = ""

    def ask(self, query: str, accept: str = "text/csv") -> str:
        """Return what the server answers of the graph."""
        data = urlencode({"query": query, "default-graph-uri": GRAPH}).encode()
        with build_opener().open(Request(self.query_url, data=data, headers={"Accept": accept}), timeout=300) as answer:
            text: str = answer.read().decode()
        return text


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
def virtuoso(folder: Path, most: int = 1_000_000) -> Iterator[Server]:
    """Run Virtuoso 7 on an empty database.

    Args:
        folder: where it has its files.
        most: how many rows it gives at most; Debian delivers it with 10,000.
    """
    http, isql = _free_port(), _free_port()
    (folder / "virtuoso.ini").write_text(_VIRTUOSO_INI.format(http=http, isql=isql, most=most), encoding="utf-8")
    base = f"http://127.0.0.1:{http}"
    with _running([str(VIRTUOSO), "-f", "-c", "virtuoso.ini"], folder, http):
        log = folder / "virtuoso.log"
        yield Server(f"{base}/sparql", f"{base}/sparql-graph-crud-auth", f"{base}/sparql-auth", log, "dba")


@contextmanager
def oxigraph(folder: Path) -> Iterator[Server]:
    """Run `oxigraph serve` on an empty store in memory, which answers three times as fast as one on disk."""
    port = _free_port()
    base = f"http://127.0.0.1:{port}"
    command = [str(OXIGRAPH), "serve", "--bind", f"127.0.0.1:{port}"]
    with _running(command, folder, port):
        yield Server(f"{base}/query", f"{base}/store", f"{base}/update", folder / "printed.log")
