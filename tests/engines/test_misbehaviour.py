"""Servers that do wrong, each in its way: what is asked of them ends in time, with what is right or with one line."""

from __future__ import annotations

import gc
import os
import re
import shutil
import signal
import socket
import ssl
import struct
import subprocess
import sys
import threading
from contextlib import ExitStack
from itertools import chain, repeat
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from misbehaving import JSON, Misbehaving, Request, answered, counts, head, results, trickled, window
from misbehaviours import Behaviour, behaviours, run, suspicious_pages

from kg.cli.main import main
from kg.engines.remote.address import read_address
from kg.engines.remote.budget import Budget
from kg.engines.remote.endpoint import Endpoint
from kg.engines.remote.http import send
from kg.errors import EndpointError, KGError, LimitError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    Script = Iterable[bytes | float]

SELECT = "SELECT ?n WHERE { ?s ?p ?n } ORDER BY ?n"
ROWS = results(range(3))
DEADLINE = 0.5


@pytest.fixture
def serve() -> Iterator[Callable[..., Misbehaving]]:
    """Return a function that starts a server, which answers as a function of the request says, or always the same."""
    running: list[Misbehaving] = []

    def started(behave: Any) -> Misbehaving:
        running.append(Misbehaving(behave if callable(behave) else lambda request: behave))
        return running[-1]

    yield started
    for server in running:
        server.close()


def told(url: str, kind: type[KGError] = EndpointError, text: str = SELECT, deadline: float = DEADLINE) -> str:
    """Return what is said of an endpoint that gives no answer, in time and in a line."""
    start = monotonic()
    with pytest.raises(kind) as error:
        Endpoint(url, deadline=deadline).query(text)
    assert monotonic() - start < deadline + 1
    assert type(error.value) is kind or kind is EndpointError
    message = str(error.value)
    assert url in message
    assert len(message) < 500
    assert message.isprintable()
    return message


def exchanges() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "kg exchange"]


def numbers(url: str, text: str = SELECT, deadline: float = 10) -> list[int]:
    found: Any = Endpoint(url, deadline=deadline).query(text)
    return [int(row["n"].value) for row in found]


# Time

SLOWLY = [
    ("says nothing", [60.0]),
    ("slow head", trickled(head() * 9, 0.05)),
    ("slow headers", chain([b"HTTP/1.1 200 OK\r\n"], chain.from_iterable(repeat((b"X: y\r\n", 0.02))))),
    ("slow body", chain([head()], trickled(ROWS * 9, 0.05))),
    ("slow chunks", chain([head(Transfer_Encoding="chunked")], chain.from_iterable(repeat((b"1\r\n \r\n", 0.02))))),
    ("no end of the body", [head(), ROWS, 60.0]),
    ("no end of the chunks", [head(Transfer_Encoding="chunked"), b"%x\r\n%s\r\n" % (len(ROWS), ROWS), 60.0]),
    ("interim answers", chain.from_iterable(repeat((b"HTTP/1.1 100 Continue\r\n\r\n", 0.001)))),
    ("blanks before the rows", chain([head()], chain.from_iterable(repeat((b" " * 999, 0.001))))),
]


@pytest.mark.parametrize(("script"), [pytest.param(script, id=name) for name, script in SLOWLY])
def test_server_that_takes_its_time_is_left_at_the_deadline(script: Script, serve: Any) -> None:
    message = told(serve(script).url, LimitError)
    assert message.endswith("gave no whole answer in 0.5 s; narrow the query, or give --deadline SECONDS for longer")
    sleep(0.1)
    assert not exchanges()


def test_pages_and_tries_share_the_deadline(serve: Any) -> None:
    """Each answer alone is quick enough."""

    def behave(request: Request) -> Script:
        if counts(request.query):
            return answered(results([1000]))
        start, _ = window(request.query, 1000)
        return [0.2, *answered(results([start]), X_SPARQL_MaxRows=1)]

    server = serve(behave)
    told(server.url, LimitError)
    assert 4 <= len(server.asked) <= 6


def test_busy_server_is_asked_again_only_while_there_is_time(serve: Any) -> None:
    server = serve(answered(b"busy", 503, "text/plain"))
    start = monotonic()
    assert told(server.url).endswith("answers with HTTP status 503: busy")
    assert monotonic() - start < DEADLINE
    assert len(server.asked) == 1
    assert told(server.url, deadline=1.5).endswith("answers with HTTP status 503: busy")
    assert len(server.asked) == 3


def test_lookup_of_a_name_that_hangs_keeps_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    found = threading.Event()
    monkeypatch.setattr("kg.engines.remote.wire.socket.getaddrinfo", lambda *_, **__: found.wait())
    told("http://example.invalid/sparql", LimitError)
    assert exchanges()
    found.set()


def test_place_that_takes_no_connection_leaves_time_for_the_next(serve: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first place has a queue that is full, so that the connection hangs."""
    server = serve(answered(ROWS))
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full, ExitStack() as waiting:
        place = full.getsockname()
        for _ in range(4):
            filler = waiting.enter_context(socket.socket())
            filler.setblocking(False)
            filler.connect_ex(place)
        places = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", each) for each in (place, ("127.0.0.1", server.port))]
        monkeypatch.setattr("kg.engines.remote.wire.socket.getaddrinfo", lambda *_, **__: places)
        assert numbers("http://example.invalid/sparql", deadline=2) == [0, 1, 2]


def test_interrupt_gets_through_at_once(serve: Any) -> None:
    server = serve([60.0])
    timer = threading.Timer(0.3, lambda: os.kill(os.getpid(), signal.SIGINT))
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    start = monotonic()
    try:
        with pytest.raises(KeyboardInterrupt):
            timer.start()
            Endpoint(server.url, deadline=30).query(SELECT)
    finally:
        signal.signal(signal.SIGINT, before)
    assert monotonic() - start < 1.3
    sleep(0.1)
    assert not exchanges()


def test_command_ends_at_the_deadline_and_at_an_interrupt(serve: Any) -> None:
    server = serve([60.0])
    command = [sys.executable, "-m", "kg", "describe", "FT522", "--endpoint", server.url]
    done = subprocess.run([*command, "--deadline", "0.5"], capture_output=True, text=True, check=False, timeout=30)
    assert (done.returncode, done.stdout) == (4, "")
    assert done.stderr == (
        f"kg: {server.url} gave no whole answer in 0.5 s; narrow the query, or give --deadline SECONDS for longer\n"
    )
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        while len(server.asked) < 2:
            sleep(0.05)
        start = monotonic()
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=10)
    assert monotonic() - start < 1.5
    assert process.returncode == 130
    assert re.fullmatch(r"kg: interrupted; .*\n", err)


def test_request_alone_ends_at_the_deadline_too(serve: Any) -> None:
    """Without a thread that is waited for."""
    server = serve(chain([head()], trickled(ROWS * 9, 0.05)))
    start = monotonic()
    with pytest.raises(LimitError):
        send(read_address(server.url, ""), "GET", {}, None, Budget(server.url, DEADLINE)).read_all()
    assert monotonic() - start < DEADLINE + 0.3


# Size


@pytest.mark.parametrize(
    "script",
    [
        pytest.param(chain([head()], repeat(b" " * 65536)), id="endless body"),
        pytest.param(
            chain([head(Transfer_Encoding="chunked")], repeat(b"ffff\r\n%s\r\n" % (b" " * 65535))), id="chunks"
        ),
        pytest.param([head(Content_Length=99999999999999999), ROWS], id="announced"),
        pytest.param(chain([b"HTTP/1.1 200 OK\r\n"], repeat(b"HTTP/1.1 100 Go on\r\n\r\n" * 999)), id="head"),
        pytest.param(chain(repeat(b"HTTP/1.1 100 Go on\r\n\r\n" * 999)), id="interim answers"),
    ],
)
def test_answer_without_end_is_stopped_at_its_size(script: Script, serve: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.engines.remote.budget.LARGEST_ANSWER", 3 << 20)
    try:
        message = told(serve(script).url, LimitError, deadline=10)
    except AssertionError:  # http.client itself gives up headers, as EndpointError
        assert "got more than 100 headers" in told(serve(script).url, deadline=10)
    else:
        assert message.endswith("sends more than 3 MiB, which no option raises; narrow the query, as by LIMIT")


def test_limit_of_bytes_is_what_is_promised(serve: Any) -> None:
    """256 MiB come through the loopback in some seconds."""
    server = serve(chain([head()], repeat(b" " * (1 << 20))))
    assert "sends more than 256 MiB" in told(server.url, LimitError, deadline=60)


def test_rows_have_a_limit(serve: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.engines.remote.answers._MOST_ROWS", 10)
    body = b'{"head": {"vars": []}, "results": {"bindings": [%s]}}' % b",".join([b"{}"] * 11)
    assert told(serve(answered(body)).url, LimitError).endswith(
        "gives more than 10 rows; narrow the query, as by LIMIT"
    )


@pytest.mark.parametrize(("piece", "pause"), [(b"word " * 99, 0.0), (b"word ", 0.01)])
def test_error_without_end_is_told_soon(piece: bytes, pause: float, serve: Any) -> None:
    server = serve(chain([head(500, "text/plain")], chain.from_iterable(repeat((piece, pause)))))
    start = monotonic()
    message = told(server.url, deadline=30)
    assert monotonic() - start < 4
    assert "answers with HTTP status 500: word word" in message
    sleep(0.2)
    assert server.gone == 1


# Answers that are none

NESTED = b'{"type": "triple", "value": {"subject": {"type": "uri", "value": "urn:s"}, "predicate": {"type": "uri", "value": "urn:p"}, "object": '  # noqa: E501
DEEP = b'{"head": {"vars": ["n"]}, "results": {"bindings": [{"n": %s%s%s}]}}' % (
    NESTED * 20_000,
    b'{"type": "uri", "value": "urn:o"}',
    b"}}" * 20_000,
)
CHUNKED = head(Transfer_Encoding="chunked")

WRONG: list[tuple[str, Script, str]] = [
    ("boolean", answered(b'{"head": {}, "boolean": true}'), "answers yes or no where rows are expected"),
    ("other columns", answered(results([1], "m")), "gives the columns 'm' where 'n' are expected"),
    (
        "no columns",
        answered(b'{"head": {"vars": []}, "results": {"bindings": [{}]}}'),
        "gives the columns '' where 'n'",
    ),
    ("no content", [head(204)], "answers with HTTP status 204, which brings no result"),
    ("part", answered(ROWS, 206), "gives a part of the answer only: no message"),
    (
        "out of time there",
        answered(ROWS, X_SQL_State="S1TAT", X_SQL_Message="Returning incomplete results"),
        "gives a part of the answer only: Returning incomplete results",
    ),
    ("coding", answered(ROWS, Content_Encoding="gzip"), "answers in the encoding 'gzip', which was not asked for"),
    ("page", answered(b"<h1>Hello</h1>", kind="TEXT/HTML; charset=x"), "answers with a web page"),
    ("nothing", [], "the connection to URL was cut: Remote end closed connection without response"),
    ("other protocol", [b"SSH-2.0-OpenSSH_9.2\r\n"], "URL speaks no HTTP: 'SSH-2.0-OpenSSH_9.2'"),
    ("status", [b"HTTP/1.1 abc OK\r\n\r\n"], "URL speaks no HTTP: 'HTTP/1.1 abc OK'"),
    ("version", [b"HTTP/7.5 200 OK\r\n\r\n"], "URL answers with no HTTP that can be read: HTTP/7.5"),
    ("long line", [b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70_000], "answers with no HTTP that can be read: got more than"),
    (
        "headers",
        [b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 101],
        "answers with no HTTP that can be read: got more than 100",
    ),
    ("cut head", [b"HTTP/1.1 200 OK\r\nContent-Type: a"], "gives no SPARQL result, or one that is cut: ''"),
    (
        "cut body",
        [head(Content_Length=len(ROWS) + 9), ROWS],
        "the answer of URL was cut: 9 bytes are missing; ask again",
    ),
    ("short length", [head(Content_Length=20), ROWS], "gives no SPARQL result, or one that is cut: '{"),
    ("bad chunk", [CHUNKED, b"zz\r\n" + ROWS], "the answer of URL was cut"),
    ("cut chunk", [CHUNKED, b"fff\r\n" + ROWS], "the answer of URL was cut"),
    ("no last chunk", [CHUNKED, b"%x\r\n%s\r\n" % (len(ROWS), ROWS)], "the answer of URL was cut"),
    ("no JSON", answered(b"\xff\xfe\x00"), "gives no SPARQL result, or one that is cut: '\ufffd\ufffd\\x00'"),
    ("XML", answered(b"<sparql/>", kind="application/sparql-results+xml"), "gives no SPARQL result"),
    ("deep arrays", answered(b"[" * 1_000_000), "gives no SPARQL result"),
    ("deep terms", answered(DEEP), "gives no SPARQL result"),
    ("hidden deep terms", answered(DEEP.replace(b"triple", b"tr\\u0069ple")), "gives no SPARQL result"),
    ("not modified", [head(304)], "answers with HTTP status 304: no message"),
    ("choices", answered(b"", 300, Location="/a"), "leads to /a; give that address if you trust it"),
    ("unknown status", answered(b"?", 799, "text/plain"), "answers with HTTP status 799: ?"),
    ("early error", answered(b"too large", 413, "text/plain"), "answers with HTTP status 413: too large"),
    ("cut error", [head(503, "text/plain", Content_Length=99), b"busy"], "answers with HTTP status 503: busy"),
    ("bad chunk of an error", [head(500, "a", Transfer_Encoding="chunked"), b"z"], "answers with HTTP status 500: no"),
]


@pytest.mark.parametrize(("script", "what"), [pytest.param(script, what, id=name) for name, script, what in WRONG])
def test_what_is_no_answer_is_told(script: Script, what: str, serve: Any) -> None:
    url = serve(script).url
    assert what.replace("URL", url) in told(url)


@pytest.mark.parametrize(
    ("text", "body", "kind", "what"),
    [
        ("ASK { }", ROWS, JSON, "answers with rows where yes or no is expected"),
        ("CONSTRUCT WHERE { ?s ?p ?o }", ROWS, JSON, f"answers with '{JSON}' where triples in Turtle are expected"),
        (
            "DESCRIBE <urn:s>",
            b"<a>",
            "application/rdf+xml",
            "answers with 'application/rdf+xml' where triples in Turtle",
        ),
        ("CONSTRUCT WHERE { ?s ?p ?o }", b"<urn:s> <urn:p> ", "text/turtle", "gives triples that are broken or cut"),
        (
            "CONSTRUCT WHERE { ?s ?p ?o }",
            b"<urn:s> <urn:p> " + b"<<( <urn:s> <urn:p> " * 40_000 + b"<urn:o> " + b")>> " * 40_000 + b".",
            "text/turtle",
            "gives triples that are broken or cut: too many triples within triples",
        ),
    ],
)
def test_answer_of_another_kind_than_the_query_is_told(
    text: str, body: bytes, kind: str, what: str, serve: Any
) -> None:
    assert what in told(serve(answered(body, kind=kind)).url, text=text, deadline=5)


RIGHT: list[tuple[str, Script]] = [
    ("length", answered(ROWS)),
    ("no length", [head(), ROWS]),
    ("chunks", [CHUNKED, b"%x;a=b\r\n%s\r\n0\r\nTrailer: x\r\n\r\n" % (len(ROWS), ROWS)]),
    ("old", [head().replace(b"1.1", b"1.0"), ROWS]),
    ("length is text", [head(Content_Length="many"), ROWS]),
    ("length below 0", [head(Content_Length=-5), ROWS]),
    ("more after the end", [*answered(ROWS), b"more"]),
    ("interim answer", [b"HTTP/1.1 100 Continue\r\n\r\n", *answered(ROWS)]),
    ("kind", answered(ROWS, kind="")),
    ("pieces", [head(Content_Length=len(ROWS)), *trickled(ROWS, 0.001)]),
    ("head last", answered(b'{%s, "head": {"vars": ["n"]}}' % ROWS[ROWS.index(b'"results"') : -1])),
    ("bare line ends", [head().replace(b"\r\n", b"\n"), ROWS]),
    *(
        (f"at most {most!r}", answered(ROWS, X_SPARQL_MaxRows=most))
        for most in ("0", "-5", "many", "", "²", "1e9", "9" * 40)
    ),
]


@pytest.mark.parametrize("script", [pytest.param(script, id=name) for name, script in RIGHT])
def test_rows_that_come_in_a_strange_way_are_read(script: Script, serve: Any) -> None:
    server = serve(script)
    assert numbers(server.url) == [0, 1, 2]
    assert len(server.asked) == 1


def test_connection_that_is_reset_is_told(serve: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def reset() -> None:
            client, _ = listening.accept()
            client.recv(1 << 16)
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            client.close()

        threading.Thread(target=reset, daemon=True).start()
        url = f"http://127.0.0.1:{listening.getsockname()[1]}/"
        assert re.search("the connection to .* was cut: ", told(url))


def test_nothing_goes_wrong_in_threads_or_destructors(serve: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """What Oxigraph reads belongs to the thread that reads it; an error must not take it to another one."""
    found: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", found.append)
    monkeypatch.setattr(threading, "excepthook", found.append)
    for body in (ROWS[:-30], b'{"head": {"vars": ["n"]}, "results": {"bindings": [{}, {}, 1]}}', ROWS[:-1]):
        told(serve(answered(body)).url)
    gc.collect()
    assert not found


# Messages


@pytest.mark.parametrize(
    ("body", "kind", "said"),
    [
        (b"a\x1b[31mb\r\n\x07c\x9d\xc2\x9bd", "text/plain", "a\\x1b[31mb \\x07c\ufffd\\x9bd"),
        (b"<title>Error</title><script>alert(1)</script><p>no&nbsp;&lt;IRI&gt;</p><!-- x -->", "text/html", "no <IRI>"),
        (b"  <?xml version='1.0'?><error>no</error>", "text/plain", "no"),
        (b"cannot read <http://example.org/a>", "text/plain", "cannot read <http://example.org/a>"),
        ("\u202egnp.exe\u2028".encode(), "text/plain", "gnp.exe"),
        (b"", "text/html", "no message"),
        (b"<" * 9_000, "text/html", "<<<"),
    ],
)
def test_message_of_a_server_is_one_clean_line(body: bytes, kind: str, said: str, serve: Any) -> None:
    message = told(serve(answered(body, 500, kind)).url)
    assert said in message
    assert "alert" not in message
    assert not re.search("[\u2028\u202e\x00-\x1f\x7f-\x9f]", message)


def test_long_message_of_a_server_is_shortened(serve: Any) -> None:
    message = told(serve(answered(b"word " * 2_000, 500, "text/plain")).url)
    _, _, said = message.partition("status 500: ")
    assert len(said) <= 240
    assert said.endswith(" ...")


# Redirects


def leading(place: str, status: int = 302) -> Callable[[Request], Script]:
    """Return a behaviour that leads from /sparql to a place, and answers there."""

    def behave(request: Request) -> Script:
        if request.target == "/sparql":
            return answered(b"", status, Location=place)
        return answered(ROWS)

    return behave


@pytest.mark.parametrize("status", [301, 302, 307, 308])
@pytest.mark.parametrize("place", ["/sparql/", "query?a=b", "http://127.0.0.1:PORT/x", "//127.0.0.1:PORT/", "/\u00fc"])
def test_redirect_on_the_same_server_is_followed_with_the_query(status: int, place: str, serve: Any) -> None:
    server = serve(None)
    sent = place.replace("PORT", str(server.port)).encode().decode("latin-1")
    server.behave = leading(sent, status)
    assert numbers(server.url) == [0, 1, 2]
    first, second = server.asked
    assert (first.method, first.query) == (second.method, second.query) == ("POST", SELECT)
    assert second.target.isascii()


def test_see_other_is_got(serve: Any) -> None:
    server = serve(leading("/result", 303))
    assert numbers(server.url) == [0, 1, 2]
    assert [(request.method, request.target) for request in server.asked] == [("POST", "/sparql"), ("GET", "/result")]
    assert not server.asked[1].body


@pytest.mark.parametrize(
    "place",
    [
        "http://127.0.0.1:OTHER/sparql",
        "//127.0.0.1:OTHER/sparql",
        "http://localhost:PORT/sparql",
        "https://127.0.0.1/sparql",
        "ftp://127.0.0.1:PORT/sparql",
        "file:///etc/hostname",
        "http://ann:secret@127.0.0.1:PORT/x",
        "http://[::1",
        "http://127.0.0.1:99999/",
        "javascript:alert(1)",
        "http:///x",
        "\x1b[31m",
    ],
)
def test_redirect_elsewhere_is_told_and_not_followed(place: str, serve: Any) -> None:
    other, server = serve(answered(ROWS)), serve(None)
    server.behave = leading(place.replace("PORT", str(server.port)).replace("OTHER", str(other.port)))
    message = told(server.url)
    assert "leads to " in message
    assert message.endswith("; give that address if you trust it")
    assert "\x1b" not in message
    assert len(server.asked) == 1
    assert not other.asked


def test_redirects_without_end_are_told(serve: Any) -> None:
    numbered = iter(range(1_000))
    server = serve(lambda request: answered(b"", 302, Location=f"/{next(numbered)}"))
    assert "leads from one address to another, at last to " in told(server.url)
    assert len(server.asked) == 6


@pytest.mark.parametrize(
    ("start", "place", "goes_on"),
    [
        ("http://example.invalid/", "https://example.invalid/", True),
        ("http://example.invalid/", "https://EXAMPLE.invalid:443/x", True),
        ("http://example.invalid/", "https://www.example.invalid/", False),
        ("http://example.invalid:8080/", "https://example.invalid/", False),
        ("http://example.invalid:443/", "https://example.invalid:443/", False),
        ("https://example.invalid/", "http://example.invalid/", False),
    ],
)
def test_redirect_to_https_is_followed_on_the_usual_ports(
    start: str, place: str, goes_on: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was asked in the clear may be asked encrypted, of the same host; never the other way."""
    asked = []

    class Led:
        status, url = 302, start

        def header(self, name: str) -> str:
            return place if name == "Location" else ""

        def __enter__(self) -> Led:
            return self

        def __exit__(self, *_: object) -> None:
            return

    def send(address: Any, *_: object) -> Led:
        asked.append(address.url)
        if len(asked) == 2:
            raise EndpointError("enough")
        return Led()

    monkeypatch.setattr("kg.engines.remote.http.send", send)
    with pytest.raises(EndpointError, match="enough" if goes_on else "leads to"):
        Endpoint(start).query(SELECT)


# TLS


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key with a certificate of its own for localhost."""
    if not (openssl := shutil.which("openssl")):
        pytest.skip("no openssl on the path")
    path: Path = tmp_path_factory.mktemp("tls") / "both.pem"
    command = [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    command += ["-addext", "subjectAltName=DNS:localhost", "-keyout", str(path), "-out", f"{path}.crt"]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    path.write_bytes(path.read_bytes() + path.with_name("both.pem.crt").read_bytes())
    return path


@pytest.fixture
def secure(certificate: Path) -> Iterator[Misbehaving]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with Misbehaving(
        lambda request: answered(ROWS), lambda client: context.wrap_socket(client, server_side=True)
    ) as it:
        yield it


def test_tls_is_spoken_with_who_is_trusted(
    secure: Misbehaving, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"https://localhost:{secure.port}/sparql"
    assert "certificate verify failed" in told(url, deadline=5)
    assert not secure.asked
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    assert numbers(url) == [0, 1, 2]
    assert "IP address mismatch" in told(f"https://127.0.0.1:{secure.port}/sparql", deadline=5)


def test_plain_text_where_tls_is_meant_and_the_other_way_is_told(secure: Misbehaving) -> None:
    def answer_at_once(client: socket.socket) -> socket.socket:
        client.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        return client

    with Misbehaving(lambda request: [], answer_at_once) as plain:
        assert "SSL" in told(plain.url.replace("http:", "https:"), deadline=5)
    told(secure.url, deadline=5)


def test_tls_that_says_nothing_is_left_at_the_deadline() -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        told(f"https://127.0.0.1:{deaf.getsockname()[1]}/", LimitError)


# Elsewhere


def test_proxies_of_the_environment_are_not_used(serve: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    proxy, server = serve(answered(b"")), serve(answered(ROWS))
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "https_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
    monkeypatch.delenv("no_proxy", raising=False)
    assert numbers(server.url) == [0, 1, 2]
    server.close()
    assert told(server.url).endswith("is it running? The proxy of http_proxy is not used.")
    assert not proxy.asked


def test_graph_that_is_no_iri_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["query", "trials", "--endpoint", "http://localhost/", "--graph", "my\x1b graph"]) == 2
    assert capsys.readouterr().err == "kg: 'my\\x1b graph' is no IRI of a graph\n"
    assert main(["query", "trials", "--endpoint", "http://localhost/", "--graph", "urn:\udcff"]) == 2


# Drawn behaviours


@given(behaviours())
@settings(max_examples=80, deadline=None, derandomize=True, database=None)
def test_server_that_does_wrong_gives_right_rows_or_an_error_in_time(behaviour: Behaviour) -> None:
    """`tests/benchmarks/endpoint_misbehaviour.py` tries many more."""
    with suspicious_pages():
        outcome = run(behaviour)
    assert not outcome.faults, outcome


@given(st.integers(0, 45), st.sampled_from([7, 10, 1_000]))
@settings(max_examples=30, deadline=None, derandomize=True, database=None)
def test_server_that_does_right_gives_its_rows(size: int, most: int) -> None:
    with suspicious_pages():
        outcome = run(Behaviour(size, most, "7" if most == 7 else ""), deadline=5)
    assert (outcome.kind, outcome.faults) == ("rows", [])
