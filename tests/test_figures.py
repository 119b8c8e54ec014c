"""Figures: their tables against queries, their files, and that no text of theirs is cut or lies on another."""

from __future__ import annotations

import csv
from collections import Counter
from io import StringIO
from itertools import combinations
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import pytest
from landscapes import landscape
from matplotlib.figure import Figure
from matplotlib.text import Text

from kg.analytics.landscape import Landscape, read_landscape
from kg.cli import main
from kg.errors import UsageError
from kg.figures import NAMES, draw
from kg.figures.data import DATA
from kg.figures.drawing import DRAWINGS, STYLE

if TYPE_CHECKING:
    from pathlib import Path

    from matplotlib.axis import Axis

    from kg import KnowledgeGraph


@pytest.fixture(scope="module")
def shipped(graph: KnowledgeGraph) -> Landscape:
    return read_landscape(graph.store)


def rows_of(name: str, shipped: Landscape, graph: KnowledgeGraph) -> list[tuple[Any, ...]]:
    return [row.cells for row in DATA[name](shipped, graph.store).rows]


def drawn(name: str, rows: list[tuple[Any, ...]]) -> Figure:
    with mpl.rc_context(STYLE):
        figure = Figure()
        DRAWINGS[name](figure, rows)
        figure.draw_without_rendering()
    return figure


@pytest.mark.parametrize("name", NAMES)
def test_no_text_is_cut_or_lies_on_another(name: str, shipped: Landscape, graph: KnowledgeGraph) -> None:
    figure = drawn(name, rows_of(name, shipped, graph))
    assert not overlaps(figure)


def overlaps(figure: Figure) -> list[str]:
    """Return the texts of a figure that leave it, and the pairs of labels along an axis that overlap."""
    unseen = {id(label) for axes in figure.axes for axis in (axes.xaxis, axes.yaxis) for label in beyond(axis)}
    texts = [it for it in figure.findobj(Text) if it.get_visible() and it.get_text() and id(it) not in unseen]
    boxes = {id(text): text.get_window_extent() for text in texts}
    page = figure.bbox
    found = [
        text.get_text()
        for text in texts
        if boxes[id(text)].x0 < page.x0 - 1 or boxes[id(text)].x1 > page.x1 + 1 or boxes[id(text)].y0 < page.y0 - 1
    ]
    upright = [text for text in texts if text.get_rotation() == 0]
    found += [
        f"{one.get_text()} on {two.get_text()}"
        for one, two in combinations(upright, 2)
        if one.get_text() != two.get_text() and boxes[id(one)].padded(-2).overlaps(boxes[id(two)].padded(-2))
    ]
    return found


def beyond(axis: Axis) -> list[Text]:
    """Return the labels of an axis that are not drawn, as they lie beyond its ends."""
    low, high = sorted(axis.get_view_interval())
    ticks = [*axis.get_major_ticks(), *axis.get_minor_ticks()]
    return [label for tick in ticks if not low <= tick.get_loc() <= high for label in (tick.label1, tick.label2)]


def test_cut_and_overlapping_texts_are_seen() -> None:
    figure = Figure()
    figure.text(0.98, 0.5, "too long for its place")
    figure.text(0.2, 0.2, "one")
    figure.text(0.21, 0.2, "two")
    assert overlaps(figure) == ["too long for its place", "one on two"]


def test_years_phases_and_groups_are_those_of_the_catalogue(shipped: Landscape, graph: KnowledgeGraph) -> None:
    trials = rows_of("trials", shipped, graph)
    years = {int(row[1]): row[3] for row in trials if row[0] == "year" and row[3]}
    assert years == {row["year"]: row["counted_trials"] for row in graph.query("trials_by_year")}
    groups = {row[1]: row[3] for row in rows_of("diseases", shipped, graph) if row[0] == "group"}
    assert groups == {row["group"]: row["trials"] for row in graph.query("disease_groups")}
    sources = {row[1].lower(): row[3] for row in rows_of("sources", shipped, graph) if row[0] == "source"}
    found = graph.query("cell_sources_of_trials")
    assert sources == {row["cell_source"].lower(): row["counted_trials"] for row in found}


def test_counts_of_the_table_of_trials(shipped: Landscape, graph: KnowledgeGraph) -> None:
    """Sets of targets and sizes, counted from the catalogue's list of all trials."""
    listed = [row for row in graph.query("trials") if int(row["enrollment"])]
    targets = {row[0].lower(): row[2] for row in rows_of("targets", shipped, graph)}
    assert sum(targets.values()) == len(listed) == 120
    assert targets == Counter("/".join(sorted(row["targets"].split("; "))).lower() for row in listed)
    sizes = dict(rows_of("enrollment", shipped, graph))
    assert sizes["over 100"] == sum(int(row["enrollment"]) > 100 for row in listed)
    assert sizes["1 to 10"] == sum(int(row["enrollment"]) <= 10 for row in listed)
    assert sum(sizes.values()) == 120


def test_bubbles_and_sponsors_are_the_trials(shipped: Landscape, graph: KnowledgeGraph) -> None:
    bubbles = {row[:2]: row[2:] for row in rows_of("bubbles", shipped, graph)}
    assert bubbles["BCMA", "Multiple Myeloma"] == ("Hematologic cancer", 8)
    sponsors = rows_of("sponsors", shipped, graph)
    assert len(sponsors) == 120
    assert ("Fate Therapeutics", "NCT04245722", "2020-03-19", "Hematologic cancer") in sponsors


def test_doses_are_what_the_review_says(shipped: Landscape, graph: KnowledgeGraph) -> None:
    rows = rows_of("dosage", shipped, graph)
    ranges = {(row[1], row[3]): row[4:] for row in rows if row[0] == "starting dose"}
    assert ranges["Solid cancer", "cells"] == (1e6, 3e9)
    assert ranges["Autoimmune disease", "cells/kg"] == (5e6, 8e8)
    assert {row[4] for row in rows if row[2] == "NCT05182073"} == {1e8, 3e8}


def test_never_enrolled_is_not_counted_and_undisclosed_is_told(graph: KnowledgeGraph) -> None:
    world = landscape(
        """
        trial/one studiesTarget molecule/a molecule/b
        trial/one firstPosted 2021-02-20
        trial/one enrollment 5
        trial/two studiesTarget molecule/a
        trial/two firstPosted 2021-02-20
        trial/two enrollment 0
        trial/three hasSponsor organization/x
        trial/four hasSponsor organization/x
        trial/three doesNotDisclose aspect/target
        trial/three firstPosted 2021-02-20
        trial/three enrollment 10
        trial/four firstPosted 2021-02-20
        trial/four enrollment 11
        """
    )
    assert rows_of("targets", world, graph) == [("a/b", 2, 1), ("not reported", 0, 1), ("undisclosed", 0, 1)]
    assert rows_of("enrollment", world, graph)[:2] == [("1 to 10", 2), ("11 to 20", 1)]


def test_labels_are_text_and_no_formulas() -> None:
    figure = drawn("targets", [("$\\frac{1}{0$ \x1b[31m", 1, 3), ("a" * 300, 1, 2)])
    names = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert names[0].startswith("$\\frac{1}{0$ \ufffd[31m")
    assert len(names[1]) < 150


@pytest.mark.parametrize("name", NAMES)
def test_empty_dataset_gives_a_figure(name: str, tmp_path: Path) -> None:
    (tmp_path / "none.nt").write_text("", encoding="utf-8")
    out = tmp_path / "figure.svg"
    assert main(["figure", name, str(out), "--data", str(tmp_path / "none.nt")]) == 0
    assert out.read_bytes().startswith(b"<?xml")


@pytest.mark.parametrize(("kind", "start"), [("svg", b"<?xml"), ("png", b"\x89PNG")])
def test_file_and_table_are_written_together_and_again_the_same(
    kind: str, start: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / f"sources.{kind}"
    assert main(["figure", "sources", str(out)]) == 0
    first = out.read_bytes()
    assert first.startswith(start)
    assert capsys.readouterr().err == f"{out}: {len(first):,} bytes; its numbers: {tmp_path / 'sources.csv'}\n"
    table = list(csv.reader(StringIO((tmp_path / "sources.csv").read_text(encoding="utf-8"))))
    assert table[:2] == [["panel", "source", "group", "trials"], ["source", "NK-92", "", "21"]]
    main(["figure", "sources", str(out)])
    assert out.read_bytes() == first


def test_wrong_use_is_told(shipped: Landscape, graph: KnowledgeGraph, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no figure 'bubble'; nearest: bubbles; there are trials, targets"):
        draw(shipped, graph.store, "bubble", "svg")
    with pytest.raises(UsageError, match=r"a figure is no '.pdf' file; expected a name that ends in .svg or .png"):
        draw(shipped, graph.store, "bubbles", "pdf")
    assert main(["figure", "sources", str(tmp_path / "none" / "x.svg")]) == 2
    assert list(tmp_path.iterdir()) == []
