"""Connections whose every read and write is within a budget; see :mod:`kg.engines.budget`.

``http.client`` speaks HTTP over what :class:`Wire` gives it in the place of a socket. So endless headers, endless
interim answers (``100 Continue``) and bodies that trickle are bounded where they come in, and nowhere else.

Proxies that the environment names are not used: the address that was given is asked, and no other.
"""

from __future__ import annotations

import io
import socket
from contextlib import suppress
from http.client import HTTPConnection
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from kg.engines.address import Address
    from kg.engines.budget import Budget

__all__ = ["Connection", "Wire"]


class Wire:
    """A connected socket, as ``http.client`` uses one.

    Args:
        socket: what is read and written; it can be exchanged for one with TLS.
        budget: what its reads and writes may take; it can be exchanged for a smaller one.
    """

    def __init__(self, socket: socket.socket, budget: Budget) -> None:
        self.socket, self.budget = socket, budget
        self._holder = budget
        budget.hold(self)

    def within_time(self, work: Callable[[], Any]) -> Any:
        """Return what a call of the socket returns, which has the time that is left."""
        self.socket.settimeout(self.budget.left())
        try:
            return work()
        except TimeoutError as error:
            if error.errno is None:  # else it is the network that has given up
                raise self.budget.out_of_time() from error
            raise

    def sendall(self, data: Any) -> None:
        """Send all of some bytes."""
        self.within_time(lambda: self.socket.sendall(data))

    def makefile(self, *_: object) -> io.BufferedReader:
        """Return the file that the answer is read from."""
        return io.BufferedReader(_Incoming(self))

    def close(self) -> None:
        """Do nothing: ``http.client`` closes before the body is read, :meth:`end` afterwards."""

    def stop(self) -> None:
        """End what waits for the other side, from any thread."""
        with suppress(OSError):
            socket.socket.shutdown(self.socket, socket.SHUT_RDWR)  # that of TLS is not for other threads

    def end(self) -> None:
        """Close the connection."""
        self._holder.release(self)
        with suppress(OSError):
            self.socket.close()


class _Incoming(io.RawIOBase):
    """What comes from a wire."""

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
        wire: what it goes over, once it is connected.
    """

    def __init__(self, address: Address, budget: Budget) -> None:
        super().__init__(address.host, address.port)
        self.address, self.budget = address, budget
        self.wire: Wire | None = None

    def connect(self) -> None:
        """Connect to the first place of the name that takes the connection; each has a part of the time.

        Raises:
            OSError: if there is no such name, none takes it, or TLS fails.
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
        """Speak TLS on a wire: the certificate has to be one for the host, from an authority that the system trusts."""
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
