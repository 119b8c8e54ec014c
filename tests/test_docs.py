"""The documentation is held to the code: every command in it runs, every made page is fresh."""

from __future__ import annotations

import os
import re
import runpy
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from kg.cli.main import _ADDERS
from kg.docs.pages import pages
from kg.paths import in_checkout
from kg.query.catalogue import iter_queries

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")

ANALYTICS = (ROOT / "docs" / "analytics.md").read_text(encoding="utf-8")


def blocks(language: str, page: str = README) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", page, flags=re.M | re.S)


def sessions() -> list[tuple[str, str]]:
    """Return the `$ kg ...` commands of the README and of the page on analytics, with the output shown."""
    found = []
    for block in [*blocks("console"), *blocks("console", ANALYTICS)]:
        for command, output in re.findall(r"^\$ (kg .*?)\n(.*?)(?=^\$ |\Z)", block, flags=re.M | re.S):
            found.append((command, output))
    return found


def test_made_pages_are_fresh() -> None:
    for path, text in pages().items():
        assert path.read_text(encoding="utf-8") == text, "run `python -m kg.docs`"


@pytest.mark.parametrize(("command", "output"), sessions(), ids=[command for command, _ in sessions()])
def test_command_of_the_pages_prints_what_is_shown(command: str, output: str, tmp_path: Path) -> None:
    words = [sys.executable, "-m", *shlex.split(command)]
    environment = os.environ | {"COLUMNS": "100"}
    found = subprocess.run(words, capture_output=True, text=True, check=False, cwd=tmp_path, env=environment)
    assert found.returncode == 0, found.stderr
    printed = found.stdout.replace("\r\n", "\n").rstrip("\n")
    shown, is_cut, _ = output.rstrip("\n").partition("\n...")
    assert printed.startswith(shown) if is_cut else printed == shown


def test_readme_shows_commands() -> None:
    assert len(sessions()) - len(re.findall(r"^\$ kg analyze", ANALYTICS, flags=re.M)) >= 5
    assert len(re.findall(r"^## .*\?$", ANALYTICS, flags=re.M)) >= 12


def test_python_of_the_readme_runs(tmp_path: Path) -> None:
    (block,) = blocks("python")
    subprocess.run([sys.executable, "-c", block], check=True, cwd=tmp_path, capture_output=True)


def test_every_command_is_in_the_readme() -> None:
    for adder in _ADDERS:
        assert f"kg {adder.__name__.removeprefix('_add_')}" in README


def test_readme_tells_the_size_of_the_catalogue() -> None:
    assert f"A catalogue of {len(list(iter_queries()))} questions" in README


def test_ci_runs_the_tests_as_the_readme_says_with_one_flag_more() -> None:
    first, second = [line for line in blocks("sh") if ".venv" in line]
    last = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()[-1]
    assert last == f"{second.strip()} --slow"
    assert "kg ask" in first


def test_links_of_the_pages_lead_somewhere() -> None:
    for folder, text in ((ROOT, README), (ROOT, CONTRIBUTING), (ROOT / "docs", ANALYTICS)):
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", text):
            assert (folder / target).exists(), target


def test_figure_of_the_page_is_that_of_the_data(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "kg", "figure", "bubbles", str(tmp_path / "bubbles.svg")]
    subprocess.run(words, check=True, capture_output=True)
    assert (tmp_path / "bubbles.csv").read_bytes() == (ROOT / "docs" / "bubbles.csv").read_bytes()


def test_checkout_is_told_from_an_installation() -> None:
    assert in_checkout()


def test_command_that_makes_the_pages_writes_them(monkeypatch: pytest.MonkeyPatch) -> None:
    written: dict[Path, bytes] = {}
    monkeypatch.setattr("kg.paths.write_whole", written.__setitem__)
    runpy.run_module("kg.docs", run_name="__main__")
    assert written == {path: text.encode() for path, text in pages().items()}
