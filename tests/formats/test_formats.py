"""Formats for people: what fits, what is a link, what is a number, and that no label is obeyed."""

from __future__ import annotations

import builtins
import io
import re
import zipfile
from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import pytest
from pyoxigraph import Literal, NamedNode, QueryResultsFormat, Store
from wcwidth import width

from kg.errors import UsageError
from kg.formats.addresses import address, iter_links
from kg.formats.result import Result
from kg.formats.table import Screen
from kg.signs import visible

if TYPE_CHECKING:
    from collections.abc import Sequence

XSD = "http://www.w3.org/2001/XMLSchema#"
ODD = """
SELECT ?a ?b WHERE { VALUES (?a ?b) {
  ("x" UNDEF) (7 1.5) (true "x"@en) ("a\\t\\n\\r\\"\\\\" <http://x/y>) ("" " lead, \\"z\\"") ("abc"^^<urn:t> "\\r")
  (-5 .5)
} }
"""


def typed(text: str, name: str) -> Literal:
    return Literal(text, datatype=NamedNode(XSD + name))


def column(*values: Any) -> Result:
    return Result(["x"], [[value if isinstance(value, Literal) else Literal(value)] for value in values])


# -- separated values


@pytest.mark.parametrize(
    ("name", "query", "other"),
    [
        ("csv", ODD, QueryResultsFormat.CSV),
        ("tsv", ODD, QueryResultsFormat.TSV),
        ("csv", "SELECT ?a { VALUES ?a { UNDEF 1 } }", QueryResultsFormat.CSV),
        ("tsv", "SELECT ?a { VALUES ?a { UNDEF 1 } }", QueryResultsFormat.TSV),
    ],
)
def test_separated_values_are_those_of_another_implementation(name: str, query: str, other: QueryResultsFormat) -> None:
    found: Any = Store().query(query)
    result = Result([variable.value for variable in found.variables], [tuple(row) for row in found])
    again: Any = Store().query(query)
    assert result.format(name).encode() == again.serialize(format=other)


FORMULAS = [
    "=1+1",
    "\tx",
    "\rx",
    "\nx",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    " =1",
    "\uff1d1",
    "-x",
    "=cmd|' /C calc'!A0",
]


@pytest.mark.parametrize("hostile", FORMULAS)
def test_spreadsheet_has_no_formula(hostile: str) -> None:
    text = Result([hostile], [[Literal(hostile)]]).format("spreadsheet")
    assert text == f'\ufeff"\'{hostile}"\r\n"\'{hostile}"\r\n'


def test_spreadsheet_keeps_numbers_and_plain_text() -> None:
    values = [Literal(-5), "-5", "+1.5", "-2.5e-3", "a=b", "CD19-", 'say "x"', "γδ T"]
    lines = column(*values).format("spreadsheet").split("\r\n")[1:-1]
    assert lines == ['"-5"', '"-5"', '"+1.5"', '"-2.5e-3"', '"a=b"', '"CD19-"', '"say ""x"""', '"γδ T"']


# -- links


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("NCT05182073", "https://clinicaltrials.gov/study/NCT05182073"),
        ("ChiCTR2100043081", "https://trialsearch.who.int/Trial2.aspx?TrialID=ChiCTR2100043081"),
        ("ChiCTR-OIC-16009999", "https://trialsearch.who.int/Trial2.aspx?TrialID=ChiCTR-OIC-16009999"),
        ("jRCT2033200431", "https://jrct.mhlw.go.jp/en-latest-detail/jRCT2033200431"),
        ("10.1186/s40164-025-00633-8", "https://doi.org/10.1186/s40164-025-00633-8"),
        ("10.1016/S0140(20)3-5", "https://doi.org/10.1016/S0140%2820%293-5"),
        ("HGNC:11913", "https://bioregistry.io/HGNC:11913"),
        *((text, "") for text in ("NCT0518207", "XNCT05182073", "NCT051820731", "x/10.1186/a", "FOO:1", "CD19", "")),
    ],
)
def test_identifier_has_its_address(text: str, expected: str) -> None:
    assert address(Literal(text)) == expected
    assert [link.address for link in iter_links(f"({text}), {text}.")] == [expected] * 2 * bool(expected)


def test_iri_of_another_is_a_link_and_ours_is_none() -> None:
    assert address(NamedNode("http://id.nlm.nih.gov/mesh/D1")) == "http://id.nlm.nih.gov/mesh/D1"
    assert address(NamedNode("http://x/(a)")) == "http://x/%28a%29"
    for other in ("https://w3id.org/immunokg/trial/NCT05182073", "javascript:alert(1)", "urn:x"):
        assert address(NamedNode(other)) == ""


def test_markdown_and_html_link_identifiers_and_escape_the_rest() -> None:
    result = column("a|b NCT05182073 <i>")
    to = "https://clinicaltrials.gov/study/NCT05182073"
    assert result.format("markdown").splitlines()[2] == f"| a\\|b [NCT05182073]({to}) \\<i\\> |"
    anchor = f'<a href="{to}" target="_blank" rel="noopener noreferrer">NCT05182073</a>'
    assert f"<td>a|b {anchor} &lt;i&gt;</td>" in result._repr_html_()


@pytest.mark.parametrize(
    "hostile", ['"><script>x</script>', "' onload='x", "&lt;b&gt;", "\x1b[2J", "\u202ex", '10.1/"><b>']
)
def test_html_shows_a_label_and_does_not_obey_it(hostile: str) -> None:
    html = Result([hostile], [[Literal(hostile)], [NamedNode("http://x/?a&b='c")]])._repr_html_()
    assert set(re.findall(r"<(\w+)", html)) == {"table", "thead", "tbody", "tr", "th", "td", "a"}
    assert (
        set(re.findall(r"[\s'\"](\w+)=", html)) <= {"href", "target", "rel", "onload", "a"} and " onload='" not in html
    )
    assert not re.search(r"[\x1b\u202e]", html)
    root = ElementTree.fromstring(html)
    assert next(cell.text for cell in root.iter("td")) == visible(hostile)


def test_html_tells_what_it_leaves_out() -> None:
    assert "and 50 more rows" in column(*range(250))._repr_html_()
    assert "more rows" not in column(*range(200))._repr_html_()


@pytest.mark.parametrize("text", ["_a_", "~~a~~", "$x$", "&lt;", "*a*", "# a\n\n- b"])
def test_markdown_signs_of_a_label_are_escaped(text: str) -> None:
    line = column(text).format("markdown").splitlines()[2]
    assert line.replace("\\", "") == f"| {' '.join(text.split())} |"
    assert not re.search(r"(?<!\\)[~$&*]|(?<![\\\w])_", line)
    assert column("cell_source").format("markdown").splitlines()[2] == "| cell_source |"


# -- tables


def plain(text: str) -> list[str]:
    """Return the lines of a table without escape codes."""
    return re.sub(r"\x1b\]8;[^\x1b]*\x1b\\|\x1b\[\d*m", "", text).splitlines()


ROWS = Result(
    ["trial", "n", "what_it_says", "名"],
    [
        [Literal("NCT05182073"), Literal(7), Literal("several words that have to be wrapped somewhere " * 2), None],
        [Literal("x"), Literal(1234), Literal("한국어 텍스트 e\u0301 " * 6), Literal("漢字" * 12)],
        [Literal("y" * 70), None, Literal("https://example.org/a/long/path-of-parts"), Literal("👩‍👩‍👧‍👦")],
    ],
)


@pytest.mark.parametrize("columns", [24, 30, 46, 60, 80, 100, 200])
def test_table_fits_its_width_and_loses_nothing(columns: int) -> None:
    table = plain(ROWS.format("table", Screen(columns, takes_codes=True)))
    assert max(map(width, table)) <= columns
    cells = Counter("".join(str(term.value) for row in ROWS.rows for term in row if term is not None))
    heads = Counter("".join(ROWS.columns))
    shown = Counter("".join(table))
    for counter in (cells, heads, shown):
        del counter[" "]
    heads_in_lists = Counter({sign: count * len(ROWS) for sign, count in heads.items()})
    assert shown in (cells + heads, cells + heads_in_lists)


def test_words_are_kept_whole_where_there_is_room() -> None:
    table = column("alpha beta gamma delta").format("table", Screen(12))
    assert table.splitlines() == ["x", "alpha beta", "gamma delta"]
    both = Result(["a", "b"], [[Literal("one two"), Literal(12)], [Literal("three"), None]]).format("table", Screen(80))
    assert both.splitlines() == ["a         b", "one two  12", "three"]


def test_too_narrow_a_screen_gets_lists() -> None:
    table = Result(["left", "b"], [[Literal("one"), Literal("two")], [Literal("3"), None]]).format("table", Screen(5))
    assert table == "left  one\nb     two\n\nleft  3\nb\n"


def test_wide_signs_stand_in_columns() -> None:
    table = Result(["a", "b"], [[Literal("漢字"), Literal("x")], [Literal("e\u0301"), Literal("y")]]).format("table")
    assert table.splitlines() == ["a     b", "漢字  x", "e\u0301     y"]


def test_links_go_on_in_the_next_line_and_none_is_without_codes() -> None:
    result = column("10.1186/s40164-abcdefgh-ijklmn")
    linked = result.format("table", Screen(16, takes_codes=True))
    to = "https://doi.org/10.1186/s40164-abcdefgh-ijklmn"
    assert linked.count(f"\x1b]8;id=0;{to}\x1b\\") == len(plain(linked)) - 1 == 2
    assert linked.count("\x1b]8;;\x1b\\") == 2
    assert "\x1b" not in result.format("table", Screen(16))
    assert "\x1b" not in result.format("table")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "environment", "expected"),
    [
        (Terminal(), {"COLUMNS": "77"}, Screen(77, takes_codes=True)),
        (Terminal(), {"COLUMNS": "77", "NO_COLOR": "1"}, Screen(77)),
        (Terminal(), {"COLUMNS": "77", "TERM": "dumb"}, Screen(77)),
        (io.StringIO(), {"COLUMNS": "77"}, Screen(77)),
        (io.StringIO(), {}, Screen(120)),
        (io.StringIO(), {"COLUMNS": "0"}, Screen(120)),
        (None, {"COLUMNS": "many"}, Screen(120)),
    ],
)
def test_screen_is_that_of_the_stream(
    stream: io.StringIO | None, environment: dict[str, str], expected: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("COLUMNS", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert Screen.of(stream) == expected


# -- workbooks

SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def parts(content: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def cells(content: bytes) -> dict[str, tuple[str, str]]:
    """Return what each cell of a workbook is, as its type and text."""
    files = parts(content)
    strings = [
        "".join(text.text or "" for text in item.iter(f"{SHEET}t"))
        for item in ElementTree.fromstring(files["xl/sharedStrings.xml"]).iter(f"{SHEET}si")
    ]
    found = {}
    for cell in ElementTree.fromstring(files["xl/worksheets/sheet1.xml"]).iter(f"{SHEET}c"):
        kind, text = cell.get("t", "n"), cell.findtext(f"{SHEET}v", "")
        found[cell.get("r", "")] = (kind, strings[int(text)] if kind == "s" else text)
    return found


def test_workbook_has_numbers_days_and_texts() -> None:
    pytest.importorskip("xlsxwriter")
    values = [Literal(7), typed("-1.5", "decimal"), "=1+1", "7", typed("2024-10-25", "date"), Literal(True)]
    values += ["2024-10-25", "1.10", "007", "2024-1-5", "30; 31"]
    values += [typed("1" * 16, "integer"), typed("NaN", "double"), typed("0001-01-01", "date"), "\x1b_x0041_"]
    content = column(*values).to_xlsx()
    assert list(cells(content).values()) == [
        ("s", "x"),
        ("n", "7"),
        ("n", "-1.5"),
        ("s", "=1+1"),
        ("n", "7"),
        ("n", "45590"),
        ("b", "1"),
        ("n", "45590"),
        ("s", "1.10"),
        ("s", "007"),
        ("s", "2024-1-5"),
        ("s", "30; 31"),
        ("s", "1" * 16),
        ("s", "NaN"),
        ("s", "0001-01-01"),
        ("s", r"\x1b_x005F_x0041_"),
    ]
    sheet = parts(content)["xl/worksheets/sheet1.xml"]
    assert "<f>" not in sheet
    assert 'state="frozen"' in sheet
    assert '<autoFilter ref="A1:A16"/>' in sheet


def test_workbook_links_identifiers_and_is_the_same_each_time() -> None:
    pytest.importorskip("xlsxwriter")
    result = column("NCT05182073", "NCT05182073; NCT04555811", "x")
    files = parts(result.to_xlsx())
    assert files["xl/worksheets/sheet1.xml"].count("<hyperlink ") == 1
    assert "https://clinicaltrials.gov/study/NCT05182073" in files["xl/worksheets/_rels/sheet1.xml.rels"]
    assert result.to_xlsx() == result.to_xlsx()


def test_workbook_refuses_what_it_would_cut() -> None:
    pytest.importorskip("xlsxwriter")
    with pytest.raises(UsageError, match="row 2, x: a cell holds at most 32,767 characters; choose csv"):
        column("a", "b" * 32_768).to_xlsx()
    with pytest.raises(UsageError, match="1,048,576 rows of 1 columns are more than a sheet holds"):
        Result(["x"], [[None]] * 1_048_576).to_xlsx()


@pytest.mark.parametrize(
    ("method", "library", "extra"), [("to_xlsx", "xlsxwriter", "xlsx"), ("to_pandas", "pandas", "pandas")]
)
def test_missing_extra_is_told_with_the_command(
    method: str, library: str, extra: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    really = builtins.__import__

    def without(name: str, *arguments: Any) -> Any:
        if name == library:
            raise ImportError(name)
        return really(name, *arguments)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(UsageError, match=re.escape(f"install it with `pip install 'immunokg[{extra}]'`")):
        getattr(column("x"), method)()


# -- data frames


@pytest.mark.parametrize(
    ("values", "dtype"),
    [
        ([Literal(7), None], "Int64"),
        ([typed("1.5", "decimal"), Literal(2), None], "float64"),
        ([Literal(True), None], "boolean"),
        ([typed("2024-10-25", "date"), None], "datetime64[us]"),
        ([typed("2024-10-25T10:00:00.5", "dateTime")], "datetime64[us]"),
        ([typed("0900-01-01", "date")], "datetime64[us]"),
        ([Literal(7), Literal("x")], "object"),
        ([None], "object"),
    ],
)
def test_data_frame_has_the_types_of_its_terms(values: Sequence[Any], dtype: str) -> None:
    frame = Result(["x"], [[value] for value in values]).to_pandas()
    assert frame["x"].dtype == dtype
    assert frame["x"].isna().tolist() == [value is None for value in values]


@pytest.mark.parametrize(
    "values",
    [
        ["a", None],
        [typed("2024-10-25Z", "date"), typed("2024-10-25", "date")],
        [typed("2024-10-25T10:00:00+02:00", "dateTime")],
        [typed("2024-10-25", "date"), typed("2024", "gYear")],
        [typed("many", "integer")],
    ],
)
def test_data_frame_keeps_as_text_what_has_no_type_of_pandas(values: Sequence[Any]) -> None:
    found = Result(
        ["x"], [[value if value is None or isinstance(value, Literal) else Literal(value)] for value in values]
    )
    assert found.to_pandas()["x"].dropna().tolist() == [row["x"] for row in found if row["x"] is not None]
    assert all(isinstance(text, str) for text in found.to_pandas()["x"].dropna())


def test_day_of_a_data_frame_is_the_day() -> None:
    frame = column(typed("2024-10-25", "date")).to_pandas()
    assert frame["x"][0].to_pydatetime() == datetime(2024, 10, 25)
