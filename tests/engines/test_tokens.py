"""How texts part into tokens; and whether what Oxigraph reads as SERVICE is refused, with Oxigraph as the judge."""

from __future__ import annotations

import re
from functools import partial
from itertools import islice
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from judging import Judge, judge
from spellings import (
    ADDRESS,
    PARTS,
    iter_comparisons,
    iter_lawful,
    iter_mutants,
    iter_spellings,
    iter_updates,
    read_cases,
)

from kg.engines.sparql.readings import read
from kg.engines.sparql.syntax import check, code_of
from kg.engines.sparql.tokens import tokens
from kg.errors import QueryError
from kg.paths import data_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Texts = Callable[[int], Iterator[str]]

TEXTS = st.lists(st.sampled_from(PARTS["broken"]), max_size=40).map("".join)


def refusal(text: str) -> str:
    try:
        check(text, Path("q.rq"))
    except QueryError as error:
        return str(error)
    return ""


@pytest.fixture(scope="module")
def engine() -> Iterator[Judge]:
    with judge() as judging:
        yield judging


def words(text: str) -> list[str]:
    return [f"{token.kind} {text[token.start : token.end]}" for token in tokens(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1.5.a1e5", ["NUMBER 1.5", "SIGN .", "WORD a1e5"]),
        ("1.e5 .5 1.", ["NUMBER 1.e5", "NUMBER .5", "NUMBER 1", "SIGN ."]),
        ("?a.b$c-", ["VARIABLE ?a", "SIGN .", "WORD b", "VARIABLE $c", "SIGN -"]),
        ("_:a.b. x", ["LABEL _:a.b", "SIGN .", "WORD x"]),
        ("'x'@en--ltr-1", ["STRING 'x'", "LANGUAGE @en--ltr", "SIGN -", "NUMBER 1"]),
        ("ex:a.b.c. :x: ex:", ["NAME ex:a.b.c", "SIGN .", "NAME :x:", "NAME ex:"]),
        (r"ex:a\#b#c", [r"NAME ex:a\#b"]),
        ("ex:%4z", ["NAME ex:", "WRONG %", "NUMBER 4", "WORD z"]),
        ("<a><<<b>>>", ["IRI <a>", "SIGN <<", "IRI <b>", "SIGN >", "SIGN >"]),
        ("(?a<?b>1)", ["SIGN (", "VARIABLE ?a", "SIGN <", "VARIABLE ?b", "SIGN >", "NUMBER 1", "SIGN )"]),
        ("(<x:y> <x:z>)", ["SIGN (", "IRI <x:y>", "IRI <x:z>", "SIGN )"]),
        (r"'a\'b' '''c'd\''''", [r"STRING 'a\'b'", r"STRING '''c'd\''''"]),
        ("'''a' b", ["STRING ''", "STRING 'a'", "WORD b"]),
        ("'a\nb", ["WRONG 'a", "WORD b"]),
        ("#'\rb\x0cc", ["WORD b", "WRONG \x0c", "WORD c"]),
    ],
)  # fmt: skip
def test_text_parts_into_tokens(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@given(TEXTS)
@settings(max_examples=300, deadline=None, derandomize=True)
def test_tokens_stand_in_order_with_blanks_and_comments_between(text: str) -> None:
    end = 0
    for token in tokens(text):
        assert re.fullmatch(r"(?:[ \t\r\n]|#[^\r\n]*[\r\n])*", text[end : token.start])
        assert token.end > token.start
        end = token.end
    assert re.fullmatch(r"(?:[ \t\r\n]|#[^\r\n]*)*", text[end:])
    code = code_of(text)
    assert [len(line) for line in code.split("\n")] == [len(line) for line in text.split("\n")]
    assert read(code).lexer.prologue.end == read(text).lexer.prologue.end


@pytest.mark.parametrize("text", read_cases("service"))
def test_what_oxigraph_reads_as_service_is_refused(text: str, engine: Judge) -> None:
    assert engine.reads_service(text, engine.run(text)), "not a spelling of SERVICE"
    assert "is refused: a query here asks no other server" in refusal(text)


@pytest.mark.parametrize("text", read_cases("lawful"))
def test_what_only_looks_like_service_is_not_refused(text: str, engine: Judge) -> None:
    verdict = engine.run(text)
    assert not verdict.error, "no query"
    assert not engine.reads_service(text, verdict)
    assert not refusal(text)


@pytest.mark.parametrize("text", read_cases("unclear"))
def test_what_may_be_read_as_service_is_refused_with_its_mend(text: str, engine: Judge) -> None:
    verdict = engine.run(text)
    assert not verdict.error, "no query"
    assert not engine.reads_service(text, verdict)
    assert "; if none is meant, " in refusal(text)


@pytest.mark.parametrize("count", [30, pytest.param(2000, marks=pytest.mark.slow)])
def test_no_spelling_gets_past(count: int, engine: Judge) -> None:
    texts = list(islice(iter_spellings(20240229), count))
    verdicts = [engine.run(text) for text in texts]
    assert sum(verdict.has_asked for verdict in verdicts) > 0.7 * count
    read = [text for text, verdict in zip(texts, verdicts, strict=True) if engine.reads_service(text, verdict)]
    assert not [text for text in read if not refusal(text)]


@pytest.mark.parametrize("count", [60, pytest.param(3000, marks=pytest.mark.slow)])
@pytest.mark.parametrize(
    "texts",
    [
        iter_comparisons,
        *(partial(iter_mutants, texts=texts) for texts in (iter_spellings, iter_comparisons, iter_lawful)),
    ],
    ids=["comparisons", "broken spellings", "broken comparisons", "broken lawful ones"],
)
def test_no_odd_spelling_gets_past(texts: Texts, count: int, engine: Judge) -> None:
    for text in islice(texts(20240301), count):
        verdict = engine.run(text)
        if engine.reads_service(text, verdict):
            assert refusal(text)
        elif refusal(text) and not verdict.error.startswith("SyntaxError"):
            assert "; if none is meant, " in refusal(text)


@given(before=TEXTS, between=TEXTS, after=TEXTS)
@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_text_around_service_hides_it(before: str, between: str, after: str, engine: Judge) -> None:
    text = f"PREFIX u:<urn:>PREFIX h:<http://h:>SELECT*{{{before}SERVICE{between}<{ADDRESS}/>{{?a ?b ?c}}{after}}}"
    if engine.reads_service(text, engine.run(text)):
        assert refusal(text)


@pytest.mark.parametrize("count", [30, pytest.param(1000, marks=pytest.mark.slow)])
def test_no_lawful_query_is_refused(count: int, engine: Judge) -> None:
    texts = [text for text in islice(iter_lawful(20240302), count) if not engine.run(text).error]
    assert len(texts) > 0.8 * count
    assert not [text for text in texts if refusal(text)]


def test_no_query_of_the_catalogue_is_refused() -> None:
    paths = sorted(data_folder("queries").rglob("*.rq"))
    assert len(paths) > 150
    assert not [path.name for path in paths if refusal(path.read_text(encoding="utf-8"))]


@pytest.mark.parametrize("count", [30, pytest.param(1000, marks=pytest.mark.slow)])
def test_no_update_gets_past(count: int, engine: Judge) -> None:
    texts = list(islice(iter_updates(20240303), count))
    taken = [text for text in texts if not engine.run(text, "update").error.startswith("SyntaxError")]
    assert len(taken) > 0.8 * count
    assert not [text for text in taken if "a query here changes nothing" not in refusal(text)]


MANY = {  # texts of which each place is tried in several ways
    "a query": "SELECT ?x WHERE { ?x ex:p 'a' , <urn:b> ; a ex:Class . FILTER (?x < 5) } # end\n",
    "open strings": "'''\n\\",
    "escaped quotes": "'\\'\\'\\' ",
    "dots": "a.b.c-",
    "angles": "<a<b<<",
    "comparisons": "(1<u:a&&2>1)||",
    "rows": "(<u:a> <u:b#> <#>)\n",
    "brackets": "((({{[",
    "names": "u:service.SERVICE.",
    "keywords": "trueSERVICE",
    "comments": "#SERVICE\r",
    "escapes": "\\u0053%53",
}


def test_what_is_too_long_to_follow_is_refused_where_it_mentions_service() -> None:
    text = f"ASK {{ {'?s ?p ?o . ' * 70_000} }}"
    assert not refusal(text)
    assert "or make the query shorter" in refusal(f"{text} # service")


@pytest.mark.parametrize("part", MANY.values(), ids=MANY.keys())
def test_time_grows_with_the_length_alone(part: str) -> None:
    text = f"PREFIX u: <http://u:> BASE <u:> ASK {{ service:x {part * (200_000 // len(part))}"
    start = process_time()
    refusal(text)
    assert process_time() - start < 10  # 200 kB take about a second; if each place looked at all others, hours
