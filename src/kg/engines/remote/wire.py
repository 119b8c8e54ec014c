"""Connections whose every read and write is within a budget; see :mod:`kg.engines.remote.budget`.

``http.client`` speaks HTTP over a :class:`Wire` in place of a socket. So endless headers, endless interim answers
(``100 Continue``) and slow bodies are all limited at one place: where their bytes arrive.

Proxies of the environment are not used: no other address is asked than the given one.
"""

from __future__ import annotations

import io
import socket
from contextlib import suppress
from http.client import HTTPConnection
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from kg.engines.remote.address import Address
    from kg.engines.remote.budget import Budget

__all__ = ["Connection", "Wire"]


class Wire:
    """A connected socket with the methods that ``http.client`` uses.

    Args:
        socket: the socket; TLS replaces it by another one.
        budget: the limits of its reads and writes; a smaller budget can replace it.
    """

    def __init__(self, socket: socket.socket, budget: Budget) -> None:
        self.socket, self.budget = socket, budget
        self._holder = budget
        budget.hold(self)

    def within_time(self, work: Callable[[], Any]) -> Any:
        """Return what a call of the socket returns; the call may take the time that is left."""
        self.socket.settimeout(self.budget.left())
        try:
            return work()
        except TimeoutError as error:
            if error.errno is None:  # otherwise the network has given up
                raise self.budget.out_of_time() from error
            raise

    def sendall(self, data: Any) -> None:
        """Send all of some bytes."""
        self.within_time(lambda: self.socket.sendall(data))

    def makefile(self, *_: object) -> io.BufferedReader:
        """Return the file that the answer is read from."""
        return io.BufferedReader(_Incoming(self))

    def close(self) -> None:
        """Do nothing: ``http.client`` calls this before the body is read, and :meth:`end` closes the socket."""

    def stop(self) -> None:
        """End the reads and writes that wait for the other side; any thread may call this."""
        with suppress(OSError):
            socket.socket.shutdown(self.socket, socket.SHUT_RDWR)  # other threads may not call that of TLS

    def end(self) -> None:
        """Close the connection."""
        self._holder.release(self)
        with suppress(OSError):
            self.socket.close()


class _Incoming(io.RawIOBase):
    """The bytes that arrive over a wire, as a file."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        size: int = self.wire.within_time(lambda: self.wire.socket.recv_into(buffer))
        self.wire.budget.take(size)
        return size


class Connection(HTTPConnection):
    """A connection to an address, for one request.

    Attributes:
        wire: the connected socket, or None before that.
    """

    def __init__(self, address: Address, budget: Budget) -> None:
        super().__init__(address.host, address.port)
        self.address, self.budget = address, budget
        self.wire: Wire | None = None

    def connect(self) -> None:
        """Connect to the first IP address of the host that accepts; each may take its part of the time.

        Raises:
            OSError: if the name of the host is unknown, no IP address accepts, or TLS fails.
        """
        self.budget.left()
        places = socket.getaddrinfo(self.address.host, self.address.port, type=socket.SOCK_STREAM)
        for number, (family, kind, protocol, _, place) in enumerate(places, start=1):
            try:
                wire = Wire(socket.socket(family, kind, protocol), self.budget)
                self._connect(wire, place, self.budget.left() / (len(places) - number + 1))
                break
            except OSError:
                if number == len(places):
                    raise
        self.wire = wire
        self.sock: Any = wire

    def _connect(self, wire: Wire, place: Any, seconds: float) -> None:
        try:
            wire.socket.settimeout(seconds)
            wire.socket.connect(place)
            if self.address.scheme == "https":
                self._secure(wire)
        except TimeoutError:
            wire.end()
            self.budget.left()
            raise
        except BaseException:
            wire.end()
            raise

    def _secure(self, wire: Wire) -> None:
        """Start TLS: the certificate must be for the host, and from an authority that the system trusts."""
        import ssl

        context = ssl.create_default_context()
        name = self.address.host.partition("%")[0]  # without the zone of an IPv6 address
        secured = context.wrap_socket(wire.socket, server_hostname=name, do_handshake_on_connect=False)
        wire.socket = secured
        wire.within_time(secured.do_handshake)

    def end(self) -> None:
        """Close the connection."""
        if self.wire:
            self.wire.end()
