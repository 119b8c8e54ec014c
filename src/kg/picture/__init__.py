"""A stand-in for the picture that is being built beside this: today's page, and no stills."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import networkx as nx

    from kg.panels import Panel

__all__ = ["to_html", "to_image"]


def to_html(
    network: nx.MultiDiGraph[str],
    title: str = "ImmunoKG",
    *,
    panels: Mapping[str, Panel] = {},
    size: str = "degree",
    notice: str = "",
) -> str:
    """Return today's page; panels, size and notice are accepted and not shown."""
    from kg.view import to_html

    return to_html(network, title)


def to_image(network: nx.MultiDiGraph[str], kind: str, title: str = "ImmunoKG") -> bytes:
    """Raise an error, as there are no stills yet."""
    raise UsageError(f"no {kind} can be made yet; expected html")
