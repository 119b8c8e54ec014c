"""The limits of an exchange with a server: one budget of time and bytes for all its requests together.

The time-out of a socket is for one read, so a server that sends one byte a second never reaches it. A budget is for the
whole exchange: the lookup of the name, the connection, each request, each page, and each wait before a request is
repeated. The exchange runs in a thread of its own, because the lookup of a name cannot be given a time limit.
"""

from __future__ import annotations

from contextlib import suppress
from math import inf
from threading import Event, Thread
from time import monotonic
from typing import TYPE_CHECKING, Protocol, TypeVar

from kg.engines.limits import LARGEST_ANSWER
from kg.errors import LimitError

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Budget", "Stoppable"]

T = TypeVar("T")

_TICK = 0.2  # seconds of one wait: on Windows, an interrupt arrives only between waits
_GRACE = 0.3  # seconds that a stopped exchange has to end
NARROW = "narrow the query, or give --deadline SECONDS for longer"


class Stoppable(Protocol):
    """A connection that an exchange has open."""

    def stop(self) -> None:
        """End the reads and writes that wait for the other side; any thread may call this."""


class Budget:
    """The seconds and the bytes that an exchange may take, from now on.

    Args:
        who: the address that is asked, for messages.
        seconds: the time for the exchange.
        size: the bytes that may arrive; :data:`kg.engines.limits.LARGEST_ANSWER` if not given.
        advice: what the user can do when the time is over, for messages.
    """

    def __init__(self, who: str, seconds: float, size: int = 0, advice: str = NARROW) -> None:
        self.who, self.seconds, self.size, self.advice = who, seconds, size or LARGEST_ANSWER, advice
        self._end = monotonic() + seconds
        self._bytes = 0
        self._stopped = Event()
        self._open: set[Stoppable] = set()

    def left(self) -> float:
        """Return the seconds that are left.

        Raises:
            LimitError: if none are left.
        """
        left = self._end - monotonic()
        if left <= 0 or self._stopped.is_set():
            raise self.out_of_time()
        return left

    def out_of_time(self) -> LimitError:
        """Return the error for an exchange whose time is over."""
        return LimitError(f"{self.who} gave no whole answer in {self.seconds:g} s; {self.advice}")

    def take(self, size: int) -> None:
        """Count bytes that have arrived.

        Raises:
            LimitError: if too many have arrived.
        """
        self._bytes += size
        if self._bytes > self.size:
            raise self.out_of_bytes()

    def out_of_bytes(self) -> LimitError:
        """Return the error for an exchange in which too many bytes arrive, or are announced."""
        size = f"{self.size >> 20} MiB" if self.size >> 20 else f"{self.size:,} bytes"
        return LimitError(f"{self.who} sends more than {size}, which no option raises; narrow the query, as by LIMIT")

    def part(self, seconds: float = inf, size: int = 0, who: str = "") -> Budget:
        """Return a budget for a part of the exchange; its time ends no later than that of the whole.

        Args:
            seconds: the time for the part.
            size: the bytes that may arrive; those of a new budget if not given.
            who: the address that is asked, if it is another one.
        """
        part = Budget(who or self.who, self.seconds, size, self.advice)
        part._end = min(self._end, monotonic() + seconds)
        part._stopped, part._open = self._stopped, self._open
        return part

    def sleep(self, seconds: float) -> bool:
        """Wait, and return whether time is left then; return at once if none would be left."""
        if seconds >= self.left():
            return False
        return not self._stopped.wait(seconds)

    def hold(self, what: Stoppable) -> None:
        """Remember a connection, to stop it when the time is over."""
        self._open.add(what)
        if self._stopped.is_set():
            what.stop()

    def release(self, what: Stoppable) -> None:
        """Forget a connection that was closed."""
        self._open.discard(what)

    def stop(self) -> None:
        """End the exchange: its connections are stopped, and it opens no other."""
        self._stopped.set()
        for what in list(self._open):
            what.stop()

    def run(self, work: Callable[[], T]) -> T:
        """Run an exchange in a thread of its own, and return what it returns or raise what it raises.

        An interrupt (``KeyboardInterrupt``) is raised at once.

        Args:
            work: the exchange. Its thread ends soon after the time is over; only the lookup of a name can last longer,
                and nobody waits for that.

        Raises:
            LimitError: if the time is over.
        """
        results: list[T] = []
        errors: list[BaseException] = []
        done = Event()

        def worker() -> None:
            try:
                results.append(work())
            except BaseException as error:
                errors.append(error)
            finally:
                done.set()

        try:
            Thread(target=worker, name="kg exchange", daemon=True).start()
            while not done.wait(min(_TICK, self.left())):
                pass
        except BaseException:
            self.stop()
            with suppress(KeyboardInterrupt):  # a second one; the first is raised below
                done.wait(_GRACE)
            raise
        if errors:
            raise errors.pop()
        return results.pop()
