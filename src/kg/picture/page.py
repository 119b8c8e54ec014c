"""The graph as one page for people: pyvis makes the picture, ``page.html`` is its frame.

pyvis's own template is not used: even with ``cdn_resources="in_line"`` it loads
Bootstrap from a CDN, and a label that holds ``</script>`` or ``href`` becomes
code. Here vis-network comes out of the pyvis package, and the graph is a block
of JSON that no parser takes for markup. A Content-Security-Policy lists the
hashes of the only scripts and styles that may run, so nothing is ever fetched.
"""

from __future__ import annotations

import json
import re
from base64 import b64encode
from hashlib import sha256
from html import escape
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from kg.picture.layout import capped, lay_out
from kg.picture.scene import scene

if TYPE_CHECKING:
    from collections.abc import Mapping

    import networkx as nx

    from kg.picture.side_panel import Panel

__all__ = ["to_html"]

_HERE = Path(__file__).parent
_SCRIPTS = ("model", "drawing", "view", "panel", "filters", "address", "page")  # each may use those before it
_NONE: Mapping[str, Panel] = MappingProxyType({})


def to_html(
    network: nx.MultiDiGraph[str],
    title: str = "ImmunoKG",
    *,
    panels: Mapping[str, Panel] = _NONE,
    size: str = "degree",
    notice: str = "",
) -> str:
    """Return the graph as one interactive page that fetches nothing.

    If there are more than 5,000 things, those with most relations are shown, and the page says so.

    Args:
        network: a graph as :func:`kg.network.networkx_graph.to_networkx` makes it.
        title: the heading of the page, plain text.
        panels: for each thing, what its panel says in addition to its relations.
        size: the measure that the size of a thing shows: ``degree``, ``betweenness`` or ``pagerank``.
        notice: a sentence to show, for example on what was left out.

    Raises:
        UsageError: if there is no such size, or PageRank needs SciPy, which is not installed.

    Example:
        >>> import networkx as nx
        >>> network = nx.MultiDiGraph()
        >>> network.add_node("https://w3id.org/immunokg/product/ft576", label="FT576", type="product")
        >>> page = to_html(network, "One product")
        >>> "<title>One product</title>" in page
        True
    """
    network, notice = capped(network, notice)
    shown = scene(network, lay_out(network, size), panels) | {"notice": notice, "measure": size}
    parts = {"vis_script": _vis_network(), "style": _text("page.css"), "script": "\n".join(map(_script, _SCRIPTS))}
    frame = _fill(_text("page.html"), **parts)
    return _fill(frame, policy=_policy(frame), title=_markup(title), data=_island(shown))


def _vis_network() -> str:
    """Return the newest vis-network that pyvis bundles, without its style sheet, which only its buttons need."""
    import pyvis

    path = max(Path(pyvis.__file__).with_name("lib").glob("vis-*")) / "vis-network.min.js"
    return path.read_text("utf-8").partition("//# sourceMappingURL")[0]  # cut, or developer tools look for the map


def _text(name: str) -> str:
    return (_HERE / name).read_text("utf-8")


def _script(name: str) -> str:
    return _text(f"{name}.js")


def _markup(text: str) -> str:
    """Return markup that shows a text; a lone surrogate, which cannot be written to a file, becomes ``?``."""
    return escape(text.encode("utf-8", "replace").decode())


def _island(data: dict[str, Any]) -> str:
    """Return JSON in which an HTML parser sees only text; characters beyond ASCII are escaped too."""
    return json.dumps(data, separators=(",", ":")).translate({ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&"})


def _policy(page: str) -> str:
    """Return a Content-Security-Policy that lets the page's own scripts and styles run, and nothing else."""
    sources = {"script": "", "style": ""}
    for tag, text in re.findall(r"<(script|style)>(.*?)</\1>", page, re.DOTALL):
        sources[tag] += f" 'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
    return (
        f"default-src 'none'; script-src{sources['script']}; style-src{sources['style']}; img-src data:; "
        "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    )


def _fill(template: str, **parts: str) -> str:
    """Replace each ``@@name@@`` by its part, in one pass, so that a part which itself holds ``@@`` stays as it is."""
    return re.sub("@@(" + "|".join(parts) + ")@@", lambda match: parts[match[1]], template)
