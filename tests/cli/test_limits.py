"""Limits on the command line: exit code 4, a message, nothing on stdout; what is no limit is wrong usage."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kg.cli.main import main

if TYPE_CHECKING:
    from pathlib import Path

CROSS = "SELECT ?a { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


@pytest.fixture
def own(tmp_path: Path) -> Path:
    path = tmp_path / "own.rq"
    path.write_text(f"{CROSS} ORDER BY ?f ?l")
    return path


@pytest.mark.parametrize("style", ["csv", "json", "table", "xlsx"])
@pytest.mark.parametrize("option", ["--deadline", "--timeout"])
def test_stopped_query_prints_nothing(
    option: str, style: str, own: Path, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert main(["query", str(own), option, "0.3", "--format", style]) == 4
    out, err = capsysbinary.readouterr()
    assert out == b""
    told = b"kg: the query was stopped after 0.3 s; narrow it, or give more time with --deadline SECONDS\n"
    assert err == told
    assert main(["query", str(own), option, "0.3", "--out", str(tmp_path / "rows.csv")]) == 4
    assert not (tmp_path / "rows.csv").exists()


def test_memory_is_told(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["query", str(own), "--memory", "256M"]) == 4
    out, err = capsys.readouterr()
    assert (out, err[:48]) == ("", "kg: the query was stopped at 0.25 GB of memory; ")


def test_view_of_a_query_has_the_same_limits(own: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "page.html"
    assert main(["export", "html", str(page), "--query", str(own), "--deadline", "0.3"]) == 4
    assert "stopped after 0.3 s" in capsys.readouterr().err
    assert not page.exists()


def test_query_of_the_catalogue_has_none(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["query", "trial_counts", "--deadline", "0.001"]) == 0
    assert "listed in the tables" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("--deadline 0", "argument --deadline/--timeout: '0' is no number of seconds; expected one such as 30 or 0.5"),
        ("--timeout -3", "argument --deadline/--timeout: '-3' is no number of seconds"),
        ("--deadline nan", "argument --deadline/--timeout: 'nan' is no number of seconds"),
        ("--memory 100M", "argument --memory: a memory of 100M is less than a query needs; expected 256M or more"),
        ("--memory lots", "argument --memory: 'lots' is no size of memory; expected one such as 2G or 512M"),
        ("--memory 1G --endpoint http://localhost:1/", "--memory is for queries that run here; an endpoint has limits"),
    ],
)
def test_limit_that_is_none_is_wrong_usage(
    words: str, message: str, own: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["query", str(own), *words.split()]) == 2
    err = capsys.readouterr().err
    assert err.startswith(f"kg: {message}")
    assert err.count("\n") == 1
