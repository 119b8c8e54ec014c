"""What trials use together, as a network: targets, diseases, sources and the like are its nodes.

Two nodes are tied if a trial has both, and the weight of a tie counts the distinct trials; a node is also tied to the
concepts directly above it. A node is a relation and an IRI, as one product may be investigated here and an agent there.
The network is kept as matrices of SciPy, since all pairs of two kinds are asked for at once.
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

DAMPING = 0.4  # as Project Rephetio has it, not fitted to these data


class Concepts:
    """The network of what trials use together.

    Args:
        relations: relation -> trial -> what it has.
        trials: the trials that count; the others are passed over.
        broader: concept -> the concepts directly above it. They are nodes too, even if no trial has them.

    Attributes:
        nodes: sorted by relation and IRI.
        number: node -> its place in ``nodes``, which is its row and its column in each matrix.
        together: how many distinct trials have both nodes.
        trials: how many distinct trials have a node.
        below: 1 where the node of the column is directly above that of the row.

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
        """Return for pairs of nodes how many partners the one has, times how many the other has.

        The partners of a node are those of the relation of the other that trials have together with it.
        """
        kinds, degrees = self._degrees
        found: NDArray[np.float64] = degrees[rows, kinds[columns]] * degrees[columns, kinds[rows]]
        return found

    @cached_property
    def _degrees(self) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """The relation of each node as a number, and for each node how many of each relation are tied to it."""
        import numpy as np

        names = sorted({name for name, _ in self.nodes})
        kinds = np.array([names.index(name) for name, _ in self.nodes], int)
        degrees = np.zeros((len(self.nodes), len(names)))
        ties = self.together.tocoo()
        np.add.at(degrees, (ties.row, kinds[ties.col]), 1)
        return kinds, degrees

    @cached_property
    def neighbours(self) -> list[dict[int, float]]:
        """For each node those tied to it, with the damped weights."""
        damped = self.damped
        return [
            dict(zip(damped.indices[start:end].tolist(), damped.data[start:end].tolist(), strict=True))
            for start, end in pairwise(damped.indptr)
        ]

    @cached_property
    def damped(self) -> Any:
        """The network with each tie weighted by ``(d1 * d2) ** -0.4``.

        ``d1`` and ``d2`` count the ties of its two ends that are of the same kind: the partners, or what is directly
        above the one and what is directly below the other.
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
    """Return the steps up from some nodes, and on from where they lead."""
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
