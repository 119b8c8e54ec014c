"""Where the ontology, the graphs and the queries lie, and how files are written.

In an installed package they lie in ``kg/data``, where the wheel puts them. In a
checkout they lie beside ``src``. An editable install finds the checkout.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

from kg.errors import UsageError

__all__ = ["data_folder", "in_checkout", "shipped_dataset", "shipped_tables", "write_whole"]

_PACKAGE = Path(__file__).resolve().parent
_PACKAGED = _PACKAGE / "data"
_CHECKOUT = _PACKAGE.parent.parent


def data_folder(name: str) -> Path:
    """Return the folder ``ontology``, ``graphs`` or ``queries``.

    Raises:
        UsageError: if the folder is neither in the package nor in a checkout.
    """
    for root in (_PACKAGED, _CHECKOUT):
        if (root / name).is_dir():
            return root / name
    raise UsageError(f"no folder '{name}' in {_PACKAGED} or {_CHECKOUT}: the installation is broken, install again")


def in_checkout() -> bool:
    """Say whether the package runs from a checkout, where a build renews the committed dataset."""
    return not _PACKAGED.is_dir()


def shipped_dataset() -> Path:
    """Return the path of the dataset that comes with the package."""
    return data_folder("graphs") / "immunokg.nt"


def shipped_tables() -> list[Path]:
    """Return the folders of the shipped tables: the vocabularies, then each document."""
    sources = sorted(path for path in (data_folder("graphs") / "sources").iterdir() if path.is_dir())
    return [data_folder("ontology") / "vocabulary", *sources]


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that others see either the old file or the whole new one, never a part.

    The content goes to a temporary name in the same folder, which is then renamed. A pipe or a device is written to.

    Raises:
        UsageError: if the path cannot be written.
    """
    from kg.files.writing import replace_file

    try:
        found = _stat(path)
        if found and stat.S_ISDIR(found.st_mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        if found and not stat.S_ISREG(found.st_mode):
            path.write_bytes(content)
        else:
            path = path.resolve() if path.is_symlink() else path  # a link stays; its target is replaced
            replace_file(path, content, _mode(found))
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror}; choose another path") from error


def _stat(path: Path) -> os.stat_result | None:
    """Return what the system says of what a path leads to, or nothing if there is none."""
    try:
        return path.stat()
    except FileNotFoundError:
        return None


def _mode(found: os.stat_result | None) -> int:
    """Return the permissions that a file has, or would have if it were made now."""
    if found:
        return stat.S_IMODE(found.st_mode)
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
