"""Each lock of a worker's process holds without the others: what it forbids fails, in a process that takes it alone."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from kg.engines.isolated.worker import LOCKS, Worker
from kg.engines.limits import Limits
from kg.errors import QueryError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kg import KnowledgeGraph

linux = pytest.mark.skipif(sys.platform != "linux", reason="the locks are Linux's; SECURITY.md says so")
CONNECT = """
import socket
from kg.engines.isolated import sandbox
assert sandbox.{lock}()
try:
    socket.create_connection(("127.0.0.1", {port}), timeout=2)
    print("connected")
except OSError as error:
    print(type(error).__name__)
"""


@pytest.fixture
def listener() -> Iterator[tuple[int, list[object]]]:
    """A port of loopback, and the connections that were made to it."""
    made: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.1)
        ended = threading.Event()

        def accept() -> None:
            while not ended.is_set():
                try:
                    connection, address = server.accept()
                    made.append(address)
                    connection.close()
                except TimeoutError:
                    continue

        thread = threading.Thread(target=accept)
        thread.start()
        yield server.getsockname()[1], made
        ended.set()
        thread.join()


@linux
@pytest.mark.parametrize("lock", LOCKS)
def test_lock_alone_forbids_to_connect(lock: str, listener: tuple[int, list[object]]) -> None:
    port, made = listener
    program = CONNECT.format(lock=lock, port=port)
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert found.stdout.strip() in ("OSError", "PermissionError", "ConnectionRefusedError")
    assert made == []


def test_without_locks_a_query_gets_out(mini_dataset: Path, listener: tuple[int, list[object]]) -> None:
    port, made = listener
    with pytest.raises((RuntimeError, OSError)):
        Worker(mini_dataset, Limits(deadline=5), locks=()).query(f"ASK {{ SERVICE <http://127.0.0.1:{port}/> {{}} }}")
    assert made


@linux
@pytest.mark.parametrize("lock", LOCKS)
def test_engine_behind_a_lock_alone_gets_nowhere(
    lock: str, mini_dataset: Path, listener: tuple[int, list[object]]
) -> None:
    port, made = listener
    worker = Worker(mini_dataset, Limits(deadline=5), locks=(lock,))
    for host in ("127.0.0.1", "localhost", "[::1]"):
        with pytest.raises((RuntimeError, OSError)):
            worker.query(f"ASK {{ SERVICE <http://{host}:{port}/> {{}} }}")
    assert made == []
    assert worker.query("ASK {}")
    worker.close()


def test_lexer_alone_refuses_before_a_process_is_asked(
    mini_graph: KnowledgeGraph, listener: tuple[int, list[object]], monkeypatch: pytest.MonkeyPatch
) -> None:
    port, made = listener
    monkeypatch.setattr("kg.engines.isolated.worker.LOCKS", ())
    with pytest.raises(QueryError, match="SERVICE"):
        mini_graph.query(f"ASK {{ SERVICE <http://127.0.0.1:{port}/> {{}} }}")
    assert made == []


@linux
def test_other_ways_to_a_socket_are_refused_too() -> None:
    program = (
        "import ctypes, os\nfrom kg.engines.isolated.sandbox import refuse_sockets\nassert refuse_sockets()\n"
        "libc = ctypes.CDLL(None, use_errno=True)\n"
        "print(libc.socket(2, 1, 0), libc.syscall(425, 1, 0), ctypes.get_errno())\n"  # io_uring_setup
        "print(os.fork() and os.wait()[1] or libc.socket(10, 2, 0))\n"
    )
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert found.stdout.splitlines()[0] == "-1 -1 13"
    assert "-1" in found.stdout.splitlines()[1:]
