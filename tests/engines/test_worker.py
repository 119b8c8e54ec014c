"""Queries in a process of their own: the same answers, stopped at each limit, and the next one works."""

from __future__ import annotations

import ast
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pyoxigraph import QueryBoolean

import kg
from kg.engines.isolated.worker import Worker
from kg.engines.limits import Limits, read_seconds, read_size
from kg.errors import LimitError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE = Path(kg.__file__).parent
CROSS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
SORTED = "SELECT ?a { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l } ORDER BY ?f"


@pytest.fixture(scope="module")
def worker(mini_dataset: Path) -> Iterator[Worker]:
    found = Worker(mini_dataset, Limits(deadline=10, memory=256 << 20))
    yield found
    found.close()


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?s ?p ?o { ?s ?p ?o } ORDER BY ?s ?p ?o",
        'SELECT ("a\\"b\\n" AS ?x) ("c"@en AS ?y) (1.50 AS ?z) (?u AS ?v) {}',
        "SELECT * { }",
        "SELECT ?nothing { ?nothing <urn:x> 1 }",
    ],
)
def test_rows_are_those_of_the_store(text: str, worker: Worker, mini_graph: kg.KnowledgeGraph) -> None:
    there: Any = worker.query(text)
    here: Any = mini_graph.store.query(text)
    assert [it.value for it in there.variables] == [it.value for it in here.variables]
    assert [tuple(row) for row in there] == [tuple(row) for row in here]


def test_truth_and_triples_are_those_of_the_store(worker: Worker, mini_graph: kg.KnowledgeGraph) -> None:
    answer = worker.query("ASK { ?s ?p ?o }")
    assert isinstance(answer, QueryBoolean)
    assert answer
    text = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
    here: Any = mini_graph.store.query(text)
    there: Any = worker.query(text)
    assert set(there) == set(here)
    assert len(there) > 100


def test_process_is_kept_for_the_next_query(worker: Worker) -> None:
    worker.query("ASK {}")
    (process,) = worker._idle
    worker.query("ASK {}")
    assert worker._idle == [process]


def test_syntax_error_is_that_of_the_engine_and_ends_nothing(worker: Worker) -> None:
    worker.query("ASK {}")
    (process,) = worker._idle
    with pytest.raises(SyntaxError, match="error at 1:16"):
        worker.query("SELECT nonsense")
    assert worker._idle == [process]


@pytest.mark.parametrize(
    ("limits", "text", "message"),
    [
        (Limits(deadline=0.7), CROSS, r"stopped after 0\.7 s; .*--deadline SECONDS"),
        (Limits(deadline=20, memory=256 << 20), SORTED, r"stopped at 0\.25 GB of memory; .*--memory SIZE"),
        (Limits(answer=1 << 20), "SELECT * { ?a ?b ?c . ?d ?e ?f }", "the answer has more than 1 MB; .*LIMIT"),
        (Limits(), "SELECT * {" + "{" * 40_000 + "}" * 40_000 + "}", "the engine cannot take the query: "),
        (Limits(), "ASK { FILTER(" + "(" * 60_000 + "1" + ")" * 60_000 + ") }", "the engine cannot take the query: "),
    ],
    ids=["time", "memory", "answer", "braces", "brackets"],
)
def test_query_is_stopped_and_the_next_one_works(limits: Limits, text: str, message: str, mini_dataset: Path) -> None:
    worker = Worker(mini_dataset, limits)
    start = time.monotonic()
    with pytest.raises(LimitError, match=message):
        worker.query(text)
    assert time.monotonic() - start < limits.deadline + 1
    assert worker.query("ASK {}")
    worker.close()


def test_interrupted_query_leaves_no_process_that_would_answer_later(mini_dataset: Path) -> None:
    worker = Worker(mini_dataset)
    worker.query("ASK {}")
    (process,) = worker._idle

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    old = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, 0.3)
    try:
        with pytest.raises(KeyboardInterrupt):
            worker.query(CROSS)
    finally:
        signal.signal(signal.SIGALRM, old)
    assert worker._idle == []
    assert process._process.poll() is not None


def test_dataset_that_cannot_be_opened_is_told(tmp_path: Path) -> None:
    path = tmp_path / "broken.nt"
    path.write_text("<urn:a> <urn:b>\n")
    with pytest.raises(UsageError, match=r"broken\.nt"):
        Worker(path).query("ASK {}")


def test_processes_end_with_the_one_that_started_them(mini_dataset: Path) -> None:
    program = (
        "import sys, os, threading, time\nfrom pathlib import Path\nfrom kg.engines.isolated.worker import Worker\n"
        f"worker = Worker(Path({str(mini_dataset)!r}))\nworker.query('ASK {{}}')\n"
        "print(worker._idle[0]._process.pid, flush=True)\n"
        f"worker.query({CROSS!r})\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert parent.stdout
    pid = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    parent.stdout.close()
    for _ in range(100):
        try:
            os.kill(pid, 0)
            if Path(f"/proc/{pid}/stat").read_text(encoding="ascii").split(")")[1].split()[0] == "Z":
                return  # it has ended, and nobody has asked how
        except (ProcessLookupError, FileNotFoundError):
            return
        time.sleep(0.05)
    raise AssertionError("the worker is still there")


def test_no_other_way_leads_to_an_engine() -> None:
    """Calls of an engine are counted: whoever adds one sees to it that a user's text goes to a worker."""
    ours = {
        "engines.asking": 2,  # select, evaluate
        "engines.remote.endpoint": 1,  # all triples
        "engines.remote.exchange": 1,  # SPARQLWrapper
        "engines.remote.target": 1,  # counts
        "engines.isolated.worker": 1,  # a budget asks its worker
        "engines.isolated.worker_process": 1,
        "evidence.tracing": 1,  # of the engine that it is given
        "query.diagnosis": 1,  # likewise
        "ask.rows": 1,  # composed from the question
        "graph": 1,  # the ontology
        "cli.commands": 5,  # names of the catalogue; and what `kg ask` has composed and offers
    }
    found: dict[str, int] = {}
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "query":
                name = ".".join(path.relative_to(PACKAGE).with_suffix("").parts)
                found[name] = found.get(name, 0) + 1
    assert found == ours


@pytest.mark.parametrize("text", ["0", "-1", "nan", "inf", "x", "", "86401"])
def test_time_that_is_none_is_told(text: str) -> None:
    with pytest.raises(UsageError, match="is no number of seconds; expected one such as 30 or"):
        read_seconds(text)


def test_sizes_are_powers_of_1024() -> None:
    assert [read_size(text) for text in ("1G", "1g", "1GiB", "1024M", "1073741824")] == [1 << 30] * 5
    assert read_size("1.5G") == 3 << 29
    with pytest.raises(UsageError, match="a memory of 255M is less than a query needs; expected 256M or more"):
        read_size("255M")
    for text in ("", "G", "-1G", "2X", "1e9"):
        with pytest.raises(UsageError, match="is no size of memory; expected one such as 2G"):
            read_size(text)
