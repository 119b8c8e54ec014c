"""What a question means: the data between reading and SPARQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.ask.joins import Path
    from kg.model.schema import Schema
    from kg.query.thing_names import Entry

__all__ = ["Condition", "Constraint", "NotUnderstood", "Order", "Reading"]


class NotUnderstood(Exception):  # noqa: N818 (an outcome of reading, not an error)
    """A question has no reading.

    Attributes:
        status: ``not_understood`` or ``not_in_graph``.
        unknown: the words that nothing explains.
    """

    def __init__(self, status: str, message: str, unknown: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.status = status
        self.unknown = list(unknown)


class Constraint(NamedTuple):
    """The things at the hub are joined to any of the things, or to any at all if none is named.

    Attributes:
        paths: from the hub, any of them; one without steps is about the things at the hub themselves.
        things: what is named.
        negated: whether they must not be joined so.
        is_told: whether what is there is shown although it was not named.
    """

    paths: list[Path]
    things: list[Entry]
    negated: bool = False
    is_told: bool = False


class Condition(NamedTuple):
    """A literal of the things at the hub, or of a thing that a path leads to, compares with a value.

    Attributes:
        paths: from the hub to the thing that has the literal, any of them.
        properties: the literal properties, any of them.
        sign: ``=``, ``<``, ``<=``, ``>``, ``>=``, ``has word``, ``exists``, or ``dated`` for
            a span of days ``from``, ``until`` (exclusive).
        value: a number, a text, a word, or the two ends of the span.
        negated: whether it must not be so.
    """

    paths: list[Path]
    properties: list[str]
    sign: str
    value: Any
    negated: bool = False


class Order(NamedTuple):
    """Which of the rows are wanted: those with most or least.

    Attributes:
        counted: the paths from the wanted thing to what is counted; none if a literal orders.
        condition: the literal that orders, as a condition that it exists.
        descending: whether the most is wanted.
        most: how many rows; 1 gives all that tie.
        limit: a sign and a number that the count is compared with, instead.
        rank: 2 for the second.
    """

    counted: list[Path]
    condition: Condition | None
    descending: bool
    most: int
    limit: tuple[str, float] | None = None
    rank: int = 1


class Reading(NamedTuple):
    """What a question means.

    Attributes:
        schema: the ontology, for the words.
        wanted: the class of the things that are asked for.
        hub: the class of the things that are constrained, the same or a record.
        to_wanted: the paths from the hub to what is wanted.
        subject: the one thing that is asked about, by a yes-or-no question or for a value of it.
        value: the literal property whose value is asked for.
        constraints: what the things at the hub must be joined to, all of it.
        conditions: what their literals must be.
        extras: what else is asked of each: paths to a class or to the thing with a literal property, which of
            these, and the aspect that a trial can leave undisclosed, or empty.
        counts: whether the number is asked for.
        asks: whether yes or no is asked for.
        order: whether only the first are wanted.
        compared: whether the alternatives of the last constraint are counted side by side.
        compares: whether two sides are compared.
        sides: how many things an answer must be about, to compare them.
        sums: whether the values are added up.
        listed: whether things of one class are listed with "and", which can mean either.
        words: the words of the question with what they were taken for.
        hidden: what the wanted trials do not disclose.
        notes: what was decided aloud.
        reached: things of which any of each must be met from the hub, however they are joined, each
            with the phrases of which the words of any may stand in a text instead.
        beside: a thing, with things of which any must be met from it.
        texts: words that must stand in a text of the hub or of what is met from it.
    """

    schema: Schema
    wanted: str
    hub: str
    to_wanted: list[Path]
    subject: Entry | None = None
    value: str = ""
    constraints: Sequence[Constraint] = ()
    conditions: Sequence[Condition] = ()
    extras: Sequence[tuple[list[Path], str, str]] = ()
    counts: bool = False
    asks: bool = False
    order: Order | None = None
    compared: bool = False
    compares: bool = False
    sides: int = 0
    sums: bool = False
    listed: bool = False
    hidden: str = ""
    words: Sequence[tuple[str, str]] = ()
    notes: Sequence[str] = ()
    reached: Sequence[tuple[Sequence[Entry], Sequence[Sequence[str]]]] = ()
    beside: Sequence[tuple[Entry, Sequence[Entry]]] = ()
    texts: Sequence[str] = ()
