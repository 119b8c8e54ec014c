"""What a sentence says: what is asked, what is named, and what negates, counts, compares and orders it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kg.model.iris import KG

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.ask.link import Span
    from kg.ask.plan import Test
    from kg.query.thing_names import Entry

__all__ = ["ENROLLMENT", "UNDISCLOSED", "Item", "Sentence"]

ENROLLMENT = KG + "enrollment"
UNDISCLOSED = KG + "doesNotDisclose"


@dataclass
class Item:
    """What one part of a sentence names.

    Attributes:
        places: the numbers of its spans.
        text: its words.
        things: what it can name, any of them.
        each: of a list of things, what each part of it can name.
        classes: the classes that it can mean.
        properties: the properties that it can mean.
        values: literal properties with the value that it can be.
        test: what a number or a day must be.
        word: a word that only texts have.
        negated: whether it is denied.
        only: whether nothing else may be.
        joiner: how the parts of a list are joined: ``or``, ``and``, ``both``, ``vs``, a comma or empty.
        asked: whether it stands where it is asked for.
        is_agent: whether it is a property by the name of who does it, such as a sponsor.
    """

    places: set[int]
    text: str
    things: tuple[Entry, ...] = ()
    each: tuple[tuple[Entry, ...], ...] = ()
    classes: tuple[str, ...] = ()
    properties: tuple[str, ...] = ()
    values: tuple[tuple[str, str], ...] = ()
    test: Test | None = None
    word: str = ""
    negated: bool = False
    only: bool = False
    joiner: str = ""
    asked: bool = False
    is_agent: bool = False

    @property
    def is_noun(self) -> bool:
        """Whether it means a class or a property, and no thing or value."""
        return bool(self.classes or self.properties) and not (self.things or self.values or self.test)


@dataclass
class Sentence:
    """What a sentence says.

    Attributes:
        spans: its spans.
        items: what it names, in order.
        marks: the roles of closed words, with their places.
        patients: the places of words for patients.
        is_yes_no: whether it asks for yes or no.
        idle: the places of words that leave nothing out: "alone or with another".
    """

    spans: Sequence[Span]
    items: list[Item] = field(default_factory=list)
    marks: dict[str, list[int]] = field(default_factory=dict)
    patients: list[int] = field(default_factory=list)
    is_yes_no: bool = False
    idle: set[int] = field(default_factory=set)

    def has(self, *roles: str) -> bool:
        """Say whether one of the roles is there."""
        return any(role in self.marks for role in roles)

    def before(self, place: int) -> int:
        """Return the place of the next span before one that is no mere function word, or -1."""
        place -= 1
        while place >= 0 and self.spans[place].does("function") and len(self.spans[place].roles) == 1:
            place -= 1
        return place

    def following(self, place: int) -> int:
        """Return the place of the next span after one that is no mere function word, or the end."""
        place += 1
        while place < len(self.spans) and self.spans[place].does("function") and len(self.spans[place].roles) == 1:
            place += 1
        return place
