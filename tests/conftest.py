"""What the tests start from: the ten-row world and the shipped dataset."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg import KnowledgeGraph
from kg.build import build

HERE = Path(__file__).resolve().parent


@pytest.fixture(scope="session")
def mini() -> Path:
    return HERE / "data" / "mini"


@pytest.fixture(scope="session")
def ontology() -> Path:
    return HERE.parent / "ontology" / "immunokg.ttl"


@pytest.fixture(scope="session")
def mini_dataset(ontology: Path, mini: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("mini") / "mini.nt"
    path.write_bytes(build(ontology, [mini]))
    return path


@pytest.fixture(scope="session")
def mini_graph(mini_dataset: Path) -> KnowledgeGraph:
    return KnowledgeGraph(mini_dataset)


@pytest.fixture(scope="session")
def graph() -> KnowledgeGraph:
    return KnowledgeGraph()
