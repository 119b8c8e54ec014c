"""The shape of a sentence: what it asks for, the things in it and how "or" and "not" bear on them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kg.ask.english import SORTS, YES_NO
from kg.ask.joins import ADMINISTRATION, EVENT, FINDING, RECORDS
from kg.ask.ranks import ORDERS, ranked
from kg.model.iris import KG

if TYPE_CHECKING:
    from kg.ask.choices import Item
    from kg.model.schema import Schema
    from kg.query.thing_names import Entry

__all__ = ["RECORD_OF", "Group", "Sentence"]

# the class of a thing -> the record that it is told in
RECORD_OF = {"Measure": FINDING, "AdverseEvent": FINDING, "RegulatoryEventKind": EVENT}
_RECORD_OF_DOMAIN = {
    "Observation": FINDING,
    "Administration": ADMINISTRATION,
    "RegulatoryEvent": EVENT,
}
_CONTEXT = {KG + name for name in ("Product", "Organization", "ClinicalTrial", "Phase")}
_PATIENTS = frozenset("patients people subjects participants persons".split())
_OF_KIND = {KG + "ProductKind": KG + "Product", KG + "ModificationKind": KG + "GeneticModification"}
_SIGNS = {"greater": ">", "less": "<", "at least": ">=", "at most": "<=", "or more": ">=", "or fewer": "<="}
_SEVERAL = 5


class Group(NamedTuple):
    """Things of one class that an "or" ties, or one."""

    things: list[Entry]
    negated: bool
    place: int

    @property
    def class_iri(self) -> str:
        """The class of the things."""
        return self.things[0].class_iri


class Sentence:
    """One choice of meanings, parted into what is asked for and what it is asked of.

    Attributes:
        items: the parts, in their order.
        asks: whether it can be answered with yes or no.
        orders: its superlatives.
        rank: the place that they want, 2 for what comes second.
        head: the class or property that names what is asked for.
        groups: its things.
        negated: the places of what is denied.
        listed: whether things of one class are listed with "and" or a comma.
        loose: whether an "or" parts what is not alike.
        used: the places that are explained by now.
    """

    def __init__(self, schema: Schema, items: list[Item]) -> None:
        self.schema = schema
        self.rank, self.items = ranked(items)
        self.asks = bool(items) and items[0].text.casefold() in YES_NO and not self.has("more") and not self._goes_on()
        self.used: set[int] = set()
        self.orders = [item for item in self.items if item.kind == "operator" and item.value in ORDERS]
        self.head = self._head()
        self.listed = self.loose = False
        self.groups, self.negated = self._groups()

    def has(self, operator: str) -> bool:
        """Say whether an operator is used."""
        return any(item.kind == "operator" and item.value == operator for item in self.items)

    def _goes_on(self) -> bool:
        """Say whether a comma and a question follow: "is anyone after DLL3, which trial"."""
        pairs = zip(self.items, self.items[1:], strict=False)
        return any(one.comma and two.kind == "operator" and two.value in ("which", "who") for one, two in pairs)

    def _head(self) -> Item | None:
        """Return the class or property that names what is asked for.

        It is the noun after the question word: the first class before a word that
        ends the phrase, or else the first property; where there is none, the first
        class or property of the question.
        """
        starts = [
            item.place
            for item in self.items
            if item.kind == "operator" and item.value in ("which", "count", "patients", "who", "when", "per")
        ]
        if before := self._told_before(starts):
            return before
        pers = [item.place for item in self.items if item.kind == "operator" and item.value == "per"]
        for start in [*pers, *(starts or [0])]:
            found, kind, topic = None, None, False
            has_begun = False
            for item in self.items[start:]:
                if item.kind == "class":
                    return item
                if item.kind == "property":
                    found = found or item
                if item.kind == "things" and item.value[0].class_iri.removeprefix(KG) in RECORD_OF and not found:
                    topic = True
                if item.kind == "things" and item.value[0].class_iri in _OF_KIND:
                    kind = item._replace(kind="class", value=_OF_KIND[item.value[0].class_iri])
                if item.kind in ("connector", "operator") and has_begun:
                    break
                has_begun = has_begun or item.kind in ("things", "property", "value", "text")
            if kind and not found:  # "which antibody": the noun is a kind of what is asked for
                return kind
            if found or topic:  # a measure or an adverse event that is named is what is asked of
                return found
            if start in pers:
                continue
            if self.items[start].value in ("count", "patients") and self.records():
                return None
            break
        return next((item for item in self.items if item.kind in ("class", "property")), None)

    def _told_before(self, starts: list[int]) -> Item | None:
        """Return the noun that is told before or beside what asks: a sort, the start of a clause, what is counted."""
        for before, item in zip(self.items, self.items[1:], strict=False):  # "cancer types", "types of cancer"
            if before.kind == "things" and item.text.casefold() in SORTS and before.value[0].class_iri not in _CONTEXT:
                return before._replace(kind="class", value=before.value[0].class_iri)
        colon = next((item.place for item in self.items if item.comma == ":"), 0)
        nouns = [item for item in self.items[: colon + 1] if item.kind == "class"]
        if colon and len(nouns) == 1 and any(item.place > colon for item in self.items if item.kind != "connector"):
            return nouns[0]  # "the product with an HLA-E knock-in: who makes it?"
        if (counted := self._counted_more()) is not None:
            return counted
        if (
            self.orders and starts
        ):  # "biggest trial by enrolment? who sponsors it", "top 3 sponsors by number of trials"
            between = self.items[self.orders[0].place + 1 : starts[0]]
            by = next((place for place, item in enumerate(between) if item.text.casefold() == "by"), None)
            kinds = ("class",) if by is None else ("class", "property")
            if nouns := [item for item in between[:by] if item.kind in kinds]:
                return nouns[0]
        relative = self._before_relative()
        is_each = "per" in {item.value for item in self.items if item.kind == "operator"}
        return None if is_each else relative

    def _counted_more(self) -> Item | None:
        """Return the class that alternatives are compared by: trials in "which source has more trials, A or B"."""
        classes = [item for item in self.items if item.kind == "class"]
        named = [item.value[0].class_iri for item in self.items if item.kind == "things"]
        for item, after in zip(self.items, self.items[1:], strict=False):
            if item.kind == "operator" and item.value in ("more", "most", "fewest") and after.kind == "class":
                sides = [other for other in classes if other != after and named.count(other.value) > 1]
                if sides:
                    self.used |= {other.place for other in sides}
                    return after
        return None

    def _before_relative(self) -> Item | None:
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

    def _groups(self) -> tuple[list[Group], set[int]]:
        """Return the things, those together that "or" ties, and the places of what is denied."""
        groups: list[Group] = []
        denied: set[int] = set()
        negated, has_or = False, False
        for item in self.items:
            if item.kind == "operator":
                has_or |= item.value == "or"
                ends = item.value == "and" and not self._lists_alike(item.place)
                negated = item.value == "not" or (negated and not ends)
                continue
            if item.kind == "things" and not (groups and item.value == groups[-1].things[-1:]):  # not "GPC3 (GPC3)"
                self._group(groups, item, negated=negated, has_or=has_or)
            if negated and item.kind in ("things", "class", "value", "text", "property"):
                denied.add(item.place)
                # "do not target BCMA" denies BCMA, whether "target" is taken as a verb or as a noun
                following = self.items[item.place + 1 : item.place + 2]
                is_before_name = item.kind == "class" and any(other.kind == "things" for other in following)
                negated = item.kind == "property" or is_before_name
            has_or &= item.kind in ("connector", "property", "class")
        return self._with_commas(groups), denied

    def _lists_alike(self, place: int) -> bool:
        """Say whether an "and" stands between things of one class: "besides A and B" denies both."""
        near = self.items[place - 1 : place + 2]
        return (
            len(near) == 3
            and near[0].kind == near[2].kind == "things"
            and (near[0].value[0].class_iri == near[2].value[0].class_iri)
        )

    def _group(self, groups: list[Group], item: Item, *, negated: bool, has_or: bool) -> None:
        """Add things to those before that an "or" ties them to, or as a group of their own."""
        things = list(item.value)
        last = groups[-1] if groups else None
        if last:
            between = self.items[last.place + 1 : item.place]
            is_alike = last.class_iri == things[0].class_iri
            is_adjacent = all(other.kind in ("connector", "operator") for other in between)
            has_sign = any(other.value == "and" for other in between) or self.items[last.place].comma in (",", ";")
            self.listed |= is_alike and is_adjacent and has_sign
            if has_or and is_alike and not self._between(last.place, item.place):
                groups[-1] = Group([*last.things, *things], last.negated, item.place)
                return
            self.loose |= has_or
        groups.append(Group(things, negated, item.place))

    def _between(self, start: int, end: int) -> bool:
        """Say whether anything but connectors and "or" stands between two places."""
        return any(
            item.kind != "connector" and not (item.kind == "operator" and item.value == "or")
            for item in self.items[start + 1 : end]
        )

    def _with_commas(self, groups: list[Group]) -> list[Group]:
        """Tie "A, B or C": what commas part goes with what "or" ties."""
        found: list[Group] = []
        for group in reversed(groups):
            after = found[-1] if found else None
            if (
                after
                and len(after.things) > 1
                and after.class_iri == group.class_iri
                and self.items[group.place].comma in (",", ";")
                and not self._between(group.place, after.place - 2)
            ):
                found[-1] = Group([*group.things, *after.things], after.negated, group.place)
            else:
                found.append(group)
        return found[::-1]

    def records(self) -> list[str]:
        """Return the records that the meanings speak of."""
        found: list[str] = []
        for item in self.items:
            if item.kind == "things":
                found.append(RECORD_OF.get(item.value[0].class_iri.removeprefix(KG), ""))
            elif item.kind == "class":
                name = item.value.removeprefix(KG)
                found.append(item.value if item.value in RECORDS else RECORD_OF.get(name, ""))
            elif item.kind == "value":
                domain = self.schema.properties[item.value[0]].domain.removeprefix(KG)
                found.append(_RECORD_OF_DOMAIN.get(domain, ""))
            elif item.kind == "property":
                properties = [self.schema.properties[iri] for iri in item.value]
                domains = {_RECORD_OF_DOMAIN.get(it.domain.removeprefix(KG), "") for it in properties if it.is_literal}
                found += domains if len(domains) == 1 else ()
        return list(dict.fromkeys(filter(None, found)))

    def asks_patients(self) -> bool:
        """Say whether patients are counted: "how many patients", "how many COVID-19 patients"."""
        asking = ("which", "who", "when", "count", "patients")
        for item in [it for it in self.items if it.kind == "operator" and it.value in asking][:1]:
            if item.value == "patients":
                return True
            if item.value == "count":
                for other in self.items[item.place + 1 :]:
                    if other.kind == "connector":
                        if other.text.casefold() in ("of", "the", "all"):
                            continue
                        return other.text.casefold() in _PATIENTS
                    if other.kind not in ("things", "value"):
                        return False
        return False

    def asks_some_patients(self) -> bool:
        """Say whether patients of a sex or age are counted, who have no number of their own here."""
        words = {word for item in self.items if item.value == "patients" for word in item.text.casefold().split()}
        return bool(words & {"women", "men", "children"})

    def counts(self) -> bool:
        """Say whether the number of what the head names is asked for: the first question word asks how many."""
        asked = [it for it in self.items if it.kind == "operator" and it.value in ("which", "who", "when", "count")]
        return bool(asked) and asked[0].value == "count"

    def is_existential(self) -> bool:
        """Say whether "are there" or "any" asks whether something of a class exists."""
        words = [item.text.casefold() for item in self.items[:5]]
        before = self.groups[0].place if self.groups else len(self.items)
        return ("there" in words or "any" in words) and bool(
            self.head and (self.head.place < before or "there" in words)
        )

    def words(self) -> list[tuple[str, str]]:
        """Return the words that mean something, with what they are taken for."""
        found = []
        for item in self.items:
            if item.kind == "things":
                named = [f"{self.schema.classes[it.class_iri].label} {it.label}" for it in item.value]
                found.append((item.text, " or ".join(named)))
            elif item.kind in ("class", "property"):
                iris = [item.value] if item.kind == "class" else item.value
                terms = self.schema.classes if item.kind == "class" else self.schema.properties
                found.append((item.text, f"{item.kind} {' or '.join(terms[iri].label for iri in iris)}"))
            elif item.kind == "value":
                found.append((item.text, f"{self.schema.properties[item.value[0]].label} {item.value[1]}"))
            elif item.kind == "operator":
                found.append((item.text, f"operator '{item.value}'"))
            elif item.kind != "connector":
                found.append((item.text, f"a {item.kind}" if item.kind != "text" else "a word of texts"))
        return found

    def texts(self) -> list[Item]:
        """Return the words that only texts explain."""
        return [item for item in self.items if item.kind == "text"]

    def before(self, item: Item) -> list[Item]:
        """Return what stands before a place, as far as the next mention: the operators that bear on it."""
        found = []
        for other in reversed(self.items[: item.place]):
            if other.kind not in ("connector", "operator", "text"):
                break
            found.append(other)
        return found[::-1]

    def use_property(self, iri: str) -> None:
        """Take the mentions of a property as explained."""
        self.used |= {item.place for item in self.items if item.kind == "property" and iri in item.value}

    def asks_year(self) -> bool:
        """Say whether a year is asked for."""
        return any(item.kind == "operator" and item.value == "when" and "year" in item.text for item in self.items)

    def needs(self) -> list[set[str]]:
        """Return, for each mention of a property, those that it can mean."""
        return [set(item.value) for item in self.items if item.kind == "property"]

    def compared(self, number: Item) -> tuple[str, Item | None]:
        """Return the sign that a number is compared by, or empty, and the class of what it counts, if one follows."""
        before = self.items[number.place - 1] if number.place else None
        after = self.items[number.place + 1 : number.place + 3]
        sign = _SIGNS.get(before.value, "") if before and before.kind == "operator" else ""
        if after and after[0].kind == "operator" and after[0].value in ("or more", "or fewer"):
            sign = _SIGNS[after[0].value]
        return sign, next((other for other in after if other.kind == "class"), None)

    def number_of_rows(self) -> Item | None:
        """Return the number beside a superlative, or before the noun that it is of: "three largest", "which three"."""
        for place, item in enumerate(self.items):
            if item.kind != "number" or not self.orders:
                continue
            near = [self.items[other] for other in (place - 1, place + 1) if 0 <= other < len(self.items)]
            if any(other in self.orders for other in near) or near[-1] == self.head:
                return item
        return None

    def most(self) -> int:
        """Return how many rows a superlative wants: the number that is said, 5 for a plural, or 1."""
        number = self.number_of_rows()
        if self.rank > 1:
            return 1
        if number:
            return int(number.value)
        noun = self.head.text.casefold() if self.head and self.head.kind == "class" else ""
        return _SEVERAL if noun.endswith("s") and not noun.endswith("ss") else 1

    def number_after(self, order: Item) -> str | None:
        """Return the number that a superlative speaks of."""
        named: list[str] = [iri for it in self.items[order.place :] if it.kind == "property" for iri in it.value]
        return next((iri for iri in named if self.schema.properties[iri].is_number), None)
