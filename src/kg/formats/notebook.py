"""A page that a notebook shows in a frame of its own, so that its scripts cannot reach the notebook."""

from __future__ import annotations

from html import escape
from pathlib import Path

from kg.paths import write_whole

__all__ = ["Page"]

_HEIGHT = 640


class Page:
    """A whole HTML page. ``str`` gives its text; a notebook shows it if it is the last value of a cell.

    Example:
        >>> Page("<p>a</p>")
        <Page: 8 characters>
        >>> Page("<p>a</p>")._repr_html_().partition(" srcdoc=")[2]
        '"&lt;p&gt;a&lt;/p&gt;"></iframe>'
    """

    def __init__(self, text: str) -> None:
        self._text = text

    def __str__(self) -> str:
        return self._text

    def __repr__(self) -> str:
        return f"<Page: {len(self._text):,} characters>"

    def write(self, path: Path | str) -> None:
        """Write the page to a file.

        Raises:
            UsageError: if the path cannot be written.
        """
        write_whole(Path(path), self._text.encode())

    def _repr_html_(self) -> str:
        return (
            f'<iframe title="ImmunoKG" style="width: 100%; height: {_HEIGHT}px; border: 0" '
            f'sandbox="allow-scripts allow-downloads allow-popups" srcdoc="{escape(self._text)}"></iframe>'
        )
