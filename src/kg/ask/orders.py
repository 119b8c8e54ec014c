"""Superlatives and counts: which of the rows are wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.ask.conditions import DATES, SIGNS, SIZES
from kg.ask.joins import ADMINISTRATION, EVENT, FINDING, RECORDS, TRIAL
from kg.ask.meaning import Condition, Order
from kg.namespaces import KG, named_class

if TYPE_CHECKING:
    from kg.ask.conditions import Conditions
    from kg.ask.joins import Joins
    from kg.ask.sentence import Sentence
    from kg.schema import Schema

__all__ = ["Orders"]

_AMOUNTS = {FINDING: KG + "value", ADMINISTRATION: KG + "dose"}
_PRODUCT = KG + "Product"


class Orders:
    """Reads the superlatives of a sentence."""

    def __init__(self, schema: Schema, sentence: Sentence, joins: Joins, conditions: Conditions) -> None:
        self.schema, self.sentence, self.joins, self.conditions = schema, sentence, joins, conditions

    def of(self, wanted: str, hub: str) -> Order | None:
        """Return which rows a superlative wants, or what a count is compared with."""
        limit = self._limit(wanted, hub)
        if limit:
            return limit
        if (
            self.sentence.has("when")
            and self.sentence.orders
            and self.sentence.orders[0].value in ("latest", "earliest")
            and not self.sentence.asks_year()
        ):
            if any(group.class_iri in (TRIAL, _PRODUCT) for group in self.sentence.groups):
                return None
        if hub == self.counted(wanted):
            item = next((it for it in self.sentence.orders if it.value in ("most", "fewest")), None)
            most = self._most(wanted) if item else 0
            self.sentence.used |= {it.place for it in self.sentence.items if it.kind == "class" and it.value == hub}
            return Order([()], None, not item or item.value == "most", most)
        if not self.sentence.orders or (hub == FINDING and self.sentence.orders[0].value in ("latest", "earliest")):
            return self._per(wanted, hub) or self._first_dated(wanted, hub)
        item = self.sentence.orders[0]
        if self.sentence.asks_year() and item.value in ("most", "fewest") and hub == TRIAL:
            self.sentence.use_property(DATES[TRIAL])
            return Order([], Condition([()], [DATES[TRIAL]], "exists", None), item.value == "most", 1, ("year", 0))
        descending = item.value in ("most", "highest", "latest")
        most = self._most(wanted)
        if item.value in ("latest", "earliest"):
            owner = EVENT if hub == EVENT else TRIAL
            paths = self.conditions.to(hub, owner)
            self.sentence.use_property(DATES[owner])
            return Order([], Condition(paths, [DATES[owner]], "exists", None), descending, most) if paths else None
        literal = self.sentence.number_after(item)
        if literal is None and (item.value in ("highest", "lowest") or hub in RECORDS):
            literal = _AMOUNTS.get(hub) or (SIZES.get(hub, SIZES[TRIAL]))
        if literal:
            paths = self.conditions.to(hub, self.schema.properties[literal].domain)
            self.sentence.use_property(literal)
            if not paths:
                return None
            return Order([], Condition(paths, [literal], "exists", None), descending, most)
        noun = next(
            (
                other
                for other in self.sentence.items[item.place :]
                if other.kind == "class" and other != self.sentence.head
            ),
            None,
        )
        counted = noun.value if noun else TRIAL
        if noun is None and named_class(wanted) == TRIAL:
            return Order([], Condition([()], [SIZES[TRIAL]], "exists", None), descending, most)
        if noun:
            self.sentence.used.add(noun.place)
        paths = self.joins.between(named_class(wanted), named_class(counted), self.sentence.needs())
        return Order(paths, None, descending, most) if paths else None

    def _most(self, wanted: str) -> int:
        """Return how many rows a superlative wants."""
        number = self.sentence.number_of_rows()
        return int(number.value) if number else self.sentence.most_of(wanted)

    def _limit(self, wanted: str, hub: str) -> Order | None:
        """Return the number that a count of things is compared with: "with more than 3 trials"."""
        if hub in RECORDS:
            return None
        for item in self.sentence.items:
            if item.kind != "number" or not item.place:
                continue
            before = self.sentence.items[item.place - 1]
            after = self.sentence.items[item.place + 1 : item.place + 3]
            sign = SIGNS.get(before.value, "") if before.kind == "operator" else ""
            if after and after[0].kind == "operator" and after[0].value in ("or more", "or fewer"):
                sign = SIGNS[after[0].value]
            noun = next((other for other in after if other.kind == "class"), None)
            if sign and noun and named_class(noun.value) not in (named_class(wanted), hub):
                paths = self.joins.between(named_class(wanted), named_class(noun.value), self.sentence.needs())
                self.sentence.used |= {item.place, noun.place}
                return Order(paths, None, True, 0, (sign, item.value)) if paths else None
        return None

    def _per(self, wanted: str, hub: str) -> Order | None:
        """Return the count that is asked for each thing."""
        if not self.sentence.has("per"):
            return None
        noun = next((item for item in self.sentence.items if item.kind == "class" and item != self.sentence.head), None)
        counted = noun.value if noun else TRIAL
        if named_class(counted) == named_class(wanted):
            return None
        if noun:
            self.sentence.used.add(noun.place)
        paths = self.joins.between(named_class(wanted), named_class(counted), self.sentence.needs())
        return Order(paths, None, True, 0) if paths else None

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
