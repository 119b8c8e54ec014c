"""The header of a dataset: its title and licence, what it is derived from, and how much is in it.

Dublin Core terms and DCAT (https://www.w3.org/TR/vocab-dcat-3/) name the dataset. PROV-O
(https://www.w3.org/TR/prov-o/) says what it was made from. VoID (https://www.w3.org/TR/void/)
counts what is in it, including the header.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Triple

from kg.model.iris import BASE, KG, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["DATASET", "header_lines"]

DATASET = BASE + "dataset"
_A = f"<{PREFIXES['rdf']}type>"
_ONTOLOGY = KG.rstrip("/")
_LICENCE = "https://creativecommons.org/licenses/by/4.0/"


def header_lines(
    lines: Iterable[str], documents: Sequence[str], classes: Sequence[str], about: str, version: str
) -> set[str]:
    """Return the header of a dataset.

    Args:
        lines: the triples of the dataset, as lines of N-Triples.
        documents: the IRIs of the documents that it is derived from.
        classes: the local names of the classes whose things are counted.
        about: the description of the ontology, which is also that of the dataset.
        version: the version of the ontology, which is also that of the dataset.

    Returns:
        The header as lines of N-Triples, without blank nodes. Its counts hold for all lines, the header included.
    """
    named = _naming_lines(documents, about, version)
    tally = _Tally(classes)
    tally.add(lines)
    tally.add(named)
    tally.add(tally.lines())  # the counts are triples too: now they count themselves
    return named | tally.lines()


class _Tally:
    """The counts of VoID over lines: triples, subjects, classes, properties, and the things of each class."""

    def __init__(self, counted: Sequence[str]) -> None:
        self.counted = counted
        self.triples = 0
        self.subjects: set[str] = set()
        self.properties: set[str] = set()
        self.classes: Counter[str] = Counter()

    def add(self, lines: Iterable[str]) -> None:
        """Count further lines; none of them may have been counted before."""
        for line in lines:
            subject, predicate, rest = line.split(" ", 2)
            self.triples += 1
            self.subjects.add(subject)
            self.properties.add(predicate)
            if predicate == _A:
                self.classes[rest] += 1

    def lines(self) -> set[str]:
        """Return the counts as lines; their number is always the same."""
        counts = {
            "triples": self.triples,
            "distinctSubjects": len(self.subjects),
            "classes": len(self.classes),
            "properties": len(self.properties),
        }
        found = {_line(DATASET, _void(name), Literal(count)) for name, count in counts.items()}
        for name in self.counted:
            partition = f"{DATASET}/class/{name}"
            found.add(_line(DATASET, _void("classPartition"), NamedNode(partition)))
            found.add(_line(partition, _void("class"), NamedNode(KG + name)))
            found.add(_line(partition, _void("entities"), Literal(self.classes[f"<{KG}{name}> .\n"])))
        return found


def _naming_lines(documents: Sequence[str], about: str, version: str) -> set[str]:
    activity, distribution = BASE + "dataset/build", BASE + "dataset/n-triples"
    dcterms, rdf = PREFIXES["dcterms"], PREFIXES["rdf"]
    triples: list[tuple[str, str, NamedNode | Literal]] = [
        *((DATASET, rdf + "type", NamedNode(iri)) for iri in (_void("Dataset"), _dcat("Dataset"), _prov("Entity"))),
        (DATASET, dcterms + "title", Literal("ImmunoKG", language="en")),
        (DATASET, dcterms + "description", Literal(about, language="en")),
        (DATASET, dcterms + "creator", Literal("ImmunoKG", language="en")),
        (DATASET, dcterms + "license", NamedNode(_LICENCE)),
        (DATASET, dcterms + "conformsTo", NamedNode(_ONTOLOGY)),
        (DATASET, PREFIXES["owl"] + "versionInfo", Literal(version)),
        (DATASET, _void("vocabulary"), NamedNode(_ONTOLOGY)),
        (DATASET, _void("vocabulary"), NamedNode(PREFIXES["skos"])),
        (DATASET, _void("uriSpace"), Literal(BASE)),
        (DATASET, _dcat("distribution"), NamedNode(distribution)),
        (distribution, rdf + "type", NamedNode(_dcat("Distribution"))),
        (distribution, _dcat("mediaType"), Literal("application/n-triples")),
        (DATASET, _prov("wasGeneratedBy"), NamedNode(activity)),
        (activity, rdf + "type", NamedNode(_prov("Activity"))),
        (activity, PREFIXES["rdfs"] + "label", Literal("kg build", language="en")),
    ]
    for iri in documents:
        triples.append((DATASET, _prov("wasDerivedFrom"), NamedNode(iri)))
        triples.append((activity, _prov("used"), NamedNode(iri)))
    return {_line(*triple) for triple in triples}


def _line(subject: str, predicate: str, value: NamedNode | Literal) -> str:
    return f"{Triple(NamedNode(subject), NamedNode(predicate), value)} .\n"


def _void(name: str) -> str:
    return "http://rdfs.org/ns/void#" + name


def _dcat(name: str) -> str:
    return "http://www.w3.org/ns/dcat#" + name


def _prov(name: str) -> str:
    return "http://www.w3.org/ns/prov#" + name
