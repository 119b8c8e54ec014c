"""The command line: exit codes, what goes where, and that nothing is imported that is not needed."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from terminals import on_terminal

from kg.cli.main import main
from kg.export.kinds import KINDS
from kg.formats.writers import FORMATS

if TYPE_CHECKING:
    from pathlib import Path

TEXTS = [name for name, form in FORMATS.items() if form.is_text]
READING = ["facts", "stats", "conflicts", "validate"]


def run(*arguments: str, cwd: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command as a user does, in a process of its own."""
    command = [sys.executable, "-m", "kg", *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=cwd, env=os.environ | environment, timeout=60
    )


def test_query_prints_csv_in_a_pipe(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["query", "trial_counts"]) == 0
    out, err = capsysbinary.readouterr()
    assert out == b"rule,trials\r\nlisted in the tables,124\r\ncounted: enrollment above 0,120\r\n"
    assert err == b""


def test_query_json_is_that_of_the_w3c(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["query", "trial_counts", "--format", "json"]) == 0
    document = json.loads(capsysbinary.readouterr().out)
    assert document["head"] == {"vars": ["rule", "trials"]}
    assert document["results"]["bindings"][0] == {
        "rule": {"type": "literal", "value": "listed in the tables"},
        "trials": {"type": "literal", "value": "124", "datatype": "http://www.w3.org/2001/XMLSchema#integer"},
    }


@pytest.mark.parametrize("style", TEXTS)
@pytest.mark.parametrize("command", ["query trial_counts", "queries", "describe FT576", "compare FT522 FT576", "stats"])
def test_every_format_of_every_row_command_names_its_columns(
    command: str, style: str, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert main([*command.split(), "--format", style]) == 0
    first = {"query": "rule", "queries": "query", "describe": "property", "compare": "property", "stats": "what"}
    assert first[command.split()[0]] in capsysbinary.readouterr().out.decode()


def test_trials_have_the_contracts_columns(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["query", "trials", "--format", "csv"]) == 0
    rows = list(csv.reader(io.StringIO(capsysbinary.readouterr().out.decode())))
    assert rows[0] == "trial,targets,diseases,cell_source,phase,first_posted,status,enrollment,sponsor".split(",")
    assert len(rows) == 125


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        ("qurey trials", 2, "kg: no command 'qurey'; nearest: query; `kg --help` lists all"),
        ("query trails", 2, "kg: no query 'trails'; nearest: trials; `kg queries` lists all, a file name ends in .rq"),
        ("query", 2, "kg: the following arguments are required: name; `kg query --help` tells more"),
        ("query trials --format xml", 2, "kg: argument --format: invalid choice: 'xml'"),
        ("query trials --param target", 2, "kg: --param target: no value; expected NAME=VALUE"),
        ("query trials --param name=x", 2, "kg: trials has no parameter 'name'; it has: none"),
        ("query trials --param target=BCMA", 2, "kg: trials has no parameter 'target'; it has: none"),
        ("query trials_by_target --param target=BCMB", 3, "kg: no Molecule named 'BCMB' is in the graph; nearest: BC"),
        ("describe FT57", 3, "kg: nothing named 'FT57' is in the graph; nearest: FT576"),
        ("compare FT576", 2, "kg: one thing alone; expected two or more"),
        ("queries --theme trial", 2, "kg: no theme 'trial'; nearest: trials"),
        ("query trials --data none.nt", 2, "kg: cannot read none.nt: No such file or directory"),
        ("query trials --data none.xlsx", 2, "kg: none.xlsx: unknown ending '.xlsx'; expected one of .nt, .ttl"),
        ("build none", 2, "kg: cannot read none: No such file or directory; expected a folder of tables"),
        ("build --out none/x.nt", 2, "kg: cannot write none/x.nt: No such file or directory; choose another path"),
        ("export ntriples none/x.nt", 2, "kg: cannot write none/x.nt: No such file or directory"),
        ("export pdf x.pdf", 2, "kg: argument kind: invalid choice: 'pdf'"),
    ],
)
def test_wrong_use_is_told_in_a_line_with_its_code(
    arguments: str,
    code: int,
    message: str,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(arguments.split()) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(message)
    assert len(err.splitlines()) <= 2
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ("build --out @", "argument --out: nothing given; expected a path"),
        ("build @", "argument tables: nothing given; expected a path"),
        ("query trials --data @", "argument --data: nothing given; expected a path"),
        ("query trials --out @", "argument --out: nothing given; expected a path"),
        ("validate --tables @ --data x.nt", "argument --tables: nothing given; expected a path"),
        ("sources check --documents @", "argument --documents: nothing given; expected a path"),
        ("export turtle @", "argument out: nothing given; expected a path"),
        ("figure bubbles @", "argument OUT: nothing given; expected a path"),
        ("build --out .", "cannot write .: Is a directory; choose another path"),
        ("query trials --out ..", "cannot write ..: Is a directory; choose another path"),
        ("query trials --data .", "cannot read .: it is a folder; expected a file of RDF"),
        ("query ./folder.rq", "cannot read folder.rq: it is a folder; expected a SPARQL query"),
        ("build pipe.nt", "cannot read pipe.nt: Not a directory; expected a folder of tables"),
        ("query trials --data pipe.nt", "cannot read pipe.nt: it is a named pipe; expected a file of RDF"),
    ],
)
def test_path_that_names_nothing_or_no_file_is_told(
    arguments: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder.rq").mkdir()
    os.mkfifo(tmp_path / "pipe.nt")
    assert main(["" if word == "@" else word for word in arguments.split()]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"kg: {told}")
    assert len(err.splitlines()) == 1


def test_table_with_semicolons_is_told_in_one_line(
    mini: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine").mkdir()
    rows = list(csv.reader((mini / "molecules.csv").read_text(encoding="utf-8").splitlines()))
    text = "".join(";".join(row) + "\r\n" for row in rows)
    (tmp_path / "mine" / "molecules.csv").write_text(f"\ufeff{text}", encoding="utf-8", newline="")
    assert main(["build", "mine", "--out", "x.nt"]) == 1
    assert capsys.readouterr().err == (
        "mine/molecules.csv:1: semicolons part the columns, as Excel writes CSV where commas stand before decimals; "
        "expected commas\n"
    )


def test_syntax_error_names_line_and_column(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "q.rq").write_text("SELECT ?x\nWHER { }", encoding="utf-8")
    assert main(["query", "q.rq"]) == 2
    assert capsys.readouterr().err.startswith("kg: q.rq:2:6: not SPARQL 1.1")


def test_wrong_cell_is_told_with_its_place(
    mini: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    mine = tmp_path / "mine"
    mine.mkdir()
    header = "id,label,synonyms,broader,definition,scope_note"
    (mine / "molecules.csv").write_text(f"{header}\nx1,X1,,,,\nX 2,X2,,X3,,\n", encoding="utf-8")
    assert main(["build", "mine", "--out", "mine.nt"]) == 1
    assert capsys.readouterr().err.splitlines() == [
        "mine/molecules.csv:3: broader: 'X3' is no known Molecule; a new one is a row of molecules.csv",
        "mine/molecules.csv:3: id: 'X 2' is not an id; expected small letters, digits and single hyphens",
    ]
    assert not (tmp_path / "mine.nt").exists()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("enrollment,sponsor", "enrolment,sponsor", "trials.csv:1: no column 'enrollment'; expected the columns id, "),
        (",Alphin;", ",Alfin;", "trials.csv:3: targets: 'Alfin' is no known Molecule; nearest: Alphin"),
        ("-01-", "-13-", "trials.csv:3: first_posted: '2028-13-15' is not a date: "),
        (
            "NCT90000002",
            "NCT90000001",
            "trials.csv:4: id 'NCT90000001' is already on line 3; expected an id of its own",
        ),
    ],
)
def test_faulty_table_stops_the_build_with_code_1(
    old: str,
    new: str,
    message: str,
    mini: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copytree(mini, "mine")
    table = tmp_path / "mine" / "trials.csv"
    text = table.read_text(encoding="utf-8")
    assert old in text
    table.write_text(text.replace(old, new, 1), encoding="utf-8")
    assert main(["build", "mine", "--out", "mine.nt"]) == 1
    assert f"mine/{message}" in capsys.readouterr().err
    assert not (tmp_path / "mine.nt").exists()


def test_table_that_is_not_utf8_stops_the_build(
    mini: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copytree(mini, "mine")
    with (tmp_path / "mine" / "organizations.csv").open("ab") as file:
        file.write("müller,Müller,,,,\n".encode("latin-1"))
    assert main(["build", "mine"]) == 1
    assert "organizations.csv:" in (told := capsys.readouterr().err)
    assert "byte 0xFC is not UTF-8; save the file as UTF-8" in told


def test_empty_answer_is_fine_and_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "q.rq").write_text("SELECT ?x WHERE { ?x a <urn:none> }", encoding="utf-8")
    assert main(["query", str(tmp_path / "q.rq")]) == 0
    assert capsys.readouterr().err.startswith("0 rows")


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "html"])
def test_export_writes_and_says_how_much(kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "graph.out"
    assert main(["export", kind, str(out)]) == 0
    assert capsys.readouterr().err == f"{out}: {out.stat().st_size:,} bytes\n"
    assert list(tmp_path.iterdir()) == [out]


def test_own_tables_are_asked_beside_the_shipped_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    """An analyst's folder: a document, a place in it, a new target and a trial of it."""
    monkeypatch.chdir(tmp_path)
    mine = tmp_path / "mine"
    mine.mkdir()
    tables = {
        "document": "id,title,published\nnotes,Notes of a meeting,2026-01-31\n",
        "evidence": "id,section,locator\nslide-4,Slide 4,table\n",
        "molecules": "id,label,synonyms\ngd2,GD2,disialoganglioside\n",
        "trials": "id,product_kind,targets,diseases,cell_source,phase,first_posted,status,enrollment,sponsor,evidence\n"
        "NCT09999999,CAR-NK cell product,GD2,Melanoma,iPSC,Phase 1,2026-01-15,Recruiting,12,Takeda,slide-4\n",
    }
    for name, text in tables.items():
        (mine / f"{name}.csv").write_text(text, encoding="utf-8")
    assert main(["build", "mine", "--out", "mine.nt"]) == 0
    capsysbinary.readouterr()
    assert main(["ask", "which trials target disialoganglioside", "--data", "mine.nt", "--format", "csv"]) == 0
    assert capsysbinary.readouterr().out == (
        b"clinical trial,molecule,trial phase,trial status,cell source,organization,disease\r\n"
        b"NCT09999999,GD2,Phase 1,Recruiting,iPSC,Takeda,Melanoma\r\n"
    )
    for command in ["query trials", "describe GD2", "facts", "stats", "compare FT576 NCT09999999", "conflicts"]:
        assert main([*command.split(), "--data", "mine.nt", "--format", "csv"]) == 0
        assert command == "conflicts" or b"NCT09999999" in capsysbinary.readouterr().out or command == "stats"
    assert main(["ask", "which trials target GD2"]) == 3


def test_ask_prints_the_sentence_beside_the_rows(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", "which", "iPSC", "products", "carry", "CD38", "KO"]) == 0
    out, err = capsys.readouterr()
    assert out.splitlines()[1:] == ["FT522,iPSC,CD38 KO", "FT576,iPSC,CD38 KO"]
    assert err.startswith("2 products: FT522, FT576.\ncoverage: yes 2, no 0, not reported 14, conflicting 0")


def test_ask_explains(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", "which iPSC products carry CD38 KO", "--format", "table", "--explain"]) == 0
    out = capsys.readouterr().out
    assert "understood: products; derived from: iPSC; carries modification: CD38 KO" in out
    assert "SELECT DISTINCT" in out
    assert "FT576 carries modification CD38 KO (stated)" in out


def test_module_and_help_work() -> None:
    helped = run("--help")
    assert helped.returncode == 0
    assert all(name in helped.stdout for name in ("ask", "query", "validate", "export", *READING))
    assert run("query", "-h").stdout.startswith("usage: kg query")
    assert run("--version").stdout.startswith("kg 0.")


def test_device_is_written_to_and_not_replaced() -> None:
    found = run("export", "ntriples", "/dev/stdout")
    assert found.returncode == 0
    assert found.stdout.count("\n") > 20_000


def test_full_disk_is_told() -> None:
    command = f"{sys.executable} -m kg facts > /dev/full"
    found = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert (found.returncode, found.stderr) == (2, "kg: cannot write the output: No space left on device\n")


def test_closed_pipe_is_no_error() -> None:
    command = f"{sys.executable} -m kg facts | head -n 1"
    found = subprocess.run(["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, check=False)
    assert found.returncode == 0
    assert found.stderr == ""
    assert found.stdout.startswith("subject_id,subject,")


LINK = "\x1b]8;id=0;https://clinicaltrials.gov/study/NCT05110742\x1b\\NCT05110742\x1b]8;;\x1b\\"


def test_terminal_gets_a_table_with_links_unless_it_takes_none() -> None:
    command = ["query", "trials_by_target", "--param", "target=CD5"]
    assert LINK in on_terminal(*command)
    for environment in ({"TERM": "dumb"}, {"NO_COLOR": "1"}):
        plain = on_terminal(*command, **environment)
        assert "NCT05110742  Phase 1/2" in plain
        assert "\x1b" not in plain
    assert max(map(len, on_terminal("describe", "BCMA", NO_COLOR="1").splitlines())) == 100


def test_workbook_goes_to_a_file_and_not_to_a_terminal(tmp_path: Path) -> None:
    pytest.importorskip("xlsxwriter")
    said = "kg: a workbook is no text for a terminal; give --out FILE.xlsx"
    assert on_terminal("stats", "--format", "xlsx").splitlines() == [said]
    out = tmp_path / "x.xlsx"
    for command in (["stats"], ["ask", "which iPSC products carry CD38 KO"], ["compare", "FT522", "FT576"]):
        assert main([*command, "--format", "xlsx", "--out", str(out)]) == 0
        assert out.read_bytes().startswith(b"PK")


@pytest.mark.parametrize("style", TEXTS)
def test_out_writes_what_a_pipe_gets(style: str, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    for command in (["query", "trial_counts"], ["ask", "how many trials use NK-92"], ["describe", "FT576"]):
        assert main([*command, "--format", style]) == 0
        shown = capsysbinary.readouterr().out
        assert main([*command, "--format", style, "--out", str(tmp_path / "x")]) == 0
        out, err = capsysbinary.readouterr()
        assert (tmp_path / "x").read_bytes() == shown
        assert out == b""
        assert f"{len(shown):,} bytes".encode() in err


def test_damaged_cache_is_told_in_a_line_each_and_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], mini_dataset: Path
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    command = ["ask", "which trials target Alphin", "--data", str(mini_dataset), "--format", "csv"]
    assert main(command) == 0
    first = capsys.readouterr()
    (index,) = (path for path in (tmp_path / "immunokg").iterdir() if path.is_dir())
    (words,) = (tmp_path / "immunokg").glob("*.json")
    os.truncate(min(index.glob("MANIFEST-*")), 100)
    os.truncate(words, 100)
    assert main(command) == 0
    out, err = capsys.readouterr()
    assert out == first.out
    assert err.splitlines() == [
        f"kg: the index of {mini_dataset} was damaged, and is built anew",
        f"kg: what was remembered of {mini_dataset} was damaged, and is made anew",
        *first.err.splitlines(),
    ]
    assert main(command) == 0
    assert capsys.readouterr() == first


def test_no_color_and_pipes_have_no_escape_codes() -> None:
    assert "\x1b" not in run("queries", "--format", "table").stdout
    assert "\x1b" not in run("queries", "--format", "table", NO_COLOR="1").stdout


HEAVY = [
    "kg.query.diagnosis",
    "kg.engines.remote.push",
    "rdflib",
    "pyvis",
    "networkx",
    "pandas",
    "pyshacl",
    "IPython",
    "wcwidth",
    "xlsxwriter",
    "csv",
    "yaml",
    "click",
]


@pytest.mark.parametrize(
    "arguments", [["query", "ipsc_products_with_cd38_ko"], ["ask", "which iPSC products carry CD38 KO"], ["facts"]]
)
def test_commands_import_no_more_than_they_need(arguments: list[str]) -> None:
    code = (
        "import sys\nfrom kg.cli.main import main\n"
        f"code = main({arguments!r})\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)\nsys.exit(code)"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert found.returncode == 0
    assert found.stderr.splitlines()[-1] == "[]"


def test_import_of_the_package_is_light() -> None:
    code = f"import sys, kg\nprint([name for name in {[*HEAVY, 'pyoxigraph']!r} if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
