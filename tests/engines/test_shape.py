"""Queries too large or too deep for an engine are told, wherever it hides; what is let through ends no engine."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

import pytest
from judging import Judge, judge
from shapes import SHAPES, repeated

from kg.engines.sparql.shape import MOST, shape_of
from kg.paths import data_folder

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def engine() -> Iterator[Judge]:
    with judge(patience=3) as judging:
        yield judging


@pytest.mark.parametrize("name", SHAPES)
def test_shape_that_ends_the_process_is_told(name: str) -> None:
    """A quarter of what ends it: 592 brackets in each other, or 2,624 parts side by side."""
    assert shape_of(repeated(name, 656)).excess(MOST)


@pytest.mark.parametrize("name", SHAPES)
def test_what_is_let_through_does_not_end_the_process(name: str, engine: Judge) -> None:
    count = bisect_left(range(700), 1, key=lambda count: bool(shape_of(repeated(name, count)).excess(MOST))) - 1
    assert count >= 50
    assert not engine.run(repeated(name, count), "parse").is_crash


@pytest.mark.parametrize("count", [5, 500])
@pytest.mark.parametrize(
    "text",
    [
        "PREFIX u: <urn:> ASK {{ FILTER(1<u:p+{}1{}&&2>1) }}",  # no IRI
        "PREFIX u: <urn:> ASK {{ FILTER(1<u:p#>'''\n+{}1{}) #'''\n}}",  # no string
        'ASK {{ VALUES ?x {{ """a" }} FILTER({}1{}) # \\q """\n}}',
        "ASK {{ #'\rFILTER({}1{}) #'\n}}",
        "PREFIX u: <urn:> ASK {{ FILTER(1<u:p&&EXISTS#>VALUES ?x\n{{ FILTER({}1{}) }}) }}",
    ],
)
def test_nothing_is_hidden_from_the_count(text: str, count: int, engine: Judge) -> None:
    text = text.format("(" * count, ")" * count)
    assert not engine.run(text).error or count > 5
    assert shape_of(text).depth >= count


def test_data_and_lists_of_arguments_may_be_long() -> None:
    many = "1, " * 2000
    rows = "('x' <urn:x>)\n" * 2000
    shape = shape_of(f"SELECT * {{ VALUES (?x ?y) {{ {rows} }} FILTER (?x IN ({many}1) && CONCAT({many}1) = '') }}")
    assert shape.steps < 30
    assert shape.depth == 3
    assert not shape.excess(MOST)


def test_rows_are_counted_where_another_reading_has_none() -> None:
    group = "FILTER(1)" * 1000
    text = f"PREFIX u: <urn:> ASK {{ FILTER(1<u:p&&EXISTS#>VALUES ?x\n{{ {group} }}) }}"
    assert shape_of(text).steps > 1000


def test_catalogue_is_far_from_the_most() -> None:
    shapes = [shape_of(path.read_text(encoding="utf-8")) for path in data_folder("queries").rglob("*.rq")]
    assert len(shapes) > 150
    assert max(shape.depth for shape in shapes) < MOST.depth / 4
    assert max(shape.steps for shape in shapes) < MOST.steps / 2


def test_excess_is_told_in_words() -> None:
    assert shape_of(repeated("{", 2500)).excess(MOST) == "its brackets lie 2,501 deep; expected at most 128"
    assert shape_of(repeated("UNION", 7000)).excess(MOST) == (
        "it has 7,003 parts (groups, triples, operators); expected at most 640"
    )
