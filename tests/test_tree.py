"""What git or pytest would pass over: a pattern that takes a wing for what a tool makes."""

from __future__ import annotations

import subprocess
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="not a checkout of git")
def test_no_source_file_is_ignored_by_git() -> None:
    paths = [
        path for folder in ("src", "tests", "queries", "graphs", "ontology") for path in (ROOT / folder).rglob("*")
    ]
    files = [str(path.relative_to(ROOT)) for path in paths if path.is_file() and "__pycache__" not in path.parts]
    assert len(files) > 300
    asked = "\0".join(files)
    found = subprocess.run(
        ["git", "check-ignore", "-z", "--no-index", "--stdin"],
        input=asked,
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    assert [name for name in found.stdout.split("\0") if name and not name.startswith("src/immunokg.egg-info")] == []


def test_no_folder_of_tests_is_passed_over_by_pytest(pytestconfig: pytest.Config) -> None:
    folders = {path.parent.name for part in ("src", "tests") for path in (ROOT / part).rglob("*.py")}
    patterns = pytestconfig.getini("norecursedirs")
    assert not [name for name in folders for pattern in patterns if fnmatch(name, pattern)]
