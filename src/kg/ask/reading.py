"""From a question to readings: what is wanted, of which things, joined how.

A phrase can mean several things; each choice of meanings is a candidate, and the
reading that explains every mention with the shortest joins wins. Nothing is dropped:
a candidate that leaves a mention unexplained is no reading at all.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from kg.ask.choices import ASPECT, choices
from kg.ask.conditions import SIZES, Conditions
from kg.ask.english import LIGHT, YES_NO
from kg.ask.extras import Extras
from kg.ask.joins import (
    ADMINISTRATION,
    ARM,
    FINDING,
    ORGANIZATION,
    PRODUCT,
    RECORDS,
    TRIAL,
    Hop,
    Joins,
    Mentioned,
    names,
)
from kg.ask.meaning import Condition, Constraint, NotUnderstood, Reading
from kg.ask.orders import Orders
from kg.ask.sentence import Sentence
from kg.ask.spelling import unknown_words
from kg.ask.variants import is_topic, variants
from kg.ask.wanted import Wanted
from kg.model.iris import KG, named_class
from kg.model.schema import THING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.ask.choices import Item
    from kg.ask.joins import Path
    from kg.ask.sentence import Group
    from kg.ask.words import Token, Vocabulary
    from kg.query.thing_names import Entry

__all__ = ["read"]

_MOST_CHOICES = 300
_MOST_READINGS = 12
_HOP = 100
_DISEASE = KG + "Disease"
_KIND = KG + "ProductKind"


def read(vocabulary: Vocabulary, tokens: list[Token], notes: list[str]) -> list[Reading]:
    """Read a question.

    Args:
        vocabulary: the phrases that mean something.
        tokens: the parts of the question.
        notes: what was decided about them.

    Returns:
        The readings, the likeliest first.

    Raises:
        NotUnderstood: if no reading explains every mention.
    """
    if tokens[:1] and tokens[0].text.casefold() in YES_NO:
        every = [token.text for token in tokens if token.text.casefold() in ("all", "every", "both", "each")]
        if every:
            raise NotUnderstood(
                "not_understood", f"I cannot say yes or no for '{every[0]}' of several; ask which.", every
            )
    mentions = [token for token in tokens if token.kind in ("mention", "text")]
    if not any(token.kind == "mention" for token in tokens):
        if mentions:
            raise unknown_words(vocabulary, [token.text for token in mentions])
        raise NotUnderstood("not_understood", "I find nothing in the question that the graph has a word for.")
    found: list[tuple[int, int, Reading]] = []
    for cost, items in islice(choices(tokens, vocabulary.schema), _MOST_CHOICES):
        for more, reading in _Reader(vocabulary, items).readings():
            for extra, variant in variants(vocabulary, reading):
                found.append((cost + more + extra, len(found), variant._replace(notes=[*notes, *variant.notes])))
    if not found and tokens[0].value == "compare":
        raise NotUnderstood(
            "not_understood", "To lay things side by side, use `kg compare A B`; or say what to compare."
        )
    if not found:
        named = ", ".join(f"'{token.text}'" for token in mentions)
        raise NotUnderstood("not_in_graph", f"The graph has no relation that joins {named}.")
    lowest = min(cost for cost, _, _ in found)
    near = [(cost, number, reading) for cost, number, reading in sorted(found) if cost <= lowest + 2 * _HOP]
    return [reading for _, _, reading in near][:_MOST_READINGS]


class _Reader:
    """Reads one choice of meanings."""

    def __init__(self, vocabulary: Vocabulary, items: list[Item]) -> None:
        self.vocabulary, self.schema = vocabulary, vocabulary.schema
        self.sentence = Sentence(self.schema, items)
        things = [group.place for group in self.sentence.groups]
        properties = [item for item in items if item.kind == "property"]
        self.mentioned = Mentioned(
            [item.value for item in properties],
            [item.text for item in properties],
            [any(place < item.place for place in things) for item in properties],
        )
        self.joins = Joins(vocabulary, self.mentioned)
        self.conditions = Conditions(vocabulary, self.sentence, self.joins)
        self.extras = Extras(vocabulary, self.sentence, self.joins, self.conditions)
        self.wanted = Wanted(self.schema, self.sentence)
        self.orders = Orders(self.schema, self.sentence, self.joins, self.conditions)

    def readings(self) -> Iterator[tuple[int, Reading]]:
        """Yield what the choice can mean, with what it costs."""
        records = self.sentence.records()
        for cost, wanted, value in self.wanted.of(records):
            for more, hub in self._hubs(wanted, records):
                if scored := self._joined(wanted, hub, value):
                    yield cost + more + scored[0], scored[1]
                    if hidden := self._hidden(wanted, scored[1]):
                        yield cost + more + scored[0] + 20, hidden

    def _hidden(self, wanted: str, reading: Reading) -> Reading | None:
        """Return the reading that the trials do not disclose what is wanted of them."""
        aspect = self.vocabulary.aspects.get(wanted)
        if not aspect or self.sentence.asks or reading.order or reading.hub in RECORDS:
            return None
        constraints: list[Constraint] = []
        for group in self.sentence.groups:
            paths: list[Path] = [()] if group.class_iri == TRIAL else self.joins.between(TRIAL, group.class_iri)
            if not paths or group.negated:
                return None
            constraints.append(Constraint(paths, group.things))
        along = next(it for it in self.schema.properties.values() if it.range == ASPECT)
        constraints.append(Constraint([(Hop(along, True, ASPECT),)], [aspect]))
        subject = next((group.things[0] for group in self.sentence.groups if group.class_iri == TRIAL), None)
        kept = [item for item in constraints if item.paths != [()]]
        return Reading(self.schema, TRIAL, TRIAL, [], subject, "", kept, hidden=aspect.label)

    def _hubs(self, wanted: str, records: list[str]) -> Iterator[tuple[int, str]]:
        """Yield the classes that the constraints can hang on."""
        if wanted in RECORDS:
            yield 0, wanted
            return
        counted = self.orders.counted(wanted)
        if counted and not records:
            yield 0, counted
            return
        if records:
            yield from ((0, record) for record in records)
            return
        yield 0, named_class(wanted)
        if any(group.class_iri == PRODUCT for group in self.sentence.groups) and wanted not in (
            PRODUCT,
            ORGANIZATION,
        ):
            yield 2 * _HOP, ADMINISTRATION

    def _joined(self, wanted: str, hub: str, value: str) -> tuple[int, Reading] | None:
        """Join all that is mentioned to the hub, and return the reading with what it costs."""
        sentence = self.sentence
        sentence.used = set()
        needs = self._needs(wanted, hub)
        if sentence.loose and hub not in RECORDS and not sentence.has("compare"):
            return None  # "use NK-92 or target BCMA" is neither both nor things of one class
        to_wanted: list[Path] = []
        if named_class(wanted) != hub:
            to_wanted = self.joins.between(hub, named_class(wanted), list(needs.values()))
            if not to_wanted:
                return None
        subject = self._subject(wanted, value)
        scored = self._constraints(wanted, hub, subject, needs)
        if scored is None or not self._may_ask(wanted, subject):
            return None
        cost, constraints = scored
        cost += 50 if to_wanted else 20 if hub in RECORDS else 0
        if sentence.has("compare") and to_wanted and hub in RECORDS:
            cost += 2 * _HOP  # a comparison is of what was found, not of things
        constraints = self._exclusive(self._detoured(hub, constraints, needs, to_wanted))
        constraints = self._of_patients(wanted, value, constraints)
        conditions = self.conditions.of(wanted, hub, constraints)
        if conditions is None:
            return None
        value = value or self._told_of(subject, conditions)
        order, extras = self.orders.of(wanted, hub), self.extras.of(wanted, hub, value)
        order = order._replace(rank=sentence.rank) if order else None
        joined = [to_wanted, *(item.paths for item in constraints), order.counted if order else []]
        explained = {name for paths in joined for path in paths for name in names(path)} | {value}
        rest = self._explain(hub, needs, explained, constraints, conditions)
        if rest is None or (sentence.asks and not (constraints or conditions or value)):
            return None
        compared = self._compared(constraints)
        reading = Reading(
            self.schema, wanted, hub, to_wanted, subject, value, constraints, conditions, extras,
            counts=sentence.counts() and not order and wanted not in RECORDS and not value,
            asks=sentence.asks,
            order=order,
            compared=compared and hub not in RECORDS,
            compares=sentence.has("compare"),
            sums=sentence.has("sum") and bool(value) and self.schema.properties[value].is_number,
            listed=sentence.listed,
            words=sentence.words(),
        )  # fmt: skip
        return cost + rest, reading

    def _of_patients(self, wanted: str, value: str, constraints: list[Constraint]) -> list[Constraint]:
        """Return the constraints of what counts patients: of all rather than of each part, or of a disease."""
        properties = self.schema.properties
        if wanted == ARM and not self.sentence.texts():
            within = Hop(properties[KG + "partOfArm"], True, ARM)
            return [*constraints, Constraint([(within,)], [], negated=True)]
        if wanted == FINDING and value == KG + "count" and self.sentence.asks_patients():
            term = Hop(properties[KG + "hasTerm"], True, _DISEASE)
            along = Hop(properties[KG + "measures"], True, KG + "Measure")
            own = [
                item._replace(paths=[(term,)]) if item.things and item.things[0].class_iri == _DISEASE else item
                for item in constraints
            ]
            return [*own, Constraint([(along,)], self.vocabulary.named("patients with disease"))]
        return constraints

    def _told_of(self, subject: Entry | None, conditions: list[Condition]) -> str:
        """Return the literal that has a word, which is then asked for: "who is the founder of ImmunityBio"."""
        if subject and not self.sentence.asks and subject in (group.things[0] for group in self.sentence.groups[:1]):
            for item in conditions:
                if item.sign == "has word" and item.paths == [()] and len(item.properties) == 1 and not item.negated:
                    return item.properties[0] if item.properties[0] in self.schema.properties else ""
        return ""

    def _may_ask(self, wanted: str, subject: Entry | None) -> bool:
        """Say whether a yes-or-no question is about one thing, a record, or whether there is any thing of a class."""
        if not self.sentence.asks:
            return True
        if subject and self.sentence.listed:
            return False  # of several things a yes or no would not say which
        return wanted in RECORDS or subject is not None or self.sentence.is_existential()

    def _constraints(
        self, wanted: str, hub: str, subject: Entry | None, needs: dict[int, set[str]]
    ) -> tuple[int, list[Constraint]] | None:
        """Join each group of things to the hub, with what it costs; None if one cannot be joined."""
        cost, found = 0, []
        for group in self.sentence.groups:
            if subject and subject in group.things:
                continue
            denied = group.negated or group.place in self.sentence.negated
            is_sort = self.sentence.head is not None and self.sentence.head.place == group.place
            if is_sort and hub == group.class_iri == named_class(wanted):
                found.append(Constraint([()], group.things, denied))
                continue
            if any(self._is_same_sort(group, other) for other in found):
                to_kind = self.joins.between(TRIAL, _KIND)
                paths = [one + two for one in self.joins.between(hub, TRIAL) for two in to_kind]
            else:
                paths = self.joins.between(hub, group.class_iri, self._near(wanted, group, needs))
            if not paths:
                return None
            found.append(Constraint(paths, group.things, denied))
            cost += _HOP * (min(map(len, paths)) if hub not in RECORDS else 1)
        return cost, found

    @staticmethod
    def _is_same_sort(group: Group, before: Constraint) -> bool:
        """Say whether another kind of product was asked for: an antibody that is given with CAR-NK cells."""
        is_kind = group.class_iri == _KIND and bool(before.things) and before.things[0].class_iri == _KIND
        return is_kind and before.things != group.things and not before.negated and not group.negated

    def _explain(
        self,
        hub: str,
        needs: dict[int, set[str]],
        explained: set[str],
        constraints: list[Constraint],
        conditions: list[Condition],
    ) -> int | None:
        """Read what is mentioned and else unexplained as something that must be there; None if it cannot be.

        It adds to the constraints and conditions, and returns what it costs.
        """
        cost = 0
        with_topic = hub in RECORDS and any(map(is_topic, constraints))
        for place, need in needs.items():
            item = self.sentence.items[place]
            is_denied = place in self.sentence.negated
            if need & explained or place in self.sentence.used:
                cost -= bool(need & explained)
            elif with_topic and item.kind == "class":
                cost += 80
            elif item.text.casefold() in LIGHT and not is_denied:
                cost += 60
            elif existing := self._existing(hub, need, place):
                cost += 40
                if isinstance(existing, Constraint):
                    constraints.append(existing)
                else:
                    conditions.append(existing)
            elif not (is_denied and self._is_of_aspects(need)):
                return None  # what is not disclosed is none of the things that are asked for
        return cost

    def _near(self, wanted: str, group: Group, needs: dict[int, set[str]]) -> list[set[str]]:
        """Return what explains the mentions that belong to a thing: classes, and the properties next to it."""
        places = sorted(other.place for other in self.sentence.groups)
        found = []
        for place, need in needs.items():
            after = next((other for other in places if other > place), None)
            before = next((other for other in reversed(places) if other < place), None)
            is_near = group.place in (after, before) and (after is None or group.place == after or before is None)
            ends = [self.schema.properties[iri] for iri in need if iri in self.schema.properties]
            is_near &= any(group.class_iri in (named_class(it.domain), named_class(it.range)) for it in ends)
            for it in ends:  # "sponsor" in "which organizations sponsor trials of CD19" leads from what is wanted
                both = {named_class(it.domain), named_class(it.range)}
                is_near |= named_class(wanted) in both and not both & {
                    other.class_iri for other in self.sentence.groups
                }
            if self.sentence.items[place].kind == "class" or is_near or len(places) == 1:
                found.append(need)
        return found

    def _detoured(
        self, hub: str, constraints: list[Constraint], needs: dict[int, set[str]], to_wanted: list[Path]
    ) -> list[Constraint]:
        """Lead the constraints along what is mentioned and else unexplained."""
        found = list(constraints)
        for place, need in needs.items():
            explained = {name for item in found for path in item.paths for name in names(path)}
            explained |= {name for path in to_wanted for name in names(path)}
            if need & explained or self.sentence.items[place].kind != "property" or self._literal(need):
                continue
            for number, item in enumerate(found):
                if not item.things:
                    continue
                paths = self.joins.between(hub, item.things[0].class_iri, [need])
                if any(need & names(path) for path in paths):
                    found[number] = item._replace(paths=paths)
                    break
        return found

    def _literal(self, need: set[str]) -> bool:
        return all(iri in self.schema.properties and self.schema.properties[iri].is_literal for iri in need)

    def _needs(self, wanted: str, hub: str) -> dict[int, set[str]]:
        """Return what explains each mention of a property or class, by its place."""
        found: dict[int, set[str]] = {}
        for item in self.sentence.items:
            if item.kind == "property" and not (wanted == ARM and SIZES[TRIAL] in item.value):
                found[item.place] = set(item.value)
            elif item.kind == "class" and named_class(item.value) not in (named_class(wanted), hub):
                found[item.place] = {named_class(item.value)}
        return found

    def _subject(self, wanted: str, value: str) -> Entry | None:
        """Return the one thing of the wanted class that is asked about."""
        is_general = not (self.sentence.asks or value) or (self.sentence.asks and self.sentence.is_existential())
        if is_general and self.sentence.head is not None:
            return None
        first = next((group for group in self.sentence.groups if group.class_iri == named_class(wanted)), None)
        if first is None or len(first.things) > 1 or first.negated or wanted in RECORDS:
            return None
        if self.sentence.asks and self.sentence.groups[0] != first:
            return None
        return first.things[0]

    def _exclusive(self, constraints: list[Constraint]) -> list[Constraint]:
        """Read "phase 1 and phase 2" as either, where a thing has only one of them."""
        found: list[Constraint] = []
        for constraint in constraints:
            last = found[-1] if found else None
            only = all(path and path[-1].along.excludes_others and path[-1].forward for path in constraint.paths)
            if last and only and constraint.paths == last.paths and not (constraint.negated or last.negated):
                found[-1] = last._replace(things=[*last.things, *constraint.things])
            else:
                found.append(constraint)
        return found

    def _existing(self, hub: str, need: set[str], place: int) -> Constraint | Condition | None:
        """Return that something of a class, or a value of a property, is there at all."""
        negated = place in self.sentence.negated
        for iri in sorted(need):
            if iri in self.schema.properties:
                property_ = self.schema.properties[iri]
                if property_.is_literal:
                    paths = self.conditions.to(hub, property_.domain)
                    if paths and min(map(len, paths)) <= 1:
                        if negated and property_.range.endswith("integer"):
                            return Condition(paths, [iri], "=", [0.0])
                        return Condition(paths, [iri], "exists", None, negated)
                elif property_.domain != THING:
                    domain, range_ = named_class(property_.domain), named_class(property_.range)
                    for end in (range_, domain):
                        if end not in (THING, hub):
                            paths = [path for path in self.joins.between(hub, end, [{iri}]) if iri in names(path)]
                            if paths and hub not in RECORDS:
                                return Constraint(paths, [], negated)
            else:
                paths = self.joins.between(hub, iri)
                if paths:
                    return Constraint(paths, [], negated)
        return None

    def _is_of_aspects(self, need: set[str]) -> bool:
        return all(iri in self.schema.properties and self.schema.properties[iri].range == ASPECT for iri in need)

    def _compared(self, constraints: list[Constraint]) -> bool:
        """Say whether alternatives are compared by their counts; their constraint is then put last."""
        if not (self.sentence.has("more") or self.sentence.has("compare")):
            return False
        for number, item in enumerate(constraints):
            if len(item.things) > 1:
                constraints.append(constraints.pop(number))
                return True
        return False
