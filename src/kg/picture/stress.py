"""Places for a small graph: things that few relations link lie close together, and labels have room.

Each connected part is laid out by stochastic gradient descent on its stress (Zheng, Pawar and Goodman, Graph Drawing by
Stochastic Gradient Descent, 2018), with a fixed start and a fixed shuffle. Then the boxes around things and their
labels are pushed apart. At last the parts are set beside each other, the largest first.
"""

from __future__ import annotations

from itertools import combinations
from math import cos, exp, hypot, log, pi, sin, sqrt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    import networkx as nx

    Box = tuple[float, float]

__all__ = ["is_small", "untangle"]

_MOST, _PAIRS = 400, 12_000  # so many things, and pairs of things within parts, are placed within a second
_ROUNDS = 30
_PASSES = 80  # how often boxes are pushed apart at most
_GAP = 40.0  # the space between parts
_SIGN, _SIGNS = 6.6, 24  # the width of a character of a label, and how many characters have room
_LINE = 17.0  # the height of a label


def is_small(network: nx.MultiDiGraph[str]) -> bool:
    """Say whether a graph is small enough for :func:`untangle`: about 150 things, or more in many parts."""
    import networkx as nx

    sizes = [len(part) for part in nx.weakly_connected_components(network)]
    return sum(sizes) <= _MOST and sum(size * (size - 1) // 2 for size in sizes) <= _PAIRS


def untangle(network: nx.MultiDiGraph[str], sizes: dict[str, float]) -> dict[str, tuple[int, int]]:
    """Return a place for each thing of a network.

    Args:
        network: the things with their ``label``. They must be few (:func:`is_small`), because the time grows with the
            square of their number.
        sizes: the radii of the things.
    """
    import networkx as nx

    boxes = {node: _box(str(network.nodes[node]["label"]), sizes[node]) for node in network}
    plain: nx.Graph[str] = nx.Graph()
    plain.add_nodes_from(sorted(network))
    plain.add_edges_from(sorted((source, target) for source, target in network.edges() if source != target))
    for source, target, edge in plain.edges(data=True):
        edge["length"] = 70 + 14 * sqrt(max(plain.degree(source), plain.degree(target)))
    parts = sorted((sorted(part) for part in nx.connected_components(plain)), key=lambda part: (-len(part), part))
    laid = [_push_apart(_descend(plain, part), boxes) for part in parts]
    return {node: (round(x), round(y)) for node, (x, y) in _beside(laid, boxes).items()}


def _box(label: str, size: float) -> Box:
    """Return half the width and half the height of a thing with its label below it."""
    return max(size, min(len(label), _SIGNS) * _SIGN / 2) + 5, size + _LINE / 2 + 3


def _descend(plain: nx.Graph[str], part: list[str]) -> dict[str, list[float]]:
    """Return places for the things of a part; their distances come near the distances along the relations."""
    from random import Random

    import networkx as nx

    turn = pi * (3 - sqrt(5))
    places = {node: [40 * sqrt(i) * cos(i * turn), 40 * sqrt(i) * sin(i * turn)] for i, node in enumerate(part)}
    far = dict(nx.all_pairs_dijkstra_path_length(plain.subgraph(part), weight="length"))
    pairs = [(places[a], places[b], far[a][b]) for a, b in combinations(part, 2)]
    if not pairs:
        return places
    longest, shortest = max(pair[2] for pair in pairs), min(pair[2] for pair in pairs)
    decay = log(longest**2 / (0.1 * shortest**2)) / (_ROUNDS - 1)
    shuffle = Random(1).shuffle
    for turn_number in range(_ROUNDS):
        step = longest**2 * exp(-decay * turn_number)
        shuffle(pairs)
        for here, there, wanted in pairs:
            across, down = here[0] - there[0], here[1] - there[1]
            distance = hypot(across, down) or 1e-9
            move = min(1.0, step / wanted**2) * (distance - wanted) / 2 / distance
            here[0] -= move * across
            here[1] -= move * down
            there[0] += move * across
            there[1] += move * down
    return places


def _push_apart(places: dict[str, list[float]], boxes: dict[str, Box]) -> dict[str, list[float]]:
    """Move overlapping boxes apart, across or down, whichever is shorter."""
    pairs = list(combinations(places, 2))
    for _ in range(_PASSES):
        is_still = True
        for one, other in pairs:
            here, there = places[one], places[other]
            over = [boxes[one][way] + boxes[other][way] - abs(here[way] - there[way]) for way in (0, 1)]
            if over[0] > 0.5 and over[1] > 0.5:
                way = 0 if over[0] < over[1] else 1
                move = over[way] / 2 if here[way] >= there[way] else -over[way] / 2
                here[way] += move
                there[way] -= move
                is_still = False
        if is_still:
            break
    return places


def _ends(part: dict[str, list[float]], boxes: dict[str, Box], way: int) -> Box:
    """Return how far the boxes of a part reach, across or down."""
    spans = [(place[way] - boxes[node][way], place[way] + boxes[node][way]) for node, place in part.items()]
    return min(span[0] for span in spans), max(span[1] for span in spans)


def _beside(parts: Iterable[dict[str, list[float]]], boxes: dict[str, Box]) -> dict[str, Box]:
    """Set parts in rows, like words of a text that is about as wide as high."""
    framed = []
    for part in parts:
        (left, right), (top, bottom) = (_ends(part, boxes, way) for way in (0, 1))
        framed.append((part, left, top, right - left + _GAP, bottom - top + _GAP))
    area = sum(width * height for *_, width, height in framed)
    widest = max([sqrt(1.3 * area), *(width for *_, width, _ in framed)])
    places: dict[str, Box] = {}
    across = down = tallest = 0.0
    for part, left, top, width, height in framed:
        if across and across + width > widest + 1:
            across, down, tallest = 0.0, down + tallest, 0.0
        places |= {node: (x - left + across, y - top + down) for node, (x, y) in part.items()}
        across, tallest = across + width, max(tallest, height)
    return places
