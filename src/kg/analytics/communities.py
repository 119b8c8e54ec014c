"""Clusters of programmes: products that are more like each other than like the rest, and what a cluster shares."""

from __future__ import annotations

from collections import Counter
from functools import partial
from math import inf
from typing import TYPE_CHECKING

from kg.analytics.engine import dispatched
from kg.analytics.features import iter_facts, narrowest, nearest_products, read_features
from kg.analytics.table import Measure, Row
from kg.errors import UsageError
from kg.evidence.citations import JOINT

if TYPE_CHECKING:
    from collections.abc import Sequence

    import networkx as nx

    from kg.analytics.features import Feature, Features
    from kg.analytics.landscape import Landscape

__all__ = ["communities", "likeness_graph"]

_NEAREST = 10
_SEED = 20_250_101
_COMMON = 0.5  # a feature is common if at least this share of a community has it
_MORE = 1.2  # and if it is at least so many times as frequent there as among all products
_TOLD = 6  # how many common features are shown


def communities(landscape: Landscape, *, resolution: float = 1.0, backend: str = "") -> Measure:
    """Return clusters of similar products that are in trials, found by the Louvain method with a fixed seed.

    The graph joins each product with the ten most similar ones (:mod:`kg.analytics.features`), weighted by similarity.
    Source: Blondel, Guillaume, Lambiotte and Lefebvre, Fast unfolding of communities in large networks (2008).

    Args:
        landscape: the products.
        resolution: more than 1 gives smaller communities, less gives larger ones.
        backend: the name of a NetworkX backend that finds them.

    Returns:
        The columns ``community`` (numbered from the largest), ``products`` and ``trials`` (how many it has),
        ``modularity`` (its part of the modularity of the whole graph), ``in_common`` (the features that at least half
        of it has; each with how many have it, and how many times as frequent it is as among all products) and
        ``members``.

    Raises:
        UsageError: if SciPy is not installed, NetworkX cannot use the backend, or the resolution is not above 0.
    """
    import networkx as nx

    if not 0 < resolution < inf:
        raise UsageError(
            f"a resolution of {resolution}; expected a number above 0, such as 1.5 for smaller communities"
        )
    features = read_features(landscape)
    programmes = {it: found for it, found in features.of.items() if it in landscape.products["trial"]}
    features = features._replace(of=programmes)
    graph = likeness_graph(features)
    find = nx.community.louvain_communities
    found: list[set[str]] = dispatched(find, graph, backend, resolution=resolution, seed=_SEED)
    ordered = sorted((sorted(members) for members in found), key=lambda members: (-len(members), members))
    everywhere = Counter(feature for product in features.of for feature in features.of[product])
    shares = _modularities(graph, ordered, resolution)
    rows = []
    for number, (members, modularity) in enumerate(zip(ordered, shares, strict=True), start=1):
        common = _in_common(landscape, features, members, everywhere)
        trials = set().union(*(landscape.products["trial"].get(product, ()) for product in members))
        cells = (
            number,
            len(members),
            len(trials),
            modularity,
            JOINT.join(text for _, text in common) or None,
            JOINT.join(sorted(landscape.labels[product] for product in members)),
        )
        rows.append(Row(cells, partial(iter_facts, landscape, members, [feature for feature, _ in common])))
    return Measure(("community", "products", "trials", "modularity", "in_common", "members"), rows)


def likeness_graph(features: Features) -> nx.Graph[str]:
    """Return a graph in which each product is joined with the products most similar to it.

    Raises:
        UsageError: if SciPy is not installed.
    """
    import networkx as nx

    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from(features.of)
    for product, others in nearest_products(features, list(features.of), _NEAREST).items():
        graph.add_weighted_edges_from((product, other, similarity) for other, similarity in others)
    return graph


def _modularities(graph: nx.Graph[str], found: Sequence[Sequence[str]], resolution: float) -> list[float]:
    """Return the part of each community in the modularity: the weight inside it, less what chance would put there.

    Source: Newman, Analysis of weighted networks (2004).
    """
    place = {product: number for number, members in enumerate(found) for product in members}
    inside, ends = [0.0] * len(found), [0.0] * len(found)
    for one, other, data in graph.edges(data=True):
        weight = data["weight"]
        ends[place[one]] += weight
        ends[place[other]] += weight
        if place[one] == place[other]:
            inside[place[one]] += weight
    total = sum(ends) / 2 or 1.0  # without edges all is 0
    return [within / total - resolution * (at / (2 * total)) ** 2 for within, at in zip(inside, ends, strict=True)]


def _in_common(
    landscape: Landscape, features: Features, members: Sequence[str], everywhere: Counter[Feature]
) -> list[tuple[Feature, str]]:
    """Return the features that some products have in common, each with its text; the most telling comes first.

    At least half of the products have such a feature, and it is rarer among all products.
    """
    having = Counter(feature for product in members for feature in features.of[product])
    lifts = {
        feature: lift
        for feature, count in having.items()
        if count >= _COMMON * len(members)
        and (lift := count / len(members) / (everywhere[feature] / len(features.of))) >= _MORE
    }
    kept = narrowest(landscape, set(lifts))
    first = sorted(kept, key=lambda it: (-having[it] * round(lifts[it], 9), it))[:_TOLD]
    return [
        (it, f"{it[0]} {landscape.labels[it[1]]} ({having[it]} of {len(members)}, x {lifts[it]:.1f})") for it in first
    ]
