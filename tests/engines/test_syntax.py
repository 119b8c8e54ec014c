"""Queries that cannot run, and those that may not: the place and the mend are told, in a line or two."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kg.cli.main import main
from kg.engines.sparql.syntax import check
from kg.errors import QueryError

if TYPE_CHECKING:
    from kg import KnowledgeGraph


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def told(text: str, graph: KnowledgeGraph) -> str:
    Path("q.rq").write_text(text, encoding="utf-8")
    with pytest.raises(QueryError) as caught:
        graph.query("q.rq")
    message = str(caught.value)
    assert len(message.splitlines()) <= 2
    return message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("SELECT ?x\nWHER { ?x ?y ?z }", "q.rq:2:6: not SPARQL 1.1: expected one of DISTINCT, WHERE\n    WHER { ?x ?y"),
        ("SELECT * WHERE { ?x ?y }", "q.rq:1:25: not SPARQL 1.1: expected "),
        ("SELECT * {\n  ?x <urn:a b> 1\n}", "q.rq:2:"),
        ("", "q.rq:1:1: not SPARQL 1.1: "),
    ],
)
def test_syntax_error_shows_its_line(text: str, message: str, mini_graph: KnowledgeGraph) -> None:
    assert told(text, mini_graph).startswith(message)


def test_long_line_is_shown_around_its_error(mini_graph: KnowledgeGraph) -> None:
    text = f"SELECT * {{ ?here ?x {'?y, ' * 300} ?end ?error ; \x1b[31m ?after }}"
    _, line = told(text, mini_graph).splitlines()
    assert "?end ?error" in line
    assert len(line) < 130
    assert "\x1b" not in line


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "SELECT * { ?x kgo:hasTarget ?y }",
            "q.rq:1:15: prefix 'kgo:' is not declared; did you mean kg: <https://w3id.org/immunokg/ontology/>?",
        ),
        (
            "PREFIX kg: <urn:kg>\nSELECT ?x\nWHERE { ?x kg:a|^rdfs:label 'a:b' }",
            "q.rq:3:18: prefix 'rdfs:' is not declared; "
            "add the line PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>",
        ),
        ("SELECT * { ?x a foaf:Person }", "q.rq:1:17: prefix 'foaf:' is not declared; add a PREFIX line; those of the"),
        ("SELECT * { ?x a :Person }", "q.rq:1:17: prefix ':' is not declared; add a PREFIX line"),
        ('SELECT * { ?x ?y "1"^^xsd:int }', "q.rq:1:23: prefix 'xsd:' is not declared; add the line PREFIX xsd:"),
        ("# PREFIX kg: <urn:kg>\nSELECT * { _:b ?y <kg:b>, kg:b }", "q.rq:2:27: prefix 'kg:' is not declared"),
        ("PREFIX kg: <urn:kg>\nSELECT * { ?x a kg:b ?y }", "q.rq:2:"),
        (
            "PREFIX KG: <urn:kg>\nSELECT * { ?x a kg:b }",
            "q.rq:2:17: prefix 'kg:' is not declared; add the line PREFIX kg:",
        ),
        (r"PREFIX a: <urn:a> SELECT * { a:\#b a:c\'d ex:x }", "q.rq:1:43: prefix 'ex:' is not declared"),
    ],
)
def test_prefix_that_is_not_declared_is_offered(text: str, message: str, mini_graph: KnowledgeGraph) -> None:
    found = told(text, mini_graph)
    assert found.startswith(message)
    assert ("is not declared" in found) == ("is not declared" in message)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("SELECT * WHERE {\n SERVICE <http://x.example/> { ?x ?y ?z } }", "q.rq:2:2: SERVICE"),
        ("SELECT * WHERE { # 'quote\n service silent <http://x.example/> { ?x ?y ?z } }", "q.rq:2:2: service"),
        ("SELECT * { ?a ?b <urn:x>SERVICE<http://x.example/> { ?x ?y ?z } }", "q.rq:1:"),
        ("SELECT * { FILTER(1<2)SERVICE?s{?a ?b ?c}FILTER(2>1) }", "q.rq:1:23: SERVICE"),
        ("SELECT * { #x\nSERVICESILENT<http://x.example/> { ?x ?y ?z } }", "q.rq:2:1: SERVICE"),
        ("PREFIX ex: <http://x.example/>\nSELECT * { ?x ?y 1serviceex:a { ?x ?y ?z } }", "q.rq:2:19: service"),
    ],
)
def test_no_other_server_is_asked(text: str, place: str, mini_graph: KnowledgeGraph) -> None:
    message = told(text, mini_graph)
    assert message.startswith(place)
    assert message.endswith("is refused: a query here asks no other server")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "PREFIX ex: <http://x.example:>\nSELECT * { ?x ?y ex:SERVICE <urn:x> { } }",
            "q.rq:2:21: SERVICE is refused: a query here asks no other server; if none is meant, write IRIs and "
            "prefixes before it in full, and blanks around < and >",
        ),
        (
            "PREFIX : <urn:>\nPREFIX service: <urn:>\nSELECT * { ?x ?y service:x { } }",
            "q.rq:3:18: service is refused: a query here asks no other server; if none is meant, give the prefix "
            "another name",
        ),
        (
            r"SELECT * { # \u000A" "\n\\U00000053ERVICE <urn:x> { } }",
            r"q.rq:2:1: SERVICE is refused: a query here asks no other server; if none is meant, write the characters "
            r"themselves in the place of \u escapes, and \" for a quote",
        ),
    ],
)
def test_doubtful_service_is_refused_with_its_mend(text: str, message: str, mini_graph: KnowledgeGraph) -> None:
    assert told(text, mini_graph) == message


def test_another_server_is_asked_where_that_is_allowed() -> None:
    text = "SELECT * { SERVICE <http://x.example/> { ?x ?y ?z } }"
    check(text, Path("q.rq"), allow_service=True)
    with pytest.raises(QueryError, match="CLEAR is refused"):
        check(r"\u0043LEAR ALL", Path("q.rq"), allow_service=True)


@pytest.mark.parametrize(
    "text",
    [
        'SELECT ("SERVICE" AS ?x) WHERE { FILTER (<urn:SERVICE> != <urn:y>) } # SERVICE',
        'SELECT ("SERVICE" AS ?x) WHERE { BIND(1 AS ?service) BIND(2 AS ?load) } # LOAD <urn:x>',
        'PREFIX load: <urn:load> SELECT ("SERVICE" AS ?x) WHERE { FILTER (load:x != load:service) }',
    ],
)
def test_words_that_ask_no_server_are_not_refused(text: str, mini_graph: KnowledgeGraph) -> None:
    assert [row["x"] for row in mini_graph.query(text)] == ["SERVICE"]


@pytest.mark.parametrize(
    "text",
    [
        "LOAD <http://x.example/data.ttl>",
        "INSERT DATA { <urn:a> <urn:b> 1 }",
        "delete where { ?x ?y ?z }",
        "WITH <urn:g> DELETE { ?x ?y ?z } WHERE { ?x ?y ?z }",
        "CLEAR ALL",
        "DROP DEFAULT",
        "CREATE GRAPH <urn:g>",
        "COPY DEFAULT TO <urn:g>",
        "MOVE DEFAULT TO <urn:g>",
        "ADD DEFAULT TO <urn:g>",
        "LOAD<http://x.example/data.ttl> ",
        "INSERT#'\nDATA{<urn:a><urn:b>1}",
    ],
)
@pytest.mark.parametrize("before", ["", "# SELECT\nBASE<urn:x>VERSION'1.2'\nprefix#\nkg: <urn:kg#>\n  "])
def test_nothing_is_changed(text: str, before: str, mini_graph: KnowledgeGraph) -> None:
    count = len(mini_graph.store)
    line, column = (before.count("\n") + 1, 3) if before else (1, 1)
    word = text[: re.search("[^A-Za-z]", text).start()]  # type: ignore[union-attr]
    message = f"q.rq:{line}:{column}: {word} is refused: a query here changes nothing; expected SELECT, ASK,"
    assert told(before + text, mini_graph).startswith(message)
    assert len(mini_graph.store) == count


def test_query_that_is_no_text_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """The shell gives bytes that are not UTF-8 as lone surrogates."""
    assert main(["query", 'SELECT ("\udcff" AS ?x) {}']) == 2
    assert capsys.readouterr().err == "kg: query:1:10: not UTF-8; give the query as UTF-8\n"
