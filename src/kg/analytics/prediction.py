"""Which pairs that no trial has yet are likely: link predictors on the network of what trials use together.

Each predictor gives a number for each pair of some nodes with some others; high is likely. None of them has been
fitted to these data.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    from kg.analytics.concepts import Concepts

    Numbers = NDArray[np.float64]
    Places = NDArray[np.int64]

__all__ = ["BASELINE", "PREDICTORS", "Path", "adamic_adar", "best_paths", "degree_product", "embedding", "paths"]

_DIMENSIONS = 16
_DIGITS = 9  # beyond them equal scores differ by the order of a sum, and a decomposition between machines


class Path(NamedTuple):
    """A path between two nodes.

    Attributes:
        weight: the product of the weights of its ties.
        nodes: the numbers of its nodes.
    """

    weight: float
    nodes: tuple[int, ...]


def degree_product(concepts: Concepts, rows: Places, columns: Places) -> Numbers:
    """Score a pair by how many partners the one has, times how many the other has: preferential attachment.

    Partners of a row are nodes of the columns' relation that a trial has together with it, and the other way round.
    Knowing nothing of the pair itself, it is the baseline (Newman, Physical Review E 2001, 64:025102; Liben-Nowell
    and Kleinberg, JASIST 2007, 58:1019).
    """
    return concepts.partners(rows[:, None], columns[None, :])


def adamic_adar(concepts: Concepts, rows: Places, columns: Places) -> Numbers:
    """Score a pair by its common neighbours ``z``: the sum of ``1 / log(degree(z))``.

    Adamic and Adar, Social Networks 2003, 25:211.
    """
    import numpy as np

    ties = concepts.ties
    degrees = ties.sum(axis=1)
    shares = np.zeros(len(degrees))
    shares[degrees > 1] = 1 / np.log(degrees[degrees > 1])  # what has one neighbour is common to no two
    return _rounded(_dense(ties[rows].multiply(shares[None, :]) @ ties[:, columns]))


def paths(concepts: Concepts, rows: Places, columns: Places) -> Numbers:
    """Score a pair by its paths of two and of three ties: the degree-weighted path count, over all kinds of paths.

    A path counts the product of ``degree ** -0.4`` over both ends of its ties, with degrees by kind of tie, so paths
    through what is tied to everything count little (Himmelstein and Baranzini, PLOS Computational Biology 2015,
    11:e1004259; the exponent is that of Himmelstein et al., eLife 2017, 6:e26726). A path passes no node twice and
    is not the tie of the pair itself.
    """
    damped = concepts.damped
    twice = damped[rows] @ damped
    thrice = _dense(twice @ damped[:, columns])
    # walks of three ties that are no paths go over the tie of the pair and one tie forth and back
    direct = _dense(damped[rows][:, columns])
    returns = damped.multiply(damped).sum(axis=1)
    thrice += direct**3 - direct * (returns[rows][:, None] + returns[columns][None, :])
    return _rounded(_dense(twice[:, columns]) + thrice)


def embedding(concepts: Concepts, rows: Places, columns: Places) -> Numbers:
    """Score a pair by what is left of its tie in a truncated singular value decomposition of the network.

    The low-rank approximation of Liben-Nowell and Kleinberg, JASIST 2007, 58:1019, of rank 16.
    """
    values, vectors = _decomposed(concepts)
    return _rounded((vectors[rows] * values) @ vectors[columns].T)


def _decomposed(concepts: Concepts) -> tuple[Numbers, Numbers]:
    """Return the eigenvalues of the ties that are largest in size, and their vectors.

    The ties are symmetric, so these are the singular values but for their signs.
    """
    import numpy as np

    size = len(concepts.nodes)
    if size > _DIMENSIONS:  # ARPACK finds fewer than all
        from scipy.sparse.linalg import eigsh

        start = np.full(size, size**-0.5)  # instead of one by lot
        values, vectors = eigsh(concepts.ties.astype(float), k=_DIMENSIONS, which="LM", v0=start)
    else:
        values, vectors = np.linalg.eigh(_dense(concepts.ties))
        largest = np.argsort(-np.abs(values), kind="stable")[:_DIMENSIONS]
        values, vectors = values[largest], vectors[:, largest]
    return values, vectors


BASELINE = "degree product"
PREDICTORS: dict[str, Callable[[Concepts, Places, Places], Numbers]] = {
    BASELINE: degree_product,
    "Adamic-Adar": adamic_adar,
    "paths": paths,
    "embedding": embedding,
}


def best_paths(concepts: Concepts, start: int, end: int, limit: int) -> list[Path]:
    """Return the paths of two and of three ties that count most in :func:`paths`, best first."""
    from heapq import nsmallest

    near = concepts.neighbours
    first, last = near[start], near[end]
    found: list[tuple[float, tuple[int, ...]]] = [
        (weight * last[via], (start, via, end)) for via, weight in first.items() if via in last
    ]
    found += [
        (weight * middle * last[other], (start, via, other, end))
        for via, weight in first.items()
        if via != end
        for other, middle in near[via].items()
        if other in last and other != start
    ]
    paths = (Path(round(weight, _DIGITS), nodes) for weight, nodes in found)
    return nsmallest(limit, paths, key=lambda path: (-path.weight, len(path.nodes), path.nodes))


def _rounded(scores: Numbers) -> Numbers:
    import numpy as np

    found: Numbers = np.round(scores, _DIGITS)
    return found


def _dense(matrix: Any) -> Numbers:
    found: Numbers = matrix.toarray()
    return found
