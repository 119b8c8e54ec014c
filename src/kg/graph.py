"""The Python interface: one object for a dataset and all that can be asked of it."""

from __future__ import annotations

import os
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, cast

from kg.engines.limits import Limits, read_seconds, read_size
from kg.errors import UsageError
from kg.paths import shipped_dataset

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import networkx as nx
    import rdflib
    from pyoxigraph import Store

    from kg.analytics.landscape import Landscape
    from kg.analytics.table import Measure
    from kg.ask import Answer, Vocabulary
    from kg.ask.statements import Statements
    from kg.engines.asking import Engine
    from kg.engines.isolated.worker import Worker
    from kg.engines.remote.endpoint import Endpoint
    from kg.formats.notebook import Page
    from kg.formats.result import Result
    from kg.model.schema import Schema
    from kg.query.catalogue import Query
    from kg.query.thing_names import Lexicon

__all__ = ["KnowledgeGraph"]


class KnowledgeGraph:
    """A dataset, which is opened when it is first used.

    Several threads may ask one object. A process that is forked opens the dataset anew, and so does one that an object
    is pickled to. ``with KnowledgeGraph() as graph:`` closes it at the end; see :meth:`close`.

    Args:
        data: an RDF file; the shipped dataset if not given.
        endpoint: the address of a SPARQL endpoint to ask instead.
        graph: the IRI of the endpoint's graph, sent as ``default-graph-uri``; its default if not given.
        deadline: seconds that a query of your own, or an answer of the endpoint with all its pages, may take.
        memory: what a query of your own may take above the opened dataset: bytes, or text such as ``"2G"``, whose
            units are powers of 1024.
        allow_service: whether a query may make the endpoint ask other servers (SERVICE).

    Raises:
        UsageError: if both a file and an endpoint are given, or an option of endpoints without one, or an invalid
            address, time or size.

    Example:
        >>> graph = KnowledgeGraph()
        >>> sorted({row["product"] for row in graph.query("ipsc_products_with_cd38_ko")})
        ['FT522', 'FT576']
    """

    def __init__(
        self,
        data: Path | str | None = None,
        *,
        endpoint: str = "",
        graph: str = "",
        deadline: float = Limits().deadline,
        memory: int | str = Limits().memory,
        allow_service: bool = False,
    ) -> None:
        if endpoint and data:
            raise UsageError("a dataset and an endpoint at once; expected one of the two")
        if graph and not endpoint:
            raise UsageError("a graph without an endpoint; it names a graph of a SPARQL endpoint")
        if allow_service and not endpoint:
            raise UsageError("allow_service without an endpoint; the store in the process asks no other server")
        self.limits = Limits(read_seconds(str(deadline)), read_size(str(memory)))
        self.path = Path(data) if data else shipped_dataset()
        self.endpoint: Endpoint | None = None
        if endpoint:
            from kg.engines.remote.endpoint import Endpoint

            self.endpoint = Endpoint(endpoint, graph, self.limits.deadline, allow_service=allow_service)
        self._forget()

    def __repr__(self) -> str:
        if self.endpoint:
            return f"KnowledgeGraph(endpoint={self.endpoint.url!r}, graph={self.endpoint.graph!r})"
        return f"KnowledgeGraph({str(self.path)!r})"

    def __enter__(self) -> KnowledgeGraph:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __getstate__(self) -> dict[str, Any]:
        """Return what makes the same object anew: not what is open, nor what was read of it."""
        return {name: self.__dict__[name] for name in ("limits", "path", "endpoint")}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._forget()

    def close(self) -> None:
        """Close the dataset and stop the processes that run queries; whoever asks again opens it again."""
        if self._worker and self._pid == os.getpid():
            self._worker.close()
        self._forget()

    def _forget(self) -> None:
        """Begin with nothing open."""
        self._pid, self._opening = os.getpid(), Lock()
        self._store: Store | None = None
        self._worker: Worker | None = None

    def _belong_here(self) -> None:
        """Leave to the process that this one was forked from what it has open: its threads are not here."""
        if self._pid != os.getpid():
            self._forget()

    @property
    def store(self) -> Store:
        """The Oxigraph store, or the endpoint, which answers queries like a store.

        Raises:
            UsageError: if the file cannot be read or is no RDF.
        """
        if self.endpoint:
            return cast("Store", self.endpoint)
        self._belong_here()
        with self._opening:
            if not self._store:
                from kg.engines.local.embedded import open_store
                from kg.engines.local.forking import let_forks_end

                let_forks_end()
                self._store = open_store(self.path)
            return self._store

    def engine_for(self, query: Query) -> Engine:
        """Return what answers a query: one of the catalogue is asked here, any other where it can be stopped.

        All that is asked of one engine has one deadline, from now on.
        """
        if self.endpoint or query.is_ours:
            return self.store
        self._belong_here()
        with self._opening:
            if not self._worker:
                from kg.engines.isolated.worker import Worker

                self._worker = Worker(self.path, self.limits)
            return self._worker.begin()

    @cached_property
    def lexicon(self) -> Lexicon:
        """The names of the things in the graph."""
        from kg.query.thing_names import Lexicon

        return Lexicon(self.store)

    @cached_property
    def schema(self) -> Schema:
        """The classes and properties of the graph's ontology."""
        from kg.model.schema import read_schema

        triples: Any = self.store.query(_ONTOLOGY)
        return read_schema(triples)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The words that a question in plain English can use."""
        from kg.ask.gathering import compile_words
        from kg.ask.vocabulary import Vocabulary

        return Vocabulary(self._compiled("words", compile_words))

    @cached_property
    def statements(self) -> Statements:
        """The statements, by the words that a question can use."""
        from kg.ask.indexing import compile_statements
        from kg.ask.statements import Statements

        return Statements(self._compiled("statements", compile_statements), self.vocabulary)

    def _compiled(self, name: str, compile_: Callable[[Engine, Lexicon, Schema], dict[str, Any]]) -> dict[str, Any]:
        """Return what is gathered once from the dataset, and kept beside its index."""
        if self.endpoint:
            return compile_(self.store, self.lexicon, self.schema)
        from kg.ask.stamp import stamp
        from kg.engines.local.embedded import remembered

        plain: dict[str, Any] = remembered(
            self.path, f"{name}-{stamp()}", lambda: compile_(self.store, self.lexicon, self.schema)
        )
        return plain

    @cached_property
    def landscape(self) -> Landscape:
        """The trials and products, in the form that the measures take; see :mod:`kg.analytics`."""
        from kg.analytics.landscape import read_landscape

        return read_landscape(self.store)

    def query(self, name: str, /, *, evidence: bool = False, **parameters: str | Sequence[str]) -> Result:
        """Run a query of the catalogue, or one of your own.

        Args:
            name: a name of the catalogue, the path of a ``.rq`` file, or SPARQL text.
            evidence: whether to add where the content of a row is written; see
                :func:`kg.evidence.tracing.with_evidence`.
            parameters: a value, or several, for each parameter of the query.

        Raises:
            UsageError: if the query or a parameter is not known.
            QueryError: if the query cannot be run.
            NotInGraphError: if a value names nothing.

        Example:
            >>> result = KnowledgeGraph().query("trials_by_target", target="CD5", evidence=True)
            >>> [(row["trial"], row["evidence"]) for row in result]
            [('NCT05110742', 'The clinical landscape of CAR NK cells, Table 2, row 57 (stated)')]
            >>> result.to_pandas().loc[0, "status"]
            'Recruiting'
        """
        values = {key: [value] if isinstance(value, str) else value for key, value in parameters.items()}
        return self.run(name, values, evidence=evidence)

    def run(self, name: str, values: Mapping[str, Sequence[str]], *, evidence: bool = False) -> Result:
        """Run a query as :meth:`query` does, with the parameters in a mapping."""
        from kg.engines.asking import as_of
        from kg.query.catalogue import fill, find_query, run

        query = find_query(name)
        lexicon = self.lexicon if values else None
        engine = self.engine_for(query)
        allowed = bool(self.endpoint and self.endpoint.allow_service)
        result = run(engine, query, values, lexicon, allow_service=allowed)
        if evidence and "evidence" not in result.columns:
            from kg.evidence.tracing import with_evidence

            result = with_evidence(self.store, fill(query, values, lexicon), result, engine)
        result.as_of = as_of(self.store)
        result.drawing = lambda: self.to_html(query=name, parameters=values)
        return result

    def diagnose(self, name: str, values: Mapping[str, Sequence[str]]) -> str:
        """Return why a query gives no rows; the arguments are those of :meth:`run`. See :mod:`kg.query.diagnosis`."""
        from kg.query.catalogue import find_query
        from kg.query.diagnosis import diagnose

        query = find_query(name)
        return diagnose(self.engine_for(query), query, values, self.lexicon if values else None)

    def ask(self, question: str) -> Answer:
        """Answer a question in plain English.

        If no answer is found, its ``status`` says so; nothing is raised.
        """
        from kg.ask import ask

        answer = ask(self.store, self.vocabulary, lambda: self.statements, question)
        if answer.status == "answered":
            answer.result.drawing = lambda: self.to_html(ask=question)
        return answer

    def describe(self, name: str) -> Result:
        """Return all about one thing, with its evidence.

        Raises:
            NotInGraphError: if the name names nothing, or several things.
        """
        from kg.query.describe import describe

        return describe(self.store, self.lexicon.find_one(name))

    def compare(self, *names: str) -> Result:
        """Return things side by side: yes, no, not reported or conflicting.

        Raises:
            NotInGraphError: if a name names nothing, or several things.

        Example:
            >>> print(KnowledgeGraph().compare("FT522", "FT576").format("table").splitlines()[0].split())
            ['property', 'value', 'FT522', 'FT576']
        """
        from kg.query.describe import compare

        return compare(self.store, self.schema, [self.lexicon.find_one(name) for name in names], names)

    def analyze(
        self, measure: str, /, *things: str, limit: int | None = None, evidence: bool = False, **settings: Any
    ) -> Result:
        """Return what a measure tells of the landscape.

        Args:
            measure: one of :data:`kg.analytics.measures.MEASURES`; the docstring of its function says what it returns.
            things: names of the things that the measure is about, such as the product of ``similar``.
            limit: how many rows; all if not given.
            evidence: whether to add where the facts of a row are written.
            settings: further arguments of the function of the measure.

        Raises:
            UsageError: if there is no such measure, or a library that it needs is not installed.
            NotInGraphError: if a name names nothing, or several things.

        Example:
            >>> competitors = KnowledgeGraph().analyze("similar", "FT576", limit=2)
            >>> [(row["other"], row["comparable"]) for row in competitors]
            [('FT522', 0.3654), ('BCMA CAR-NK cell product (NCT05498545)', 1.0)]
        """
        found = self.measure(measure, *things, **settings)
        return found.result(self.landscape, self.store, limit=limit, evidence=evidence)

    def measure(self, name: str, /, *things: str, **settings: Any) -> Measure:
        """Return a measure with all its rows, before they become a result; arguments are those of :meth:`analyze`."""
        from kg.analytics.measures import find_measure

        function = find_measure(name)
        return function(self.landscape, *(self.lexicon.find_one(thing) for thing in things), **settings)

    def connections(self, start: str, end: str, *, limit: int = 5, damping: float = 0.5) -> Result:
        """Return how two things are connected; see :func:`kg.analytics.connections.connections`.

        Raises:
            UsageError: if both names mean the same thing.
            NotInGraphError: if a name names nothing, or several things, or a thing without relations.
        """
        from kg.analytics.connections import connections

        ends = (self.lexicon.find_one(name) for name in (start, end))
        return connections(self.store, *ends, limit=limit, damping=damping)

    def claims(self) -> Result:
        """Return the figures that documents state about their data beside the graph's; see :mod:`kg.query.claims`."""
        from kg.query.claims import check_claims

        return check_claims(self.store)

    def to_networkx(self) -> nx.MultiDiGraph[str]:
        """Return things and relations as a NetworkX graph; see :func:`kg.network.networkx_graph.to_networkx`."""
        from kg.network.networkx_graph import to_networkx

        return to_networkx(self.store)

    def to_rdflib(self) -> rdflib.Graph:
        """Return the dataset as an rdflib graph, for users of rdflib."""
        from kg.engines.rdflib_copy import to_rdflib

        return to_rdflib(self.store)

    def to_html(
        self,
        path: Path | str | None = None,
        *,
        focus: str | Sequence[str] = (),
        depth: int | None = None,
        query: str = "",
        parameters: Mapping[str, Sequence[str]] | None = None,
        ask: str = "",
        theme: str = "",
        size: str = "",
        title: str = "",
    ) -> Page:
        """Return the graph, or a view of it, as one interactive page that needs no network; a notebook shows it.

        Args:
            path: a file to which the page is written too.
            focus: a thing, or several; the view shows what lies around it.
            depth: how many steps around the focus; 2 if not given.
            query: a query as :meth:`run` takes it; the view shows what its rows rest on.
            parameters: the values of the query's parameters.
            ask: a question in plain English; the view shows what the answer rests on.
            theme: one of :data:`kg.network.themed_subgraphs.THEMES`.
            size: the measure that the size of a thing shows: ``degree``, ``betweenness`` or ``pagerank`` in the view.
            title: the heading; that of the view if not given.

        Raises:
            UsageError: if two views are asked for at once, if a theme, query, depth or measure is not valid, or if the
                path cannot be written.
            NotInGraphError: if a name names nothing, or several things, or if there is nothing to draw.

        Example:
            >>> "<title>Modifications</title>" in str(KnowledgeGraph().to_html(theme="modifications"))
            True
        """
        from kg.export.kinds import export
        from kg.export.requested_view import Selection
        from kg.formats.notebook import Page

        things = (focus,) if isinstance(focus, str) and focus else tuple(focus)
        wanted = Selection(things, depth, query, parameters or {}, ask, theme)
        page = Page(export(self, "html", wanted, size=size, title=title).decode())
        if path is not None:
            page.write(path)
        return page


# without definitions, examples and notes: they are for readers, and make up half of the ontology
_ONTOLOGY = """
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
CONSTRUCT { ?term ?predicate ?value }
WHERE {
  ?term rdfs:isDefinedBy <https://w3id.org/immunokg/ontology> ; ?predicate ?value .
  FILTER (?predicate NOT IN (rdfs:isDefinedBy, skos:definition, skos:example, skos:scopeNote))
}
"""
