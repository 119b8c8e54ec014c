"""The generator of big data: as many edges as it says, and each thing with as many as what it copies."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kg.analytics.landscape import Landscape, read_landscape
from kg.engines.local.embedded import open_store

if TYPE_CHECKING:
    from kg import KnowledgeGraph

GENERATOR = Path(__file__).parent.parent / "benchmarks" / "generate.py"
COPIED = ("agent", "disease", "product", "source", "sponsor", "target")


@pytest.fixture(scope="module")
def shipped(graph: KnowledgeGraph) -> Landscape:
    return read_landscape(graph.store)


@pytest.fixture(scope="module")
def threefold(tmp_path_factory: pytest.TempPathFactory) -> Landscape:
    out = tmp_path_factory.mktemp("generated") / "3.nt"
    subprocess.run([sys.executable, str(GENERATOR), "3", str(out)], check=True)
    return read_landscape(open_store(out))


def degrees(landscape: Landscape, relation: str) -> tuple[Counter[int], Counter[int]]:
    """Return how many trials have how many things, and how many things, but groups of diseases, how many trials."""
    pairs = landscape.trials[relation]
    groups = set().union(*landscape.trials["group"].values())
    trials = Counter(thing for things in pairs.values() for thing in things if thing not in groups)
    return Counter(len(things) for things in pairs.values()), Counter(trials.values())


@pytest.mark.parametrize("relation", COPIED)
def test_degrees_are_those_of_the_shipped_data_three_times(
    relation: str, shipped: Landscape, threefold: Landscape
) -> None:
    for theirs, ours in zip(degrees(shipped, relation), degrees(threefold, relation), strict=True):
        assert ours == Counter({degree: 3 * count for degree, count in theirs.items()})


def test_closed_vocabularies_and_groups_stay_and_copies_are_mixed(shipped: Landscape, threefold: Landscape) -> None:
    for relation in ("group", "phase", "status"):
        ours, theirs = (set().union(*landscape.trials[relation].values()) for landscape in (threefold, shipped))
        assert ours == theirs
    assert len(threefold.of_kind("trial")) == 3 * len(shipped.of_kind("trial"))
    assert Counter(len(groups) for groups in threefold.trials["group"].values()) == {1: 3 * 131}
    ends = {
        (trial[-2:] in ("-1", "-2") and trial[-2:], thing[-2:] in ("-1", "-2") and thing[-2:])
        for trial, things in threefold.trials["target"].items()
        for thing in things
    }
    assert len(ends) == 9
