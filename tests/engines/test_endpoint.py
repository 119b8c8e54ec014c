"""SPARQL endpoints: real ones give what the store in the process gives, broken ones are told in a line."""

from __future__ import annotations

import json
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import pytest
from pyoxigraph import Literal

from kg import KnowledgeGraph
from kg.cli.main import main
from kg.engines.asking import bind
from kg.engines.remote.endpoint import Endpoint
from kg.engines.remote.push import GRAPH
from kg.errors import EndpointError, KGError, LimitError, UsageError
from kg.export.kinds import export
from kg.paths import shipped_dataset
from kg.picture.side_panel import contested, panels
from kg.query.catalogue import iter_queries

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from servers import Server

NAMES = [query.path.stem for query in iter_queries()]
ASK = {"head": {}, "boolean": True}
ROWS = {"head": {"vars": ["n"]}, "results": {"bindings": [{"n": {"type": "literal", "value": "1"}}]}}


# Real servers


@pytest.fixture(scope="session")
def remote(server: Server) -> KnowledgeGraph:
    return KnowledgeGraph(endpoint=server.query_url, graph=GRAPH, deadline=300)


@pytest.mark.parametrize("name", NAMES)
def test_query_of_the_catalogue_gives_the_same_rows(name: str, remote: KnowledgeGraph, graph: KnowledgeGraph) -> None:
    assert remote.query(name).format("csv") == graph.query(name).format("csv")


def test_parameter_finds_its_thing_there(remote: KnowledgeGraph, graph: KnowledgeGraph) -> None:
    assert list(remote.query("trials_by_target", target="BCMA")) == list(graph.query("trials_by_target", target="BCMA"))


@pytest.mark.parametrize("text", ['"', "\\u0022 } #", "\n\t'\\", "\u03b2 \x01" + "0022"])
def test_text_of_a_parameter_arrives_there_as_it_is(text: str, server: Server) -> None:
    found: Any = Endpoint(server.query_url, GRAPH).query(bind("SELECT ?x {\n# VALUES ?x { }\n}", "x", [Literal(text)]))
    assert [row["x"].value for row in found] == [text]


@pytest.mark.parametrize(
    "name", ["trials", "cytokine_support", "responses", "trials_by_year", "disease_groups", "product_successors"]
)
def test_evidence_of_rows_is_the_same(name: str, remote: KnowledgeGraph, graph: KnowledgeGraph) -> None:
    theirs, ours = remote.query(name, evidence=True), graph.query(name, evidence=True)
    assert theirs.format("csv") == ours.format("csv")
    assert any(row["evidence"] for row in theirs)


def test_things_are_described_and_compared_the_same(remote: KnowledgeGraph, graph: KnowledgeGraph) -> None:
    assert remote.describe("FT522").format("csv") == graph.describe("FT522").format("csv")
    assert remote.compare("FT522", "FT576").format("csv") == graph.compare("FT522", "FT576").format("csv")


@pytest.mark.parametrize(
    "question",
    [
        "which iPSC products carry CD38 KO",
        "how many trials use NK-92",
        "Which phase 2 studies are NOT run by ImmunityBio?",
        "top 3 targets by trials",
        "trials with an enrollment of more than 100 patients first posted after 2020",
        "which products had ICANS",
        "what is the recommended phase 2 dose of NKTR-214",
        "did any patient on NKX019 have GvHD",
        "Is ANKTIVA approved for lymphopenia?",
        "What is the cell source of NCT05498545?",
        "How were the HER2 CAR NK cells given to glioblastoma patients?",
        "which costimulatory domain sits in the NKX101 CAR",
        "what ALC cutoff do you need to be under for the ANKTIVA expanded access?",
        "how many PEG chains are on NKTR-214",
        "what is the second most common target",
        "In how many studies is lymphodepletion done with Cy/Flu?",
        "zebrafish?",
    ],
)
def test_question_is_answered_the_same(question: str, remote: KnowledgeGraph, graph: KnowledgeGraph) -> None:
    ours, theirs = (json.loads(asked.ask(question).to_json()) for asked in (graph, remote))
    assert theirs == ours


def test_long_result_comes_in_pages(server: Server) -> None:
    """Every triple: more than the 10,000 rows that a page has."""
    endpoint = Endpoint(server.query_url, GRAPH, deadline=300)
    assert len({str(quad) for quad in endpoint}) == shipped_dataset().read_bytes().count(b"\n")


def test_more_different_rows_than_a_page_has_end(server: Server, graph: KnowledgeGraph) -> None:
    """Virtuoso gives all of them again where none is left."""
    text = "SELECT DISTINCT ?s ?type WHERE { ?s a ?type }"
    theirs, ours = (
        {tuple(row) for row in asked.query(text)}  # type: ignore[union-attr]
        for asked in (Endpoint(server.query_url, GRAPH, deadline=300), graph.store)
    )
    assert len(ours) > 10_000
    assert theirs == ours


def test_export_of_an_endpoint_holds_the_same_things(remote: KnowledgeGraph, graph: KnowledgeGraph) -> None:
    assert set(remote.to_networkx().nodes) == set(graph.to_networkx().nodes)
    ours, theirs = (export(asked, "graphml") for asked in (graph, remote))
    assert len(theirs) == len(ours)


def test_panels_and_conflicts_of_an_endpoint_are_the_same(remote: KnowledgeGraph, graph: KnowledgeGraph) -> None:
    """Few things too: then relations to what is not shown are facts, and patients are told of elsewhere."""
    network = graph.to_networkx()
    for shown in (network, network.subgraph(node for node in network if "/product/" in node)):
        ours, theirs = (panels(asked.store, shown) for asked in (graph, remote))
        assert theirs == ours
    assert contested(remote.store) == contested(graph.store)


def test_command_asks_the_endpoint(server: Server, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    at = ["--endpoint", server.query_url, "--graph", GRAPH]
    assert main(["query", "trial_counts", *at]) == 0
    assert (
        capsysbinary.readouterr().out
        == b"rule,trials\r\nlisted in the tables,124\r\ncounted: enrollment above 0,120\r\n"
    )
    assert main(["query", "trial_counts", "--endpoint", server.query_url, "--graph", "urn:none"]) == 0
    assert b"124" not in capsysbinary.readouterr().out


def test_error_of_the_server_is_told_with_its_message(server: Server, tmp_path: Any) -> None:
    path = tmp_path / "wrong.rq"
    path.write_text("SELECT ?x WHERE { ?x a nothing:here }", encoding="utf-8")
    with pytest.raises(EndpointError, match=r"answers with HTTP status 400: .*(?i:prefix|nothing)"):
        KnowledgeGraph(endpoint=server.query_url, graph=GRAPH).query(str(path))


# Servers that do wrong


@pytest.fixture
def serve() -> Iterator[Callable[..., str]]:
    """Return a function that starts a server which answers as told, and returns its address."""
    running: list[HTTPServer] = []

    def started(*answers: tuple[int, str, bytes], length: int | None = None, wait: float = 0) -> str:
        left = list(answers)

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                asked.append(parse_qs(body))
                accepted.append(self.headers["Accept"])
                time.sleep(wait)
                status, kind, content = left.pop(0) if len(left) > 1 else left[0]
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(content) if length is None else length))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: object) -> None:
                return

        asked: list[dict[str, list[str]]] = []
        accepted: list[str] = []
        http = HTTPServer(("127.0.0.1", 0), Handler)
        http.asked, http.accepted = asked, accepted  # type: ignore[attr-defined]
        running.append(http)
        threading.Thread(target=http.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{http.server_address[1]}/sparql"

    started.running = running  # type: ignore[attr-defined]
    yield started
    for http in running:
        http.shutdown()
        http.server_close()


JSON = "application/sparql-results+json"


def told(url: str, deadline: float = 5, kind: type[KGError] = EndpointError) -> str:
    with pytest.raises(kind) as error:
        Endpoint(url, deadline=deadline).query("SELECT ?n WHERE { ?s ?p ?n }")
    message = str(error.value)
    assert "\n" not in message
    assert url in message
    return message


def test_graph_is_sent_as_the_default_one(serve: Any) -> None:
    endpoint = Endpoint(serve((200, JSON, json.dumps(ROWS).encode())), "urn:graph")
    found: Any = endpoint.query("SELECT ?n WHERE { ?s ?p ?n }")
    assert [row["n"].value for row in found] == ["1"]
    (asked,) = serve.running[0].asked
    assert asked["default-graph-uri"] == ["urn:graph"]


def test_yes_or_no_is_read(serve: Any) -> None:
    assert Endpoint(serve((200, JSON, json.dumps(ASK).encode()))).query("ASK { }")


@pytest.mark.parametrize("line", ["What is described here?", "Added: what is new; clear, load, ask, insert", "<<' {"])
def test_words_of_comments_do_not_change_what_is_asked(line: str, serve: Any) -> None:
    url = serve((200, JSON, json.dumps(ROWS).encode()))
    found: Any = Endpoint(url).query(f"#+ summary: One?\n#+ {line}\n#+ {line}\nSELECT ?n WHERE {{ ?s ?p ?n }}")
    assert [row["n"].value for row in found] == ["1"]
    (asked,) = serve.running[0].asked
    assert "query" in asked
    assert "update" not in asked
    (accept,) = serve.running[0].accepted
    assert "application/sparql-results+json" in accept


def test_server_that_is_not_there_is_told() -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{held.getsockname()[1]}/sparql"
        assert told(url).startswith(f"cannot reach {url}: ")


def test_web_page_is_told(serve: Any) -> None:
    assert "answers with a web page" in told(serve((200, "text/html; charset=utf-8", b"<h1>Hello</h1>")))


@pytest.mark.parametrize("content", [b"", b"hello", b'{"head": {"vars": ["n"]}, "results": {"bindi', b'{"a": 1}'])
def test_what_is_no_result_is_told(content: bytes, serve: Any) -> None:
    assert "no SPARQL result, or one that is cut" in told(serve((200, JSON, content)))


def test_answer_that_is_cut_is_told(serve: Any) -> None:
    assert "was cut" in told(serve((200, JSON, json.dumps(ROWS).encode()), length=9999))


@pytest.mark.parametrize("status", [400, 401, 403, 404, 414, 500, 502])
def test_status_and_message_of_a_refusal_are_told(status: int, serve: Any) -> None:
    message = told(serve((status, "text/html", b"<html><b>Virtuoso 37000</b>\nsyntax \x1b[31merror</html>")))
    assert f"HTTP status {status}: Virtuoso 37000 syntax \\x1b[31merror" in message


def test_long_message_of_a_server_is_shortened(serve: Any) -> None:
    assert len(told(serve((500, "text/plain", b"word " * 2000)))) < 400


def test_busy_server_is_asked_again(serve: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.engines.remote.exchange._WAITS", (0.01, 0.01))
    url = serve((503, "text/plain", b"busy"), (503, "text/plain", b"busy"), (200, JSON, json.dumps(ROWS).encode()))
    found: Any = Endpoint(url).query("SELECT ?n WHERE { ?s ?p ?n }")
    assert len(list(found)) == 1
    assert "HTTP status 503: busy" in told(serve((503, "text/plain", b"busy")))


def test_server_that_is_too_slow_is_told(serve: Any) -> None:
    message = told(serve((200, JSON, json.dumps(ROWS).encode()), wait=3), 1, LimitError)
    assert message.endswith("gave no whole answer in 1 s; narrow the query, or give --deadline SECONDS for longer")


@pytest.mark.parametrize("url", ["localhost:8890/sparql", "file:///etc/hostname", "ftp://host/x", "", "http://"])
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(UsageError, match=r"expected a SPARQL endpoint such as http://localhost:8890/sparql$"):
        Endpoint(url)


FEDERATED = "SELECT ?n WHERE { SERVICE <http://example.org/sparql> { ?s ?p ?n } }"


@pytest.mark.parametrize(
    "arguments", [["query", FEDERATED], ["export", "graphml", "out.graphml", "--query", FEDERATED]]
)
def test_endpoint_asks_other_servers_only_if_that_is_allowed(
    arguments: list[str],
    serve: Any,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    at = ["--endpoint", serve((200, JSON, json.dumps(ROWS).encode()))]
    assert main([*arguments, *at]) == 2
    assert "SERVICE is refused" in capsys.readouterr().err
    assert not serve.running[0].asked
    assert main([*arguments, *at, "--allow-service"]) == 2
    assert "gives the columns 'n' where 'document, day' are expected" in capsys.readouterr().err  # the second query
    assert any("SERVICE" in asked["query"][0] for asked in serve.running[0].asked)


def test_endpoint_that_may_ask_others_may_change_nothing(serve: Any, capsys: pytest.CaptureFixture[str]) -> None:
    at = ["--endpoint", serve((200, JSON, json.dumps(ROWS).encode())), "--allow-service"]
    assert main(["query", "INSERT DATA { <urn:s> <urn:p> 1 }", *at]) == 2
    assert "INSERT is refused" in capsys.readouterr().err
    assert not serve.running[0].asked


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--endpoint", "http://localhost/sparql", "--data", "x.nt"], "a dataset and an endpoint at once"),
        (["--graph", "urn:x"], "a graph without an endpoint"),
        (["--allow-service"], "--allow-service lets an endpoint ask other servers; expected it with --endpoint URL"),
        (["--endpoint", "http://localhost/sparql", "--timeout", "soon"], "'soon' is no number of seconds"),
    ],
)
def test_wrong_usage_is_told(arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["query", "trials", *arguments]) == 2
    assert message in capsys.readouterr().err
