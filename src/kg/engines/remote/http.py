"""HTTP requests and answers within a budget; every request of this package to a server is sent here.

Each error is told in one line. A redirect is followed only to the same server, and only for queries, which carry no
password.
"""

from __future__ import annotations

import os
import re
from html import unescape
from http.client import BadStatusLine, HTTPException, RemoteDisconnected
from io import BytesIO
from typing import IO, TYPE_CHECKING
from urllib.parse import urljoin

from kg.engines.remote.address import read_address
from kg.engines.remote.wire import Connection
from kg.errors import EndpointError, LimitError, UsageError
from kg.model.terms import excerpt

if TYPE_CHECKING:
    from collections.abc import Mapping
    from http.client import HTTPResponse

    from kg.engines.remote.address import Address
    from kg.engines.remote.budget import Budget

    Body = bytes | IO[bytes] | None

__all__ = ["Answer", "StatusError", "ask", "refusal", "send"]

_CHUNK = 1 << 16
_MESSAGE = 8_192  # bytes that are read of the message of an error
_PATIENCE = 2.0  # seconds for reading them; then the error is told without the rest
_MOST_REDIRECTS = 5
_PROXIES = ("http_proxy", "https_proxy", "all_proxy")
_NOT_CONTENT = r"<!--.*?-->|<(script|style|title)\b.*?</\1\s*>|<[^<>]*>"


class StatusError(EndpointError):
    """A server that refuses a request.

    Attributes:
        code: the HTTP status.
    """

    def __init__(self, code: int, message: str) -> None:
        self.code = code
        super().__init__(message)


class Answer:
    """The answer of a server, whose body is read within the budget; the caller closes it.

    Args:
        response: the answer, of which the head has been read.
        connection: the connection over which the body arrives.

    Attributes:
        url: the address that was asked, for messages.
        status: the HTTP status.
        kind: the media type, in small letters.
    """

    def __init__(self, response: HTTPResponse, connection: Connection) -> None:
        self.url, self.status = connection.budget.who, response.status
        self.kind = (response.headers.get("Content-Type") or "").partition(";")[0].strip().lower()
        self._response, self._connection = response, connection

    def __enter__(self) -> Answer:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def header(self, name: str) -> str:
        """Return the value of a header, or an empty string; several values are joined by commas."""
        return ", ".join(self._response.headers.get_all(name) or [])

    def read(self, size: int) -> bytes:
        """Return bytes of the body, or none at its end.

        Raises:
            EndpointError: if the body is cut: shorter than the server announced.
            LimitError: if the time is over, or the body is too large.
        """
        try:
            content = self._response.read(size)
        except (HTTPException, OSError, ValueError) as error:
            raise self._cut(error) from error
        if not content and size and self._response.length:
            raise self._cut(f"{self._response.length:,} bytes are missing")
        return content

    def read_all(self) -> bytes:
        """Return the whole body, with the errors of :meth:`read`."""
        budget = self._connection.budget
        if (self._response.length or 0) > budget.size:
            raise budget.out_of_bytes()
        content = BytesIO()
        while chunk := self.read(_CHUNK):
            content.write(chunk)
        return content.getvalue()

    def message(self) -> str:
        """Return the text of the body as one short line without markup; the rest of a slow or cut body is left out."""
        content = b""
        try:
            if self._connection.wire:
                self._connection.wire.budget = self._connection.budget.part(_PATIENCE, 2 * _MESSAGE)
            while len(content) < _MESSAGE and (chunk := self.read(512)):
                content += chunk
        except (EndpointError, LimitError):
            pass
        text = content.decode("utf-8", errors="replace")
        if "html" in self.kind or "xml" in self.kind or text.lstrip().startswith("<"):
            text = unescape(re.sub(_NOT_CONTENT, " ", text, flags=re.S | re.I))
        return excerpt(text)

    def close(self) -> None:
        """Close the connection."""
        self._connection.end()

    def _cut(self, reason: object) -> EndpointError:
        return EndpointError(f"the answer of {self.url} was cut: {excerpt(str(reason))}; ask again")


def send(address: Address, method: str, headers: Mapping[str, str], body: Body, budget: Budget) -> Answer:
    """Send a request, and return the answer, whatever its status is.

    Args:
        address: the address of the server.
        method: the HTTP method.
        headers: the headers; they need ``Content-Length`` if the body is a file.
        body: the content to send.
        budget: the limits of the exchange.

    Raises:
        EndpointError: if there is no answer.
        LimitError: if the time is over, or the head of the answer is too large.
    """
    connection = Connection(address, budget)
    sent = {"Host": address.authority, "User-Agent": "immunokg", "Connection": "close", **headers}
    try:
        try:
            connection.request(method, address.target, body, sent)
        except (BrokenPipeError, ConnectionResetError):
            if not connection.wire:
                raise
            # a server may say why it reads no further
        return Answer(connection.getresponse(), connection)
    except (HTTPException, OSError, ValueError) as error:
        is_connected = bool(connection.wire)
        connection.end()
        raise EndpointError(_failure(budget.who, error, is_connected=is_connected)) from error
    except BaseException:
        connection.end()
        raise


def _failure(url: str, error: Exception, *, is_connected: bool) -> str:
    reason = excerpt(str(error)) or type(error).__name__
    if not is_connected:
        proxy = next((name for name in _PROXIES if os.environ.get(name) or os.environ.get(name.upper())), "")
        return f"cannot reach {url}: {reason}; is it running?{proxy and f' The proxy of {proxy} is not used.'}"
    if isinstance(error, BadStatusLine) and not isinstance(error, RemoteDisconnected):
        return f"{url} speaks no HTTP: '{excerpt(str(error), 60)}'"
    if isinstance(error, HTTPException) and not isinstance(error, RemoteDisconnected):
        return f"{url} answers with no HTTP that can be read: {reason}"
    return f"the connection to {url} was cut: {reason}"


def ask(address: Address, method: str, headers: Mapping[str, str], body: bytes | None, budget: Budget) -> Answer:
    """Send a request that changes nothing, follow redirects, and return the answer; see :func:`send`.

    A redirect is followed to another path of the same host and port. It is also followed from http at port 80 to https
    at port 443 of the same host: the query then goes to the host that the user named, but encrypted. The request is
    repeated unchanged, as RFC 9110 (section 15.4) allows for the status 301 and 302; only 303 asks for a GET.

    Raises:
        StatusError: for a redirect to anywhere else, or for too many.
    """
    for _ in range(_MOST_REDIRECTS + 1):
        answer = send(address, method, headers, body, budget)
        if answer.status not in (301, 302, 303, 307, 308) or not (place := answer.header("Location")):
            return answer
        with answer:
            address = _followed(address, place, answer)
        if answer.status == 303:
            method, body = "GET", None
            headers = {name: value for name, value in headers.items() if name.lower() != "content-type"}
    last = excerpt(address.url)
    raise StatusError(answer.status, f"{budget.who} leads from one address to another, at last to {last}")


def _followed(address: Address, place: str, answer: Answer) -> Address:
    """Return the address to which a redirect leads, or raise an error if it may not be followed."""
    with_signs = place.encode("latin-1", errors="replace").decode("utf-8", errors="replace")
    message = f"{answer.url} leads to {excerpt(with_signs)}; give that address if you trust it"
    refused = StatusError(answer.status, message)
    try:
        if not with_signs.isprintable():
            raise refused
        is_whole = re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", with_signs)
        there = read_address(with_signs if is_whole else urljoin(address.url, with_signs), "an address")
    except (UsageError, ValueError) as error:
        raise refused from error
    is_upgrade = (address.scheme, address.port, there.scheme, there.port) == ("http", 80, "https", 443)
    is_same = (address.scheme, address.port) == (there.scheme, there.port)
    if there.host != address.host or not (is_same or is_upgrade):
        raise refused
    return there


def refusal(answer: Answer) -> StatusError:
    """Return the error for an answer that reports no success, with the message of the server."""
    with answer:
        said = answer.message()
        place = answer.header("Location")
    if 300 <= answer.status < 400 and place:
        told = f"leads to {excerpt(place)}; give that address if you trust it"
    else:
        told = f"answers with HTTP status {answer.status}: {said or 'no message'}"
    return StatusError(answer.status, f"{answer.url} {told}")
