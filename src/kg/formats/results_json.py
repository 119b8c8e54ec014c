"""Rows as SPARQL results in JSON, by the specification of the W3C: https://www.w3.org/TR/sparql11-results-json/."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pyoxigraph import BlankNode, NamedNode, Triple

from kg.model.terms import XSD

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyoxigraph import Literal

    from kg.model.terms import Term

__all__ = ["to_json"]


def to_json(columns: Sequence[str], rows: Sequence[Sequence[Term]], boolean: bool | None = None) -> str:
    """Return the rows, or the answer of an ``ASK`` query, as a JSON document."""
    document: dict[str, Any] = {"head": {"vars": list(columns)}}
    if boolean is not None:
        document = {"head": {}, "boolean": boolean}
    else:
        bindings = [
            {name: _binding(term) for name, term in zip(columns, row, strict=True) if term is not None} for row in rows
        ]
        document["results"] = {"bindings": bindings}
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _binding(term: NamedNode | Literal | BlankNode | Triple) -> dict[str, Any]:
    if isinstance(term, NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, Triple):  # as SPARQL 1.2 has it
        parts = {"subject": term.subject, "predicate": term.predicate, "object": term.object}
        return {"type": "triple", "value": {name: _binding(part) for name, part in parts.items()}}
    if isinstance(term, BlankNode):
        return {"type": "bnode", "value": term.value}
    binding = {"type": "literal", "value": term.value}
    if term.language:
        binding["xml:lang"] = term.language
    elif term.datatype.value != XSD + "string":
        binding["datatype"] = term.datatype.value
    return binding
