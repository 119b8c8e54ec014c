"""Tables as curators get them wrong: what is said, of which line, and what is forgiven."""

from __future__ import annotations

import os
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from vocabularies import ALL_TABLES, read_folder

from kg.errors import SourceError, UsageError
from kg.tables.columns import columns
from kg.tables.rows import TABLES, Concept

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Folder = Callable[..., Path]

DOCUMENT = "id,title,published\nmini,A ten-row world,2030-01-31\n"
CONCEPT = "id,label\n"
EVIDENCE = "id,section,locator\n"
MEASURED = "id,section,locator,start,sha256\n"
FACT = "subject,property,value,evidence,assertion,standing\n"
FINDING = "id,about,measure,value,grade,tissue,evidence,assertion,standing\n"
EVENT = "id,kind,product,date,status,evidence,assertion,standing\n"
ARM = "id,label,evidence,assertion,population\n"
TRIAL = "id,targets,diseases,cell_source,phase,first_posted,status,enrollment,sponsor,evidence\n"

CONCEPT_COLUMNS = "expected the columns id, label, synonyms, broader, definition, scope_note"
EVIDENCE_COLUMNS = "expected the columns id, section, locator, start, end, sha256"
TABLE_NAMES = ", ".join(f"{name}.csv" for name in sorted(ALL_TABLES))
TRIAL_IDS = "expected such as NCT05182073, ChiCTR2100047084 or jRCT2033200431"


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Return a function that makes a folder of tables, with a document where one is needed."""

    def written(**tables: str | bytes) -> Path:
        for name, content in ({"document": DOCUMENT} | tables).items():
            (tmp_path / f"{name}.csv").write_bytes(content.encode() if isinstance(content, str) else content)
        return tmp_path

    return written


def faults(folder: Path) -> list[str]:
    """Return what is wrong with the tables of a folder, each as ``file:line: message``."""
    return [str(fault).removeprefix(f"{folder}/") for fault in SourceError(read_folder(folder).faults).faults]


def trial(**cells: str) -> str:
    """Return a table with a trial, right but for the given cells."""
    right = dict(zip(TRIAL.strip().split(","), "NCT90000001,a,b,c,d,2028-01-15,e,20,f,g".split(","), strict=True))
    return TRIAL + ",".join((right | cells).values()) + "\n"


BAD_TABLES = {
    "missing column": (
        {"molecules": "id,synonyms\nalphin,ALF\n"},
        f"molecules.csv:1: no column 'label'; {CONCEPT_COLUMNS}",
    ),
    "unknown column, nearest": (
        {"molecules": "id,label,synonym\n"},
        f"molecules.csv:1: unknown column 'synonym'; nearest: synonyms; {CONCEPT_COLUMNS}",
    ),
    "unknown column, none like it": (
        {"molecules": "id,label,1970\n"},
        f"molecules.csv:1: unknown column '1970'; {CONCEPT_COLUMNS}",
    ),
    "header with a comma too many": (
        {"molecules": "id,label,\n"},
        f"molecules.csv:1: unknown column ''; {CONCEPT_COLUMNS}",
    ),
    "column twice": (
        {"evidence": "id,section,locator,section\n"},
        f"evidence.csv:1: column 'section' stands twice; {EVIDENCE_COLUMNS}",
    ),
    "too many cells": (
        {"molecules": CONCEPT + "alphin,Alphin, the first\n"},
        "molecules.csv:2: 3 cells, the header has 2; quote a cell that holds a comma",
    ),
    "too few cells": (
        {"molecules": CONCEPT + "alphin\n"},
        "molecules.csv:2: 1 cells, the header has 2; quote a cell that holds a comma",
    ),
    "empty required cell": (
        {"evidence": EVIDENCE + "row-1,,row 1\n"},
        "evidence.csv:2: section: is empty; expected the heading, table or figure",
    ),
    "required cell of blanks": (
        {"evidence": EVIDENCE + "row-1,Table 1,  \n"},
        "evidence.csv:2: locator: is empty; expected the row or the paragraph",
    ),
    "empty required list": (
        {"trials": trial(diseases="")},
        "trials.csv:2: diseases: is empty; expected each disease",
    ),
    "value twice in a list": (
        {"trials": trial(targets="a; b; a")},
        "trials.csv:2: targets: 'a' stands twice in the list",
    ),
    "impossible date": (
        {"trials": trial(first_posted="2024-02-30")},
        "trials.csv:2: first_posted: '2024-02-30' is not a date: day is out of range for month; "
        "expected a day such as 2024-10-25",
    ),
    "date in another form": (
        {"trials": trial(first_posted="25.10.2024")},
        "trials.csv:2: first_posted: '25.10.2024' is not a date: it is not written YYYY-MM-DD; "
        "expected a day such as 2024-10-25",
    ),
    "date without hyphens": (
        {"trials": trial(first_posted="20241025")},
        "trials.csv:2: first_posted: '20241025' is not a date: it is not written YYYY-MM-DD; "
        "expected a day such as 2024-10-25",
    ),
    "not a number": (
        {"trials": trial(enrollment="about 20")},
        "trials.csv:2: enrollment: 'about 20' is not a whole number; expected digits alone",
    ),
    "number below zero": (
        {"trials": trial(enrollment="-1")},
        "trials.csv:2: enrollment: '-1' is not a whole number; expected digits alone",
    ),
    "number with a fraction": (
        {"evidence": MEASURED + "row-1,Table 1,row 1,1.5,\n"},
        "evidence.csv:2: start: '1.5' is not a whole number; expected digits alone",
    ),
    "duplicate id": (
        {"molecules": CONCEPT + "alphin,Alphin\nbetin,Betin\nalphin,Gammin\n"},
        "molecules.csv:4: id 'alphin' is already on line 2; expected an id of its own",
    ),
    "id of wrong form": (
        {"molecules": CONCEPT + "Alphin 1,Alphin\n"},
        "molecules.csv:2: id: 'Alphin 1' is not an id; expected small letters, digits and single hyphens",
    ),
    "id with two hyphens": (
        {"molecules": CONCEPT + "alphin--1,Alphin\n"},
        "molecules.csv:2: id: 'alphin--1' is not an id; expected small letters, digits and single hyphens",
    ),
    "control character": (
        {"trials": trial(sponsor="Fern\x1b[2J")},
        "trials.csv:2: sponsor: holds the control character U+001B; expected text",
    ),
    "trial id of wrong form": (
        {"trials": trial(id="NCT9000001")},
        f"trials.csv:2: id: 'NCT9000001' is not a trial identifier; {TRIAL_IDS}",
    ),
    "trial id in small letters": (
        {"trials": trial(id="nct90000001")},
        f"trials.csv:2: id: 'nct90000001' is not a trial identifier; {TRIAL_IDS}",
    ),
    "hash of wrong form": (
        {"evidence": MEASURED + "row-1,Table 1,row 1,1,c0ffee\n"},
        "evidence.csv:2: sha256: 'c0ffee' is not a SHA-256; expected 64 hexadecimal digits",
    ),
    "assertion not among the choices": (
        {"facts": FACT + "a,b,c,d,guessed,accepted\n"},
        "facts.csv:2: assertion: 'guessed' is not allowed; "
        "expected one of stated, claimed, planned, derived, inferred, likely",
    ),
    "standing not among the choices": (
        {"facts": FACT + "a,b,c,d,stated,Accepted\n"},
        "facts.csv:2: standing: 'Accepted' is not allowed; expected one of accepted, rejected, unresolved",
    ),
    "choice of words": (
        {"arms": ARM + "a,A,b,stated,dose groups\n"},
        "arms.csv:2: population: 'dose groups' is not allowed; expected one of enrolled, treated, efficacy-evaluable, "
        "safety, cohort, subgroup, patient, other, intention to treat, dose group",
    ),
    "role that is missing": (
        {"administrations": "id,to,product,role,evidence,assertion,standing\nx,a,b,,d,stated,accepted\n"},
        "administrations.csv:2: role: is empty; expected what it is given for",
    ),
    "byte that is not UTF-8": (
        {"molecules": "id,label\nalphin,Alphin\nbetin,Bétin\n".encode("latin-1")},
        "molecules.csv:3: byte 0xE9 is not UTF-8; save the file as UTF-8",
    ),
    "not the name of a table, nearest": (
        {"molecule": CONCEPT},
        f"molecule.csv:1: not the name of a table; nearest: molecules; expected one of {TABLE_NAMES}",
    ),
    "not the name of a table, none like it": (
        {"xyz": CONCEPT},
        f"xyz.csv:1: not the name of a table; expected one of {TABLE_NAMES}",
    ),
    "two documents": (
        {"document": DOCUMENT + "other,Another world,2030-01-31\n"},
        "document.csv:1: 2 documents; expected one row: the document with the evidence",
    ),
    "no document in its table": (
        {"document": "id,title,published\n"},
        "document.csv:1: 0 documents; expected one row: the document with the evidence",
    ),
    "quote that is not closed": (
        {"molecules": CONCEPT + 'alphin,Alphin\nbetin,"Betin\n'},
        "molecules.csv:3: not CSV: unexpected end of data; expected commas, and double quotes in pairs",
    ),
    "UTF-16, as Excel's Unicode text": (
        {"molecules": "id\tlabel\r\nalphin\tAlphin\r\n".encode("utf-16")},
        "molecules.csv:1: the file is UTF-16; save it as UTF-8, which Excel calls 'CSV UTF-8'",
    ),
    "UTF-16 without a mark": (
        {"molecules": "id,label\nalphin,Alphin\n".encode("utf-16-be")},
        "molecules.csv:1: the file is UTF-16; save it as UTF-8, which Excel calls 'CSV UTF-8'",
    ),
    "UTF-32": (
        {"molecules": "id,label\nalphin,Alphin\n".encode("utf-32")},
        "molecules.csv:1: the file is UTF-32; save it as UTF-8, which Excel calls 'CSV UTF-8'",
    ),
    "semicolons between cells": (
        {"molecules": "id;label;synonyms\r\nalphin;Alphin;ALF\r\n"},
        "molecules.csv:1: semicolons part the columns, as Excel writes CSV where commas stand before decimals; "
        "expected commas",
    ),
    "quoted cells with semicolons, after a mark": (
        {"molecules": '\ufeff"id";"label"\n"alphin";"Alphin, the first"\n'},
        "molecules.csv:1: semicolons part the columns, as Excel writes CSV where commas stand before decimals; "
        "expected commas",
    ),
    "tabs between cells": (
        {"molecules": "id\tlabel\nalphin\tAlphin\n"},
        "molecules.csv:1: tabs part the columns; expected commas",
    ),
    "cell that never ends": (
        {"molecules": CONCEPT + 'alphin,"' + "x\n" * 70_000},
        "molecules.csv:2: a cell holds more than 131,072 signs; expected less, and double quotes in pairs",
    ),
    "quote inside a cell": (
        {"molecules": CONCEPT + 'alphin,"Al"phin\n'},
        "molecules.csv:2: not CSV: ',' expected after '\"'; expected commas, and double quotes in pairs",
    ),
}


@pytest.mark.parametrize(("tables", "fault"), BAD_TABLES.values(), ids=BAD_TABLES)
def test_bad_table_is_one_fault(tables: dict[str, str | bytes], fault: str, folder: Folder) -> None:
    assert faults(folder(**tables)) == [fault]


@pytest.mark.parametrize("text", ["0", "6", "3+", "1-", "2-1-", "5-5", "0-2", ">3", "<=2", "3/4"])
def test_text_that_is_no_grade_is_a_fault(text: str, folder: Folder) -> None:
    found = faults(folder(findings=FINDING + f"x,a,b,1,{text},,c,stated,accepted\n"))
    assert found == [f"findings.csv:2: grade: '{text}' is not a grade; expected such as 3, 1-2 or >=3"]


@pytest.mark.parametrize("text", ["1", "5", "1-2", "3-4", "4-5", ">=1", ">=3"])
def test_grade_or_band_of_grades_is_read_as_it_is(text: str, folder: Folder) -> None:
    source = read_folder(folder(findings=FINDING + f"x,a,b,1,{text},,c,stated,accepted\n"))
    assert ([row.grade for row in source.rows("findings")], source.faults) == ([text], [])


@pytest.mark.parametrize(
    "text", ["25", "2025-6", "2025-13", "2025-00", "2025-06-32", "2025-06-00", "June 2025", "2025-"]
)
def test_text_that_is_no_partial_date_is_a_fault(text: str, folder: Folder) -> None:
    path = folder(events=EVENT + f"x,a,b,{text},granted,c,stated,accepted\n")
    assert [row.date for row in read_folder(path).rows("events")] == [""]
    found = faults(path)
    assert found == [f"events.csv:2: date: '{text}' is not a date; expected such as 2025-06-02"]


@pytest.mark.parametrize("text", ["2025", "2025-06", "2025-06-02", "2025-12-31", "1999-10-10"])
def test_day_month_or_year_is_a_partial_date(text: str, folder: Folder) -> None:
    source = read_folder(folder(events=EVENT + f"x,a,b,{text},granted,c,stated,accepted\n"))
    assert ([row.date for row in source.rows("events")], source.faults) == ([text], [])


@pytest.mark.parametrize("text", ["1 000", "1.", ".5", "1e3", "+3", "NaN", "1_0", "three", "--1", "1.0000000001"])
def test_text_that_is_no_number_is_a_fault(text: str, folder: Folder) -> None:
    found = faults(folder(findings=FINDING + f"x,a,b,{text},,,c,stated,accepted\n"))
    expected = "is not a number; expected digits, with a point before decimals"
    assert found == [f"findings.csv:2: value: '{text}' {expected}"]


@pytest.mark.parametrize("text", ["0", "7", "-1.5", "26.00", "0.05", "123456789012345"])
def test_number_is_read_exactly(text: str, folder: Folder) -> None:
    source = read_folder(folder(findings=FINDING + f"x,a,b,{text},,,c,stated,accepted\n"))
    assert ([row.value for row in source.rows("findings")], source.faults) == ([Decimal(text)], [])


def test_links_need_no_document(tmp_path: Path) -> None:
    (tmp_path / "links.csv").write_text("subject,property,value,evidence\na,b,c,mini/d\n")
    assert read_folder(tmp_path).faults == []


@pytest.mark.parametrize("table", ["arms", "studies", "findings", "administrations", "events"])
def test_rows_with_evidence_need_a_document(table: str, tmp_path: Path) -> None:
    header = [item.name for item in columns(TABLES[table]) if not item.metadata["optional"]]
    (tmp_path / f"{table}.csv").write_text(",".join(header) + "\n")
    assert faults(tmp_path) == ["document.csv:1: 0 documents; expected one row: the document with the evidence"]


def test_line_ends_of_two_kinds_are_a_fault(folder: Folder) -> None:
    found = faults(folder(molecules="id,label\ralphin,Alphin\nbetin,Betin\n"))
    assert found == ["molecules.csv:1: a line ends in CR, others in LF; expected LF or CRLF everywhere"]


def test_good_tables_are_no_fault(folder: Folder) -> None:
    assert faults(folder(molecules=CONCEPT, evidence=EVIDENCE, facts=FACT, trials=trial())) == []


def test_empty_file_lacks_every_required_column(folder: Folder) -> None:
    assert faults(folder(molecules="")) == [
        f"molecules.csv:1: no column 'id'; {CONCEPT_COLUMNS}",
        f"molecules.csv:1: no column 'label'; {CONCEPT_COLUMNS}",
    ]


def test_missing_document_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "evidence.csv").write_text(EVIDENCE)
    assert faults(tmp_path) == ["document.csv:1: 0 documents; expected one row: the document with the evidence"]


def test_vocabularies_alone_need_no_document(tmp_path: Path) -> None:
    (tmp_path / "molecules.csv").write_text(CONCEPT + "alphin,Alphin\n")
    source = read_folder(tmp_path)
    assert (source.faults, source.document, source.rows("evidence")) == ([], "", [])


def test_faults_of_all_tables_are_told_at_once_and_sorted(folder: Folder) -> None:
    tables = {
        "trials": trial(enrollment="x", first_posted="y"),
        "molecules": CONCEPT + "alphin,\nBetin,\n",
        "evidence": EVIDENCE + "a,b\n\nrow-1,,\n",
    }
    assert faults(folder(**tables)) == [
        "evidence.csv:2: 2 cells, the header has 3; quote a cell that holds a comma",
        "evidence.csv:4: locator: is empty; expected the row or the paragraph",
        "evidence.csv:4: section: is empty; expected the heading, table or figure",
        "molecules.csv:2: label: is empty; expected the word that the field uses, as the sources print it",
        "molecules.csv:3: id: 'Betin' is not an id; expected small letters, digits and single hyphens",
        "molecules.csv:3: label: is empty; expected the word that the field uses, as the sources print it",
        "trials.csv:2: enrollment: 'x' is not a whole number; expected digits alone",
        "trials.csv:2: first_posted: 'y' is not a date: it is not written YYYY-MM-DD; "
        "expected a day such as 2024-10-25",
    ]


def test_lines_are_sorted_as_numbers(folder: Folder) -> None:
    rows = [f"id-{line},{'' if line in (9, 10, 100) else 'x'}\n" for line in range(2, 101)]
    assert [fault.split(":")[1] for fault in faults(folder(molecules=CONCEPT + "".join(rows)))] == ["9", "10", "100"]


def test_folder_without_tables_is_wrong_usage(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("id,label\n")
    with pytest.raises(UsageError) as error:
        read_folder(tmp_path)
    assert str(error.value) == (f"no table in {tmp_path}; expected CSV files such as trials.csv, see CONTRIBUTING.md")


def test_folder_that_does_not_exist_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as error:
        read_folder(tmp_path / "nowhere")
    assert str(error.value) == (
        f"cannot read {tmp_path / 'nowhere'}: No such file or directory; expected a folder of tables"
    )


def test_file_in_place_of_a_folder_is_wrong_usage(tmp_path: Path) -> None:
    table = tmp_path / "molecules.csv"
    table.write_text(CONCEPT)
    with pytest.raises(UsageError) as error:
        read_folder(table)
    assert str(error.value) == f"cannot read {table}: Not a directory; expected a folder of tables"


def test_what_is_no_regular_file_is_told_with_its_name(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "molecules.csv")
    (tmp_path / "diseases.csv").mkdir()
    (tmp_path / "phases.csv").symlink_to("/dev/zero")
    (tmp_path / "statuses.csv").symlink_to("statuses.csv")
    with (tmp_path / "registries.csv").open("wb") as file:
        file.truncate(2**30)
    assert faults(tmp_path) == [
        "diseases.csv:1: cannot be read: it is a folder; expected a CSV file",
        "molecules.csv:1: cannot be read: it is a named pipe; expected a CSV file",
        "phases.csv:1: cannot be read: it is a device; expected a CSV file",
        "registries.csv:1: cannot be read: it holds more than 64 MiB; expected a CSV file",
        "statuses.csv:1: cannot be read: Too many levels of symbolic links; expected a CSV file",
    ]


FORGIVEN = {
    "as it should be": b"id,label\nalphin,Alphin\nbetin,Betin\n",
    "byte order mark": b"\xef\xbb\xbfid,label\nalphin,Alphin\nbetin,Betin\n",
    "CRLF": b"id,label\r\nalphin,Alphin\r\nbetin,Betin\r\n",
    "CR of the old Macintosh": b"id,label\ralphin,Alphin\rbetin,Betin\r",
    "BOM, CRLF and blank lines": b"\xef\xbb\xbfid,label\r\n\r\nalphin,Alphin\r\nbetin,Betin\r\n\r\n",
    "no last line end": b"id,label\nalphin,Alphin\nbetin,Betin",
    "columns in another order": b"label,id\nAlphin,alphin\nBetin,betin\n",
    "lines of commas alone": b"id,label\nalphin,Alphin\n,\nbetin,Betin\n,\n",
    "blanks around cells": b"id,label\n alphin ,Alphin\t\nbetin, Betin\n",
    "quotes around cells": b'"id","label"\n"alphin","Alphin"\n"betin","Betin"\n',
}


@pytest.mark.parametrize("content", FORGIVEN.values(), ids=FORGIVEN)
def test_harmless_form_reads_as_the_same_rows(content: bytes, folder: Folder) -> None:
    source = read_folder(folder(molecules=content))
    assert source.faults == []
    assert [(row.id, row.label) for row in source.rows("molecules")] == [("alphin", "Alphin"), ("betin", "Betin")]


def test_blank_lines_count_as_lines(folder: Folder) -> None:
    source = read_folder(folder(molecules="id,label\n\n\nalphin,Alphin\n\nbetin,Betin\n"))
    assert [row.place.line for row in source.rows("molecules")] == [4, 6]


def test_line_after_a_cell_of_several_lines_keeps_its_number(folder: Folder) -> None:
    table = 'id,label,definition\nalphin,Alphin,"two\nlines"\nbetin,Betin,\nbetin,Gammin,\n'
    source = read_folder(folder(molecules=table))
    first, second, _ = source.rows("molecules")
    assert (first.definition, second.place.line) == ("two\nlines", 4)
    assert faults(source.folder) == ["molecules.csv:5: id 'betin' is already on line 4; expected an id of its own"]


def test_cells_have_the_types_of_their_columns(folder: Folder) -> None:
    sha256 = "0123456789abcdef" * 4
    tables = {
        "trials": trial(targets="Alphin; Betin ;;Gammin"),
        "evidence": MEASURED + f"row-1,Table 1,row 1,7,{sha256}\n",
        "molecules": CONCEPT + "alphin,Alphin\n",
    }
    source = read_folder(folder(**tables))
    (only,) = source.rows("trials")
    assert source.faults == []
    assert (only.targets, only.first_posted, only.enrollment) == (("Alphin", "Betin", "Gammin"), date(2028, 1, 15), 20)
    assert (only.product_kind, only.target_logic, only.first_posted_as_printed) == ("", "", "")
    (place,) = source.rows("evidence")
    assert (place.start, place.end, place.sha256) == (7, None, sha256)
    (concept,) = source.rows("molecules")
    assert concept == Concept(concept.place, "alphin", "Alphin", (), (), "", "")


def test_faulty_cell_leaves_the_rest_of_the_row(folder: Folder) -> None:
    source = read_folder(folder(trials=trial(enrollment="x")))
    (only,) = source.rows("trials")
    assert (only.id, only.enrollment, only.status, len(source.faults)) == ("NCT90000001", None, "e", 1)


def test_mini_world_has_every_table_but_purposes(mini: Path) -> None:
    assert read_folder(mini).faults == []
    assert set(read_folder(mini).tables) == set(ALL_TABLES) - {"purposes"}
