"""Answers that come in pages: all rows once, or an error; never a part, never a row twice."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from misbehaving import Misbehaving, Request, answered, counts, results, window
from pyoxigraph import Literal, NamedNode, Quad, Store
from servers import oxigraph, virtuoso
from slowness import slow_if

from conftest import needs_virtuoso
from kg.engines.remote.endpoint import Endpoint
from kg.engines.remote.pages import Question
from kg.engines.remote.push import GRAPH, Target, push
from kg.errors import EndpointError, KGError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from servers import Server

    Script = Iterable[bytes | float]

ORDERED = "SELECT ?n WHERE { ?s ?p ?n } ORDER BY ?n"
UNORDERED = "SELECT ?n WHERE { ?s ?p ?n }"


@pytest.fixture
def serve() -> Iterator[Callable[..., Misbehaving]]:
    running: list[Misbehaving] = []

    def started(behave: Any) -> Misbehaving:
        running.append(Misbehaving(behave))
        return running[-1]

    yield started
    for server in running:
        server.close()


class Paged:
    """A server that has rows and gives some at once; a subclass does it wrongly."""

    def __init__(self, rows: Sequence[int], most: int, announced: object = None) -> None:
        self.rows, self.most = rows, most
        self.headers: dict[str, Any] = {} if announced is None else {"X_SPARQL_MaxRows": announced}

    def __call__(self, request: Request) -> Script:
        if kind := counts(request.query):
            return answered(self.count(kind))
        return answered(results(self.page(*window(request.query, len(self.rows)), request.query)), **self.headers)

    def count(self, kind: str) -> bytes:
        return results([len(self.rows if kind == "rows" else set(self.rows))])

    def page(self, start: int, end: int, query: str) -> Sequence[int]:
        return self.rows[start : min(end, start + self.most)]


def numbers(server: Misbehaving, text: str = ORDERED) -> list[int]:
    found: Any = Endpoint(server.url, deadline=20).query(text)
    return [int(row["n"].value) for row in found]


def told(server: Misbehaving, text: str = ORDERED) -> str:
    with pytest.raises(EndpointError) as error:
        Endpoint(server.url, deadline=20).query(text)
    assert str(error.value).isprintable()
    assert len(server.asked) < 10
    return str(error.value).removeprefix(f"{server.url} ")


@pytest.mark.parametrize(
    ("size", "most", "announced", "requests"),
    [
        (17, 99, None, 1),
        (25_283, 10_000, None, 5),  # the first, two counts, two pages
        (25_283, 10_000, 10_000, 5),
        (2_500, 1_000, None, 5),
        (30, 7, 7, 7),
        (7, 7, 7, 2),
        (10_000, 10_000, None, 2),
        (12_345, 99_999, None, 2),
        (12_345, 99_999, 99_999, 2),
        (9, 9, 1, 2),
    ],
)
def test_rows_come_in_pages(size: int, most: int, announced: object, requests: int, serve: Any) -> None:
    server = serve(Paged(range(size), most, announced))
    assert numbers(server) == list(range(size))
    assert len(server.asked) == requests


def test_rows_that_are_equal_come_as_often_as_they_are(serve: Any) -> None:
    rows = sorted([*range(15), *range(12), *[3] * 30])
    for text in (ORDERED, UNORDERED):
        assert Counter(numbers(serve(Paged(rows, 10, 10)), text)) == Counter(rows)
    assert numbers(serve(Paged([1] * 35, 10, 10))) == [1] * 35


# Servers that page wrongly


class AllBeyondTheEnd(Paged):
    """Virtuoso 7 for some queries: OFFSET at the end of the rows gives all of them again."""

    def page(self, start: int, end: int, query: str) -> Sequence[int]:
        return self.rows if start == len(self.rows) else super().page(start, end, query)


class HeedsNothing(Paged):
    def page(self, start: int, end: int, query: str) -> Sequence[int]:
        return self.rows[: self.most]


class HeedsNoOffset(Paged):
    def page(self, start: int, end: int, query: str) -> Sequence[int]:
        return self.rows[: min(self.most, end - start)]


class HeedsNoLimit(Paged):
    def page(self, start: int, end: int, query: str) -> Sequence[int]:
        return self.rows[start:] if start else self.rows[: self.most]


class OrdersOnlyByOrder(Paged):
    """Each page in another order, unless the query says in which."""

    def page(self, start: int, end: int, query: str) -> Sequence[int]:
        asked = self.rows if "ORDER BY ?n" in query else [*self.rows[start + 1 :], *self.rows[: start + 1]]
        return asked[start : min(end, start + self.most)]


class OrdersNothing(OrdersOnlyByOrder):
    def page(self, start: int, end: int, query: str) -> Sequence[int]:
        return super().page(start, end, "")


class Empty(Paged):
    def page(self, start: int, end: int, query: str) -> Sequence[int]:
        return [] if start else super().page(start, end, query)


class CountsMore(Paged):
    def count(self, kind: str) -> bytes:
        return results([len(self.rows) + 1])


class CountsLess(Paged):
    def count(self, kind: str) -> bytes:
        return results([self.most - 1])


class CountsOneLess(Paged):
    def count(self, kind: str) -> bytes:
        return results([len(self.rows) - 1])


class CountsDifferentOnesWrong(Paged):
    def count(self, kind: str) -> bytes:
        return results([len(self.rows) - (kind != "rows")])


class CountsText(Paged):
    def count(self, kind: str) -> bytes:
        return results(["many"])


class CountsTwice(Paged):
    def count(self, kind: str) -> bytes:
        return results([25, 25])


class CountsNothing(Paged):
    def count(self, kind: str) -> bytes:
        return b'{"head": {"vars": ["n"]}, "results": {"bindings": [{}]}}'


class CountsYes(Paged):
    def count(self, kind: str) -> bytes:
        return b'{"head": {}, "boolean": true}'


class OtherColumns(Paged):
    def __call__(self, request: Request) -> Script:
        name = "m" if "OFFSET" in request.query else "n"
        if counts(request.query):
            return super().__call__(request)
        return answered(results(self.page(*window(request.query, len(self.rows)), ""), name), **self.headers)


@pytest.mark.parametrize("kind", [AllBeyondTheEnd, HeedsNothing, HeedsNoLimit, HeedsNoOffset])
def test_count_proves_that_everything_has_come(kind: type[Paged], serve: Any) -> None:
    server = serve(kind(range(25_283), 99_999))
    assert numbers(server) == list(range(25_283))
    assert len(server.asked) == 2


def test_rows_without_an_order_are_ordered_for_pages(serve: Any) -> None:
    assert numbers(serve(OrdersOnlyByOrder(range(35), 10, 10)), UNORDERED) == list(range(35))


UNHEEDED = "and gives .* in pages: it does not heed LIMIT and OFFSET, or changes the order from page to page; add an"


@pytest.mark.parametrize(
    ("kind", "what"),
    [
        (HeedsNothing, UNHEEDED),
        (HeedsNoOffset, UNHEEDED),
        (HeedsNoLimit, UNHEEDED),
        (OrdersNothing, UNHEEDED),
        (Empty, UNHEEDED),
        (OtherColumns, "gives the columns 'm' where 'n' are expected"),
        (CountsMore, UNHEEDED),
        (CountsOneLess, UNHEEDED),
        (CountsDifferentOnesWrong, UNHEEDED),
        (CountsLess, "gives 10 rows and counts 9, so they may not be all"),
        (CountsText, "gives what may not be all, and no number when it is to count; narrow the query"),
        (CountsTwice, "gives what may not be all, and no number when it is to count; narrow the query"),
        (CountsNothing, "gives what may not be all, and no number when it is to count; narrow the query"),
        (CountsYes, "answers yes or no where rows are expected"),
    ],
)
@pytest.mark.parametrize("text", [ORDERED, UNORDERED])
def test_server_that_pages_wrongly_is_told(kind: type[Paged], what: str, text: str, serve: Any) -> None:
    assert re.search(what, told(serve(kind(range(35), 10, 10)), text))


def test_count_that_is_too_low_by_a_page_is_told(serve: Any) -> None:
    assert re.search(UNHEEDED, told(serve(CountsOneLess(range(31), 10, 10))))


def test_equal_rows_that_do_not_all_come_are_told(serve: Any) -> None:
    """Each different row has come, but not as often as it is there."""
    assert re.search(UNHEEDED, told(serve(Empty([1] * 35, 10, 10))))


def test_page_that_cannot_be_had_is_told(serve: Any) -> None:
    behave = Paged(range(35), 10, 10)
    server = serve(lambda request: answered(b"no", 500, "a/b") if "OFFSET" in request.query else behave(request))
    assert told(server) == "answers with HTTP status 500: no"


# The queries of pages


def test_prefixes_dataset_and_comments_keep_their_place() -> None:
    question = Question.read(
        "#+ summary: FROM here?\nBASE <urn:b>\nPREFIX x: <urn:x>\n"
        "SELECT DISTINCT ?from FROM <urn:g> from named x:h\nWHERE { ?from x:p 'FROM' } # all"
    )
    assert question.dataset == "FROM <urn:g> from named x:h"
    store = Store()
    for text in (question.number(), question.number(distinct=True), question.page(["from"], 10, 20)):
        store.query(text)  # SPARQL 1.1
        assert text.count("FROM <urn:g>") == 1
    assert question.page(["from"], 10, 20).endswith("LIMIT 10 OFFSET 20")


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("CONSTRUCT { ?s a ?o } WHERE { ?s <urn:p> ?o }", 3),
        ("construct where { ?s <urn:p> ?o }", 3),
        ("CONSTRUCT { ?s a '}' . ?o a <urn:a> } { ?s <urn:p> ?o } LIMIT 2", 2),
        ("CONSTRUCT { } WHERE { { ?s <urn:p> ?o } UNION { ?s <urn:p> 1 } }", 4),
        ("PREFIX : <urn:> CONSTRUCT { ?s :p ?o } WHERE { ?s :p ?o } ORDER BY ?o", 3),
    ],
)
def test_rows_that_triples_are_built_from_are_counted(text: str, rows: int) -> None:
    store = Store()
    store.extend(Quad(NamedNode("urn:s"), NamedNode("urn:p"), Literal(number)) for number in range(3))
    counted: Any = store.query(Question.read(text).number())
    assert [int(row["n"].value) for row in counted] == [rows]


TURTLE = b"".join(b"<urn:s> <urn:p> %d .\n" % number for number in range(10))


@pytest.mark.parametrize(("rows", "is_whole"), [(10, True), (9_999, True), (10_000, False), (0, False)])
def test_triples_that_may_be_cut_are_told(rows: int, is_whole: bool, serve: Any) -> None:
    def behave(request: Request) -> Script:
        return answered(results([rows])) if counts(request.query) else answered(TURTLE, kind="text/turtle")

    text = "CONSTRUCT WHERE { ?s ?p ?o }"
    server = serve(behave)
    if is_whole:
        assert len(list(Endpoint(server.url).query(text))) == 10  # type: ignore[arg-type]
    else:
        assert f"gives 10 triples, and counts {rows:,} rows that they are built from: they may not be" in told(
            server, text
        )


# Real servers

SIZE = 25_283


@pytest.fixture(scope="module", params=[pytest.param("virtuoso", marks=needs_virtuoso), "oxigraph"])
def delivered(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Each server as it is delivered, with triples of which many have the same subject."""
    folder = tmp_path_factory.mktemp(request.param)
    with virtuoso(folder, 10_000) if request.param == "virtuoso" else oxigraph(folder) as server:
        store = Store()
        subjects = [NamedNode(f"urn:test:s{number}") for number in range(SIZE // 5 + 1)]
        store.extend(Quad(subjects[number // 5], NamedNode("urn:test:p"), Literal(number)) for number in range(SIZE))
        target = Target(server.store_url, user=server.user, password=server.user, endpoint=server.query_url)
        push(store, target, lambda *_: None)
        yield server


REAL = [
    "SELECT DISTINCT ?s ?o WHERE { ?s ?p ?o }",
    "SELECT ?s ?o WHERE { ?s ?p ?o } ORDER BY ?o",
    "SELECT ?s ?o WHERE { ?s ?p ?o }",
    "SELECT ?s ?o (COUNT(*) AS ?n) WHERE { ?s ?p ?o } GROUP BY ?s ?o",
    "SELECT * WHERE { ?s ?p ?o } ORDER BY STR(?s) STR(?o)",
]


@pytest.mark.parametrize("text", slow_if(lambda text: text not in REAL[:2], REAL))
def test_more_rows_than_a_server_gives_at_once_are_all_there(text: str, delivered: Server) -> None:
    found: Any = Endpoint(delivered.query_url, GRAPH, deadline=120).query(text)
    store = Store()
    subjects = [NamedNode(f"urn:test:s{number}") for number in range(SIZE // 5 + 1)]
    store.extend(Quad(subjects[number // 5], NamedNode("urn:test:p"), Literal(number)) for number in range(SIZE))
    expected: Any = store.query(text)
    names = [variable.value for variable in expected.variables]
    if "SELECT *" not in text:
        assert [variable.value for variable in found.variables] == names
    theirs, ours = (
        [tuple(row[name] and row[name].value for name in names) for row in rows] for rows in (found, expected)
    )
    assert len(theirs) == SIZE
    if "ORDER BY" in text:
        assert theirs == ours
    assert Counter(theirs) == Counter(ours)


def test_order_that_leaves_rows_equal_gives_all_rows_or_an_error(delivered: Server) -> None:
    endpoint = Endpoint(delivered.query_url, GRAPH, deadline=120)
    try:
        found: Any = endpoint.query("SELECT ?s ?o WHERE { ?s ?p ?o } ORDER BY ?p")
    except EndpointError as error:
        assert re.search(UNHEEDED, str(error))
    else:
        assert len({tuple(row) for row in found}) == SIZE


def test_triples_that_a_server_may_cut_are_told(delivered: Server) -> None:
    with pytest.raises(EndpointError, match=r"and counts 25,283 rows that they are built from: they may not be all"):
        Endpoint(delivered.query_url, GRAPH, deadline=120).query("CONSTRUCT WHERE { ?s ?p ?o }")


def test_graph_that_a_server_gives_in_part_is_to_be_counted_there(delivered: Server) -> None:
    """Virtuoso cuts what its graph store gives, too."""
    store = Store()
    store.extend(Quad(NamedNode("urn:s"), NamedNode("urn:p"), Literal(number)) for number in range(10_500))
    target = Target(delivered.store_url, "urn:test:other", user=delivered.user, password=delivered.user)
    if not delivered.user:
        assert push(store, target, lambda *_: None) == 10_500
        return
    with pytest.raises(KGError, match=r"holds 10,001 in urn:test:other; .*: count with --endpoint URL"):
        push(store, target, lambda *_: None)
