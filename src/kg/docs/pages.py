"""Pages that are made from the code, the ontology and the catalogue, so that they always agree with them.

A test fails when the pages must be made again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import RdfFormat, parse

from kg.docs.class_diagram import class_diagram
from kg.docs.ontology_page import reference_page
from kg.model.schema import has_names, read_schema
from kg.paths import data_folder
from kg.query.catalogue import iter_queries
from kg.query.executables import executables
from kg.tables.columns import columns
from kg.tables.rows import TABLES, Concept

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from kg.tables.columns import Row

__all__ = ["pages"]

_TABLES_HEAD = """\
# Source tables

Made by `python -m kg.docs`; edit `src/kg/tables/rows.py` instead.

One folder a document, UTF-8 CSV, rows sorted by id. Several values of a cell are
joined by `;`. A cell that names a thing takes its label, a synonym or its id.
Vocabularies lie in `ontology/vocabulary/`, and a folder of tables of your own may
hold more of them. An empty cell says nothing: it is not "no".
"""
_QUERIES_HEAD = """\
# Catalogue of queries

Made by `python -m kg.docs`; edit the `#+` lines of the `.rq` files instead.

Run one with `kg query NAME`, with `--param NAME=VALUE` for a parameter; each file
also runs as it is on any SPARQL 1.1 engine. `catalogue.ttl` holds them as RDF, to be
loaded beside the data: executables of SHACL Advanced Features.
"""
_CLAIMS_HEAD = """\
## claims

Figures that a document states about its own data; `kg claims` compares them with the graph.
"""
_VERIFY_HEAD = """\
## verify

Rules that `kg validate` checks: each row of such a query is a fault.
"""


def pages() -> dict[Path, str]:
    """Return the path and the text of each page."""
    ontology = data_folder("ontology")
    triples = [quad.triple for quad in parse(path=str(ontology / "immunokg.ttl"), format=RdfFormat.TURTLE)]
    named = [triple for triple in triples if has_names(triple)]
    schema = read_schema(named)
    return {
        data_folder("graphs") / "sources" / "README.md": "\n".join([_TABLES_HEAD, *_tables(schema.vocabularies)]),
        data_folder("queries") / "README.md": "\n".join([_QUERIES_HEAD, *_queries()]),
        data_folder("queries") / "catalogue.ttl": executables(iter_queries()),
        ontology.parent / "docs" / "ontology.html": reference_page(named),
        ontology.parent / "docs" / "classes.svg": class_diagram(schema),
    }


def _tables(vocabularies: Iterable[str]) -> Iterator[str]:
    for name, row_type in TABLES.items():
        yield _table(f"{name}.csv", row_type)
    names = ", ".join(f"`{name}.csv`" for name in vocabularies)
    yield _table("Vocabularies", Concept) + f"\nThe vocabularies are {names}.\n"


def _table(title: str, row_type: type[Row]) -> str:
    lines = [f"## {title}\n", f"{row_type.__doc__}\n", "| column | | holds |", "| --- | --- | --- |"]
    for item in columns(row_type):
        about = item.metadata["about"]
        choices = ", ".join(item.metadata["choices"])
        need = "may be empty" if item.metadata["optional"] else "required"
        lines.append(f"| `{item.name}` | {need} | {about}{f': {choices}' if choices else ''} |")
    return "\n".join(lines) + "\n"


def _queries() -> Iterator[str]:
    theme = ""
    for query in iter_queries():
        if query.path.parent.name != theme:
            theme = query.path.parent.name
            yield f"## {theme}\n"
        yield f"### {query.path.stem}\n\n{query.header['summary']}\n\n{query.header.get('description', '').strip()}\n"
        for name, about in query.parameters.items():
            yield f"- `{name}`: {about}\n"
    for theme, head in (("claims", _CLAIMS_HEAD), ("verify", _VERIFY_HEAD)):
        yield head
        for query in iter_queries(theme):
            yield f"- `{query.path.stem}`: {query.header['summary']}"
        yield ""
