"""Parts of the network that are small enough to read: around a thing, or what the rows of a query rest on.

A view holds nodes and edges of the network that it is taken from, with all their attributes. It adds none of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kg.model.iris import BASE
from kg.network.networkx_graph import edge_key

if TYPE_CHECKING:
    from collections.abc import Iterable

    import networkx as nx

    from kg.evidence.citations import Triple

__all__ = ["HUB", "View", "focus", "only", "rests_on"]

HUB = 25  # relations; with this limit, two steps around a product in no wide use reach some 60 things instead of 600
_MOST_NAMED = 5
_PARTS = {"subject", "predicate", "object"}  # the parts of a statement


class View(NamedTuple):
    """A part of a network.

    Attributes:
        network: the nodes and edges of the part.
        title: what the view shows.
        notice: what was left out and how to see it, or an empty text.
    """

    network: nx.MultiDiGraph[str]
    title: str
    notice: str = ""


def focus(network: nx.MultiDiGraph[str], nodes: Iterable[str], depth: int = 2) -> View:
    """Return the things within some steps of given ones, and all relations between them.

    Relations are followed in both directions. A thing with more than :data:`HUB` relations, such as a phase or the
    commonest target, is shown when a step reaches it, but no step leads on from it, unless the view starts there. The
    notice names these things.

    Args:
        network: the whole network.
        nodes: the things where the view starts.
        depth: how many steps to go.

    Example:
        >>> import networkx as nx
        >>> path = nx.path_graph(["a", "b", "c", "d"], create_using=nx.MultiDiGraph)
        >>> _ = [path.nodes[node].update(label=node.upper()) for node in path]
        >>> view = focus(path, ["a"], 2)
        >>> view.title, sorted(view.network)
        ('Around A, 2 steps', ['a', 'b', 'c'])
    """
    starts = list(nodes)
    reached = edge = set(starts)
    hubs: set[str] = set()
    for _ in range(depth):
        hubs |= {node for node in edge - set(starts) if network.degree(node) > HUB}
        met = {other for node in edge - hubs for other in (*network.successors(node), *network.predecessors(node))}
        edge = met - reached
        reached = reached | met
    names = ", ".join(network.nodes[node]["label"] for node in starts)
    title = f"Around {names}, {depth} step{'' if depth == 1 else 's'}"
    return View(_part(network, reached), title, _hub_notice(network, hubs))


def rests_on(network: nx.MultiDiGraph[str], triples: Iterable[Triple], title: str) -> View:
    """Return the things and relations that triples are about.

    A triple of two things stands for the edge between them. A triple of a finding or an administration stands for the
    edge of this record. If triples name all three parts of a statement, they stand for the edge that it states, unless
    the statement is rejected. A thing that has only other triples is a node without an edge.

    Args:
        network: the whole network.
        triples: what the rows of a query rest on, as :func:`kg.evidence.tracing.trace` finds it.
        title: the question that the rows answer.
    """
    records: dict[str, tuple[str, str, str]] = {}
    for source, target, key in network.edges(keys=True):
        records[BASE + key] = source, target, key
    nodes: set[str] = set()
    edges: set[tuple[str, str, str]] = set()
    statements: dict[str, dict[str, str]] = {}
    for subject, predicate, object_ in triples:
        nodes |= {subject.value, object_.value} & network.nodes
        name = edge_key(predicate.value)
        edges.add((subject.value, object_.value, name))
        if subject.value in records:
            edges.add(records[subject.value])
        if name in (*_PARTS, "standing"):
            statements.setdefault(subject.value, {})[name] = object_.value
    for parts in statements.values():
        if parts.keys() >= _PARTS and parts.get("standing") != "rejected":
            edges.add((parts["subject"], parts["object"], edge_key(parts["predicate"])))
    edges = {edge for edge in edges if network.has_edge(*edge)}
    return View(only(network, edges, nodes), title)


def only(
    network: nx.MultiDiGraph[str], edges: Iterable[tuple[str, str, str]], nodes: Iterable[str] = ()
) -> nx.MultiDiGraph[str]:
    """Return a new network of some edges with their ends, and of some more nodes, in the order of the whole."""
    kept = set(edges)
    inside = {end for source, target, _ in kept for end in (source, target)} | set(nodes)
    part = _part(network, inside)
    part.remove_edges_from([edge for edge in part.edges(keys=True) if edge not in kept])
    return part


def _part(network: nx.MultiDiGraph[str], nodes: set[str]) -> nx.MultiDiGraph[str]:
    """Return a new network of some nodes and all edges between them, in the order of the whole."""
    part: nx.MultiDiGraph[str] = network.__class__()
    part.add_nodes_from((node, data) for node, data in network.nodes(data=True) if node in nodes)
    for source, target, key, data in network.edges(nodes, keys=True, data=True):
        if target in nodes:
            part.add_edge(source, target, key, **data)
    return part


def _hub_notice(network: nx.MultiDiGraph[str], hubs: set[str]) -> str:
    if not hubs:
        return ""
    ordered = sorted(hubs, key=lambda node: (-network.degree(node), node))
    names = [f"{network.nodes[node]['label']} ({network.degree(node)})" for node in ordered[:_MOST_NAMED]]
    rest = f" and {len(hubs) - _MOST_NAMED} more" if len(hubs) > _MOST_NAMED else ""
    return (
        f"Not followed further, as they have more than {HUB} relations: {', '.join(names)}{rest}. "
        "Take one of them as the focus to see what is around it."
    )
