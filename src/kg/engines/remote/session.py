"""Requests to one address that may ask for a user: basic and digest authentication (RFC 7617, RFC 7616).

Redirects are not followed, because the password is for the given address only.
"""

from __future__ import annotations

import re
from base64 import b64encode
from typing import TYPE_CHECKING, TypeVar
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import (
    HTTPDigestAuthHandler,
    HTTPPasswordMgrWithDefaultRealm,
    Request,
    parse_http_list,
    parse_keqv_list,
)

from kg.engines.remote.address import read_address
from kg.engines.remote.http import StatusError, refusal, send
from kg.errors import EndpointError
from kg.model.terms import excerpt

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from kg.engines.remote.budget import Budget
    from kg.engines.remote.http import Answer, Body

__all__ = ["Session"]

T = TypeVar("T")

_EXPECTED = "a server such as http://localhost:7878/store; a user is given by --user NAME, the password in KG_PASSWORD"


class Session:
    """Requests to one address.

    The session remembers how the server asks for a user, so only the first request is sent twice. The first request
    should be short, because some servers cut a long one in order to ask.

    Args:
        url: the address; http or https.
        user: the name to give if the server asks for one.
        password: the password of this user.
        query: parameters that every request adds to the address.

    Raises:
        UsageError: if the address is invalid, or holds a user.
    """

    def __init__(self, url: str, user: str = "", password: str = "", query: Mapping[str, str] | None = None) -> None:
        address = read_address(url, _EXPECTED)
        self.url, self.user, self.password = address.url, user, password
        whole = f"{address.url}{'&' if '?' in address.url else '?'}{urlencode(query)}" if query else address.url
        self._address = read_address(whole, _EXPECTED)
        self._challenge = ""
        passwords = HTTPPasswordMgrWithDefaultRealm()
        passwords.add_password(None, self.url, user, password)
        self._digest = HTTPDigestAuthHandler(passwords)

    def send(
        self, budget: Budget, method: str, headers: Mapping[str, str], body: Body, read: Callable[[Answer], T]
    ) -> T:
        """Send a request, and return what a function reads from the answer.

        Args:
            budget: the limits of the exchange.
            method: the HTTP method.
            headers: the headers; they need ``Content-Length`` if the body is a file.
            body: the content to send.
            read: reads the answer, within the budget.

        Raises:
            StatusError: if the server refuses the request.
            EndpointError: if there is no answer, or it is cut.
            LimitError: if the time is over, or the answer is too large.
        """

        def exchange() -> T:
            with self._send_twice(budget, method, headers, body) as answer:
                return read(answer)

        return budget.run(exchange)

    def _send_twice(self, budget: Budget, method: str, headers: Mapping[str, str], body: Body) -> Answer:
        """Send a request, once more if the server asks for a user, and return the answer."""
        answer = self._send_once(budget, method, headers, body)
        challenge = answer.header("WWW-Authenticate")
        if answer.status == 401 and self.user and challenge:
            answer.close()
            self._challenge = challenge
            if body is not None and not isinstance(body, bytes):
                body.seek(0)
            answer = self._send_once(budget, method, headers, body)
        if 200 <= answer.status < 300:
            return answer
        raise self._refusal(answer)

    def _send_once(self, budget: Budget, method: str, headers: Mapping[str, str], body: Body) -> Answer:
        if self._challenge:
            headers = {**headers, "Authorization": self._authorization(method)}
        return send(self._address, method, headers, body, budget)

    def _authorization(self, method: str) -> str:
        """Return the answer to the challenge of the server: digest if the server offers it, else basic."""
        offered = re.search(r"\bDigest\s+(.*)", self._challenge, flags=re.I | re.S)
        if not offered:
            if not re.search(r"\bBasic\b", self._challenge, flags=re.I):
                raise EndpointError(f"{self.url} asks for '{excerpt(self._challenge)}'; expected Basic or Digest")
            return f"Basic {b64encode(f'{self.user}:{self.password}'.encode()).decode()}"
        request = Request(self._address.url, method=method)
        try:
            asked = parse_keqv_list([item for item in parse_http_list(offered[1]) if "=" in item])
            answer = self._digest.get_authorization(request, asked)
        except (ValueError, IndexError, URLError) as error:  # Python lacks the algorithm, or the challenge is broken
            raise EndpointError(f"{self.url} asks for a digest that is not known: {excerpt(str(error))}") from error
        if not answer:
            raise EndpointError(f"{self.url} asks for a digest, but not with what: '{excerpt(self._challenge)}'")
        return f"Digest {answer}"

    def _refusal(self, answer: Answer) -> StatusError:
        if answer.status != 401:
            return refusal(answer)
        answer.close()
        refused = f"refuses user '{self.user}' (HTTP status 401); check the name, and KG_PASSWORD"
        wanted = "asks for a user (HTTP status 401); give --user NAME, and the password in KG_PASSWORD"
        return StatusError(401, f"{self.url} {refused if self.user else wanted}")
