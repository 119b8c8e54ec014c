"""Rows of terms, and how they are shown: terminal table, CSV, TSV, JSON, Markdown, HTML, pandas.

CSV and JSON are those of the W3C (https://www.w3.org/TR/sparql11-results-csv-tsv/,
https://www.w3.org/TR/sparql11-results-json/). What a label holds is data: control
characters never reach a terminal, markup never reaches HTML or Markdown.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pyoxigraph import BlankNode, Literal, NamedNode

from kg.namespaces import PREFIXES, curie

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pandas as pd

__all__ = ["FORMATS", "Result", "Term", "clean"]

Term = NamedNode | Literal | BlankNode | None

FORMATS = ("table", "csv", "tsv", "json", "markdown")

_XSD = PREFIXES["xsd"]
_NUMBERS = {_XSD + "integer": int, _XSD + "decimal": float, _XSD + "double": float, _XSD + "float": float}
_CONTROL = r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]"


class Result:
    """The solutions of a query, in order.

    Iterating yields one ``dict`` a row, column -> ``str``, number or ``None``.

    Attributes:
        columns: the names of the columns.
        rows: a tuple of terms for each solution; ``None`` where a column is unbound.
        as_of: the day of the data, ISO 8601, or an empty string.
        boolean: the answer of an ``ASK`` query, otherwise ``None``.
    """

    def __init__(
        self,
        columns: Sequence[str],
        rows: Sequence[Sequence[Term]],
        as_of: str = "",
        boolean: bool | None = None,
    ) -> None:
        self.columns = tuple(columns)
        self.rows = [tuple(row) for row in rows]
        self.as_of = as_of
        self.boolean = boolean

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for row in self.rows:
            yield {name: _value(term) for name, term in zip(self.columns, row, strict=True)}

    def __repr__(self) -> str:
        return f"<Result: {len(self)} rows of {', '.join(self.columns)}>"

    def to_pandas(self) -> pd.DataFrame:
        """Return the rows as a data frame; needs the extra ``pandas``."""
        import pandas as pd

        return pd.DataFrame(list(self), columns=list(self.columns))

    def format(self, name: str) -> str:
        """Return the rows as text.

        Args:
            name: one of :data:`FORMATS`.
        """
        return {
            "table": self._table,
            "csv": lambda: self._separated(","),
            "tsv": lambda: self._separated("\t"),
            "json": self._json,
            "markdown": self._markdown,
        }[name]()

    def _texts(self) -> list[list[str]]:
        return [[_text(term) for term in row] for row in self.rows]

    def _table(self) -> str:
        from rich.console import Console
        from rich.table import Table
        from rich.text import Text

        table = Table(box=None, pad_edge=False, header_style="bold", show_edge=False)
        numeric = [_is_numeric(column) for column in zip(*self.rows, strict=True)] or [False] * len(self.columns)
        for name, is_number in zip(self.columns, numeric, strict=True):
            table.add_column(Text(name), justify="right" if is_number else "left", overflow="fold")
        for row in self._texts():
            table.add_row(*(Text(clean(text)) for text in row))
        console = Console()
        with console.capture() as capture:
            console.print(table)
        return "".join(f"{line.rstrip()}\n" for line in capture.get().splitlines())

    def _separated(self, delimiter: str) -> str:
        import csv
        from io import StringIO

        out = StringIO()
        writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n" if delimiter == "," else "\n")
        writer.writerow(self.columns)
        writer.writerows([_lexical(term) for term in row] for row in self.rows)
        return out.getvalue()

    def _json(self) -> str:
        import json

        document: dict[str, Any] = {"head": {"vars": list(self.columns)}}
        if self.boolean is not None:
            document = {"head": {}, "boolean": self.boolean}
        else:
            bindings = [
                {name: _binding(term) for name, term in zip(self.columns, row, strict=True) if term is not None}
                for row in self.rows
            ]
            document["results"] = {"bindings": bindings}
        return json.dumps(document, ensure_ascii=False, indent=1) + "\n"

    def _markdown(self) -> str:
        lines = [self.columns, ["---"] * len(self.columns), *self._texts()]
        return "".join(f"| {' | '.join(map(_markdown, line))} |\n" for line in lines)

    def _repr_html_(self) -> str:
        from html import escape

        head = "".join(f"<th>{escape(name)}</th>" for name in self.columns)
        rows = ("".join(f"<td>{escape(text)}</td>" for text in row) for row in self._texts())
        body = "".join(f"<tr>{row}</tr>" for row in rows)
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def clean(text: str) -> str:
    """Return a text without the control characters that a terminal would obey."""
    return re.sub(_CONTROL, "\ufffd", text)


def _lexical(term: Term) -> str:
    if term is None:
        return ""
    return f"_:{term.value}" if isinstance(term, BlankNode) else term.value


def _text(term: Term) -> str:
    """Return a term for people: IRIs shortened."""
    return curie(term.value) if isinstance(term, NamedNode) else _lexical(term)


def _value(term: Term) -> Any:
    if isinstance(term, Literal) and term.datatype.value in _NUMBERS:
        return _NUMBERS[term.datatype.value](term.value)
    if isinstance(term, Literal) and term.datatype.value == _XSD + "boolean":
        return term.value in ("true", "1")
    return None if term is None else term.value


def _is_numeric(column: Sequence[Term]) -> bool:
    return all(isinstance(term, Literal) and term.datatype.value in _NUMBERS for term in column if term is not None)


def _binding(term: Term) -> dict[str, str]:
    if isinstance(term, NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, BlankNode):
        return {"type": "bnode", "value": term.value}
    assert isinstance(term, Literal)
    binding = {"type": "literal", "value": term.value}
    if term.language:
        binding["xml:lang"] = term.language
    elif term.datatype.value != _XSD + "string":
        binding["datatype"] = term.datatype.value
    return binding


def _markdown(text: str) -> str:
    return re.sub(r"([\\|`*<>\[\]])", r"\\\1", re.sub(r"\s+", " ", clean(text))) if text != "---" else text
