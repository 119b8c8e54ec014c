"""Mapping sets: what is read, what is wrong with them, and what becomes of them in the graph."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kg.build.builder import build_shipped
from kg.errors import UsageError
from kg.paths import data_folder
from kg.tables.mappings import COLUMNS, MATCHES, iter_clashes, read_mappings

if TYPE_CHECKING:
    from collections.abc import Callable

    from kg import KnowledgeGraph

    Change = Callable[..., Path]

SHIPPED = data_folder("ontology") / "mappings.sssom.tsv"
MINI = Path(__file__).resolve().parent.parent / "data" / "mini" / "mappings.sssom.tsv"
FIRST = next(line for line in MINI.read_text(encoding="utf-8").splitlines(keepends=True) if "GENE:1" in line)


def wrong(tmp_path: Path, old: str, new: str) -> list[str]:
    """Return what is wrong with the mapping set of the ten-row world once a text in it is changed."""
    text = MINI.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path = tmp_path / "mappings.sssom.tsv"
    path.write_text(text.replace(old, new), encoding="utf-8")
    matches, faults = read_mappings(path)
    return [f"{fault.line}: {fault.message}" for fault in [*faults, *iter_clashes(matches)]]


def test_shipped_mappings_are_sorted_and_complete() -> None:
    matches, faults = read_mappings(SHIPPED)
    assert not faults
    assert len(matches) > 1000
    pairs = [(match.subject, match.object_id) for match in matches]
    assert pairs == sorted(pairs)
    assert {match.predicate.rpartition("#")[2] for match in matches} == {text.partition(":")[2] for text in MATCHES}


def test_every_prefix_of_the_header_is_used() -> None:
    lines = SHIPPED.read_text(encoding="utf-8").splitlines()
    head, rows = [line for line in lines if line.startswith("#")], [line for line in lines if not line.startswith("#")]
    prefixes = set(re.findall(r"^#   (\w+): http", "\n".join(head), flags=re.M))
    used = {cell.partition(":")[0] for row in rows[1:] for cell in row.split("\t") if ":" in cell}
    assert prefixes <= used


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "skos:exactMatch\tGENE:1",
            "owl:sameAs\tGENE:1",
            "10: predicate_id: 'owl:sameAs' is not allowed; expected one of skos:exactMatch",
        ),
        ("skos:exactMatch\tGENE:1", "skos:related\tGENE:1", "10: predicate_id: 'skos:related' is not allowed"),
        ("GENE:1", "GEN:1", "10: object_id: no prefix 'GEN' in the curie_map; nearest: GENE"),
        ("GENE:1", "1", "10: object_id: no prefix '1' in the curie_map"),
        ("ALF1", "", "10: object_label is empty; expected a value"),
        ("GENE:1\tALF1", "GENE:1 ALF1", "10: 8 cells, the header has 9; separate them by one tab"),
        (FIRST, FIRST * 2, "11: GENE:1 is mapped in mappings.sssom.tsv:10 already; keep one row"),
        (
            "Deltin\tskos:broadMatch\tGENE:40\tDeltin family",
            "Deltin\tskos:broadMatch\tGENE:1\tALF",
            "12: GENE:1 is called 'ALF1' in mappings.sssom.tsv:10",
        ),
        (
            FIRST,
            FIRST + FIRST.replace("GENE:1\tALF1", "GENE:7\tALF7"),
            "11: a second exact match in one vocabulary, after mappings.sssom.tsv:10",
        ),
        ("GENE:1", "GENE:1 2", "10: object_id: '1 2' cannot end an IRI"),
        ("GENE:1", "GENE:<1>", "10: object_id: '<1>' cannot end an IRI"),
        ("ALF1", "(label not in file)", "10: object_label: '(label not in file)' is a remark"),
        ("ALF1", "A\x07", "10: a cell holds a control character"),
        ("https://example.org/gene/", "gene/", "1: curie_map: 'gene/' of GENE is no IRI"),
        (
            "GENE:2\tBTN1\tsemapv:ManualMappingCuration\texample:gene",
            "GENE:2\tBTN1\tsemapv:ManualMappingCuration\texample:protein",
            "11: object_source: that of GENE is 'https://example.org/vocabulary/gene' in mappings.sssom.tsv:10",
        ),
        ("object_source_version", "version", "9: not the columns of a mapping set; expected subject_id"),
        (f"{COLUMNS[0]}\t{COLUMNS[1]}\t", f"{COLUMNS[0]},{COLUMNS[1]},", "9: not the columns of a mapping set; exp"),
        ("\t".join(COLUMNS), ",".join(COLUMNS), "9: commas part the columns, not tabs; expected subject_id"),
        ("\t".join(COLUMNS), ";".join(COLUMNS), "9: semicolons part the columns, not tabs; expected subject_id"),
        (
            "# curie_map:",
            "# a: &a 1\n# b: *a\n# curie_map:",
            "3: the lines with # are not YAML: an anchor; expected",
        ),
        ("# curie_map:", "# a: *a\n# curie_map:", "3: the lines with # are not YAML: an alias; expected plain YAML"),
        ("# curie_map:", "# a: !!binary x\n# curie_map:", "3: the lines with # are not YAML: a tag; expected plain"),
        ("# curie_map:", f"# a: {'[' * 5000}\n# curie_map:", "3: the lines with # are not YAML: more than 20 lists or"),
        ("# curie_map:", f"# a: {'- ' * 5000}1\n# curie_map:", "3: the lines with # are not YAML: "),
        ("# curie_map:", f"# a: {'9' * 5000}\n# curie_map:", "1: the lines with # are not YAML: Exceeds the limit"),
        ("# curie_map:", "# a: 2026-02-30\n# curie_map:", "1: the lines with # are not YAML: day "),
        ("# curie_map:", f"# a: {'x' * 70000}\n# curie_map:", "1: the lines with # are not YAML: 70,"),
        ("ALF1", "A" * 140_000, f"10: object_label: 140,000 signs; a cell holds at most {2**17:,}"),
        ("# curie_map:", "# prefixes:", "1: the lines with # hold no curie_map; expected YAML, prefix: IRI"),
        ("#   GENE: https", "#  GENE; https", "5: the lines with # are not YAML: mapping values are not allowed here"),
    ],
)
def test_wrong_row_is_told_with_its_line(old: str, new: str, message: str, tmp_path: Path) -> None:
    (told,) = wrong(tmp_path, old, new)
    assert told.startswith(message)


def test_two_kinds_of_wrong_rows_are_told_at_once(tmp_path: Path) -> None:
    assert len(wrong(tmp_path, "ALF1\tsemapv:ManualMappingCuration", "\tsemantic:ManualMappingCuration")) == 2


def test_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    (tmp_path / "m.tsv").write_bytes(b"# curie_map\xff")
    assert read_mappings(tmp_path / "m.tsv")[1][0].message.startswith("byte 0xFF is not UTF-8")
    with pytest.raises(UsageError, match="expected a mapping set in SSSOM"):
        read_mappings(tmp_path / "none.tsv")


@pytest.mark.parametrize(("old", "new"), [("", "\ufeff"), ("\n", "\r\n"), ("ALF1", 'A "quoted" start'), ("", "")])
def test_files_of_spreadsheets_are_read(old: str, new: str, tmp_path: Path) -> None:
    """With a byte order mark, other ends of lines, quotes that are text, an empty last line."""
    text = MINI.read_text(encoding="utf-8")
    text = text.replace(old, new) if old else new + text + "\n"
    (tmp_path / "m.tsv").write_bytes(text.encode())
    matches, faults = read_mappings(tmp_path / "m.tsv")
    assert not faults
    assert len(matches) == 3


def test_line_that_looks_parted_is_one(tmp_path: Path) -> None:
    """U+2028 ends a line for some readers; here it is text, and the lines after it keep their numbers."""
    text = MINI.read_text(encoding="utf-8").replace("ALF1", "ALF\u20281").replace("GENE:2", "GENE")
    (tmp_path / "m.tsv").write_text(text, encoding="utf-8")
    assert [fault.line for fault in read_mappings(tmp_path / "m.tsv")[1]] == [11]


def test_clash_of_two_sets_is_told(
    change: Change, ontology: Path, faults: Callable[..., list[str]], tmp_path: Path
) -> None:
    folder, second = change("molecules"), tmp_path / "second"
    second.mkdir()
    (second / "molecules.csv").write_text("id,label\nzetin,Zetin\n", encoding="utf-8")
    text = (folder / "mappings.sssom.tsv").read_text(encoding="utf-8").replace("ALF1", "other")
    (second / "mappings.sssom.tsv").write_text(text, encoding="utf-8")
    told = faults(folder, second)
    assert len(told) == 3
    assert told[0] == "second/mappings.sssom.tsv:10: GENE:1 is mapped in mappings.sssom.tsv:10 already; keep one row"


def test_pipe_beside_the_tables_is_told(tmp_path: Path, mini: Path) -> None:
    shutil.copytree(mini, tmp_path / "mini")
    path = tmp_path / "mini" / "mappings.sssom.tsv"
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(UsageError) as error:
        build_shipped([path.parent])
    assert str(error.value) == f"cannot read {path}: it is a named pipe; expected a mapping set in SSSOM"


def test_line_ends_of_windows_and_the_old_macintosh_are_read(tmp_path: Path, mini: Path) -> None:
    text = (mini / "mappings.sssom.tsv").read_bytes()
    matches, _ = read_mappings(mini / "mappings.sssom.tsv")
    for end in (b"\r\n", b"\r"):
        (tmp_path / "m.tsv").write_bytes(b"\xef\xbb\xbf" + text.replace(b"\n", end))
        found, faults = read_mappings(tmp_path / "m.tsv")
        assert not faults
        assert [match[1:] for match in found] == [match[1:] for match in matches]


def test_empty_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "m.tsv").write_text("")
    messages = [fault.message for fault in read_mappings(tmp_path / "m.tsv")[1]]
    assert messages[0].startswith("the lines with # hold no curie_map")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "molecule/alphin\tAlphin",
            "molecule/alfin\tAlphin",
            "'Alphin' is no label of https://w3id.org/immunokg/molecule/alfin",
        ),
        ("molecule/alphin\tAlphin", "molecule/alphin\tAlfin", "expected 'Alphin'"),
    ],
)
def test_thing_that_is_not_in_the_tables_is_told(
    old: str, new: str, message: str, change: Change, faults: Callable[..., list[str]]
) -> None:
    folder = change("molecules")
    path = folder / "mappings.sssom.tsv"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    (told,) = faults(folder)
    assert told.startswith("mini/mappings.sssom.tsv:10: subject_label: ")
    assert message in told


def test_match_and_the_name_of_the_term_are_in_the_graph(world: set[str]) -> None:
    assert "molecule/alphin skos:exactMatch https://example.org/gene/1" in world
    assert "molecule/deltin skos:broadMatch https://example.org/gene/40" in world
    assert 'https://example.org/gene/1 rdfs:label "ALF1"' in world
    assert 'https://example.org/gene/1 dcterms:identifier "GENE:1"' in world
    assert "https://example.org/gene/1 dcterms:source https://example.org/vocabulary/gene" in world


def test_describe_shows_the_matches(graph: KnowledgeGraph) -> None:
    rows = [(row["property"], row["value"]) for row in graph.describe("BCMA")]
    assert ("exact match", "HGNC:11913 TNFRSF17 (TNF receptor superfamily member 17)") in rows
    assert ("close match", "UniProtKB:Q02223 TNFRSF17 (TNF receptor superfamily member 17)") in rows


def test_terms_of_others_are_no_things_of_ours(graph: KnowledgeGraph) -> None:
    assert not graph.lexicon.find("plasma cell myeloma")
    assert not any("purl.obolibrary.org" in node for node in graph.to_networkx())


def test_columns_are_those_of_sssom() -> None:
    assert set(COLUMNS) >= {"subject_id", "predicate_id", "object_id", "mapping_justification"}
