"""A tenth of ``benchmarks/kills.py``: a killed build leaves the old or the new file, a killed first use no harm."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import pytest
from killing import kill_builds, kill_first_uses

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.slow
def test_killed_builds_leave_the_old_or_the_new_file(tmp_path: Path) -> None:
    found = kill_builds(tmp_path, Random(19), 20)
    assert (found["other"], found["left"]) == (0, 0)
    assert found["old"] + found["new"] == 20


@pytest.mark.slow
def test_killed_first_uses_leave_no_harm(tmp_path: Path) -> None:
    found = kill_first_uses(tmp_path, Random(20), 20)
    assert found == {"right": 20, "other": 0, "left": 0}


def test_build_that_is_killed_once_leaves_the_old_file(tmp_path: Path) -> None:
    assert kill_builds(tmp_path, Random(21), 1)["other"] == 0
