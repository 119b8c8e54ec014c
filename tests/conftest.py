"""What the tests start from: the ten-row world, the shipped dataset and a cache folder of their own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kg import KnowledgeGraph
from kg.build import build

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).resolve().parent


@pytest.fixture(scope="session", autouse=True)
def empty_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


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
