"""What a source table holds: one row type a table, its fields are the columns.

The page ``graphs/sources/README.md`` is made from these types, and the build
works from them: a column is described here and nowhere else.
"""

from __future__ import annotations

import re
from dataclasses import MISSING, Field, dataclass, field, fields
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from kg.errors import Fault

if TYPE_CHECKING:
    from pathlib import Path

__all__ = [
    "ASSERTIONS",
    "REGISTRIES",
    "STANDINGS",
    "TABLES",
    "UNDISCLOSED",
    "VOCABULARIES",
    "Concept",
    "Conflict",
    "Document",
    "Evidence",
    "Fact",
    "Place",
    "Product",
    "Row",
    "Trial",
    "columns",
]

UNDISCLOSED = "Undisclosed"

# from the firmest to the weakest
ASSERTIONS = ("stated", "claimed", "planned", "derived", "inferred", "likely")
STANDINGS = ("accepted", "rejected", "unresolved")

# label of a registry -> the form of its identifiers
REGISTRIES = {
    "ClinicalTrials.gov": re.compile(r"NCT\d{8}"),
    "Chinese Clinical Trial Registry": re.compile(r"ChiCTR\d{10}"),
    "Japan Registry of Clinical Trials": re.compile(r"jRCT\w?\d{9,10}"),
}


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
        form: ``id``, ``trial id``, ``sha256`` or ``iri``, if the text has a form of its own.
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
    data_cut_off: date | None = column("the day up to which the document has gathered its data", optional=True)
    licence: str = column("the IRI of the licence", optional=True, form="iri")


@dataclass(frozen=True)
class Evidence(Row):
    """A place in the document."""

    id: str = column("a readable name of the place", form="id")
    section: str = column("the heading, table or figure")
    locator: str = column("the row or the paragraph")
    start: int | None = column(
        "first character of the passage in the plain text of the document, from 0", optional=True
    )
    end: int | None = column("the character after the passage", optional=True)
    sha256: str = column("SHA-256 of the passage, white space folded", optional=True, form="sha256")


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


def columns(row_type: type[Row]) -> list[Field[Any]]:
    """Return the columns of a row type, in the order of the header."""
    return [item for item in fields(row_type) if item.name != "place" and item.default is MISSING]
