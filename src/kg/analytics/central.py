"""Which targets, diseases, sponsors and the like are central, and which of them only because they have many trials."""

from __future__ import annotations

from functools import partial
from math import dist, sqrt
from random import Random
from statistics import fmean
from typing import TYPE_CHECKING, cast

from kg.analytics.engine import betweenness, pagerank
from kg.analytics.incidence import read_incidence, shuffled
from kg.analytics.table import Measure, Row
from kg.evidence.citations import JOINT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.analytics.incidence import Incidence
    from kg.analytics.landscape import Fact, Landscape

__all__ = ["RELATIONS", "central"]

RELATIONS = ("agent", "disease", "modification", "source", "sponsor", "target")
_SEED = 20_250_101
_LARGE = 2_000  # with more edges, paths start from some nodes only (the pivots), and fewer graphs are shuffled
_WORK = 1_000_000  # the number of pivots times the number of edges
_PIVOTS = 32  # the least number of pivots
_NOISE = 1e-9  # two computations of the same number can differ by this
_SAMPLES, _SAMPLES_OF_LARGE = 49, 19
_COMPARED = ("partners", "betweenness", "pagerank")


def central(
    landscape: Landscape,
    type_: str = "",
    relations: Sequence[str] = RELATIONS,
    *,
    samples: int | None = None,
    backend: str = "",
) -> Measure:
    """Return how central things are in the graph of trials and what they have, compared with chance.

    The null model consists of random graphs in which each trial keeps its number of targets, diseases and so on, and
    each of these keeps its number of trials (:func:`kg.analytics.incidence.shuffled`). ``z`` is the distance from the
    mean of these graphs in standard deviations; it is empty if they do not differ. If there are few trials, most
    things lie on no shortest path by chance, and ``z`` does not follow the normal distribution. ``p`` is the
    empirical two-sided p value after Phipson and Smyth, Permutation p-values should never be zero (2010); it is not
    corrected for the number of rows. A thing that a source does not disclose is not a node.

    Args:
        landscape: the trials.
        type_: the relation whose things are shown; those of all relations if not given.
        relations: the relations that make the graph; ``type_`` is added to them.
        samples: how many random graphs to compare with; if not given 49, or 19 for a graph of more than 2,000 edges.
        backend: the name of a NetworkX backend that computes betweenness and PageRank.

    Returns:
        The columns ``thing``, ``type``, ``trials`` (how many have it), ``partners`` (how many things of other
        relations share a trial with it), ``betweenness`` and ``pagerank`` (:mod:`kg.analytics.engine`). Each of the
        last three is followed by its ``_z`` and its ``_p``. The highest betweenness comes first.

    Raises:
        UsageError: if there is no such relation, or NetworkX cannot use the backend.
    """
    incidence = read_incidence(landscape, sorted({*relations, type_} - {""}))
    comparisons = _compared(incidence, samples, backend)
    rows = []
    for node, facts in _facts_of_nodes(incidence).items():
        types = sorted({relation for relation, _, _ in facts})
        if not type_ or type_ in types:
            trials = len({trial for _, trial, _ in facts})
            measures = (cell for comparison in comparisons for cell in comparison.cells(node))
            cells = (landscape.labels[incidence.nodes[node]], JOINT.join(types), trials, *measures)
            rows.append(Row(cells, partial(list, facts)))
    columns = ("thing", "type", "trials", *(name + part for name in _COMPARED for part in ("", "_z", "_p")))
    place = columns.index("betweenness")
    rows.sort(key=lambda row: (-cast("float", row.cells[place]), row.cells[:2]))
    return Measure(columns, rows)


def _compared(incidence: Incidence, samples: int | None, backend: str) -> list[_Comparison]:
    """Return each measure of a graph, together with the same measure of its shuffled graphs."""
    nodes, edges = range(len(incidence.nodes)), len(incidence.all_edges())
    is_large = edges > _LARGE
    pivots = Random(_SEED).sample(nodes, min(len(nodes), max(_PIVOTS, _WORK // edges))) if is_large else []
    if samples is None:
        samples = _SAMPLES_OF_LARGE if is_large else _SAMPLES
    comparisons = [_Comparison(values) for values in _measured(incidence, pivots, backend)]
    for graph in shuffled(incidence, samples, _SEED):
        for comparison, values in zip(comparisons, _measured(graph, pivots, backend), strict=True):
            comparison.add(values)
    return comparisons


class _Comparison:
    """One measure of the nodes of a graph, together with the same measure of shuffled graphs."""

    def __init__(self, observed: Sequence[float]) -> None:
        self.observed = observed
        self._nulls: list[Sequence[float]] = []

    def add(self, values: Sequence[float]) -> None:
        self._nulls.append(values)

    def cells(self, node: int) -> tuple[float, float | None, float | None]:
        """Return the measure of a node, its z and its p; without shuffled graphs, z and p are None."""
        value = self.observed[node]
        nulls = [values[node] for values in self._nulls]
        if not nulls:
            return value, None, None
        mean = fmean(nulls)
        deviation = dist(nulls, [mean] * len(nulls)) / sqrt(len(nulls))
        above = sum(null >= value - _NOISE for null in nulls)
        below = sum(null <= value + _NOISE for null in nulls)
        p = min(1.0, 2 * (1 + min(above, below)) / (1 + len(nulls)))
        return value, round((value - mean) / deviation, 2) if deviation > _NOISE else None, p


def _measured(incidence: Incidence, pivots: Sequence[int], backend: str) -> list[Sequence[float]]:
    """Return the values of all nodes, for each measure in turn."""
    count, edges = len(incidence.nodes), incidence.all_edges()
    return [_partners(incidence), betweenness(count, edges, pivots, backend), pagerank(count, edges, backend)]


def _partners(incidence: Incidence) -> list[float]:
    """Return how many things of other relations share a trial with each node."""
    having: dict[int, dict[str, list[int]]] = {}
    for relation, pairs in incidence.edges.items():
        for trial, thing in pairs:
            having.setdefault(trial, {}).setdefault(relation, []).append(thing)
    partners: list[set[int]] = [set() for _ in incidence.nodes]
    for found in having.values():
        for relation, things in found.items():
            others = [other for further in found if further != relation for other in found[further]]
            for thing in things:
                partners[thing].update(others)
    return [len(others) for others in partners]


def _facts_of_nodes(incidence: Incidence) -> dict[int, list[Fact]]:
    """Return for each thing the facts that make it a node."""
    facts: dict[int, list[Fact]] = {}
    for relation, pairs in incidence.edges.items():
        for trial, thing in pairs:
            facts.setdefault(thing, []).append((relation, incidence.nodes[trial], incidence.nodes[thing]))
    return facts
