"""Numbers, spans of days and units, as people write them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["Days", "read_days", "read_number"]

_SCALES = {"k": 1e3, "m": 1e6, "mio": 1e6, "b": 1e9, "bn": 1e9}
_QUARTERS = {"q1": ("01", "04"), "q2": ("04", "07"), "q3": ("07", "10"), "q4": ("10", "13")}
_QUARTERS |= {"h1": ("01", "07"), "h2": ("07", "13")}
_TO = ("to", "until", "through", "till", "and")


class Days(NamedTuple):
    """A span of days, ISO 8601 as far as it is given: from the first, until before the second; each can be empty."""

    first: str
    until: str


def read_number(words: Sequence[str], roles: Mapping[str, Sequence[tuple[str, str]]]) -> tuple[float, int] | None:
    """Return the number that words begin with, and how many words it takes.

    Args:
        words: in lower case.
        roles: the closed words.

    Example:
        >>> read_number(["68%"], {}), read_number(["300m"], {})
        ((68.0, 1), (300000000.0, 1))
        >>> read_number(["5", "billion"], {"billion": [("scale", "1e9")]})
        (5000000000.0, 2)
    """
    found = dict(roles.get(words[0], ())).get("number")
    if found:
        value = float(found)
    elif match := re.fullmatch(r"(\d+(?:\.\d+)?)(%|k|m|mio|b|bn)?", words[0]):
        value = float(match[1]) * _SCALES.get(match[2] or "", 1)
    else:
        return None
    scale = dict(roles.get(words[1], ())).get("scale") if len(words) > 1 else None
    return (value * float(scale), 2) if scale and len(words[1]) > 1 else (value, 1)


def read_days(words: Sequence[str], roles: Mapping[str, Sequence[tuple[str, str]]]) -> tuple[Days, int] | None:
    """Return the span of days that words begin with, and how many words it takes.

    A year, a month or a quarter of one, a day in either order; or a month alone, which gets the year that follows.

    Args:
        words: in lower case.
        roles: the closed words.

    Example:
        >>> read_days(["2023"], {}), read_days(["q2", "2026"], {})
        ((Days(first='2023', until='2024'), 1), (Days(first='2026-04', until='2026-07'), 2))
    """
    if not words:
        return None
    words = [re.sub(r"(?<=\d)(st|nd|rd|th)$", "", word) for word in words if word != "of"]
    years = [word if re.fullmatch(r"(19|20)\d\d", word) else "" for word in words] + [""] * 3
    days = [f"{int(word):02}" if re.fullmatch(r"[0-3]?\d", word) else "" for word in words] + [""] * 3
    months = [dict(roles.get(word, ())).get("month", "").zfill(2) for word in words] + ["00"] * 3
    months = ["" if month == "00" else month for month in months]
    if years[2] and days[0] and months[1]:
        return _span(f"{years[2]}-{months[1]}-{days[0]}"), 3
    if years[2] and months[0] and days[1]:
        return _span(f"{years[2]}-{months[0]}-{days[1]}"), 3
    if months[0] and words[1:2] and words[1] in _TO and (last := read_days(words[2:], roles)):
        return Days(f"{last[0].first[:4]}-{months[0]}", last[0].until), last[1] + 2
    if months[0] and years[1]:
        return _span(f"{years[1]}-{months[0]}"), 2
    if years[1] and (quarter := _QUARTERS.get(words[0])):
        return Days(f"{years[1]}-{quarter[0]}", f"{years[1]}-{quarter[1]}"), 2
    if years[0]:
        if len(words) > 2 and all(re.fullmatch(r"\d\d", word) for word in words[1:3]):
            return _span("-".join(words[:3])), 3
        return _span(years[0]), 1
    return None


def _span(day: str) -> Days:
    """Return the span of a year, month or day.

    Example:
        >>> _span("2023-12"), _span("2023-04-01")
        (Days(first='2023-12', until='2023-13'), Days(first='2023-04-01', until='2023-04-02'))
    """
    head, dash, last = day.rpartition("-")
    return Days(day, f"{head}{dash}{int(last) + 1:0{len(last)}}")
