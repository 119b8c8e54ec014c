"""Datasets as short text, so that what a test expects can be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import Literal, RdfFormat, parse

from kg.build.header import DATASET
from kg.model.iris import BASE, curie

if TYPE_CHECKING:
    from pyoxigraph import BlankNode, NamedNode, Triple


def short(node: NamedNode | BlankNode | Literal | Triple) -> str:
    if isinstance(node, Literal):
        return str(node).replace("<http://www.w3.org/2001/XMLSchema#", "xsd:").rstrip(">")
    name = curie(str(node).strip("<>"))
    return name.removeprefix(BASE)


def short_triples(dataset: bytes) -> set[str]:
    """Return the triples of a dataset as text, such as ``product/lumocel kg:hasTarget molecule/alphin``.

    Its header is left out: it counts the others.
    """
    triples = (quad.triple for quad in parse(dataset, format=RdfFormat.N_TRIPLES))
    return {" ".join(map(short, triple)) for triple in triples if not str(triple.subject).startswith(f"<{DATASET}")}


def about(world: set[str], subject: str) -> set[str]:
    """Return what is said of a thing, each as ``predicate object``."""
    return {triple.removeprefix(f"{subject} ") for triple in world if triple.startswith(f"{subject} ")}


def types(world: set[str], thing: str) -> set[str]:
    """Return the classes of a thing."""
    return {triple.removeprefix("rdf:type ") for triple in about(world, thing) if triple.startswith("rdf:type ")}
