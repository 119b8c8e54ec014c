"""How two things are connected: the shortest and most specific paths between them, each step with its evidence.

A path over a hub, such as a phase that half of all trials have, says little. So a step over a hub costs more. A step
costs ``1 + damping * ln(d * e)``, where ``d`` is how many things its subject has by its relation, and ``e`` is how
many things have its object by this relation. Without the 1, the cost of a path is the logarithm of the path-degree
product of Himmelstein and Baranzini (2015), "Heterogeneous network edge prediction", PLoS Computational Biology 11(7):
e1004259, https://doi.org/10.1371/journal.pcbi.1004259. The 1 makes the shorter of two equally specific paths cheaper.
Paths are found in the order of their costs by the algorithm of Yen (1971), "Finding the K shortest loopless paths in a
network", Management Science 17(11): 712-716, as NetworkX implements it.
"""

from __future__ import annotations

from itertools import islice, pairwise
from math import log
from typing import TYPE_CHECKING, Any, NamedTuple

from pyoxigraph import Literal, NamedNode

from kg.engines.asking import as_of
from kg.errors import NotInGraphError, UsageError
from kg.evidence.citations import JOINT
from kg.formats.result import Result
from kg.model.iris import PREFIXES
from kg.network.networkx_graph import to_networkx

if TYPE_CHECKING:
    from collections.abc import Iterator

    import networkx as nx
    from pyoxigraph import Store

__all__ = ["Path", "connections", "find_paths"]

_DECIMAL = NamedNode(PREFIXES["xsd"] + "decimal")
_COLUMNS = ("path", "cost", "step", "from", "relation", "to", "assertion", "standing", "evidence")


class Path(NamedTuple):
    """A path from one thing to another.

    Attributes:
        cost: the sum of the costs of its steps.
        nodes: the things on the path, including both ends.
        edges: for each step the edge of the network, as source, target and key. The edge may point backwards.
    """

    cost: float
    nodes: tuple[str, ...]
    edges: tuple[tuple[str, str, str], ...]


def connections(store: Store, start: str, end: str, *, limit: int = 5, damping: float = 0.5) -> Result:
    """Return the cheapest paths between two things, a row for each step.

    Args:
        store: the dataset.
        start: the IRI of a thing.
        end: the IRI of another one.
        limit: how many paths to return.
        damping: how much hubs cost. With 0 the cost of a path is its number of steps. Himmelstein et al. (2023),
            "Hetnet connectivity search", GigaScience 12: giad047, used 0.5.

    Returns:
        A row for each step: the number of its path, the cost of the path, the number of the step, where the step
        starts, its relation, where it leads, and how firmly and where this is stated. If the relation is stated in
        the other direction, an arrow stands before it. If there is no path, there are no rows.

    Raises:
        UsageError: if both things are the same.
        NotInGraphError: if a thing, such as a document, is not a node of the network.
    """
    network = to_networkx(store)
    rows = []
    for number, path in enumerate(find_paths(network, start, end, limit=limit, damping=damping), start=1):
        cost = Literal(f"{path.cost:.2f}", datatype=_DECIMAL)
        for step, (node, edge) in enumerate(zip(path.nodes, path.edges, strict=False), start=1):
            rows.append((Literal(number), cost, Literal(step), *_cells(network, node, edge)))
    return Result(_COLUMNS, rows, as_of(store))


def find_paths(
    network: nx.MultiDiGraph[str], start: str, end: str, *, limit: int = 5, damping: float = 0.5
) -> list[Path]:
    """Return the cheapest paths between two nodes of a network; edges are followed in both directions.

    Args and errors are those of :func:`connections`. If several edges join two nodes, the cheapest is taken.
    """
    import networkx as nx

    for node in (start, end):
        if node not in network:
            raise NotInGraphError(f"{node} has no relations to other things, so nothing is connected with it")
    if start == end:
        label = network.nodes[start]["label"]
        raise UsageError(f"{label} is both ends; expected two things, such as `kg analyze path N-803 NK-92`")
    ways: nx.Graph[str] = nx.Graph()
    for cost, source, target, key in _steps(network, damping):
        known = ways.get_edge_data(source, target)
        if not known or (cost, key) < (known["cost"], known["edge"][2]):
            ways.add_edge(source, target, cost=cost, edge=(source, target, key))
    try:
        found = list(islice(nx.shortest_simple_paths(ways, start, end, weight="cost"), limit))
    except (nx.NetworkXNoPath, nx.NodeNotFound):
        return []
    return sorted(_path(ways, nodes) for nodes in found)


def _steps(network: nx.MultiDiGraph[str], damping: float) -> Iterator[tuple[float, str, str, str]]:
    """Yield the cost and the edge of each possible step."""
    edges = [(source, target, key, key.partition("/")[0]) for source, target, key in network.edges(keys=True)]
    things: dict[tuple[str, str], set[str]] = {}
    havers: dict[tuple[str, str], set[str]] = {}
    for source, target, _, relation in edges:
        things.setdefault((source, relation), set()).add(target)
        havers.setdefault((target, relation), set()).add(source)
    for source, target, key, relation in edges:
        if source != target:
            degrees = len(things[source, relation]) * len(havers[target, relation])
            yield 1 + damping * log(degrees), source, target, key


def _path(ways: nx.Graph[str], nodes: list[str]) -> Path:
    steps: list[dict[str, Any]] = [ways.edges[pair] for pair in pairwise(nodes)]
    return Path(round(sum(step["cost"] for step in steps), 9), tuple(nodes), tuple(step["edge"] for step in steps))


def _cells(network: nx.MultiDiGraph[str], node: str, edge: tuple[str, str, str]) -> list[Literal]:
    """Return the cells of a step that starts at a node."""
    source, target, _ = edge
    data, labels = network.edges[edge], network.nodes
    relation = data["label"] if source == node else f"← {data['label']}"
    ends = labels[node]["label"], relation, labels[target if source == node else source]["label"]
    said = data.get("assertion", ""), data.get("standing", ""), JOINT.join(data["evidence"])
    return [Literal(text) for text in (*ends, *said)]
