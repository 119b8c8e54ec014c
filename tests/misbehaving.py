"""A server on loopback that does wrong: it sends what it is told to, byte by byte, whatever HTTP says of that."""

from __future__ import annotations

import json
import re
import socket
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    Script = Iterable[bytes | float]

__all__ = ["JSON", "Misbehaving", "Request", "answered", "counts", "head", "results", "trickled", "window"]

JSON = "application/sparql-results+json"


class Request(NamedTuple):
    """What a client has sent."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def query(self) -> str:
        """The query, as a form has it."""
        return parse_qs(self.body.decode()).get("query", [""])[0]


class Misbehaving:
    """A server that answers a request with what a function makes of it.

    Args:
        behave: returns what is sent, piece by piece; a number is a pause in seconds.
        secure: makes a connection of TLS of each one.

    Attributes:
        url: its address.
        asked: the requests so far.
        gone: how many clients went before they had all.
    """

    def __init__(
        self, behave: Callable[[Request], Script], secure: Callable[[socket.socket], socket.socket] | None = None
    ) -> None:
        self.behave, self.secure = behave, secure
        self.asked: list[Request] = []
        self.gone = 0
        self._closing = threading.Event()
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self._listening.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/sparql"
        threading.Thread(target=self._serve, daemon=True).start()

    def __enter__(self) -> Misbehaving:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._closing.set()
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _serve(self) -> None:
        while not self._closing.is_set():
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._talk, args=(client,), daemon=True).start()

    def _talk(self, client: socket.socket) -> None:
        with client, suppress(OSError):
            client = self.secure(client) if self.secure else client
            request = read_request(client)
            if request is None:
                return
            self.asked.append(request)
            try:
                for piece in self.behave(request):
                    if self._closing.is_set():
                        return
                    if isinstance(piece, bytes):
                        client.sendall(piece)
                    else:
                        self._closing.wait(piece)
            except OSError:
                self.gone += 1
            else:
                client.shutdown(socket.SHUT_WR)
                client.settimeout(1)
                while client.recv(65536):  # else what was not read resets the connection
                    pass


def read_request(client: socket.socket) -> Request | None:
    """Return a request, nothing if the client goes before it is whole."""
    content = b""
    while b"\r\n\r\n" not in content:
        chunk = client.recv(65536)
        if not chunk:
            return None
        content += chunk
    start, _, body = content.partition(b"\r\n\r\n")
    first, *lines = start.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    while len(body) < int(headers.get("content-length", "0")):
        chunk = client.recv(65536)
        if not chunk:
            return None
        body += chunk
    method, target, _ = first.split(" ")
    return Request(method, target, headers, body)


def head(status: int = 200, kind: str = JSON, **headers: object) -> bytes:
    """Return the head of an answer; ``_`` in the name of a header stands for ``-``."""
    lines = [f"HTTP/1.1 {status} Told", f"Content-Type: {kind}"] if kind else [f"HTTP/1.1 {status} Told"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def answered(body: bytes, status: int = 200, kind: str = JSON, **headers: object) -> list[bytes]:
    """Return an answer as it should be."""
    return [head(status, kind, Content_Length=len(body), **headers), body]


def trickled(content: bytes, pause: float) -> Iterator[bytes | float]:
    """Yield bytes one by one, with a pause after each."""
    for byte in content:
        yield bytes([byte])
        yield pause


def results(values: Sequence[object], name: str = "n") -> bytes:
    """Return rows of one variable as SPARQL results in JSON."""
    rows = [{name: {"type": "literal", "value": str(value)}} for value in values]
    return json.dumps({"head": {"vars": [name]}, "results": {"bindings": rows}}).encode()


def counts(query: str) -> str:
    """Return what a query counts: rows, different rows, or nothing."""
    if "COUNT(*)" not in query:
        return ""
    return "different" if "SELECT DISTINCT *" in query else "rows"


def window(query: str, size: int) -> tuple[int, int]:
    """Return the rows that the last LIMIT and OFFSET of a query ask for, of so many."""
    found: Any = re.search(r"LIMIT (\d+) OFFSET (\d+)$", query)
    if not found:
        return 0, size
    return min(int(found[2]), size), min(int(found[2]) + int(found[1]), size)
