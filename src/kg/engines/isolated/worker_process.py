"""The process that runs a stranger's queries; :mod:`kg.engines.isolated.worker` starts it, talks to it and stops it.

It reads a line of JSON for each query from stdin, and writes frames to stdout: a letter, the length as four bytes, and
the content. ``R`` says that the store is open, ``D`` is a part of an answer, ``E`` ends it (JSON: its kind), ``X`` ends
it with an error (JSON: its class, its message). It is told to stop by the end of stdin, or killed.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from threading import Thread
from time import sleep
from typing import Any

from pyoxigraph import QueryBoolean, QueryResultsFormat, QuerySolutions, RdfFormat, serialize

from kg.engines.isolated import sandbox
from kg.engines.local.embedded import open_store
from kg.errors import KGError

__all__ = ["serve"]

_PART = 1 << 16  # bytes of a frame
_GLANCE = 0.5  # seconds between two looks for the parent


class TooLargeError(Exception):
    """An answer that has more bytes than it may have."""


class _Out:
    """A file to write an answer to, which leaves this process as frames.

    Args:
        pipe: where the frames go.
        most: how many bytes the answer may have.
    """

    def __init__(self, pipe: int, most: int) -> None:
        self._pipe, self._left, self._kept = pipe, most, bytearray()

    def write(self, content: bytes) -> int:
        self._left -= len(content)
        if self._left < 0:
            raise TooLargeError
        self._kept += content
        if len(self._kept) >= _PART:
            self.flush()
        return len(content)

    def flush(self) -> None:
        if self._kept:
            send(self._pipe, b"D", self._kept)
            self._kept = bytearray()


def send(pipe: int, letter: bytes, content: bytes | bytearray) -> None:
    """Write a frame."""
    rest = memoryview(letter + len(content).to_bytes(4, "big") + content)
    while rest:
        rest = rest[os.write(pipe, rest) :]


def serve() -> None:
    """Open a store, then answer queries until stdin ends.

    The first line of stdin says which: JSON with ``path`` and ``locks``, the names of the locks of
    :mod:`kg.engines.isolated.sandbox` to take before.
    """
    pipe = os.dup(1)
    os.dup2(2, 1)  # what a library prints is no frame
    first = json.loads(sys.stdin.buffer.readline())
    for lock in first["locks"]:
        getattr(sandbox, lock)()
    Thread(target=_leave_with, args=(os.getppid(),), daemon=True).start()
    try:
        store = open_store(Path(first["path"]))
    except KGError as error:
        _fail(pipe, error)
        return
    send(pipe, b"R", b"")
    for line in sys.stdin.buffer:
        _answer(pipe, store, json.loads(line))


def _leave_with(parent: int) -> None:
    """End this process when the one that started it is gone, in the midst of a query too.

    (Linux can do so itself, by PR_SET_PDEATHSIG, but when the thread ends that started the process.)
    """
    while os.getppid() == parent:
        sleep(_GLANCE)
    os._exit(0)


def _answer(pipe: int, store: Any, asked: dict[str, Any]) -> None:
    """Answer a query: ``text``, ``deadline`` (seconds), ``memory`` and ``answer`` (bytes)."""
    sandbox.limit_cpu(asked["deadline"])
    sandbox.limit_memory(asked["memory"])
    frames = _Out(pipe, asked["answer"])
    out: Any = frames  # all that the writers call of a file
    try:
        found = store.query(asked["text"])
        kind = "rows" if isinstance(found, QuerySolutions) else "boolean"
        if isinstance(found, QuerySolutions | QueryBoolean):
            found.serialize(out, format=QueryResultsFormat.JSON)
        else:
            kind = "triples"
            serialize(found, out, format=RdfFormat.N_TRIPLES)
        frames.flush()
        send(pipe, b"E", kind.encode())
    except Exception as error:  # whatever the engine raises is the answer
        _fail(pipe, error)


def _fail(pipe: int, error: BaseException) -> None:
    message = str(getattr(error, "msg", None) or error)
    send(pipe, b"X", json.dumps([type(error).__name__, message]).encode())
