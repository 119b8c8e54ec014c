"""What the tests start from: the ten-row world and the shipped dataset."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import RdfFormat, Store
from servers import VIRTUOSO, oxigraph, virtuoso
from triples import short_triples

from kg import KnowledgeGraph
from kg.build.builder import build, places_of_shipped
from kg.engines.local.embedded import open_store
from kg.engines.remote.push import Target, push
from kg.errors import SourceError
from kg.paths import shipped_dataset

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from servers import Server

    from kg.tables.columns import Place

    Change = Callable[..., Path]
    Build = Callable[..., set[str]]

needs_virtuoso = pytest.mark.skipif(not VIRTUOSO, reason="no virtuoso-t on the path (Debian's virtuoso-opensource)")
HERE = Path(__file__).resolve().parent

# the header of each table that a second folder is made of
HEADERS = {
    "conflicts": "id,question,resolution,reason\n",
    "document": "id,title,published\n",
    "evidence": "id,section,locator\n",
    "facts": "subject,property,value,evidence,assertion,standing\n",
    "findings": "id,about,measure,count,evidence,assertion,standing\n",
    "links": "subject,property,value,evidence\n",
    "molecules": "id,label,synonyms,broader\n",
    "organizations": "id,label,synonyms\n",
    "products": "id,label,synonyms,kind,evidence\n",
    "trials": "id,product_kind,targets,target_logic,diseases,cell_source,phase,first_posted,first_posted_as_printed,"
    "status,enrollment,sponsor,evidence\n",
}


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
    """The shipped dataset in memory, where long queries take a third of the time that they take on the index."""
    graph = KnowledgeGraph()
    graph._store = Store()
    graph._store.bulk_load(path=str(graph.path), format=RdfFormat.N_TRIPLES)
    return graph


@pytest.fixture(scope="session")
def indexed_graph() -> KnowledgeGraph:
    """The shipped dataset as users have it."""
    return KnowledgeGraph()


@pytest.fixture(scope="session")
def world(mini_dataset: Path) -> set[str]:
    return short_triples(mini_dataset.read_bytes())


@pytest.fixture(scope="session", params=[pytest.param("virtuoso", marks=needs_virtuoso), "oxigraph"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Each real SPARQL server, with the shipped dataset in a graph."""
    run = {"virtuoso": virtuoso, "oxigraph": oxigraph}[request.param]
    with run(tmp_path_factory.mktemp(request.param)) as running:
        target = Target(running.store_url, user=running.user, password=running.user)
        push(open_store(shipped_dataset()), target, lambda *_: None)
        yield running


@cache
def _shipped_places() -> Mapping[str, Sequence[Place]]:
    return places_of_shipped()


@pytest.fixture
def shipped_places(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read the shipped tables once for all tests of checks, which name the rows of what is wrong."""
    monkeypatch.setattr(
        "kg.build.builder.places_of_shipped",
        lambda tables=(): places_of_shipped(tables) if tables else _shipped_places(),
    )


@pytest.fixture
def change(mini: Path, tmp_path: Path) -> Change:
    """Return a function that copies the ten-row world, and changes a text of a table or adds to its end."""

    def changed(table: str, old: str = "", new: str = "", *, add: str = "") -> Path:
        folder = tmp_path / "mini"
        if not folder.exists():
            shutil.copytree(mini, folder)
        path = folder / f"{table}.csv"
        text = path.read_text(encoding="utf-8")
        assert not old or text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {table}.csv"
        path.write_text((text.replace(old, new) if old else text) + add, encoding="utf-8")
        return folder

    return changed


@pytest.fixture
def other(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that makes a second document with the rows given."""

    def made(**rows: str) -> Path:
        folder = tmp_path / "other"
        folder.mkdir()
        needed = {"document": "other,Another world,2031-01-31\n", "evidence": "page-1,Page 1,paragraph 1\n"}
        for table, text in (needed | rows).items():
            (folder / f"{table}.csv").write_text(HEADERS[table] + text, encoding="utf-8")
        return folder

    return made


@pytest.fixture
def built(ontology: Path) -> Build:
    """Return a function that builds folders to short triples."""
    return lambda *folders: short_triples(build(ontology, folders))


@pytest.fixture
def faults(ontology: Path, tmp_path: Path) -> Callable[..., list[str]]:
    """Return a function that builds folders which are wrong, and returns the faults."""

    def told(*folders: Path) -> list[str]:
        with pytest.raises(SourceError) as error:
            build(ontology, folders)
        return str(error.value).replace(f"{tmp_path}/", "").splitlines()

    return told
