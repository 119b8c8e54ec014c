"""A network in the file formats of other programs: GraphML, GEXF, Cytoscape JSON, an edge list.

These formats know numbers, truth values and text. Any other value of an attribute becomes text, so that writing a file
never stops half way. The items of a list become lines, and a mapping becomes JSON. A character that XML cannot hold
(section 2.2 of https://www.w3.org/TR/xml/; NUL is one) becomes U+FFFD. A missing value (``None``, not a number) is left
out. If an attribute has values of several kinds, all of them become text, because a reader takes the kind of the first
value for that of all.

Gephi and Cytoscape want an id that no other edge has. The key of an edge is unique only between its two ends. So the id
of an edge consists of its ends and its key; the key alone is the attribute ``key``.
"""

from __future__ import annotations

import json
import re
from io import BytesIO, StringIO
from math import isfinite
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import networkx as nx

__all__ = ["to_cytoscape", "to_edge_list", "to_gexf", "to_graphml"]

_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def to_graphml(network: nx.MultiDiGraph[str]) -> bytes:
    """Return GraphML (http://graphml.graphdrawing.org), written by Python's own XML library even if lxml is there."""
    import networkx as nx

    plain = _with_plain_attributes(network)
    named: nx.MultiDiGraph[str] = nx.MultiDiGraph()  # NetworkX writes the key as the id
    named.add_nodes_from(plain.nodes(data=True))
    for source, target, key, data in plain.edges(keys=True, data=True):
        named.add_edge(source, target, data.pop("id"), **data)
        named.edges[source, target, _edge_id(source, key, target)]["key"] = key
    out = BytesIO()
    nx.write_graphml_xml(named, out)
    return out.getvalue()


def to_gexf(network: nx.MultiDiGraph[str]) -> bytes:
    """Return GEXF 1.2 (https://gexf.net) without its date, so that the same graph gives the same bytes."""
    from networkx.readwrite.gexf import GEXFWriter

    writer = GEXFWriter(_with_plain_attributes(network))
    writer.xml.find("meta").attrib.clear()
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def to_cytoscape(network: nx.MultiDiGraph[str]) -> bytes:
    """Return the JSON of Cytoscape and Cytoscape.js (``.cyjs``); a node's name is its label."""
    import networkx as nx

    data = nx.cytoscape_data(_with_plain_attributes(network), name="label")
    for node in data["elements"]["nodes"]:
        node["data"]["name"] = node["data"]["label"]
    return json.dumps(data, ensure_ascii=False, indent=1).encode()


def to_edge_list(network: nx.MultiDiGraph[str]) -> bytes:
    """Return a line for each edge, with tabs between its cells: both ends, the key, then the attributes of the edge.

    Line breaks and tabs in a cell are replaced. Nodes without an edge are left out.
    """
    import csv

    edges = list(_with_plain_attributes(network).edges(keys=True, data=True))
    names = list(dict.fromkeys(name for *_, data in edges for name in data if name != "id"))
    out = StringIO()
    writer = csv.writer(out, delimiter="\t", lineterminator="\n")
    writer.writerow(["source", "target", "key", *names])
    for *ends, data in edges:
        cells = [*ends, *(data.get(name, "") for name in names)]
        writer.writerow(["; ".join(str(cell).splitlines()).replace("\t", " ") for cell in cells])
    return out.getvalue().encode()


def _with_plain_attributes(network: nx.MultiDiGraph[str]) -> nx.MultiDiGraph[str]:
    """Return a copy whose attributes are text, numbers and truth values only, and whose edges have ids."""
    import networkx as nx

    copy: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for node, data in zip(network, _alike(network.nodes[node] for node in network), strict=True):
        copy.add_node(_text(node), **data)
    edges = list(network.edges(keys=True, data=True))
    for (*ends, _), data in zip(edges, _alike(edge[-1] for edge in edges), strict=True):
        source, target, key = map(_text, ends)
        copy.add_edge(source, target, key, id=_edge_id(source, key, target), **data)
    return copy


def _edge_id(source: str, key: str, target: str) -> str:
    return f"{source}|{key}|{target}"


def _alike(items: Iterable[Mapping[Any, Any]]) -> list[dict[str, Any]]:
    """Return attributes with plain values; in all items an attribute has values of the same kind."""
    plain = [
        {_text(name): found for name, value in data.items() if (found := _value(value)) is not None} for data in items
    ]
    kinds: dict[str, set[type]] = {}
    for data in plain:
        for name, value in data.items():
            kinds.setdefault(name, set()).add(type(value))
    common = {name: float if found == {int, float} else str for name, found in kinds.items() if len(found) > 1}
    return [{name: common[name](value) if name in common else value for name, value in data.items()} for data in plain]


def _value(value: Any) -> str | int | float | bool | None:
    """Return a value as the formats know it, or None if it is missing."""
    value = value.tolist() if hasattr(value, "tolist") else value  # a number or an array of NumPy
    if value is None or (isinstance(value, float) and not isfinite(value)):
        return None
    if isinstance(value, bool | int | float):
        return value
    if isinstance(value, dict):
        return _text(json.dumps(_with_names(value), ensure_ascii=False, sort_keys=True, default=str))
    if isinstance(value, set | frozenset | list | tuple):
        lines = [str(line) for item in value if (line := _value(item)) is not None]
        return "\n".join(sorted(lines) if isinstance(value, set | frozenset) else lines)
    return _text(value)


def _with_names(value: Any) -> Any:
    """Return a mapping with text as keys, at all levels: JSON has no other keys, and mixed ones cannot be sorted."""
    if isinstance(value, dict):
        return {str(key): _with_names(item) for key, item in value.items()}
    return [_with_names(item) for item in value] if isinstance(value, list | tuple) else value


def _text(value: object) -> str:
    return _NOT_IN_XML.sub("\ufffd", str(value))
