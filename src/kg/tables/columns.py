"""Columns and rows of source tables: a column is a field of a row type, described for the curator."""

from __future__ import annotations

from dataclasses import MISSING, Field, dataclass, field, fields
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from kg.errors import Fault

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Place", "Row", "column", "columns"]


class Place(NamedTuple):
    """A line of a table."""

    path: Path
    line: int

    def fault(self, message: str) -> Fault:
        """Return a fault at this line."""
        return Fault(self.path, self.line, message)


def column(
    about: str,
    *,
    optional: bool = False,
    form: str = "",
    choices: tuple[str, ...] = (),
    says: str = "",
    aspect: str = "",
    assertion: str = "",
    printed_in: str = "",
) -> Any:
    """Declare a column of a row type.

    Args:
        about: one line for the curator, shown in ``graphs/sources/README.md``.
        optional: whether a cell may be empty and the column may be missing.
        form: ``id``, ``trial id``, ``sha256``, ``iri``, ``grade`` or ``partial date``, if the text has a special form.
        choices: the only values allowed, if they are limited.
        says: the local name of the property whose value the cell is, if the row is about one thing.
        aspect: the label of the aspect that a trial does not disclose if the cell is ``Undisclosed``.
        assertion: how firmly the cell is said, if that differs from the row.
        printed_in: the name of the column that holds the printed text of this one.
    """
    metadata = {
        "about": about,
        "optional": optional,
        "form": form,
        "choices": choices,
        "says": says,
        "aspect": aspect,
        "assertion": assertion,
        "printed_in": printed_in,
    }
    return field(metadata=metadata)


@dataclass(frozen=True)
class Row:
    """A row of a table, with its place."""

    place: Place
    id_column: ClassVar[str] = "id"


def columns(row_type: type[Row]) -> list[Field[Any]]:
    """Return the columns of a row type, in the order of the header."""
    return [item for item in fields(row_type) if item.name != "place" and item.default is MISSING]
