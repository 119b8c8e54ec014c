"""Which products are alike, and by what: the nearest competitors of a product."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from kg.analytics.features import RELATIONS, iter_facts, narrowest, nearest_products, read_features
from kg.analytics.table import Measure, Row
from kg.errors import NotInGraphError
from kg.evidence.citations import JOINT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kg.analytics.features import Feature, Features
    from kg.analytics.landscape import Landscape

__all__ = ["similar"]

_DIGITS = 9  # digits of the shared bits, by which rows are ordered
_NEAREST = 5  # if all products are compared, each is shown with so many others


def similar(landscape: Landscape, product: str = "") -> Measure:
    """Return the products most like a given one, or the most similar pairs of all products.

    Two products are similar if they share targets, diseases, modifications, cell sources, combination agents and
    kind; see :meth:`kg.analytics.features.Features.similarity`. If one of them does not report a relation at all,
    ``similarity`` counts this as a difference. ``comparable`` leaves the relation out. The truth lies between. Sponsors
    are not compared. If a source or a curator says that two products are the same one, they are not a pair.

    Args:
        landscape: the products.
        product: the IRI of the given product. If there is none, each product is paired with its five nearest.

    Returns:
        The columns ``product``, ``other`` and its ``sponsor``, ``similarity``, ``comparable``, ``shared`` (for each
        relation the bits that the two share, the bits of both, and the narrowest things that they share),
        ``only_product`` and ``only_other`` (the narrowest things that only this one of the two has), and ``one_sided``
        (the relations that only one of them reports). The most similar pair comes first; among equal ones, the pair
        that shares most bits.

    Raises:
        NotInGraphError: if the graph has nothing by which the product can be compared.
        UsageError: if SciPy is not installed.
    """
    features = read_features(landscape)
    if product and product not in features.of:
        name = landscape.labels.get(product, product)
        raise NotInGraphError(f"'{name}' is no product with a target, disease, source or the like to compare it by")
    if product:
        near = nearest_products(features, [product], len(features.of))
    else:
        near = nearest_products(features, list(features.of), _NEAREST)
    pairs = {
        (one, other) if product else (min(one, other), max(one, other)): similarity
        for one, others in near.items()
        for other, similarity in others
        if other not in landscape.same.get(one, ())
    }
    bits = {pair: round(features.weigh(features.of[pair[0]] & features.of[pair[1]]), _DIGITS) for pair in pairs}
    order = sorted(pairs, key=lambda pair: (-pairs[pair], -bits[pair], pair))
    columns = "product other sponsor similarity comparable shared only_product only_other one_sided".split()
    return Measure(tuple(columns), [_row(landscape, features, *pair) for pair in order])


def _row(landscape: Landscape, features: Features, product: str, other: str) -> Row:
    one, two = features.of[product], features.of[other]
    both = [relation for relation in RELATIONS if {relation} <= {name for name, _ in one} & {name for name, _ in two}]
    one_sided = sorted({name for name, _ in one ^ two} - set(both))
    cells = (
        landscape.labels[product],
        landscape.labels[other],
        JOINT.join(sorted(landscape.labels[it] for it in landscape.products["sponsor"].get(other, ()))) or None,
        features.similarity(product, other),
        features.similarity(product, other, both),
        JOINT.join(_explained(landscape, features, one, two)) or None,
        _feature_names(landscape, one - two) or None,
        _feature_names(landscape, two - one) or None,
        JOINT.join(one_sided) or None,
    )
    return Row(cells, partial(iter_facts, landscape, (product, other), one & two))


def _explained(
    landscape: Landscape, features: Features, one: frozenset[Feature], two: frozenset[Feature]
) -> Iterator[str]:
    """Yield for each relation a text: the bits that two sets share, the bits of both, and what they share."""
    for relation in RELATIONS:
        shared = {feature for feature in one & two if feature[0] == relation}
        if shared:
            either = {feature for feature in one | two if feature[0] == relation}
            share = f"{features.weigh(shared):.1f} of {features.weigh(either):.1f}"
            names = ", ".join(sorted(landscape.labels[thing] for _, thing in narrowest(landscape, shared)))
            yield f"{relation} {share}: {names}"


def _feature_names(landscape: Landscape, features: Iterable[Feature]) -> str:
    kept = narrowest(landscape, set(features))
    return JOINT.join(sorted(f"{relation} {landscape.labels[thing]}" for relation, thing in kept))
