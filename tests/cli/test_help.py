"""Help is as wide as the terminal, or as ``COLUMNS`` says."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from kg.cli.help import Help

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("columns", "terminal", "width"),
    [("100", 60, 98), ("", 60, 58), ("wide", 60, 58), ("0", 60, 58), ("", 0, 78), ("", None, 78)],
)
def test_width_of_help(
    columns: str, terminal: int | None, width: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def size(_: int) -> os.terminal_size:
        if terminal is None:
            raise OSError
        return os.terminal_size((terminal, 24))

    monkeypatch.setenv("COLUMNS", columns)
    monkeypatch.setattr("os.get_terminal_size", size)
    with (tmp_path / "out").open("w") as stream:
        monkeypatch.setattr("sys.__stdout__", stream)
        assert Help("kg")._width == width


def test_width_without_a_terminal_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    monkeypatch.setattr("sys.__stdout__", None)
    assert Help("kg")._width == 78
