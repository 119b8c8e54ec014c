"""Betweenness and PageRank of a graph.

igraph computes them if it is installed, else NetworkX; the numbers are the same, but NetworkX takes 40 times as long
for betweenness. A caller may name a backend of NetworkX, which then computes them instead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kg.errors import UsageError
from kg.model.terms import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    import networkx as nx

__all__ = ["betweenness", "dispatched", "pagerank"]

_TOLERANCE = 1e-12  # NetworkX stops when PageRank changes by less than this per node; igraph solves exactly


def betweenness(
    count: int, edges: Sequence[tuple[int, int]], pivots: Sequence[int] = (), backend: str = ""
) -> list[float]:
    """Return the betweenness of each node of an undirected graph.

    It is the share of the pairs of other nodes whose shortest paths lead over the node.

    Sources: Freeman, A set of measures of centrality based on betweenness (1977); Brandes, A faster algorithm for
    betweenness centrality (2001); with pivots: Brandes and Pich, Centrality estimation in large networks (2007).

    Args:
        count: the number of nodes; they are numbered from 0.
        edges: pairs of nodes.
        pivots: the nodes from which paths are counted, which gives an estimate; without any, all nodes are taken.
        backend: the name of a NetworkX backend that computes it.

    Raises:
        UsageError: if NetworkX cannot use the backend.
    """
    core = None if backend else _igraph()
    if core:
        paths = core.GraphBase(count, edges).betweenness(sources=pivots or None)
    else:
        import networkx as nx

        measure = nx.betweenness_centrality_subset if pivots else nx.betweenness_centrality
        ends = {"sources": pivots, "targets": range(count)} if pivots else {}
        found = dispatched(measure, _graph(count, edges), backend, normalized=False, **ends)
        paths = [found[node] for node in range(count)]
    # without pivots each pair of nodes is counted once; with pivots only the paths from them are counted
    pairs = (count - 1) * (count - 2) / 2 * (len(pivots) / count if pivots else 1)
    return [float(value / pairs) if pairs else 0.0 for value in paths]


def pagerank(count: int, edges: Sequence[tuple[int, int]], backend: str = "") -> list[float]:
    """Return the PageRank of each node of an undirected graph, damped by 0.85.

    Source: Page, Brin, Motwani and Winograd, The PageRank citation ranking: bringing order to the web (1999).

    Raises:
        UsageError: if NetworkX cannot use the backend, or if it needs SciPy for its own PageRank and cannot import it.
    """
    core = None if backend else _igraph()
    if core:
        return list(core.GraphBase(count, edges).personalized_pagerank())
    import networkx as nx

    try:
        found = dispatched(nx.pagerank, _graph(count, edges), backend, tol=_TOLERANCE, max_iter=1000)
    except ModuleNotFoundError as error:
        raise UsageError("PageRank needs SciPy; install it with `pip install 'immunokg[analytics]'`") from error
    return [found[node] for node in range(count)]


def dispatched(measure: Any, graph: nx.Graph[Any], backend: str, **options: Any) -> Any:
    """Call a function of NetworkX on a graph; a backend computes it if one is named and has the function.

    Raises:
        UsageError: if NetworkX cannot use the backend.
    """
    if backend:
        try:
            return measure(graph, **options, backend=backend)
        except NotImplementedError:  # the backend lacks this function, so NetworkX computes it below
            pass
        except ImportError as error:
            message = f"NetworkX cannot use the backend '{backend}': {one_line(str(error))}"
            raise UsageError(f"{message}; install it, or leave --backend out") from error
    return measure(graph, **options)


def _graph(count: int, edges: Sequence[tuple[int, int]]) -> nx.Graph[int]:
    import networkx as nx

    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(count))
    graph.add_edges_from(edges)
    return graph


def _igraph() -> Any:
    """Return the C core of igraph, or None if igraph is not installed.

    Only the core is imported. The package around it also imports Matplotlib if that is installed, which takes a
    second. If somebody imports the whole package later in the same process, it uses the same core.
    """
    import sys
    from importlib.machinery import PathFinder
    from importlib.util import find_spec, module_from_spec

    name = "igraph._igraph"
    if name not in sys.modules:
        package = find_spec("igraph")
        spec = PathFinder.find_spec(name, package.submodule_search_locations) if package else None
        if not spec or not spec.loader:
            return None
        sys.modules[name] = module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]
