"""Turn the rows of one source into statements, and derive what follows from them.

Two things are derived. If a document does not name the product of a trial, the trial
gets one. And if a trial investigates only one product, this product gets the targets
and the cell source of the trial's row. A derived statement has the assertion
``derived``, and the evidence of the rows that it follows from.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kg.build.dataset import Claim, literal
from kg.errors import nearest
from kg.model.iris import KG, PREFIXES, mint, named_class, term
from kg.model.registries import REGISTRIES
from kg.model.schema import THING
from kg.tables.columns import columns
from kg.tables.reading import read_value
from kg.tables.rows import UNDISCLOSED

if TYPE_CHECKING:
    from collections.abc import Iterator, Set
    from dataclasses import Field

    from kg.build.cell_names import Names
    from kg.build.dataset import Dataset, Value
    from kg.errors import Fault
    from kg.model.schema import Property, Schema
    from kg.tables.columns import Place, Row
    from kg.tables.reading import Source
    from kg.tables.rows import Fact, Link, Trial

__all__ = ["Teller", "trials_of_named_products", "unnamed_product"]

_SKOS = PREFIXES["skos"]
_XSD = PREFIXES["xsd"]
_CURATION = "curation"  # in place of the document's id, in the IRI of a statement that links documents
_KINDS = {
    "string": "str",
    "integer": "int",
    "decimal": "Decimal",
    "date": "date",
}  # datatype -> kind of kg.tables.reading.read_value


def trials_of_named_products(source: Source) -> set[str]:
    """Return the ids, in small letters, of the trials whose product the document names."""
    facts = source.rows("facts")
    return {row.subject.casefold() for row in facts if row.property == "investigates" and row.standing != "rejected"}


def unnamed_product(row: Trial) -> str:
    """Return the IRI of the product of a trial whose document does not name it."""
    return mint("Product", f"{row.id.lower()}-product")


def _is_of_facts(schema: Schema, property_: Property) -> bool:
    """Say whether facts can use a property: cells can name both its ends, but no evidence, conflict or record."""
    ends = {property_.domain} if property_.is_literal else {property_.domain, property_.range}
    above = set().union(*map(schema.ancestors, ends))
    return not {term("Evidence"), term("Sourced"), term("Conflict")} & above


class Teller:
    """Adds what the rows of one source say to a dataset.

    Args:
        schema: the ontology; a fact may use those of its properties whose ends cells can name.
        names: the things of all sources.
        dataset: the dataset that statements are added to.
        source: the tables.
        places: every row of evidence of all sources, as ``document/id``.

    Attributes:
        faults: the faults found in the rows.
    """

    def __init__(self, schema: Schema, names: Names, dataset: Dataset, source: Source, places: Set[str]) -> None:
        self.schema = schema
        self.names = names
        self.dataset = dataset
        self.faults: list[Fault] = []
        self.properties = {item.label: item for item in schema.properties.values() if _is_of_facts(schema, item)}
        self.source = source
        self.places = places
        self.conflicts = {row.id for row in source.rows("conflicts")}

    def tell(self) -> None:
        """Add the statements of every row, in the order of the tables."""
        for table, class_name in self.schema.vocabularies.items():
            for row in self.source.rows(table):
                for text in row.broader:
                    if broader := self.resolve(term(class_name), text, row.place, "broader"):
                        self.dataset.add(mint(class_name, row.id), _SKOS + "broader", broader)
        for row in self.source.rows("document"):
            for label in row.lists_in_full:
                if known := self._property(label, row.place, "lists_in_full"):
                    self.dataset.add(known.iri, term("listedInFull"), mint("Document", row.id))
        for row in self.source.rows("products"):
            self._tell_columns(mint("Product", row.id), row, self._claim(row.place, row.evidence))
        for row in self.source.rows("trials"):
            self._tell_trial(row)
        for row in self.source.rows("arms"):
            self._tell_columns(mint("Arm", row.id), row, self._claim(row.place, row.evidence, assertion=row.assertion))
        for row in self.source.rows("facts"):
            self._tell_fact(row)
        for row in self.source.rows("links"):
            claim = Claim(_CURATION, row.place, self.evidence(row.place, row.evidence), "inferred")
            self._tell_relation(row, claim)

    def derive(self) -> None:
        """Add what follows for products from the rows of their trials, unless the document says it itself."""
        derived: list[tuple[str, str, Value, Claim]] = []
        named = trials_of_named_products(self.source)
        for row in self.source.rows("trials"):
            trial = mint("ClinicalTrial", row.id)
            claim = self._claim(row.place, row.evidence, assertion="derived")
            if row.product_kind and row.id.casefold() not in named:
                product = unnamed_product(row)
                self._say(trial, "investigates", product, claim)
                self._say_thing(product, "hasProductKind", row.product_kind, claim, "product_kind")
            products = self._said(trial, "investigates")
            if len(products) == 1:
                ((only, link),) = products.items()
                both = claim._replace(evidence=(*claim.evidence, *link))
                derived += self._follows(trial, str(only), both)
        for subject, property_name, value, claim in derived:
            self._say(subject, property_name, value, claim)

    def _follows(self, trial: str, product: str, claim: Claim) -> Iterator[tuple[str, str, Value, Claim]]:
        """Yield the statements that follow from a trial's row for the only product that the trial investigates."""
        for of_trial, of_product in (("studiesTarget", "hasTarget"), ("usesCellSource", "derivedFrom")):
            if not self._said(product, of_product):
                for value in self._said(trial, of_trial):
                    yield product, of_product, value, claim

    def _said(self, subject: str, property_name: str) -> dict[Value, set[str]]:
        return self.dataset.said(self.source.document, subject, term(property_name))

    def evidence(self, place: Place, ids: tuple[str, ...]) -> tuple[str, ...]:
        """Return the IRIs of pieces of evidence; each id is one of the source's own document, or ``document/id``."""
        found = []
        for name in ids:
            document, slash, own = name.rpartition("/")
            document = document if slash else self.source.document
            if f"{document}/{own}" in self.places:
                found.append(mint("Evidence", own, document))
            else:
                own_places = (item.rpartition("/")[2] for item in self.places if item.startswith(f"{document}/"))
                hint = nearest(own, own_places) or "; add it to evidence.csv"
                self.faults.append(place.fault(f"evidence: '{name}' is no row of evidence.csv{hint}"))
        return tuple(found)

    def conflict(self, place: Place, name: str) -> str:
        """Return the IRI of the conflict that a row is a side of, or an empty string."""
        if name and name not in self.conflicts:
            hint = nearest(name, self.conflicts) or "; add it to conflicts.csv"
            self.faults.append(place.fault(f"conflict: '{name}' is no row of conflicts.csv{hint}"))
        return mint("Conflict", name, self.source.document) if name else ""

    def resolve(self, class_iri: str, text: str, place: Place, what: str) -> str:
        """Return the IRI of the thing that a cell names, or an empty string.

        Args:
            class_iri: the class of the thing, which is the domain or range of a property.
                A role such as ``kg:Target`` takes the things that can play it, and
                ``owl:Thing`` takes things of any class.
            text: the cell.
            place: the row of the cell.
            what: the column, for the message.
        """
        if class_iri == THING:
            iri, fault = self.names.resolve_any(text, place, what)
        else:
            iri, fault = self.names.resolve(named_class(class_iri).removeprefix(KG), text, place, what)
        self.faults += [fault] if fault else []
        return iri

    def _claim(self, place: Place, ids: tuple[str, ...], **how: str) -> Claim:
        """Return the claim of a row; its ids of evidence must be rows of evidence.csv."""
        return Claim(self.source.document, place, self.evidence(place, ids), **how)

    def _say(self, subject: str, property_name: str, value: Value, claim: Claim) -> None:
        self.faults += self.dataset.say(subject, term(property_name), value, claim)

    def _say_thing(self, subject: str, property_name: str, text: str, claim: Claim, what: str) -> None:
        """Add a triple whose object a cell names; the range of the property tells the class of the object."""
        range_ = self.schema.properties[term(property_name)].range
        if text and (iri := self.resolve(range_, text, claim.place, what)):
            class_name = named_class(range_).removeprefix(KG)
            if text.removeprefix(f"{class_name}: ") not in (self.names.label(iri), iri.rpartition("/")[2]):
                claim = claim._replace(as_printed=claim.as_printed or text)
            self._say(subject, property_name, iri, claim)

    def _tell_trial(self, row: Trial) -> None:
        trial = mint("ClinicalTrial", row.id)
        claim = self._claim(row.place, row.evidence)
        for place in claim.evidence:
            self.dataset.add(trial, term("listedAt"), place)
        for registry in REGISTRIES:
            if registry.has(row.id):
                self._say_thing(trial, "hasRegistry", registry.label, claim._replace(assertion="derived"), "id")
        self._tell_columns(trial, row, claim)
        if (len(row.targets) > 1) != bool(row.target_logic):
            self.faults.append(row.place.fault("target_logic: expected for several targets, empty for a single one"))

    def _tell_columns(self, subject: str, row: Row, claim: Claim) -> None:
        """Add what each cell of a row says of a thing; the column of the cell declares the property."""
        for item in columns(type(row)):
            if item.metadata["says"]:
                printed = getattr(row, item.metadata["printed_in"]) if item.metadata["printed_in"] else ""
                assertion = item.metadata["assertion"] or claim.assertion
                self._tell_cell(
                    subject, item, getattr(row, item.name), claim._replace(assertion=assertion, as_printed=printed)
                )

    def _tell_cell(self, subject: str, item: Field[Any], cell: Any, claim: Claim) -> None:
        says, aspect = item.metadata["says"], item.metadata["aspect"]
        for value in cell if isinstance(cell, tuple) else (cell,):
            if value is None or value == "":
                continue
            if aspect and value == UNDISCLOSED:
                self._say_thing(subject, "doesNotDisclose", aspect, claim, item.name)
            elif self.schema.properties[term(says)].is_literal:
                self._say(subject, says, literal(value), claim)
            else:
                self._say_thing(subject, says, value, claim, item.name)

    def _tell_fact(self, row: Fact) -> None:
        conflict = self.conflict(row.place, row.conflict)
        claim = self._claim(row.place, row.evidence, assertion=row.assertion, standing=row.standing, conflict=conflict)
        self._tell_relation(row, claim._replace(as_printed=row.as_printed))

    def _tell_relation(self, row: Fact | Link, claim: Claim) -> None:
        """Add the statement of the columns ``subject``, ``property`` and ``value``."""
        known = self._property(row.property, row.place, "property")
        if not known:
            return
        subject = self.resolve(known.domain, row.subject, row.place, "subject")
        value = self._value(known, row)
        if subject and value is not None:
            self.faults += self.dataset.say(subject, known.iri, value, claim)

    def _property(self, label: str, place: Place, column: str) -> Property | None:
        """Return the property that a cell names by its label, or None if there is none, which is a fault."""
        known = self.properties.get(label)
        if not known:
            hint = nearest(label, self.properties)
            self.faults.append(place.fault(f"{column}: '{label}' is no property of the ontology{hint}"))
        return known

    def _value(self, known: Property, row: Fact | Link) -> Value | None:
        """Return the object that the value cell of a row means, or None if the cell is wrong."""
        if not known.is_literal:
            return self.resolve(known.range, row.value, row.place, "value") or None
        datatype = known.range.removeprefix(_XSD)
        if datatype not in _KINDS:
            self.faults.append(row.place.fault(f"property: values of type {datatype} cannot be read from a table yet"))
            return None
        value, wrong = read_value(_KINDS[datatype], row.value)
        self.faults += [row.place.fault(f"value: {message}") for message in wrong]
        return None if wrong else literal(value)
