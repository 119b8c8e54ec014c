"""Open a dataset for queries: an Oxigraph store with an index that is built once.

Opening an index takes a tenth of the time that parsing the dataset does. So the
first use of a dataset builds one in the user's cache folder, under the SHA-256
of the file: a changed file has another index, and an index is never changed. It
is built beside its place and renamed into it, so that an interrupted build
leaves nothing that could be opened. Where the cache cannot be written, the
dataset is parsed into memory.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import RdfFormat, Store

from kg.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["cache_folder", "open_store"]

_KEPT_INDEXES = 8
_FORMATS = {
    ".nt": RdfFormat.N_TRIPLES,
    ".ttl": RdfFormat.TURTLE,
    ".rdf": RdfFormat.RDF_XML,
    ".jsonld": RdfFormat.JSON_LD,
}


def cache_folder() -> Path:
    """Return the folder of the indexes; ``IMMUNOKG_CACHE`` names another one."""
    if named := os.environ.get("IMMUNOKG_CACHE"):
        return Path(named)
    from platformdirs import user_cache_path

    return user_cache_path("immunokg", appauthor=False)


def open_store(path: Path) -> Store:
    """Open a dataset.

    Args:
        path: a file in N-Triples, Turtle, RDF/XML or JSON-LD, told by its ending.

    Returns:
        A store that holds the triples in its default graph.

    Raises:
        UsageError: if the file cannot be read or is not what its ending says.
    """
    if path.suffix not in _FORMATS:
        raise UsageError(f"{path}: unknown ending '{path.suffix}'; expected one of {', '.join(_FORMATS)}")
    try:
        index = cache_folder() / _digest(path)
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}; build a dataset with `kg build`") from error
    try:
        return Store.read_only(str(index))
    except OSError:
        return _index(path, index)


def _digest(path: Path) -> str:
    from hashlib import file_digest

    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _index(path: Path, index: Path) -> Store:
    """Build the index of a dataset and open it, or load the dataset into memory."""
    from tempfile import mkdtemp

    building = None
    try:
        index.parent.mkdir(parents=True, exist_ok=True)
        building = Path(mkdtemp(prefix="building-", dir=index.parent))
        store = Store(str(building))
    except OSError:
        if building:
            shutil.rmtree(building, ignore_errors=True)
        return _load(Store(), path)
    try:
        _load(store, path).flush()
        del store  # releases the files
        building.rename(index)
    except OSError:  # another process was faster, or the disk is full
        return _load(Store(), path)
    finally:
        shutil.rmtree(building, ignore_errors=True)
    for old in _outdated(index.parent):
        shutil.rmtree(old, ignore_errors=True)
    return Store.read_only(str(index))


def _load(store: Store, path: Path) -> Store:
    try:
        store.bulk_load(path=str(path), format=_FORMATS[path.suffix])
    except SyntaxError as error:
        raise UsageError(f"{path}: {error.msg}; expected RDF as its ending '{path.suffix}' says") from error
    return store


def _outdated(folder: Path) -> Iterator[Path]:
    """Yield the indexes beyond the newest ones, which rebuilt datasets leave behind."""
    found = [path for path in folder.iterdir() if path.is_dir() and not path.name.startswith("building-")]
    yield from sorted(found, key=lambda path: path.stat().st_mtime, reverse=True)[_KEPT_INDEXES:]
