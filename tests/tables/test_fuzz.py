"""Tables changed at random: a build gives a dataset or faults that name file and line, never anything else."""

from __future__ import annotations

import re
import shutil
from random import Random
from time import monotonic
from typing import TYPE_CHECKING

import pytest
from mutations import mutated

from kg.build.builder import build
from kg.errors import KGError, SourceError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("count", [60, pytest.param(600, marks=pytest.mark.slow)])
def test_changed_tables_give_a_dataset_or_faults(count: int, ontology: Path, mini: Path, tmp_path: Path) -> None:
    chance = Random(count)
    tables = sorted([*mini.glob("*.csv"), *mini.glob("*.tsv")])
    folder = tmp_path / "mini"
    shutil.copytree(mini, folder)
    faulty = 0
    for _ in range(count):
        table = chance.choice(tables)
        (folder / table.name).write_bytes(mutated(chance, table.read_bytes()))
        start = monotonic()
        try:
            assert build(ontology, [folder]).endswith(b" .\n")
        except SourceError as error:
            faulty += 1
            assert all(re.match(rf"{folder}/\w[\w.]*:\d+: \S", line) for line in str(error).splitlines())
        except KGError as error:
            faulty += 1
            assert str(error)
        assert monotonic() - start < 5
        shutil.copyfile(table, folder / table.name)
    assert 0.3 * count < faulty
