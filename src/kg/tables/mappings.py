"""Read the mappings of our things to public vocabularies: a mapping set in SSSOM's TSV form.

The lines that begin with ``#`` are YAML. They describe the whole set and hold the prefixes of
its CURIEs (https://mapping-commons.github.io/sssom/spec-formats-tsv/). Mappings are curated by
hand. So it is a fault if two rows map the same pair, or if a thing has two exact matches in one
vocabulary.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from kg.errors import Fault, nearest
from kg.files.limits import CELL
from kg.files.reading import find_encoding_fault, read_whole, unix_lines
from kg.model.iris import PREFIXES
from kg.tables.columns import Place
from kg.tables.csv_text import find_separator

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

__all__ = ["COLUMNS", "MATCHES", "Match", "iter_clashes", "read_mappings"]

COLUMNS = (
    *("subject_id", "subject_label", "predicate_id", "object_id", "object_label"),
    *("mapping_justification", "object_source", "object_source_version", "comment"),
)
_IRI = r"https?://[^\s<>\"{}|\\^`]+"
_LOCAL = r"[\w./-]+"
MATCHES = ("skos:exactMatch", "skos:closeMatch", "skos:broadMatch", "skos:narrowMatch")


class Match(NamedTuple):
    """One mapping.

    Attributes:
        place: the line of the mapping.
        subject: the IRI of our thing.
        subject_label: the label of our thing, so that a person can read the file.
        predicate: the IRI of the kind of match; ``skos:broadMatch`` says that their term is the broader one.
        object: the IRI of their term.
        object_id: the CURIE of their term.
        object_label: the name of their term in the source that was read.
        object_source: the IRI of the vocabulary of their term.
    """

    place: Place
    subject: str
    subject_label: str
    predicate: str
    object: str
    object_id: str
    object_label: str
    object_source: str


def read_mappings(path: Path) -> tuple[list[Match], list[Fault]]:
    """Read a mapping set.

    Args:
        path: a TSV file in UTF-8 with the columns of :data:`COLUMNS`; cells are not quoted.

    Returns:
        The mappings that could be read, and all faults in the form of the rows.

    Raises:
        UsageError: if the file cannot be read.
    """
    content = read_whole(path, "expected a mapping set in SSSOM")
    if fault := find_encoding_fault(content):
        return [], [Fault(path, fault.line, fault.message)]
    lines = unix_lines(content.decode("utf-8-sig")).split("\n")
    start = next((number for number, line in enumerate(lines) if not line.startswith("#")), len(lines))
    prefixes, faults = _read_prefixes(path, lines[:start])
    header, *body = lines[start:] or [""]
    if tuple(header.split("\t")) != COLUMNS:
        separator = find_separator(header, COLUMNS, "\t")
        told = f"{separator} part the columns, not tabs" if separator else "not the columns of a mapping set"
        faults.append(Fault(path, start + 1, f"{told}; expected {', '.join(COLUMNS)}"))
    if faults:
        return [], faults
    matches = []
    for number, line in enumerate(body, start + 2):
        place, cells = Place(path, number), line.split("\t")
        if line and len(cells) != len(COLUMNS):
            faults.append(place.fault(f"{len(cells)} cells, the header has {len(COLUMNS)}; separate them by one tab"))
        elif line:
            row = dict(zip(COLUMNS, cells, strict=True))
            wrong = list(_wrong(row, prefixes))
            faults += [place.fault(message) for message in wrong]
            matches += [] if wrong else [_match(place, row, prefixes)]
    return matches, faults


def iter_clashes(matches: Iterable[Match]) -> Iterator[Fault]:
    """Yield the contradictions between rows of mapping sets.

    These are: a pair of terms that is mapped twice, a second exact match of a thing in the
    same vocabulary, two labels for one term, and two vocabularies for one prefix.
    """
    first: dict[tuple[str, ...], Match] = {}

    def clash(match: Match, *key: str) -> str:
        """Return the place of an earlier row with the same key, or an empty string."""
        other = first.setdefault(key, match)
        return "" if other is match else f"{other.place.path.name}:{other.place.line}"

    def unlike(match: Match, kind: str, name: str, value: str) -> str:
        """Return the other value that an earlier row gives for a name, and its place, or an empty string."""
        other = first.setdefault((kind, name), match)
        said = other.object_label if kind == "label" else other.object_source
        return "" if said == value else f"'{said}' in {other.place.path.name}:{other.place.line}"

    for match in matches:
        if where := clash(match, "pair", match.subject, match.object):
            yield match.place.fault(f"{match.object_id} is mapped in {where} already; keep one row")
            continue
        if match.predicate.endswith("exactMatch"):
            where = clash(match, "exact", match.subject, match.object_source)
            if where:
                message = f"a second exact match in one vocabulary, after {where}; make one close, broad or narrow"
                yield match.place.fault(message)
        if other := unlike(match, "label", match.object, match.object_label):
            yield match.place.fault(f"{match.object_id} is called {other}; expected one label")
        prefix = match.object_id.partition(":")[0]
        if other := unlike(match, "source", prefix, match.object_source):
            yield match.place.fault(f"object_source: that of {prefix} is {other}; expected one vocabulary for a prefix")


def _read_prefixes(path: Path, lines: list[str]) -> tuple[Mapping[str, str], list[Fault]]:
    from kg.files.safe_yaml import YAMLFault, read_yaml

    try:
        about = read_yaml("\n".join(line[1:].removeprefix(" ") for line in lines))
        prefixes = {str(prefix): str(iri) for prefix, iri in about["curie_map"].items()}
    except YAMLFault as error:
        return {}, [Fault(path, error.line, f"the lines with # are not YAML: {error.message}")]
    except (TypeError, KeyError, AttributeError):
        return {}, [Fault(path, 1, "the lines with # hold no curie_map; expected YAML, prefix: IRI")]
    wrong = [prefix for prefix, iri in prefixes.items() if not re.fullmatch(_IRI, iri)]
    return prefixes, [Fault(path, 1, f"curie_map: '{prefixes[prefix]}' of {prefix} is no IRI") for prefix in wrong]


def _wrong(row: Mapping[str, str], prefixes: Mapping[str, str]) -> Iterator[str]:
    for column in COLUMNS[:-1]:
        if not row[column].strip():
            yield f"{column} is empty; expected a value"
    for column in COLUMNS:
        if len(row[column]) > CELL:
            yield f"{column}: {len(row[column]):,} signs; a cell holds at most {CELL:,}"
    if re.search(r"[\x00-\x1f\x7f-\x9f]", "".join(row.values())):
        yield "a cell holds a control character; expected text"
    if row["object_label"].startswith("("):
        yield f"object_label: '{row['object_label']}' is a remark; expected what the vocabulary calls the term"
    for column in ("subject_id", "object_id", "mapping_justification", "object_source"):
        prefix, _, local = row[column].partition(":")
        if row[column] and (prefix not in prefixes or not local):
            yield f"{column}: no prefix '{prefix}' in the curie_map{nearest(prefix, prefixes)}"
        elif row[column] and not re.fullmatch(_LOCAL, local):
            yield f"{column}: '{local}' cannot end an IRI; expected letters, digits and - _ . / alone"
    if row["predicate_id"] not in MATCHES:
        yield f"predicate_id: '{row['predicate_id']}' is not allowed; expected one of {', '.join(MATCHES)}"


def _match(place: Place, row: Mapping[str, str], prefixes: Mapping[str, str]) -> Match:
    def iri(column: str) -> str:
        prefix, _, local = row[column].partition(":")
        return prefixes[prefix] + local

    return Match(
        place,
        iri("subject_id"),
        row["subject_label"],
        PREFIXES["skos"] + row["predicate_id"].removeprefix("skos:"),
        iri("object_id"),
        row["object_id"],
        row["object_label"],
        iri("object_source"),
    )
