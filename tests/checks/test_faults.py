"""How many of the faults that are planted are caught, and by which check.

Each fault goes through the checks as a curator runs them: the build; the shapes and the verify queries
of `kg validate`; the answers that the catalogue must give (of which that of the trials is a second,
independent transcription); the figures of the papers (`kg claims`). The first that complains has caught it.

The shapes take seconds, so faults that touch nothing in common are checked in one go: a violation is
then put down to the one fault that touches its focus. Where that is unclear, they are parted and checked again.
"""

from __future__ import annotations

import os
import re
import shutil
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, NamedTuple

import pytest
from faults import KINDS, Fault
from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse

from kg.build.builder import build
from kg.checks.validate import find_violations
from kg.errors import SourceError
from kg.paths import data_folder, shipped_dataset
from kg.query.catalogue import find_query, run
from kg.query.claims import check_claims

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ANSWERS = Path(__file__).resolve().parent.parent / "data" / "answers"
SEED = 20261127
CHECKS = ("build", "validate", "answers", "claims")


def _processes() -> ProcessPoolExecutor:
    """Return new processes, not forks of this one, in which another test may have left a Java machine running."""
    return ProcessPoolExecutor(os.cpu_count() or 1, mp_context=get_context("spawn"))


class Planted(NamedTuple):
    """A fault in the dataset, or what the build said of it."""

    kind: str
    fault: Fault
    gone: frozenset[str]
    come: frozenset[str]
    refused: bool

    @property
    def touched(self) -> frozenset[str]:
        """The things and the terms of the lines that go and come, but for those that everything touches."""
        text = "\n".join(self.gone | self.come)
        common = r"https://w3id.org/immunokg/(ontology|document|scheme|dataset)\b"
        return frozenset(iri for iri in re.findall(r"<([^<>]+)>", text) if not re.match(common, iri))


@cache
def clean_lines() -> frozenset[str]:
    return frozenset(shipped_dataset().read_text(encoding="utf-8").splitlines())


def plant(job: tuple[str, Fault]) -> Planted:
    """Build the dataset with a fault in the tables, or take the lines of one in the dataset."""
    name, fault = job
    if not fault.files:
        return Planted(name, fault, fault.gone, fault.come, refused=False)
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        root = Path(folder)
        for part in ("ontology", "graphs"):
            shutil.copytree(data_folder(part), root / part, ignore=shutil.ignore_patterns("*.nt"))
        for path, content in fault.files:
            (root / path).write_bytes(content)
        folders = [root / "ontology" / "vocabulary", *sorted((root / "graphs" / "sources").iterdir())]
        folders = [path for path in folders if path.is_dir()]
        ontology = root / "ontology"
        try:
            content = build(ontology / "immunokg.ttl", folders, [ontology / "mappings.sssom.tsv"])
        except SourceError:
            return Planted(name, fault, frozenset(), frozenset(), refused=True)
    now = frozenset(content.decode().splitlines())
    return Planted(name, fault, clean_lines() - now, now - clean_lines(), refused=False)


@cache
def planted() -> tuple[Planted, ...]:
    jobs = []
    for number, kind in enumerate(KINDS):
        rng = Random(SEED + number)
        made: dict[str, Fault] = {}
        for _ in range(20 * kind.count):  # the same one can be drawn again
            if len(made) < kind.count:
                fault = kind.make(rng)
                made[fault.what] = fault
        jobs += [(kind.name, fault) for fault in made.values()]
    with _processes() as pool:
        return tuple(pool.map(plant, jobs, chunksize=4))


def quads(lines: Iterable[str]) -> list[Quad]:
    return list(parse("\n".join(lines).encode(), format=RdfFormat.N_TRIPLES))


@contextmanager
def dataset_with(faults: Iterable[Planted]) -> Iterator[Store]:
    """Give the dataset with faults in it; afterwards they are gone."""
    faults = list(faults)
    gone, come = (
        quads(line for item in faults for line in item.gone),
        quads(line for item in faults for line in item.come),
    )
    store = clean_store()
    for quad in gone:
        store.remove(quad)
    for quad in come:
        store.add(quad)
    try:
        yield store
    finally:
        for quad in come:
            store.remove(quad)
        for quad in gone:
            store.add(quad)


@cache
def clean_store() -> Store:
    store = Store()
    store.bulk_load(path=str(shipped_dataset()), format=RdfFormat.N_TRIPLES)
    return store


def apart(faults: Iterable[Planted]) -> Iterator[list[Planted]]:
    """Yield groups of faults that touch nothing in common."""
    groups: list[tuple[set[str], list[Planted]]] = []
    for item in faults:
        group = next((group for group in groups if not group[0] & item.touched), None)
        if not group:
            group = (set(), [])
            groups.append(group)
        group[0].update(item.touched)
        group[1].append(item)
    return (members for _, members in groups)


def caught_by_validate(faults: list[Planted]) -> set[Planted]:
    """Return the faults that break a shape or a rule; where it is unclear whose a violation is, look again."""
    with dataset_with(faults) as store:
        violations = find_violations(store)
        near = {item: item.touched | _terms(item) | _beside(store, item.touched) for item in faults}
    if len(faults) == 1:
        return set(faults) if violations else set()
    owners = []
    for violation in violations:
        iris = {violation.focus, *re.findall(r"https?://[^\s<>'\"]+", violation.message)}
        owners.append(
            [item for item in faults if iris & (item.touched | _terms(item))]
            or [item for item in faults if iris & near[item]]
        )
    caught = {own[0] for own in owners if len(own) == 1}
    if all(set(own) & caught for own in owners):
        return caught
    left = [item for item in faults if item not in caught]
    middle = (len(left) + 1) // 2
    parts = [part for part in (left[:middle], left[middle:]) if part]
    return caught.union(*map(caught_by_validate, parts))


def _terms(item: Planted) -> set[str]:
    """Return the terms of ours that come with a fault: it may be they that are wrong."""
    return set(re.findall(r"<(https://w3id.org/immunokg/ontology/\w+)>", "\n".join(item.come)))


def _beside(store: Store, iris: Iterable[str]) -> set[str]:
    """Return the things one step from some: a violation may focus on them, such as the conflict of a side."""
    found: set[str] = set()
    for iri in iris:
        node = NamedNode(iri)
        objects = (quad.object for quad in store.quads_for_pattern(node, None, None))
        subjects = (quad.subject for quad in store.quads_for_pattern(None, None, node))
        found |= {other.value for other in (*objects, *subjects) if isinstance(other, NamedNode)}
    return found


def answer_names() -> list[str]:
    return sorted((path.stem for path in ANSWERS.glob("*.csv")), key=lambda name: (name != "trials", name))


def answers(store: Store) -> Iterator[str]:
    """Yield what each query with expected rows gives; the likeliest to differ come first."""
    return (run(store, find_query(name), {}).format("csv") for name in answer_names())


@cache
def clean_answers() -> tuple[str, ...]:
    return tuple(answers(clean_store()))


@cache
def clean_claims() -> list[dict[str, object]]:
    return list(check_claims(clean_store()))


def caught_by_answers(item: Planted) -> str:
    """Return ``answers`` or ``claims`` if a fault changes what the catalogue answers or what figures come to."""
    clean = clean_answers(), clean_claims()
    with dataset_with([item]) as store:
        if any(one != other for one, other in zip(answers(store), clean[0], strict=True)):
            return "answers"
        return "claims" if list(check_claims(store)) != clean[1] else ""


@cache
def results() -> dict[Planted, str]:
    """Return each fault with the check that catches it, or an empty text."""
    found = {item: "build" if item.refused else "" for item in planted()}
    groups = list(apart(item for item in found if not found[item]))
    with _processes() as pool:
        for caught in pool.map(caught_by_validate, groups):
            found |= dict.fromkeys(caught, "validate")
        left = [item for item in found if not found[item]]
        found |= dict(zip(left, pool.map(caught_by_answers, left), strict=True))
    return found


def table() -> str:
    rows = []
    for kind in KINDS:
        counts = Counter(check for item, check in results().items() if item.kind == kind.name)
        caught = sum(counts[check] for check in CHECKS)
        by = ", ".join(f"{check} {counts[check]}" for check in CHECKS if counts[check])
        rows.append(f"{kind.name:40} {caught:>2} of {counts.total():>2}  {by or kind.uncaught}")
    total = sum(bool(check) for check in results().values())
    before = sum(check in ("build", "validate") for check in results().values())
    rows.append(f"{'all':40} {total} of {len(results())}: {100 * total / len(results()):.1f} %")
    rows.append(
        f"{'by build and validate alone':40} {before} of {len(results())}: {100 * before / len(results()):.1f} %"
    )
    return "\n".join(rows)


@pytest.mark.slow
def test_share_of_faults_caught(capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        print(f"\n{table()}")
    assert len(KINDS) >= 15
    assert len(results()) >= 150
    checks = list(results().values())
    assert sum(map(bool, checks)) / len(checks) >= 0.95
    assert sum(check in ("build", "validate") for check in checks) / len(checks) >= 0.8  # what users have at hand


@pytest.mark.slow
def test_every_kind_is_caught_or_has_its_reason() -> None:
    missed = {item.kind for item, check in results().items() if not check}
    assert missed <= {kind.name for kind in KINDS if kind.uncaught}


@pytest.mark.slow
def test_every_fault_changes_something() -> None:
    for item in planted():
        assert item.refused or item.gone or item.come, f"{item.kind}: {item.fault.what} changes nothing"


def test_each_check_catches_the_faults_that_it_is_there_for() -> None:
    """The survey in small: faults that touch nothing in common, a table that cannot be built, a number mistyped."""
    made = {kind.name: kind.make(Random(SEED)) for kind in KINDS}
    in_dataset = [plant((name, fault)) for name, fault in made.items() if not fault.files]
    group = next(apart(in_dataset))
    assert len(group) >= 12
    assert caught_by_validate(group) == set(group)
    assert plant(("evidence missing", made["evidence missing"])).refused
    assert caught_by_answers(plant(("number mistyped", made["number mistyped"]))) == "answers"


def test_clean_dataset_alarms_nobody() -> None:
    """Nor do its answers differ from those that are expected, or a check would catch what is no fault."""
    nothing = Planted("none", Fault("nothing"), frozenset(), frozenset(), refused=False)
    assert caught_by_validate([nothing]) == set()
    assert caught_by_answers(nothing) == ""
    expected = [(ANSWERS / f"{name}.csv").read_bytes().decode() for name in answer_names()]
    assert list(clean_answers()) == expected


def test_dataset_is_whole_again_after_a_fault() -> None:
    line = next(iter(clean_lines()))
    with dataset_with([Planted("one", Fault("one"), frozenset([line]), frozenset(), refused=False)]) as store:
        assert len(store) == len(clean_lines()) - 1
    assert len(clean_store()) == len(clean_lines())
