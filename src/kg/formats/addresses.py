"""Web addresses for the identifiers in a text: of trials in their registries, DOIs, terms of vocabularies.

Trials lead to the pages of :mod:`kg.model.registries`, and DOIs to doi.org. Terms of vocabularies lead to
bioregistry.io, if it knows their prefix in ``ontology/mappings.sssom.tsv``. An address gets only characters that the
patterns here allow, percent-encoded.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from pyoxigraph import NamedNode

from kg.model.iris import BASE
from kg.model.registries import REGISTRIES
from kg.model.terms import lexical

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.model.terms import Term

__all__ = ["Link", "address", "iter_links", "pieces"]

_VOCABULARIES = (
    "BTO CHEBI CLO CL DOID FPLX HGNC HP MESH MONDO NCBIGene NCIT OAE UBERON UniProtKB cellosaurus drugbank ror unii"
)
_DOI = r"[^\s()\"'<>\\;,]"  # a character of a DOI except brackets, which come in pairs
_KINDS = {
    **{registry.mention: registry.page for registry in REGISTRIES},
    rf"10\.\d{{4,9}}/(?:{_DOI}|\({_DOI}*\))*(?:\w|\({_DOI}*\))": "https://doi.org/",
    rf"(?:{_VOCABULARIES.replace(' ', '|')}):\w+": "https://bioregistry.io/",
}
_IDENTIFIER = re.compile(rf"(?<![\w./:-])(?:{'|'.join(f'({kind})' for kind in _KINDS)})(?!\w)", flags=re.ASCII)
_ADDRESSES = list(_KINDS.values())


class Link(NamedTuple):
    """A part of a text, from ``start`` up to ``end``, and the address that it leads to."""

    start: int
    end: int
    address: str


def iter_links(text: str) -> Iterator[Link]:
    """Yield the identifiers in a text, from left to right.

    Example:
        >>> [link.address for link in iter_links("NCT05182073; 10.1000/a(1)b, XNCT05182073")]
        ['https://clinicaltrials.gov/study/NCT05182073', 'https://doi.org/10.1000/a%281%29b']
    """
    for found in _IDENTIFIER.finditer(text):
        yield Link(*found.span(), _address(found))


def pieces(text: str) -> Iterator[tuple[str, str]]:
    """Yield a text in pieces, each with its address; the address is empty if there is none.

    Example:
        >>> list(pieces("see HGNC:11913"))
        [('see ', ''), ('HGNC:11913', 'https://bioregistry.io/HGNC:11913')]
    """
    end = 0
    for link in iter_links(text):
        if link.start > end:
            yield text[end : link.start], ""
        yield text[link.start : link.end], link.address
        end = link.end
    if end < len(text):
        yield text[end:], ""


def address(term: Term) -> str:
    """Return the address to which a whole term leads, or an empty string.

    That is the address of an identifier, or the IRI of a thing of somebody else. Our own IRIs have no pages.
    """
    if isinstance(term, NamedNode):
        from urllib.parse import quote

        is_page = re.match(r"https?://", term.value) and not term.value.startswith(BASE)
        return quote(term.value, safe="%#?&=/:;,@+~!$*") if is_page else ""
    found = _IDENTIFIER.fullmatch(lexical(term))
    return _address(found) if found else ""


def _address(found: re.Match[str]) -> str:
    """Return the address of a found identifier."""
    from urllib.parse import quote

    return _ADDRESSES[(found.lastindex or 1) - 1] + quote(found[0], safe="/:")
