"""Build the dataset from the source tables, by a pure, deterministic function.

First every row gives its thing a name. Then :mod:`kg.build.statements` adds what the
rows say. If a document does not name a product, the product gets a label that is made
of what is known of its trial.
"""

from __future__ import annotations

from os.path import lexists
from typing import TYPE_CHECKING

from pyoxigraph import Literal, RdfFormat, parse

from kg.build.cell_names import Names
from kg.build.dataset import LABEL, TYPE, Dataset, literal
from kg.build.findings import tell_records
from kg.build.header import header_lines
from kg.build.statements import Teller, trials_of_named_products, unnamed_product
from kg.errors import Fault, SourceError
from kg.model.iris import BASE, PREFIXES, mint, segment, term
from kg.model.schema import Schema, has_names, read_schema
from kg.tables.mappings import iter_clashes, read_mappings
from kg.tables.reading import read_folder
from kg.tables.rows import UNDISCLOSED

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from pyoxigraph import Triple

    from kg.tables.columns import Place
    from kg.tables.mappings import Match
    from kg.tables.reading import Source
    from kg.tables.rows import Concept, Trial

__all__ = ["build", "build_shipped", "places_of_shipped"]

_MAPPINGS = "mappings.sssom.tsv"

_SKOS = PREFIXES["skos"]
_DCTERMS = PREFIXES["dcterms"]
_VERSION = PREFIXES["owl"] + "versionInfo"


def build_shipped(tables: Sequence[Path] = ()) -> bytes:
    """Build the dataset of the shipped ontology and tables.

    Args:
        tables: further folders of tables, merged over the shipped ones.

    Raises:
        SourceError: if any cell of any table is wrong; it lists all of them.
        UsageError: if a folder cannot be read.
    """
    return build(*_shipped(tables))


def places_of_shipped(tables: Sequence[Path] = ()) -> Mapping[str, Sequence[Place]]:
    """Return the IRI of each thing, statement and record -> the rows of the shipped tables that it comes from.

    Args:
        tables: further folders of tables, merged over the shipped ones.

    Raises:
        SourceError: if any cell of any table is wrong; it lists all of them.
        UsageError: if a folder cannot be read.
    """
    _, builder = _read(*_shipped(tables))
    return builder.build().places


def build(ontology: Path, folders: Sequence[Path], mappings: Sequence[Path] = ()) -> bytes:
    """Build a dataset.

    Args:
        ontology: the Turtle file with classes and properties. It becomes part of the dataset, except for axioms
            with lists, which need blank nodes.
        folders: folders of tables, which are merged; their order does not matter. A folder may hold a mapping set
            in SSSOM, named ``mappings.sssom.tsv``.
        mappings: further mapping sets.

    Returns:
        Sorted N-Triples, UTF-8.

    Raises:
        SourceError: if any cell of any table is wrong; it lists all of them.
        UsageError: if a folder cannot be read.
    """
    described, builder = _read(ontology, folders, mappings)
    lines = {f"{triple} .\n" for triple in described}
    lines.update(builder.build().lines())
    documents = [mint("Document", source.document) for source in builder.sources if source.document]
    about, version = (_said_of_ontology(described, name) for name in (_DCTERMS + "description", _VERSION))
    lines |= header_lines(lines, documents, builder.schema.minted, about, version)
    return "".join(sorted(lines)).encode()


def _shipped(tables: Sequence[Path]) -> tuple[Path, Sequence[Path], Sequence[Path]]:
    """Return the shipped ontology, all folders of tables, and the shipped mapping set."""
    from kg.paths import data_folder, shipped_tables

    ontology = data_folder("ontology")
    return ontology / "immunokg.ttl", [*shipped_tables(), *tables], [ontology / _MAPPINGS]


def _read(ontology: Path, folders: Sequence[Path], mappings: Sequence[Path]) -> tuple[list[Triple], _Builder]:
    once = list({folder.resolve(): folder for folder in folders}.values())
    beside = [path for folder in once if lexists(path := folder / _MAPPINGS)]
    triples = (quad.triple for quad in parse(path=str(ontology), format=RdfFormat.TURTLE))
    described = [triple for triple in triples if has_names(triple)]
    schema = read_schema(described)
    sources = [read_folder(folder, schema.vocabularies) for folder in once]
    return described, _Builder(schema, sources, [*mappings, *beside])


def _said_of_ontology(described: Iterable[Triple], predicate: str) -> str:
    """Return the literal that an ontology has for a predicate, or an empty string."""
    found = (triple.object for triple in described if triple.predicate.value == predicate)
    return next((value.value for value in found if isinstance(value, Literal)), "")


class _Builder:
    """Turns rows into triples, and collects faults, so that all are reported at once."""

    def __init__(self, schema: Schema, sources: Sequence[Source], mappings: Sequence[Path]) -> None:
        self.schema = schema
        self.sources = sorted(sources, key=lambda source: (source.document, source.folder.name))
        self.names = Names(schema.vocabularies)
        self.dataset = Dataset()
        self.faults: list[Fault] = [fault for source in sources for fault in source.faults]
        self.mappings = mappings

    def build(self) -> Dataset:
        """Return the dataset of all sources.

        Raises:
            SourceError: if any cell is wrong.
        """
        for source in self.sources:
            self._name_vocabularies(source)
            self._name_document(source)
            self._name_products_and_trials(source)
        if all(source.is_whole for source in self.sources):  # else each cell that names a lost row would be a fault
            places = {f"{source.document}/{row.id}" for source in self.sources for row in source.rows("evidence")}
            for source in self.sources:
                teller = Teller(self.schema, self.names, self.dataset, source, places)
                teller.tell()
                teller.derive()
                tell_records(teller)
                self.faults += teller.faults
            self._tell_mappings()
        if self.faults:
            raise SourceError(self.faults)
        self.dataset.assert_statements()
        self.dataset.close_types(self.schema)
        return self.dataset

    def _name(self, class_name: str, iri: str, label: str, others: Iterable[str], place: Place) -> None:
        self.faults += self.names.add(class_name, iri, label, others, place)
        self.dataset.comes_from(iri, place)
        self.dataset.add(iri, TYPE, term(class_name))
        self.dataset.add(iri, LABEL, literal(label))
        for other in others:
            self.dataset.add(iri, _SKOS + "altLabel", literal(other))

    def _name_vocabularies(self, source: Source) -> None:
        for table, class_name in self.schema.vocabularies.items():
            for row in source.rows(table):
                self._name_concept(class_name, row)

    def _name_concept(self, class_name: str, row: Concept) -> None:
        iri = mint(class_name, row.id)
        self._name(class_name, iri, row.label, row.synonyms, row.place)
        self.dataset.add_literal(iri, _SKOS + "definition", row.definition)
        self.dataset.add_literal(iri, _SKOS + "scopeNote", row.scope_note)
        if _SKOS + "Concept" in self.schema.ancestors(term(class_name)):
            scheme = f"{BASE}scheme/{segment(class_name)}"
            self.dataset.add(iri, _SKOS + "prefLabel", literal(row.label))
            self.dataset.add(iri, _SKOS + "inScheme", scheme)
            self.dataset.add(scheme, TYPE, _SKOS + "ConceptScheme")
            self.dataset.add(scheme, LABEL, literal(segment(class_name).replace("-", " ")))

    def _name_document(self, source: Source) -> None:
        for row in source.rows("document"):
            iri = mint("Document", row.id)
            if self.names.has("Document", iri):
                self.faults.append(row.place.fault(f"id '{row.id}' is that of another folder; expected its own"))
            self._name("Document", iri, row.title, (), row.place)
            self.dataset.add_literal(iri, _DCTERMS + "issued", row.published)
            self.dataset.add_literal(iri, term("dataCutOff"), row.data_cut_off)
            self.dataset.add_literal(iri, term("doi"), row.doi)
            for author in row.authors:
                self.dataset.add_literal(iri, _DCTERMS + "creator", author)
            if row.licence:
                self.dataset.add(iri, _DCTERMS + "license", row.licence)
        for row in source.rows("evidence"):
            iri = mint("Evidence", row.id, source.document)
            self.dataset.comes_from(iri, row.place)
            self.dataset.add(iri, term("fromDocument"), mint("Document", source.document))
            for name, value in (("section", row.section), ("locator", row.locator), ("sha256", row.sha256)):
                self.dataset.add_literal(iri, term(name), value)
            for name, value in (("startsAt", row.start), ("endsAt", row.end)):
                self.dataset.add_literal(iri, term(name), value)
        for row in source.rows("conflicts"):
            iri = mint("Conflict", row.id, source.document)
            self.dataset.comes_from(iri, row.place)
            self.dataset.add(iri, LABEL, literal(row.question))
            self.dataset.add_literal(iri, term("resolution"), row.resolution)
            self.dataset.add_literal(iri, term("reason"), row.reason)

    def _tell_mappings(self) -> None:
        """Add the matches of all mapping sets, and the label of each matched term in its vocabulary."""
        matches: list[Match] = []
        for path in self.mappings:
            found, faults = read_mappings(path)
            matches += found
            self.faults += faults
        self.faults += iter_clashes(matches)
        for match in matches:
            label = self.names.label(match.subject)
            if match.subject_label != label:
                expected = f"expected '{label}'" if label else "nothing has that IRI; expected a row of its table"
                fault = f"subject_label: '{match.subject_label}' is no label of {match.subject}; {expected}"
                self.faults.append(match.place.fault(fault))
            self.dataset.add(match.subject, match.predicate, match.object)
            self.dataset.add(match.object, LABEL, literal(match.object_label))
            self.dataset.add(match.object, _DCTERMS + "identifier", literal(match.object_id))
            self.dataset.add(match.object, _DCTERMS + "source", match.object_source)

    def _name_products_and_trials(self, source: Source) -> None:
        for row in source.rows("products"):
            self._name("Product", mint("Product", row.id), row.label, row.synonyms, row.place)
        for row in source.rows("studies"):
            self._name("ClinicalTrial", mint("ClinicalTrial", row.id), row.label, row.synonyms, row.place)
        for row in source.rows("arms"):
            self._name("Arm", mint("Arm", row.id), row.label, (), row.place)
        named = trials_of_named_products(source)
        for row in source.rows("trials"):
            self._name("ClinicalTrial", mint("ClinicalTrial", row.id), row.id, (), row.place)
            if row.product_kind and row.id.casefold() not in named:
                self._name_unnamed_product(row)

    def _name_unnamed_product(self, row: Trial) -> None:
        """Give a label to the product of a trial whose document does not name it, made of what is known of it."""
        targets = "" if row.targets == (UNDISCLOSED,) else "/".join(row.targets) + " "
        origin = "" if row.cell_source == UNDISCLOSED else f" from {row.cell_source}"
        label = f"{targets}{row.product_kind}{origin} ({row.id})"
        iri = unnamed_product(row)
        if self.names.has("Product", iri):  # another document has the trial too; its label stays
            return
        self.faults += self.names.add("Product", iri, label, [f"product of {row.id}"], row.place)
        self.dataset.comes_from(iri, row.place)
        self.dataset.add(iri, LABEL, literal(label))
        self.dataset.add_literal(iri, term("hasGeneratedLabel"), "yes")
