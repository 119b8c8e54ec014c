"""What a sentence asks for: a class of things, or the value of a literal property."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.ask.conditions import DATES, SIZES
from kg.ask.joins import ARM, EVENT, FINDING, ORGANIZATION, TRIAL
from kg.model.iris import KG, named_class
from kg.model.schema import THING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.ask.choices import Item
    from kg.ask.sentence import Sentence
    from kg.model.schema import Schema

__all__ = ["Wanted"]

_LESS_LIKELY, _UNLIKELY = 150, 400  # what a record beside the noun costs, and the other end of a property
# "anything registered for lupus nephritis" asks for trials
_OF_TRIALS = frozenset("anything everything registered tested studied investigated tried who nct posted".split())


class Wanted:
    """Reads what a sentence asks for."""

    def __init__(self, schema: Schema, sentence: Sentence) -> None:
        self.schema, self.sentence = schema, sentence

    def of(self, records: list[str]) -> Iterator[tuple[int, str, str]]:
        """Yield the classes that can be asked for, with the literal property that is, where one is."""
        sentence, head = self.sentence, self.sentence.head
        when = next((item for item in sentence.items if item.kind == "operator" and item.value == "when"), None)
        if sentence.asks_year() and sentence.orders and sentence.orders[0].value in ("most", "fewest"):
            yield 0, TRIAL, ""
        elif when and (not head or head.place > when.place or head.kind == "property"):
            for class_iri, property_iri in DATES.items():
                if (class_iri in records) == (class_iri == EVENT):
                    yield 0, class_iri, property_iri
            if EVENT not in records:
                yield 40, TRIAL, KG + "plannedStart"
        elif sentence.has("who") and not records and not (head and head.kind == "class"):
            yield 0, ORGANIZATION, ""
        elif sentence.asks_patients() and not self._is_measured(head):
            if FINDING in records:
                yield 0, FINDING, ""
            elif [group.class_iri for group in sentence.groups] == [TRIAL] and not sentence.texts():
                yield 0, TRIAL, SIZES[TRIAL]
            elif FINDING not in records and not sentence.asks_some_patients():
                if any(group.class_iri == KG + "Disease" for group in sentence.groups):
                    yield 70, FINDING, KG + "count"
                yield 80, ARM, SIZES[ARM]
        elif sentence.asks and not records and sentence.groups and not sentence.is_existential():
            yield 0, sentence.groups[0].class_iri, ""
        elif head is None:
            yield from self._without_head(records)
        else:
            yield from self._of_head(head)
            yield from ((_LESS_LIKELY, record, "") for record in records if record != head.value)

    def _is_measured(self, head: Item | None) -> bool:
        """Say whether a property other than the size of trials is asked for."""
        return head is not None and head.kind == "property" and SIZES[TRIAL] not in head.value

    def _without_head(self, records: list[str]) -> Iterator[tuple[int, str, str]]:
        """Yield what is asked for where no class or property says it."""
        groups = self.sentence.groups
        if self.sentence.counts() and not records:
            return  # what is counted is not known
        if records:
            yield from ((0, record, "") for record in records)
        elif self.sentence.texts():
            yield 0, FINDING, ""
        elif self.sentence.has("compare"):
            if len({group.class_iri for group in groups}) > 1:  # of things alike alone it is not said what to compare
                yield 0, FINDING, ""
        elif groups and {item.text.casefold() for item in self.sentence.items} & _OF_TRIALS:
            yield 0, TRIAL, ""
        elif len(groups) == 1:
            yield 0, groups[0].class_iri, ""
        else:
            yield 50, TRIAL, ""

    def _of_head(self, head: Item) -> Iterator[tuple[int, str, str]]:
        """Yield what a class or a property asks for: of a property its value, or the things at its ends."""
        if head.kind == "class":
            yield 0, head.value, ""
            return
        named = {group.class_iri for group in self.sentence.groups}
        for iri in head.value:
            property_ = self.schema.properties[iri]
            domain = FINDING if property_.domain == KG + "Observation" else property_.domain
            if property_.is_literal:
                yield from ((0, class_iri, iri) for class_iri in (sorted(named) if domain == THING else [domain]))
                continue
            ends = [property_.range, domain]
            if named_class(property_.range) in named and named_class(domain) not in named:
                ends.reverse()
            for number, end in enumerate(ends):
                if end not in (THING, KG + "Sourced"):
                    yield number * _UNLIKELY, end, ""
