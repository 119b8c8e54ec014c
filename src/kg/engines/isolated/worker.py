"""Queries that are not the project's own run in a process that can be stopped, and that has no network.

Oxigraph can neither be interrupted nor limited from inside, and some queries end the process that runs them. So a
stranger's query goes to a process of its own (:mod:`kg.engines.isolated.worker_process`): it is killed at a deadline,
and the system limits its memory and its CPU. A process answers one query at a time and is kept for the next one,
which takes milliseconds; to start one takes about as long as a cold query.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from threading import BoundedSemaphore, Lock, Thread
from time import monotonic
from typing import TYPE_CHECKING, Any, NamedTuple

from kg.engines.isolated.sandbox import resident
from kg.engines.limits import Limits
from kg.engines.remote.answers import read_results, read_triples
from kg.engines.remote.budget import Budget
from kg.errors import LimitError, UsageError

if TYPE_CHECKING:
    from pathlib import Path
    from queue import SimpleQueue

    from pyoxigraph import QueryBoolean, Triple

    from kg.engines.asking import Rows

    Frame = tuple[bytes, bytes]

__all__ = ["LOCKS", "Turn", "Worker"]

LOCKS = ("unshare_network", "refuse_sockets")
_LOOKED_AT = 20_000  # characters of a query that ended a process, which are looked at in a tenth of a second
_GLANCE = 0.2  # seconds between two looks at the memory of a process
_ERRORS: dict[str, type[Exception]] = {"SyntaxError": SyntaxError, "OSError": OSError, "ValueError": ValueError}
_NO_LIMIT_OF_MEMORY = sys.platform != "linux"  # RLIMIT_AS does nothing, so what the process occupies is watched
_START = (
    "import sys, json; sys.path[:] = json.loads(sys.argv[1])\n"
    "from kg.engines.isolated.worker_process import serve; serve()"
)


class Worker:
    """A dataset that is asked as a store is, with limits.

    It may be used by several threads; each gets a process while it asks, up to one for each core.

    Args:
        path: the dataset.
        limits: what each query may take.
        locks: the names of the locks of :mod:`kg.engines.isolated.sandbox` that its processes take.
    """

    def __init__(self, path: Path, limits: Limits | None = None, locks: tuple[str, ...] = LOCKS) -> None:
        self.path, self.limits, self.locks = path, limits or Limits(), locks
        self._forget()

    def _forget(self) -> None:
        """Begin without processes; those of a process that this one was forked from are left to it."""
        self._pid, self._idle, self._lock = os.getpid(), list[_Process](), Lock()
        self._free = BoundedSemaphore(os.cpu_count() or 1)

    def begin(self) -> Turn:
        """Return a turn: several queries that have one deadline together, from now on."""
        return Turn(self, monotonic() + self.limits.deadline)

    def query(self, text: str, end: float | None = None) -> Rows | QueryBoolean | list[Triple]:
        """Return rows, yes or no, or triples, as a store does.

        Args:
            text: the query.
            end: when it is to be stopped, by the monotonic clock; the deadline from now if not given.

        Raises:
            SyntaxError: if it is no query; as the engine tells it.
            LimitError: if it was stopped, or ended the process that ran it.
        """
        end = monotonic() + self.limits.deadline if end is None else end
        if self._pid != os.getpid():
            self._forget()
        if not self._free.acquire(timeout=max(end - monotonic(), 0.0)):
            raise LimitError(self._too_long())
        try:
            with self._lock:
                process = self._idle.pop() if self._idle else None
            process = process or _Process(self.path, self.locks)
            kind, content = self._asked(process, text, end)
            with self._lock:
                self._idle.append(process)
        finally:
            self._free.release()
        budget = Budget("the query", self.limits.deadline).part(end - monotonic())
        return read_triples(content, budget) if kind == "triples" else read_results(content, budget)

    def close(self) -> None:
        """Stop the processes that are idle."""
        if self._pid == os.getpid():
            with self._lock:
                while self._idle:
                    self._idle.pop().stop()

    def _asked(self, process: _Process, text: str, end: float) -> tuple[str, bytes]:
        """Return the kind and the content of an answer; a process that gives none is stopped."""
        try:
            return process.ask(text, self.limits, end)
        except _StoppedError as error:
            process.stop()
            raise LimitError(self._why(error, text)) from error
        except (SyntaxError, OSError, ValueError, RuntimeError):  # the engine's own word, and the process is well
            with self._lock:
                self._idle.append(process)
            raise
        except BaseException:  # such as an interrupt: what it would still say would be taken for the next answer
            process.stop()
            raise

    def _too_long(self) -> str:
        seconds = f"{self.limits.deadline:g} s"
        return f"the query was stopped after {seconds}; narrow it, or give more time with --deadline SECONDS"

    def _why(self, stopped: _StoppedError, text: str) -> str:
        """Return what a stopped query has to be told about."""
        if stopped.reason == "deadline":
            return self._too_long()
        if stopped.reason == "memory":
            size = f"{self.limits.memory / (1 << 30):g} GB"
            return f"the query was stopped at {size} of memory; narrow it, or give more with --memory SIZE"
        if stopped.reason == "answer":
            size = f"{self.limits.answer >> 20} MB"
            return f"the answer has more than {size}; ask for less of it with LIMIT, or write all with `kg export`"
        from kg.engines.sparql.shape import MOST, shape_of

        excess = shape_of(text[:_LOOKED_AT]).excess(MOST)
        where = f"in its first {_LOOKED_AT:,} characters " if excess and len(text) > _LOOKED_AT else ""
        return f"the engine cannot take the query: {where}{excess or 'it is nested too deeply or too large'}"


class Turn(NamedTuple):
    """A worker, and when all that it is asked is to be stopped."""

    worker: Worker
    end: float

    def query(self, text: str) -> Rows | QueryBoolean | list[Triple]:
        """Return what :meth:`Worker.query` does."""
        return self.worker.query(text, self.end)


class _StoppedError(Exception):
    """A query that was stopped, with the reason: ``deadline``, ``memory``, ``answer`` or ``crash``."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class _Process:
    """A process that runs queries, one at a time."""

    def __init__(self, path: Path, locks: tuple[str, ...]) -> None:
        from queue import SimpleQueue

        options = ["-I", "-S", *(["-B"] if sys.dont_write_bytecode else [])]
        command = [sys.executable, *options, "-c", _START, json.dumps(sys.path)]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
        # a session of its own, so that Ctrl-C on the terminal is told to us alone
        self._process = subprocess.Popen(command, **pipes, start_new_session=True)  # type: ignore[call-overload]
        self._frames: SimpleQueue[Frame] = SimpleQueue()
        Thread(target=_pass_on, args=(self._process.stdout, self._frames), daemon=True).start()
        self._tell({"path": str(path.absolute()), "locks": locks})
        self._is_ready = False

    def ask(self, text: str, limits: Limits, end: float) -> tuple[str, bytes]:
        """Return the kind and the content of an answer.

        Args:
            text: the query.
            limits: what it may take.
            end: when it is to be stopped, by the monotonic clock.

        Raises:
            _StoppedError: if there is none; the process is of no use then.
        """
        if not self._is_ready:
            self._expect(b"R", limits, end)
            self._is_ready = True
        left = max(end - monotonic(), 0.0)
        self._tell({"text": text, "deadline": left, "memory": limits.memory, "answer": limits.answer})
        content = bytearray()
        while True:
            letter, part = self._next(limits, end)
            if letter == b"E":
                return part.decode(), bytes(content)
            self._check(letter, part)
            content += part

    def stop(self) -> None:
        """Kill the process, and wait until it is gone."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(OSError):
                if pipe:
                    pipe.close()

    def _tell(self, what: dict[str, Any]) -> None:
        assert self._process.stdin
        with suppress(BrokenPipeError):  # it has ended; why is told where its answer is waited for
            self._process.stdin.write(json.dumps(what).encode() + b"\n")
            self._process.stdin.flush()

    def _expect(self, letter: bytes, limits: Limits, end: float) -> None:
        found, part = self._next(limits, end)
        if found != letter:
            self._check(found, part)

    def _next(self, limits: Limits, end: float) -> Frame:
        """Return the next frame."""
        from queue import Empty

        while (left := end - monotonic()) > 0:
            try:
                letter, part = self._frames.get(timeout=min(left, _GLANCE) if _NO_LIMIT_OF_MEMORY else left)
            except Empty:
                if _NO_LIMIT_OF_MEMORY and (resident(self._process.pid) or 0) > limits.memory:
                    raise _StoppedError("memory") from None
                continue
            if not letter:
                raise _StoppedError(self._cause())
            return letter, part
        raise _StoppedError("deadline")

    def _check(self, letter: bytes, part: bytes) -> None:
        """Raise the error that a frame tells."""
        if letter != b"X":
            return
        name, message = json.loads(part)
        if name in ("MemoryError", "TooLargeError"):
            raise _StoppedError("memory" if name == "MemoryError" else "answer")
        if name in ("UsageError", "SourceError"):
            raise UsageError(message)
        raise _ERRORS.get(name, RuntimeError)(message)

    def _cause(self) -> str:
        """Return why a process has ended by itself."""
        code = self._process.wait()
        if code == -getattr(signal, "SIGXCPU", 0):
            return "deadline"
        # Rust aborts where it gets no memory; the system kills where all of it is taken
        return "memory" if code in (-getattr(signal, "SIGABRT", 6), -getattr(signal, "SIGKILL", 9)) else "crash"


def _pass_on(pipe: Any, frames: SimpleQueue[Frame]) -> None:
    """Put the frames of a pipe into a queue, an empty one at its end."""
    with suppress(OSError, ValueError):  # it was closed
        while len(head := pipe.read(5)) == 5:
            frames.put((head[:1], pipe.read(int.from_bytes(head[1:], "big"))))
    frames.put((b"", b""))
