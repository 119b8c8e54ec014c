"""The source tables: each table has a row type, whose fields are its columns.

The page ``graphs/sources/README.md`` is made from these types, and the build
works from them. So a column is described here and nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar

from kg.model.assertions import ASSERTIONS, STANDINGS
from kg.tables.columns import Row, column

__all__ = [
    "RECORDS",
    "TABLES",
    "UNDISCLOSED",
    "Administration",
    "Arm",
    "Concept",
    "Conflict",
    "Document",
    "Evidence",
    "Fact",
    "Finding",
    "Link",
    "Product",
    "Record",
    "RegulatoryEvent",
    "Study",
    "Trial",
]

UNDISCLOSED = "Undisclosed"

_UNITS = (
    *"% patients months weeks days hours years minutes cells cells/kg mg/kg mg/m2 mg/m2/day ng/mL Gy fold".split(),
    *"lines doses infusions cycles trials products genes samples mm ratio".split(),
    *("per microliter", "% of baseline"),
)
_TISSUES = (
    *"blood tumor peritoneum liver heart lung brain kidney mouse animal".split(),
    *("bone marrow", "cerebrospinal fluid", "lymph node", "in vitro"),
)
_POPULATIONS = (
    *"enrolled treated efficacy-evaluable safety cohort subgroup patient other".split(),
    *("intention to treat", "dose group"),
)
_ROLES = ("investigational", "combination", "lymphodepletion", "follow-on", "supportive", "prior", "comparator")
_ROUTES = (
    *"intravenous subcutaneous intracranial intrathecal intraperitoneal intratumoral percutaneous oral local".split(),
)


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
    title: str = column("the title as printed, or what the document is if none is printed")
    authors: tuple[str, ...] = column("family name and initials", optional=True)
    doi: str = column("without resolver", optional=True)
    published: date = column("the day of publication")
    data_cut_off: date | None = column("the day up to which the document has gathered its data", optional=True)
    licence: str = column("the IRI of the licence", optional=True, form="iri")
    lists_in_full: tuple[str, ...] = column(
        "the properties that it gives for each trial of its tables, so that what is not listed is not so", optional=True
    )


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
    targets: tuple[str, ...] = column("each target, or Undisclosed", says="studiesTarget", aspect="target")
    target_logic: str = column(
        "whether the product is directed at all of several targets or at any of them",
        optional=True,
        choices=("all of", "any of"),
        says="targetLogic",
        assertion="inferred",  # tables print separators, not what they mean
    )
    diseases: tuple[str, ...] = column("each disease", says="studiesDisease")
    cell_source: str = column("the cell source, or Undisclosed", says="usesCellSource", aspect="cell source")
    phase: str = column("the phase, or Undisclosed", says="hasPhase", aspect="phase")
    first_posted: date = column(
        "the day of first posting, ISO 8601", says="firstPosted", printed_in="first_posted_as_printed"
    )
    first_posted_as_printed: str = column("the printed text, where it is not ISO 8601", optional=True)
    status: str = column("the status", says="hasStatus")
    enrollment: int = column("the number of participants, actual or anticipated", says="enrollment")
    sponsor: str = column("the sponsor", says="hasSponsor")
    evidence: tuple[str, ...] = column("ids of evidence.csv")


@dataclass(frozen=True)
class Product(Row):
    """A product that the document names."""

    id: str = column("the end of the IRI; never changed, never used again", form="id")
    label: str = column("the name that the document gives")
    synonyms: tuple[str, ...] = column("other names and spellings", optional=True)
    kind: str = column("what sort of product it is, if the document says so", optional=True, says="hasProductKind")
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
class Study(Row):
    """A trial that the document names or describes without its registry's row."""

    id: str = column("the end of the IRI; never changed, never used again", form="id")
    label: str = column("a name of its own, such as that of its product and phase")
    synonyms: tuple[str, ...] = column("other names", optional=True)


@dataclass(frozen=True)
class Arm(Row):
    """Patients that something is reported of: all of a trial, a cohort, those who could be evaluated, one patient."""

    id: str = column("the end of the IRI; never changed, never used again", form="id")
    label: str = column("a name of its own, beginning with the trial or the product")
    trial: str = column("the trial, if there is one", optional=True, says="ofTrial")
    part_of: str = column("the larger arm", optional=True, says="partOfArm")
    n: int | None = column("the number of patients", optional=True, says="participants", printed_in="as_printed")
    population: str = column("what sort of group it is", optional=True, choices=_POPULATIONS, says="population")
    diseases: tuple[str, ...] = column("what the patients have", optional=True, says="hasPatientsWith")
    definition: str = column("what makes the group", optional=True, says="armDefinition")
    evidence: tuple[str, ...] = column("ids of evidence.csv")
    assertion: str = column("how firmly it is said", choices=ASSERTIONS)
    as_printed: str = column("the printed text, where it differs", optional=True)


@dataclass(frozen=True)
class Record(Row):
    """A row that is a thing of its own in the graph, with its evidence: what it says has more than two ends."""

    id: str = column("the end of the IRI; never changed, never used again", form="id")
    evidence: tuple[str, ...] = column("ids of evidence.csv")
    assertion: str = column("how firmly it is said", choices=ASSERTIONS, says="assertion")
    standing: str = column("what the graph makes of it", choices=STANDINGS, says="standing")
    conflict: str = column("the id of the row of conflicts.csv that it is a side of", optional=True)
    as_printed: str = column("the printed text, where it differs", optional=True, says="asPrinted")


@dataclass(frozen=True)
class Finding(Record):
    """One thing that the document reports as observed, measured or counted, "none" included."""

    about: str = column(
        "what it is about: an arm, a product, a disease ...; `Class: name` where classes share a name", says="about"
    )
    measure: str = column("what was measured", says="measures")
    term: str = column(
        "the adverse event, gene, cell or other thing that it was measured of", optional=True, says="hasTerm"
    )
    value: Decimal | None = column("the number", optional=True, says="value")
    lower: Decimal | None = column("the lower end of its range", optional=True, says="lowerBound")
    upper: Decimal | None = column("the upper end of its range", optional=True, says="upperBound")
    qualifier: str = column(
        "how the number is bounded",
        optional=True,
        says="qualifier",
        choices=("at least", "at most", "more than", "less than", "about"),
    )
    unit: str = column("the unit of value, lower and upper", optional=True, choices=_UNITS, says="unit")
    count: int | None = column("in how many patients or samples", optional=True, says="count")
    out_of: int | None = column("of how many", optional=True, says="outOf")
    outcome: str = column("the result, if it is no number", optional=True, says="outcome")
    direction: str = column(
        "which way it changed, or differs from the comparator",
        optional=True,
        says="direction",
        choices=("increased", "decreased", "unchanged", "higher", "lower", "similar"),
    )
    grade: str = column("the grade or band of grades of an adverse event", optional=True, form="grade", says="grade")
    relatedness: str = column(
        "whether adverse events are all that emerged or those due to the treatment",
        optional=True,
        says="relatedness",
        choices=("treatment-emergent", "treatment-related"),
    )
    tissue: str = column("where it was measured", optional=True, choices=_TISSUES, says="tissue")
    method: str = column("how it was measured", optional=True, says="method")
    time: str = column("when it was measured", optional=True, says="timePoint")
    comparator: str = column("what it is compared with", optional=True, says="comparator")
    p: str = column("the p value as printed", optional=True, says="pValue")
    detail: str = column("any further condition", optional=True, says="detail")


@dataclass(frozen=True)
class Administration(Record):
    """What an arm or a trial gives: one product, at one dose level or range of doses."""

    to: str = column("the arm or the trial; a product or a kind of product for what is usual", says="givenTo")
    product: str = column("what is given: a product, or a kind of product if it is not named", says="gives")
    role: str = column("what it is given for", choices=_ROLES, says="role")
    dose: Decimal | None = column("one dose", optional=True, says="dose")
    lower: Decimal | None = column("the lowest dose", optional=True, says="lowerBound")
    upper: Decimal | None = column("the highest dose", optional=True, says="upperBound")
    unit: str = column("the unit of dose, lower and upper", optional=True, choices=_UNITS, says="unit")
    number: int | None = column("how many doses", optional=True, says="numberOfDoses")
    schedule: str = column("when and how often", optional=True, says="schedule")
    route: str = column("by which way", optional=True, choices=_ROUTES, says="route")
    time: str = column("from when, or after what", optional=True, says="timePoint")
    detail: str = column("any further condition", optional=True, says="detail")


@dataclass(frozen=True)
class RegulatoryEvent(Record):
    """What an authority granted, or is asked to grant, for a product."""

    kind: str = column("what is granted", says="hasEventKind")
    product: tuple[str, ...] = column("for what", says="concernsProduct")
    authority: str = column("by whom", optional=True, says="byAuthority")
    indication: tuple[str, ...] = column("for which diseases", optional=True, says="forIndication")
    population: str = column("for which patients", optional=True, says="eventPopulation")
    date: str = column("the day, the month or the year", optional=True, form="partial date", says="eventDate")
    date_is: str = column(
        "what the date is the date of",
        optional=True,
        says="dateMeaning",
        choices=("announced", "granted", "published", "label"),
    )
    status: str = column("how far it has come", says="eventStatus", choices=("granted", "planned", "sought"))
    detail: str = column("any further condition", optional=True, says="detail")


@dataclass(frozen=True)
class Link(Row):
    """A link between documents that no document states; it is inferred."""

    id_column: ClassVar[str] = ""

    subject: str = column("a label, synonym or id")
    property: str = column("the label of a property of the ontology")
    value: str = column("a label, synonym or id")
    evidence: tuple[str, ...] = column("ids of evidence as `document/id`, what it is concluded from")


@dataclass(frozen=True)
class Conflict(Row):
    """A contradiction, of which facts and findings are the sides."""

    id: str = column("a readable name of the contradiction", form="id")
    question: str = column("the question that the sides answer differently")
    resolution: str = column("`accepted: ` and the reading, or `unresolved`")
    reason: str = column("why")


# name of a file -> its row type; the vocabularies are further tables, of concepts, which the ontology names
TABLES: dict[str, type[Row]] = {
    "document": Document,
    "evidence": Evidence,
    "trials": Trial,
    "studies": Study,
    "products": Product,
    "arms": Arm,
    "facts": Fact,
    "findings": Finding,
    "administrations": Administration,
    "events": RegulatoryEvent,
    "conflicts": Conflict,
    "links": Link,
}

# name of a table -> the class of its rows, which are things in the graph; it has the name of the row type
RECORDS = {name: row_type.__name__ for name, row_type in TABLES.items() if issubclass(row_type, Record)}
