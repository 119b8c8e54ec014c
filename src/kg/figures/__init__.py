"""Figures of the landscape, each with its table.

``trials``, ``targets``, ``diseases``, ``sources``, ``dosage`` and ``enrollment`` show the data of the graph as Figures
1, 2, 4 and 7 of the review of 2025 show theirs. ``heatmap`` shows targets by cell sources, ``bubbles`` targets by
diseases, and ``sponsors`` a timeline.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import UsageError, nearest
from kg.figures.data import DATA

if TYPE_CHECKING:
    from pyoxigraph import Store

    from kg.analytics.landscape import Landscape
    from kg.formats.result import Result

__all__ = ["NAMES", "draw", "write_figure"]

NAMES = tuple(DATA)


def write_figure(store: Store, name: str, path: Path) -> Path:
    """Write a figure, and its table as CSV beside it. Both are made before either is written.

    Args:
        store: the dataset.
        name: one of :data:`NAMES`.
        path: the file of the figure; its ending, ``.svg`` or ``.png``, tells the format.

    Returns:
        The path of the table.

    Raises:
        UsageError: if there is no such figure or format, matplotlib is missing, or a path cannot be written.
    """
    from kg.analytics.landscape import read_landscape
    from kg.paths import write_whole

    picture, table = draw(read_landscape(store), store, name, path.suffix.lower().removeprefix("."))
    beside = path.with_suffix(".csv")
    write_whole(path, picture)
    write_whole(beside, table.format("csv").encode())
    return beside


def draw(landscape: Landscape, store: Store, name: str, kind: str) -> tuple[bytes, Result]:
    """Return a figure as the content of a file, and its table.

    Args:
        landscape: the landscape that the figure shows.
        store: the dataset that the landscape was read from.
        name: one of :data:`NAMES`.
        kind: ``svg`` or ``png``.

    Raises:
        UsageError: if there is no such figure or format, or matplotlib is missing.
    """
    if name not in DATA:
        raise UsageError(f"no figure '{name}'{nearest(name, NAMES)}; there are {', '.join(NAMES)}")
    if kind not in ("svg", "png"):
        raise UsageError(f"a figure is no '.{kind}' file; expected a name that ends in .svg or .png")
    try:
        import matplotlib as mpl
        from matplotlib.figure import Figure
    except ImportError as error:
        raise UsageError("a figure needs matplotlib; install it with `pip install 'immunokg[figures]'`") from error
    from kg.figures.drawing import DRAWINGS
    from kg.figures.marks import STYLE

    measure = DATA[name](landscape, store)
    out = BytesIO()
    with mpl.rc_context(STYLE):
        figure = Figure()
        DRAWINGS[name](figure, [row.cells for row in measure.rows])
        figure.savefig(out, format=kind, metadata={"Date": None} if kind == "svg" else None)
    return out.getvalue(), measure.result(landscape, store)
