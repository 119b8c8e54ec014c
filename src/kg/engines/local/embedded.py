"""Open a dataset for queries: an Oxigraph store with an index that is built once.

To open an index takes a tenth of the time that it takes to parse the dataset. So
the first use of a dataset builds an index in the user's cache folder. Its name is
what the file system says of the file (device, inode, size, times of change). If
the file is written to, it gets another index; an index is never changed. A hash of
the content could be the name too, but it would cost a tenth of a cold query. The
index is built beside its place and then renamed, so that an interrupted build
leaves nothing that could be opened. If the cache cannot be written, the dataset is
parsed into memory.
"""

from __future__ import annotations

from contextlib import suppress
from os.path import lexists
from typing import TYPE_CHECKING

from pyoxigraph import Store

from kg.engines.local import cache
from kg.engines.local.cache import cache_folder, remembered
from kg.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["cache_folder", "open_store", "remembered"]


def open_store(path: Path) -> Store:
    """Open a dataset.

    Args:
        path: a file in N-Triples, Turtle, RDF/XML or JSON-LD; its ending tells which.

    Returns:
        A store that holds the triples in its default graph.

    Raises:
        UsageError: if the file cannot be read or is not what its ending says.
    """
    try:
        index = cache_folder() / cache.identity(path)
    except RuntimeError:  # a user without a home has no cache
        from kg.engines.local.building import load_in_memory

        return load_in_memory(path)
    except OSError as error:
        from kg.engines.local.rdf_files import check_ending

        check_ending(path)
        raise UsageError(f"cannot read {path}: {error.strerror}; build a dataset with `kg build`") from error
    cache.sweep_left(index.parent)
    is_there = lexists(index)
    if is_there and cache.is_sealed(index):
        with suppress(OSError, RuntimeError):  # it is damaged nevertheless
            return Store.read_only(str(index))
    if is_there:
        cache.warn(f"the index of {path} was damaged, and is built anew")
    from kg.engines.local.building import build_index

    return build_index(path, index)
