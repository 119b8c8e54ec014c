"""Figures: their tables against queries, their files, and that no text of theirs is cut or lies on another."""

from __future__ import annotations

import csv
import sys
from collections import Counter
from io import StringIO
from itertools import combinations
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import numpy as np
import pytest
from landscapes import landscape
from matplotlib.figure import Figure
from matplotlib.text import Text

from kg.analytics.landscape import Landscape, read_landscape
from kg.cli.main import main
from kg.errors import UsageError
from kg.figures import NAMES, draw
from kg.figures.data import DATA
from kg.figures.drawing import DRAWINGS
from kg.figures.marks import STYLE

if TYPE_CHECKING:
    from pathlib import Path

    from matplotlib.axes import Axes
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


def test_enrollment_that_is_not_reported_is_not_none(graph: KnowledgeGraph) -> None:
    world = landscape("trial/one studiesTarget molecule/a\ntrial/one firstPosted 2021-02-20")
    assert rows_of("targets", world, graph) == [("a", 1, 1)]
    assert rows_of("enrollment", world, graph)[-1] == ("not reported", 1)


def test_disease_has_its_own_group_and_not_that_of_its_trial(graph: KnowledgeGraph) -> None:
    world = landscape(
        """
        trial/one studiesDisease disease/leukemia disease/sarcoma disease/nothing
        trial/one hasSponsor organization/x
        trial/one firstPosted 2021-02-20
        disease/leukemia broader disease/hematologic-cancer
        disease/sarcoma broader disease/solid-cancer
        """
    )
    diseases = [row[1:] for row in rows_of("diseases", world, graph) if row[0] == "disease"]
    assert sorted(diseases) == [
        ("leukemia", "hematologic-cancer", 1),
        ("nothing", "", 1),
        ("sarcoma", "solid-cancer", 1),
    ]
    assert rows_of("sponsors", world, graph) == [("x", "one", "2021-02-20", "hematologic-cancer; solid-cancer")]


def titles(figure: Figure) -> list[str]:
    return [axes.get_title(loc="left") for axes in figure.axes]


def test_what_is_left_out_is_told_and_what_is_not_told_stays() -> None:
    rows: list[tuple[Any, ...]] = [(f"t{n}", f"d{n}", "Solid cancer", 2) for n in range(100)]
    figure = drawn("bubbles", [*rows, ("undisclosed", "d0", "Solid cancer", 1)])
    assert titles(figure) == ["Trials by target and disease (30 of 101 targets, 40 of 100 diseases; the table has all)"]
    assert figure.axes[0].get_xticklabels()[-1].get_text() == "undisclosed"
    cells = [(target, "s", count) for target, _, _, count in rows]
    assert titles(drawn("heatmap", cells)) == [
        "Trials by target and cell source; empty: none reported (40 of 100 targets; the table has all)"
    ]
    bars = drawn("targets", [*((f"t{n}", 1, 2) for n in range(60)), ("undisclosed", 0, 1)])
    assert titles(bars) == ["Trials by target; those with several targets in orange (40 of 61 rows; the table has all)"]
    assert bars.axes[0].get_yticklabels()[-1].get_text() == "undisclosed"


def places(axes: Axes) -> list[tuple[float, float]]:
    """Return where the marks of axes lie."""
    found = [np.asarray(it.get_offsets(), float) for it in axes.collections]
    return [(float(at[0, 0]), float(at[0, 1])) for at in found if len(at)]


def test_bubbles_have_no_empty_column(shipped: Landscape, graph: KnowledgeGraph) -> None:
    axes = drawn("bubbles", rows_of("bubbles", shipped, graph)).axes[0]
    columns = {round(x) for x, _ in places(axes)}
    assert columns == set(range(len(axes.get_xticks())))


def test_statuses_that_sources_disagree_on_are_told(shipped: Landscape, graph: KnowledgeGraph) -> None:
    assert "Statuses (3 more than trials, as sources disagree)" in titles(
        drawn("trials", rows_of("trials", shipped, graph))
    )


def test_group_that_is_none_of_the_four_is_in_the_legend() -> None:
    figure = drawn("sponsors", [("x", "one", "2021-02", ""), ("x", "two", "2022-02", "Solid cancer")])
    assert [text.get_text() for text in figure.legends[0].get_texts()] == [
        "Solid cancer",
        "several of them, or none told",
    ]


def test_trials_of_one_day_are_beside_each_other_and_on_their_own_line() -> None:
    figure = drawn("sponsors", [(sponsor, "", "2021-02", "Solid cancer") for sponsor in "xy" for _ in range(12)])
    depths = [y for _, y in places(figure.axes[0])]
    assert len(set(depths)) == 24
    assert max(depths[:12]) < 0.7 < 1 == min(depths[12:])


def test_dose_that_is_no_number_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "dose.nt"
    kg, thing = "https://w3id.org/immunokg/ontology/", "https://w3id.org/immunokg/"
    facts = [
        (f"<{thing}a>", "role", '"investigational"'),
        (f"<{thing}a>", "dose", '"much"'),
        (f"<{thing}a>", "givenTo", f"<{thing}trial/one>"),
        (f"<{thing}a>", "unit", '"cells"'),
        (f"<{thing}a>", "standing", '"accepted"'),
    ]
    lines = [f"{subject} <{kg}{name}> {value} ." for subject, name, value in facts]
    lines += [
        f"<{thing}trial/one> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{kg}ClinicalTrial> .",
        f'<{thing}trial/one> <http://www.w3.org/2000/01/rdf-schema#label> "one" .',
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    assert main(["figure", "dosage", str(tmp_path / "dose.svg"), "--data", str(path)]) == 0
    assert (tmp_path / "dose.csv").read_text(encoding="utf-8").count("\n") == 1


def test_labels_are_text_and_no_formulas() -> None:
    figure = drawn("targets", [("$\\frac{1}{0$ \x1b[31m", 1, 3), ("a" * 300, 1, 2)])
    names = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert names[0].startswith("$\\frac{1}{0$ \\x1b[31m")
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


def test_missing_matplotlib_is_told(graph: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(
        UsageError, match=r"a figure needs matplotlib; install it with `pip install 'immunokg\[figures\]'`"
    ):
        draw(graph.landscape, graph.store, "trials", "svg")
