"""Small landscapes as text, so that what a test expects can be counted by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.analytics.landscape import Landscape
from kg.model.iris import BASE, KG, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterator

_TERMS = {"broader": PREFIXES["skos"] + "broader", "label": PREFIXES["rdfs"] + "label"}


def landscape(text: str) -> Landscape:
    """Return the landscape of lines such as ``trial/one studiesTarget molecule/a molecule/b``.

    The label of a thing is the end of its IRI unless a line gives it.
    """
    return Landscape(_triples(text))


def _triples(text: str) -> Iterator[tuple[str, str, str]]:
    for line in filter(None, map(str.strip, text.splitlines())):
        subject, property_, *values = line.split()
        for value in values:
            yield BASE + subject, _TERMS.get(property_, KG + property_), BASE + value if "/" in value else value


def short(iri: str) -> str:
    """Return the end of an IRI, which is the label of a thing here."""
    return iri.rpartition("/")[2]


def shorts(pairs: dict[str, frozenset[str]]) -> dict[str, str]:
    """Return what things are related to, as text."""
    return {short(subject): " ".join(sorted(map(short, things))) for subject, things in sorted(pairs.items())}
