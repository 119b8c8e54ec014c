"""Requests to one address that may ask who we are: basic and digest authentication (RFC 7617, RFC 7616).

No redirect is followed: the password is for the address that was given.
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

from kg.engines.address import read_address
from kg.engines.http import StatusError, refusal, send
from kg.errors import EndpointError
from kg.model.terms import excerpt

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from kg.engines.budget import Budget
    from kg.engines.http import Answer, Body

__all__ = ["Session"]

T = TypeVar("T")

_EXPECTED = "a server such as http://localhost:7878/store; a user is given by --user NAME, the password in KG_PASSWORD"


class Session:
    """Requests to one address, within one budget.

    What a server asks of a name and password is remembered, so that only the first request is sent twice. That one
    should be short: some servers cut a long one to ask.

    Args:
        url: the address; http or https.
        user: the name to give if the server asks for one.
        password: the word that goes with it.
        query: parameters that every request adds to the address.

    Raises:
        UsageError: if the address is not one of the web, or holds a user.
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
        """Return what is made of the answer to a request.

        Args:
            budget: what the exchange may take.
            method: of HTTP.
            headers: with ``Content-Length`` where the body is a file.
            body: what is sent.
            read: what to make of the answer, while the time runs.

        Raises:
            StatusError: if the server refuses.
            EndpointError: if there is no answer, or it is cut.
            LimitError: if the time is over, or the answer too large.
        """

        def exchange() -> T:
            with self._send_twice(budget, method, headers, body) as answer:
                return read(answer)

        return budget.run(exchange)

    def _send_twice(self, budget: Budget, method: str, headers: Mapping[str, str], body: Body) -> Answer:
        """Return the answer to a request, which is sent again where the server wants to know who sends it."""
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
        """Return the answer to the challenge: by digest where the server offers it."""
        offered = re.search(r"\bDigest\s+(.*)", self._challenge, flags=re.I | re.S)
        if not offered:
            if not re.search(r"\bBasic\b", self._challenge, flags=re.I):
                raise EndpointError(f"{self.url} asks for '{excerpt(self._challenge)}'; expected Basic or Digest")
            return f"Basic {b64encode(f'{self.user}:{self.password}'.encode()).decode()}"
        request = Request(self._address.url, method=method)
        try:
            asked = parse_keqv_list([item for item in parse_http_list(offered[1]) if "=" in item])
            answer = self._digest.get_authorization(request, asked)
        except (ValueError, IndexError, URLError) as error:  # an algorithm that the library lacks, or no challenge
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
