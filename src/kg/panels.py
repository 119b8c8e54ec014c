"""What a page tells of one thing beside its relations: facts, conflicts and identifiers elsewhere."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["Conflict", "Fact", "Identifier", "Panel"]


class Fact(NamedTuple):
    """A value of a thing: what is said (``enrollment``), the value as text, how firmly, and where.

    ``assertion`` is the firmest of ``evidence``; ``standing`` is ``accepted``, ``unresolved`` or empty;
    each text of ``evidence`` is a place with how firmly it is said there, as an edge of the network has them.
    """

    name: str
    value: str
    assertion: str
    standing: str
    evidence: tuple[str, ...]


class Conflict(NamedTuple):
    """What the sources disagree on: its label, the values with their places, and how it was settled, or why not."""

    label: str
    values: tuple[tuple[str, str], ...]
    resolution: str


class Identifier(NamedTuple):
    """An identifier elsewhere: ``NCIT:C186430``, its name there, how well it matches, and an address or nothing."""

    code: str
    name: str
    match: str
    address: str


class Panel(NamedTuple):
    """What is told of one thing."""

    facts: tuple[Fact, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
