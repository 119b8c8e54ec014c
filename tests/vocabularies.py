"""The vocabularies of the shipped ontology, for tests that read tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import RdfFormat, parse

from kg.model.schema import has_names, read_schema
from kg.paths import data_folder
from kg.tables import reading
from kg.tables.rows import TABLES, Concept

if TYPE_CHECKING:
    from pathlib import Path

    from kg.tables.reading import Source

ONTOLOGY = data_folder("ontology") / "immunokg.ttl"
SCHEMA = read_schema(
    triple for quad in parse(path=str(ONTOLOGY), format=RdfFormat.TURTLE) if has_names(triple := quad.triple)
)
VOCABULARIES = SCHEMA.vocabularies
ALL_TABLES = TABLES | dict.fromkeys(VOCABULARIES, Concept)


def read_folder(folder: Path) -> Source:
    return reading.read_folder(folder, VOCABULARIES)
