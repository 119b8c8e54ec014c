"""What a reading can mean less strictly, said aloud."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.ask.joins import RECORDS
from kg.ask.sentence import RECORD_OF
from kg.model.iris import KG

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.ask.meaning import Constraint, Reading
    from kg.ask.words import Vocabulary

__all__ = ["is_topic", "variants"]

# of these a record has one
_ONE_IN_A_RECORD = {KG + name for name in ("Measure", "AdverseEvent", "RegulatoryEventKind", "Molecule", "CellType")}
_TELLING = {KG + name for name in ("direction", "role", "relatedness", "grade", "route", "outOf")}


def variants(vocabulary: Vocabulary, reading: Reading) -> Iterator[tuple[int, Reading]]:
    """Yield a reading, and after it what it can mean less strictly, said aloud.

    A record measures one thing, so that "the objective response rate and the survival"
    are two records; words common in the graph's texts are left out where no record of
    the topic has them; of a comparison both sides are wanted, not what fits both.
    """
    if reading.hub not in RECORDS:
        yield 0, reading
        either = reading._replace(constraints=_united(reading, None))
        if reading.listed and len(either.constraints) < len(reading.constraints) and not reading.asks:
            note = "nothing has all of them, so any of them counts"
            yield 45, either._replace(notes=[*either.notes, note])
        return
    united = reading._replace(constraints=_united(reading, _ONE_IN_A_RECORD))
    left = [item.value for item in united.conditions if item.sign == "has word"]
    either = united._replace(constraints=_united(united, None))
    is_either = len(either.constraints) < len(united.constraints)
    if not _has_topic(united):
        yield 0, united
        return
    plain = _plain(united, left)
    topics = [item for item in united.constraints if is_topic(item)]
    may_leave = (topics and len(topics) < len(united.constraints)) or all(map(vocabulary.is_common, left))
    if reading.compares and may_leave:
        if is_either:
            yield 0, _plain(either, left)._replace(sides=2)
        yield from _without_topic(united, 35)
        yield from _without_topic(plain, 65)
        yield from _sides(plain)
    yield 30 if reading.compares else 0, united
    if is_either:
        yield 45, either
    if may_leave and plain != united:
        yield 60, plain
        if is_either:
            yield 70, _plain(either, left)


def _plain(reading: Reading, left: list[str]) -> Reading:
    """Return a reading without what only texts explain and without things that are not named."""
    told = [f"I left out {', '.join(map(repr, left))}"] if left else []
    return reading._replace(
        constraints=[item for item in reading.constraints if item.things or item.negated],
        conditions=[item for item in reading.conditions if item.sign != "has word"],
        notes=[*reading.notes, *told],
    )


def _without_topic(reading: Reading, cost: int) -> Iterator[tuple[int, Reading]]:
    """Yield a comparison of things that are named together without a measure beside: "at the recommended dose"."""
    for topic in filter(is_topic, reading.constraints):
        kept = [item for item in reading.constraints if item != topic]
        if any(len(item.things) > 1 for item in kept) and len(topic.things) == 1:
            note = f"I left out '{topic.things[0].label}'"
            yield cost, reading._replace(constraints=kept, notes=[*reading.notes, note])


def _sides(reading: Reading) -> Iterator[tuple[int, Reading]]:
    """Yield a comparison without one of the things that is named, which is then one side of it."""
    sides = [item for item in reading.constraints if not is_topic(item)]
    for number in range(len(sides) - 1, -1, -1):
        if len(sides) > 1:
            kept = [item for item in reading.constraints if item != sides[number]]
            named = " or ".join(thing.label for thing in sides[number].things)
            note = f"I took {named} as one side of the comparison"
            yield len(sides) - number, reading._replace(constraints=kept, notes=[*reading.notes, note], sides=2)


def _united(reading: Reading, classes: set[str] | None) -> list[Constraint]:
    """Return the constraints with those to things of one class tied as alternatives."""
    found: list[Constraint] = []
    for item in reading.constraints:
        end = item.paths[0][-1].end if item.paths[0] else reading.hub
        number = next(
            (
                number
                for number, other in enumerate(found)
                if item.things and other.things and other.paths == item.paths and other.negated == item.negated
            ),
            None,
        )
        if number is not None and (classes is None or end in classes):
            found[number] = found[number]._replace(things=[*found[number].things, *item.things])
        else:
            found.append(item)
    return found


def is_topic(constraint: Constraint) -> bool:
    """Say whether a constraint names what a record tells: a measure, an adverse event, a kind of event."""
    end = constraint.paths[0][-1].end if constraint.paths[0] else ""
    return bool(constraint.things) and end.removeprefix(KG) in RECORD_OF


def _has_topic(reading: Reading) -> bool:
    """Say whether a reading of records says what they are to tell, beside whom they concern."""
    if reading.hub not in RECORDS:
        return False
    told = any(item.sign == "=" and set(item.properties) & _TELLING for item in reading.conditions)
    return told or bool(reading.value) or any(map(is_topic, reading.constraints))
