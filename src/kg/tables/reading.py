"""Read the source tables: CSV files typed in by curators, with one row type for each table.

A folder of tables is one document (``document.csv`` with one row, ``evidence.csv``,
``trials.csv``, ``products.csv``, ``facts.csv``, ``findings.csv`` and others) or a set of
vocabularies (``diseases.csv`` and the like), or both. The file name says which
table a file is; the fields of the row type are its columns.

The form of the cells is checked here. :mod:`kg.build.builder` checks that cells name
existing things. All faults of all tables are collected, so that a curator can mend
them in one go.
"""

from __future__ import annotations

import csv
import re
from dataclasses import Field, dataclass
from datetime import date
from decimal import Decimal
from io import StringIO
from typing import TYPE_CHECKING, Any

from kg.errors import Fault, UsageError, nearest
from kg.files.limits import CELL
from kg.model.registries import REGISTRIES
from kg.tables.columns import Place, Row, columns
from kg.tables.csv_text import find_separator, read_text, wrong_header
from kg.tables.rows import TABLES, UNDISCLOSED, Concept

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

__all__ = ["Source", "read_folder", "read_value"]

_SEPARATOR = ";"
_TOO_LONG = f"a cell holds more than {CELL:,} signs; expected less, and double quotes in pairs"
_FORMS = {
    "id": (r"[a-z0-9]+(-[a-z0-9]+)*", "an id; expected small letters, digits and single hyphens"),
    "sha256": (r"[0-9a-f]{64}", "a SHA-256; expected 64 hexadecimal digits"),
    "iri": (r"https?://[^\s<>\"{}|\\^`]+", "an IRI; expected one such as https://creativecommons.org/licenses/by/4.0/"),
    "grade": (r"(>=)?[1-5]|1-[2-5]|2-[345]|3-[45]|4-5", "a grade; expected such as 3, 1-2 or >=3"),
    "partial date": (r"[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?", "a date; expected such as 2025-06-02"),
    "trial id": (
        "|".join(registry.form for registry in REGISTRIES),
        "a trial identifier; expected such as NCT05182073, ChiCTR2100047084 or jRCT2033200431",
    ),
}


@dataclass(frozen=True)
class Source:
    """The tables of one folder.

    Attributes:
        folder: the folder.
        tables: name of a table -> its rows, in file order.
        faults: all faults in the form of the cells.
        is_whole: whether every row of every table could be read. If rows are missing,
            cells that name them cannot be judged.
    """

    folder: Path
    tables: dict[str, list[Any]]
    faults: list[Fault]
    is_whole: bool

    def rows(self, table: str) -> list[Any]:
        """Return the rows of a table; there are none if the folder does not have the table."""
        return self.tables.get(table, [])

    @property
    def document(self) -> str:
        """The id of the document, or an empty string."""
        documents = self.rows("document")
        return documents[0].id if documents else ""


def read_folder(folder: Path, vocabularies: Collection[str]) -> Source:
    """Read all tables of a folder.

    Args:
        folder: the folder; it holds CSV files in UTF-8, named as in :data:`kg.tables.rows.TABLES` or as a vocabulary.
        vocabularies: the names of the vocabularies, whose tables hold concepts.

    Returns:
        The rows and the faults found. A row with a faulty cell is there too, with this
        cell empty, so that one mistake is not reported as many.

    Raises:
        UsageError: if the folder cannot be read or holds no table.
    """
    try:
        paths = sorted(path for path in folder.iterdir() if path.suffix == ".csv")
    except OSError as error:
        raise UsageError(f"cannot read {folder}: {error.strerror}; expected a folder of tables") from error
    if not paths:
        raise UsageError(f"no table in {folder}; expected CSV files such as trials.csv, see CONTRIBUTING.md")
    tables: dict[str, list[Any]] = {}
    lost: list[Fault] = []
    faults: list[Fault] = []
    row_types = TABLES | dict.fromkeys(vocabularies, Concept)
    for path in paths:
        if path.stem in row_types:
            tables[path.stem] = list(_read_table(path, row_types[path.stem], lost, faults))
        else:
            known = ", ".join(f"{name}.csv" for name in sorted(row_types))
            hint = nearest(path.stem, row_types)
            lost.append(Fault(path, 1, f"not the name of a table{hint}; expected one of {known}"))
    lost += _one_document(folder, tables)
    return Source(folder, tables, lost + faults, is_whole=not lost)


def _one_document(folder: Path, tables: dict[str, list[Any]]) -> Iterator[Fault]:
    """Yield a fault if a folder has tables with evidence, but not exactly one document."""
    count = len(tables.get("document", []))
    if count != 1 and any(name in TABLES and name != "links" for name in tables):
        yield Fault(folder / "document.csv", 1, f"{count} documents; expected one row: the document with the evidence")


def _read_table(path: Path, row_type: type[Row], lost: list[Fault], faults: list[Fault]) -> Iterator[Row]:
    """Yield the rows of a table; add faults that cost whole rows to ``lost``, faults of cells to ``faults``."""
    text, wrong = read_text(path)
    lost += wrong
    if wrong and not text:
        return
    known = [item.name for item in columns(row_type)]
    if separator := find_separator(text.partition("\n")[0], known, ","):
        about = ", as Excel writes CSV where commas stand before decimals" if separator == "semicolons" else ""
        lost.append(Fault(path, 1, f"{separator} part the columns{about}; expected commas"))
        return
    reader, first = csv.reader(StringIO(text), strict=True), 1
    try:
        header = next(reader, [])
        wrong = list(wrong_header(path, header, row_type))
        lost += wrong
        if wrong:
            return
        seen: dict[str, int] = {}
        first = reader.line_num + 1
        for cells in reader:
            place, first = Place(path, first), reader.line_num + 1
            if not any(cells):
                continue
            if max(map(len, cells)) > CELL:
                lost.append(place.fault(_TOO_LONG))
            elif len(cells) == len(header):
                yield _read_row(place, dict(zip(header, cells, strict=True)), row_type, seen, faults)
            else:
                message = f"{len(cells)} cells, the header has {len(header)}; quote a cell that holds a comma"
                lost.append(place.fault(message))
    except csv.Error as error:
        line, told = reader.line_num, f"not CSV: {error}; expected commas, and double quotes in pairs"
        if "field limit" in str(error):
            line, told = first, _TOO_LONG
        elif "new-line character" in str(error):
            told = "a line ends in CR, others in LF; expected LF or CRLF everywhere"
        lost.append(Fault(path, line, told))


def _read_row(
    place: Place, cells: dict[str, str], row_type: type[Row], seen: dict[str, int], faults: list[Fault]
) -> Row:
    values = {}
    for item in columns(row_type):
        values[item.name], wrong = _read_cell(item, cells.get(item.name, "").strip())
        faults += [place.fault(f"{item.name}: {message}") for message in wrong]
    identifier = values.get(row_type.id_column, "")
    if identifier and (first := seen.setdefault(identifier, place.line)) != place.line:
        faults.append(place.fault(f"id '{identifier}' is already on line {first}; expected an id of its own"))
    return row_type(place, **values)


def _read_cell(item: Field[Any], text: str) -> tuple[Any, list[str]]:
    """Return the value of a cell, and messages on what is wrong with it."""
    kind = str(item.type).removesuffix(" | None")
    if found := re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", text):
        return _empty(kind), [f"holds the control character U+{ord(found[0]):04X}; expected text"]
    value, wrong = _read_list(text) if kind.startswith("tuple") else read_value(kind, text)
    if not text or value == ():
        return value, wrong or ([] if item.metadata["optional"] else [f"is empty; expected {item.metadata['about']}"])
    wrong = wrong or list(_wrong_form(item, text))
    return (_empty(kind) if wrong else value), wrong


def _empty(kind: str) -> Any:
    return () if kind.startswith("tuple") else "" if kind == "str" else None


def _read_list(text: str) -> tuple[tuple[str, ...], list[str]]:
    values = tuple(part.strip() for part in text.split(_SEPARATOR) if part.strip())
    twice = sorted({value for value in values if values.count(value) > 1})
    wrong = [f"'{value}' stands twice in the list" for value in twice]
    if UNDISCLOSED in values and len(values) > 1:
        wrong.append(f"'{UNDISCLOSED}' stands beside other values; expected it alone")
    return values, wrong


def read_value(kind: str, text: str) -> tuple[Any, list[str]]:
    """Return the value of a text, and messages on what is wrong with it.

    Args:
        kind: ``str``, ``int``, ``Decimal`` or ``date``.
        text: the text, without blanks around it. An empty text has no value.

    Example:
        >>> read_value("int", "12"), read_value("int", "1_2")
        ((12, []), (None, ["'1_2' is not a whole number; expected digits alone"]))
    """
    if kind == "str" or not text:
        return text if kind == "str" else None, []
    if kind == "int":
        if not re.fullmatch(r"[0-9]{1,15}", text):
            return None, [f"'{text[:40]}' is not a whole number; expected digits alone"]
        return int(text), []
    if kind == "Decimal":
        if not re.fullmatch(r"-?[0-9]{1,15}(\.[0-9]{1,9})?", text):
            return None, [f"'{text[:40]}' is not a number; expected digits, with a point before decimals"]
        return Decimal(text), []
    try:
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            raise ValueError("it is not written YYYY-MM-DD")
        return date.fromisoformat(text), []
    except ValueError as error:
        return None, [f"'{text[:40]}' is not a date: {error}; expected a day such as 2024-10-25"]


def _wrong_form(item: Field[Any], text: str) -> Iterator[str]:
    form, choices = item.metadata["form"], item.metadata["choices"]
    if choices and text not in choices:
        yield f"'{text}' is not allowed; expected one of {', '.join(choices)}"
    if form and not re.fullmatch(_FORMS[form][0], text):
        yield f"'{text}' is not {_FORMS[form][1]}"
    elif form == "partial date" and len(text) == len("2025-06-02"):
        yield from read_value("date", text)[1]
