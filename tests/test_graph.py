"""`KnowledgeGraph`, the door for Python: what runs where, threads, forks, pickles, and its end."""

from __future__ import annotations

import os
import pickle
import sys
import threading
from typing import TYPE_CHECKING, Any

import pytest

from kg import KnowledgeGraph, LimitError, NotInGraphError, UsageError
from kg.query.catalogue import find_query, iter_queries

if TYPE_CHECKING:
    from pathlib import Path

OWN = """
PREFIX kg: <https://w3id.org/immunokg/ontology/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?marked WHERE { ?it kg:hasTarget ?target . ?it rdfs:label ?marked . FILTER (?marked != "MARK") }
"""


class Spy:
    """A store that keeps the texts that it is asked."""

    def __init__(self, store: Any) -> None:
        self.store, self.asked = store, list[str]()

    def query(self, text: str) -> Any:
        self.asked.append(text)
        return self.store.query(text)

    def __iter__(self) -> Any:
        return iter(self.store)


@pytest.fixture
def spied(mini_dataset: Path) -> tuple[KnowledgeGraph, Spy]:
    graph = KnowledgeGraph(mini_dataset)
    spy = Spy(graph.store)
    graph._store = spy  # type: ignore[assignment]
    return graph, spy


def test_text_of_a_user_never_reaches_the_store_in_this_process(
    spied: tuple[KnowledgeGraph, Spy], tmp_path: Path
) -> None:
    graph, spy = spied
    file = tmp_path / "own.rq"
    file.write_text(OWN)
    for name in (OWN, str(file)):
        assert len(graph.query(name, evidence=True))
        assert "<title>" in str(graph.to_html(query=name))
        graph.query(name).to_html()
    empty = OWN.replace("!=", "=")
    assert not len(graph.query(empty))
    assert graph.diagnose(empty, {})
    assert spy.asked
    assert not [text for text in spy.asked if "MARK" in text]


def test_catalogue_is_asked_in_this_process(spied: tuple[KnowledgeGraph, Spy]) -> None:
    graph, spy = spied
    graph.query("trials")
    assert any("first_posted" in text for text in spy.asked)
    assert graph._worker is None


def test_copy_of_a_query_of_the_catalogue_is_a_users_own() -> None:
    ours = find_query("trials")
    assert ours.is_ours
    assert all(query.is_ours for query in iter_queries())
    assert not find_query(str(ours.path)).is_ours
    assert not find_query(ours.text).is_ours


def test_limits_are_those_that_were_given(mini_dataset: Path) -> None:
    with KnowledgeGraph(mini_dataset, deadline=0.5, memory="256M") as graph:
        with pytest.raises(LimitError, match=r"stopped after 0\.5 s"):
            graph.query("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }")
        assert [row["n"] for row in graph.query("SELECT (1 AS ?n) {}")] == [1]
    for wrong in ({"deadline": 0}, {"deadline": "soon"}, {"memory": "2X"}, {"memory": 1000}):
        with pytest.raises(UsageError):
            KnowledgeGraph(mini_dataset, **wrong)


def test_threads_get_their_own_answers(mini_dataset: Path) -> None:
    """Eight threads: half of the queries in this process, half in workers (200 each: ``benchmarks/threads.py``)."""
    graph = KnowledgeGraph(mini_dataset)
    wrong: list[object] = []

    def ask(number: int) -> None:
        for turn in range(20):
            rows = list(graph.query(f"SELECT ({number * 100 + turn} AS ?n) {{}}" if turn % 2 else "trial_counts"))
            expected = [{"n": number * 100 + turn}] if turn % 2 else counts
            if rows != expected:
                wrong.append(rows)

    counts = list(graph.query("trial_counts"))
    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    graph.close()


def test_pickle_of_a_used_graph_opens_the_same(mini_dataset: Path) -> None:
    graph = KnowledgeGraph(mini_dataset, deadline=7)
    rows = list(graph.query("trials")), list(graph.query("SELECT (1 AS ?n) {}"))
    _ = graph.lexicon, graph.schema
    copy = pickle.loads(pickle.dumps(graph))
    assert (copy.path, copy.limits) == (graph.path, graph.limits)
    assert (list(copy.query("trials")), list(copy.query("SELECT (1 AS ?n) {}"))) == rows


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
def test_fork_of_a_used_graph_asks_and_ends(mini_dataset: Path) -> None:
    program = f"""
import os, sys
from kg import KnowledgeGraph
graph = KnowledgeGraph({str(mini_dataset)!r})
before = len(graph.query("trials")), len(graph.query("SELECT (1 AS ?n) {{}}"))
child = os.fork()
if not child:
    after = len(graph.query("trials")), len(graph.query("SELECT (1 AS ?n) {{}}"))
    sys.exit(7 if after == before else 8)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), len(graph.query("SELECT (1 AS ?n) {{}}")))
"""
    import subprocess

    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert found.stdout.split() == ["7", "1"]


def test_closed_graph_has_no_process_left_and_opens_again(mini_dataset: Path) -> None:
    with KnowledgeGraph(mini_dataset) as graph:
        graph.query("SELECT (1 AS ?n) {}")
        worker = graph._worker
        assert worker
        (process,) = worker._idle
    assert process._process.returncode is not None
    assert graph._store is None
    assert len(graph.query("SELECT (1 AS ?n) {}")) == 1
    graph.close()


def test_names_of_the_package_are_there_when_they_are_asked_for() -> None:
    import kg

    assert kg.NotInGraphError is NotInGraphError
    assert {"KnowledgeGraph", "LimitError", "__version__"} <= set(dir(kg))
