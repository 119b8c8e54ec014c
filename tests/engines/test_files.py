"""RDF files that would end the process, take all memory, never end or reach the network: each is told, and at once.

A file with a fault stands for its kind; the time that a test may take is a part of the test.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from kg.cli.main import main
from kg.engines.local.embedded import open_store
from kg.errors import UsageError
from kg.files.limits import DEPTH, TRIPLE_TERMS
from kg.formats.result import Result
from kg.formats.writers import FORMATS
from kg.query.catalogue import Query, run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

RDF = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:u="urn:">'
ENTITIES = "".join(f'<!ENTITY a{number} "{f"&a{number - 1};" * 10}">' for number in range(1, 12))
BOMB = f'<!DOCTYPE r [<!ENTITY a0 "{"x" * 10}">{ENTITIES}]>'
USE = f"{RDF}<u:A><u:p>&a11;</u:p></u:A></rdf:RDF>"
DEEP = 100_000
TYPE = "a document type: its entities can make a small file endless; write them out, or save the file as Turtle"
ELEMENT = "an element lies in more than 100 others; expected fewer"
OBJECT = "an object or a list lies in more than 100 others; expected fewer"
TERM = "a triple term lies in more than 100 others; expected fewer"
LONG = "an IRI or a literal has more than 16 MiB; expected less"
CONTEXT = "its context lies elsewhere, and no network is asked; write the context into the file"


IN_A_SMALL_STACK = """
import sys, threading
from pathlib import Path
from kg.engines.local.embedded import open_store
threading.stack_size(512 * 1024)
thread = threading.Thread(target=lambda: list(open_store(Path(sys.argv[1]))))
thread.start()
thread.join()
"""


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "immunokg"


def nested(start: str, end: str, inner: str = "") -> str:
    return start * DEEP + inner + end * DEEP


FAULTS: dict[str, tuple[str, str | bytes, str]] = {
    # name of the case: ending, content, what is told after the name of the file
    "entities": ("rdf", f'<?xml version="1.0"?>\n{BOMB}\n{USE}', f":2: {TYPE}"),
    "entities after a mark": ("rdf", b"\xef\xbb\xbf" + f"{BOMB}{USE}".encode(), f":1: {TYPE}"),
    "entities in small letters": ("rdf", f"{BOMB.replace('DOCTYPE', 'docType')}{USE}", f":1: {TYPE}"),
    "entities within the root": ("rdf", f"{RDF}{BOMB}{USE.removeprefix(RDF)}", f":1: {TYPE}"),
    "entities in false comments": (
        "rdf",
        f'{RDF}<u:A u:q="<!--"/>{BOMB}<u:A u:q="-->"/></rdf:RDF>',
        f":1: {TYPE}",
    ),
    "entities between instructions": ("rdf", f"<?x <!-- ?>{BOMB}<?x --> ?>{USE}", f":1: {TYPE}"),
    "entities in UTF-16": ("rdf", f"{BOMB}{USE}".encode("utf-16"), ": the file is UTF-16; save it as UTF-8"),
    "entities in UTF-16 without a mark": ("rdf", USE.encode("utf-16-be"), ": the file is UTF-16; save it as UTF-8"),
    "entities in UTF-32": ("rdf", f"{BOMB}{USE}".encode("utf-32"), ": the file is UTF-32; save it as UTF-8"),
    "entities in UTF-7": (
        "rdf",
        b'<?xml version="1.0" encoding="UTF-7"?>' + f"{BOMB}{USE}".encode("utf-7").replace(b"<", b"+ADw-"),
        ":1: the file is UTF-7; save it as UTF-8",
    ),
    "entities in EBCDIC": ("rdf", f"{BOMB}{USE}".encode("cp037"), ":1: no element; expected RDF/XML"),
    "another encoding": (
        "rdf",
        f"<?xml version='1.0'  encoding = 'ISO-8859-1' ?>{RDF}<u:\xe9/></rdf:RDF>".encode("latin-1"),
        ":1: the file is ISO-8859-1; save it as UTF-8",
    ),
    "a file of the system": ("rdf", f'<!DOCTYPE r [<!ENTITY a SYSTEM "/etc/passwd">]>{USE}', f":1: {TYPE}"),
    "deep elements": ("rdf", f"{RDF}\n{nested('<u:A><u:p>', '</u:p></u:A>')}</rdf:RDF>", f":2: {ELEMENT}"),
    "deep collections": (
        "rdf",
        RDF + nested("<u:A><u:p rdf:parseType='Collection'>", "</u:p></u:A>") + "</rdf:RDF>",
        f":1: {ELEMENT}",
    ),
    "deep markup in a literal": (
        "rdf",
        f'{RDF}<u:A><u:p rdf:parseType="Literal">{nested("<a>", "</a>")}</u:p></u:A></rdf:RDF>',
        f":1: {ELEMENT}",
    ),
    "deep, with > in values and comments": (
        "rdf",
        RDF + nested("<u:A u:q='/>'><!-- </u:A> --><u:p>", "</u:p></u:A>") + "</rdf:RDF>",
        f":1: {ELEMENT}",
    ),
    "cut": ("rdf", f"{RDF}\n<u:A><u:p>x", ":2: an element is not closed at the end; expected the whole file"),
    "no element": ("rdf", "", ":1: no element; expected RDF/XML"),
    "long text in XML": ("rdf", f"{RDF}\n<u:A><u:p>{'x' * 17_000_000}</u:p></u:A></rdf:RDF>", f":2: {LONG}"),
    "long value in XML": ("rdf", f"{RDF}\n<u:A u:q='{'x' * 17_000_000}'/></rdf:RDF>", f":2: {LONG}"),
    "deep lists in JSON": ("jsonld", f'{{"@id": "urn:s",\n"urn:p": {nested("[", "]")}}}', f":2: {OBJECT}"),
    "deep objects in JSON": ("jsonld", nested('{"@id": "urn:s", "urn:p":', "}", "1"), f":1: {OBJECT}"),
    "deep JSON after brackets in texts": (
        "jsonld",
        f'{{"@id": "urn:s", "urn:q": "]]\\"]\\\\", "urn:p": {nested("[", "]")}}}',
        f":1: {OBJECT}",
    ),
    "deep contexts": (
        "jsonld",
        nested('{"@context": {"a": {"@id": "urn:a", "@context":', "}}}", "{}"),
        f":1: {OBJECT}",
    ),
    "long text in JSON": ("jsonld", f'{{"@id": "urn:s",\n"urn:p": "{"x" * 17_000_000}"}}', f":2: {LONG}"),
    "deep triple terms": ("nt", f"\n<urn:s> <urn:p> {nested('<<( <urn:a> <urn:b> ', ' )>>', '1')} .\n", f":2: {TERM}"),
    "deep triple terms in Turtle": (
        "ttl",
        f"<urn:s> <urn:p> {nested('<<(<urn:a><urn:b>', ')>>', '1')} .\n",
        f":1: {TERM}",
    ),
    "deep triple terms between false ends": (
        "ttl",
        "<urn:s> <urn:p> " + nested("<<( <urn:)>>#> <urn:b>#)>>\n ", " )>>", "'''\\''')>>''' ") + " .\n",
        f":101: {TERM}",
    ),
    "long literal": ("nt", f'<urn:s> <urn:p> "x" .\n<urn:s> <urn:p> "{"x" * 17_000_000}" .\n', f":2: {LONG}"),
    "long IRI": ("nt", f'<urn:{"x" * 17_000_000}> <urn:p> "x" .\n', f":1: {LONG}"),
    "long literal of many lines": ("ttl", '<urn:s> <urn:p> """' + "x\n" * 9_000_000 + '""" .\n', f": {LONG}"),
    "UTF-16": ("nt", '<urn:s> <urn:p> "x" .\n'.encode("utf-16"), ": the file is UTF-16; save it as UTF-8"),
    "UTF-16 in Turtle": (
        "ttl",
        '<urn:s> <urn:p> "x" .\n'.encode("utf-16-le"),
        ": the file is UTF-16; save it as UTF-8",
    ),
}


@pytest.mark.parametrize(("ending", "content", "told"), FAULTS.values(), ids=FAULTS)
def test_file_that_no_parser_should_see_is_told(
    ending: str, content: str | bytes, told: str, tmp_path: Path, cache: Path
) -> None:
    path = tmp_path / f"x.{ending}"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(UsageError) as error:
        open_store(path)
    assert str(error.value) == f"{path}{told}"
    assert list(cache.iterdir()) == []


HARMLESS: dict[str, tuple[str, str, int]] = {
    # name of the case: ending, content, number of triples
    "a mark": ("nt", "\ufeff<urn:s> <urn:p> <urn:o> .\n", 1),
    "a mark in Turtle": ("ttl", "\ufeff@prefix u: <urn:> .\nu:s u:p u:o .\n", 1),
    "a mark in XML": ("rdf", f"\ufeff{RDF}<u:A/></rdf:RDF>", 1),
    "a mark in JSON": ("jsonld", '\ufeff{"@id": "urn:s", "urn:p": 1}', 1),
    "a mark, then a declaration": ("rdf", f'\ufeff<?xml version="1.0" encoding="utf-8"?>{RDF}<u:A/></rdf:RDF>', 1),
    "no triple": ("nt", "", 0),
    "the old Macintosh": ("nt", '<urn:s> <urn:p> "x" .\r<urn:s> <urn:p> "y" .\r', 2),
    "brackets in texts": ("jsonld", json.dumps({"@id": "urn:s", "urn:p": '[{"\\' * 2000}), 1),
    "tags in comments": ("rdf", f"{RDF}<!-- {'<a>' * 2000} --><u:A u:q='{'/>' * 2000}'/></rdf:RDF>", 2),
    "signs of triple terms in texts": ("nt", f'<urn:s> <urn:p> "{"<<(" * 2000}" .\n', 1),
    "signs of triple terms in comments": ("ttl", f"# {'<<(' * 2000}\n<urn:s> <urn:p#> '{'<<(' * 2000}' .\n", 1),
    "many triple terms side by side": ("nt", "<urn:s> <urn:p> <<( <urn:s> <urn:p> <urn:o> )>> .\n" * 2000, 1),
    "deep blank nodes": ("ttl", f"<urn:s> <urn:p> {'[ <urn:p> ' * DEEP}1{' ]' * DEEP} .\n", DEEP + 1),
    "deep lists": ("ttl", f"<urn:s> <urn:p> {'( ' * DEEP}1{' )' * DEEP} .\n", 2 * DEEP + 1),
    "as deep as may be": ("jsonld", '{"@id": "urn:s", "urn:p":' * 99 + "1" + "}" * 99, 2),
    "texts of many escapes": ("jsonld", '{"@id": "urn:s", "urn:p": "' + r"\n" * 4_000_000 + '"}', 1),
}


@pytest.mark.parametrize(("ending", "content", "count"), HARMLESS.values(), ids=HARMLESS)
def test_harmless_file_is_read(ending: str, content: str, count: int, tmp_path: Path) -> None:
    path = tmp_path / f"x.{ending}"
    path.write_bytes(content.encode())
    assert len(open_store(path)) == count
    assert len(open_store(path)) == count  # from its index


@pytest.mark.parametrize(
    ("ending", "content"),
    [
        ("jsonld", '{"urn:p":' * DEPTH + "1" + "}" * DEPTH),
        ("jsonld", "[" * DEPTH + "]" * DEPTH),
        ("rdf", f"{RDF}{'<u:A><u:p>' * (DEPTH // 2 - 1)}{'</u:p></u:A>' * (DEPTH // 2 - 1)}</rdf:RDF>"),
        ("nt", f"<urn:s> <urn:p> {'<<( <urn:s> <urn:p> ' * TRIPLE_TERMS}<urn:o>{' )>>' * TRIPLE_TERMS} .\n"),
        ("ttl", f"<urn:s> <urn:p> {'[ <urn:p> ' * DEEP}1{' ]' * DEEP} .\n"),
    ],
    ids=["objects", "lists", "elements", "triple terms", "blank nodes"],
)
def test_as_deep_as_may_be_needs_no_deep_stack(ending: str, content: str, tmp_path: Path) -> None:
    path = tmp_path / f"x.{ending}"
    path.write_text(content)
    command = [sys.executable, "-c", IN_A_SMALL_STACK, str(path)]
    found = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (found.returncode, found.stderr) == (0, "")


SPECIAL = {
    "pipe": "it is a named pipe; expected a file of RDF",
    "folder": "it is a folder; expected a file of RDF",
    "device": "it is a device; expected a file of RDF",
    "socket": "it is a socket; expected a file of RDF",
    "loop": "Too many levels of symbolic links; build a dataset with `kg build`",
}


@pytest.mark.parametrize(("kind", "told"), SPECIAL.items())
def test_what_is_no_regular_file_is_told_at_once(kind: str, told: str, tmp_path: Path) -> None:
    path = tmp_path / f"{kind}.nt"
    server = socket.socket(socket.AF_UNIX)
    makers: dict[str, Callable[[], object]] = {
        "pipe": lambda: os.mkfifo(path),
        "folder": path.mkdir,
        "device": lambda: path.symlink_to("/dev/zero"),
        "socket": lambda: server.bind(str(path)),
        "loop": lambda: path.symlink_to(path.name),
    }
    makers[kind]()
    with pytest.raises(UsageError) as error:
        open_store(path)
    server.close()
    assert str(error.value) == f"cannot read {path}: {told}"


@pytest.mark.parametrize("context", ['"http://127.0.0.1:{port}/c"', '{{"@import": "http://127.0.0.1:{port}/c"}}'])
def test_context_that_lies_elsewhere_is_not_fetched(context: str, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        path = tmp_path / "x.jsonld"
        path.write_text(f'{{"@context": {context.format(port=server.getsockname()[1])}, "@id": "urn:s", "urn:p": 1}}')
        with pytest.raises(UsageError) as error:
            open_store(path)
        assert str(error.value) == f"{path}: {CONTEXT}"
        with pytest.raises(TimeoutError):
            server.accept()


def test_command_tells_a_bomb_in_a_line_and_lives(tmp_path: Path) -> None:
    """In a process of its own, as the parser would end it."""
    (tmp_path / "x.rdf").write_text(f"{BOMB}{USE}")
    command = [sys.executable, "-m", "kg", "stats", "--data", "x.rdf"]
    found = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60)
    assert (found.returncode, found.stdout, found.stderr) == (2, "", f"kg: x.rdf:1: {TYPE}\n")


STAR = '<urn:s> <urn:p> <<( <urn:a> <urn:b> "x\\ty" )>> .\n'


@pytest.mark.parametrize("style", FORMATS)
def test_triple_terms_are_written_in_every_format(style: str, tmp_path: Path) -> None:
    (tmp_path / "x.nt").write_text(STAR)
    result = run(open_store(tmp_path / "x.nt"), Query(tmp_path / "q.rq", "SELECT ?o { ?s ?p ?o }"), {})
    content = result.content(style)
    assert style == "xlsx" or b"<<( <urn:a> <urn:b>" in content.replace(b"\\", b"") or b'"triple"' in content
    assert Result(result.columns, result.rows).to_pandas().loc[0, "o"] == '<<( <urn:a> <urn:b> "x\\ty" )>>'
    assert list(result) == [{"o": '<<( <urn:a> <urn:b> "x\\ty" )>>'}]


def test_json_of_a_triple_term_has_its_parts(tmp_path: Path) -> None:
    (tmp_path / "x.nt").write_text(STAR)
    result = run(open_store(tmp_path / "x.nt"), Query(tmp_path / "q.rq", "SELECT ?o { ?s ?p ?o }"), {})
    (row,) = json.loads(result.format("json"))["results"]["bindings"]
    assert row["o"]["type"] == "triple"
    assert row["o"]["value"]["object"] == {"type": "literal", "value": "x\ty"}


def test_triple_term_that_a_format_cannot_hold_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "x.nt").write_text(STAR)
    for kind, code in {"turtle": 2, "jsonld": 2, "ntriples": 0}.items():
        assert main(["export", kind, str(tmp_path / "out"), "--data", str(tmp_path / "x.nt")]) == code
        assert ("is a triple term of RDF 1.2" in capsys.readouterr().err) == bool(code)
