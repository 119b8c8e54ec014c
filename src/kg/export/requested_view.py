"""From the part of the graph that a user asks for to the view that shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from kg.errors import NotInGraphError, UsageError, nearest
from kg.network.networkx_graph import to_networkx
from kg.network.subgraphs import View, focus, rests_on
from kg.query.catalogue import fill, find_query

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence, Set

    import networkx as nx
    from pyoxigraph import Store

    from kg.ask import Answer
    from kg.engines.asking import Engine
    from kg.evidence.citations import Triple
    from kg.evidence.graph_pattern import Select
    from kg.formats.result import Result
    from kg.query.catalogue import Query
    from kg.query.thing_names import Lexicon

__all__ = ["EVERYTHING", "Graph", "Selection", "select_view"]

_DEPTH = 2
_DEEPEST = 9
_UNTRACED = "The rows could not be traced to relations: shown are the things that they name, and all between them."


class Graph(Protocol):
    """What a view is made from: a dataset, the names of its things, and ways to ask it.

    :class:`kg.KnowledgeGraph` is such a graph.
    """

    @property
    def store(self) -> Store:
        """The triples."""

    @property
    def lexicon(self) -> Lexicon:
        """The names of the things."""

    def engine_for(self, query: Query) -> Engine:
        """Return what answers a query."""

    def run(self, name: str, values: Mapping[str, Sequence[str]]) -> Result:
        """Run a query of the catalogue, or a query of the user."""

    def ask(self, question: str) -> Answer:
        """Answer a question in plain English."""


class Selection(NamedTuple):
    """The part of the graph that a user asks for: by a focus, a query, a question or a theme, or everything.

    Attributes:
        focus: names of things; the part is what lies within ``depth`` steps of them (2 if not given).
        query: a query as :meth:`KnowledgeGraph.run` takes it, with its ``parameters``.
        ask: a question in plain English.
        theme: one of :data:`kg.network.themed_subgraphs.THEMES`.
    """

    focus: Sequence[str] = ()
    depth: int | None = None
    query: str = ""
    parameters: Mapping[str, Sequence[str]] = {}
    ask: str = ""
    theme: str = ""


EVERYTHING = Selection()


def select_view(graph: Graph, wanted: Selection) -> View:
    """Return the part of a graph that is wanted.

    Raises:
        UsageError: if two parts are wanted at once, or if a theme, query or depth is not valid.
        NotInGraphError: if a name names nothing, or several things, or if there is nothing to draw.
        QueryError: if the query cannot be run.
    """
    _check(wanted)
    if wanted.query:
        view = _of_rows(graph, wanted)
    elif wanted.ask:
        view = _of_answer(graph, wanted.ask)
    elif wanted.focus:
        view = _around(graph, wanted)
    elif wanted.theme:
        view = _of_theme(graph, wanted.theme)
    else:
        view = View(to_networkx(graph.store), "ImmunoKG")
        if not view.network:
            raise NotInGraphError(
                "nothing to draw: no class of the ontology has things here; `kg build` makes a dataset"
            )
    if not view.network:
        raise NotInGraphError(f"nothing to draw: no thing of the graph is in '{view.title}'")
    return view


def _check(wanted: Selection) -> None:
    names = [name for name in ("focus", "query", "ask", "theme") if getattr(wanted, name)]
    if len(names) > 1:
        raise UsageError(f"{' and '.join(names)} at once; expected one of them")
    if wanted.depth is not None and not wanted.focus:
        raise UsageError("a depth without a focus; it is the number of steps around a thing")
    if wanted.depth is not None and not 0 < wanted.depth <= _DEEPEST:
        raise UsageError(f"depth {wanted.depth}; expected a number of steps from 1 to {_DEEPEST}")
    if wanted.parameters and not wanted.query:
        raise UsageError("parameters without a query; they are the values of a query's parameters")


def _of_rows(graph: Graph, wanted: Selection) -> View:
    """Return what the rows of a query rest on, or the things that they name if they cannot be traced."""
    from kg.evidence.tracing import trace_rows

    query = find_query(wanted.query)
    given = "; ".join(f"{name} {', '.join(values)}" for name, values in wanted.parameters.items())
    title = query.header.get("summary") or query.path.stem
    title = f"{title} ({given})" if given else title
    rows = graph.run(wanted.query, wanted.parameters)
    if not len(rows):
        raise NotInGraphError(f"nothing to draw: '{title}' has no rows")
    network = to_networkx(graph.store)
    text = fill(query, wanted.parameters, graph.lexicon)
    if triples := _traced(text, lambda opened: trace_rows(graph.engine_for(query), opened, rows)):
        return rests_on(network, triples, title)
    named = {part for row in rows for cell in row.values() for part in str(cell).split("; ")}
    return _named_things(network, {entry.iri for name in named for entry in graph.lexicon.find(name)}, title)


def _of_answer(graph: Graph, question: str) -> View:
    """Return what an answer rests on, or the things that it names if it cannot be traced."""
    answer = graph.ask(question)
    if answer.status != "answered":
        raise NotInGraphError(f"nothing to draw: {answer.sentence}")
    network = to_networkx(graph.store)
    about = {row[0] for row in answer.ids if row and row[0]}
    if triples := _traced(answer.sparql, lambda opened: _naming(graph.store, opened, about)):
        return rests_on(network, triples, question)
    return _named_things(network, {iri for row in answer.ids for iri in row if iri}, question)


def _named_things(network: nx.MultiDiGraph[str], things: Set[str], title: str) -> View:
    """Return the things that rows name, with all relations between them; the notice says that no row was traced."""
    return focus(network, things & network.nodes, 0)._replace(title=title, notice=_UNTRACED)


def _around(graph: Graph, wanted: Selection) -> View:
    things = [graph.lexicon.find_one(name) for name in wanted.focus]
    network = to_networkx(graph.store)
    for name, thing in zip(wanted.focus, things, strict=True):
        if thing not in network:
            raise NotInGraphError(f"'{name}' ({thing}) has no place in the picture; `kg describe` tells all about it")
    return focus(network, things, wanted.depth or _DEPTH)


def _of_theme(graph: Graph, theme: str) -> View:
    from kg.network.themed_subgraphs import THEMES
    from kg.picture.side_panel import contested

    if theme not in THEMES:
        raise UsageError(f"no theme '{theme}'{nearest(theme, THEMES)}; expected one of {', '.join(THEMES)}")
    return THEMES[theme](to_networkx(graph.store), contested(graph.store))


def _traced(text: str, rest_on: Callable[[Select], Iterable[set[Triple]]]) -> set[Triple]:
    """Read a query and return all triples that its rows rest on, or an empty set if it cannot be read."""
    from kg.evidence.graph_pattern import UnreadableError, read_select

    try:
        return set().union(*rest_on(read_select(text)))
    except UnreadableError:
        return set()


def _naming(engine: Engine, opened: Select, things: Container[str]) -> Iterator[set[Triple]]:
    """Yield the triples of each row that names one of some things, or of every row if no things are given."""
    from kg.evidence.tracing import trace

    for key, triples in trace(engine, opened)[1].items():
        if not things or any(term and term.value in things for term in key):
            yield triples
