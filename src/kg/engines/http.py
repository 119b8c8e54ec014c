"""Requests to one address that may ask for a user: basic and digest authentication (RFC 7617, RFC 7616).

Each error is told in one line. Redirects are not followed, because the password is for the given address only.
"""

from __future__ import annotations

import re
from base64 import b64encode
from http.client import HTTPException, HTTPResponse
from typing import IO, TYPE_CHECKING, cast
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import (
    HTTPDigestAuthHandler,
    HTTPPasswordMgrWithDefaultRealm,
    HTTPRedirectHandler,
    Request,
    build_opener,
    parse_http_list,
    parse_keqv_list,
)

from kg.engines.endpoint import one_line
from kg.errors import EndpointError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Session", "StatusError"]


class StatusError(EndpointError):
    """A server that refuses a request.

    Attributes:
        code: the HTTP status.
    """

    def __init__(self, code: int, message: str) -> None:
        self.code = code
        super().__init__(message)


class _NoRedirects(HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


class Session:
    """Requests to one address.

    The session remembers how the server asks for a user, so that only the first request is sent twice. The first
    request should be short: some servers cut a long request off to ask for a user.

    Args:
        url: the address; http or https.
        user: the name to give if the server asks for one.
        password: the password of this user.
        timeout: seconds that an answer may take.
        query: parameters that every request adds to the address.

    Raises:
        UsageError: if the address does not start with http or https, or holds a user.
    """

    def __init__(
        self, url: str, user: str = "", password: str = "", timeout: int = 60, query: Mapping[str, str] | None = None
    ) -> None:
        if not re.match(r"https?://[^\s/]\S*$", url):
            raise UsageError(f"'{url}' is no address of a server; expected one such as http://localhost:7878/store")
        if "@" in urlsplit(url).netloc:
            raise UsageError("the address holds a user; expected --user NAME, and the password in KG_PASSWORD")
        self.url, self.user, self.password, self.timeout = url, user, password, timeout
        self._address = f"{url}{'&' if '?' in url else '?'}{urlencode(query)}" if query else url
        self._challenge = ""
        self._opener = build_opener(_NoRedirects)
        passwords = HTTPPasswordMgrWithDefaultRealm()
        passwords.add_password(None, url, user, password)
        self._digest = HTTPDigestAuthHandler(passwords)

    def send(self, method: str, headers: Mapping[str, str], body: bytes | IO[bytes] | None = None) -> HTTPResponse:
        """Return the answer to a request; the caller closes it.

        Args:
            method: the HTTP method.
            headers: the headers; they need ``Content-Length`` if the body is a file.
            body: the content to send.

        Raises:
            StatusError: if the server refuses the request.
            EndpointError: if there is no answer.
        """
        try:
            return self._send_once(method, headers, body)
        except HTTPError as error:
            challenge = ", ".join(error.headers.get_all("WWW-Authenticate") or [])
            if error.code != 401 or not self.user or not challenge:
                raise self._refusal(error) from error
            self._challenge = challenge
        if body is not None and not isinstance(body, bytes):
            body.seek(0)
        try:
            return self._send_once(method, headers, body)
        except HTTPError as error:
            raise self._refusal(error) from error

    def _send_once(self, method: str, headers: Mapping[str, str], body: bytes | IO[bytes] | None) -> HTTPResponse:
        request = Request(self._address, data=body, method=method, headers={"User-Agent": "immunokg", **headers})
        if self._challenge:
            request.add_header("Authorization", self._authorization(request))
        try:
            return cast("HTTPResponse", self._opener.open(request, timeout=self.timeout))
        except HTTPError:
            raise
        except (HTTPException, OSError) as error:
            raise EndpointError(self._failure(error)) from error

    def _authorization(self, request: Request) -> str:
        """Return the answer to the challenge of the server: digest if the server offers it, else basic."""
        offered = re.search(r"\bDigest\s+(.*)", self._challenge, flags=re.I | re.S)
        if not offered:
            if not re.search(r"\bBasic\b", self._challenge, flags=re.I):
                raise EndpointError(f"{self.url} asks for '{one_line(self._challenge)}'; expected Basic or Digest")
            return f"Basic {b64encode(f'{self.user}:{self.password}'.encode()).decode()}"
        asked = parse_keqv_list([item for item in parse_http_list(offered[1]) if "=" in item])
        try:
            answer = self._digest.get_authorization(request, asked)
        except (ValueError, URLError) as error:  # Python lacks the algorithm
            raise EndpointError(f"{self.url} asks for a digest that is not known: {one_line(str(error))}") from error
        return f"Digest {answer}"

    def _refusal(self, error: HTTPError) -> StatusError:
        """Return the error for a refused request: what the server said, and what to do."""
        said = one_line(re.sub(r"<[^<>]*>", " ", _body(error)))
        if error.code == 401:
            refused = f"refuses user '{self.user}' (HTTP status 401); check the name, and KG_PASSWORD"
            wanted = "asks for a user (HTTP status 401); give --user NAME, and the password in KG_PASSWORD"
            return StatusError(401, f"{self.url} {refused if self.user else wanted}")
        if 300 <= error.code < 400:
            place = one_line(error.headers.get("Location") or "another address")
            return StatusError(error.code, f"{self.url} leads to {place}; give that address if you trust it")
        return StatusError(error.code, f"{self.url} answers with HTTP status {error.code}: {said or 'no message'}")

    def _failure(self, error: Exception) -> str:
        reason = error.reason if isinstance(error, URLError) else error
        if isinstance(reason, TimeoutError):
            return f"{self.url} gave no answer in {self.timeout} s; give --timeout SECONDS for longer"
        is_cut = isinstance(reason, HTTPException | ConnectionResetError | BrokenPipeError | ConnectionAbortedError)
        if is_cut:
            return f"the connection to {self.url} was cut: {one_line(str(reason))}"
        return f"cannot reach {self.url}: {one_line(str(reason))}; is it running?"


def _body(error: HTTPError) -> str:
    try:
        return error.read(10_000).decode("utf-8", errors="replace")
    except (HTTPException, OSError):  # the status has arrived, but the message is lost
        return ""
