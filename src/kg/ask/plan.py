"""What a question means: a plan, as frozen values. It is printed to SPARQL and to words, and holds no text of a user.

A :data:`Things` is a set of things; a :data:`Plan` is what is asked of such sets. The printers are
:mod:`kg.ask.sparql` and :mod:`kg.ask.wording`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from kg.query.thing_names import Entry

__all__ = [
    "All",
    "Column",
    "Compared",
    "Counted",
    "Every",
    "Given",
    "Group",
    "Hop",
    "Linked",
    "Named",
    "Numbered",
    "OnlyLinked",
    "Plan",
    "Records",
    "Rows",
    "Says",
    "Sides",
    "Sum",
    "Test",
    "Things",
    "Top",
    "Union",
    "Valued",
    "Verdict",
    "Way",
    "Within",
    "Without",
]


@dataclass(frozen=True)
class Hop:
    """A step along a property, forward or against its direction, to a thing of a class."""

    property: str
    forward: bool
    end: str


Way: TypeAlias = tuple[Hop, ...]


@dataclass(frozen=True)
class Compared:
    """A number has a sign, one of ``=``, ``<``, ``<=``, ``>``, ``>=``, to another."""

    sign: str
    number: float


@dataclass(frozen=True)
class Within:
    """A text, number or day lies between two, the second exclusive for days; each can be empty."""

    first: str | float
    last: str | float


@dataclass(frozen=True)
class Given:
    """There is a value: any, or one of these texts."""

    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Says:
    """A text has a word, by its stem."""

    word: str


Test: TypeAlias = Compared | Within | Given | Says


@dataclass(frozen=True)
class Every:
    """All things of a class."""

    kind: str


@dataclass(frozen=True)
class Named:
    """The things that were named; of concepts those below them too."""

    things: tuple[Entry, ...]


@dataclass(frozen=True)
class Linked:
    """The things from which any of the ways leads to one of some things."""

    ways: tuple[Way, ...]
    to: Things


@dataclass(frozen=True)
class Valued:
    """The things with a literal of a property that passes a test; they have it themselves, or the end of a way has."""

    ways: tuple[Way, ...]
    properties: tuple[str, ...]
    test: Test


@dataclass(frozen=True)
class Numbered:
    """The things from which a way leads to so many others of a class."""

    ways: tuple[Way, ...]
    kind: str
    test: Compared


@dataclass(frozen=True)
class OnlyLinked:
    """The things from which the ways lead to some things, and to no other."""

    ways: tuple[Way, ...]
    to: Things


@dataclass(frozen=True)
class Without:
    """Some things, less those that are among others too."""

    things: Things
    others: Things


@dataclass(frozen=True)
class Union:
    """The things that are in any of these."""

    parts: tuple[Things, ...]


@dataclass(frozen=True)
class All:
    """The things that are in all of these; the first has the class that is asked for."""

    parts: tuple[Things, ...]


Things: TypeAlias = Every | Named | Linked | Valued | Numbered | OnlyLinked | Without | Union | All


@dataclass(frozen=True)
class Column:
    """What is shown of each thing: what a way leads to, or a literal of it.

    Attributes:
        title: the heading.
        ways: from the thing.
        kind: the class of what is shown, or empty.
        property: the literal property that is shown, or empty.
    """

    title: str
    ways: tuple[Way, ...]
    kind: str = ""
    property: str = ""


@dataclass(frozen=True)
class Rows:
    """The things themselves, with columns."""

    things: Things
    kind: str
    columns: tuple[Column, ...] = ()


@dataclass(frozen=True)
class Counted:
    """How many things there are."""

    things: Things
    kind: str


@dataclass(frozen=True)
class Sum:
    """The values of a column, added up, or their mean."""

    things: Things
    kind: str
    column: Column
    is_mean: bool = False


@dataclass(frozen=True)
class Group:
    """How many things there are for each value of a column, most first, with a row for those that have none.

    Attributes:
        by: what is counted for; days by their year.
        most: how many rows are wanted, from the first; 0 for all.
        rank: which row is wanted alone, 2 for the second; 0 for none.
        descending: whether the most come first.
        after: the IRI of the thing whose next in rank is wanted, or empty.
    """

    things: Things
    kind: str
    by: Column
    most: int = 0
    rank: int = 0
    descending: bool = True
    after: str = ""


@dataclass(frozen=True)
class Top:
    """The things with the highest or the lowest values of a column, and all that tie with the last."""

    things: Things
    kind: str
    column: Column
    most: int
    rank: int
    descending: bool
    columns: tuple[Column, ...] = ()


@dataclass(frozen=True)
class Sides:
    """How many things of a class there are on each side of a comparison, each with its label."""

    sides: tuple[tuple[Entry, Things], ...]
    kind: str


@dataclass(frozen=True)
class Verdict:
    """Whether a thing is among others: yes, no, not reported or conflicting."""

    thing: Entry
    condition: Things


@dataclass(frozen=True)
class Records:
    """Statements that tell of all that was named, found by their words.

    Attributes:
        keys: of each its IRI, or its subject, property and value.
        kind: the class of what is asked for in them, or empty.
        order: ``highest`` or ``lowest``, if those with such figures are wanted.
        most: how many of these; 0 for a few.
        test: what a figure must be.
    """

    keys: tuple[tuple[str, ...], ...]
    kind: str = ""
    order: str = ""
    most: int = 0
    test: Compared | None = None


Plan: TypeAlias = Rows | Counted | Sum | Group | Top | Sides | Verdict | Records
