"""What numbers, dates, values and words of the graph's texts ask of the literals of things."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kg.ask.english import SAME
from kg.ask.joins import ARM, EVENT, FINDING, RECORDS, TRIAL
from kg.ask.meaning import Condition
from kg.ask.words import NAMES
from kg.model.iris import KG, named_class
from kg.model.schema import THING

if TYPE_CHECKING:
    from kg.ask.choices import Item
    from kg.ask.joins import Joins, Path
    from kg.ask.meaning import Constraint
    from kg.ask.sentence import Sentence
    from kg.ask.words import Vocabulary

__all__ = ["DATES", "SIZES", "Conditions"]

DATES = {TRIAL: KG + "firstPosted", EVENT: KG + "eventDate"}
SIZES = {TRIAL: KG + "enrollment", ARM: KG + "participants"}
_SPANS = frozenset("year month week day hour".split())
_NOTHING = Condition([], [], "", None)


class Conditions:
    """Reads the conditions of a sentence."""

    def __init__(self, vocabulary: Vocabulary, sentence: Sentence, joins: Joins) -> None:
        self.vocabulary, self.schema, self.sentence, self.joins = vocabulary, vocabulary.schema, sentence, joins

    def of(self, wanted: str, hub: str, constraints: list[Constraint]) -> list[Condition] | None:
        """Return what the numbers, dates, values and words of the question ask, or None if one cannot be asked."""
        found: list[Condition] = []
        for item in sorted(self.sentence.items, key=lambda item: item.kind == "text"):  # numbers take their units first
            if item.kind == "value":
                condition = self._of_value(hub, *item.value)
            elif item.kind == "text" and item.place not in self.sentence.used:
                condition = self._of_name(item.text, constraints) or self._of_text(hub, item.text)
            elif item.kind == "date" and item.place not in self.sentence.used:
                condition = self._of_date(hub, item)
            elif item.kind == "number" and item.place not in self.sentence.used:
                condition = self._of_number(wanted, hub, item)
                if item.place in self.sentence.used and condition is None:
                    continue
            else:
                continue
            if condition is None:
                return None
            if condition is _NOTHING:
                continue
            found.append(condition._replace(negated=item.place in self.sentence.negated))
        return self._either(_merged(found))

    def _either(self, conditions: list[Condition]) -> list[Condition]:
        """Read two words that "or" or "versus" parts in a comparison as its sides: "in the US or in Europe"."""
        if not (self.sentence.has("more") or self.sentence.has("compare")):
            return conditions
        items = [item for item in self.sentence.items if item.kind != "connector"]
        for one, between, other in zip(items, items[1:], items[2:], strict=False):
            if one.kind == other.kind == "text" and between.value in ("or", "compare"):
                sides = [item for item in conditions if item.value in (one.text, other.text)]
                if len(sides) == 2 and sides[0].paths == sides[1].paths:
                    both = sides[0]._replace(value=f"{one.text} or {other.text}")
                    return [both, *(item for item in conditions if item not in sides)]
        return conditions

    def to(self, hub: str, domain: str) -> list[Path]:
        """Return the paths from the hub to the things that have a property of a domain."""
        if domain in (KG + "Observation", KG + "Sourced", THING) and hub == FINDING:
            return [()]
        if domain == KG + "Sourced" and hub in RECORDS:
            return [()]
        if named_class(domain) == hub:
            return [()]
        if domain in (THING, KG + "Sourced"):
            return []
        return self.joins.between(hub, FINDING if domain == KG + "Observation" else named_class(domain))

    def _of_value(self, hub: str, property_iri: str, value: str) -> Condition | None:
        paths = self.to(hub, self.schema.properties[property_iri].domain)
        return Condition(paths, [property_iri], "=", value) if paths else None

    def _of_name(self, word: str, constraints: list[Constraint]) -> Condition | None:
        """Read a word as part of the name of a thing on the way, as "receptor" in "which allo-evasion receptor"."""
        classes = {class_iri for class_iri, iri in self.vocabulary.texts_with(word) if iri in NAMES}
        for constraint in constraints:
            for path in constraint.paths[:1] if len(constraint.paths) == 1 else ():
                for number in range(1, len(path)):
                    if path[number - 1].end in classes and not constraint.negated:
                        return Condition([path[:number]], list(NAMES), "has word", word)
        return None

    def _of_text(self, hub: str, word: str) -> Condition | None:
        if word.casefold() in SAME and hub not in RECORDS:
            return _NOTHING
        where = self.vocabulary.texts_with(word)
        properties = [iri for class_iri, iri in where if class_iri == hub]
        if properties:
            return Condition([()], properties, "has word", word)
        asked = self._classes_mentioned()
        for class_iri in dict.fromkeys(class_iri for class_iri, iri in where if iri not in NAMES or class_iri in asked):
            paths = self.joins.between(hub, class_iri)
            if paths and min(map(len, paths)) == 1:
                near: list[Path] = [path for path in paths if len(path) == 1]
                return Condition(near, [iri for other, iri in where if other == class_iri], "has word", word)
        return None

    def _classes_mentioned(self) -> set[str]:
        """Return the classes that the sentence speaks of, whose names a word can be part of."""
        found = {named_class(item.value) for item in self.sentence.items if item.kind == "class"}
        found |= {group.class_iri for group in self.sentence.groups}
        for property_ in (self.schema.properties[iri] for need in self.sentence.needs() for iri in need):
            found |= {named_class(property_.domain), named_class(property_.range)}
        return found

    def _of_date(self, hub: str, item: Item) -> Condition | None:
        owner = EVENT if hub == EVENT else TRIAL
        paths = self.to(hub, owner)
        if not paths:
            return None
        words = [other.value for other in self.sentence.before(item) if other.kind == "operator"]
        after = [other for other in self.sentence.items[item.place + 1 :] if other.kind != "connector"][:2]
        is_range = any(
            other.text.casefold() in ("to", "and", "until", "through", "before", "-")
            for other in self.sentence.items[item.place + 1 : item.place + 2]
        )
        second = next((other for other in after if other.kind == "date"), None)
        first = item.value
        if second and first.startswith("-"):
            first = second.value[:4] + first
        span: tuple[str, str] = (first, _after(first))
        if second and is_range and not words:
            self.sentence.used.add(second.place)
            span = (first, _after(second.value))
        elif "before" in words:
            span = ("", first)
        elif "after" in words:
            span = (_after(first), "9999")
        elif "since" in words or any(other.value == "or later" for other in after):
            span = (first, "9999")
        elif any(other.value == "or earlier" for other in after):
            span = ("", _after(first))
        self.sentence.used.add(item.place)
        self.sentence.use_property(DATES[owner])
        return Condition(paths, [DATES[owner]], "dated", span)

    def _of_number(self, wanted: str, hub: str, item: Item) -> Condition | None:
        after = self.sentence.items[item.place + 1 : item.place + 3]
        if item == self.sentence.number_of_rows():
            self.sentence.used.add(item.place)
            return None
        sign, noun = self.sentence.compared(item)
        if hub == FINDING and item.value != int(item.value):  # a dose level, by which arms are named
            self.sentence.used |= {other.place for other in after if other.text.casefold() in ("mg", "kg", "µg", "ug")}
            near: list[Path] = [path for path in self.joins.between(FINDING, ARM) if len(path) == 1]
            return Condition(near, list(NAMES), "has word", item.text)
        if hub == FINDING and after and after[0].text.casefold().rstrip("s") in _SPANS:
            self.sentence.used.add(after[0].place)
            said = f"{item.value:g} {after[0].text.casefold().rstrip('s')}"
            return Condition([()], [KG + "timePoint", KG + "inWords"], "has word", said)
        if sign and noun and named_class(noun.value) not in (named_class(wanted), hub):
            self.sentence.used.add(item.place)
            return None
        value: Any = item.value
        second = next((other for other in after if other.kind == "number"), None)
        words = [other.text.casefold() for other in self.sentence.items[item.place - 1 : item.place + 2]]
        if second and words[0] in ("between", "from") and words[-1] in ("and", "to"):
            self.sentence.used.add(second.place)
            sign, value = "within", (item.value, second.value)
        if hub in RECORDS:
            if sign:
                return Condition([()], [KG + "value" if hub == FINDING else KG + "dose"], sign, value)
            numeric = ("value", "count", "outOf", "lowerBound", "upperBound", "dose", "numberOfDoses")
            return Condition([()], [KG + name for name in numeric], "=", item.value)
        mentioned = [iri for other in self.sentence.items if other.kind == "property" for iri in other.value]
        for iri in [*mentioned, SIZES.get(hub, SIZES[TRIAL])]:
            property_ = self.schema.properties[iri]
            if property_.is_number:
                paths = self.to(hub, property_.domain)
                if paths:
                    self.sentence.use_property(iri)
                    return Condition(paths, [iri], sign or "=", value)
        return None


def _after(day: str) -> str:
    """Return the first day that no longer belongs to a year, month or day, by its digits.

    Example:
        >>> _after("2023"), _after("2023-12"), _after("2023-04-01")
        ('2024', '2023-13', '2023-04-02')
    """
    head, dash, last = day.rpartition("-")
    return f"{head}{dash}{int(last) + 1:0{len(last)}}"


def _merged(conditions: list[Condition]) -> list[Condition]:
    """Put the values of one property together: a direction is up or down, never both."""
    found: list[Condition] = []
    for item in conditions:
        alike = next(
            (
                number
                for number, other in enumerate(found)
                if item.sign == other.sign == "="
                and item.properties == other.properties
                and len(item.properties) == 1
                and item.negated == other.negated
            ),
            None,
        )
        if alike is None:
            found.append(item._replace(value=[item.value]) if item.sign == "=" else item)
        else:
            found[alike] = found[alike]._replace(value=[*found[alike].value, item.value])
    return found
