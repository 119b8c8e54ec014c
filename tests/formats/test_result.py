"""Rows as text: what a label holds is data in every format."""

from __future__ import annotations

import csv
import io
import json

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode

from kg.formats.result import Result

XSD = "http://www.w3.org/2001/XMLSchema#"
RESULT = Result(
    ["thing", "n"],
    [
        [Literal('a "b", c\nd'), Literal(7)],
        [NamedNode("https://w3id.org/immunokg/ontology/Product"), None],
        [BlankNode("b"), Literal("x", language="en")],
    ],
)


def test_csv_is_that_of_the_w3c() -> None:
    expected = 'thing,n\r\n"a ""b"", c\nd",7\r\nhttps://w3id.org/immunokg/ontology/Product,\r\n_:b,x\r\n'
    assert RESULT.format("csv") == expected
    assert list(csv.reader(io.StringIO(RESULT.format("csv"))))[1] == ['a "b", c\nd', "7"]


def test_json_is_that_of_the_w3c() -> None:
    bindings = json.loads(RESULT.format("json"))["results"]["bindings"]
    assert bindings == [
        {
            "thing": {"type": "literal", "value": 'a "b", c\nd'},
            "n": {"type": "literal", "value": "7", "datatype": XSD + "integer"},
        },
        {"thing": {"type": "uri", "value": "https://w3id.org/immunokg/ontology/Product"}},
        {"thing": {"type": "bnode", "value": "b"}, "n": {"type": "literal", "value": "x", "xml:lang": "en"}},
    ]
    assert json.loads(Result(["answer"], [[Literal(True)]], boolean=True).format("json")) == {
        "head": {},
        "boolean": True,
    }


def test_iteration_gives_python_values() -> None:
    assert [row["n"] for row in RESULT] == [7, None, "x"]


@pytest.mark.parametrize("hostile", ["\x1b[2J\x1b]0;pwned\x07", "\u202edesrever", "a\x9bb"])
def test_table_lets_no_control_character_through(hostile: str) -> None:
    shown = Result(["x"], [[Literal(hostile)]]).format("table")
    assert not any(sign in shown for sign in "\x1b\x07\x9b\u202e")


@pytest.mark.parametrize("hostile", ["[bold]x[/bold]", "<script>alert(1)</script>", "a|b", "`x`", "[l](javascript:1)"])
def test_markup_is_shown_and_not_obeyed(hostile: str) -> None:
    result = Result([hostile], [[Literal(hostile)]])
    assert result.format("table").count(hostile) == 2
    assert "<script>" not in result._repr_html_()
    cells = result.format("markdown").splitlines()[2]
    assert cells.replace("\\", "") == f"| {hostile} |"
    assert all(f"\\{sign}" in cells for sign in hostile if sign in "|`<[")


def test_markdown_keeps_a_row_on_a_line() -> None:
    assert RESULT.format("markdown").splitlines()[2] == '| a "b", c d | 7 |'


def test_tsv_has_tabs() -> None:
    assert RESULT.format("tsv").splitlines()[0] == "?thing\t?n"


def test_pandas_frame_has_the_columns_in_order() -> None:
    frame = RESULT.to_pandas()
    assert list(frame.columns) == ["thing", "n"]
    assert frame.shape == (3, 2)
    assert list(Result(["a"], []).to_pandas().columns) == ["a"]


def test_repr_tells_rows_and_columns() -> None:
    assert repr(RESULT) == "<Result: 3 rows of thing, n>"
