"""Write files and folders so that others see the old or the whole new one, and sweep what killed processes left.

What is being written has a temporary name beside its place. Its writer holds a lock on it (``flock``), which the system
gives back when the process ends, however it ends. So a temporary name whose lock is free is nobody's, and the next
process that writes there removes it. Where a file system or a system has no such locks, age is the proof.
"""

from __future__ import annotations

import os
import re
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["TEMPORARY", "new_folder", "remove", "replace_file", "sweep"]

TEMPORARY = ".kg-writing-"
"""How the temporary names of files start."""

_OLD = 24 * 60 * 60  # seconds; nothing is written for so long
_RANDOM = r"[a-z0-9_]{8}"  # how tempfile ends its names


def replace_file(path: Path, content: bytes, mode: int = 0o600) -> None:
    """Write a file, in the place of what has its name.

    Args:
        path: the file.
        content: what it is to hold.
        mode: its permissions.

    Raises:
        OSError: if it cannot be written. Then what was there is there still.
    """
    sweep(path.parent, TEMPORARY)
    with _claimed(lambda: _new_file(path.parent)) as temporary:
        try:
            temporary.write_bytes(content)
            temporary.chmod(mode)
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise


@contextmanager
def new_folder(parent: Path, prefix: str) -> Iterator[Path]:
    """Give a new folder, to be renamed; if it was not, it is removed in the end.

    Args:
        parent: where it is to lie.
        prefix: how its name starts, which :func:`sweep` knows it by.

    Raises:
        OSError: if it cannot be made.
    """
    with _claimed(lambda: Path(tempfile.mkdtemp(prefix=prefix, dir=parent))) as folder:
        try:
            yield folder
        finally:
            remove(folder)


def sweep(folder: Path, prefix: str) -> None:
    """Remove the temporary files and folders that no process works on any more.

    Args:
        folder: where they lie.
        prefix: how their names start; eight random signs follow.
    """
    with suppress(OSError):
        for path in folder.iterdir():
            if path.name.startswith(prefix) and re.fullmatch(_RANDOM, path.name.removeprefix(prefix)):
                _remove_if_left(path)


def remove(path: Path) -> None:
    """Remove a file or a folder, if it is there and can be removed."""
    from shutil import rmtree

    if path.is_dir() and not path.is_symlink():
        rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink()


def _remove_if_left(path: Path) -> None:
    with suppress(OSError):  # it is another user's, or gone
        try:
            lock = _lock(path)
        except BlockingIOError:
            return  # its writer lives
        try:
            if lock is not None or time.time() - path.lstat().st_mtime > _OLD:
                remove(path)
        finally:
            if lock is not None:
                os.close(lock)


def _new_file(folder: Path) -> Path:
    handle, name = tempfile.mkstemp(dir=folder, prefix=TEMPORARY)
    os.close(handle)
    return Path(name)


@contextmanager
def _claimed(make: Callable[[], Path]) -> Iterator[Path]:
    """Give what was made, with a lock on it that other processes see."""
    path, lock = _claim(make)
    try:
        yield path
    finally:
        if lock is not None:
            os.close(lock)


def _claim(make: Callable[[], Path]) -> tuple[Path, int | None]:
    """Return what was made and its lock; another process may sweep it in between, then it is made anew."""
    while True:
        path = make()
        with suppress(BlockingIOError, FileNotFoundError):
            lock = _lock(path)
            if lock is None or _is_at(path, lock):
                return path, lock
            os.close(lock)


def _is_at(path: Path, handle: int) -> bool:
    try:
        return os.path.samestat(path.lstat(), os.fstat(handle))
    except FileNotFoundError:
        return False


def _lock(path: Path) -> int | None:
    """Return a lock on a file or a folder, to be closed; nothing where there are no locks.

    Raises:
        BlockingIOError: if another process holds it.
        OSError: if it cannot be opened.
    """
    try:
        import fcntl
    except ImportError:  # Windows
        return None
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        raise
    except OSError:  # such as NFS without a lock server
        os.close(handle)
        return None
    return handle
