"""Loading into servers: real ones hold every triple then, and whatever goes wrong is told with the graph's state."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
import threading
from base64 import b64encode
from http.server import BaseHTTPRequestHandler, HTTPServer
from itertools import chain, repeat
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any

import pytest
from misbehaving import Misbehaving, answered, head
from pyoxigraph import Literal, NamedNode, Quad, Store

from kg import KnowledgeGraph
from kg.cli.main import main
from kg.engines.remote.push import Target, push
from kg.errors import EndpointError, KGError, LimitError, UsageError
from kg.paths import shipped_dataset

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from servers import Server

SOME = 2_500  # triples: more than two batches
OURS = "urn:test:pushed"


def made(count: int, word: str = "first") -> Store:
    """Return triples with what servers stumble over: quotes, line ends, signs beyond ASCII."""
    subject, predicate = NamedNode("urn:test:s"), NamedNode("urn:test:p")
    store = Store()
    store.extend(Quad(subject, predicate, Literal(f'{word} {number} "β"\n\t\\ }} }} ;')) for number in range(count))
    return store


SMALL = made(3)


def target(server: Server, **changes: Any) -> Target:
    return Target(server.store_url, OURS, user=server.user, password=server.user)._replace(**changes)


def by_update(server: Server, **changes: Any) -> Target:
    return target(server, url=server.update_url, update=True, endpoint=server.query_url, **changes)


def silent(*_: int) -> None:
    return


def held(server: Server, word: str, graph: str = OURS) -> int:
    """Return how many triples of a word the graph holds."""
    text = f'SELECT ?o WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o . FILTER (STRSTARTS(?o, "{word} ")) }} }}'
    remote: Any = KnowledgeGraph(endpoint=server.query_url).query(text)
    return len(remote)


def graphs(server: Server) -> set[str]:
    rows = KnowledgeGraph(endpoint=server.query_url).query("SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } }")
    return {row["g"] for row in rows if row["g"].startswith(OURS)}


# Real servers


@pytest.mark.parametrize("way", [target, by_update])
def test_graph_is_replaced_by_what_is_pushed(way: Callable[..., Target], server: Server) -> None:
    told: list[tuple[int, int]] = []
    assert push(made(SOME), way(server), lambda *numbers: told.append(numbers)) == SOME
    assert held(server, "first") == SOME
    assert told[-1][0] == told[-1][1] > 0
    assert push(made(2, "second"), way(server), silent) == 2
    assert (held(server, "first"), held(server, "second")) == (0, 2)
    assert graphs(server) == {OURS}


def test_count_can_come_from_a_query_endpoint(server: Server) -> None:
    assert push(made(SOME), target(server, endpoint=server.query_url), silent) == SOME
    with pytest.raises(EndpointError, match=rf"{server.store_url} answers with HTTP status"):
        push(SMALL, target(server, endpoint=server.store_url), silent)
    assert held(server, "first") == SOME


def test_text_comes_back_as_it_was(server: Server) -> None:
    for way in (target, by_update):
        push(SMALL, way(server), silent)
        rows: Any = KnowledgeGraph(endpoint=server.query_url, graph=OURS).query("SELECT ?o WHERE { ?s ?p ?o }")
        assert {row["o"] for row in rows} == {quad.object.value for quad in SMALL}


def test_update_that_is_broken_off_leaves_the_last_good_graph(server: Server) -> None:
    push(made(5, "good"), target(server), silent)

    def refuse(sent: int, total: int) -> None:
        if sent > 1_000:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt, match=f"{OURS} is as it was, unless"):
        push(made(SOME), by_update(server), refuse)
    assert held(server, "good") == 5
    assert graphs(server) == {OURS}


def test_put_that_is_broken_off_leaves_the_last_good_graph(server: Server) -> None:
    """Whether a PUT is one whole is the server's; both do so."""
    push(made(5, "good"), target(server), silent)

    def refuse(sent: int, total: int) -> None:
        if sent > total / 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt, match="is as it was on a server that takes a PUT as one whole"):
        push(made(SOME), target(server), refuse)
    assert held(server, "good") == 5


def test_query_endpoint_is_no_graph_store(server: Server) -> None:
    with pytest.raises(EndpointError, match=r"is no graph store; expected .*; it answers with HTTP status 4"):
        push(SMALL, target(server, url=server.query_url), silent)


def test_query_endpoint_takes_no_update(server: Server) -> None:
    with pytest.raises(EndpointError, match=r"answers with HTTP status (415|500): "):
        push(SMALL, by_update(server)._replace(url=server.query_url), silent)


def test_command_pushes_the_dataset_that_queries_then_read(
    server: Server, mini_dataset: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KG_PASSWORD", server.user)
    user = ["--user", server.user] if server.user else []
    assert main(["push", server.store_url, "--graph", OURS, "--data", str(mini_dataset), *user]) == 0
    out, err = capsys.readouterr()
    count = mini_dataset.read_bytes().count(b"\n")
    assert not out
    assert err.startswith("25 % sent\n50 % sent\n") or err.startswith("100 % sent\n")
    assert re.search(rf"^{OURS}: {count:,} triples in [\d.]+ s, counted by the server$", err, flags=re.M)
    asked = ["stats", "--format", "csv"]
    assert main([*asked, "--endpoint", server.query_url, "--graph", OURS]) == 0
    theirs = capsys.readouterr().out
    assert main([*asked, "--data", str(mini_dataset)]) == 0
    assert theirs == capsys.readouterr().out


def test_wrong_password_is_told(server: Server) -> None:
    if not server.user:  # it asks nobody, so that any name will do
        push(SMALL, target(server, user="anybody", password="wrong"), silent)
        return
    for way in (target, by_update):
        with pytest.raises(EndpointError, match=r"refuses user 'dba' \(HTTP status 401\); check the name"):
            push(SMALL, way(server, password="wrong"), silent)
        with pytest.raises(EndpointError, match=r"asks for a user \(HTTP status 401\); give --user NAME"):
            push(SMALL, way(server, user=""), silent)


# Servers that do wrong

NT = "application/n-triples"
HOLDS = (200, NT, b"".join(b'<urn:s> <urn:p> "%d" .\n' % number for number in range(3)))


class Broken:
    """A server that answers each method with the first of its answers that is left, the last again and again.

    Attributes:
        asked: method, path, headers and body of each request.
    """

    def __init__(self, **answers: list[tuple[int, str, bytes] | None]) -> None:
        self.asked: list[tuple[str, str, Any, bytes]] = []
        self.headers: dict[str, str] = {}
        broken = self

        class Handler(BaseHTTPRequestHandler):
            def answer(self) -> None:
                left = answers[self.command]
                found = left.pop(0) if len(left) > 1 else left[0]
                length = int(self.headers.get("Content-Length") or 0)
                body = self.rfile.read(min(length, 100) if found is None else length)
                broken.asked.append((self.command, self.path, self.headers, body))
                if found is None:  # gone in the middle of the request
                    self.close_connection = True
                    self.connection.shutdown(socket.SHUT_RDWR)
                    return
                status, kind, content = found
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(content)))
                for name, value in broken.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_PUT = do_POST = answer  # noqa: N815 - names of http.server

            def log_message(self, *_: object) -> None:
                return

        self.http = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_address[1]}/store"
        threading.Thread(target=self.http.serve_forever, args=(0.01,), daemon=True).start()

    def close(self) -> None:
        self.http.shutdown()
        self.http.server_close()


@pytest.fixture
def serve() -> Iterator[Callable[..., Broken]]:
    running: list[Broken] = []

    def started(**answers: Any) -> Broken:
        """Run a graph store, which takes all but what is told."""
        usual = {"POST": [(204, NT, b"")], "PUT": [(204, NT, b"")], "GET": [HOLDS]}
        running.append(Broken(**{**usual, **answers}))
        return running[-1]

    yield started
    for server in running:
        server.close()


def told(server: Broken, store: Store = SMALL, kind: type[KGError] = EndpointError, **changes: Any) -> str:
    with pytest.raises(kind) as error:
        push(store, Target(server.url, OURS, deadline=5)._replace(**changes), silent)
    assert type(error.value) is kind or kind is EndpointError
    message = str(error.value)
    assert "\n" not in message
    assert len(message) < 600
    return message


def test_first_request_changes_nothing(serve: Any) -> None:
    server = serve()
    assert push(SMALL, Target(server.url, OURS), silent) == 3
    assert [(method, len(body) > 0) for method, _, _, body in server.asked] == [
        ("POST", False),
        ("PUT", True),
        ("GET", False),
    ]
    assert {path for _, path, _, _ in server.asked} == {"/store?graph=urn%3Atest%3Apushed"}


def test_address_with_a_query_keeps_it(serve: Any) -> None:
    server = serve()
    push(SMALL, Target(f"{server.url}?a=b", OURS), silent)
    assert server.asked[0][1] == "/store?a=b&graph=urn%3Atest%3Apushed"


def test_other_count_is_a_fault(serve: Any, capsys: pytest.CaptureFixture[str]) -> None:
    server = serve()
    message = told(server, made(4), KGError)
    assert message == (
        f"{server.url} was sent 4 triples and holds 3 in {OURS}; it dropped or changed some, or gives a part at once: "
        "count with --endpoint URL: see its log"
    )
    assert main(["push", server.url]) == 1
    assert "triples and holds 3 in https://w3id.org/immunokg/graph" in capsys.readouterr().err


@pytest.mark.parametrize("status", [401, 403, 500, 507])
def test_refusal_of_the_first_request_sends_nothing(status: int, serve: Any) -> None:
    server = serve(POST=[(status, "text/html", b"<b>out of\n luck \x1b[31m</b>")])
    message = told(server)
    assert f"HTTP status {status}" in message
    assert status == 401 or "out of luck" in message
    assert [method for method, *_ in server.asked] == ["POST"]


def test_refusal_of_the_put_says_what_the_graph_holds(serve: Any) -> None:
    message = told(serve(PUT=[(500, "text/plain", b"disk full")]))
    assert message.endswith(f"HTTP status 500: disk full; {OURS} holds 3 triples now")
    message = told(serve(PUT=[(500, "text/plain", b"disk full")], GET=[(500, "text/plain", b"")]))
    assert message.endswith("may be as it was or not, as the server does not tell; count it before use")


def test_cut_while_sending_says_what_the_graph_holds(serve: Any) -> None:
    message = told(serve(PUT=[None]), made(200_000))
    assert re.search(rf"the connection to \S+ was cut: .*; {OURS} holds 3 triples now$", message)


def test_graph_that_comes_back_cut_or_as_no_rdf_is_told(serve: Any) -> None:
    assert "gives triples that are broken or cut" in told(serve(GET=[(200, NT, b'<urn:s> <urn:p> "')]))
    assert "is no graph store" in told(serve(GET=[(200, "text/html", b"<h1>Hello</h1>")]))


@pytest.mark.parametrize("status", [400, 404, 405, 415])
def test_what_is_no_graph_store_is_told(status: int, serve: Any) -> None:
    message = told(serve(POST=[(status, "text/plain", b"what?")]))
    assert "is no graph store; expected one such as http://localhost:7878/store, or --update" in message
    assert message.endswith(f"it answers with HTTP status {status}: what?")


def test_web_page_is_no_graph_store(serve: Any) -> None:
    server = serve(POST=[(200, "text/html; charset=utf-8", b"<h1>Hello</h1>")])
    assert told(server).endswith("it answers with a web page")
    assert len(server.asked) == 1


def test_redirect_is_not_followed(serve: Any) -> None:
    elsewhere = serve()
    server = serve(POST=[(302, "text/plain", b"")])
    server.headers["Location"] = elsewhere.url
    assert f"leads to {elsewhere.url}; give that address" in told(server, user="ann", password="secret")
    assert not elsewhere.asked


def test_basic_authentication_is_given_when_asked_for(serve: Any) -> None:
    server = serve(POST=[(401, NT, b""), (204, NT, b"")])
    server.headers["WWW-Authenticate"] = 'Basic realm="kg"'
    assert push(SMALL, Target(server.url, OURS, user="ann", password="pässword"), silent) == 3
    sent = [headers["Authorization"] for _, _, headers, _ in server.asked]
    assert sent == [None, *["Basic " + b64encode("ann:pässword".encode()).decode()] * 3]


def test_put_that_is_asked_who_it_is_is_sent_whole_again(serve: Any) -> None:
    server = serve(PUT=[(401, NT, b""), (204, NT, b"")])
    server.headers["WWW-Authenticate"] = 'Digest realm="kg", nonce="n", algorithm=MD5, qop="auth", Basic realm="kg"'
    assert push(SMALL, Target(server.url, OURS, user="ann", password="secret", deadline=5), silent) == 3
    first, second = [body for method, _, _, body in server.asked if method == "PUT"]
    assert first == second != b""
    assert server.asked[-1][2]["Authorization"].startswith('Digest username="ann", realm="kg", nonce="n"')
    assert not any("secret" in str(headers) for _, _, headers, _ in server.asked)


@pytest.mark.parametrize("challenge", ["Negotiate", 'Digest realm="kg", nonce="n", algorithm=TIGER'])
def test_authentication_that_is_not_known_is_told(challenge: str, serve: Any) -> None:
    server = serve(POST=[(401, NT, b"")])
    server.headers["WWW-Authenticate"] = challenge
    message = told(server, user="ann", password="secret")
    assert "expected Basic or Digest" in message or "digest that is not known" in message


def test_server_that_is_not_there_or_slow_is_told(serve: Any) -> None:
    server = serve()
    server.close()
    assert f"cannot reach {server.url}: " in told(server)
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        server.url = f"http://127.0.0.1:{deaf.getsockname()[1]}/"
        assert "gave no whole answer in 1 s; give --deadline SECONDS for longer" in told(
            server, kind=LimitError, deadline=1
        )


COUNTED = b'{"head": {"vars": ["n"]}, "results": {"bindings": [{"n": {"type": "literal", "value": "%d"}}]}}'
JSON = "application/sparql-results+json"


def test_update_of_which_some_is_lost_is_not_moved(serve: Any) -> None:
    server, counts = serve(), serve(POST=[(200, JSON, COUNTED % 2)])
    message = told(server, kind=KGError, update=True, endpoint=counts.url)
    assert message == f"{server.url} was sent 3 triples and holds 2; {OURS} is as it was"
    sent = [body.decode() for *_, body in server.asked]
    assert re.fullmatch(rf"DROP SILENT GRAPH <{OURS}-[0-9a-f]{{8}}>", sent[-1])
    assert not any("MOVE" in text for text in sent)


@pytest.mark.parametrize(
    ("answer", "what"),
    [
        ((204, NT, b""), "answers with HTTP status 204, which brings no result"),
        ((200, JSON, b'{"head": {"vars": ["n"]}, "results": {"bindings": []}}'), "gives no count of triples"),
        ((200, JSON, COUNTED.replace(b'"n"', b'"m"') % 3), "gives the columns 'm' where 'n' are expected"),
        ((200, JSON, b'{"head": {}, "boolean": true}'), "answers yes or no where rows are expected"),
    ],
)
def test_endpoint_that_counts_nothing_is_told_before_anything_is_sent(
    answer: tuple[int, str, bytes], what: str, serve: Any
) -> None:
    server, counts = serve(), serve(POST=[answer])
    assert told(server, endpoint=counts.url).startswith(f"{counts.url} {what}; expected ")
    assert not server.asked


def test_batch_that_is_refused_leaves_nothing_behind(serve: Any) -> None:
    counts = serve(POST=[(200, JSON, COUNTED % 7)])
    server = serve(POST=[(204, NT, b""), (500, "text/plain", b"disk full"), (204, NT, b"")])
    message = told(server, update=True, endpoint=counts.url)
    assert message.endswith(f"HTTP status 500: disk full; {OURS} holds 7 triples now")
    server = serve(POST=[(204, NT, b""), (500, "text/plain", b"disk full")])
    message = told(server, update=True, endpoint=counts.url)
    assert re.search(rf"a part may be left on the server: `DROP SILENT GRAPH <{OURS}-\w+>`$", message)


# Usage


def test_blank_nodes_are_not_parted_in_batches(serve: Any, tmp_path: Path) -> None:
    (tmp_path / "blank.ttl").write_text("<urn:s> <urn:p> [ <urn:q> 1 ] .", encoding="utf-8")
    store = KnowledgeGraph(tmp_path / "blank.ttl").store
    server, counts = serve(), serve(POST=[(200, JSON, COUNTED % 3)])
    message = told(server, store, UsageError, update=True, endpoint=counts.url)
    assert "blank nodes, which batches would part; PUT it" in message
    assert not server.asked


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["localhost:7878/store"],
            "'localhost:7878/store' is no address of the web; expected a server such as http://localhost:7878/store",
        ),
        (
            ["http://ann:secret@localhost/store"],
            "'http://...@localhost/store' holds a user name, which is not sent from there; expected a server such as",
        ),
        (["http://localhost/store", "--graph", "my graph"], "'my graph' is no IRI; expected one such as"),
        (["http://localhost/update", "--update"], "give --endpoint URL, where queries are answered"),
        (["http://localhost/store", "--user", "ann"], "no password for user 'ann'; put it into the environment"),
        (["http://localhost/store", "--data", "none.nt"], "cannot read none.nt"),
    ],
)
def test_wrong_usage_is_told(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KG_PASSWORD", raising=False)
    assert main(["push", *arguments]) == 2
    err = capsys.readouterr().err
    assert message in err
    assert "secret" not in err


def test_empty_dataset_is_not_pushed(serve: Any) -> None:
    server = serve()
    assert "the dataset is empty; nothing was sent" in told(server, Store(), UsageError)
    assert not server.asked


def test_interrupt_says_what_the_graph_holds(tmp_path: Path) -> None:
    """A server that takes the first request and reads no more: Ctrl-C while the PUT waits."""
    heeding = (  # a job of the background ignores Ctrl-C, and what it starts does too
        "import signal, sys\nfrom kg.cli.main import main\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\nsys.exit(main())"
    )
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        deaf.settimeout(60)
        url = f"http://127.0.0.1:{deaf.getsockname()[1]}/store"
        command = [sys.executable, "-c", heeding, "push", url, "--data", str(shipped_dataset())]
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
            first, _ = deaf.accept()
            with first:
                first.recv(10_000)
                first.sendall(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
            second, _ = deaf.accept()
            with second:
                second.recv(100)
                process.send_signal(signal.SIGINT)
                assert process.stderr
                last = process.stderr.read().splitlines()[-1]
        assert process.returncode == 130
    assert last.startswith("kg: interrupted; https://w3id.org/immunokg/graph is as it was on a server that takes")


# Bounds


def behaving(serve_get: Any = None, serve_put: Any = None, serve_post: Any = None) -> Misbehaving:
    """Run a graph store that takes everything, but for what is told by method."""
    ways = {"GET": answered(HOLDS[2], kind=NT), "PUT": [head(204)], "POST": [head(204)]}
    told_ways = {"GET": serve_get, "PUT": serve_put, "POST": serve_post}
    ways.update((method, script) for method, script in told_ways.items() if script is not None)
    return Misbehaving(lambda request: ways[request.method])


def told_of(server: Misbehaving, kind: type[KGError] = EndpointError, **changes: Any) -> str:
    """Return what is said of a push that fails, which it does in time and in a line."""
    target = Target(server.url, OURS, deadline=0.5)._replace(**changes)
    start = monotonic()
    with pytest.raises(kind) as error:
        push(SMALL, target, silent)
    assert monotonic() - start < 3 * target.deadline + 1  # the exchange, the state, and clearing up
    message = str(error.value)
    assert message.isprintable()
    return message.removeprefix(f"{server.url} ")


TAKEN = f"the server took {OURS} as a whole, and it was not counted"
LATE = "gave no whole answer in 0.5 s; give --deadline SECONDS for longer"
UNKNOWN = f"{OURS} may be as it was or not, as the server does not tell; count it before use"


@pytest.mark.parametrize(
    ("get", "kind", "what"),
    [
        ([head(kind=NT, Content_Length=999), HOLDS[2]], EndpointError, "was cut: .* bytes are missing; ask again"),
        ([head(kind=NT, Content_Length=99999999999999999), HOLDS[2]], EndpointError, "was cut: .* bytes are missing"),
        ([head(kind=NT, Transfer_Encoding="chunked"), b"16\r\n<urn:s> <urn:p> 1 .\n\r\n"], EndpointError, "was cut"),
        ([head(kind=NT), HOLDS[2], 60.0], LimitError, LATE),
        (
            [head(kind=NT), HOLDS[2][:-5]],
            EndpointError,
            "gives triples that are broken or cut: .*; so the graph cannot",
        ),
        ([60.0], LimitError, LATE),
        (chain([head(kind=NT)], chain.from_iterable(repeat((HOLDS[2], 0.01)))), LimitError, LATE),
        ([], EndpointError, "the connection to .* was cut"),
        ([b"hello\r\n"], EndpointError, "speaks no HTTP: 'hello'"),
        (answered(b"", 302, Location="http://localhost/"), EndpointError, "leads to http://localhost/; give that"),
        (answered(b"[]", kind="application/ld+json"), EndpointError, "gives the graph as no RDF that was asked for"),
        (
            answered(b"<urn:s> <urn:p> " + b"<<( <urn:s> <urn:p> " * 40_000, kind="text/turtle"),
            EndpointError,
            "too many triples within triples",
        ),
    ],
)
def test_graph_that_does_not_come_back_whole_is_told(get: Any, kind: type[KGError], what: str) -> None:
    with behaving(get) as server:
        message = told_of(server, kind)
    assert re.search(what, message)
    assert message.endswith(f"; {TAKEN}")


def test_graph_without_end_is_stopped_at_its_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.engines.remote.target.LARGEST_ANSWER", 1 << 20)
    with behaving(chain([head(kind=NT)], repeat(HOLDS[2] * 99))) as server:
        assert "sends more than 1 MiB, which no option raises" in told_of(server, LimitError, deadline=20.0)


@pytest.mark.parametrize(
    ("put", "kind", "what"),
    [
        ([60.0], LimitError, LATE),
        (chain.from_iterable(repeat((b"HTTP/1.1 100 Continue\r\n\r\n", 0.01))), LimitError, LATE),
        ([head(500, "text/plain", Content_Length=99), b"disk full"], EndpointError, "HTTP status 500: disk full"),
        (answered(b"", 307, Location="/other"), EndpointError, "leads to /other; give that address if you trust it"),
        ([b"\x00\x01\r\n\r\n"], EndpointError, "speaks no HTTP"),
    ],
)
def test_put_that_is_not_answered_says_what_the_graph_holds(put: Any, kind: type[KGError], what: str) -> None:
    with behaving(serve_put=put) as server:
        message = told_of(server, kind)
        assert what in message
        assert message.endswith(f"; {OURS} holds 3 triples now")
    with behaving(serve_put=put, serve_get=[60.0]) as server:
        assert told_of(server, kind).endswith(f"; {UNKNOWN}")


def test_update_that_is_not_answered_is_cleared_up() -> None:
    numbered = iter(range(1_000))
    with (
        Misbehaving(lambda request: [head(204)] if next(numbered) != 1 else [60.0]) as server,
        Misbehaving(lambda request: answered(COUNTED % 7)) as counter,
    ):
        message = told_of(server, LimitError, update=True, endpoint=counter.url)
        assert message == f"{LATE}; {OURS} holds 7 triples now"
        assert server.asked[-1].body.startswith(b"DROP SILENT GRAPH")


def test_count_that_hangs_names_the_server_that_counts() -> None:
    with behaving() as server, Misbehaving(lambda request: [60.0]) as counter:
        assert told_of(server, LimitError, endpoint=counter.url) == f"{counter.url} {LATE}"
        assert not server.asked


def test_error_that_comes_before_the_graph_is_sent_is_told() -> None:
    """As some servers answer to what is too large: they read no more of it, and go."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def refuse() -> None:
            for reply in (b"HTTP/1.1 204 Fine\r\n\r\n", b"HTTP/1.1 413 Too Large\r\n\r\ntoo large"):
                client, _ = listening.accept()
                with client:
                    client.recv(1_000)
                    client.sendall(reply)
                    client.shutdown(socket.SHUT_WR)
                    sleep(0.2)

        threading.Thread(target=refuse, daemon=True).start()
        url = f"http://127.0.0.1:{listening.getsockname()[1]}/store"
        with pytest.raises(EndpointError, match=r"HTTP status 413: too large"):
            push(made(50_000), Target(url, OURS, deadline=1), silent)


@pytest.mark.parametrize(
    ("challenge", "what"),
    [
        ("Digest", "asks for 'Digest'; expected Basic or Digest"),
        ("Digest realm=", "asks for a digest that is not known"),
        ('Digest nonce="n"', "asks for a digest, but not with what"),
        ('Digest realm="kg", nonce="n", qop="auth-int"', "asks for a digest that is not known: .*auth-int"),
        ("Digest =,=", "asks for a digest that is not known"),
        ("", "refuses user 'ann'"),
    ],
)
def test_challenge_that_is_broken_is_told(challenge: str, what: str) -> None:
    with behaving(serve_post=answered(b"", 401, WWW_Authenticate=challenge)) as server:
        assert re.match(what, told_of(server, user="ann", password="secret"))


def test_password_goes_nowhere_else() -> None:
    with (
        behaving() as other,
        behaving(serve_post=answered(b"", 401, WWW_Authenticate='Basic realm="kg"', Location="http://x/")) as server,
    ):
        told_of(server, user="ann", password="secret")
        assert [bool(request.headers.get("authorization")) for request in server.asked] == [False, True]
    for status in (301, 302, 307, 308):
        with behaving() as other, behaving(serve_put=answered(b"", status, Location=other.url)) as server:
            assert f"leads to {other.url}" in told_of(server, user="ann", password="secret")
            assert not other.asked


def test_command_stops_at_the_deadline(capsys: pytest.CaptureFixture[str], mini_dataset: Path) -> None:
    with behaving(serve_post=[60.0]) as server:
        assert main(["push", server.url, "--data", str(mini_dataset), "--deadline", "0.5"]) == 4
        assert capsys.readouterr().err == f"kg: {server.url} {LATE}\n"
        assert main(["push", server.url, "--deadline", "0"]) == 2
