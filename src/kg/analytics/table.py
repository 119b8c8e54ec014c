"""The rows of a measure: each has cells to show, and knows the facts that it rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pyoxigraph import Literal, NamedNode

from kg.engines.asking import as_of
from kg.evidence.citations import JOINT, find_places
from kg.formats.result import Result
from kg.model.iris import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from pyoxigraph import Store

    from kg.analytics.landscape import Fact, Landscape
    from kg.model.terms import Term

__all__ = ["Cell", "Measure", "Row"]

Cell = str | int | float | None

_DIGITS = 4  # digits of a fraction that are shown
_DECIMAL, _DOUBLE = (NamedNode(PREFIXES["xsd"] + name) for name in ("decimal", "double"))


class Row(NamedTuple):
    """A row of a measure.

    Attributes:
        cells: what is shown: a thing as its label, several values joined by "; ".
        facts: returns the facts that the row rests on; it is called only for rows whose evidence is asked for.
    """

    cells: tuple[Cell, ...]
    facts: Callable[[], Iterable[Fact]]


class Measure(NamedTuple):
    """The result of a measure, as a table.

    Attributes:
        columns: the names of the cells.
        rows: in the order in which they are shown.
    """

    columns: tuple[str, ...]
    rows: Sequence[Row]

    def result(self, landscape: Landscape, store: Store, *, limit: int | None = None, evidence: bool = False) -> Result:
        """Return the rows in the same form as the result of a query.

        Args:
            landscape: the landscape that was measured.
            store: the dataset that the landscape was read from.
            limit: how many rows to return; all if not given.
            evidence: whether to add a column ``evidence``, which says where the facts of a row are written.
        """
        rows = self.rows[:limit]
        terms = [tuple(map(_term, row.cells)) for row in rows]
        if not evidence:
            return Result(self.columns, terms, as_of(store))
        triples = [set().union(*map(landscape.triples, row.facts())) for row in rows]
        places = (Literal(JOINT.join(found)) for found in find_places(store, triples))
        shown = [(*cells, place) for cells, place in zip(terms, places, strict=True)]
        return Result((*self.columns, "evidence"), shown, as_of(store))


def _term(cell: Cell) -> Term:
    """Return a cell as an RDF term: a fraction is a decimal, or a double if four digits would make it 0.

    Example:
        >>> [str(_term(cell)).partition("^")[0] for cell in (3, 2 / 3, 12345.678, 0.00000123456, 0.0)]
        ['"3"', '"0.6667"', '"12345.678"', '"1.235e-06"', '"0"']
    """
    if cell is None or not isinstance(cell, float):
        return None if cell is None else Literal(cell)
    if 0 < abs(cell) < 10**-_DIGITS:
        return Literal(f"{cell:.{_DIGITS - 1}e}", datatype=_DOUBLE)
    return Literal(f"{cell:.{_DIGITS}f}".rstrip("0").rstrip("."), datatype=_DECIMAL)
