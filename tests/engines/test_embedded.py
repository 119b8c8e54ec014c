"""The index of a dataset: built once, never seen half built; and files that are written whole or not at all."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any, cast

import pytest
from pyoxigraph import NamedNode, Quad

from kg.engines.embedded import cache_folder, open_store, remembered
from kg.errors import UsageError
from kg.paths import write_whole

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Start = Callable[..., subprocess.Popen[str]]

LINE = b"<urn:subject> <urn:predicate> <urn:object> .\n"
KEPT = 8

# A child that stops before it renames a file or a folder, says so, and goes on when a line is sent to it.
STOPS = """
import os, sys
from pathlib import Path

def stop(event, arguments):
    if event == "os.rename":
        print("renames", flush=True)
        sys.stdin.readline()

sys.addaudithook(stop)
"""
OPENS = "from kg.engines.embedded import open_store; print(len(open_store(Path(sys.argv[1]))))"
WRITES = "from kg.paths import write_whole; write_whole(Path(sys.argv[1]), b'new')"
WRITES_TOO_MUCH = """
import resource, sys
from pathlib import Path
from kg.errors import UsageError
from kg.paths import write_whole

resource.setrlimit(resource.RLIMIT_FSIZE, (10, 10))
try:
    write_whole(Path(sys.argv[1]), b"far too long")
except UsageError as error:
    print(error)
"""


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of the indexes, which does not exist yet."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "immunokg"


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    path = tmp_path / "dataset.nt"
    path.write_bytes(lines(3))
    return path


@pytest.fixture
def start() -> Iterator[Start]:
    """Return a function that starts a child of this Python; what still runs in the end is killed."""
    children: list[subprocess.Popen[str]] = []

    def started(program: str, path: Path) -> subprocess.Popen[str]:
        command = [sys.executable, "-B", "-c", program, str(path)]
        children.append(subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True))
        return children[-1]

    yield started
    for child in children:
        child.kill()
        child.communicate()


def lines(count: int) -> bytes:
    return b"".join(b"<urn:s%d> <urn:predicate> <urn:object> .\n" % number for number in range(count))


def contents(folder: Path) -> dict[str, tuple[int, int]]:
    """Return each path below a folder with what changes when it is written anew."""
    return {str(path): (path.stat().st_ino, path.stat().st_mtime_ns) for path in folder.rglob("*")}


def wait_for(child: subprocess.Popen[str], word: str) -> None:
    assert child.stdout
    assert child.stdout.readline() == f"{word}\n"


# The index


def test_index_is_built_once_and_then_read(dataset: Path, cache: Path) -> None:
    assert len(open_store(dataset)) == 3
    built = contents(cache)
    assert len(list(cache.iterdir())) == 1
    assert len(open_store(dataset)) == 3
    assert contents(cache) == built


def test_index_cannot_be_written(dataset: Path) -> None:
    quad = Quad(NamedNode("urn:s"), NamedNode("urn:p"), NamedNode("urn:o"))
    for store in (open_store(dataset), open_store(dataset)):
        with pytest.raises(RuntimeError, match="read-write"):
            store.add(quad)


def test_open_index_stands_beside_another(dataset: Path) -> None:
    first = open_store(dataset)
    second = open_store(dataset)
    assert set(first) == set(second)
    assert len(set(first)) == 3


def test_rewritten_file_has_another_index(dataset: Path, cache: Path) -> None:
    before = open_store(dataset)
    dataset.write_bytes(lines(4))
    assert len(open_store(dataset)) == 4
    assert len(list(cache.iterdir())) == 2
    assert len(before) == 3


def test_file_rewritten_in_its_size_and_time_has_another_index(dataset: Path, cache: Path) -> None:
    (before,) = open_store(dataset).quads_for_pattern(NamedNode("urn:s0"), None, None)
    times = dataset.stat().st_atime_ns, dataset.stat().st_mtime_ns
    dataset.write_bytes(lines(3).replace(b"urn:object", b"urn:OBJECT"))
    os.utime(dataset, ns=times)
    (after,) = open_store(dataset).quads_for_pattern(NamedNode("urn:s0"), None, None)
    assert (before.object, after.object) == (NamedNode("urn:object"), NamedNode("urn:OBJECT"))
    assert len(list(cache.iterdir())) == 2


def test_same_content_in_another_file_has_another_index(dataset: Path, tmp_path: Path, cache: Path) -> None:
    (tmp_path / "copy.nt").write_bytes(dataset.read_bytes())
    assert len(open_store(dataset)) == len(open_store(tmp_path / "copy.nt")) == 3
    assert len(list(cache.iterdir())) == 2


def test_index_that_is_empty_or_damaged_is_built_anew_or_done_without(dataset: Path, cache: Path) -> None:
    open_store(dataset)
    (index,) = cache.iterdir()
    for path in index.iterdir():
        path.unlink()
    assert len(open_store(dataset)) == 3
    (index / "CURRENT").write_text("MANIFEST-999999\n")
    assert len(open_store(dataset)) == 3


def test_old_indexes_are_pruned(dataset: Path, cache: Path) -> None:
    killed = cache / "building-killed"
    killed.mkdir(parents=True)
    os.utime(killed, (0, 0))
    for count in range(1, KEPT + 3):
        dataset.write_bytes(lines(count))
        assert len(open_store(dataset)) == count
        assert len(list(cache.iterdir())) <= KEPT
    assert not killed.exists()
    assert len(list(cache.iterdir())) == KEPT
    kept = contents(cache)
    assert len(open_store(dataset)) == KEPT + 2
    assert contents(cache) == kept


def test_what_is_made_of_a_dataset_is_remembered_until_it_changes(dataset: Path, cache: Path) -> None:
    dataset.write_bytes(lines(1))
    made: list[int] = []

    def make() -> dict[str, int]:
        made.append(len(made))
        return {"made": made[-1]}

    assert [remembered(dataset, "x", make) for _ in range(2)] == [{"made": 0}] * 2
    assert remembered(dataset, "y", make) == {"made": 1}
    dataset.write_bytes(lines(2))
    assert remembered(dataset, "x", make) == {"made": 2}
    for kept in cache.glob("*.x.json"):
        kept.write_text("{")  # damaged
    assert remembered(dataset, "x", make) == {"made": 3}
    assert remembered(dataset, "x", make) == {"made": 3}


def test_what_cannot_be_remembered_is_made_again(dataset: Path, tmp_path: Path) -> None:
    dataset.write_bytes(lines(1))
    (tmp_path / "cache").write_text("a file where the folder would be")
    assert [remembered(dataset, "x", lambda: [1]) for _ in range(2)] == [[1], [1]]


def test_cache_folder_is_where_the_user_wants_it(tmp_path: Path) -> None:
    assert cache_folder() == tmp_path / "cache" / "immunokg"


def test_cache_folder_is_in_the_home_folder_unless_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", "")
    assert cache_folder() == tmp_path / ".cache" / "immunokg"
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert cache_folder() == tmp_path / ".cache" / "immunokg"


@pytest.mark.parametrize("below", ["", "deeper/still"])
def test_unwritable_cache_is_done_without(
    below: str, dataset: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "file"
    file.write_text("not a folder")
    monkeypatch.setenv("XDG_CACHE_HOME", str(file / below))
    assert len(open_store(dataset)) == 3
    assert len(open_store(dataset)) == 3
    assert file.read_text() == "not a folder"


# Files that are no dataset

DATASETS = {
    "dataset.nt": "<urn:s> <urn:p> <urn:o> .",
    "dataset.ttl": "@prefix u: <urn:> .\nu:s u:p u:o .",
    "dataset.rdf": '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:u="urn:">'
    '<rdf:Description rdf:about="urn:s"><u:p rdf:resource="urn:o"/></rdf:Description></rdf:RDF>',
    "dataset.jsonld": '{"@id": "urn:s", "urn:p": {"@id": "urn:o"}}',
}


@pytest.mark.parametrize(("name", "content"), DATASETS.items())
def test_ending_tells_the_format(name: str, content: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(content)
    (only,) = open_store(tmp_path / name)
    assert (only.subject, only.predicate, only.object) == tuple(map(NamedNode, ("urn:s", "urn:p", "urn:o")))


@pytest.mark.parametrize("name", DATASETS)
@pytest.mark.parametrize("content", [b"an essay about trials\n", b"\xff\xfe"], ids=["text", "bytes"])
def test_file_that_is_no_rdf_is_named_and_leaves_no_index(
    name: str, content: bytes, tmp_path: Path, cache: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(UsageError) as error:
        open_store(path)
    assert str(error.value).startswith(f"{path}: ")
    assert str(error.value).endswith(f"; expected RDF as its ending '{path.suffix}' says")
    assert error.value.exit_code == 2
    assert list(cache.iterdir()) == []


def test_file_that_turns_wrong_at_its_end_leaves_no_index(dataset: Path, cache: Path) -> None:
    dataset.write_bytes(lines(1000) + b"<urn:s> <urn:p> <urn:o")
    with pytest.raises(UsageError, match=r"dataset.nt: Parser error at line 1001 "):
        open_store(dataset)
    assert list(cache.iterdir()) == []


@pytest.mark.parametrize("name", ["dataset.csv", "dataset", "dataset.NT", "dataset.nt.gz"])
def test_unknown_ending_is_wrong_usage(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(LINE)
    with pytest.raises(UsageError) as error:
        open_store(path)
    assert str(error.value) == f"{path}: unknown ending '{path.suffix}'; expected one of .nt, .ttl, .rdf, .jsonld"


def test_missing_file_is_wrong_usage(tmp_path: Path, cache: Path) -> None:
    path = tmp_path / "nowhere.nt"
    with pytest.raises(UsageError) as error:
        open_store(path)
    assert str(error.value) == f"cannot read {path}: No such file or directory; build a dataset with `kg build`"
    assert not cache.exists()


# Processes that are killed, and processes side by side


def test_process_killed_while_it_loads_leaves_nothing_to_open(tmp_path: Path, cache: Path, start: Start) -> None:
    """The child reads from a pipe that gives nothing, so it is in the middle of the load when it is killed."""
    path = tmp_path / "pipe.nt"
    os.mkfifo(path)
    child = start(f"import sys; from pathlib import Path; {OPENS}", path)
    end = time.monotonic() + 60
    while not list(cache.glob("building-*/*")):
        assert child.poll() is None
        assert time.monotonic() < end
        time.sleep(0.005)
    child.kill()
    assert child.wait() == -signal.SIGKILL
    assert [left.name.partition("-")[0] for left in cache.iterdir()] == ["building"]
    path.unlink()
    path.write_bytes(lines(3))
    assert len(open_store(path)) == 3


def test_process_killed_before_it_renames_leaves_nothing_to_open(dataset: Path, cache: Path, start: Start) -> None:
    child = start(STOPS + OPENS, dataset)
    wait_for(child, "renames")
    child.kill()
    assert child.wait() == -signal.SIGKILL
    assert [left.name.partition("-")[0] for left in cache.iterdir()] == ["building"]
    assert len(open_store(dataset)) == 3
    assert len([index for index in cache.iterdir() if not index.name.startswith("building-")]) == 1


def test_processes_that_build_at_once_both_work(dataset: Path, cache: Path, start: Start) -> None:
    """Both have built an index when the first renames its own."""
    children = [start(STOPS + OPENS, dataset) for _ in range(2)]
    for child in children:
        wait_for(child, "renames")
    assert len(list(cache.glob("building-*"))) == 2
    answers = [child.communicate("go on\n", timeout=60)[0] for child in children]
    assert [(child.returncode, answer) for child, answer in zip(children, answers, strict=True)] == [(0, "3\n")] * 2
    assert len(list(cache.iterdir())) == 1
    built = contents(cache)
    assert len(open_store(dataset)) == 3
    assert contents(cache) == built


# Files written whole


def test_file_is_written_over_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "out.nt"
    for content in (b"old", b"new and longer", b""):
        write_whole(path, content)
        assert path.read_bytes() == content
        assert list(tmp_path.iterdir()) == [path]


def test_written_file_is_as_readable_as_any(tmp_path: Path) -> None:
    (tmp_path / "any").touch()
    write_whole(tmp_path / "out.nt", b"new")
    assert (tmp_path / "out.nt").stat().st_mode == (tmp_path / "any").stat().st_mode


def test_open_file_keeps_the_old_content(tmp_path: Path) -> None:
    path = tmp_path / "out.nt"
    write_whole(path, b"old")
    with path.open("rb") as file:
        write_whole(path, b"new")
        assert file.read() == b"old"


def test_process_killed_while_it_writes_leaves_the_old_file(dataset: Path, tmp_path: Path, start: Start) -> None:
    """The new content lies beside the old one, for a file is moved between disks byte by byte."""
    child = start(STOPS + WRITES, dataset)
    wait_for(child, "renames")
    child.kill()
    assert child.wait() == -signal.SIGKILL
    assert dataset.read_bytes() == lines(3)
    assert [left.read_bytes() for left in tmp_path.glob(".kg-*")] == [b"new"]


def test_write_that_raises_leaves_the_old_file_alone(dataset: Path, tmp_path: Path) -> None:
    no_bytes: Any = "text"
    with pytest.raises(TypeError):
        write_whole(dataset, cast("bytes", no_bytes))
    assert dataset.read_bytes() == lines(3)
    assert list(tmp_path.iterdir()) == [dataset]


def test_full_disk_is_told_and_leaves_the_old_file_alone(dataset: Path, tmp_path: Path, start: Start) -> None:
    """A limit on the size of files stands for the disk."""
    child = start(WRITES_TOO_MUCH, dataset)
    assert child.communicate(timeout=60)[0] == f"cannot write {dataset}: File too large; choose another path\n"
    assert dataset.read_bytes() == lines(3)
    assert list(tmp_path.iterdir()) == [dataset]


UNWRITABLE = {
    "folder that does not exist": ("nowhere/out.nt", "No such file or directory"),
    "path below a file": ("dataset.nt/out.nt", "Not a directory"),
    "folder": ("folder", "Is a directory"),
    "name that is too long": ("x" * 300, "File name too long"),
}


@pytest.mark.parametrize(("name", "why"), UNWRITABLE.values(), ids=UNWRITABLE)
def test_unwritable_path_is_wrong_usage(name: str, why: str, dataset: Path, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(UsageError) as error:
        write_whole(tmp_path / name, b"new")
    assert str(error.value) == f"cannot write {tmp_path / name}: {why}; choose another path"
    assert error.value.exit_code == 2
    assert sorted(tmp_path.iterdir()) == [dataset, tmp_path / "folder"]


def test_user_without_a_home_reads_from_memory(dataset: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setattr("kg.engines.embedded.Path.home", staticmethod(homeless))
    assert len(open_store(dataset)) == 3
