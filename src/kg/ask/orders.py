"""Superlatives and counts: which of the rows are wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.ask.conditions import DATES, SIZES
from kg.ask.joins import ADMINISTRATION, EVENT, FINDING, PRODUCT, RECORDS, TRIAL
from kg.ask.meaning import Condition, Order
from kg.model.iris import KG, named_class

if TYPE_CHECKING:
    from kg.ask.choices import Item
    from kg.ask.conditions import Conditions
    from kg.ask.joins import Joins
    from kg.ask.sentence import Sentence
    from kg.model.schema import Schema

__all__ = ["Orders"]

_AMOUNTS = {FINDING: KG + "value", ADMINISTRATION: KG + "dose"}


class Orders:
    """Reads the superlatives of a sentence."""

    def __init__(self, schema: Schema, sentence: Sentence, joins: Joins, conditions: Conditions) -> None:
        self.schema, self.sentence, self.joins, self.conditions = schema, sentence, joins, conditions

    def of(self, wanted: str, hub: str) -> Order | None:
        """Return which rows a superlative wants, or what a count is compared with."""
        sentence = self.sentence
        if limit := self._limit(wanted, hub):
            return limit
        item = sentence.orders[0] if sentence.orders else None
        is_dated = item is not None and item.value in ("latest", "earliest")
        if is_dated and sentence.has("when") and not sentence.asks_year() and self._is_of_one():
            return None  # "when did it first appear" asks for its one date
        if hub == self.counted(wanted):
            item = next((it for it in sentence.orders if it.value in ("most", "fewest")), None)
            sentence.used |= {it.place for it in sentence.items if it.kind == "class" and it.value == hub}
            return Order([()], None, not item or item.value == "most", sentence.most() if item else 0)
        if item is None or (hub == FINDING and is_dated):
            return self._first_dated(wanted, hub)
        if sentence.asks_year() and item.value in ("most", "fewest") and hub == TRIAL:
            return self._by(hub, DATES[TRIAL], item, 1, ("year", 0))
        if is_dated:
            return self._by(hub, DATES[EVENT if hub == EVENT else TRIAL], item, sentence.most())
        literal = sentence.number_after(item)
        if literal is None and (item.value in ("highest", "lowest") or hub in RECORDS or named_class(wanted) == TRIAL):
            literal = _AMOUNTS.get(hub) or SIZES.get(hub, SIZES[TRIAL])
        if literal and not (named_class(wanted) == TRIAL and self._noun_after(item)):
            return self._by(hub, literal, item, sentence.most())
        noun = self._noun_after(item)
        if noun is None:
            return None
        sentence.used.add(noun.place)
        paths = self.joins.between(named_class(wanted), named_class(noun.value), sentence.needs())
        return Order(paths, None, item.value == "most", sentence.most()) if paths else None

    def _is_of_one(self) -> bool:
        return any(group.class_iri in (TRIAL, PRODUCT) for group in self.sentence.groups)

    def _noun_after(self, order: Item) -> Item | None:
        """Return the class that a superlative counts, as in "most targets"."""
        after = self.sentence.items[order.place :]
        return next((it for it in after if it.kind == "class" and it != self.sentence.head), None)

    def _by(
        self, hub: str, literal: str, order: Item, most: int, limit: tuple[str, float] | None = None
    ) -> Order | None:
        """Return the order by a literal."""
        paths = self.conditions.to(hub, self.schema.properties[literal].domain)
        self.sentence.use_property(literal)
        descending = order.value in ("most", "highest", "latest")
        return Order([], Condition(paths, [literal], "exists", None), descending, most, limit) if paths else None

    def _limit(self, wanted: str, hub: str) -> Order | None:
        """Return the number that a count of things is compared with: "with more than 3 trials"."""
        if hub in RECORDS:
            return None
        for item in self.sentence.items:
            if item.kind != "number" or not item.place:
                continue
            sign, noun = self.sentence.compared(item)
            if sign and noun and named_class(noun.value) not in (named_class(wanted), hub):
                paths = self.joins.between(named_class(wanted), named_class(noun.value), self.sentence.needs())
                self.sentence.used |= {item.place, noun.place}
                return Order(paths, None, True, 0, (sign, item.value)) if paths else None
        return None

    def _first_dated(self, wanted: str, hub: str) -> Order | None:
        """Read "which trial was first posted" as the earliest, where nothing says a day or a trial."""
        for item in self.sentence.items:
            if item.kind == "property" and item.text.casefold().startswith("first") and self.sentence.head:
                is_dated = any(other.kind == "date" for other in self.sentence.items)
                named = any(group.class_iri == TRIAL for group in self.sentence.groups)
                if hub == TRIAL and wanted == TRIAL and not (is_dated or named) and self.sentence.head.kind == "class":
                    self.sentence.use_property(DATES[TRIAL])
                    return Order([], Condition([()], [DATES[TRIAL]], "exists", None), False, 1)
        return None

    def counted(self, wanted: str) -> str:
        """Return the class whose things are counted for each wanted thing: they are what is constrained."""
        most = [item for item in self.sentence.orders if item.value in ("most", "fewest")]
        if not (most or self.sentence.has("per")) or named_class(wanted) == TRIAL or wanted in RECORDS:
            return ""
        if most and self.sentence.number_after(most[0]):
            return ""
        start = most[0].place if most else 0
        nouns = [item for item in self.sentence.items[start:] if item.kind == "class" and item != self.sentence.head]
        counted = nouns[0].value if nouns else TRIAL
        return "" if counted in RECORDS or named_class(counted) == named_class(wanted) else named_class(counted)
