"""Rows as a pandas data frame; its columns have the types of their terms."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from pyoxigraph import Literal

from kg.errors import UsageError
from kg.model.terms import XSD, lexical, value

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd

    from kg.model.terms import Term

__all__ = ["to_pandas"]

_DAYS: dict[str, Callable[[str], date]] = {XSD + "date": date.fromisoformat, XSD + "dateTime": datetime.fromisoformat}


def to_pandas(columns: Sequence[str], rows: Sequence[Sequence[Term]]) -> pd.DataFrame:
    """Return the rows as a data frame.

    A column of integers is ``Int64``, one of other numbers ``float64``, one of truth values ``boolean``,
    and one of days or times of the same kind ``datetime64``. For other columns pandas chooses the type.

    Raises:
        UsageError: if pandas is not installed.
    """
    try:
        import pandas as pd
    except ImportError as error:
        raise UsageError("a data frame needs pandas; install it with `pip install 'immunokg[pandas]'`") from error

    series = {}
    for place in range(len(columns)):
        values, dtype = _column([row[place] for row in rows])
        series[place] = pd.Series(values, dtype=dtype)
    frame = pd.DataFrame(series)
    frame.columns = pd.Index(columns)
    return frame


def _column(terms: Sequence[Term]) -> tuple[list[Any], Any]:
    """Return the values of a column and their dtype."""
    days = _days(terms)
    if days is not None:
        return days, "datetime64[us]"
    values = [value(term) for term in terms]
    kinds = {type(found) for found in values if found is not None}
    dtypes: dict[frozenset[type], Any] = {
        frozenset([int]): "Int64",
        frozenset([float]): "float64",
        frozenset([int, float]): "float64",
        frozenset([bool]): "boolean",
    }
    return values, dtypes.get(frozenset(kinds))


def _days(terms: Sequence[Term]) -> list[date | None] | None:
    """Return the days or times of a column, or None if it holds anything else."""
    kinds = {term.datatype.value if isinstance(term, Literal) else "" for term in terms if term is not None}
    if len(kinds) != 1 or not kinds <= _DAYS.keys():
        return None
    read = _DAYS[kinds.pop()]
    try:
        found = [read(lexical(term)) if term is not None else None for term in terms]
    except ValueError:  # XML Schema knows days with zones and years beyond 9999
        return None
    return None if any(isinstance(day, datetime) and day.tzinfo for day in found) else found
