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

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyoxigraph import RdfFormat, Store, __version__

from kg.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["cache_folder", "open_store", "remembered"]

_KEPT = 8  # the cache keeps so many indexes and remembered files, the newest
_FORMATS = {
    ".nt": RdfFormat.N_TRIPLES,
    ".ttl": RdfFormat.TURTLE,
    ".rdf": RdfFormat.RDF_XML,
    ".jsonld": RdfFormat.JSON_LD,
}


def cache_folder() -> Path:
    """Return the folder of the indexes, ``immunokg`` in the user's cache folder.

    That is ``XDG_CACHE_HOME`` or ``~/.cache`` (XDG Base Directory Specification)
    on every system.
    """
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "immunokg"


def open_store(path: Path) -> Store:
    """Open a dataset.

    Args:
        path: a file in N-Triples, Turtle, RDF/XML or JSON-LD; its ending tells which.

    Returns:
        A store that holds the triples in its default graph.

    Raises:
        UsageError: if the file cannot be read or is not what its ending says.
    """
    if path.suffix not in _FORMATS:
        raise UsageError(f"{path}: unknown ending '{path.suffix}'; expected one of {', '.join(_FORMATS)}")
    try:
        index = cache_folder() / _identity(path)
    except RuntimeError:  # a user without a home has no cache
        return _in_memory(path)
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}; build a dataset with `kg build`") from error
    try:
        return Store.read_only(str(index))
    except (OSError, RuntimeError):  # there is no index, or it is damaged
        return _index(path, index)


def remembered(path: Path, name: str, make: Callable[[], Any]) -> Any:
    """Return something that is made of a dataset, from the cache if it was made before.

    Args:
        path: the dataset.
        name: a name for it, which becomes part of a file name. It must name all that the thing depends on, except
            the dataset.
        make: makes it, as plain data that JSON can hold.

    Returns:
        The data as JSON gives it back. If the cache cannot be read or written, the data is made anew.
    """
    import json

    try:
        kept = cache_folder() / f"{_identity(path)}.{name}.json"
        return json.loads(kept.read_bytes())
    except (OSError, RuntimeError, ValueError):  # there is no file, the user has no home, or the file is damaged
        found = make()
    with suppress(OSError, RuntimeError):
        from tempfile import NamedTemporaryFile

        kept.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile("w", dir=kept.parent, delete=False, encoding="utf-8") as file:
            json.dump(found, file)
        Path(file.name).rename(kept)
    return found


def _identity(path: Path) -> str:
    """Return a name for the content of a file; other content gets another name, as a write moves the time of change.

    The version of Oxigraph is part of the name, because another version may store an index differently.
    """
    found = path.stat()
    return f"{__version__}-{found.st_dev}-{found.st_ino}-{found.st_size}-{found.st_mtime_ns}-{found.st_ctime_ns}"


def _index(path: Path, index: Path) -> Store:
    """Build the index of a dataset and open it, or load the dataset into memory."""
    from shutil import rmtree
    from tempfile import TemporaryDirectory

    try:
        index.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix="building-", dir=index.parent, ignore_cleanup_errors=True) as building:
            _load(Store(building), path).flush()
            Path(building).rename(index)
        for old in _outdated(index.parent):
            if old.is_dir():
                rmtree(old, ignore_errors=True)
            else:
                old.unlink(missing_ok=True)
        return Store.read_only(str(index))
    except (OSError, RuntimeError):  # the cache cannot be written, or another process was faster
        return _in_memory(path)


def _in_memory(path: Path) -> Store:
    try:
        return _load(Store(), path)
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error}; build a dataset with `kg build`") from error


def _load(store: Store, path: Path) -> Store:
    try:
        store.bulk_load(path=str(path), format=_FORMATS[path.suffix])
    except SyntaxError as error:
        raise UsageError(f"{path}: {error.msg}; expected RDF as its ending '{path.suffix}' says") from error
    return store


def _outdated(folder: Path) -> list[Path]:
    """Return all but the newest entries of the cache: indexes of datasets since rebuilt, and interrupted builds."""
    ages = []
    for path in folder.iterdir():
        with suppress(FileNotFoundError):  # another process has just removed it
            ages.append((path.stat().st_mtime, path))
    return [path for _, path in sorted(ages, reverse=True)[_KEPT:]]
