"""The network of what trials use together: its nodes are targets, diseases, sources and the like.

Two nodes are tied if a trial has both; the weight of the tie is the number of distinct trials. A node is also tied to
the concepts directly above it. A node is a relation with an IRI, because one product may be investigated in one trial
and be an agent in another. The network is kept as matrices of SciPy, because predictors score all pairs at once.
"""

from __future__ import annotations

from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from kg.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    import numpy as np
    from numpy.typing import NDArray

__all__ = ["DAMPING", "Concepts", "Node"]

Node = tuple[str, str]

DAMPING = 0.4  # the value of Project Rephetio (Himmelstein et al., eLife 2017, 6:e26726); not fitted to these data


class Concepts:
    """The network of what trials use together.

    Args:
        relations: relation -> trial -> what it has.
        trials: the trials that count; other trials are ignored.
        broader: concept -> the concepts directly above it. They are nodes too, even if no trial has them.

    Attributes:
        nodes: sorted by relation and IRI.
        number: node -> its place in ``nodes``, which is its row and its column in each matrix.
        together: a matrix: how many distinct trials have both nodes.
        trials: for each node, how many distinct trials have it.
        below: a matrix: 1 if the node of the row is directly below the node of the column.

    Raises:
        UsageError: if SciPy, the extra ``analytics``, is not installed.
    """

    def __init__(
        self,
        relations: Mapping[str, Mapping[str, frozenset[str]]],
        trials: Collection[str],
        broader: Mapping[str, frozenset[str]],
    ) -> None:
        try:
            import numpy as np
            from scipy import sparse
        except ImportError as error:
            raise UsageError("this measure needs SciPy; install it with `pip install 'immunokg[analytics]'`") from error

        has = [
            (row, (name, thing))
            for row, trial in enumerate(sorted(trials))
            for name, found in relations.items()
            for thing in found.get(trial, ())
        ]
        above = _ladder({node for _, node in has}, broader)
        self.nodes = sorted({node for _, node in has}.union(*above))
        self.number = {node: place for place, node in enumerate(self.nodes)}
        size = len(self.nodes)
        places = [self.number[node] for _, node in has]
        ones = np.ones(len(has))
        incidence = sparse.csr_array((ones, ([row for row, _ in has], places)), shape=(len(trials), size))
        self.trials: NDArray[np.float64] = incidence.sum(axis=0)
        self.together: Any = sparse.csr_array(incidence.T @ incidence)
        self.together.setdiag(0)
        self.together.eliminate_zeros()
        ends = [self.number[low] for low, _ in above], [self.number[high] for _, high in above]
        self.below: Any = sparse.csr_array((np.ones(len(above)), ends), shape=(size, size))

    def used(self, relation: str) -> NDArray[np.int64]:
        """Return the numbers of the nodes that trials have by a relation."""
        import numpy as np

        return np.array(
            [place for place, (name, _) in enumerate(self.nodes) if name == relation and self.trials[place]], int
        )

    @cached_property
    def ties(self) -> Any:
        """The network without weights: 1 where two nodes are tied in any way."""
        return (self.together + self.below + self.below.T).sign()

    def partners(self, rows: NDArray[np.int64], columns: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return for each pair of nodes the number of partners of the one, times that of the other.

        The partners of a node are the nodes of the other's relation that share a trial with it.
        """
        kinds, degrees = self._degrees
        found: NDArray[np.float64] = degrees[rows, kinds[columns]] * degrees[columns, kinds[rows]]
        return found

    @cached_property
    def _degrees(self) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """For each node the number of its relation, and how many nodes of each relation share a trial with it."""
        import numpy as np

        names = sorted({name for name, _ in self.nodes})
        kinds = np.array([names.index(name) for name, _ in self.nodes], int)
        degrees = np.zeros((len(self.nodes), len(names)))
        ties = self.together.tocoo()
        np.add.at(degrees, (ties.row, kinds[ties.col]), 1)
        return kinds, degrees

    @cached_property
    def neighbours(self) -> list[dict[int, float]]:
        """For each node the nodes tied to it, with the damped weights of the ties."""
        damped = self.damped
        return [
            dict(zip(damped.indices[start:end].tolist(), damped.data[start:end].tolist(), strict=True))
            for start, end in pairwise(damped.indptr)
        ]

    @cached_property
    def damped(self) -> Any:
        """The network with each tie weighted by ``(d1 * d2) ** -0.4``.

        ``d1`` and ``d2`` count the ties of the same kind at its two ends. If a trial ties the ends, these are their
        partners. If one end is directly above the other, ``d1`` is the number of concepts directly above the lower
        end, and ``d2`` the number of nodes directly below the upper end.
        """
        from scipy import sparse

        ties = self.together.sign().tocoo()
        weights = self.partners(ties.row, ties.col) ** -DAMPING
        steps = self.below.tocoo()
        ups, downs = self.below.sum(axis=1), self.below.sum(axis=0)
        upwards = sparse.csr_array(
            ((ups[steps.row] * downs[steps.col]) ** -DAMPING, (steps.row, steps.col)), steps.shape
        )
        return sparse.csr_array((weights, (ties.row, ties.col)), ties.shape) + upwards + upwards.T


def _ladder(nodes: set[Node], broader: Mapping[str, frozenset[str]]) -> set[tuple[Node, Node]]:
    """Return all steps from some nodes up to their directly broader concepts, and on from there to the top."""
    steps: set[tuple[Node, Node]] = set()
    todo, seen = list(nodes), set(nodes)
    while todo:
        name, thing = todo.pop()
        for high in broader.get(thing, ()):
            steps.add(((name, thing), (name, high)))
            if (name, high) not in seen:
                seen.add((name, high))
                todo.append((name, high))
    return steps
