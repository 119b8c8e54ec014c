"""The rows that a query gives, as Python values and as text; the formats are in :mod:`kg.formats`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kg.errors import UsageError
from kg.formats.writers import FORMATS
from kg.model.terms import value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    import pandas as pd

    from kg.formats.notebook import Page
    from kg.formats.table import Screen
    from kg.model.terms import Term

__all__ = ["Result"]


class Result:
    """The solutions of a query, in order.

    Iterating yields one ``dict`` a row, column -> ``str``, number or ``None``.
    A notebook shows it as a table.

    Attributes:
        columns: the names of the columns.
        rows: a tuple of terms for each solution; ``None`` where a column is unbound.
        as_of: the day of the data, ISO 8601, or an empty string.
        boolean: the answer of an ``ASK`` query, otherwise ``None``.
        drawing: a function that draws what the rows rest on as a page; None if no graph gave the rows.

    Example:
        >>> from pyoxigraph import Literal
        >>> result = Result(["trial", "patients"], [[Literal("NCT05182073"), Literal(31)], [Literal("x"), None]])
        >>> list(result)
        [{'trial': 'NCT05182073', 'patients': 31}, {'trial': 'x', 'patients': None}]
        >>> print(result.format("table"), end="")
        trial        patients
        NCT05182073        31
        x
        >>> str(result.to_pandas()["patients"].dtype)
        'Int64'
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
        self.drawing: Callable[[], Page] | None = None

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for row in self.rows:
            yield {name: value(term) for name, term in zip(self.columns, row, strict=True)}

    def __repr__(self) -> str:
        return f"<Result: {len(self)} rows of {', '.join(self.columns)}>"

    def to_pandas(self) -> pd.DataFrame:
        """Return the rows as a data frame; see :func:`kg.formats.frame.to_pandas`.

        Raises:
            UsageError: if pandas, the extra ``pandas``, is not installed.
        """
        from kg.formats.frame import to_pandas

        return to_pandas(self.columns, self.rows)

    def to_xlsx(self) -> bytes:
        """Return the rows as an Excel workbook; see :func:`kg.formats.workbook.to_xlsx`.

        Raises:
            UsageError: if XlsxWriter, the extra ``xlsx``, is not installed, or a sheet cannot hold the rows.
        """
        return self.content("xlsx")

    def to_html(self, path: Path | str | None = None) -> Page:
        """Return a page with the things and relations that the rows rest on, as ``KnowledgeGraph.to_html`` does.

        Raises:
            UsageError: if no query of a graph gave the rows, or the path cannot be written.
            NotInGraphError: if there is nothing to draw.
        """
        if not self.drawing:
            raise UsageError("these rows cannot be drawn; expected those of a query or an answer of a KnowledgeGraph")
        page = self.drawing()
        if path is not None:
            page.write(path)
        return page

    def content(self, name: str, screen: Screen | None = None) -> bytes:
        """Return the rows as the content of a file.

        Args:
            name: one of :data:`kg.formats.writers.FORMATS`.
            screen: the screen for a table; if not given, the table is plain text as wide as the terminal.

        Raises:
            UsageError: if the format needs a library that is not installed, or cannot hold the rows.
        """
        return FORMATS[name].write(self, screen)

    def format(self, name: str, screen: Screen | None = None) -> str:
        """Return the rows as text; like :meth:`content`, but only for formats that are text."""
        return self.content(name, screen).decode()

    def _repr_html_(self) -> str:
        from kg.formats.markup import to_html

        return to_html(self.columns, self.rows)
