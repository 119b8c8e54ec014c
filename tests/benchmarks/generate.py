"""Generate a dataset of many times the trials with the same degree distributions, for benchmarks.

Run: python tests/benchmarks/generate.py FACTOR OUT.nt

Each trial, product, target, disease, cell source, modification and organization of the shipped dataset is there FACTOR
times. An edge of the dataset becomes FACTOR edges: the copies of its subject are matched at random with the copies of
its object. So each copy has as many edges of each relation, out and in, as what it copies, and nothing falls apart
into FACTOR separate landscapes. Phases, statuses, kinds of products, and the broadest groups of diseases stay as they
are. Only what analytics reads is written: plain triples, without statements and evidence. The seed is fixed.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random

from pyoxigraph import Literal, NamedNode, Triple

from kg.engines.asking import select
from kg.engines.local.embedded import open_store
from kg.model.iris import BASE, KG, PREFIXES
from kg.paths import shipped_dataset

_SEED = 20241025
_COPIED = ("cell-source", "disease", "modification", "molecule", "organization", "product", "trial")
_GROUPS = {BASE + f"disease/{name}" for name in ("cancer", "autoimmune-disease", "infectious-disease")}
_GROUPS |= {BASE + f"disease/{name}" for name in ("hematologic-cancer", "solid-cancer")}
_LABEL, _BROADER = PREFIXES["rdfs"] + "label", PREFIXES["skos"] + "broader"
_QUERY = f"""
PREFIX owl: <http://www.w3.org/2002/07/owl#>
SELECT ?subject ?property ?value
WHERE {{
  {{ ?property a owl:ObjectProperty }} UNION {{ ?property a owl:DatatypeProperty }}
  UNION {{ VALUES ?property {{ <{_LABEL}> <{_BROADER}> }} }}
  ?subject ?property ?value .
}}
"""


def generate(factor: int) -> Iterator[Triple]:
    """Yield the triples of a dataset that is ``factor`` times the shipped one."""
    random = Random(_SEED)
    rows = sorted(select(open_store(shipped_dataset()), _QUERY), key=lambda row: tuple(map(str, row)))
    for subject, property_, value in rows:
        if not _is_copied(subject):
            if subject.value.startswith(BASE) and not _is_copied(value) and not subject.value.startswith(KG):
                yield Triple(subject, property_, value)
            continue
        order = list(range(factor))
        if property_.value != _BROADER:  # a hierarchy stays one
            random.shuffle(order)
        for number, other in enumerate(order):
            end = _copy(value, number if isinstance(value, Literal) and property_.value == _LABEL else other)
            start = _copy(subject, number)
            assert isinstance(start, NamedNode)
            yield Triple(start, property_, end)


def _is_copied(term: object) -> bool:
    if not isinstance(term, NamedNode) or term.value in _GROUPS:
        return False
    return term.value.startswith(BASE) and term.value.removeprefix(BASE).partition("/")[0] in _COPIED


def _copy(term: NamedNode | Literal, number: int) -> NamedNode | Literal:
    """Return a copy of a term: a thing has its number in its IRI, a label in its text; the first is the original."""
    if not number:
        return term
    if isinstance(term, NamedNode):
        return NamedNode(f"{term.value}-{number}") if _is_copied(term) else term
    is_label = term.datatype.value == PREFIXES["xsd"] + "string"
    return Literal(f"{term.value} ({number})") if is_label and not term.value.isdecimal() else term


def main(factor: int, out: Path) -> None:
    with out.open("w", encoding="utf-8") as file:
        count = sum(bool(file.write(f"{triple} .\n")) for triple in generate(factor))
    print(f"{out}: {count:,} triples, {factor} times the trials")


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
