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
    heads = [item for item in sentence.items if item.asked]
    for item in heads:  # "sponsors" are organizations
        is_agent = item.text.casefold().endswith(("or", "ors", "er", "ers"))
        if is_agent and not item.classes and vocabulary.schema.properties[item.properties[0]].range == ORGANIZATION:
            item.classes, item.is_agent = (ORGANIZATION,), True
    classes = [item for item in heads if item.classes]
    of_trial = [thing for item in sentence.items for thing in item.things if thing.class_iri == TRIAL]
    bare = [item for item in sentence.items if item.classes and item.is_noun and not item.asked]
    shown = [item for item in bare if not _is_disclosed(sentence, item)]
    named = [thing.class_iri for item in sentence.items for thing in item.things if not item.negated]
    found: list[tuple[str, list[Item]]] = []
    for role in ("most", "fewest", "second"):
        for place in sentence.marks.get(role, ()):
            near = [item for item in [*classes, *bare] if place < min(item.places) <= place + 3]
            found += [(iri, [head for head in heads if head is not near[0]]) for iri in near[0].classes] if near else []
    if not classes and (sentence.has("posted") or any(isinstance(item.test, Within) for item in sentence.items)):
        found.append((TRIAL, heads))
    if len(heads) == 1 and classes:
        found += [(iri, []) for iri in classes[0].classes]
    entities = [item for item in classes if set(item.classes) & {TRIAL, PRODUCT}]
    for item in [*entities[:1], *(item for item in bare if set(item.classes) & {TRIAL, PRODUCT})]:
        found += [(iri, [head for head in heads if head is not item]) for iri in item.classes]
    if len(heads) > 1 or (heads and not classes) or sentence.has("who", "when", "where"):
        for class_iri in dict.fromkeys(named):
            found.append((class_iri, heads))
        for item in heads:
            for iri in item.properties:
                domain = vocabulary.schema.properties[iri].domain
                if domain not in (THING, ARM):
                    found.append((domain, heads))
    if classes:
        found += [(iri, [head for head in heads if head is not classes[0]]) for iri in classes[0].classes]
    if sentence.has("kinds") and not heads:  # "which sarcoma types are there"
        broad = [thing for item in sentence.items for thing in item.things if thing.iri in vocabulary.broad]
        found += [(thing.class_iri, []) for thing in broad]
    if sentence.has("who"):
        found.append((ORGANIZATION, heads))
    if sentence.has("where") and not classes:
        found.append((TRIAL, heads))
    if not heads:
        found += [(iri, [other for other in shown if other is not item]) for item in bare for iri in item.classes]
        found += [(iri, []) for item in bare for iri in item.classes]
        if not bare and not sentence.is_yes_no:
            found += [
                (class_iri, [item for item in sentence.items if item.is_noun]) for class_iri in dict.fromkeys(named)
            ]
    if sentence.is_yes_no:
        found += [(class_iri, heads) for class_iri in dict.fromkeys(named)]
    if (
        sentence.is_yes_no
        or sentence.patients
        or sentence.has("most", "fewest", "highest", "lowest", "earliest", "latest", "when")
    ):
        found.append((TRIAL, heads))
    if len(heads) == 1 and of_trial and any(named_class(iri) in vocabulary.aspects for iri in heads[0].classes):
        found.insert(0, (TRIAL, heads))  # it may be that it is not disclosed
    if not classes and sentence.has("anything"):
        found.insert(0, (TRIAL, heads))
    kept = [(focus, tuple(map(id, columns))) for focus, columns in found]
    for number, (focus, columns) in enumerate(found):
        if focus not in _RECORDS and kept.index((focus, tuple(map(id, columns)))) == number:
            yield focus, columns


def _is_disclosed(sentence: Sentence, item: Item) -> bool:
    """Say whether a noun is said to be known: "whose cell source is disclosed"."""
    after = next((span for span in sentence.spans[max(item.places) + 1 :] if not span.does("function")), None)
    return bool(after and after.does("disclosed"))
