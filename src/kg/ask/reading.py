"""From mentions to a reading: what is wanted, of which things, joined how.

A phrase can mean several things; each choice is a candidate, and the reading
that explains every mention with the shortest joins wins. Nothing is dropped: a
candidate that leaves a mention unexplained is no reading at all.
"""

from __future__ import annotations

from itertools import islice, product
from typing import TYPE_CHECKING, Any, NamedTuple

from kg.ask.joins import HOP, MOST_HOPS, Choice, Constraint, is_within_class, join
from kg.ask.words import split
from kg.errors import nearest
from kg.lexicon import Entry
from kg.namespaces import KG, named_class

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kg.ask.words import Mention, Vocabulary, Word
    from kg.schema import Property, Schema

__all__ = ["NotUnderstood", "Reading", "read"]

_MOST_CANDIDATES = 500
_MOST_READINGS = 4
_COUNTS = (("how", "many"), ("number", "of"), ("count",))
_LOGIC = frozenset("not no nor neither or without except other than more less fewer most least before after".split())
_QUANTIFIERS = frozenset(["all", "both"])  # harmless in a list, but not in a yes-or-no question
_YES_NO = frozenset(["is", "are", "does", "do", "did", "has", "have", "was", "were", "can"])


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


class Reading(NamedTuple):
    """What a question means.

    Attributes:
        wanted: the class of the things that are asked for.
        subject: the one thing that is asked about, by a yes-or-no question or for a value of it.
        value: the literal property whose value is asked for.
        constraints: what the wanted things must be joined to, all of it.
        counts: whether their number is asked for.
        schema: the ontology, for the words.
    """

    wanted: str
    subject: Entry | None
    value: Property | None
    constraints: list[Constraint]
    counts: bool
    schema: Schema


def read(vocabulary: Vocabulary, schema: Schema, question: str) -> list[Reading]:
    """Read a question.

    Args:
        vocabulary: the phrases that mean something.
        schema: the ontology.
        question: plain English.

    Returns:
        The best reading; several, where a name can mean things that fit as well.

    Raises:
        NotUnderstood: if a word is unknown, or no reading explains every mention.
    """
    words = split(question)
    counts = _take_count(words)
    mentions, unknown = vocabulary.mentions(words)
    alternatives = _alternatives(words, mentions, unknown)
    asks_yes_no = bool(words) and words[0].text.casefold() in _YES_NO
    unknown += [place for place, word in enumerate(words) if asks_yes_no and word.text.casefold() in _QUANTIFIERS]
    if unknown:
        raise _unknown_words(vocabulary, [words[place] for place in unknown])
    if not mentions:
        raise NotUnderstood("not_understood", "I find nothing in the question that the graph has a word for.")
    readings = [
        scored
        for choice in islice(_choices(mentions, schema), _MOST_CANDIDATES)
        for scored in _readings(schema, choice, alternatives, counts, asks_yes_no)
    ]
    if not readings:
        names = ", ".join(f"'{mention.text}'" for mention in mentions)
        raise NotUnderstood("not_in_graph", f"The graph has no relation that joins {names}.")
    lowest = min(cost for cost, _ in readings)
    return [reading for cost, reading in readings if cost == lowest][:_MOST_READINGS]


def _take_count(words: list[Word]) -> bool:
    """Remove the words that ask for a number, and say whether there were any."""
    for phrase in _COUNTS:
        for place in range(len(words) - len(phrase) + 1):
            if tuple(word.text.casefold() for word in words[place : place + len(phrase)]) == phrase:
                del words[place : place + len(phrase)]
                return True
    return False


def _alternatives(words: list[Word], mentions: list[Mention], unknown: list[int]) -> set[int]:
    """Return the mentions that an "or" ties to the one before; the "or" is explained by that.

    Raises:
        NotUnderstood: if things of one kind stand side by side, so that "and" and
            "or" cannot be told apart.
    """
    tied, side_by_side = set(), set()
    for number in range(1, len(mentions)):
        before, after = mentions[number - 1 : number + 1]
        if not _kinds(before) & _kinds(after) or before.meaning.classes or after.meaning.classes:
            continue
        between = [word.text.casefold() for word in words[before.end : after.start]]
        if between == ["or"]:
            tied.add(number)
            unknown.remove(before.end)
        elif not between:
            side_by_side.add(number)
    for number in sorted(side_by_side, reverse=True):  # "A, B or C"
        if number + 1 not in tied:
            names = f"'{mentions[number - 1].text}' and '{mentions[number].text}'"
            raise NotUnderstood("not_understood", f"{names} stand side by side: say 'and' or 'or' between them.")
        tied.add(number)
    return tied


def _kinds(mention: Mention) -> set[str]:
    """Return the classes of the things that a mention can be."""
    return {entry.class_iri for entry in mention.meaning.things}


def _unknown_words(vocabulary: Vocabulary, unknown: list[Word]) -> NotUnderstood:
    texts = [word.text for word in unknown]
    hints = [f"'{text}'{nearest(text, vocabulary.names)}" for text in texts]
    if all(_looks_like_a_name(text) for text in texts):
        return NotUnderstood("not_in_graph", f"Not in the graph: {'; '.join(hints)}.", texts)
    return NotUnderstood("not_understood", f"I do not know the word {'; nor '.join(hints)}.", texts)


def _looks_like_a_name(text: str) -> bool:
    return any(sign.isdigit() for sign in text) or (text != text.lower() and text.casefold() not in _LOGIC)


def _choices(mentions: list[Mention], schema: Schema) -> Iterator[Choice]:
    """Yield every way to take each mention as a thing, a class or a property.

    A thing that is named like a class, such as the aspect "target", is meant only
    where a property that leads to it is mentioned too.
    """
    mentioned = [schema.properties[iri] for mention in mentions for iri in mention.meaning.properties]
    reached = {property_.range for property_ in mentioned}
    options: list[list[tuple[str, Any]]] = []
    for number, mention in enumerate(mentions):
        things = [
            ("thing", (number, entry))
            for entry in mention.meaning.things
            if not mention.meaning.classes or entry.class_iri in reached
        ]
        classes = [("class", iri) for iri in mention.meaning.classes]
        properties = [("property", mention.meaning.properties)] if mention.meaning.properties else []
        options.append([*classes, *things, *properties])
    for picked in product(*options):
        taken: dict[str, list[Any]] = {"thing": [], "class": [], "property": []}
        for kind, value in picked:
            taken[kind].append(value)
        verbs = sum(
            kind == "property" and bool(mention.meaning.classes)
            for (kind, _), mention in zip(picked, mentions, strict=True)
        )
        order = [
            (number, mention.text)
            for number, ((kind, _), mention) in enumerate(zip(picked, mentions, strict=True))
            if kind == "property"
        ]
        yield Choice(taken["thing"], taken["class"], taken["property"], order, verbs)


def _readings(
    schema: Schema, choice: Choice, tied: set[int], counts: bool, asks_yes_no: bool
) -> Iterator[tuple[int, Reading]]:
    """Yield the readings of a choice with their costs."""
    groups = _groups(choice, tied)
    if asks_yes_no or not (choice.classes or choice.properties):
        if groups and not counts and (asks_yes_no or len(groups) == 1) and _is_of_one_thing(schema, choice, groups):
            first = groups[0][0]
            if scored := join(schema, first.class_iri, choice, groups[1:]):
                yield scored[0], Reading(first.class_iri, first, None, scored[1], False, schema)
        return
    mentioned = [schema.properties[iri] for iris in choice.properties for iri in iris]
    values = [property_ for property_ in mentioned if property_.is_literal]
    named = [] if values else choice.classes[:1]
    for wanted in dict.fromkeys([*named, *(end for property_ in mentioned for end in _ends(property_))]):
        value = next((property_ for property_ in values if property_.domain == wanted), None)
        subject = next((things[0] for things in groups if value and things[0].class_iri == wanted), None)
        others = [things for things in groups if subject not in things]
        scored = join(schema, named_class(wanted), choice, others)
        if scored and (value or not values) and not (counts and value and not subject):
            far = MOST_HOPS * HOP if named and wanted != named[0] else 0
            yield scored[0] + far, Reading(wanted, subject, value, scored[1], counts and not value, schema)


def _is_of_one_thing(schema: Schema, choice: Choice, groups: list[list[Entry]]) -> bool:
    """Say whether a yes-or-no question is about its first thing alone, and not about things of a class."""
    subject, *more = groups[0]
    alike = any(things[0].class_iri == subject.class_iri for things in groups[1:])
    related = any(is_within_class(schema.properties[iri]) for iris in choice.properties for iri in iris)
    products = subject.class_iri == KG + "Product" and bool(choice.properties)
    classes = {named_class(iri) for iri in choice.classes}
    allowed = not alike or related or (products and len(groups) == 2)
    return not more and allowed and classes <= {subject.class_iri}


def _groups(choice: Choice, tied: set[int]) -> list[list[Entry]]:
    """Return the things of a choice, those together that an "or" ties."""
    groups: list[list[Entry]] = []
    for number, entry in choice.things:
        if number in tied and groups and groups[-1][-1].class_iri == entry.class_iri:
            groups[-1].append(entry)
        else:
            groups.append([entry])
    return groups


def _ends(property_: Property) -> list[str]:
    """Return the classes that a question can want by naming a property alone."""
    return [property_.domain] if property_.is_literal else [property_.range, property_.domain]
