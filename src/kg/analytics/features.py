"""The features by which products are compared, and how much each feature tells."""

from __future__ import annotations

from collections import Counter
from math import fsum, log2
from typing import TYPE_CHECKING, NamedTuple

from kg.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kg.analytics.landscape import Fact, Landscape

__all__ = ["RELATIONS", "Feature", "Features", "narrowest", "nearest_products", "read_features"]

RELATIONS = ("agent", "disease", "kind", "modification", "source", "target")

Feature = tuple[str, str]
"""A relation of :attr:`Landscape.products`, and the IRI of a thing that products have by this relation."""

_DIGITS = 9  # digits of a similarity that are kept: the further ones depend on the order of a sum
_BLOCK = 256  # so many products at a time are compared with all others, so that memory stays linear


class Features(NamedTuple):
    """The features of products.

    Attributes:
        of: product -> its features. A product that has a disease, for example, has all broader diseases too.
        bits: feature -> how much it tells, in bits.
    """

    of: dict[str, frozenset[Feature]]
    bits: dict[Feature, float]

    def weigh(self, features: Iterable[Feature]) -> float:
        """Return how much some features tell together, in bits."""
        return fsum(self.bits[feature] for feature in features)

    def similarity(self, first: str, second: str, relations: Sequence[str] = RELATIONS) -> float:
        """Return the weighted Jaccard similarity of two products: the bits that they share, over all bits of both.

        Only features of the given relations count. Source: the simGIC of Pesquita and others, Metrics for GO based
        protein semantic similarity (2008), with the weights of :func:`read_features`.
        """
        one, other = (
            {feature for feature in self.of[product] if feature[0] in relations} for product in (first, second)
        )
        return self.weigh(one & other) / (self.weigh(one | other) or 1.0)


def read_features(landscape: Landscape) -> Features:
    """Return the features of all products that have any feature besides their kind.

    A feature tells -log2 s bits, where s is the share of products that have it among those that report anything by
    its relation (Resnik, Using information content to evaluate semantic similarity, 1995). A directly broader concept
    is a feature of the same products, so its bits are taken off; if there are several, those of the one that tells
    most (Jiang and Conrath, Semantic similarity based on corpus statistics and lexical taxonomy, 1997). So a disease
    deep in the hierarchy does not count again at each level.
    """

    def closed(product: str) -> Iterator[Feature]:
        for relation in RELATIONS:
            for thing in landscape.products[relation].get(product, ()):
                yield from ((relation, concept) for concept in landscape.above(thing))

    reported = sorted(set().union(*(landscape.products[relation] for relation in RELATIONS if relation != "kind")))
    of = {product: frozenset(closed(product)) for product in reported}
    reporting = Counter(relation for features in of.values() for relation in {name for name, _ in features})
    having = Counter(feature for features in of.values() for feature in features)
    tells = {feature: log2(reporting[feature[0]] / count) for feature, count in having.items()}
    bits = {
        (relation, thing): told
        - max((tells.get((relation, parent), 0.0) for parent in landscape.broader.get(thing, ())), default=0.0)
        for (relation, thing), told in sorted(tells.items())
    }
    return Features(of, bits)


def narrowest(landscape: Landscape, features: set[Feature]) -> set[Feature]:
    """Return only the narrowest features: those that are not broader than another one."""
    broader = {(relation, up) for relation, thing in features for up in landscape.above(thing) - {thing}}
    return features - broader


def iter_facts(landscape: Landscape, products: Iterable[str], features: Iterable[Feature]) -> Iterator[Fact]:
    """Yield the facts by which products have some features: each has the thing itself or a narrower one."""
    concepts: dict[str, set[str]] = {}
    for relation, concept in sorted(features):
        concepts.setdefault(relation, set()).add(concept)
    for relation, wanted in concepts.items():
        for product in products:
            for thing in sorted(landscape.products[relation].get(product, ())):
                if wanted & landscape.above(thing):
                    yield relation, product, thing


def nearest_products(features: Features, products: Sequence[str], count: int) -> dict[str, list[tuple[str, float]]]:
    """Return for each of some products the most similar other products, with their similarity.

    Products that share no feature are left out.

    Args:
        features: the features of all products.
        products: the products whose most similar ones are returned.
        count: how many others to return for each product at most.

    Raises:
        UsageError: if SciPy is not installed.
    """
    try:
        import numpy as np
        from scipy.sparse import csr_array
    except ImportError as error:
        raise UsageError("similarity needs SciPy; install it with `pip install 'immunokg[analytics]'`") from error

    everything = list(features.of)
    place = {product: number for number, product in enumerate(everything)}
    column = {feature: number for number, feature in enumerate(features.bits)}
    cells = [(row, column[feature]) for row, product in enumerate(everything) for feature in features.of[product]]
    rows, columns = np.array(cells, dtype=int).reshape(-1, 2).T
    shape = len(everything), len(column)
    has = csr_array((np.ones(len(cells)), (rows, columns)), shape=shape)
    told = csr_array((np.array(list(features.bits.values()))[columns], (rows, columns)), shape=shape)
    sums = told @ np.ones(len(column))
    found = {}
    for start in range(0, len(products), _BLOCK):
        block = [place[product] for product in products[start : start + _BLOCK]]
        shared = (told[block] @ has.T).toarray()
        similarity = shared / np.maximum(sums[block][:, None] + sums[None, :] - shared, np.finfo(float).tiny)
        similarity[range(len(block)), block] = 0.0
        similarity = similarity.round(_DIGITS)
        # the similarity of the last one to return; among those that tie with it, the order of IRIs decides
        least = np.partition(similarity, -min(count, len(everything)), axis=1)[:, -min(count, len(everything))]
        for row, number in enumerate(block):
            near = np.flatnonzero(similarity[row] >= max(least[row], 10**-_DIGITS))
            order = near[np.argsort(-similarity[row, near], kind="stable")[:count]]
            found[everything[number]] = [(everything[other], float(similarity[row, other])) for other in order]
    return found
