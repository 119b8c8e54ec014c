"""Link predictors: how likely is a pair that no trial has yet, judged by the network of what trials use together?

A predictor takes two lists of nodes, the rows and the columns, and scores each row with each column. A high score
means likely. No predictor has been fitted to these data.
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
_DIGITS = 9  # digits kept of a score: further ones depend on the order of a sum, or on the machine that decomposes


class Path(NamedTuple):
    """A path between two nodes.

    Attributes:
        weight: the product of the weights of its ties.
        nodes: the numbers of its nodes.
    """

    weight: float
    nodes: tuple[int, ...]


def degree_product(concepts: Concepts, rows: Places, columns: Places) -> Numbers:
    """Score a pair by the number of partners of the one, times that of the other: preferential attachment.

    Partners of a node are the nodes of the other's relation that share a trial with it. The score knows nothing of
    the pair itself, so it is the baseline (Newman, Physical Review E 2001, 64:025102; Liben-Nowell and Kleinberg,
    JASIST 2007, 58:1019).
    """
    return concepts.partners(rows[:, None], columns[None, :])


def adamic_adar(concepts: Concepts, rows: Places, columns: Places) -> Numbers:
    """Score a pair by its common neighbours ``z``: the sum of ``1 / log(degree(z))``.

    Source: Adamic and Adar, Social Networks 2003, 25:211.
    """
    import numpy as np

    ties = concepts.ties
    degrees = ties.sum(axis=1)
    shares = np.zeros(len(degrees))
    shares[degrees > 1] = 1 / np.log(degrees[degrees > 1])  # a node with one neighbour is common to no pair
    return _rounded(_dense(ties[rows].multiply(shares[None, :]) @ ties[:, columns]))


def paths(concepts: Concepts, rows: Places, columns: Places) -> Numbers:
    """Score a pair by its paths of two and of three ties: the degree-weighted path count, over all kinds of paths.

    Each tie of a path has two ends, and each end has a degree: its number of ties of the same kind. A path counts the
    product of ``degree ** -0.4`` over all these ends. So a path through a node that is tied to everything counts
    little (Himmelstein and Baranzini, PLOS Computational Biology 2015, 11:e1004259; the exponent is that of
    Himmelstein et al., eLife 2017, 6:e26726). A path passes no node twice. The tie between the pair itself is not a
    path.
    """
    damped = concepts.damped
    twice = damped[rows] @ damped
    thrice = _dense(twice @ damped[:, columns])
    # take off the walks of three ties that are not paths: they use the tie of the pair, and a tie forth and back
    direct = _dense(damped[rows][:, columns])
    returns = damped.multiply(damped).sum(axis=1)
    thrice += direct**3 - direct * (returns[rows][:, None] + returns[columns][None, :])
    return _rounded(_dense(twice[:, columns]) + thrice)


def embedding(concepts: Concepts, rows: Places, columns: Places) -> Numbers:
    """Score a pair by its entry in a low-rank approximation of the network, a truncated singular value decomposition.

    Source: the low-rank approximation of Liben-Nowell and Kleinberg, JASIST 2007, 58:1019. The rank is 16.
    """
    values, vectors = _decomposed(concepts)
    return _rounded((vectors[rows] * values) @ vectors[columns].T)


def _decomposed(concepts: Concepts) -> tuple[Numbers, Numbers]:
    """Return the 16 eigenvalues of the network that are largest in absolute value, and their eigenvectors.

    The matrix of ties is symmetric, so its eigenvalues are its singular values, except for the signs.
    """
    import numpy as np

    size = len(concepts.nodes)
    if size > _DIMENSIONS:  # ARPACK cannot find all eigenvalues of a matrix
        from scipy.sparse.linalg import eigsh

        start = np.full(size, size**-0.5)  # a fixed start instead of a random one
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
