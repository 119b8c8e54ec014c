"""The text of a finding, an administration or a regulatory event: one line that says what the cells of the row say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.tables.rows import Administration, Finding, RegulatoryEvent

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from kg.tables.rows import Record

__all__ = ["in_words"]


def in_words(row: Record) -> str:
    """Return the content of a row on one line, without what it is about and what was measured.

    Args:
        row: the row; cells that name things must hold the labels of these things.
    """
    if isinstance(row, Finding):
        return _finding(row)
    if isinstance(row, Administration):
        return _administration(row)
    assert isinstance(row, RegulatoryEvent)
    return _event(row)


def _finding(row: Finding) -> str:
    amount = _amount(row.value, row.lower, row.upper, row.unit, row.qualifier)
    share = _share(row.count, row.out_of)
    if not amount and share and row.qualifier:
        share = f"{row.qualifier} {share}"
    result = f"{amount} ({share})" if amount and share else amount or share
    outcome = "" if row.outcome == share else row.outcome
    said = _joined(", ", [result, outcome, row.direction])
    conditions = [
        f"grade {row.grade}" if row.grade else "",
        row.relatedness,
        row.tissue if row.tissue == "in vitro" else f"in {row.tissue}" if row.tissue else "",
        f"by {row.method}" if row.method else "",
        row.time,
        f"compared with {row.comparator}" if row.comparator else "",
        row.p,
        row.detail,
    ]
    head = f"{row.term}: " if row.term else ""
    return head + _joined("; ", [said, *conditions])


def _administration(row: Administration) -> str:
    amount = _amount(row.dose, row.lower, row.upper, row.unit, "")
    doses = "" if row.number is None else f"{row.number} dose{'' if row.number == 1 else 's'}"
    return f"{row.product}: " + _joined("; ", [row.role, amount, doses, row.schedule, row.route, row.time, row.detail])


def _event(row: RegulatoryEvent) -> str:
    granted = f"{row.kind} by {row.authority}" if row.authority else row.kind
    aim = f"for {', '.join(row.indication)}" if row.indication else ""
    when = _joined(" ", [row.date_is, row.date])
    return _joined("; ", [granted, row.status, _joined(", ", row.product), aim, row.population, when, row.detail])


def _share(count: int | None, out_of: int | None) -> str:
    if count is None:
        return f"of {out_of}" if out_of is not None else ""
    if out_of is not None:
        return f"{count} of {out_of}"
    return f"n = {count}" if count else "none"


def _amount(value: Decimal | None, lower: Decimal | None, upper: Decimal | None, unit: str, qualifier: str) -> str:
    """Return a number with its unit, or a range with its unit; if both are given, the range is in brackets."""
    if lower is not None and upper is not None:
        span = f"{lower:,} to {upper:,}"
    else:
        span = f"from {lower:,}" if lower is not None else f"up to {upper:,}" if upper is not None else ""
    if value == 1:
        unit = unit.removesuffix("s")
    if value is None:
        return _joined(" ", [qualifier, span, unit]) if span else ""
    return _joined(" ", [qualifier, f"{value:,}", unit, f"({span})" if span else ""])


def _joined(separator: str, parts: Iterable[str]) -> str:
    return separator.join(part for part in parts if part)
