"""The names of things in a graph: which things a text can mean.

Labels and synonyms come from the dataset itself, so whatever is added to the
tables is found by name without new code.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kg.engines.asking import select
from kg.errors import NotInGraphError, nearest
from kg.model.iris import BASE, KG, PREFIXES, class_of, named_class, segment

if TYPE_CHECKING:
    from pyoxigraph import Store

__all__ = ["Entry", "Lexicon", "fold", "words"]

_NAMES = """
SELECT ?thing ?name WHERE { ?thing <%s> ?name }
"""
_PARTING = '?!,;:()[]{}/_-"\u201c\u201d\u2010\u2011\u2012\u2013\u2014\u2015'
_APART = str.maketrans(dict.fromkeys(_PARTING, " ") | {"\u2019": "'"})


class Entry(NamedTuple):
    """A thing that a name can mean."""

    iri: str
    label: str
    class_iri: str


def words(text: str) -> list[str]:
    """Return the words of a text, split at blanks, hyphens, slashes and punctuation, without a final 's.

    Example:
        >>> words("Which of 'Nkarta's' CD38-KO products?")
        ['Which', 'of', 'Nkarta', 'CD38', 'KO', 'products']
    """
    return [word for part in text.translate(_APART).split() if (word := part.strip(".'").removesuffix("'s"))]


def fold(text: str) -> str:
    """Return a text in lower case and without hyphens and punctuation: two texts with one result are the same name.

    Example:
        >>> fold("CD38-KO") == fold("cd38 ko"), fold("Cord\u2010Blood")
        (True, 'cord blood')
    """
    return " ".join(words(text.casefold()))


class Lexicon:
    """The names of a graph's things.

    Attributes:
        entries: folded name -> the things that have this name.
        names: every name, as it is written.
    """

    def __init__(self, store: Store) -> None:
        self.entries: dict[str, list[Entry]] = {}
        self.names: list[str] = []
        self._by_iri: dict[str, Entry] = {}
        for thing, label in select(store, _NAMES % (PREFIXES["rdfs"] + "label")):
            iri = thing.value
            if class_iri := class_of(iri):
                entry = self._by_iri[iri] = Entry(iri, label.value, class_iri)
                self._add(entry.label, entry)
        self._classes = sorted({entry.class_iri for entry in self._by_iri.values()})
        for thing, synonym in select(store, _NAMES % (PREFIXES["skos"] + "altLabel")):
            if named := self._by_iri.get(thing.value):
                self._add(synonym.value, named)

    def _add(self, name: str, entry: Entry) -> None:
        self.names.append(name)
        found = self.entries.setdefault(fold(name), [])
        if entry not in found:
            found.append(entry)

    def label(self, iri: str) -> str:
        """Return the label of a thing, or an empty string."""
        return self._by_iri[iri].label if iri in self._by_iri else ""

    def find(self, text: str) -> list[Entry]:
        """Return the things that a text names; it is an IRI, a label, a synonym, an id, or ``Class: name``."""
        class_name, colon, name = text.partition(": ")
        if colon and KG + class_name in self._classes:
            return [entry for entry in self.find(name) if entry.class_iri == KG + class_name]
        if named := self.entries.get(fold(text)):
            return sorted(named)
        of_classes = (f"{BASE}{segment(iri.removeprefix(KG))}/{text}" for iri in self._classes)
        iris = [text, BASE + text, *of_classes]
        return [self._by_iri[iri] for iri in iris if iri in self._by_iri]

    def find_one(self, text: str, class_iri: str = "") -> str:
        """Return the IRI of the one thing that a text names.

        Args:
            text: an IRI, a label, a synonym or an id.
            class_iri: the class that the thing must be of. A role, such as
                ``kg:Target``, takes the things of the class behind it.

        Raises:
            NotInGraphError: if the text names nothing, or several things; the message
                offers near names, or the ids of these things.
        """
        wanted = named_class(class_iri)
        found = [entry for entry in self.find(text) if not wanted or entry.class_iri == wanted]
        if not found:
            of_class = {entry.label for entry in self._by_iri.values() if not wanted or entry.class_iri == wanted}
            what = f"no {wanted.removeprefix(KG)}" if wanted else "nothing"
            raise NotInGraphError(f"{what} named '{text}' is in the graph{nearest(text, of_class)}")
        if len(found) > 1:
            names = ", ".join(f"{entry.iri.removeprefix(BASE)}" for entry in found)
            raise NotInGraphError(f"'{text}' names {len(found)} things: {names}; give one of these")
        return found[0].iri
