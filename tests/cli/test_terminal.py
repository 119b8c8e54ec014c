r"""What a terminal gets: no sign of the data that it would obey, in any format and in any message.

Each test runs the command on a real terminal, and looks for the signs among what it shows.
"""

from __future__ import annotations

import ast
import json
import re
import shutil
from pathlib import Path

import pytest
from terminals import on_terminal

import kg.cli
from kg.cli.main import main
from kg.formats.writers import FORMATS
from kg.signs import visible

TEXTS = [name for name, form in FORMATS.items() if form.is_text]
# clears the screen, rings, sets a title, the one-byte CSI, turns text round, hides, and hides more; then a bare return
HOSTILE = "\x1b[2J\x07\x1b]0;t\x1b\\\x9b31m\u202e\u2066\u200b\xad\u2028\U000e0041\x7f\rx"
ESCAPED = [r"\x1b[2J", r"\x07", r"\x9b31m", r"\u202e", r"\u2066", r"\u200b", r"\xad", r"\u2028", r"\U000e0041", r"\x7f"]
OWN_CODES = r"\x1b\[[01]m|\x1b\]8;(id=\d+;https?://[!-~]+|;)\x1b\\"


def obeyed(shown: str) -> str:
    """Return the signs that a terminal would obey, but for line ends and the codes of our tables."""
    text = re.sub(rf"{OWN_CODES}|\r*(?=\n)", "", shown)  # a terminal puts a return before each line feed
    return "".join(sign for sign in text if visible(sign) != sign)


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def hostile(here: Path, mini_dataset: Path) -> str:
    """Return the ten-row world with a target whose label a terminal would obey, and whose synonym is ``ALF``."""
    label = HOSTILE.encode("unicode_escape").decode().replace(r"\x", r"\u00").replace(r"\r", r"\u000D")
    text = mini_dataset.read_text(encoding="utf-8")
    assert text.count('"Alphin"')
    (here / "hostile.nt").write_text(text.replace('"Alphin"', f'"{label}"'), encoding="utf-8")
    return "hostile.nt"


@pytest.mark.parametrize("style", TEXTS)
@pytest.mark.parametrize("command", ["facts", "describe alphin", "ask which trials target ALF", "query labels.rq"])
def test_labels_are_shown_and_not_obeyed(command: str, style: str, hostile: str, here: Path) -> None:
    query = "SELECT ?a\u061cb WHERE { <https://w3id.org/immunokg/molecule/alphin> ?p ?a\u061cb }"
    (here / "labels.rq").write_text(query, encoding="utf-8")
    shown = on_terminal(*command.split(), "--data", hostile, "--format", style)
    assert not obeyed(shown)
    escapes = [text.replace(r"\x", r"\u00") for text in ESCAPED] if style in ("json", "tsv") else ESCAPED
    if style == "json":
        escapes = [text.replace(r"\U000e0041", r"\udb40\udc41") for text in escapes]
    flat = re.sub(r"\s+", "", shown.replace("\\\\", "\\").replace(r"\[", "["))  # markdown's escapes, wrapped cells
    assert [text for text in escapes if text.casefold() not in flat.casefold()] == []


def test_json_on_a_terminal_is_the_same_data(hostile: str, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    command = ["describe", "alphin", "--data", hostile, "--format", "json"]
    assert main(command) == 0
    raw = capsysbinary.readouterr().out.decode()
    shown = on_terminal(*command).rpartition("}")  # how many rows is told after it
    assert HOSTILE.replace("\r", "\\r")[-5:] in raw
    assert json.loads("".join(shown[:2])) == json.loads(raw)


@pytest.mark.parametrize("style", ["csv", "tsv", "json", "spreadsheet"])
def test_pipe_and_file_get_the_bytes_of_the_standard(
    style: str, hostile: str, here: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    command = ["describe", "alphin", "--data", hostile, "--format", style]
    assert main(command) == 0
    out = capsysbinary.readouterr().out
    assert "\u202e\u2066\u200b".encode() in out
    assert main([*command, "--out", "out"]) == 0
    assert (here / "out").read_bytes() == out


@pytest.mark.parametrize("style", ["csv", "json", "table"])
def test_explanations_are_shown_and_not_obeyed(style: str, hostile: str) -> None:
    shown = on_terminal("ask", "which trials target ALF", "--explain", "--data", hostile, "--format", style)
    assert not obeyed(shown)
    assert style == "json" or r"studies target: \x1b[2J\x07" in shown


@pytest.mark.parametrize(
    "arguments",
    [
        f"describe|{HOSTILE}",
        f"compare|{HOSTILE}|b",
        f"query|{HOSTILE}",
        f"query|{HOSTILE}.rq",
        f"query|SELECT {HOSTILE} {{}}",
        f"query|trial_counts|--param|{HOSTILE}=x",
        f"query|trial_counts|--param|{HOSTILE}",
        f"query|trials_by_target|--param|target={HOSTILE}",
        f"query|trial_counts|--data|{HOSTILE}.nt",
        f"query|trial_counts|--data|x.{HOSTILE}",
        f"query|trial_counts|--format|{HOSTILE}",
        f"query|trial_counts|--out|no/{HOSTILE}",
        f"query|trial_counts|--endpoint|{HOSTILE}",
        f"ask|{HOSTILE}",
        f"ask|which trials target {HOSTILE}",
        f"{HOSTILE}",
        f"--{HOSTILE}",
        f"queries|--theme|{HOSTILE}",
        f"build|{HOSTILE}",
        f"validate|--tables|{HOSTILE}|--data|mini.nt",
        f"sources|check|--documents|{HOSTILE}",
        f"export|{HOSTILE}|x",
        f"export|ntriples|no/{HOSTILE}",
        f"export|html|x.html|--focus|{HOSTILE}",
        f"figure|{HOSTILE}|x.svg",
        f"push|{HOSTILE}",
        f"analyze|similar|{HOSTILE}",
        f"analyze|{HOSTILE}",
    ],
    ids=lambda arguments: ascii(arguments.replace(HOSTILE, "@")),
)
def test_errors_do_not_obey_what_the_user_wrote(arguments: str, here: Path, mini_dataset: Path) -> None:
    shutil.copy(mini_dataset, here / "mini.nt")
    shown = on_terminal(*arguments.split("|"))
    assert not obeyed(shown)
    assert r"\x1b" in shown
    assert r"\u202e" in shown
    assert "Traceback" not in shown


@pytest.mark.parametrize("command", ["ask", "describe", "queries --theme", "export html x.html --title"])
def test_bytes_that_are_no_text_are_told(command: str) -> None:
    shown = on_terminal(*command.split(), b"\xff which")
    assert "Traceback" not in shown
    assert r"'\udcff which' is no Unicode text; expected UTF-8" in shown


def test_faults_do_not_obey_columns_cells_and_names_of_files(here: Path, mini: Path) -> None:
    folder = f"mine{HOSTILE}\n"
    shutil.copytree(mini, here / folder)
    (here / folder / f"x{HOSTILE}.csv").write_text("id\n", encoding="utf-8")
    with (here / folder / "diseases.csv").open("a", encoding="utf-8") as file:
        file.write(f'"new\u202e\u200b\nkg: all is well",New,,"Fev{HOSTILE}er",,\n')
    table = here / folder / "molecules.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("synonyms", f"syn{HOSTILE}"), encoding="utf-8")
    shown = on_terminal("build", folder, "--out", "x.nt")
    assert not obeyed(shown)
    places = [re.match(r"mine.*\.csv:\d+: ", line) for line in shown.splitlines()]
    assert all(places)  # a fault is a line, whatever stands in it
    assert len(places) >= 4


def test_violations_do_not_obey_labels(hostile: str, here: Path) -> None:
    text = (here / hostile).read_text(encoding="utf-8")
    kept = [line for line in text.splitlines() if "/measured" not in line]
    label = next(line for line in kept if "molecule/alphin" in line and "label" in line)
    (here / hostile).write_text("\n".join([*kept, label.replace("u202e", "u202d"), ""]), encoding="utf-8")
    for style in ("table", "csv", "turtle"):
        shown = on_terminal("validate", "--data", hostile, "--format", style)
        assert "violation" in shown
        assert not obeyed(shown)


def test_links_lead_only_to_addresses_that_a_terminal_reads_as_one(here: Path) -> None:
    iri = r"http://x/a\u0020\u001B\u005C\u007F\u202E;b"
    lines = ["<urn:s> <urn:p> <http://x/\u202e\u0301;b> .", '<urn:s> <urn:p> "10.1000/a\\u001B\\u005C\\u202Eb" .']
    (here / "links.nt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (here / "all.rq").write_text(f'SELECT ?o (IRI("{iri}") AS ?i) WHERE {{ ?s ?p ?o }}', encoding="utf-8")
    shown = on_terminal("query", "all.rq", "--data", "links.nt")
    assert not obeyed(shown)
    assert "\x1b]8;id=0;http://x/%E2%80%AE%CC%81;b\x1b\\" in shown
    assert "\x1b]8;id=0;https://doi.org/10.1000/a\x1b" in shown


def test_emoji_and_scripts_are_shown_as_they_are(here: Path) -> None:
    text = "e\u0301 👩‍🔬 ❤️ 🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f می‌خواهم עִבְרִית ក្ 한국"
    (here / "all.rq").write_text(f'SELECT ("{text}" AS ?x) {{}}', encoding="utf-8")
    for style in TEXTS:
        assert text in on_terminal("query", "all.rq", "--format", style)


def test_messages_go_by_one_function() -> None:
    """What is printed on stderr otherwise could be obeyed."""
    told = [
        (path.name, ast.unparse(node))
        for path in Path(kg.cli.__file__).parent.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and any(word.arg == "file" for word in node.keywords)
    ]
    assert told == [("output.py", "print(visible(message), end=end, file=sys.stderr, flush=True)")]


@pytest.mark.parametrize(
    ("typed", "said"),
    [("1", "type: kg analyze similar 'FT522'"), ("3", "The clinical landscape of CAR NK cells"), ("99", ""), ("x", "")],
)
def test_number_runs_what_is_offered(typed: str, said: str) -> None:
    shown = on_terminal("ask", "Who else is like FT522?", typed=typed)
    offered, _, after = shown.partition("Enter ends: ")
    assert "1  Which products are most like FT522?" in offered
    assert said in after if said else "FT522" not in after


def test_question_that_is_offered_is_run() -> None:
    shown = on_terminal("ask", "which frobnicated BCMA trials are in phase 1", typed="1")
    assert "NCT05182073" in shown.partition("Enter ends: ")[2]
