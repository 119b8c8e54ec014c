"""The colour and the shape of each type of thing.

The colours are those of Okabe and Ito, which colour-blind people can tell apart (https://jfly.uni-koeln.de/color/).
Types that belong together share a hue and differ in shape, so nobody needs colour alone to know a type.
"""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["TYPES", "Look", "look"]


class Look(NamedTuple):
    """A shape by vis-network's name, and a colour."""

    shape: str
    color: str


_BLUE, _ORANGE, _RED, _GREEN = "#0072B2", "#E69F00", "#D55E00", "#009E73"
_PURPLE, _SKY, _YELLOW, _GREY = "#CC79A7", "#56B4E9", "#F0E442", "#999999"
_LOOKS = {
    "product": Look("dot", _BLUE),
    "product kind": Look("square", _BLUE),
    "clinical trial": Look("square", _ORANGE),
    "arm": Look("dot", _ORANGE),
    "trial phase": Look("triangle", _ORANGE),
    "trial status": Look("diamond", _ORANGE),
    "registry": Look("hexagon", _ORANGE),
    "disease": Look("triangle", _RED),
    "adverse event": Look("square", _RED),
    "measure": Look("hexagon", _GREEN),
    "molecule": Look("diamond", _GREEN),
    "cell type": Look("dot", _GREEN),
    "genetic modification": Look("hexagon", _PURPLE),
    "modification kind": Look("square", _PURPLE),
    "modification purpose": Look("triangle", _PURPLE),
    "organization": Look("triangleDown", _SKY),
    "cell source": Look("dot", _YELLOW),
    "donor type": Look("diamond", _YELLOW),
    "vector": Look("triangle", _YELLOW),
}
TYPES = tuple(_LOOKS)  # in the order of a legend


def look(kind: str) -> Look:
    """Return how things of a type look; an unknown type is grey."""
    return _LOOKS.get(kind, Look("dot", _GREY))
