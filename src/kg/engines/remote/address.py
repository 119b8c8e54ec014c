"""Addresses of servers, as users write them: an address becomes a valid URL with the same meaning, or is refused.

Characters that may not stand in a path or a query are percent-encoded as UTF-8 (RFC 3986). The name of a host is
written in ASCII (IDNA, RFC 3490). An address is refused if a part of it would not be sent (a user name, a fragment), or
if its host could mean two names: IDNA 2003 and 2008 differ on four letters (Unicode Technical Standard 46, section 7).
"""

from __future__ import annotations

import re
from ipaddress import AddressValueError, IPv6Address
from typing import NamedTuple
from urllib.parse import quote, unquote

from kg.errors import UsageError
from kg.model.terms import excerpt

__all__ = ["Address", "read_address"]

_PARTS = (
    r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?P<authority>[^/?#\\]*)(?P<path>/[^?#]*)?(?P<query>\?[^#]*)?(?P<rest>#.*)?"
)
_PORTS = {"http": 80, "https": 443}
_PATH = "/!$&'()*+,;=:@%"  # may stand in a path, as may letters, digits and -._~
_DEVIATIONS = "\u00df\u03c2\u200c\u200d"  # sharp s, final sigma, joiners
_CONTROLS = r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]"


class Address(NamedTuple):
    """The address of a server, in ASCII.

    Attributes:
        scheme: http or https.
        host: a name, or an IP address without brackets.
        port: the port; that of the scheme if none was given.
        target: the path and the query, as they are sent.
        url: the whole address.
    """

    scheme: str
    host: str
    port: int
    target: str
    url: str

    @property
    def authority(self) -> str:
        """The host and its port for the header ``Host``, without the zone of an IPv6 address (RFC 6874)."""
        host = self.host.partition("%")[0]
        host = f"[{host}]" if ":" in host else host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"


def read_address(text: str, expected: str) -> Address:
    """Return the address that a user wrote.

    Args:
        text: the text of the user.
        expected: the end of an error message, such as ``"a SPARQL endpoint such as http://localhost:8890/sparql"``.

    Raises:
        UsageError: if the text is not an address. The message does not show what stands before an ``@``.

    Example:
        >>> read_address("http://localhost/a b?q=ü", "an address").url
        'http://localhost/a%20b?q=%C3%BC'
        >>> read_address("https://münchen.example/", "an address").host
        'xn--mnchen-3ya.example'
    """

    def wrong(reason: str) -> UsageError:
        shown = excerpt(re.sub(r"//.*@", "//...@", text, flags=re.S), 120)
        return UsageError(f"'{shown}' {reason}; expected {expected}")

    if re.search(_CONTROLS, text):
        raise wrong("has a control character")
    found = re.fullmatch(_PARTS, text.strip())
    scheme = found["scheme"].lower() if found else ""
    if not found or scheme not in _PORTS:
        raise wrong("is no address of the web")
    if "@" in found["authority"]:
        raise wrong("holds a user name, which is not sent from there")
    if found["rest"] is not None:
        raise wrong("has a fragment (#), which is never sent")
    try:
        host, port = _read_authority(found["authority"])
    except ValueError as error:
        raise wrong(str(error)) from error
    path, query = _encoded(found["path"] or "", _PATH), _encoded(found["query"] or "", f"{_PATH}?")
    shown = f"[{host.replace('%', '%25')}]" if ":" in host else host
    url = f"{scheme}://{shown}{f':{port}' if port else ''}{path}{query}"
    return Address(scheme, host, port or _PORTS[scheme], f"{path or '/'}{query}", url)


def _encoded(text: str, safe: str) -> str:
    """Return a part of an address, percent-encoded where it is not encoded yet."""
    return re.sub("%(?![0-9A-Fa-f]{2})", "%25", quote(text, safe=safe))


def _read_authority(text: str) -> tuple[str, int | None]:
    """Return a host and its port.

    Raises:
        ValueError: if one of them is invalid; its message continues "the address ...".
    """
    found = re.fullmatch(r"(\[[^\[\]]*\]|[^:\[\]]*)(?::(.*))?", text)
    if not found:
        raise ValueError("has brackets or colons in its host where there can be none")
    name, digits = found[1], found[2]
    port = int(digits) if digits and re.fullmatch(r"[0-9]{1,5}", digits) else None
    if digits and not (port and port < 1 << 16):
        raise ValueError(f"has the port '{excerpt(digits, 20)}', where a number up to 65535 stands")
    return _read_number(name[1:-1]) if name.startswith("[") else _read_name(name), port


def _read_number(text: str) -> str:
    """Return the IPv6 address, with its zone, that stands between brackets."""
    number, _, zone = unquote(text).partition("%")
    try:
        IPv6Address(number)
    except AddressValueError as error:
        raise ValueError("has no IPv6 address between its brackets") from error
    if not re.fullmatch(r"[\w.~-]*", zone, flags=re.A):
        raise ValueError("has no zone of an IPv6 address that can be read")
    return f"{number}%{zone}" if zone else number


def _read_name(text: str) -> str:
    """Return the name of a host in ASCII and in small letters."""
    if not text:
        raise ValueError("names no host")
    if any(letter in text for letter in _DEVIATIONS):
        raise ValueError("has a host that is written in two ways in ASCII; give the one that is meant (xn--...)")
    try:
        name = text.encode("idna").decode().lower()
    except UnicodeError as error:
        raise ValueError("has a host that is no name") from error
    if not re.fullmatch(r"[a-z0-9._-]{1,253}", name):
        raise ValueError("has a host with signs that no name has")
    return name
