"""From the parts of a question to readings: what is wanted, of which things, joined how.

A phrase can mean several things; each choice of meanings is a candidate, and the
reading that explains every mention with the shortest joins wins. Nothing is dropped:
a candidate that leaves a mention unexplained is no reading at all.
"""

from __future__ import annotations

from itertools import islice, product
from typing import TYPE_CHECKING, Any, NamedTuple

from kg.ask.english import LIGHT, SAME, YES_NO
from kg.ask.joins import ADMINISTRATION, ARM, EVENT, FINDING, RECORDS, TRIAL, Hop, Joins, Mentioned, names
from kg.ask.words import NAMES
from kg.namespaces import KG, named_class
from kg.schema import THING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kg.ask.joins import Path
    from kg.ask.words import Token, Vocabulary
    from kg.lexicon import Entry
    from kg.schema import Schema

__all__ = ["Condition", "Constraint", "NotUnderstood", "Order", "Reading", "read"]

_MOST_CHOICES = 300
_MOST_READINGS = 12
_HOP = 100
_FOR_CLASS = {"Measure": FINDING, "AdverseEvent": FINDING, "RegulatoryEventKind": EVENT}
_RECORD_OF_DOMAIN = {
    "Observation": FINDING,
    "Administration": ADMINISTRATION,
    "RegulatoryEvent": EVENT,
}
_DATES = {TRIAL: KG + "firstPosted", EVENT: KG + "eventDate"}
_SIZES = {TRIAL: KG + "enrollment", ARM: KG + "participants"}
_AMOUNTS = {FINDING: KG + "value", ADMINISTRATION: KG + "dose"}
_CELL_TYPE = KG + "CellType"  # observed rather than given
_ASPECT = KG + "Aspect"
_PRODUCT, _ORGANIZATION = KG + "Product", KG + "Organization"
# of these a record has one
_ONE_IN_A_RECORD = {KG + name for name in ("Measure", "AdverseEvent", "RegulatoryEventKind", "Molecule", "CellType")}
_TELLING = {KG + name for name in ("direction", "role", "relatedness", "grade", "route", "outOf")}
# "anything registered for lupus nephritis" asks for trials
_OF_TRIALS = frozenset("anything everything registered tested studied investigated tried who nct posted".split())
_SPANS = frozenset("year month week day hour".split())
_SIGNS = {"greater": ">", "less": "<", "at least": ">=", "at most": "<=", "or more": ">=", "or fewer": "<="}


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
    """The things at the hub are joined, along any of the paths, to any of the things (to any at all if none is named)."""

    paths: list[Path]
    things: list[Entry]
    negated: bool = False


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


_NOTHING = Condition([], [], "", None)


class Order(NamedTuple):
    """Which of the rows are wanted: those with most or least.

    Attributes:
        counted: the paths from the wanted thing to what is counted; none if a literal orders.
        condition: the literal that orders, as a condition that it exists.
        descending: whether the most is wanted.
        most: how many rows; 1 gives all that tie.
        limit: a sign and a number that the count is compared with, instead.
    """

    counted: list[Path]
    condition: Condition | None
    descending: bool
    most: int
    limit: tuple[str, float] | None = None


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
        per: whether each thing's count is wanted.
        compared: whether the alternatives of the last constraint are counted side by side.
        compares: whether two sides are compared.
        sides: how many things an answer must be about, to compare them.
        sums: whether the values are added up.
        listed: whether things of one class are listed with "and", which can mean either.
        notes: what was decided aloud.
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
    per: bool = False
    compared: bool = False
    compares: bool = False
    sides: int = 0
    sums: bool = False
    listed: bool = False
    notes: Sequence[str] = ()


class _Item(NamedTuple):
    """A token with the meaning that is tried."""

    kind: str
    text: str
    value: Any
    place: int
    comma: bool


class _Group(NamedTuple):
    """Things of one class that an "or" ties, or one."""

    things: list[Entry]
    negated: bool
    place: int

    @property
    def class_iri(self) -> str:
        return self.things[0].class_iri


def read(vocabulary: Vocabulary, question: str) -> list[Reading]:
    """Read a question.

    Args:
        vocabulary: the phrases that mean something.
        question: plain English.

    Returns:
        The readings, the likeliest first.

    Raises:
        NotUnderstood: if a word is unknown, or no reading explains every mention.
    """
    tokens = vocabulary.tokens(question)
    notes: list[str] = []
    unknown = [token.text for token in tokens if token.kind == "unknown"]
    if unknown:
        mended = {word: vocabulary.corrected(word) for word in unknown}
        if not all(mended.values()):
            raise _unknown_words(vocabulary, [word for word in unknown if not mended[word]])
        notes = [f"I read '{word}' as '{other}'" for word, other in mended.items()]
        for word, other in mended.items():
            question = question.replace(word, other)
        tokens = vocabulary.tokens(question)
    mentions = [token for token in tokens if token.kind in ("mention", "text")]
    if not any(token.kind == "mention" for token in tokens):
        if mentions:
            raise _unknown_words(vocabulary, [token.text for token in mentions])
        raise NotUnderstood("not_understood", "I find nothing in the question that the graph has a word for.")
    found: list[tuple[int, int, Reading]] = []
    for cost, items in islice(_choices(tokens, vocabulary.schema), _MOST_CHOICES):
        for more, reading in _Reader(vocabulary, items).readings():
            for extra, variant in _variants(vocabulary, reading):
                found.append((cost + more + extra, len(found), variant._replace(notes=[*notes, *variant.notes])))
    if not found:
        named = ", ".join(f"'{token.text}'" for token in mentions)
        raise NotUnderstood("not_in_graph", f"The graph has no relation that joins {named}.")
    lowest = min(cost for cost, _, _ in found)
    near = [(cost, number, reading) for cost, number, reading in sorted(found) if cost <= lowest + 3 * _HOP]
    return [reading for _, _, reading in near][:_MOST_READINGS]


def _variants(vocabulary: Vocabulary, reading: Reading) -> Iterator[tuple[int, Reading]]:
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
    topics = [item for item in united.constraints if _is_topic(item)]
    may_leave = (topics and len(topics) < len(united.constraints)) or all(map(vocabulary.is_common, left))
    if reading.compares and may_leave:
        if is_either:
            yield 0, _plain(either, left)._replace(sides=2)
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


def _sides(reading: Reading) -> Iterator[tuple[int, Reading]]:
    """Yield a comparison without one of the things that is named, which is then one side of it."""
    sides = [item for item in reading.constraints if not _is_topic(item)]
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


def _is_topic(constraint: Constraint) -> bool:
    end = constraint.paths[0][-1].end if constraint.paths[0] else ""
    return bool(constraint.things) and end.removeprefix(KG) in _FOR_CLASS


def _has_topic(reading: Reading) -> bool:
    """Say whether a reading of records says what they are to tell, beside whom they concern."""
    if reading.hub not in RECORDS:
        return False
    told = any(item.sign == "=" and set(item.properties) & _TELLING for item in reading.conditions)
    return told or bool(reading.value) or any(map(_is_topic, reading.constraints))


def _unknown_words(vocabulary: Vocabulary, unknown: list[str]) -> NotUnderstood:
    hints = [f"'{text}'{vocabulary.nearest(text)}" for text in unknown]
    if all(any(sign.isdigit() for sign in text) or text != text.lower() for text in unknown):
        return NotUnderstood("not_in_graph", f"Not in the graph: {'; '.join(hints)}.", unknown)
    return NotUnderstood("not_understood", f"I do not know the word {'; nor '.join(hints)}.", unknown)


def _choices(tokens: list[Token], schema: Schema) -> Iterator[tuple[int, list[_Item]]]:
    """Yield every way to take each mention as things, a class, a property or a value, with what it costs.

    A thing that is named like a class, such as the aspect "target", is meant only
    where a property that leads to it stands beside it.
    """
    options: list[list[tuple[int, _Item]]] = []
    for place, token in enumerate(tokens):
        if not token.meaning:
            value = token.text if token.kind == "text" else token.value
            options.append([(0, _Item(token.kind, token.text, value, place, token.comma))])
            continue
        meaning, picks = token.meaning, []
        taken = bool(meaning.classes or meaning.properties)
        reached = _reached(tokens, place, schema)
        for class_iri in meaning.classes:
            picks.append((200 if reached else 0, "class", class_iri))
        for class_iri in sorted({entry.class_iri for entry in meaning.things}):
            if not meaning.classes or class_iri in reached:
                cost = (20 if meaning.properties else 0) + (10 if class_iri == _CELL_TYPE else 0)
                things = [entry for entry in meaning.things if entry.class_iri == class_iri]
                picks.append((cost, "things", things))
        if meaning.properties:
            follows = place and tokens[place - 1].kind == "operator" and tokens[place - 1].value in ("which", "count")
            cost = 200 if reached else 5 if not meaning.classes else 300 if follows else 50
            picks.append((cost, "property", meaning.properties))
        for value in meaning.values:
            picks.append((30 if taken else 10, "value", value))
        options.append(
            [(cost, _Item(kind, token.text, value, place, token.comma)) for cost, kind, value in sorted(picks, key=str)]
        )
    for picked in product(*options):
        yield sum(cost for cost, _ in picked), [item for _, item in picked]


def _reached(tokens: list[Token], place: int, schema: Schema) -> set[str]:
    """Return the ranges of the properties that are mentioned beside a place, but for connectors."""
    found: set[str] = set()
    for step in (-1, 1):
        near = place + step
        while 0 <= near < len(tokens) and (tokens[near].kind == "connector" or tokens[near].value == "not"):
            near += step
        meaning = tokens[near].meaning if 0 <= near < len(tokens) else None
        if meaning and not meaning.classes:
            found |= {schema.properties[iri].range for iri in meaning.properties}
    return found & {_ASPECT}


class _Reader:
    """Reads one choice of meanings."""

    def __init__(self, vocabulary: Vocabulary, items: list[_Item]) -> None:
        self.vocabulary, self.schema, self.items = vocabulary, vocabulary.schema, items
        self.asks = bool(items) and items[0].text.casefold() in YES_NO and not self._has("more")
        self.used: set[int] = set()
        self.orders = [
            item
            for item in items
            if item.kind == "operator" and item.value in ("most", "fewest", "highest", "lowest", "latest", "earliest")
        ]
        self.head = self._head()
        self.groups, self.negated = self._groups()
        things = [group.place for group in self.groups]
        properties = [item for item in items if item.kind == "property"]
        self.mentioned = Mentioned(
            [item.value for item in properties],
            [item.text for item in properties],
            [any(place < item.place for place in things) for item in properties],
            [item.value for item in items if item.kind == "class"],
        )
        self.joins = Joins(vocabulary, self.mentioned)

    def _has(self, operator: str) -> bool:
        return any(item.kind == "operator" and item.value == operator for item in self.items)

    def _head(self) -> _Item | None:
        """Return the class or property that names what is asked for.

        It is the noun after the question word: the first class before a word that
        ends the phrase, or else the first property; where there is none, the first
        class or property of the question.
        """
        starts = [
            item.place
            for item in self.items
            if item.kind == "operator" and item.value in ("which", "count", "who", "when", "per")
        ]
        relative = self._before_relative()
        if relative and "per" not in {item.value for item in self.items if item.kind == "operator"}:
            return relative
        pers = [item.place for item in self.items if item.kind == "operator" and item.value == "per"]
        for start in [*pers, *(starts or [0])]:
            found, topic = None, False
            has_begun = False
            for item in self.items[start:]:
                if item.kind == "class":
                    return item
                if item.kind == "property":
                    found = found or item
                if item.kind == "things" and item.value[0].class_iri.removeprefix(KG) in _FOR_CLASS and not found:
                    topic = True
                if item.kind in ("connector", "operator") and has_begun:
                    break
                has_begun = has_begun or item.kind in ("things", "property", "value", "text")
            if found or topic:  # a measure or an adverse event that is named is what is asked of
                return found
            if start in pers:
                continue
            if self.items[start].value == "count" and self._records():
                return None
            break
        return next((item for item in self.items if item.kind in ("class", "property")), None)

    def _before_relative(self) -> _Item | None:
        """Return the class that a relative clause follows, as in "products for which ..."."""
        noun = None
        for item in self.items:
            if item.kind == "class":
                noun = item
            elif item.kind == "operator":
                return noun if item.value in ("which", "who") and noun and not noun.comma else None
            elif item.kind != "connector" and noun:
                return None
        return None

    def _groups(self) -> tuple[list[_Group], set[int]]:
        """Return the things, those together that "or" ties, and the places of what is denied."""
        groups: list[_Group] = []
        denied: set[int] = set()
        negated, tie, separators = False, False, [""]
        self.listed = False
        for item in self.items:
            if item.kind == "operator":
                if item.value == "not":
                    negated = True
                elif item.value in ("or", "and"):
                    separators.append(item.value)
                    if item.value == "and":
                        negated = False
                continue
            if item.kind == "connector":
                continue
            if item.kind == "things":
                last = groups[-1] if groups else None
                if last and item.value == last.things[-1:]:
                    continue  # said again, as in "glypican-3 (GPC3)"
                between = self.items[last.place + 1 : item.place] if last else []
                self.listed |= any(other.value == "and" for other in between) and all(
                    other.kind in ("connector", "operator") for other in between
                )
                tie = bool(
                    last
                    and "or" in separators
                    and last.class_iri == item.value[0].class_iri
                    and not self._between(last.place, item.place)
                )
                if tie and last:
                    groups[-1] = _Group([*last.things, *item.value], last.negated, item.place)
                else:
                    groups.append(_Group(list(item.value), negated, item.place))
                separators = [""]
            if negated and item.kind in ("things", "class", "value", "text", "property"):
                denied.add(item.place)
                if item.kind in ("things", "class", "value", "text"):
                    negated = False
            if item.kind != "things":
                separators = [""]
        return self._listed(groups), denied

    def _between(self, start: int, end: int) -> bool:
        """Say whether anything but connectors and "or" stands between two places."""
        return any(
            item.kind != "connector" and not (item.kind == "operator" and item.value == "or")
            for item in self.items[start + 1 : end]
        )

    def _listed(self, groups: list[_Group]) -> list[_Group]:
        """Tie "A, B or C": what commas part goes with what "or" ties."""
        found: list[_Group] = []
        for group in reversed(groups):
            after = found[-1] if found else None
            if (
                after
                and len(after.things) > 1
                and after.class_iri == group.class_iri
                and self.items[group.place].comma
                and not self._between(group.place, after.place - 2)
            ):
                found[-1] = _Group([*group.things, *after.things], after.negated, group.place)
            else:
                found.append(group)
        return found[::-1]

    def readings(self) -> Iterator[tuple[int, Reading]]:
        """Yield what the choice can mean, with what it costs."""
        records = self._records()
        for cost, wanted, value in self._wanted(records):
            for more, hub in self._hubs(wanted, records):
                if scored := self._joined(wanted, hub, value):
                    yield cost + more + scored[0], scored[1]
                    if hidden := self._hidden(wanted, scored[1]):
                        yield cost + more + scored[0] + 20, hidden

    def _hidden(self, wanted: str, reading: Reading) -> Reading | None:
        """Return the reading that the trials do not disclose what is wanted of them."""
        aspect = self.vocabulary.aspects().get(wanted)
        if not aspect or self.asks or reading.order or reading.hub in RECORDS:
            return None
        constraints = []
        for group in self.groups:
            paths = [()] if group.class_iri == TRIAL else self.joins.between(TRIAL, group.class_iri)
            if not paths or group.negated:
                return None
            constraints.append(Constraint(paths, group.things))
        along = next(it for it in self.schema.properties.values() if it.range == _ASPECT)
        constraints.append(Constraint([(Hop(along, True, _ASPECT),)], [aspect]))
        subject = next((group.things[0] for group in self.groups if group.class_iri == TRIAL), None)
        kept = [item for item in constraints if item.paths != [()]]
        return Reading(self.schema, TRIAL, TRIAL, [], subject, "", kept, notes=["not disclosed"])

    def _records(self) -> list[str]:
        """Return the records that the meanings speak of."""
        found: list[str] = []
        for item in self.items:
            if item.kind == "things":
                found.append(_FOR_CLASS.get(item.value[0].class_iri.removeprefix(KG), ""))
            elif item.kind == "class":
                name = item.value.removeprefix(KG)
                found.append(item.value if item.value in RECORDS else _FOR_CLASS.get(name, ""))
            elif item.kind == "value":
                domain = self.schema.properties[item.value[0]].domain.removeprefix(KG)
                found.append(_RECORD_OF_DOMAIN.get(domain, ""))
            elif item.kind == "property":
                properties = [self.schema.properties[iri] for iri in item.value]
                domains = {_RECORD_OF_DOMAIN.get(it.domain.removeprefix(KG), "") for it in properties if it.is_literal}
                found += domains if len(domains) == 1 else ()
        return list(dict.fromkeys(filter(None, found)))

    def _wanted(self, records: list[str]) -> Iterator[tuple[int, str, str]]:
        """Yield the classes that can be asked for, with the literal property that is, where one is."""
        head = self.head
        when = next((item for item in self.items if item.kind == "operator" and item.value == "when"), None)
        if self._asks_year() and self.orders and self.orders[0].value in ("most", "fewest"):
            yield 0, TRIAL, ""
            return
        if when and (not head or head.place > when.place or head.kind == "property"):
            for class_iri, property_iri in _DATES.items():
                if (class_iri in records) == (class_iri == EVENT):
                    yield 0, class_iri, property_iri
            if EVENT not in records:
                yield 40, TRIAL, KG + "plannedStart"
            return
        if self._has("who") and not records and not (head and head.kind == "class" and head.place < 3):
            yield 0, _ORGANIZATION, ""
            return
        if self.asks and not records:
            if self.groups and not self._is_existential():
                yield 0, self.groups[0].class_iri, ""
                return
        if head is None:
            if records:
                yield from ((0, record, "") for record in records)
            elif self._texts():
                yield 0, FINDING, ""
            elif self.groups and {item.text.casefold() for item in self.items} & _OF_TRIALS:
                yield 0, TRIAL, ""
            elif len(self.groups) == 1:
                yield 0, self.groups[0].class_iri, ""
            else:
                yield 50, TRIAL, ""
            return
        if head.kind == "class":
            yield 0, head.value, ""
        else:
            named = {group.class_iri for group in self.groups}
            for iri in head.value:
                property_ = self.schema.properties[iri]
                domain = FINDING if property_.domain == KG + "Observation" else property_.domain
                if property_.is_literal:
                    for class_iri in sorted(named) if domain == THING else [domain]:
                        yield 0, class_iri, iri
                else:
                    ends = [property_.range, domain]
                    if named_class(property_.range) in named and named_class(domain) not in named:
                        ends.reverse()
                    for number, end in enumerate(ends):
                        if end not in (THING, KG + "Sourced"):
                            yield number * 150, end, ""
        for record in records:
            if record != head.value:
                yield 150, record, ""

    def _is_existential(self) -> bool:
        """Say whether "are there" or "any" asks whether something of a class exists."""
        words = [item.text.casefold() for item in self.items[:5]]
        before = self.groups[0].place if self.groups else len(self.items)
        return ("there" in words or "any" in words) and bool(
            self.head and (self.head.place < before or "there" in words)
        )

    def _texts(self) -> list[_Item]:
        return [item for item in self.items if item.kind == "text"]

    def _hubs(self, wanted: str, records: list[str]) -> Iterator[tuple[int, str]]:
        """Yield the classes that the constraints can hang on."""
        if wanted in RECORDS:
            yield 0, wanted
            return
        counted = self._counted(wanted)
        if counted and not records:
            yield 0, counted
            return
        if records:
            yield from ((0, record) for record in records)
            return
        yield 0, named_class(wanted)
        if any(group.class_iri == _PRODUCT for group in self.groups) and wanted not in (_PRODUCT, _ORGANIZATION):
            yield 2 * _HOP, ADMINISTRATION

    def _counted(self, wanted: str) -> str:
        """Return the class whose things are counted for each wanted thing: they are what is constrained."""
        most = [item for item in self.orders if item.value in ("most", "fewest")]
        if not (most or self._has("per")) or named_class(wanted) == TRIAL or wanted in RECORDS:
            return ""
        if most and self._numeric_after(most[0]):
            return ""
        start = most[0].place if most else 0
        nouns = [item for item in self.items[start:] if item.kind == "class" and item != self.head]
        counted = nouns[0].value if nouns else TRIAL
        return "" if counted in RECORDS or named_class(counted) == named_class(wanted) else named_class(counted)

    def _joined(self, wanted: str, hub: str, value: str) -> tuple[int, Reading] | None:
        """Join all that is mentioned to the hub."""
        self.used = set()
        needs = self._needs(wanted, hub)
        to_wanted: list[Path] = []
        if named_class(wanted) != hub:
            to_wanted = self.joins.between(hub, named_class(wanted), list(needs.values()))
            if not to_wanted:
                return None
        subject = self._subject(wanted, value)
        cost = 50 if to_wanted else 20 if hub in RECORDS else 0
        if self._has("compare") and to_wanted and hub in RECORDS:
            cost += 2 * _HOP  # a comparison is of what was found, not of things
        constraints: list[Constraint] = []
        for group in self.groups:
            if subject and subject in group.things:
                continue
            paths = self.joins.between(hub, group.class_iri, self._near(group, needs))
            if not paths:
                return None
            constraint = Constraint(paths, group.things, group.negated or group.place in self.negated)
            constraints.append(constraint)
            cost += _HOP * (min(map(len, paths)) if hub not in RECORDS else 1)
        constraints = self._exclusive(self._detoured(hub, constraints, needs, to_wanted))
        explained = {
            name
            for paths in [to_wanted, *(item.paths for item in constraints)]
            for path in paths
            for name in names(path)
        }
        conditions = self._conditions(wanted, hub, constraints)
        if conditions is None:
            return None
        order, extras = self._order(wanted, hub), self._extras(wanted, hub, value)
        explained |= {name for path in (order.counted if order else ()) for name in names(path)}
        with_topic = hub in RECORDS and any(map(_is_topic, constraints))
        for place, need in needs.items():
            if need & explained or place in self.used or value in need:
                cost -= bool(need & explained)
                continue
            if with_topic and self.items[place].kind == "class":
                cost += 80
                continue
            if self.items[place].text.casefold() in LIGHT:
                cost += 60
                continue
            existing = self._existing(hub, need, place)
            if not existing:
                if place in self.negated and self._is_of_aspects(need):
                    continue  # what is not disclosed is none of the things that are asked for
                return None
            cost += 40
            if isinstance(existing, Constraint):
                constraints.append(existing)
            else:
                conditions.append(existing)
        compares = self._compares(constraints)
        if compares is not None:
            constraints.append(constraints.pop(compares))
        sums = self._has("sum") and bool(value) and self._is_number(value)
        counts = self._has("count") and not order and wanted not in RECORDS and not value
        per = self._has("per") and bool(order or counts)
        if per or (order and order.counted):
            counts = False
        if self.asks and not (constraints or conditions or value):
            return None
        if self.asks and wanted not in RECORDS and not subject and not self._is_existential():
            return None
        reading = Reading(
            self.schema,
            wanted,
            hub,
            to_wanted,
            subject,
            value,
            constraints,
            conditions,
            extras,
            counts,
            self.asks,
            order,
            per,
            compares is not None,
            self._has("compare"),
            sums=sums,
            listed=self.listed,
        )
        return cost, reading

    def _near(self, group: _Group, needs: dict[int, set[str]]) -> list[set[str]]:
        """Return what explains the mentions that belong to a thing: classes, and the properties next to it."""
        places = sorted(other.place for other in self.groups)
        found = []
        for place, need in needs.items():
            after = next((other for other in places if other > place), None)
            before = next((other for other in reversed(places) if other < place), None)
            is_near = group.place in (after, before) and (after is None or group.place == after or before is None)
            ends = [self.schema.properties[iri] for iri in need if iri in self.schema.properties]
            is_near &= any(group.class_iri in (named_class(it.domain), named_class(it.range)) for it in ends)
            if self.items[place].kind == "class" or is_near or len(places) == 1:
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
            if need & explained or self.items[place].kind != "property" or self._literal(need):
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

    def _is_number(self, iri: str) -> bool:
        return self.schema.properties[iri].range.rpartition("#")[2] in ("integer", "decimal")

    def _needs(self, wanted: str, hub: str) -> dict[int, set[str]]:
        """Return what explains each mention of a property or class, by its place."""
        found: dict[int, set[str]] = {}
        for item in self.items:
            if item.kind == "property":
                found[item.place] = set(item.value)
            elif item.kind == "class" and named_class(item.value) not in (named_class(wanted), hub):
                found[item.place] = {named_class(item.value)}
        return found

    def _subject(self, wanted: str, value: str) -> Entry | None:
        """Return the one thing of the wanted class that is asked about."""
        if not (self.asks or value) or (self.asks and self._is_existential()):
            if self.head is not None or wanted in RECORDS:
                return None
        first = next((group for group in self.groups if group.class_iri == named_class(wanted)), None)
        if first is None or len(first.things) > 1 or first.negated or wanted in RECORDS:
            return None
        if self.asks and self.groups[0] != first:
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

    def _conditions(self, wanted: str, hub: str, constraints: list[Constraint]) -> list[Condition] | None:
        """Return what the numbers, dates, values and words of the question ask, or None if one cannot be asked."""
        found: list[Condition] = []
        for item in sorted(self.items, key=lambda item: item.kind == "text"):  # numbers take their units first
            if item.kind == "value":
                condition = self._of_value(hub, *item.value)
            elif item.kind == "text" and item.place not in self.used:
                condition = self._of_name(item.text, constraints) or self._of_text(hub, item.text)
            elif item.kind == "date" and item.place not in self.used:
                condition = self._of_date(hub, item)
            elif item.kind == "number" and item.place not in self.used:
                condition = self._of_number(wanted, hub, item)
                if item.place in self.used and condition is None:
                    continue
            else:
                continue
            if condition is None:
                return None
            if condition is _NOTHING:
                continue
            found.append(condition._replace(negated=item.place in self.negated))
        return _merged(found)

    def _to(self, hub: str, domain: str) -> list[Path]:
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
        paths = self._to(hub, self.schema.properties[property_iri].domain)
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
        for class_iri in dict.fromkeys(class_iri for class_iri, _ in where):
            paths = self.joins.between(hub, class_iri)
            if paths and min(map(len, paths)) == 1:
                near = [path for path in paths if len(path) == 1]
                return Condition(near, [iri for other, iri in where if other == class_iri], "has word", word)
        return None

    def _of_date(self, hub: str, item: _Item) -> Condition | None:
        owner = EVENT if hub == EVENT else TRIAL
        paths = self._to(hub, owner)
        if not paths:
            return None
        words = [other.value for other in self._before(item) if other.kind == "operator"]
        after = [other for other in self.items[item.place + 1 :] if other.kind != "connector"][:2]
        is_range = any(
            other.text.casefold() in ("to", "and", "until", "through", "before", "-")
            for other in self.items[item.place + 1 : item.place + 2]
        )
        second = next((other for other in after if other.kind == "date"), None)
        first = item.value
        if second and first.startswith("-"):
            first = second.value[:4] + first
        span: tuple[str, str] = (first, _after(first))
        if second and is_range and not words:
            self.used.add(second.place)
            span = (first, _after(second.value))
        elif "before" in words:
            span = ("", first)
        elif "after" in words:
            span = (_after(first), "9999")
        elif "since" in words or any(other.value == "or later" for other in after):
            span = (first, "9999")
        elif any(other.value == "or earlier" for other in after):
            span = ("", _after(first))
        self.used.add(item.place)
        self._use_property(_DATES[owner])
        return Condition(paths, [_DATES[owner]], "dated", span)

    def _before(self, item: _Item) -> list[_Item]:
        """Return what stands before a place, as far as the next mention: the operators that bear on it."""
        found = []
        for other in reversed(self.items[: item.place]):
            if other.kind not in ("connector", "operator", "text"):
                break
            found.append(other)
        return found[::-1]

    def _use_property(self, iri: str) -> None:
        """Take the mentions of a property as explained."""
        self.used |= {item.place for item in self.items if item.kind == "property" and iri in item.value}

    def _of_number(self, wanted: str, hub: str, item: _Item) -> Condition | None:
        before = self.items[item.place - 1] if item.place else None
        after = self.items[item.place + 1 : item.place + 3]
        if before and before.kind == "operator" and before.value in ("most", "latest", "earliest", "highest", "lowest"):
            self.used.add(item.place)
            return None
        if self.orders and after and after[0] in self.orders:
            self.used.add(item.place)
            return None
        sign = _SIGNS.get(before.value, "") if before and before.kind == "operator" else ""
        if hub == FINDING and item.value != int(item.value):  # a dose level, by which arms are named
            self.used |= {other.place for other in after if other.text.casefold() in ("mg", "kg", "µg", "ug")}
            paths = self.joins.between(FINDING, ARM)
            return Condition([path for path in paths if len(path) == 1], list(NAMES), "has word", item.text)
        if hub == FINDING and after and after[0].text.casefold().rstrip("s") in _SPANS:
            self.used.add(after[0].place)
            said = f"{item.value:g} {after[0].text.casefold().rstrip('s')}"
            return Condition([()], [KG + "timePoint", KG + "inWords"], "has word", said)
        if after and after[0].kind == "operator" and after[0].value in ("or more", "or fewer"):
            sign = _SIGNS[after[0].value]
        noun = next((other for other in after if other.kind == "class"), None)
        if sign and noun and named_class(noun.value) not in (named_class(wanted), hub):
            self.used.add(item.place)
            return None
        value: Any = item.value
        second = next((other for other in after if other.kind == "number"), None)
        words = [other.text.casefold() for other in self.items[item.place - 1 : item.place + 2]]
        if second and words[0] in ("between", "from") and words[-1] in ("and", "to"):
            self.used.add(second.place)
            sign, value = "within", (item.value, second.value)
        if hub in RECORDS:
            if sign:
                return Condition([()], [KG + "value" if hub == FINDING else KG + "dose"], sign, value)
            numeric = ("value", "count", "outOf", "lowerBound", "upperBound", "dose", "numberOfDoses")
            return Condition([()], [KG + name for name in numeric], "=", item.value)
        mentioned = [iri for other in self.items if other.kind == "property" for iri in other.value]
        for iri in [*mentioned, *([_SIZES[hub]] if hub in _SIZES else [_SIZES[TRIAL]])]:
            property_ = self.schema.properties[iri]
            if property_.is_literal and property_.range.rpartition("#")[2] in ("integer", "decimal"):
                paths = self._to(hub, property_.domain)
                if paths:
                    self._use_property(iri)
                    return Condition(paths, [iri], sign or "=", value)
        return None

    def _order(self, wanted: str, hub: str) -> Order | None:
        """Return which rows a superlative wants, or what a count is compared with."""
        limit = self._limit(wanted, hub)
        if limit:
            return limit
        if (
            self._has("when")
            and self.orders
            and self.orders[0].value in ("latest", "earliest")
            and not self._asks_year()
        ):
            if any(group.class_iri in (TRIAL, _PRODUCT) for group in self.groups):
                return None
        if hub == self._counted(wanted):
            item = next((it for it in self.orders if it.value in ("most", "fewest")), None)
            numbers = [it for it in self.items if it.kind == "number" and item and abs(it.place - item.place) == 1]
            most = int(numbers[0].value) if numbers else self._singular(wanted) if item else 0
            self.used |= {it.place for it in [*numbers, *self.items] if it.kind == "class" and it.value == hub}
            self.used |= {it.place for it in numbers}
            return Order([()], None, not item or item.value == "most", most)
        if not self.orders or (hub == FINDING and self.orders[0].value in ("latest", "earliest")):
            return self._per(wanted, hub) or self._first_dated(wanted, hub)
        item = self.orders[0]
        if self._asks_year() and item.value in ("most", "fewest") and hub == TRIAL:
            self._use_property(_DATES[TRIAL])
            return Order([], Condition([()], [_DATES[TRIAL]], "exists", None), item.value == "most", 1, ("year", 0))
        descending = item.value in ("most", "highest", "latest")
        numbers = [self.items[place] for place in (item.place - 1, item.place + 1) if 0 <= place < len(self.items)]
        most = next((int(other.value) for other in numbers if other.kind == "number"), 0) or self._singular(wanted)
        if item.value in ("latest", "earliest"):
            owner = EVENT if hub == EVENT else TRIAL
            paths = self._to(hub, owner)
            self._use_property(_DATES[owner])
            return Order([], Condition(paths, [_DATES[owner]], "exists", None), descending, most) if paths else None
        literal = self._numeric_after(item)
        if literal is None and (item.value in ("highest", "lowest") or hub in RECORDS):
            literal = _AMOUNTS.get(hub) or (_SIZES.get(hub, _SIZES[TRIAL]))
        if literal:
            paths = self._to(hub, self.schema.properties[literal].domain)
            self._use_property(literal)
            if not paths:
                return None
            return Order([], Condition(paths, [literal], "exists", None), descending, most)
        noun = next((other for other in self.items[item.place :] if other.kind == "class" and other != self.head), None)
        counted = noun.value if noun else TRIAL
        if noun is None and named_class(wanted) == TRIAL:
            return Order([], Condition([()], [_SIZES[TRIAL]], "exists", None), descending, most)
        if noun:
            self.used.add(noun.place)
        paths = self.joins.between(named_class(wanted), named_class(counted), self._all_needs())
        return Order(paths, None, descending, most) if paths else None

    def _asks_year(self) -> bool:
        return any(item.kind == "operator" and item.value == "when" and "year" in item.text for item in self.items)

    def _all_needs(self) -> list[set[str]]:
        return [set(item.value) for item in self.items if item.kind == "property"]

    def _singular(self, wanted: str) -> int:
        """Return 1 if the question asks for one thing, 5 if for several."""
        if self.head is None or self.head.kind != "class":
            return 1
        return 5 if self.head.text.casefold().endswith("s") and not self.head.text.casefold().endswith("ss") else 1

    def _numeric_after(self, order: _Item) -> str | None:
        """Return the number that a superlative speaks of."""
        for item in self.items[order.place :]:
            if item.kind == "property":
                for iri in item.value:
                    property_ = self.schema.properties[iri]
                    if property_.is_literal and property_.range.rpartition("#")[2] in ("integer", "decimal"):
                        return iri
        return None

    def _limit(self, wanted: str, hub: str) -> Order | None:
        """Return the number that a count of things is compared with: "with more than 3 trials"."""
        if hub in RECORDS:
            return None
        for item in self.items:
            if item.kind != "number" or not item.place:
                continue
            before = self.items[item.place - 1]
            after = self.items[item.place + 1 : item.place + 3]
            sign = _SIGNS.get(before.value, "") if before.kind == "operator" else ""
            if after and after[0].kind == "operator" and after[0].value in ("or more", "or fewer"):
                sign = _SIGNS[after[0].value]
            noun = next((other for other in after if other.kind == "class"), None)
            if sign and noun and named_class(noun.value) not in (named_class(wanted), hub):
                paths = self.joins.between(named_class(wanted), named_class(noun.value), self._all_needs())
                self.used |= {item.place, noun.place}
                return Order(paths, None, True, 0, (sign, item.value)) if paths else None
        return None

    def _per(self, wanted: str, hub: str) -> Order | None:
        """Return the count that is asked for each thing."""
        if not self._has("per"):
            return None
        noun = next((item for item in self.items if item.kind == "class" and item != self.head), None)
        counted = noun.value if noun else TRIAL
        if named_class(counted) == named_class(wanted):
            return None
        if noun:
            self.used.add(noun.place)
        paths = self.joins.between(named_class(wanted), named_class(counted), self._all_needs())
        return Order(paths, None, True, 0) if paths else None

    def _first_dated(self, wanted: str, hub: str) -> Order | None:
        """Read "which trial was first posted" as the earliest, where nothing says a day or a trial."""
        for item in self.items:
            if item.kind == "property" and item.text.casefold().startswith("first") and self.head:
                is_dated = any(other.kind == "date" for other in self.items)
                named = any(group.class_iri == TRIAL for group in self.groups)
                if hub == TRIAL and wanted == TRIAL and not (is_dated or named) and self.head.kind == "class":
                    self._use_property(_DATES[TRIAL])
                    return Order([], Condition([()], [_DATES[TRIAL]], "exists", None), False, 1)
        return None

    def _extras(self, wanted: str, hub: str, value: str) -> list[tuple[list[Path], str, str]]:
        """Return what else is asked of each thing: a second "which X", or the name of a number."""
        found: list[tuple[list[Path], str]] = []
        if wanted in RECORDS and hub == wanted:
            numeric = ()
        asked = {
            item.place for item in self.items if item.kind == "operator" and item.value in ("which", "who", "when")
        }
        for item in self.items:
            if item == self.head or item.place in self.used:
                continue
            if item.kind == "property":
                literal = [iri for iri in item.value if self.schema.properties[iri].is_literal and iri != value]
                for iri in literal:
                    paths = self._to(hub, self.schema.properties[iri].domain)
                    if paths and item.place not in self.negated and not self._exists_only(item):
                        found.append((paths, iri))
                        self.used.add(item.place)
                        break
                objects = [
                    self.schema.properties[iri] for iri in item.value if not self.schema.properties[iri].is_literal
                ]
                beside = self._before(item)
                if objects and any(other.value in ("which", "who") for other in beside) and item.place not in self.used:
                    for property_ in objects:
                        ends = {
                            named_class(property_.domain): property_.range,
                            named_class(property_.range): property_.domain,
                        }
                        if hub in ends and ends[hub] != THING and named_class(ends[hub]) != hub:
                            paths = self.joins.between(hub, named_class(ends[hub]), [{property_.iri}])
                            paths = [path for path in paths if property_.iri in names(path)]
                            if paths:
                                found.append((paths, ends[hub]))
                                self.used.add(item.place)
                                break
            elif item.kind == "class" and any(
                start < item.place and not self._between_nouns(start, item.place) for start in asked
            ):
                if named_class(item.value) in (named_class(wanted), hub):
                    continue
                paths = self.joins.between(hub, named_class(item.value), self._all_needs())
                if paths:
                    found.append((paths, item.value))
                    self.used.add(item.place)
        if any(item.kind == "operator" and item.value == "when" for item in self.items) and not value:
            owner = EVENT if hub == EVENT else TRIAL
            if paths := self._to(hub, owner):
                found.append((paths, _DATES[owner]))
        aspects = self.vocabulary.aspects() if hub == TRIAL else {}
        return [(paths, asked, aspects[asked].iri if asked in aspects else "") for paths, asked in found]

    def _exists_only(self, item: _Item) -> bool:
        """Say whether a literal is mentioned as something that is there: "with published results"."""
        return self.schema.properties[item.value[0]].range.endswith("string")

    def _between_nouns(self, start: int, end: int) -> bool:
        return any(item.kind in ("class", "property") for item in self.items[start + 1 : end])

    def _existing(self, hub: str, need: set[str], place: int) -> Constraint | Condition | None:
        """Return that something of a class, or a value of a property, is there at all."""
        negated = place in self.negated
        for iri in sorted(need):
            if iri in self.schema.properties:
                property_ = self.schema.properties[iri]
                if property_.is_literal:
                    paths = self._to(hub, property_.domain)
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
        return all(iri in self.schema.properties and self.schema.properties[iri].range == _ASPECT for iri in need)

    def _compares(self, constraints: list[Constraint]) -> int | None:
        """Return the constraint whose alternatives are compared by their counts."""
        if not (self._has("more") or self._has("compare")):
            return None
        return next((number for number, item in enumerate(constraints) if len(item.things) > 1), None)


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
