"""What else a sentence asks of each thing: "in which trial", "and their enrollment", "and when"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.ask.conditions import DATES, SIZES
from kg.ask.joins import EVENT, ORGANIZATION, TRIAL, names
from kg.model.iris import named_class
from kg.model.schema import THING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.ask.choices import Item
    from kg.ask.conditions import Conditions
    from kg.ask.joins import Joins, Path
    from kg.ask.sentence import Sentence
    from kg.ask.words import Vocabulary

__all__ = ["Extras"]


class Extras:
    """Reads the further questions of a sentence."""

    def __init__(self, vocabulary: Vocabulary, sentence: Sentence, joins: Joins, conditions: Conditions) -> None:
        self.vocabulary, self.schema, self.sentence = vocabulary, vocabulary.schema, sentence
        self.joins, self.conditions = joins, conditions

    def of(self, wanted: str, hub: str, value: str) -> list[tuple[list[Path], str, str]]:
        """Return what else is asked of each thing: a second "which X", or the name of a number."""
        found = list(self._asked_later(wanted, hub, value))
        sentence = self.sentence
        for item in sentence.items:
            if item == sentence.head or item.place in sentence.used or item.kind not in ("property", "class"):
                continue
            extra = self._literal_extra(hub, value, item) or self._related_extra(wanted, hub, item)
            if extra:
                found.append(extra)
                sentence.used.add(item.place)
        if sentence.has("when") and not value:
            owner = EVENT if hub == EVENT else TRIAL
            if paths := self.conditions.to(hub, owner):
                found.append((paths, DATES[owner]))
        aspects = self.vocabulary.aspects if hub == TRIAL else {}
        return [(paths, asked, aspects[asked].iri if asked in aspects else "") for paths, asked in found]

    def _asked_later(self, wanted: str, hub: str, value: str) -> Iterator[tuple[list[Path], str]]:
        """Yield what a later question word asks by itself: "and how many patients", "and whose is it"."""
        operators = [item for item in self.sentence.items if item.kind == "operator"]
        first = next((item for item in operators if item.value in ("which", "who", "when", "count", "patients")), None)
        for item in operators:
            if item == first or item.place in self.sentence.used:
                continue
            if item.value == "patients" and value != SIZES[TRIAL] and (paths := self.conditions.to(hub, TRIAL)):
                self.sentence.used.add(item.place)
                self.sentence.use_property(SIZES[TRIAL])
                yield paths, SIZES[TRIAL]
            is_owner = item.text.casefold() == "whose" or self._stands_alone(item)
            paths = self.joins.between(hub, ORGANIZATION, self.sentence.needs()) if is_owner else []
            if paths and ORGANIZATION not in (wanted, hub):
                yield paths, ORGANIZATION

    def _stands_alone(self, item: Item) -> bool:
        """Say whether nothing but small words follows a "who"."""
        after = self.sentence.items[item.place + 1 :]
        return item.value == "who" and all(other.kind == "connector" for other in after)

    def _literal_extra(self, hub: str, value: str, item: Item) -> tuple[list[Path], str] | None:
        """Return a literal property that is mentioned, such as "and their enrollment"."""
        if item.kind != "property" or item.place in self.sentence.negated or self._exists_only(item):
            return None
        for iri in item.value:
            property_ = self.schema.properties[iri]
            if property_.is_literal and iri != value and (paths := self.conditions.to(hub, property_.domain)):
                return paths, iri
        return None

    def _related_extra(self, wanted: str, hub: str, item: Item) -> tuple[list[Path], str] | None:
        """Return the class at the other end of what a second question word asks: "who makes it", "in which trial"."""
        asking = [it for it in self.sentence.items if it.kind == "operator" and it.value in ("which", "who", "when")]
        if item.kind == "class":
            near = any(it.place < item.place and not self._between_nouns(it.place, item.place) for it in asking)
            if not near or named_class(item.value) in (named_class(wanted), hub):
                return None
            paths = self.joins.between(hub, named_class(item.value), self.sentence.needs())
            return (paths, item.value) if paths else None
        if not any(other in asking for other in self.sentence.before(item)):
            return None
        for property_ in (self.schema.properties[iri] for iri in item.value):
            ends = {named_class(property_.domain): property_.range, named_class(property_.range): property_.domain}
            other = ends.get(hub, THING)
            if not property_.is_literal and other != THING and named_class(other) != hub:
                paths = self.joins.between(hub, named_class(other), [{property_.iri}])
                if kept := [path for path in paths if property_.iri in names(path)]:
                    return kept, other
        return None

    def _exists_only(self, item: Item) -> bool:
        """Say whether a literal is mentioned as something that is there: "with published results"."""
        return self.schema.properties[item.value[0]].range.endswith("string")

    def _between_nouns(self, start: int, end: int) -> bool:
        return any(item.kind in ("class", "property") for item in self.sentence.items[start + 1 : end])
