"""Days in ISO 8601, as users write them and as trials have them; a trial may have only a month."""

from __future__ import annotations

from datetime import date

from kg.errors import UsageError

__all__ = ["parse_day", "read_day"]


def read_day(text: str) -> str:
    """Return a day that a user wrote, in the form YYYY-MM-DD.

    Raises:
        UsageError: if the text is not a day.
    """
    return _parsed(text, text).isoformat()


def parse_day(text: str) -> date:
    """Return the date of a day, or of the first day of a month.

    Raises:
        UsageError: if the text is neither a day nor a month.

    Example:
        >>> parse_day("2024-07"), parse_day("2024-07-15")
        (datetime.date(2024, 7, 1), datetime.date(2024, 7, 15))
    """
    return _parsed(text if len(text) == len("2024-07-01") else f"{text}-01", text)


def _parsed(text: str, written: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"'{written}' is no day; expected one such as 2024-07-01") from error
