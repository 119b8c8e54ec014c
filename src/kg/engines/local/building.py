"""Build the index of a dataset beside its place, and give it its name when it is whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import Store

from kg.engines.local import cache
from kg.engines.local.rdf_files import load
from kg.errors import UsageError
from kg.files.writing import new_folder

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["build_index", "load_in_memory"]


def build_index(path: Path, index: Path) -> Store:
    """Build the index of a dataset and open it; where the cache cannot be written, load the dataset into memory.

    Args:
        path: the dataset.
        index: where its index is to be.

    Raises:
        UsageError: if the dataset cannot be read.
    """
    try:
        index.parent.mkdir(parents=True, exist_ok=True)
        with new_folder(index.parent, cache.BUILDING) as building:
            store = Store(str(building))
            load(store, path)
            store.flush()
            del store
            cache.seal(building)
            _put(building, index)
        cache.prune(index.parent)
        return Store.read_only(str(index))
    except (OSError, RuntimeError):  # the cache cannot be written, or another process was faster
        return load_in_memory(path)


def _put(building: Path, index: Path) -> None:
    """Give a built index its name; a damaged one that has it is removed, one that another process built stays.

    Raises:
        OSError: if it cannot be given.
    """
    try:
        building.rename(index)
    except OSError:
        if cache.is_sealed(index):
            return
        with new_folder(index.parent, cache.BUILDING) as aside:
            index.rename(aside / "damaged")
            building.rename(index)


def load_in_memory(path: Path) -> Store:
    """Return a store in memory with a dataset.

    Raises:
        UsageError: if the dataset cannot be read.
    """
    store = Store()
    try:
        load(store, path)
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror or error}; build a dataset with `kg build`") from error
    return store
