"""The data that the page reads: things and their relations, built by pyvis, and the contents of their panels.

A text that many things share, such as a place in a document, is kept once in ``texts``; its number stands for it.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from kg.picture.layout import by_kind
from kg.picture.looks import look

if TYPE_CHECKING:
    from collections.abc import Mapping

    import networkx as nx
    from pyvis.network import Network

    from kg.picture.layout import Layout
    from kg.picture.side_panel import Conflict, Fact, Panel

    Things = nx.MultiDiGraph[str]

__all__ = ["scene"]

_MANY = 6000  # more relations than this take too long to draw while a picture is moved
# vis-network does not highlight what is chosen or pointed at: the page draws that itself
_OPTIONS = {
    "physics": {"enabled": False, "stabilization": False},
    "layout": {"improvedLayout": False, "randomSeed": 1},
    "nodes": {"borderWidth": 1, "chosen": False},
    "edges": {
        "smooth": False,
        "chosen": False,
        "arrows": {"to": {"enabled": False}},
    },
}
_INTERACTION = {"hover": True, "tooltipDelay": 120, "selectConnectedEdges": False}


class _Texts:
    """Numbers for texts; the same text has the same number."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}

    def number(self, text: object) -> int:
        return self.numbers.setdefault(str(text), len(self.numbers))


def scene(network: Things, layout: Layout, panels: Mapping[str, Panel]) -> dict[str, Any]:
    """Return the graph as plain data: ``nodes``, ``edges``, ``texts``, ``kinds``, ``relations`` and ``options``.

    Args:
        network: the things and their relations.
        layout: where the things lie.
        panels: for each thing, what its panel says in addition to its relations; without one it shows its attributes.
    """
    texts = _Texts()
    relations, of_edge = _relations(network)
    nodes, edges, *_, options = _drawn(network, layout, panels, texts, of_edge).get_network_data()
    kinds = [
        {"name": kind, **look(kind)._asdict(), "count": len(members)}
        | (layout.regions[kind]._asdict() if kind in layout.regions else {})
        for kind, members in by_kind(network).items()
    ]
    return {
        "nodes": nodes,
        "edges": edges,
        "kinds": kinds,
        "relations": relations,
        "texts": list(texts.numbers),
        "options": json.loads(options),
    }


def _drawn(
    network: Things,
    layout: Layout,
    panels: Mapping[str, Panel],
    texts: _Texts,
    of_edge: Mapping[tuple[str, str, str], int],
) -> Network:
    """Return the network for pyvis; its nodes and edges are numbered."""
    from pyvis.network import Network

    drawn = Network(directed=True)
    interaction = {**_INTERACTION, "hideEdgesOnDrag": network.number_of_edges() > _MANY}
    drawn.set_options(json.dumps({**_OPTIONS, "interaction": interaction}))
    number = {node: i for i, node in enumerate(sorted(network))}
    for node, i in number.items():
        about = network.nodes[node]
        x, y = layout.places[node]
        told = {"iri": node, "kind": about["type"], **_told(about, panels.get(node), texts)}
        drawn.add_node(i, about["label"], *look(about["type"]), size=layout.sizes[node], x=x, y=y, **told)
    for i, (source, key, target) in enumerate(sorted((s, key, t) for s, t, key in network.edges(keys=True))):
        about = network.edges[source, target, key]
        said = {
            "name": texts.number(about["label"]),
            "relation": of_edge[source, target, key],
            "assertion": texts.number(about.get("assertion", "")),
            "evidence": [texts.number(place) for place in dict.fromkeys(about.get("evidence", ()))],
        }
        if about.get("standing") == "unresolved":
            said["dashes"] = True
        drawn.add_edge(number[source], number[target], id=i, **said)
    return drawn


def _relations(network: Things) -> tuple[list[dict[str, Any]], dict[tuple[str, str, str], int]]:
    """Return the relations of the legend, and edge -> the number of its relation in the legend.

    All findings are one relation, although each has its own words; so are all administrations. A folded edge carries
    the name of its relation. The legend groups a relation with the type of thing where most of its edges start. The
    relation with most edges comes first.
    """
    names = {
        (source, target, key): {"finding": "finding", "administration": "administration"}.get(
            key.partition("/")[0], str(about.get("relation", about["label"]))
        )
        for source, target, key, about in network.edges(keys=True, data=True)
    }
    starts: dict[str, Counter[str]] = {}
    for (source, _, _), name in names.items():
        starts.setdefault(name, Counter())[network.nodes[source]["type"]] += 1
    ranked = sorted(starts, key=lambda name: (-starts[name].total(), name))
    of_name = {name: i for i, name in enumerate(ranked)}
    mostly = {name: min(counts, key=lambda kind: (-counts[kind], kind)) for name, counts in starts.items()}
    legend = [{"name": name, "group": mostly[name], "count": starts[name].total()} for name in ranked]
    return legend, {edge: of_name[name] for edge, name in names.items()}


def _told(about: Mapping[str, Any], panel: Panel | None, texts: _Texts) -> dict[str, Any]:
    """Return the content of a thing's panel, and the year if it is a trial; empty parts are left out."""
    dated = re.match(r"[12]\d{3}(?!\d)", str(about.get("firstPosted", "")))
    told: dict[str, Any] = {"year": int(dated[0])} if dated else {}
    if panel is None:
        plain = sorted((name, value) for name, value in about.items() if name not in ("label", "type"))
        told["facts"] = [{"name": texts.number(_words(name)), "value": str(value)} for name, value in plain]
    else:
        told["facts"] = [_fact(fact, texts) for fact in panel.facts]
        told["conflicts"] = [_conflict(conflict, texts) for conflict in panel.conflicts]
        told["identifiers"] = [identifier._asdict() for identifier in panel.identifiers]
    return {name: value for name, value in told.items() if value}


def _fact(fact: Fact, texts: _Texts) -> dict[str, Any]:
    return {
        "name": texts.number(_words(fact.name)),
        "value": fact.value,
        "assertion": texts.number(fact.assertion),
        "standing": texts.number(fact.standing),
        "evidence": [texts.number(place) for place in dict.fromkeys(fact.evidence)],
    }


def _conflict(conflict: Conflict, texts: _Texts) -> dict[str, Any]:
    """Return a conflict as plain data: each value once, with all its places."""
    values: dict[int, list[int]] = {}
    for value, place in conflict.values:
        values.setdefault(texts.number(value), []).append(texts.number(place))
    settled = texts.number(conflict.resolution)
    return {"label": texts.number(conflict.label), "values": list(values.items()), "resolution": settled}


def _words(name: str) -> str:
    """Return the words of a property, such as ``first posted`` for ``firstPosted``; a name in words stays as it is."""
    return re.sub(r"(?<=[a-z])[A-Z]", lambda capital: f" {capital[0].lower()}", name)
