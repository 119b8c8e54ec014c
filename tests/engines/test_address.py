"""Addresses: each is sent as it is meant, or refused in a line that shows no password."""

from __future__ import annotations

import re
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from misbehaving import Misbehaving, answered, results

from kg.cli.main import main
from kg.engines.remote.address import read_address
from kg.engines.remote.endpoint import Endpoint
from kg.engines.remote.session import Session
from kg.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

TABLE = Path(__file__).parents[1] / "data" / "addresses.txt"


def iter_rows(verdict: str) -> Iterator[tuple[str, ...]]:
    """Yield the addresses of a verdict, with what is expected of each."""
    for line in TABLE.read_text(encoding="utf-8").split("\n"):
        if line and not line.startswith("#"):
            cells = re.sub(r"\\(\\|x[0-9a-f]{2}|u[0-9a-f]{4})", _character, line).split("\t")
            if cells[0] == verdict:
                yield tuple(cell.replace("\ue000", "\t") for cell in cells[1:])


def _character(match: re.Match[str]) -> str:
    code = 0x5C if match[1] == "\\" else int(match[1][1:], 16)
    return "\ue000" if code == 9 else chr(code)  # a tab that ends no column


HIDING = "[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
SENT, REFUSED = list(iter_rows("sent")), list(iter_rows("refused"))


def test_table_is_read() -> None:
    assert len(SENT) > 30
    assert len(REFUSED) > 50
    assert any("\t" in address for address, _ in REFUSED)


@pytest.mark.parametrize(("address", "url", "host"), SENT)
def test_address_is_sent_as_it_is_meant(address: str, url: str, host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The request itself goes to a server here, in the place of the host that is named."""
    assert Endpoint(address).url == read_address(url, "").url == url
    if url.startswith("https:"):
        assert read_address(address, "").authority == host
        return
    with Misbehaving(lambda request: answered(results([1]))) as server:
        places = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", server.port))]
        monkeypatch.setattr("kg.engines.remote.wire.socket.getaddrinfo", lambda *_, **__: places)
        found: Any = Endpoint(address, deadline=5).query("SELECT ?n WHERE { ?s ?p ?n }")
    assert len(list(found)) == 1
    (request,) = server.asked
    rest = re.sub("^http://[^/?]*", "", url)
    assert request.target == (rest if rest.startswith("/") else f"/{rest}")
    assert request.headers["host"] == host


@pytest.mark.parametrize(("address", "what"), REFUSED)
def test_address_that_is_none_is_refused(address: str, what: str, capsys: pytest.CaptureFixture[str]) -> None:
    for made in (Endpoint, Session):
        with pytest.raises(UsageError) as error:
            made(address)
        assert what in str(error.value)
        assert not re.search(HIDING, str(error.value))
        assert "pw" not in str(error.value)
    assert main(["query", "trials", "--endpoint", address or " "]) == 2
    out, err = capsys.readouterr()
    assert not out
    assert re.fullmatch(r"kg: .*; expected a SPARQL endpoint such as http://localhost:8890/sparql\n", err)


URL = re.compile(
    r"https?://([a-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]+(%25[\w.~-]+)?\])(:[1-9][0-9]{0,4})?"
    r"(/([A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})*)?(\?([A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*)?",
    flags=re.A,
)
SIGNS = st.sampled_from("abZ09.-_~:/?#[]@!$&'()*+,;=% \\|\"<>\u00fc\u00df\u4e2d\u202e\x00\t\n\uff0f\u3002\ud800")
TEXTS = st.one_of(
    st.text(SIGNS, max_size=30),
    st.builds(
        "{}://{}{}".format, st.sampled_from(["http", "https", "HTTP", "ftp"]), *[st.text(SIGNS, max_size=15)] * 2
    ),
)


@given(TEXTS)
@settings(max_examples=400, deadline=None, derandomize=True, database=None)
def test_any_text_is_an_address_in_ascii_or_refused(text: str) -> None:
    try:
        address = read_address(text, "an address")
    except UsageError as error:
        assert not re.search(HIDING, str(error))
    else:
        assert URL.fullmatch(address.url)
        assert read_address(address.url, "an address") == address
        assert f"{address.target}".startswith("/")


@given(st.text(SIGNS, min_size=4), st.sampled_from(["http", "https", "ftp"]), st.text(SIGNS, max_size=9))
@settings(max_examples=200, deadline=None, derandomize=True, database=None)
def test_password_is_never_told(around: str, scheme: str, rest: str) -> None:
    """What stands before a slash or a question mark can be a host with its port."""
    try:
        address = read_address(f"{scheme}://ann:{around}secret@localhost{rest}", "an address")
    except UsageError as error:
        assert "secret" not in str(error)
    else:
        assert address.host == "ann"


@pytest.mark.parametrize("seconds", ["0", "-1", "nan", "inf", "86401", "1e9", "soon", ""])
def test_time_that_is_none_is_refused(seconds: str, capsys: pytest.CaptureFixture[str]) -> None:
    for option in ("--deadline", "--timeout"):
        assert main(["query", "trials", "--endpoint", "http://localhost/", f"{option}={seconds}"]) == 2
        assert f"'{seconds}' is no number of seconds" in capsys.readouterr().err
    if seconds not in ("soon", ""):
        with pytest.raises(UsageError, match="is no number of seconds"):
            Endpoint("http://localhost/", deadline=float(seconds))


@pytest.mark.parametrize("seconds", [0.5, 1, 86_400])
def test_time_can_be_a_fraction_or_a_day(seconds: float) -> None:
    assert Endpoint("http://localhost/", deadline=seconds).deadline == seconds
