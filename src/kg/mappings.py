"""Read the mappings of our things to public vocabularies: a mapping set in SSSOM's TSV form.

The lines that begin with ``#`` are YAML and hold what is said of the whole set, with the
prefixes of its CURIEs (https://mapping-commons.github.io/sssom/spec-formats-tsv/). A mapping
of ours is curated by hand, so a mapping that two rows say, or two exact matches in one
vocabulary, are faults.
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, NamedTuple

from kg.columns import Place
from kg.errors import Fault, UsageError, nearest
from kg.namespaces import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

__all__ = ["COLUMNS", "MATCHES", "Match", "read_mappings"]

COLUMNS = (
    *("subject_id", "subject_label", "predicate_id", "object_id", "object_label"),
    *("mapping_justification", "object_source", "object_source_version", "comment"),
)
MATCHES = ("skos:exactMatch", "skos:closeMatch", "skos:broadMatch", "skos:narrowMatch")


class Match(NamedTuple):
    """One mapping.

    Attributes:
        place: its line.
        subject: the IRI of our thing.
        subject_label: the label of our thing, so that a person can read the file.
        predicate: the IRI of the kind of match; ``skos:broadMatch`` says that theirs is the broader one.
        object: the IRI of their term.
        object_id: its CURIE.
        object_label: what they call it.
        object_source: the IRI of the vocabulary that it is a term of.
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
        path: a TSV file, UTF-8, with the columns of :data:`COLUMNS`.

    Returns:
        The mappings that can be read, and everything that is wrong.

    Raises:
        UsageError: if the file cannot be read.
    """
    try:
        text = path.read_bytes().decode("utf-8")
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}; expected a mapping set in SSSOM") from error
    except UnicodeDecodeError as error:
        return [], [Fault(path, 1, f"byte {error.start} is not UTF-8; save the file as UTF-8")]
    lines = text.splitlines()
    start = next((number for number, line in enumerate(lines) if not line.startswith("#")), len(lines))
    prefixes, faults = _read_prefixes(path, lines[:start])
    header, *body = lines[start:] or [""]
    if tuple(header.split("\t")) != COLUMNS:
        faults.append(Fault(path, start + 1, f"not the columns of a mapping set; expected {', '.join(COLUMNS)}"))
    if faults:
        return [], faults
    matches = []
    for line, cells in enumerate(csv.reader(body, delimiter="\t"), start + 2):
        place = Place(path, line)
        if len(cells) != len(COLUMNS):
            faults.append(place.fault(f"{len(cells)} cells, the header has {len(COLUMNS)}; part them by one tab each"))
            continue
        row = dict(zip(COLUMNS, cells, strict=True))
        wrong = list(_wrong(row, prefixes))
        faults += [place.fault(message) for message in wrong]
        if not wrong:
            matches.append(_match(place, row, prefixes))
    faults += _twice(matches)
    return matches, faults


def _read_prefixes(path: Path, lines: list[str]) -> tuple[Mapping[str, str], list[Fault]]:
    import yaml

    try:
        about = yaml.safe_load("\n".join(line[1:].removeprefix(" ") for line in lines))
        return {str(prefix): str(iri) for prefix, iri in about["curie_map"].items()}, []
    except (yaml.YAMLError, TypeError, KeyError, AttributeError):
        return {}, [Fault(path, 1, "the lines with # hold no curie_map; expected YAML, prefix: IRI")]


def _wrong(row: Mapping[str, str], prefixes: Mapping[str, str]) -> Iterator[str]:
    for column in COLUMNS[:-1]:
        if not row[column]:
            yield f"{column} is empty; expected a value"
    for column in ("subject_id", "object_id", "mapping_justification", "object_source"):
        prefix, _, local = row[column].partition(":")
        if row[column] and (prefix not in prefixes or not local):
            yield f"{column}: no prefix '{prefix}' in the curie_map{nearest(prefix, prefixes)}"
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


def _twice(matches: list[Match]) -> Iterator[Fault]:
    """Yield what more than one row says: a pair of terms, an exact match in one vocabulary, the label of a term."""
    pairs: dict[tuple[str, str], int] = {}
    exact: dict[tuple[str, str], int] = {}
    labels: dict[str, tuple[str, int]] = {}
    for match in matches:
        line = match.place.line
        if (first := pairs.setdefault((match.subject, match.object), line)) != line:
            yield match.place.fault(f"{match.object_id} is mapped on line {first} already; keep one row")
            continue
        if match.predicate.endswith("exactMatch"):
            first = exact.setdefault((match.subject, match.object_source), line)
            if first != line:
                message = f"a second exact match in one vocabulary, after line {first}; make one close, broad or narrow"
                yield match.place.fault(message)
        label, first = labels.setdefault(match.object, (match.object_label, line))
        if label != match.object_label:
            yield match.place.fault(f"{match.object_id} is called '{label}' on line {first}; expected one label")
