"""The curated tables: sorted, used, and equal to what is committed."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest
from vocabularies import VOCABULARIES, read_folder

from kg.build.builder import build_shipped
from kg.paths import shipped_dataset, shipped_tables
from kg.query.catalogue import iter_queries
from kg.tables.rows import RECORDS

FOLDERS = shipped_tables()
REVIEW = next(folder for folder in FOLDERS if folder.name == "car-nk-landscape-2025")
CURATION = next(folder for folder in FOLDERS if folder.name == "curation")
DOCUMENTS = [folder for folder in FOLDERS if (folder / "document.csv").exists()]
TABLES = [path for folder in FOLDERS for path in sorted(folder.glob("*.csv"))]


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_committed_dataset_equals_a_fresh_build() -> None:
    assert build_shipped() == shipped_dataset().read_bytes(), "run `kg build` and commit graphs/immunokg.nt"


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_table_is_sorted_and_clean(path: Path) -> None:
    found = rows(path)
    keys = [row["id"] if "id" in row else tuple(row.values()) for row in found]
    assert keys == sorted(keys), f"sort the rows of {path}"
    assert len(set(map(str, keys))) == len(keys)
    text = path.read_bytes().decode("utf-8")
    assert "\r" not in text
    assert text.endswith("\n")
    assert all(cell == cell.strip() for row in found for cell in row.values())


@pytest.mark.parametrize("folder", DOCUMENTS, ids=lambda folder: folder.name)
def test_every_place_is_cited_by_what_is_said_there(folder: Path) -> None:
    source, claims = read_folder(folder), {query.header["evidence"] for query in iter_queries("claims")}
    cited = {name for table in source.tables for row in source.rows(table) for name in getattr(row, "evidence", ())}
    links = {name for row in read_folder(CURATION).rows("links") for name in row.evidence}
    elsewhere = {name.partition("/")[2] for name in claims | links if name.startswith(f"{folder.name}/")}
    unused = {row.id for row in source.rows("evidence")} - cited - elsewhere
    assert unused <= {"cut-off", "trial-set"}  # they say how the set of trials was made


@pytest.mark.parametrize("folder", DOCUMENTS, ids=lambda folder: folder.name)
def test_every_place_can_be_found_again(folder: Path) -> None:
    for row in read_folder(folder).rows("evidence"):
        assert row.sha256
        assert 0 < row.end - row.start < 2000


@pytest.mark.parametrize("folder", DOCUMENTS, ids=lambda folder: folder.name)
def test_every_conflict_has_sides(folder: Path) -> None:
    source = read_folder(folder)
    sides = Counter(
        row.conflict for table in ("facts", *RECORDS) for row in source.rows(table) if getattr(row, "conflict", "")
    )
    assert {row.id for row in source.rows("conflicts")} == set(sides)
    assert not sides or min(sides.values()) >= 2


def test_tables_are_those_of_the_review() -> None:
    """Rows of the review's Tables 1 to 3, as their captions part them."""
    places = Counter(row["evidence"].split("-row-")[0] for row in rows(REVIEW / "trials.csv"))
    assert places == {"table-1": 41, "table-2": 69, "table-3": 14}
    numbers = {row["evidence"] for row in rows(REVIEW / "trials.csv")}
    assert len(numbers) == 124


def test_no_concept_is_idle() -> None:
    """A term that no table names stays out of a document's graph; groups are there for what lies below them."""
    lines = shipped_dataset().read_text(encoding="utf-8").splitlines()
    uses = Counter(line.rpartition("/")[2].removesuffix("> .") for line in lines)
    for vocabulary, class_name in VOCABULARIES.items():
        for row in rows(FOLDERS[0] / f"{vocabulary}.csv"):
            assert uses[row["id"]], f"{vocabulary}.csv: nothing names {class_name} '{row['label']}'"


def test_ids_follow_labels_in_vocabularies() -> None:
    for vocabulary in VOCABULARIES:
        labels = [row["label"] for row in rows(FOLDERS[0] / f"{vocabulary}.csv")]
        assert len({label.casefold() for label in labels}) == len(labels)
