"""Rows as Markdown and as HTML; identifiers are links to their pages, and markup in a label is shown as text."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from kg.formats.addresses import address, pieces
from kg.model.terms import clean, one_line, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kg.model.terms import Term

__all__ = ["to_html", "to_markdown"]

# special characters of CommonMark and of GitHub's extensions; "_" between letters is not special
_MARKDOWN = r"[\\|`*<>\[\]~$&]|(?<!\w)_|_(?!\w)"
_MOST_SHOWN = 200


def to_markdown(columns: Sequence[str], rows: Sequence[Sequence[Term]]) -> str:
    """Return a table in GitHub's Markdown, with one line for each row."""
    lines = [[_markdown(one_line(name)) for name in columns], ["---"] * len(columns)]
    lines += [[_linked(term, one_line, _markdown, "[{}]({})") for term in row] for row in rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def to_html(columns: Sequence[str], rows: Sequence[Sequence[Term]]) -> str:
    """Return an HTML table for a notebook; a long one has only its first rows, and a line says so."""
    anchor = '<a href="{1}" target="_blank" rel="noopener noreferrer">{0}</a>'
    head = "".join(f"<th>{escape(clean(name))}</th>" for name in columns)
    body = "".join(
        f"<tr>{''.join(f'<td>{_linked(term, clean, escape, anchor)}</td>' for term in row)}</tr>"
        for row in rows[:_MOST_SHOWN]
    )
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    hidden = len(rows) - _MOST_SHOWN
    return table + (f"<p>and {hidden:,} more rows; to_pandas() holds all</p>" if hidden > 0 else "")


def _linked(term: Term, prepare: Callable[[str], str], escaped: Callable[[str], str], anchor: str) -> str:
    """Return the escaped text of a term, with its identifiers as links."""
    text = prepare(shown(term))
    whole = address(term)
    return "".join(
        anchor.format(escaped(piece), escape(to)) if to else escaped(piece)
        for piece, to in ([(text, whole)] if whole else pieces(text))
    )


def _markdown(text: str) -> str:
    return re.sub(_MARKDOWN, lambda sign: "\\" + sign[0], text)
