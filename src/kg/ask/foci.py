"""Which class of things a sentence asks for, likely ones first; what else it asks for is then shown of these."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.ask.plan import Within
from kg.ask.routes import ARM, ORGANIZATION, PRODUCT, TRIAL
from kg.model.iris import KG, named_class
from kg.model.schema import THING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.ask.sentence import Item, Sentence
    from kg.ask.vocabulary import Vocabulary

__all__ = ["foci"]

_RECORDS = {
    KG + name for name in ("Finding", "Observation", "Administration", "RegulatoryEvent", "Sourced", "Statement")
}
_RECORDS |= {KG + name for name in ("Measure", "AdverseEvent", "Evidence", "Conflict", "Aspect")}


def foci(vocabulary: Vocabulary, sentence: Sentence) -> Iterator[tuple[str, list[Item]]]:
    """Yield the classes that can be asked for, with the nouns that are then columns."""
    found = _Foci(vocabulary, sentence).all()
    kept = [(focus, tuple(map(id, columns))) for focus, columns in found]
    for number, (focus, columns) in enumerate(found):
        if focus not in _RECORDS and kept.index((focus, tuple(map(id, columns)))) == number:
            yield focus, columns


class _Foci:
    """What a sentence asks for, from the surest sign to the weakest."""

    def __init__(self, vocabulary: Vocabulary, sentence: Sentence) -> None:
        self.vocabulary, self.sentence = vocabulary, sentence
        items = sentence.items
        self.heads = [item for item in items if item.asked]
        for item in self.heads:  # "sponsors" are organizations
            is_agent = item.text.casefold().endswith(("or", "ors", "er", "ers"))
            if is_agent and not item.classes and self._leads_to(item) == ORGANIZATION:
                item.classes, item.is_agent = (ORGANIZATION,), True
        self.classes = [item for item in self.heads if item.classes]
        self.bare = [item for item in items if item.classes and item.is_noun and not item.asked]
        self.named = list(dict.fromkeys(thing.class_iri for it in items for thing in it.things if not it.negated))

    def all(self) -> list[tuple[str, list[Item]]]:
        """Return the classes with their columns; some more than once."""
        sentence, heads = self.sentence, self.heads
        found = [*self._first(), *self._ranked()]
        if not self.classes and (sentence.has("posted") or any(isinstance(it.test, Within) for it in sentence.items)):
            found.append((TRIAL, heads))
        if len(heads) == 1:
            found += [(iri, []) for item in self.classes for iri in item.classes]
        entities = [item for item in self.classes if set(item.classes) & {TRIAL, PRODUCT}][:1]
        for item in [*entities, *(item for item in self.bare if set(item.classes) & {TRIAL, PRODUCT})]:
            found += [(iri, self._without(item)) for iri in item.classes]
        if len(heads) > 1 or (heads and not self.classes) or sentence.has("who", "when", "where"):
            found += [(class_iri, heads) for class_iri in self.named]
            domains = [self.vocabulary.schema.properties[iri].domain for item in heads for iri in item.properties]
            found += [(domain, heads) for domain in domains if domain not in (THING, ARM)]
        found += [(iri, self._without(item)) for item in self.classes[:1] for iri in item.classes]
        return [*found, *self._unasked(), *self._last()]

    def _first(self) -> list[tuple[str, list[Item]]]:
        """Return what overrules all else: anything of trials, and what one trial may not disclose."""
        found = []
        if not self.classes and self.sentence.has("anything"):
            found.append((TRIAL, self.heads))
        of_trial = any(thing.class_iri == TRIAL for item in self.sentence.items for thing in item.things)
        if len(self.heads) == 1 and of_trial:
            aspects = self.vocabulary.aspects
            found += [(TRIAL, self.heads) for iri in self.heads[0].classes if named_class(iri) in aspects]
        is_listed = self.sentence.has("show") and not self.sentence.has("which", "count", "per")
        if (
            is_listed and len(self.heads) == 1 and any(TRIAL in item.classes for item in self.bare)
        ):  # "status of all trials"
            shown = {*self.vocabulary.aspects, KG + "TrialStatus", ORGANIZATION}
            found += [(TRIAL, self.heads) for iri in self.heads[0].classes if named_class(iri) in shown]
        return found

    def _ranked(self) -> list[tuple[str, list[Item]]]:
        """Return what stands after "most", "fewest" or "second most"."""
        found: list[tuple[str, list[Item]]] = []
        for role in ("most", "fewest", "second"):
            for place in self.sentence.marks.get(role, ()):
                if any(max(item.places) < place for item in self.classes):
                    continue  # "which product has the most modifications"
                near = [item for item in [*self.classes, *self.bare] if place < min(item.places) <= place + 3]
                found += [(iri, self._without(item)) for item in near[:1] for iri in item.classes]
        return found

    def _unasked(self) -> list[tuple[str, list[Item]]]:
        """Return what a sentence without a question word can ask for."""
        sentence = self.sentence
        found: list[tuple[str, list[Item]]] = []
        if sentence.has("kinds") and not self.heads:  # "which sarcoma types are there"
            broad = [thing for it in sentence.items for thing in it.things if thing.iri in self.vocabulary.broad]
            found += [(thing.class_iri, []) for thing in broad]
        if sentence.has("who"):
            found.append((ORGANIZATION, self.heads))
        if sentence.has("where") and not self.classes:
            found.append((TRIAL, self.heads))
        if not self.heads:
            shown = [item for item in self.bare if not _is_disclosed(sentence, item)]
            for item in self.bare:
                found += [(iri, [other for other in shown if other is not item]) for iri in item.classes]
            found += [(iri, []) for item in self.bare for iri in item.classes]
            if not self.bare and not sentence.is_yes_no:
                found += [(class_iri, [it for it in sentence.items if it.is_noun]) for class_iri in self.named]
        return found

    def _last(self) -> list[tuple[str, list[Item]]]:
        """Return what yes or no, patients and extremes are told of, if nothing else is."""
        found = [(class_iri, self.heads) for class_iri in self.named] if self.sentence.is_yes_no else []
        roles = ("most", "fewest", "highest", "lowest", "earliest", "latest", "when")
        is_open = self.sentence.is_yes_no and PRODUCT not in self.named  # of a product it is asked itself
        if is_open or self.sentence.patients or self.sentence.has(*roles):
            found.append((TRIAL, self.heads))
        return found

    def _without(self, item: Item) -> list[Item]:
        return [head for head in self.heads if head is not item]

    def _leads_to(self, item: Item) -> str:
        return self.vocabulary.schema.properties[item.properties[0]].range


def _is_disclosed(sentence: Sentence, item: Item) -> bool:
    """Say whether a noun is said to be known: "whose cell source is disclosed"."""
    before = min(item.places) - 1  # "a disclosed cell source"
    if before >= 0 and sentence.spans[before].does("disclosed"):
        return True
    after = next((span for span in sentence.spans[max(item.places) + 1 :] if not span.does("function")), None)
    return bool(after and after.does("disclosed"))
