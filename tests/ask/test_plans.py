"""Plans mean the same in SPARQL and in memory."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest
from memory import Memory

from kg.ask.plan import All, Compared, Every, Given, Linked, Named, Numbered, OnlyLinked, Union, Valued, Within, Without
from kg.ask.routes import PRODUCT, TRIAL, Routes
from kg.ask.rows import things_of
from kg.model.iris import KG
from kg.query.thing_names import Entry

if TYPE_CHECKING:
    from kg import KnowledgeGraph
    from kg.ask.plan import Hop, Test, Things, Way
    from kg.ask.vocabulary import Vocabulary

SEEDS = 60
KINDS = (TRIAL, PRODUCT, KG + "GeneticModification", KG + "Organization", KG + "Disease")


class Plans:
    """Makes up plans, by a seed."""

    def __init__(self, vocabulary: Vocabulary, memory: Memory, seed: int) -> None:
        self.chance = random.Random(seed)
        self.schema, self.memory = vocabulary.schema, memory
        self.steps = Routes(vocabulary, set(), {}).steps

    def way(self, kind: str) -> Way:
        found: list[Hop] = []
        for _ in range(self.chance.randint(1, 2)):
            hops = [hop for hop in self.steps.get(kind, ()) if hop.end in self.steps]
            if not hops:
                break
            found.append(self.chance.choice(hops))
            kind = found[-1].end
        return tuple(found)

    def named(self, kind: str) -> Named:
        iris = sorted(self.memory.things(Every(kind)))
        chosen = self.chance.sample(iris, min(len(iris), self.chance.randint(1, 3)))
        return Named(tuple(Entry(iri, iri, kind) for iri in chosen))

    def ends(self, way: Way) -> Named | None:
        """Return all or some of what one thing leads to."""
        pairs = sorted(set(self.memory.pairs((way,))))
        if not pairs:
            return None
        start, _ = self.chance.choice(pairs)
        found = [end for first, end in pairs if first == start]
        chosen = found[: max(1, len(found) - self.chance.randint(0, 1))]
        return Named(tuple(Entry(iri, iri, way[-1].end) for iri in chosen))

    def things(self, kind: str, depth: int = 2) -> Things:
        way = self.way(kind)
        end = way[-1].end
        form = self.chance.randint(0, 6 if depth else 3)
        if form == 0:
            return self.named(kind)
        if form == 1:
            return Linked((way,), self.named(end))
        if form == 2:
            return Numbered((way,), end, Compared(self.chance.choice("<>="), self.chance.randint(1, 3)))
        if form == 3:
            return self.valued(kind)
        if form == 4:
            return Linked((way,), self.chance.choice([Every(end), self.things(end, depth - 1)]))
        if form == 5:
            return OnlyLinked((way,), self.ends(way) or self.named(end))
        parts = [self.things(kind, depth - 1), self.things(kind, depth - 1)]
        found: list[Things] = [All((Every(kind), *parts)), Without(*parts), Union(tuple(parts))]
        return self.chance.choice(found)

    def valued(self, kind: str) -> Valued:
        properties = [it for it in self.schema.properties.values() if it.is_literal and it.domain == kind]
        if not properties:
            return Valued(((self._to_trial(kind),) if kind != TRIAL else ()), (KG + "enrollment",), Compared(">", 30))
        numbers = [it for it in properties if it.is_number and it.iri in self.memory.forward]
        if numbers and self.chance.random() < 0.5:
            chosen = self.chance.choice(numbers)
            known = sorted({float(it.value) for values in self.memory.forward[chosen.iri].values() for it in values})
            test = Compared(self.chance.choice(["<", "<=", ">", ">=", "="]), self.chance.choice(known))
            return Valued((), (chosen.iri,), test)
        chosen = self.chance.choice(properties)
        year = self.chance.randint(2012, 2024)
        tests: list[Test] = [Given(), Within(str(year), str(year + 2))]
        return Valued((), (chosen.iri,), self.chance.choice(tests))

    def _to_trial(self, kind: str) -> Way:
        return next(((hop,) for hop in self.steps[kind] if hop.end == TRIAL), self.way(kind))


@pytest.fixture(scope="module")
def memory(graph: KnowledgeGraph) -> Memory:
    return Memory(graph.store, graph.vocabulary.schema)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(SEEDS))
def test_sparql_and_memory_agree(kind: str, seed: int, graph: KnowledgeGraph, memory: Memory) -> None:
    made = Plans(graph.vocabulary, memory, seed)
    things = made.things(kind)
    found = things_of(graph.store, graph.vocabulary.schema, kind, All((Every(kind), things)))
    assert found == memory.of(kind, things)


def test_made_up_plans_are_not_all_empty(graph: KnowledgeGraph, memory: Memory) -> None:
    made = [
        memory.of(kind, Plans(graph.vocabulary, memory, seed).things(kind)) for kind in KINDS for seed in range(SEEDS)
    ]
    assert sum(map(bool, made)) > len(made) / 3
