"""From the parts of a question to choices: every way to take each mention as things, a class, a property or a value."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any, NamedTuple

from kg.model.iris import KG

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.ask.words import Token
    from kg.model.schema import Schema

__all__ = ["ASPECT", "Item", "choices"]

ASPECT = KG + "Aspect"
_CELL_TYPE = KG + "CellType"  # observed rather than given


class Item(NamedTuple):
    """A token with the meaning that is tried."""

    kind: str
    text: str
    value: Any
    place: int
    comma: str


def choices(tokens: list[Token], schema: Schema) -> Iterator[tuple[int, list[Item]]]:
    """Yield every way to take each mention as things, a class, a property or a value, with what it costs.

    A thing that is named like a class, such as the aspect "target", is meant only
    where a property that leads to it stands beside it.
    """
    options: list[list[tuple[int, Item]]] = []
    # beside "CD8 T cells" the NK cells are those of the patient
    observes = any(token.meaning and {it.class_iri for it in token.meaning.things} == {_CELL_TYPE} for token in tokens)
    for place, token in enumerate(tokens):
        if not token.meaning:
            value = token.text if token.kind == "text" else token.value
            options.append([(0, Item(token.kind, token.text, value, place, token.comma))])
            continue
        meaning = token.meaning
        picks: list[tuple[int, str, Any]] = []
        taken = bool(meaning.classes or meaning.properties)
        reached = _reached(tokens, place, schema)
        picks += [(200 if reached else 0, "class", class_iri) for class_iri in meaning.classes]
        for class_iri in sorted({entry.class_iri for entry in meaning.things}):
            if not meaning.classes or class_iri in reached:
                cost = (20 if meaning.properties else 0) + (10 if (class_iri == _CELL_TYPE) != observes else 0)
                things = [entry for entry in meaning.things if entry.class_iri == class_iri]
                picks.append((cost, "things", things))
        if meaning.properties:
            follows = place and tokens[place - 1].kind == "operator" and tokens[place - 1].value in ("which", "count")
            cost = 200 if reached else 5 if not meaning.classes else 300 if follows else 50
            picks.append((cost, "property", meaning.properties))
        picks += [(30 if taken else 10, "value", value) for value in meaning.values]
        options.append(
            [(cost, Item(kind, token.text, value, place, token.comma)) for cost, kind, value in sorted(picks, key=str)]
        )
    for picked in product(*options):
        yield sum(cost for cost, _ in picked), [item for _, item in picked]


def _reached(tokens: list[Token], place: int, schema: Schema) -> set[str]:
    """Return the ranges of the properties that are mentioned beside a place, but for connectors."""
    found: set[str] = set()
    for step in (-1, 1):
        near = place + step
        while 0 <= near < len(tokens) and (tokens[near].kind == "connector" or tokens[near].value == "not"):
            near += step
        meaning = tokens[near].meaning if 0 <= near < len(tokens) else None
        if meaning and not meaning.classes:
            found |= {schema.properties[iri].range for iri in meaning.properties}
    return found & {ASPECT}
