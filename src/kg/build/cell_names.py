"""Which thing a cell of a table names: from a label, synonym or id to an IRI.

Spelling variants are synonyms in the vocabularies. So a table can be typed in as
its source prints it, and different spellings still name the same thing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.errors import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from kg.errors import Fault
    from kg.tables.columns import Place

__all__ = ["Names"]


# class -> the table whose rows name its things, besides the vocabularies
_TABLES = {"Product": "products", "ClinicalTrial": "trials", "Document": "document", "Arm": "arms"}


def _key(text: str) -> str:
    return " ".join(text.casefold().split())


class Names:
    """The things of each class by name, filled from the rows that define them.

    Args:
        vocabularies: name of a vocabulary's table -> the local name of the class of its things.
    """

    def __init__(self, vocabularies: Mapping[str, str]) -> None:
        self._table_of = _TABLES | {class_name: table for table, class_name in vocabularies.items()}
        self._named: dict[str, dict[str, str]] = {}  # folded name -> class -> IRI
        self._ids: dict[str, dict[str, str]] = {}  # id -> class -> IRI
        self._labels: dict[str, dict[str, str]] = {}
        self._first: dict[tuple[str, str], Place] = {}
        self._places: dict[tuple[str, str], Place] = {}

    def add(self, class_name: str, iri: str, label: str, others: Iterable[str], place: Place) -> Iterator[Fault]:
        """Register a thing under its label and its other names.

        Yields:
            A fault for each name that another thing of the class already has, and a
            fault if the thing already has a different label.
        """
        self._ids.setdefault(iri.rpartition("/")[2], {})[class_name] = iri
        known = self._labels.setdefault(class_name, {}).setdefault(iri, label)
        first = self._first.setdefault((class_name, iri), place)
        if known != label and first.path != place.path:  # in one table, the double id is a fault already
            yield place.fault(f"'{label}' is labelled '{known}' elsewhere; expected one label, other names as synonyms")
        for name in (label, *others):
            key = _key(name)
            named = self._named.setdefault(key, {}).setdefault(class_name, iri)
            if named != iri:
                other = self._places[class_name, key]
                yield place.fault(
                    f"'{name}' already names {named} ({other.path}:{other.line}); expected a name of its own"
                )
            self._places.setdefault((class_name, key), place)

    def resolve(self, class_name: str, text: str, place: Place, what: str) -> tuple[str, Fault | None]:
        """Return the IRI of the thing that a cell names, or an empty string and a fault.

        Args:
            class_name: the class of the thing.
            text: the cell; it may name the class too, as in ``Molecule: IL-15``.
            place: where the cell is.
            what: the column, for the message.
        """
        text = text.removeprefix(f"{class_name}: ")
        if iri := self._meanings(text).get(class_name):
            return iri, None
        hint = nearest(text, self._labels.get(class_name, {}).values())
        table = f"{self._table_of[class_name]}.csv"
        return "", place.fault(f"{what}: '{text}' is no known {class_name}{hint}; a new one is a row of {table}")

    def resolve_any(self, text: str, place: Place, what: str) -> tuple[str, Fault | None]:
        """Return the IRI of the thing of any class that a cell names, or an empty string and a fault.

        Args:
            text: the cell: a name, or ``Class: name`` if things of several classes have the name.
            place: where the cell is.
            what: the column, for the message.
        """
        class_name, colon, name = text.partition(": ")
        if colon and class_name in self._labels:
            return self.resolve(class_name, name, place, what)
        found = self._meanings(text)
        if len(found) == 1:
            return next(iter(found.values())), None
        if found:
            named = " or ".join(f"`{class_name}: {text}`" for class_name in sorted(found))
            return "", place.fault(f"{what}: '{text}' names {len(found)} things; write {named}")
        hint = nearest(text, (label for labels in self._labels.values() for label in labels.values()))
        return "", place.fault(f"{what}: '{text}' names nothing{hint}; a new thing is a row of its table")

    def _meanings(self, text: str) -> dict[str, str]:
        """Return class -> the thing that a text names: by a name, by a name with hyphens for blanks, or by an id."""
        with_blanks = self._named.get(_key(text.replace("-", " ")), {})
        return {**self._ids.get(text, {}), **with_blanks, **self._named.get(_key(text), {})}

    def has(self, class_name: str, iri: str) -> bool:
        """Say whether a thing was added."""
        return iri in self._labels.get(class_name, {})

    def label(self, iri: str) -> str:
        """Return the label of a thing, or an empty string if none was added."""
        return next((labels[iri] for labels in self._labels.values() if iri in labels), "")
