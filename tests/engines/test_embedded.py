"""The index of a dataset: built once, never seen half built; and files that are written whole or not at all."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import warnings
from typing import TYPE_CHECKING, Any, cast

import pytest
from pyoxigraph import NamedNode, Quad

from kg.engines.local.cache import is_sealed
from kg.engines.local.embedded import cache_folder, open_store, remembered
from kg.errors import CacheWarning, UsageError
from kg.files.writing import new_folder, remove
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
LOADS_FOR_EVER = """
import sys, time
from pathlib import Path
import kg.engines.local.building as building

def load(store, path, load=building.load):
    load(store, path)
    print("loads", flush=True)
    time.sleep(600)

building.load = load
"""
OPENS = "from kg.engines.local.embedded import open_store; print(len(open_store(Path(sys.argv[1]))))"
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


def instead(path: Path, make: Callable[[], object]) -> None:
    path.unlink()
    make()


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


DAMAGES: dict[str, Callable[[Path], object]] = {
    "cut": lambda path: os.truncate(path, path.stat().st_size // 2),
    "emptied": lambda path: os.truncate(path, 0),
    "gone": lambda path: path.unlink(),
    "turned": lambda path: path.write_bytes(bytes(255 - byte for byte in path.read_bytes())),
    "a folder": lambda path: instead(path, path.mkdir),
    "a pipe": lambda path: instead(path, lambda: os.mkfifo(path)),
    "a device": lambda path: instead(path, lambda: path.symlink_to("/dev/zero")),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
@pytest.mark.parametrize("name", ["CURRENT", "MANIFEST-*", "*.sst", "kg-seal"])
def test_damaged_index_is_told_once_and_built_anew(
    name: str, damage: Callable[[Path], object], dataset: Path, cache: Path
) -> None:
    """Of a cut manifest Oxigraph itself makes an empty store."""
    open_store(dataset)
    (index,) = cache.iterdir()
    damage(min(index.glob(name)))
    with pytest.warns(CacheWarning) as told:
        assert len(open_store(dataset)) == 3
    assert [str(it.message) for it in told] == [f"the index of {dataset} was damaged, and is built anew"]
    built = contents(cache)
    with warnings.catch_warnings(action="error"):
        assert len(open_store(dataset)) == 3
    assert contents(cache) == built
    assert list(cache.iterdir()) == [index]


def test_index_without_files_or_with_a_file_in_its_place_is_built_anew(dataset: Path, cache: Path) -> None:
    open_store(dataset)
    (index,) = cache.iterdir()
    for spoil in (lambda: index.mkdir(), lambda: index.write_text("x"), lambda: index.symlink_to(index.name)):
        remove(index)
        spoil()
        with pytest.warns(CacheWarning):
            assert len(open_store(dataset)) == 3
        assert list(cache.iterdir()) == [index]
        assert index.is_dir()


def test_damaged_index_that_cannot_be_built_anew_is_done_without(
    dataset: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    open_store(dataset)
    (index,) = cache.iterdir()
    (index / "CURRENT").write_text("MANIFEST-999999\n")
    monkeypatch.setattr("tempfile.mkdtemp", refuse)
    for _ in range(2):
        with pytest.warns(CacheWarning):
            assert len(open_store(dataset)) == 3
    assert list(cache.iterdir()) == [index]


@pytest.mark.parametrize("is_damaged", [False, True])
def test_twenty_processes_at_one_index_all_work(is_damaged: bool, dataset: Path, cache: Path, start: Start) -> None:
    dataset.write_bytes(lines(5000))
    if is_damaged:
        open_store(dataset)
        os.truncate(min(next(cache.iterdir()).glob("MANIFEST-*")), 20)
    children = [start(f"import sys; from pathlib import Path; {OPENS}", dataset) for _ in range(20)]
    answers = [child.communicate(timeout=120)[0] for child in children]
    assert [(child.returncode, answer) for child, answer in zip(children, answers, strict=True)] == [(0, "5000\n")] * 20
    (index,) = cache.iterdir()
    assert is_sealed(index)


def test_builds_of_others_are_not_pruned(dataset: Path, cache: Path) -> None:
    """Another process is building, as the lock says that it holds; its folder is the oldest by far."""
    cache.mkdir(parents=True)
    with new_folder(cache, "building-") as theirs:
        os.utime(theirs, (0, 0))
        for count in range(1, KEPT + 3):
            dataset.write_bytes(lines(count))
            open_store(dataset)
        assert theirs.exists()
    assert not theirs.exists()


@pytest.mark.parametrize("is_old", [False, True])
def test_where_there_are_no_locks_age_says_what_is_left(
    is_old: bool, dataset: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "fcntl", None)
    left = cache / "building-abcd_123"
    left.mkdir(parents=True)
    (left / "x").touch()
    os.utime(left, (0, 0) if is_old else None)
    assert len(open_store(dataset)) == 3
    assert left.exists() != is_old


def test_only_temporary_names_are_swept(tmp_path: Path) -> None:
    mine = [".kg-writing-", ".kg-writing-notes", ".kg-settings", ".kg-writing-ABCD1234", ".kg-writing-abcd1234.txt"]
    for name in [*mine, ".kg-writing-abcd1234"]:
        (tmp_path / name).touch()
    (tmp_path / ".kg-writing-link1234").symlink_to(mine[0])
    write_whole(tmp_path / "out.nt", b"new")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([*mine, ".kg-writing-link1234", "out.nt"])


def test_old_indexes_are_pruned(dataset: Path, cache: Path) -> None:
    killed = cache / "building-killed_1"
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


DAMAGED_JSON: dict[str, Callable[[Path], object]] = DAMAGES | {
    "other JSON": lambda path: path.write_text("[]"),
    "other JSON with its digest": lambda path: path.write_text("00000000\n[1]"),
    "deep JSON": lambda path: path.write_text("[" * 100_000),
    "no text": lambda path: path.write_bytes(b"\xff\xfe\x00"),
    "no digest": lambda path: path.write_text("x\n{}"),
}
del DAMAGED_JSON["gone"]


@pytest.mark.parametrize("damage", DAMAGED_JSON.values(), ids=DAMAGED_JSON)
def test_damaged_memory_is_told_once_and_made_anew(
    damage: Callable[[Path], object], dataset: Path, cache: Path
) -> None:
    made = iter(range(3))
    assert remembered(dataset, "x", lambda: {"made": next(made)}) == {"made": 0}
    (kept,) = cache.glob("*.x.json")
    damage(kept)
    with pytest.warns(CacheWarning) as told:
        assert remembered(dataset, "x", lambda: {"made": next(made)}) == {"made": 1}
    assert [str(it.message) for it in told] == [f"what was remembered of {dataset} was damaged, and is made anew"]
    with warnings.catch_warnings(action="error"):
        assert remembered(dataset, "x", lambda: {"made": next(made)}) == {"made": 1}
    assert list(cache.iterdir()) == [kept]


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
@pytest.mark.parametrize("content", [b"an essay <b>about</b> trials\n", b"\xff"], ids=["text", "bytes"])
def test_file_that_is_no_rdf_is_named_and_leaves_no_index(
    name: str, content: bytes, tmp_path: Path, cache: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(UsageError) as error:
        open_store(path)
    assert str(error.value).startswith(f"{path}:")
    expected = f"expected RDF as its ending '{path.suffix}' says"
    assert str(error.value).endswith((expected, "no element; expected RDF/XML"))
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


def test_process_killed_while_it_loads_leaves_nothing_to_open(dataset: Path, cache: Path, start: Start) -> None:
    child = start(LOADS_FOR_EVER + OPENS, dataset)
    wait_for(child, "loads")
    assert len(open_store(dataset)) == 3
    assert len(list(cache.glob("building-*/*"))) > 3  # of the child, who lives
    child.kill()
    assert child.wait() == -signal.SIGKILL
    assert len(open_store(dataset)) == 3
    assert [entry.name for entry in cache.iterdir() if entry.name.startswith("building-")] == []


def test_process_killed_before_it_renames_leaves_nothing_to_open(dataset: Path, cache: Path, start: Start) -> None:
    child = start(STOPS + OPENS, dataset)
    wait_for(child, "renames")
    child.kill()
    assert child.wait() == -signal.SIGKILL
    assert [left.name.partition("-")[0] for left in cache.iterdir()] == ["building"]
    assert len(open_store(dataset)) == 3
    assert [index.name.partition("-")[0] for index in cache.iterdir()] != ["building"]
    assert len(list(cache.iterdir())) == 1


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
    write_whole(tmp_path / "other.nt", b"next")  # sweeps what is left in the folder
    assert sorted(tmp_path.iterdir()) == [dataset, tmp_path / "other.nt"]


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
    monkeypatch.setattr("pathlib.Path.home", staticmethod(homeless))
    assert len(open_store(dataset)) == 3
