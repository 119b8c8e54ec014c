"""Datasets changed at random, in each format: opened and asked, or an error in a line, and the process lives on."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kg import KnowledgeGraph
from kg.export.kinds import export

if TYPE_CHECKING:
    from collections.abc import Iterator

TESTS = Path(__file__).parent.parent
PROGRAM = """
import collections, json, sys
from pathlib import Path
from random import Random
from time import monotonic
sys.path.insert(0, sys.argv[1])
from mutations import mutated
from kg import KGError, KnowledgeGraph
source, count = Path(sys.argv[2]), int(sys.argv[3])
content, chance, told = source.read_bytes(), Random(count), collections.Counter()
target = source.with_name("changed" + source.suffix)
for number in range(count):
    target.write_bytes(mutated(chance, content))
    start = monotonic()
    try:
        with KnowledgeGraph(target) as graph:
            graph.query("stats")
        told["opened"] += 1
    except KGError as error:
        assert "\\n" not in str(error), error
        told[type(error).__name__] += 1
    assert monotonic() - start < 5, number
print(json.dumps(told))
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))  # hundreds of datasets would push out the others
    yield tmp_path


@pytest.mark.parametrize("count", [15, pytest.param(150, marks=pytest.mark.slow)])
@pytest.mark.parametrize(("kind", "ending"), [("ntriples", "nt"), ("turtle", "ttl"), ("jsonld", "jsonld"), ("", "rdf")])
def test_changed_datasets_are_opened_or_told(
    kind: str, ending: str, count: int, mini_graph: KnowledgeGraph, folder: Path
) -> None:
    source = folder / f"source.{ending}"
    content = export(mini_graph, kind) if kind else mini_graph.to_rdflib().serialize(format="xml").encode()
    source.write_bytes(content)
    command = [sys.executable, "-c", PROGRAM, str(TESTS), str(source), str(count)]
    found = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert (found.returncode, found.stderr) == (0, "")
    told = json.loads(found.stdout)
    assert sum(told.values()) == count
    assert set(told) <= {"opened", "UsageError", "SourceError", "UnreadableError"}
