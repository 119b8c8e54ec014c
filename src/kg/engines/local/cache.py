"""The user's cache folder: what is made of datasets, under names that no other content of a file has.

What lies there is checked when it is read, so that a damaged index or file is seen at once: it is made anew, and a
:class:`kg.errors.CacheWarning` says so. What killed processes left behind is swept by the next one.
"""

from __future__ import annotations

import os
from contextlib import suppress
from os.path import lexists
from pathlib import Path
from stat import S_ISREG
from typing import TYPE_CHECKING, Any

from pyoxigraph import __version__

from kg.errors import CacheWarning

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["BUILDING", "cache_folder", "identity", "is_sealed", "prune", "remembered", "seal", "sweep_left", "warn"]

BUILDING = "building-"
"""How the names of folders start that an index is built in."""

_KEPT = 8  # the cache keeps so many indexes and remembered files, the newest
_SEAL = "kg-seal"


def cache_folder() -> Path:
    """Return the folder of the indexes, ``immunokg`` in the user's cache folder.

    That is ``XDG_CACHE_HOME`` or ``~/.cache`` (XDG Base Directory Specification)
    on every system.

    Raises:
        RuntimeError: if the user has no home.
    """
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "immunokg"


def identity(path: Path) -> str:
    """Return a name for the content of a file; other content gets another name, as a write moves the time of change.

    The version of Oxigraph is part of the name, because another version may store an index differently; so is the
    ending of the path, because it tells the format.

    Raises:
        OSError: if there is no such file.
        UsageError: if it is no regular file.
    """
    found = path.stat()
    if not S_ISREG(found.st_mode):
        from kg.files.reading import refuse_special

        refuse_special(path, found, "expected a file of RDF")
    times = f"{found.st_mtime_ns}-{found.st_ctime_ns}"
    return f"{__version__}-{found.st_dev}-{found.st_ino}-{found.st_size}-{times}{path.suffix}"


def seal(index: Path) -> None:
    """Write into an index how its files are, for :func:`is_sealed`; they are never changed after that."""
    (index / _SEAL).write_text(_listing(index)[1], encoding="utf-8")


def is_sealed(index: Path) -> bool:
    """Return whether the files of an index are as they were when it was built: their names, sizes and times.

    Oxigraph itself would open some that were cut, and give too few rows. (A bit that turned by itself moves no time;
    blocks have checksums against that.)
    """
    try:
        has_seal, listing = _listing(index)
        return has_seal and (index / _SEAL).read_text(encoding="utf-8") == listing
    except (OSError, UnicodeDecodeError):
        return False


def _listing(index: Path) -> tuple[bool, str]:
    """Return whether an index has a seal that is a file, and how its other files are."""
    with os.scandir(index) as entries:
        found = sorted((entry.name, entry.stat(follow_symlinks=False)) for entry in entries)
    lines = [f"{name} {it.st_mode} {it.st_size} {it.st_mtime_ns}\n" for name, it in found if name != _SEAL]
    return any(name == _SEAL and S_ISREG(it.st_mode) for name, it in found), "".join(lines)


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
    from binascii import crc32

    from kg.files.reading import UnreadableError, read_whole

    try:
        kept = cache_folder() / f"{identity(path)}.{name}.json"
    except (OSError, RuntimeError):  # there is no dataset, or the user has no home
        return make()
    try:
        digest, _, content = read_whole(kept, "").partition(b"\n")
        if int(digest, 16) == crc32(content):
            return json.loads(content)
        is_damaged = True
    except UnreadableError as error:
        is_damaged = not isinstance(error.__cause__, FileNotFoundError) and lexists(kept)
    except ValueError:  # there is no digest
        is_damaged = True
    if is_damaged:
        warn(f"what was remembered of {path} was damaged, and is made anew")
    found = make()
    content = json.dumps(found).encode()
    _keep(kept, b"%08x\n%b" % (crc32(content), content), is_damaged=is_damaged)
    return found


def _keep(kept: Path, content: bytes, *, is_damaged: bool) -> None:
    """Write a file of the cache, if it can be written."""
    from kg.files.writing import remove, replace_file

    with suppress(OSError):
        kept.parent.mkdir(parents=True, exist_ok=True)
        if is_damaged:
            remove(kept)  # it may be a folder, which no file can replace
        replace_file(kept, content)


def sweep_left(folder: Path) -> None:
    """Remove from the cache what killed processes left there."""
    with suppress(OSError):
        with os.scandir(folder) as entries:
            is_left = any(entry.name.startswith((BUILDING, ".")) for entry in entries)
        if is_left:  # mostly nothing is, and nothing is imported for it
            from kg.files.writing import TEMPORARY, sweep

            sweep(folder, BUILDING)
            sweep(folder, TEMPORARY)


def prune(folder: Path) -> None:
    """Remove all but the newest entries of the cache: what was made of datasets that were rebuilt since."""
    from kg.files.writing import remove

    ages = []
    for path in folder.iterdir():
        if not path.name.startswith((BUILDING, ".")):  # other processes work on these
            with suppress(FileNotFoundError):  # another process has just removed it
                ages.append((path.stat().st_mtime, path))
    for _, path in sorted(ages, reverse=True)[_KEPT:]:
        remove(path)


def warn(message: str) -> None:
    """Tell that something of the cache was damaged."""
    import warnings

    warnings.warn(message, CacheWarning, stacklevel=2)
