"""Read the source tables: CSV files typed in by curators, one row type a table.

A folder of tables is one document (``document.csv`` with one row, ``evidence.csv``,
``trials.csv``, ``products.csv``, ``facts.csv``, ``conflicts.csv``) or a set of
vocabularies (``diseases.csv`` and the like), or both. The file name says which
table a file is; the fields of the row type are its columns.

Cells are checked for form here; whether the things they name exist is checked
by :mod:`kg.build`. All faults of all tables are collected, so that a curator
mends them in one go.
"""

from __future__ import annotations

import csv
import re
from dataclasses import MISSING, Field, dataclass, field, fields
from datetime import date
from io import StringIO
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from kg.errors import Fault, UsageError, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

__all__ = [
    "ASSERTIONS",
    "REGISTRIES",
    "STANDINGS",
    "TABLES",
    "VOCABULARIES",
    "Concept",
    "Conflict",
    "Document",
    "Evidence",
    "Fact",
    "Place",
    "Product",
    "Row",
    "Source",
    "Trial",
    "read_folder",
]

SEPARATOR = ";"
# from the firmest to the weakest
ASSERTIONS = ("stated", "claimed", "planned", "derived", "inferred", "likely")
STANDINGS = ("accepted", "rejected", "unresolved")

# label of a registry -> the form of its identifiers
REGISTRIES = {
    "ClinicalTrials.gov": re.compile(r"NCT\d{8}"),
    "Chinese Clinical Trial Registry": re.compile(r"ChiCTR\d{10}"),
    "Japan Registry of Clinical Trials": re.compile(r"jRCT\w?\d{9,10}"),
}

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_SHA256 = re.compile(r"[0-9a-f]{64}")


class Place(NamedTuple):
    """A line of a table."""

    path: Path
    line: int

    def fault(self, message: str) -> Fault:
        """Return a fault at this line."""
        return Fault(self.path, self.line, message)


def column(about: str, *, optional: bool = False, form: str = "", choices: tuple[str, ...] = ()) -> Any:
    """Declare a column of a row type.

    Args:
        about: one line for the curator, shown in ``graphs/sources/README.md``.
        optional: whether a cell may be empty and the column left out.
        form: ``id``, ``trial id`` or ``sha256``, if the text has a form of its own.
        choices: the only values allowed, if there are such.
    """
    metadata = {"about": about, "optional": optional, "form": form, "choices": choices}
    return field(metadata=metadata)


@dataclass(frozen=True)
class Row:
    """A row of a table, with its place."""

    place: Place
    id_column: ClassVar[str] = "id"


@dataclass(frozen=True)
class Concept(Row):
    """A named thing of a vocabulary; the file says of which class."""

    id: str = column("the end of the IRI; never changed, never used again", form="id")
    label: str = column("the word that the field uses, as the sources print it")
    synonyms: tuple[str, ...] = column("other names and spellings", optional=True)
    broader: tuple[str, ...] = column("the concepts directly above, of the same table", optional=True)
    definition: str = column("one sentence", optional=True)
    scope_note: str = column("what is decided here, and why", optional=True)


@dataclass(frozen=True)
class Document(Row):
    """The document that a folder of tables is taken from."""

    id: str = column("the name of the folder", form="id")
    title: str = column("the title as printed")
    authors: tuple[str, ...] = column("family name and initials", optional=True)
    doi: str = column("without resolver", optional=True)
    published: date = column("the day of publication")
    data_cut_off: date = column("the day up to which the document has gathered its data", optional=True)
    licence: str = column("the IRI of the licence", optional=True)


@dataclass(frozen=True)
class Evidence(Row):
    """A place in the document."""

    id: str = column("a readable name of the place", form="id")
    section: str = column("the heading, table or figure")
    locator: str = column("the row or the paragraph")
    start: int = column("first character of the passage in the plain text of the document, from 0", optional=True)
    end: int = column("the character after the passage", optional=True)
    sha256: str = column("SHA-256 of the passage, white space folded to single blanks", optional=True, form="sha256")


@dataclass(frozen=True)
class Trial(Row):
    """A registered trial, as a landscape table prints it."""

    id: str = column("the registry's identifier", form="trial id")
    product_kind: str = column("what sort of product it investigates", optional=True)
    targets: tuple[str, ...] = column("each target, or Undisclosed")
    target_logic: str = column(
        "whether the product is directed at all of several targets or at any of them",
        optional=True,
        choices=("all of", "any of"),
    )
    diseases: tuple[str, ...] = column("each disease")
    cell_source: str = column("the cell source, or Undisclosed")
    phase: str = column("the phase, or Undisclosed")
    first_posted: date = column("the day of first posting, ISO 8601")
    first_posted_as_printed: str = column("the printed text, where it is not ISO 8601", optional=True)
    status: str = column("the status")
    enrollment: int = column("the number of participants, actual or anticipated")
    sponsor: str = column("the sponsor")
    evidence: tuple[str, ...] = column("ids of evidence.csv")


@dataclass(frozen=True)
class Product(Row):
    """A product that the document names."""

    id: str = column("the end of the IRI; never changed, never used again", form="id")
    label: str = column("the name that the document gives")
    synonyms: tuple[str, ...] = column("other names and spellings", optional=True)
    kind: str = column("what sort of product it is, if the document says so", optional=True)
    evidence: tuple[str, ...] = column("ids of evidence.csv")


@dataclass(frozen=True)
class Fact(Row):
    """One statement of the document: subject, property, value."""

    id_column: ClassVar[str] = ""

    subject: str = column("a label, synonym or id; `product of NCT...` is the unnamed product of that trial")
    property: str = column("the label of a property of the ontology")
    value: str = column("a label, synonym or id, or a literal")
    evidence: tuple[str, ...] = column("ids of evidence.csv")
    assertion: str = column("how firmly it is said", choices=ASSERTIONS)
    standing: str = column("what the graph makes of it", choices=STANDINGS)
    conflict: str = column("the id of the row of conflicts.csv that it is a side of", optional=True)
    as_printed: str = column("the printed text, where it differs from the value's label", optional=True)


@dataclass(frozen=True)
class Conflict(Row):
    """A contradiction, of which facts are the sides."""

    id: str = column("a readable name of the contradiction", form="id")
    question: str = column("the question that the sides answer differently")
    resolution: str = column("`accepted: ` and the reading, or `unresolved`")
    reason: str = column("why")


# name of a vocabulary's file -> the class of its concepts
VOCABULARIES = {
    "aspects": "Aspect",
    "cell_sources": "CellSource",
    "diseases": "Disease",
    "donor_types": "DonorType",
    "modification_kinds": "ModificationKind",
    "modifications": "GeneticModification",
    "molecules": "Molecule",
    "organizations": "Organization",
    "phases": "Phase",
    "product_kinds": "ProductKind",
    "purposes": "ModificationPurpose",
    "registries": "Registry",
    "statuses": "TrialStatus",
}

# name of a file -> its row type
TABLES: dict[str, type[Row]] = {
    "document": Document,
    "evidence": Evidence,
    "trials": Trial,
    "products": Product,
    "facts": Fact,
    "conflicts": Conflict,
    **dict.fromkeys(VOCABULARIES, Concept),
}


@dataclass(frozen=True)
class Source:
    """The tables of one folder.

    Attributes:
        folder: where they lie.
        tables: name of a table -> its rows, in file order.
        faults: everything that is wrong with the form of the cells.
    """

    folder: Path
    tables: dict[str, list[Any]]
    faults: list[Fault]

    def rows(self, table: str) -> list[Any]:
        """Return the rows of a table, none if the folder does not have it."""
        return self.tables.get(table, [])

    @property
    def document(self) -> str:
        """The id of the document, or an empty string."""
        documents = self.rows("document")
        return documents[0].id if documents else ""


def columns(row_type: type[Row]) -> list[Field[Any]]:
    """Return the columns of a row type, in the order of the header."""
    return [item for item in fields(row_type) if item.name != "place" and item.default is MISSING]


def read_folder(folder: Path) -> Source:
    """Read all tables of a folder.

    Args:
        folder: holds CSV files, UTF-8, named as :data:`TABLES`.

    Returns:
        The rows and the faults found; a row with a faulty cell is there too, the
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
    faults: list[Fault] = []
    for path in paths:
        if path.stem not in TABLES:
            known = ", ".join(f"{name}.csv" for name in sorted(TABLES))
            hint = nearest(path.stem, TABLES)
            faults.append(Fault(path, 1, f"not the name of a table{hint}; expected one of {known}"))
            continue
        tables[path.stem] = list(_read_table(path, TABLES[path.stem], faults))
    return Source(folder, tables, faults + list(_one_document(folder, tables)))


def _one_document(folder: Path, tables: dict[str, list[Any]]) -> Iterator[Fault]:
    """Yield faults of the folder as a whole: rows with evidence need exactly one document."""
    needs_document = [name for name in tables if name not in VOCABULARIES]
    if needs_document and len(tables.get("document", [])) != 1:
        count = len(tables.get("document", []))
        yield Fault(folder / "document.csv", 1, f"{count} documents; expected one row, of what the evidence is in")


def _read_table(path: Path, row_type: type[Row], faults: list[Fault]) -> Iterator[Row]:
    text = _decode(path, faults)
    reader = csv.reader(StringIO(text), strict=True)
    try:
        header = next(reader, [])
        if not _check_header(path, header, row_type, faults):
            return
        seen: dict[str, int] = {}
        for cells in reader:
            place = Place(path, reader.line_num)
            if not any(cells):
                continue
            if len(cells) != len(header):
                message = f"{len(cells)} cells, the header has {len(header)}; quote a cell that holds a comma"
                faults.append(place.fault(message))
                continue
            yield _read_row(place, dict(zip(header, cells, strict=True)), row_type, seen, faults)
    except csv.Error as error:
        faults.append(Fault(path, reader.line_num, f"not CSV: {error}; expected commas, and double quotes in pairs"))


def _decode(path: Path, faults: list[Fault]) -> str:
    content = path.read_bytes()
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        byte = content[error.start]
        faults.append(Fault(path, line, f"byte 0x{byte:02X} is not UTF-8; save the file as UTF-8"))
        return content.decode("utf-8-sig", errors="replace")


def _check_header(path: Path, header: list[str], row_type: type[Row], faults: list[Fault]) -> bool:
    known = {item.name: item for item in columns(row_type)}
    missing = [name for name, item in known.items() if not item.metadata["optional"] and name not in header]
    unknown = [name for name in header if name not in known]
    twice = sorted({name for name in header if header.count(name) > 1})
    expected = f"expected the columns {', '.join(known)}"
    faults += [Fault(path, 1, f"no column '{name}'; {expected}") for name in missing]
    faults += [Fault(path, 1, f"unknown column '{name}'{nearest(name, known)}; {expected}") for name in unknown]
    faults += [Fault(path, 1, f"column '{name}' stands twice; {expected}") for name in twice]
    return not (missing or unknown or twice)


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


def _read_cell(item: Field[Any], text: str) -> tuple[Any, Iterable[str]]:
    """Return the value of a cell and what is wrong with it."""
    empty = {"date": None, "int": None, "tuple[str, ...]": ()}.get(str(item.type), "")
    if not text:
        return empty, [] if item.metadata["optional"] else ["is empty; expected " + item.metadata["about"]]
    if item.type == "date":
        return _read_date(text)
    if item.type == "int":
        if not re.fullmatch(r"\d+", text):
            return empty, [f"'{text}' is not a whole number; expected digits alone"]
        return int(text), []
    if item.type == "tuple[str, ...]":
        values = tuple(part.strip() for part in text.split(SEPARATOR) if part.strip())
        twice = sorted({value for value in values if values.count(value) > 1})
        return values, [f"'{value}' stands twice in the list" for value in twice]
    return text, list(_wrong_form(item, text))


def _read_date(text: str) -> tuple[date | None, list[str]]:
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            raise ValueError("it is not written YYYY-MM-DD")
        return date.fromisoformat(text), []
    except ValueError as error:
        return None, [f"'{text}' is not a date: {error}; expected a day such as 2024-10-25"]


def _wrong_form(item: Field[Any], text: str) -> Iterator[str]:
    form, choices = item.metadata["form"], item.metadata["choices"]
    if choices and text not in choices:
        yield f"'{text}' is not allowed; expected one of {', '.join(choices)}"
    if form == "id" and not _ID.fullmatch(text):
        yield f"'{text}' is not an id; expected small letters, digits and single hyphens"
    if form == "sha256" and not _SHA256.fullmatch(text):
        yield f"'{text}' is not a SHA-256; expected 64 hexadecimal digits"
    if form == "trial id" and not any(pattern.fullmatch(text) for pattern in REGISTRIES.values()):
        yield f"'{text}' is no trial identifier; expected such as NCT05182073, ChiCTR2100047084 or jRCT2033200431"
