"""The landscape: the trials and products of a dataset and their targets, diseases and so on, read once for analytics.

Only plain triples are read. So rejected statements are left out, and both readings of an unresolved conflict are in.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from kg.analytics.modification_sets import closed_sets
from kg.engines.asking import select
from kg.errors import UsageError, nearest
from kg.evidence.citations import JOINT
from kg.model.iris import BASE, KG, PREFIXES, mint, segment
from kg.model.schema import closure

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pyoxigraph import Store

    from kg.evidence.citations import Triple

__all__ = ["RELATIONS", "Fact", "Landscape", "Relations", "checked", "read_landscape"]

Fact = tuple[str, str, str]
"""A relation, the IRI of a trial or a product, and the IRI of what it is related to."""

Relations = dict[str, dict[str, frozenset[str]]]
"""Relation -> the IRI of a trial or a product -> the IRIs of what it is related to."""

_OF_TRIALS = {
    "agent": "combinesWith",
    "disease": "studiesDisease",
    "phase": "hasPhase",
    "product": "investigates",
    "source": "usesCellSource",
    "sponsor": "hasSponsor",
    "status": "hasStatus",
    "target": "studiesTarget",
}
_OF_PRODUCTS = {
    "developer": "developedBy",
    "disease": "developedFor",
    "kind": "hasProductKind",
    "modification": "carriesModification",
    "source": "derivedFrom",
    "target": "hasTarget",
}
_OF_ITS_PRODUCTS = ("kind", "modification", "set")  # what a trial has through a product that it investigates
_OF_ITS_TRIALS = ("agent", "disease", "phase", "sponsor", "status")  # what a product has through any of its trials
# what a product has through trials that investigate only this product: in other trials it may be another product's
_OF_ITS_OWN_TRIALS = ("source", "target")
RELATIONS = tuple(sorted((*_OF_TRIALS, *_OF_ITS_PRODUCTS, "group")))
"""The relations of a trial; see :attr:`Landscape.trials`."""

_GROUPS = frozenset(
    mint("Disease", name) for name in ("autoimmune-disease", "hematologic-cancer", "infectious-disease", "solid-cancer")
)
_KINDS = {
    segment("CellSource"): "source",
    segment("ClinicalTrial"): "trial",
    segment("GeneticModification"): "modification",
    segment("Molecule"): "target",
    segment("Organization"): "sponsor",
    segment("Phase"): "phase",
    segment("Product"): "product",
    segment("ProductKind"): "kind",
    segment("Disease"): "disease",
    segment("TrialStatus"): "status",
}
_ASPECTS = {mint("Aspect", "cell-source"): "source"}  # every other aspect has the name of its relation
_LABEL, _BROADER = PREFIXES["rdfs"] + "label", PREFIXES["skos"] + "broader"
_LITERALS = ("enrollment", "firstPosted")
_TEXTS = {_LABEL, *(KG + name for name in _LITERALS)}
_PROPERTIES = (*_OF_TRIALS.values(), *_OF_PRODUCTS.values(), *_LITERALS, "doesNotDisclose", "sameProductAs")
# no ORDER BY: it would take eight times as long as all the rest
_TRIPLES = f"""
SELECT ?subject ?property ?value
WHERE {{
  VALUES ?property {{ <{_LABEL}> <{_BROADER}> {" ".join(f"<{KG}{name}>" for name in _PROPERTIES)} }}
  ?subject ?property ?value .
}}
"""


class Landscape:
    """The trials and products of a dataset, and what they are related to.

    Args:
        triples: subject, property and value as text. Triples that are not needed are skipped. So are a date that is
            not an ISO day or month and an enrollment that is not a count; `kg validate` reports these.

    Attributes:
        labels: IRI -> label, of each node of the landscape.
        kinds: IRI -> disease, kind (of products), modification, phase, product, source (of cells), sponsor (any
            organization), status, target (any molecule) or trial; empty for a thing of another graph. An agent is a
            product that a trial combines with the one that it investigates, so its kind is product.
        trials: what trials have. A trial itself has ``agent``, ``disease``, ``group`` (the broadest diseases above
            its own: solid or hematologic cancer, autoimmune or infectious disease), ``phase``, ``product`` (what it
            investigates), ``source``, ``sponsor``, ``status`` and ``target``. It has ``kind``, ``modification`` and
            ``set`` from the products that it investigates.
        products: what products have. A product itself has ``developer``, ``kind``, ``modification``, ``trial`` (the
            trials that investigate it), ``disease``, ``source`` and ``target``. From all of its trials it also has
            ``agent``, ``disease``, ``phase``, ``sponsor`` and ``status``; from those that investigate no other
            product, ``source`` and ``target``. A ``set`` consists of modifications that products carry together, see
            :mod:`kg.analytics.modification_sets`; a product has each set of which it carries every modification.
        undisclosed: trial -> the relations that it does not disclose, as a source says.
        posted: trial -> when it was first posted, an ISO day or month.
        enrollment: trial -> the number of patients.
        broader: concept -> the concepts directly above it.
        same: product -> the same product under other names. These are not its competitors.
    """

    def __init__(self, triples: Iterable[tuple[str, str, str]]) -> None:
        said: dict[str, dict[str, set[str]]] = {}
        for subject, property_, value in triples:
            said.setdefault(property_.removeprefix(KG), {}).setdefault(subject, set()).add(value)
        self._said = {
            name: {subject: frozenset(values) for subject, values in pairs.items()} for name, pairs in said.items()
        }
        named = {subject: min(values) for subject, values in self._said.get(_LABEL, {}).items()}
        self.kinds = _kinds(self._said)
        self.labels = {iri: named.get(iri) or iri.rpartition("/")[2] for iri in self.kinds}
        self.broader: Mapping[str, frozenset[str]] = self._said.get(_BROADER, {})
        self._above: dict[str, frozenset[str]] = {}
        self.same = _both_ways(self._said.get("sameProductAs", {}))
        self.posted = {
            trial: min(days)
            for trial, found in self._said.get("firstPosted", {}).items()
            if (days := [text for text in found if _is_day_or_month(text)])
        }
        self.enrollment = {
            trial: max(counts)
            for trial, found in self._said.get("enrollment", {}).items()
            if (counts := [int(text) for text in found if text.isdecimal()])
        }
        self.undisclosed = {
            trial: frozenset(_ASPECTS.get(aspect, aspect.rpartition("/")[2]) for aspect in aspects)
            for trial, aspects in self._said.get("doesNotDisclose", {}).items()
        }
        self.trials: Relations = {name: dict(self._said.get(term, {})) for name, term in _OF_TRIALS.items()}
        self.products: Relations = {name: dict(self._said.get(term, {})) for name, term in _OF_PRODUCTS.items()}
        self.products["trial"] = _inverse(self.trials["product"])
        self._sets: dict[str, frozenset[str]] = {}
        self._gather_sets()
        self._join()

    def _gather_sets(self) -> None:
        """Make a node of each set of modifications, and give it to the products that carry all of it."""
        carried = self.products["modification"]
        for found in closed_sets(carried.values()):
            self._sets["+".join(sorted(found))] = found
        holders: dict[str, set[str]] = {}
        for name, members in self._sets.items():
            self.kinds[name] = "set"
            self.labels[name] = " + ".join(sorted(self.labels[member] for member in members))
            holders.setdefault(min(members), set()).add(name)
        self.products["set"] = {
            product: sets
            for product, found in carried.items()
            if (sets := frozenset(name for it in found for name in holders.get(it, ()) if self._sets[name] <= found))
        }

    def _join(self) -> None:
        """Give trials what their products have, and products what their trials have."""
        for name in _OF_ITS_PRODUCTS:
            self.trials[name] = _through(self.trials["product"], self.products[name])
        self.trials["group"] = {
            trial: groups
            for trial, diseases in self.trials["disease"].items()
            if (groups := _GROUPS.intersection(*[frozenset[str]().union(*map(self.above, diseases))]))
        }
        own = {
            product: trials
            for product in self.products["trial"]
            if (trials := frozenset(trial for trial in self.products["trial"][product] if self._is_alone(trial)))
        }
        for names, trials_of in ((_OF_ITS_TRIALS, self.products["trial"]), (_OF_ITS_OWN_TRIALS, own)):
            for name in names:
                found = _through(trials_of, self.trials[name])
                stated = self.products.get(name, {})
                self.products[name] = {
                    product: stated.get(product, frozenset()) | found.get(product, frozenset())
                    for product in sorted(stated.keys() | found.keys())
                }

    def _is_alone(self, trial: str) -> bool:
        return len(self.trials["product"][trial]) == 1

    def of_kind(self, kind: str) -> list[str]:
        """Return the IRIs of a kind, sorted."""
        return sorted(iri for iri, found in self.kinds.items() if found == kind)

    def above(self, concept: str) -> frozenset[str]:
        """Return a concept and all broader concepts."""
        if concept not in self._above:
            self._above[concept] = frozenset(closure(concept, lambda it: self.broader.get(it, frozenset())))
        return self._above[concept]

    def names(self, things: Iterable[str]) -> str:
        """Return the sorted labels of things as one text."""
        return JOINT.join(sorted(self.labels[thing] for thing in things))

    def triples(self, fact: Fact) -> set[Triple]:
        """Return the triples that a fact rests on, as :func:`kg.evidence.citations.find_places` takes them.

        A trial may have a thing through a product, and a product through a trial. Such a fact rests on the triples of
        all ways that lead to the thing. If the landscape does not hold the fact, no triples are returned.
        """
        relation, subject, thing = fact
        if relation == "group":
            below = (it for it in self.trials["disease"].get(subject, ()) if thing in self.above(it))
            return set().union(*(self._stated("studiesDisease", subject, disease) for disease in below))
        if relation == "trial":
            return self._stated("investigates", thing, subject)
        if relation == "set":
            return set().union(*self._stated_set(subject, self._sets[thing]))
        is_trial = self.kinds.get(subject) == "trial"
        own, others = (_OF_TRIALS, _OF_PRODUCTS) if is_trial else (_OF_PRODUCTS, _OF_TRIALS)
        found = self._stated(own[relation], subject, thing) if relation in own else set()
        for trial, product in self._steps(relation, subject, is_trial=is_trial):
            if further := self._stated(others[relation], product if is_trial else trial, thing):
                found |= further | self._stated("investigates", trial, product)
        return found

    def _stated_set(self, subject: str, members: frozenset[str]) -> Iterator[set[Triple]]:
        """Yield the triples by which a product carries a whole set; the subject is the product or a trial of it."""
        for product in self.trials["product"].get(subject, {subject}):
            if members <= self.products["modification"].get(product, frozenset()):
                yield self._stated("investigates", subject, product)
                yield from (self._stated("carriesModification", product, member) for member in members)

    def _steps(self, relation: str, subject: str, *, is_trial: bool) -> Iterator[tuple[str, str]]:
        """Yield the trial and the product of each way by which a subject may have things through the other."""
        if is_trial and relation in _OF_ITS_PRODUCTS:
            yield from ((subject, product) for product in self.trials["product"].get(subject, ()))
        elif not is_trial and relation in (*_OF_ITS_TRIALS, *_OF_ITS_OWN_TRIALS):
            for trial in self.products["trial"].get(subject, ()):
                if relation in _OF_ITS_TRIALS or self._is_alone(trial):
                    yield trial, subject

    def _stated(self, property_: str, subject: str, thing: str) -> set[Triple]:
        if thing not in self._said.get(property_, {}).get(subject, ()):
            return set()
        return {(NamedNode(subject), NamedNode(KG + property_), NamedNode(thing))}


def read_landscape(store: Store) -> Landscape:
    """Read the landscape of a dataset with one query; a text in the place of a thing is skipped, and vice versa."""
    return Landscape(
        (subject.value, term.value, value.value)
        for subject, term, value in select(store, _TRIPLES)
        if isinstance(value, Literal) == (term.value in _TEXTS)
    )


def checked(relation: str) -> str:
    """Return a relation of trials unchanged.

    Raises:
        UsageError: if there is no such relation.
    """
    if relation not in RELATIONS:
        hint = nearest(relation, RELATIONS)
        raise UsageError(f"no relation '{relation}' of trials{hint}; expected one of {', '.join(RELATIONS)}")
    return relation


def _is_day_or_month(text: str) -> bool:
    with suppress(ValueError):
        return date.fromisoformat(f"{text}-01"[:10]).isoformat().startswith(text)
    return False


def _kinds(said: Mapping[str, Mapping[str, frozenset[str]]]) -> dict[str, str]:
    """Return the kind of each thing that has a label or stands in a relation; the path of its IRI tells the kind."""
    relations = (*_OF_TRIALS.values(), *_OF_PRODUCTS.values(), _BROADER)
    related = {end for name in relations for subject, ends in said.get(name, {}).items() for end in (subject, *ends)}
    kinds = {
        iri: _KINDS.get(iri.removeprefix(BASE).partition("/")[0], "") for iri in said.get(_LABEL, {}).keys() | related
    }
    return {iri: kind for iri, kind in sorted(kinds.items()) if kind or iri in related}


def _inverse(pairs: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    inverse: dict[str, set[str]] = {}
    for subject, things in pairs.items():
        for thing in things:
            inverse.setdefault(thing, set()).add(subject)
    return {thing: frozenset(inverse[thing]) for thing in sorted(inverse)}


def _both_ways(pairs: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    back = _inverse(pairs)
    nothing = frozenset[str]()
    return {it: pairs.get(it, nothing) | back.get(it, nothing) for it in pairs.keys() | back.keys()}


def _through(steps: Mapping[str, frozenset[str]], onward: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    """Return where two steps lead, one after the other."""
    found = {start: frozenset[str]().union(*(onward.get(end, ()) for end in ends)) for start, ends in steps.items()}
    return {start: things for start, things in found.items() if things}
