"""Oxigraph as the judge of queries, in a process of its own as some end it, and a server on loopback to be asked."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread, Timer
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from spellings import ADDRESS

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Judge", "Verdict", "judge"]


class Verdict(NamedTuple):
    """What an engine did with a query: its error or nothing, whether it asked the server, whether it ended by itself.

    A query that takes longer than the judge's patience is ended by the judge.
    """

    error: str
    has_asked: bool
    is_crash: bool = False


_DATA = r"""
PREFIX u: <urn:> PREFIX h: <http://host:> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
u:s u:p 1, 1.5, 1.0e0, "1.e0"^^xsd:double, true, false, "x", "x"@en, "x"@en-gb, "x"^^u:t, u:o, <urn:a.b>, <urn:a#>,
  <urn:a%41>, h:, h:1, <<( u:s u:p 1 )>> .
"""
_PROCESS = """
import json, sys
from pyoxigraph import NamedNode, RdfFormat, Store
store = Store()
for graph in (None, NamedNode("urn:g")):
    store.load(sys.argv[1].encode(), format=RdfFormat.TURTLE, to_graph=graph)
for line in sys.stdin:
    kind, text = json.loads(line)
    try:
        found = Store().update(text) if kind == "update" else (Store() if kind == "parse" else store).query(text)
        rows = iter(found) if kind == "query" and hasattr(found, "__iter__") else ()
        said = str([row for row, _ in zip(rows, range(3))])[:0]
    except Exception as error:
        said = f"{type(error).__name__}: {error}"
    print(json.dumps(said), flush=True)
"""


class _Listener(BaseHTTPRequestHandler):
    asked: ClassVar[set[str]] = set()

    def _answer(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.asked.add(self.path.strip("/").partition("/")[0])
        body = b'{"head": {"vars": []}, "results": {"bindings": [{}]}}'
        self.send_response(200)
        self.send_header("Content-Type", "application/sparql-results+json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = _answer  # noqa: N815

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Judge:
    """Runs queries with pyoxigraph in another process, which it starts anew when one ends it."""

    def __init__(self, address: str, asked: set[str], patience: float) -> None:
        self.address, self.asked, self.patience = address, asked, patience
        self.count = 0
        self.process: subprocess.Popen[str] | None = None

    def run(self, text: str, kind: str = "query") -> Verdict:
        """Return what becomes of a query; what is :data:`ADDRESS` in it becomes the address of the listener."""
        self.count += 1
        text = text.replace(ADDRESS, f"{self.address}/{self.count}")
        if not self.process:
            command = [sys.executable, "-c", _PROCESS, _DATA]
            self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        process = self.process
        assert process.stdin
        assert process.stdout
        clock = Timer(self.patience, process.kill)
        clock.start()
        process.stdin.write(json.dumps([kind, text]) + "\n")
        process.stdin.flush()
        line = process.stdout.readline()
        clock.cancel()
        if not line:
            code = process.wait()
            self.close()
            return Verdict(f"the process ended with {code}", str(self.count) in self.asked, code != -signal.SIGKILL)
        return Verdict(json.loads(line), str(self.count) in self.asked)

    def reads_service(self, text: str, verdict: Verdict) -> bool:
        """Say whether an engine has read SERVICE in a query that it took: without the word it would not take it."""
        if verdict.error.startswith(("SyntaxError", "the process")):
            return verdict.has_asked
        without = self.run(
            re.sub("(SERVIC)(E)", lambda it: it[1] + chr(ord(it[2]) + 1), text, flags=re.I | re.A), "parse"
        )
        return verdict.has_asked or without.error.startswith("SyntaxError")

    def close(self) -> None:
        if self.process:
            self.process.kill()
            self.process.communicate()
            self.process = None


@contextmanager
def judge(patience: float = 10) -> Iterator[Judge]:
    """Yield a judge, with a server on loopback that notes who asks it; it waits some seconds for each answer."""
    handler = type("Listener", (_Listener,), {"asked": set()})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        judging = Judge(f"http://127.0.0.1:{server.server_port}", handler.asked, patience)  # type: ignore[attr-defined]
        try:
            yield judging
        finally:
            judging.close()
            server.shutdown()
