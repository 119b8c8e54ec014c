"""When what compiles the words was last written: with other code or other closed words they may be others."""

from __future__ import annotations

from pathlib import Path

from kg.paths import data_folder

__all__ = ["stamp"]

_FOLDER = Path(__file__).parent


def stamp() -> int:
    """Return the time, in nanoseconds."""
    names = ("english.py", "gathering.py", "indexing.py", "vocabulary.py")
    files = [*(_FOLDER / name for name in names), *data_folder("ontology").glob("e*.csv")]
    files += [_FOLDER.parent / "model" / name for name in ("iris.py", "schema.py")]
    files.append(_FOLDER.parent / "query" / "thing_names.py")
    return max(file.stat().st_mtime_ns for file in files)
