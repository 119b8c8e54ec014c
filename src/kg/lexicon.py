"""The words of a graph: which things, classes and properties a text can mean.

Labels and synonyms come from the dataset itself, so whatever is added to the
tables or the ontology is found by name without new code.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from kg.errors import NotInGraphError, nearest
from kg.namespaces import BASE, KG, SEGMENTS
from kg.queries import select

if TYPE_CHECKING:
    from pyoxigraph import Store

__all__ = ["Entry", "Lexicon", "fold"]

_NAMES = """
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?thing ?label ?name
WHERE {
  ?thing rdfs:label ?label .
  { ?thing rdfs:label ?name } UNION { ?thing skos:altLabel ?name }
}
"""
_CLASS_OF_SEGMENT = {segment: KG + name for name, segment in SEGMENTS.items()}
_DASHES = re.compile(r"[\s_/\u2010-\u2015-]+")
_QUOTES = str.maketrans({"\u2019": "'", "\u2018": "'", "\u201c": '"', "\u201d": '"'})


class Entry(NamedTuple):
    """A thing that a name can mean."""

    iri: str
    label: str
    class_iri: str


def fold(text: str) -> str:
    """Return a text without the differences that do not tell names apart.

    Example:
        >>> fold("CD38-KO") == fold("cd38 ko"), fold("Cord\u2010Blood")
        (True, 'cord blood')
    """
    return _DASHES.sub(" ", text.translate(_QUOTES).casefold()).strip()


class Lexicon:
    """The names of a graph's things.

    Attributes:
        entries: folded name -> the things that have it.
    """

    def __init__(self, store: Store) -> None:
        self.entries: dict[str, list[Entry]] = {}
        for thing, label, name in select(store, _NAMES):
            kind = thing.value.removeprefix(BASE).partition("/")[0]
            class_iri = _CLASS_OF_SEGMENT.get(kind)
            if thing.value.startswith(BASE) and class_iri:
                entry = Entry(thing.value, label.value, class_iri)
                found = self.entries.setdefault(fold(name.value), [])
                if entry not in found:
                    found.append(entry)
        for entry in [entry for found in self.entries.values() for entry in found]:
            found = self.entries.setdefault(fold(entry.iri.rpartition("/")[2]), [])
            if entry not in found:
                found.append(entry)

    def find(self, text: str) -> list[Entry]:
        """Return the things that a text names: an IRI, a label, a synonym or an id."""
        if text.startswith(("http://", "https://")):
            return sorted({entry for found in self.entries.values() for entry in found if entry.iri == text})
        return sorted(self.entries.get(fold(text), []))

    def find_one(self, text: str, class_iri: str = "") -> str:
        """Return the IRI of the one thing that a text names.

        Args:
            text: an IRI, a label, a synonym or an id.
            class_iri: the class that the thing must be of; a role such as
                ``kg:Target`` takes the things of the class that is named.

        Raises:
            NotInGraphError: if there is none, or several; it offers what is there.
        """
        wanted = _named_class(class_iri)
        found = [entry for entry in self.find(text) if not wanted or entry.class_iri == wanted]
        if not found:
            of_class = {e.label for es in self.entries.values() for e in es if not wanted or e.class_iri == wanted}
            what = f"no {wanted.removeprefix(KG)}" if wanted else "nothing"
            raise NotInGraphError(f"{what} named '{text}' is in the graph{nearest(text, of_class)}")
        if len(found) > 1:
            names = ", ".join(f"{entry.iri.removeprefix(BASE)}" for entry in found)
            raise NotInGraphError(f"'{text}' names {len(found)} things: {names}; give one of these")
        return found[0].iri


def _named_class(class_iri: str) -> str:
    roles = {"Target": "Molecule", "CombinationAgent": "Product"}
    name = class_iri.removeprefix(KG)
    return KG + roles.get(name, name) if name else ""
