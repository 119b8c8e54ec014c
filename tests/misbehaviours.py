"""Servers that do wrong in ways that are drawn: what they send, how, how slowly, and how they page.

A behaviour says what is right: rows from 0 up, in their order. So a client that is asked for them has these rows, or
an error; it never has others. What no client can see, a cut that nobody announces, is not drawn.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, repeat
from time import monotonic
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st
from misbehaving import JSON, Misbehaving, Request, counts, head, results, window

from kg.engines.remote.endpoint import Endpoint
from kg.errors import EndpointError, LimitError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    Script = Iterable[bytes | float]

__all__ = ["DEADLINE", "Behaviour", "Outcome", "behaviours", "run", "suspicious_pages"]

DEADLINE = 0.4  # seconds
PAGE = 10  # rows; a server that gives as many may have cut
_QUERY = "SELECT ?n WHERE { ?s ?p ?n } ORDER BY ?n"
_BODIES = {
    "boolean": b'{"head": {}, "boolean": true}',
    "empty": b"",
    "page": b"<html><script>x</script>\x1b[31mHello</html>",
    "garbage": bytes(range(256)),
    "deep": b'{"head": {"vars": ["n"]}, "results": {"bindings": [' + b'{"n": [' * 70_000,
    "no results": b'{"head": {"vars": ["n"]}}',
    "turtle": b"<urn:s> <urn:p> 1 .",
    "half a character": b'{"head": {"vars": ["\xc3"]}, "results": {"bindings": []}}',
}
_HEADS: dict[str, Script] = {
    "garbage": [b"\x00\x01\x02\x03\r\n\r\n"],
    "other protocol": [b"220 mail.example ESMTP\r\n"],
    "slow": chain.from_iterable(repeat((b"X: y\r\n", 0.01))),
    "long line": [b"X: " + b"y" * 70_000],
    "many": [b"X: y\r\n"] * 150,
    "interim": [b"HTTP/1.1 100 Continue\r\n\r\n"] * 3,
    "endless interim": chain.from_iterable(repeat((b"HTTP/1.1 103 Early Hints\r\n\r\n", 0.001))),
}


@dataclass(frozen=True)
class Behaviour:
    """What a server does.

    Attributes:
        size: how many rows the right answer has.
        most: how many rows are given at once.
        announced: what ``X-SPARQL-MaxRows`` says; a cut that nobody can guess is announced.
        paging: what is heeded of LIMIT and OFFSET.
        counting: what is counted.
        status: of HTTP.
        kind: the media type.
        body: what stands in the place of rows.
        framing: how the end of the body is said.
        start: what stands before the head, or in its place.
        place: where in the body something happens, from 0 to 1.
        event: what happens there.
        location: where a redirect leads.
        fault: the number of the request from which on all of this happens; those before are answered rightly.
    """

    size: int = 3
    most: int = 1_000
    announced: str = ""
    paging: str = ""
    counting: str = ""
    status: int = 200
    kind: str = JSON
    body: str = ""
    framing: str = "length"
    start: str = ""
    place: float = 1.0
    event: str = ""
    location: str = ""
    fault: int = 0

    @property
    def is_right(self) -> bool:
        """Whether a client can have the rows."""
        right = Behaviour(self.size, self.most, self.announced, place=self.place, fault=self.fault)
        return self == right and (not self.announced or self.announced == str(self.most))

    def rows(self, request: Request) -> list[int]:
        """Return the rows that a query gets."""
        right = list(range(self.size))
        start, end = window(request.query, self.size)
        if "OFFSET" not in request.query:
            return right[: self.most]
        if self.paging in ("no offset", "nothing"):
            start, end = 0, end - start
        if self.paging in ("no limit", "nothing"):
            end = self.size
        if self.paging == "all at the end" and start >= self.size - 1:
            start, end = 0, self.size
        if self.paging == "one too many":
            end += 1
        if self.paging == "none":
            end = start
        if self.paging == "one before":
            start = max(start - 1, 0)
        if self.paging == "backwards":
            right.reverse()
        return right[start : min(end, start + self.most)]

    def answer(self, request: Request) -> bytes:
        """Return the body for a query."""
        if self.body:
            return _BODIES[self.body]
        if not counts(request.query):
            return results(self.rows(request))
        counted: dict[str, list[Any]] = {
            "more": [self.size + 1],
            "fewer": [self.size - 1],
            "text": ["many"],
            "none": [],
            "two": [1, 2],
        }
        return results(counted.get(self.counting, [self.size]))

    def script(self, request: Request, number: int, elsewhere: str) -> Script:
        """Return what is sent to a request."""
        if number < self.fault:
            right = Behaviour(self.size, self.most, self.announced)
            return right.script(request, 0, elsewhere)
        body = self.answer(request)
        cut = int(self.place * len(body))
        return chain(
            _HEADS.get(self.start, []),
            [self._head(len(body), elsewhere)],
            self._framed(body[:cut]) if cut else [],
            self._event(),
            self._framed(body[cut:]) if cut < len(body) else [],
            [b"0\r\n\r\n"] if self.framing == "chunks" else [],
        )

    def _head(self, size: int, elsewhere: str) -> bytes:
        lengths = {"length": size, "more": size + 7, "fewer": size - 7, "huge": "9" * 17, "text": "x", "below": -1}
        headers: dict[str, object] = {}
        if self.framing in lengths:
            headers["Content_Length"] = lengths[self.framing]
        if self.framing in ("chunks", "bad chunks", "no last chunk"):
            headers["Transfer_Encoding"] = "chunked"
        if self.announced:
            headers["X_SPARQL_MaxRows"] = self.announced
        if self.location:
            headers["Location"] = self.location.replace("ELSEWHERE", elsewhere)
        return head(self.status, self.kind, **headers)

    def _framed(self, part: bytes) -> Script:
        if self.framing in ("chunks", "no last chunk"):
            return [b"%x\r\n%s\r\n" % (len(part), part)]
        return [b"xyz\r\n", part] if self.framing == "bad chunks" else [part]

    def _event(self) -> Script:
        if self.event == "pause":
            return [0.05]
        if self.event == "stall":
            return [60.0]
        if self.event == "trickle":
            return chain.from_iterable(repeat((self._blank(), 0.01), 9_999))
        if self.event == "flood":
            return repeat(self._blank() * 1_000)
        if self.event == "gone":
            return _gone()
        return []

    def _blank(self) -> bytes:
        return b"1\r\n \r\n" if self.framing in ("chunks", "no last chunk") else b" "


def _gone() -> Iterator[bytes]:
    raise ConnectionAbortedError
    yield b""


_FAULTS: dict[str, list[Any]] = {
    "announced": ["0", "-5", "many", "3", "1"],
    "paging": [
        *("no offset", "no limit", "nothing", "all at the end", "one too many", "none", "one before", "backwards"),
    ],
    "counting": ["more", "fewer", "text", "none", "two"],
    "status": [204, 206, 301, 302, 303, 304, 307, 308, 400, 401, 404, 418, 429, 500, 502, 503, 599],
    "kind": ["text/html", "text/turtle", "", "application/json", "x" * 999],
    "body": [*_BODIES],
    "framing": ["close", "chunks", "more", "fewer", "huge", "text", "below", "bad chunks", "no last chunk"],
    "start": [*_HEADS],
    "event": ["pause", "stall", "trickle", "flood", "gone"],
    "location": ["/", "/sparql", "ELSEWHERE", "ftp://127.0.0.1/", "//127.0.0.1:1/", "http://[::1", "https:///", "\x1b"],
}


@st.composite
def behaviours(draw: st.DrawFn) -> Behaviour:
    """Draw what a server does: up to three things wrongly."""
    size = draw(st.integers(0, 45))
    most = draw(st.sampled_from([7, 7, PAGE, PAGE, 2 * PAGE, 1_000]))
    said = draw(st.lists(st.sampled_from(sorted(_FAULTS)), min_size=1, max_size=3, unique=True))
    drawn = {name: draw(st.sampled_from(_FAULTS[name])) for name in said}
    if most == 7 or "announced" not in drawn:
        drawn["announced"] = str(most) if most == 7 or draw(st.booleans()) else ""
    if drawn.get("counting") == "fewer" and size == most + 1:
        del drawn["counting"]  # a count that is as wrong as the cut hides it
    return Behaviour(
        size, most, place=draw(st.floats(0, 1)), fault=draw(st.one_of(st.just(0), st.integers(0, 4))), **drawn
    )


@dataclass(frozen=True)
class Outcome:
    """What came of a query.

    Attributes:
        kind: ``rows``, or the name of an error.
        seconds: how long it took.
        message: what the error says.
        faults: what is wrong with all that.
    """

    kind: str
    seconds: float
    message: str
    faults: list[str]


@contextmanager
def suspicious_pages() -> Iterator[None]:
    """Take few rows for a cut already, so that small answers are paged."""
    from kg.engines.remote import pages

    before = pages._SUSPECT, pages._ROUND
    pages._SUSPECT, pages._ROUND = PAGE, PAGE
    try:
        yield
    finally:
        pages._SUSPECT, pages._ROUND = before


def run(behaviour: Behaviour, deadline: float = DEADLINE) -> Outcome:
    """Ask a server that behaves so for its rows."""
    with Misbehaving(lambda request: []) as elsewhere, Misbehaving(lambda request: []) as server:
        server.behave = lambda request: behaviour.script(request, len(server.asked) - 1, elsewhere.url)
        start = monotonic()
        kind, message, faults = "rows", "", []
        try:
            found: Any = Endpoint(server.url, deadline=deadline).query(_QUERY)
            rows = [int(row["n"].value) for row in found]
            if rows != list(range(behaviour.size)):
                faults.append(f"wrong rows: {rows}")
        except (EndpointError, LimitError) as error:
            kind, message = type(error).__name__, str(error)
            if not message.isprintable() or len(message) > 500:
                faults.append("the message is no short line")
            if behaviour.is_right:
                faults.append("the rows could be had")
        except Exception as error:
            kind, message = f"traceback: {type(error).__name__}", repr(error)
            faults.append("a traceback")
        seconds = monotonic() - start
        if seconds > deadline + 1:
            faults.append("too late")
        if elsewhere.asked:
            faults.append("somebody else was asked")
    return Outcome(kind, seconds, message, faults)
