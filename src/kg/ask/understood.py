"""What was understood of a question, in the words of the ontology."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.ask.joins import Hop, Path
    from kg.ask.meaning import Condition, Constraint, Reading
    from kg.model.schema import Schema

__all__ = ["in_words", "label_of"]

_WITH_INVERSE = 2  # the second word of a property is its inverse label, where it has one


def in_words(reading: Reading) -> str:
    """Return what was understood, in the words of the ontology.

    Returns:
        Such as ``product; derived from: iPSC; carries modification: CD38 KO``.
    """
    schema = reading.schema
    head = reading.subject.label if reading.subject else schema.classes[reading.wanted].label
    if reading.value:
        head = f"{schema.properties[reading.value].label} of {head}"
    parts = [
        f"{'not ' if item.negated else ''}{_paths_in_words(item.paths)}: {_any_of(item)}"
        for item in reading.constraints
    ]
    for condition in reading.conditions:
        label = " or ".join(dict.fromkeys(label_of(schema, iri) for iri in condition.properties))
        parts.append(f"{'not ' if condition.negated else ''}{label} {_test_in_words(condition)}")
    if reading.order:
        parts.append(_order_in_words(reading))
    for _, asked, _ in reading.extras:
        term = schema.properties.get(asked) or schema.classes[asked]
        parts.append(f"with its {term.label}")
    for things, said in reading.reached:
        phrases = [it.label for it in things] or [" ".join(words) for words in said]
        parts.append(f"telling of {' or '.join(dict.fromkeys(phrases))}")
    parts += [f"{it.label} has {' or '.join(other.label for other in others)}" for it, others in reading.beside]
    parts += [f"with the word '{word}'" for word in reading.texts]
    understood = "; ".join([f"number of: {head}" if reading.counts else head, *parts])
    return ". ".join([*reading.notes, understood])


def _test_in_words(condition: Condition) -> str:
    value = condition.value
    if condition.sign == "exists":
        return "is given"
    if condition.sign == "within":
        return f"from {value[0]:g} to {value[1]:g}"
    if condition.sign == "has word":
        return f"has the word '{value}'"
    if condition.sign == "dated":
        start, end = value
        return f"from {start or 'the beginning'}{f' to before {end}' if end < '9999' else ''}"
    if condition.sign == "=":
        return "is " + " or ".join(f"{item:g}" if isinstance(item, float) else str(item) for item in value)
    return f"{condition.sign} {value:g}"


def _order_in_words(reading: Reading) -> str:
    order = reading.order
    assert order
    if order.condition:
        what = reading.schema.properties[order.condition.properties[0]].label
    else:
        what = f"number of {reading.schema.classes[_counted(reading)].label}"
    if order.limit and order.limit[0] == "year":
        return f"{'most' if order.descending else 'fewest'} in a year"
    if order.limit:
        return f"{what} {order.limit[0]} {order.limit[1]:g}"
    if not order.most:
        return f"{what} of each"
    second = "second " if order.rank > 1 else ""
    return f"{second}{'highest' if order.descending else 'lowest'} {what}"


def _counted(reading: Reading) -> str:
    """Return the class of what is counted."""
    assert reading.order
    path = reading.order.counted[0]
    return path[-1].end if path else reading.hub


def _paths_in_words(paths: list[Path]) -> str:
    """Return how things are joined; by more than two ways the one thing concerns the other."""
    ways = list(dict.fromkeys(map(_path_in_words, paths)))
    return " or ".join(ways) if len(ways) <= 2 else "concerning"


def _path_in_words(path: Path) -> str:
    return ", ".join(_hop_in_words(hop) for hop in path) if path else "is"


def _hop_in_words(hop: Hop) -> str:
    return hop.along.words[0] if hop.forward or len(hop.along.words) < _WITH_INVERSE else hop.along.words[1]


def _any_of(constraint: Constraint) -> str:
    return " or ".join(thing.label for thing in constraint.things) or "any"


def label_of(schema: Schema, iri: str) -> str:
    """Return the label of a property; those of RDF Schema and SKOS name things."""
    return schema.properties[iri].label if iri in schema.properties else "name"
