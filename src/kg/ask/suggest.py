"""What is offered where nothing is answered: questions that can be, and statements that tell of what was named."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kg.ask.grounds import ground
from kg.ask.told import told

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.ask.link import Span
    from kg.ask.statements import Statements
    from kg.engines.asking import Engine

__all__ = ["nearest_statements"]

MOST_STATEMENTS = 5


def nearest_statements(engine: Engine, statements: Statements, spans: Sequence[Span]) -> list[dict[str, Any]]:
    """Return the statements that tell most of what was named, in words, each with its evidence."""
    keys = statements.nearest(spans, MOST_STATEMENTS)
    found = []
    for key in keys:
        _, rows, records, triples, _ = told(engine, [key])
        for row in rows:
            *names, said = row
            lead = " ".join(shown.value for _, shown in names[:3] if shown is not None)
            text = f"{lead}: {said[1].value}" if len(key) == 1 else f"{lead}: {said[1].value}"
            evidence = ground(engine, triples, records).evidence
            found.append({"kind": "statement", "text": text, "evidence": evidence})
    return found
