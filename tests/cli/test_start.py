"""Interrupts: any command ends within a second, in a line, with exit code 130, from its first instruction."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

# a line on stdout when the first instruction of kg is done, so that no signal comes before
PROGRAM = "import sys, os; os.write(1, b'!'); from kg.cli.start import start; sys.exit(start())"
LONG = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
PYTHON = (
    "import os, signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # a background job ignores it
    "from kg import KnowledgeGraph; graph = KnowledgeGraph(); graph.query('ASK {}'); os.write(1, b'!')\n"
    f"graph.query({LONG!r})"
)


def interrupted(program: str, *words: str, after: float, by: signal.Signals = signal.SIGINT) -> tuple[int, str, float]:
    """Return the exit code, what was told, and how many seconds a process took to end after a signal."""
    process = subprocess.Popen(
        [sys.executable, "-c", program, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout
    assert process.stdout.read(1) == "!"
    time.sleep(after)
    process.send_signal(by)
    start = time.monotonic()
    _, told = process.communicate(timeout=20)
    return process.returncode, told, time.monotonic() - start


@pytest.fixture
def own(tmp_path: Path) -> str:
    path = tmp_path / "long.rq"
    path.write_text(LONG)
    return str(path)


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("words", ["query OWN", "validate", "facts", "export html OUT", "analyze central"])
def test_command_ends_within_a_second(words: str, by: signal.Signals, own: str, tmp_path: Path) -> None:
    arguments = words.replace("OWN", own).replace("OUT", str(tmp_path / "out.html")).split()
    code, told, took = interrupted(PROGRAM, *arguments, after=0.8, by=by)
    if code == 0:  # it was done before
        assert words != "query OWN"
        return
    assert code == 130
    assert told.startswith("kg: interrupted; ")
    assert told.count("\n") == 1
    assert took < 1.5  # a second, and what a busy machine adds
    assert list(tmp_path.glob(".kg-*")) == []


def test_signal_after_all_is_done_changes_nothing() -> None:
    program = (
        "import atexit, os, signal, sys, time; from kg.cli.start import start; sys.argv = ['kg', 'stats']\n"
        "atexit.register(time.sleep, 1); atexit.register(lambda: os.kill(os.getpid(), signal.SIGINT))\n"
        "sys.exit(start())"
    )
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=60)
    assert (found.returncode, found.stderr) == (0, "")


def test_signal_in_the_first_moments_is_told_in_a_line(own: str) -> None:
    chance = random.Random(15)
    for _ in range(12):
        code, told, _ = interrupted(PROGRAM, "query", own, after=chance.uniform(0.03, 0.2))
        assert (code, told.count("\n"), told[:15]) == (130, 1, "kg: interrupted")


def test_interrupt_of_a_query_in_python_is_obeyed_at_once() -> None:
    code, told, took = interrupted(PYTHON, after=0.3)
    assert code == -signal.SIGINT or code == 1  # as Python ends on a KeyboardInterrupt that nobody catches
    assert told.rstrip().endswith("KeyboardInterrupt")
    assert took < 1.5


def test_reader_that_goes_away_is_no_error() -> None:
    command = f"{sys.executable} -m kg facts --format csv | head -1"
    found = subprocess.run(["bash", "-c", f"set -o pipefail; {command}"], capture_output=True, text=True, check=False)
    assert found.stdout.startswith("subject_id,")
    assert (found.stderr, found.returncode) == ("", 0)


def test_interrupted_main_thread_in_a_library_is_ended_by_the_watcher() -> None:
    """A call that does not come back to Python, which is what a query in this process is."""
    program = (
        "import os, sys\nfrom kg.cli import start\nfrom kg.cli import main\n"
        "from kg.engines.local.embedded import open_store\nfrom kg.paths import shipped_dataset\n"
        "def stuck():\n    store = open_store(shipped_dataset())\n    os.write(1, b'!')\n"
        f"    return list(store.query({LONG!r}))\n"
        "main.main = stuck\nsys.exit(start.start())\n"
    )
    code, told, took = interrupted(program, after=0.3)
    assert (code, told) == (130, "kg: interrupted; the next run clears what is left\n")
    assert took < 1.5


def test_exit_code_of_a_command_that_is_done_is_its_own() -> None:
    found = subprocess.run(
        [sys.executable, "-c", PROGRAM, "describe", "nothing-like-it"], capture_output=True, check=False
    )
    assert found.returncode == 3
    assert os.linesep.encode() in found.stderr
