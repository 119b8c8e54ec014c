"""A diagram of the classes, as SVG: boxes on a grid, relations as arrows between them.

A class that has no box, such as a trial's phase, is a line in the box of the class that
relates to it. The places of the boxes are chosen here by eye. What stands in the boxes and
between them is read from the ontology.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from kg.model.iris import named_class, term
from kg.model.schema import THING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.model.schema import Schema

__all__ = ["PLACES", "class_diagram"]

# class -> column and row of its box
PLACES = {
    "Document": (0.0, 0.0),
    "Evidence": (1.0, 0.0),
    "Sourced": (2.0, 0.0),
    "Conflict": (3.0, 0.0),
    "Measure": (0.0, 1.0),
    "Observation": (1.0, 1.0),
    "Statement": (2.0, 1.0),
    "Administration": (3.0, 1.0),
    "Organization": (0.0, 2.15),
    "RegulatoryEvent": (1.0, 2.15),
    "Arm": (3.0, 2.15),
    "Product": (1.0, 3.5),
    "ClinicalTrial": (2.0, 3.5),
    "GeneticModification": (0.0, 5.4),
    "CellSource": (1.0, 5.4),
    "Disease": (3.0, 5.4),
    "CellType": (0.0, 6.6),
    "Molecule": (2.0, 6.6),
}
# relations whose arrows would cross the whole picture: they are lines in boxes too
_AS_LINES = {"concernsProduct", "developedFor", "forIndication", "listedAt", "tracks", "usesFeederCell"}
_WIDTH, _LINE, _ACROSS, _DOWN, _MARGIN = 230, 16, 340, 140, 24
_STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#1b2733}.name{font-weight:600}.of{fill:#4a5a68;font-size:12px}"
    ".box{fill:#f4f7fa;stroke:#5b7083}.arrow{stroke:#8494a3;fill:none}.below{stroke-dasharray:5 4}"
    ".word{fill:#31475b;font-size:12px;paint-order:stroke;stroke:#fff;stroke-width:4px}"
)


def class_diagram(schema: Schema) -> str:
    """Return the classes and the relations between their things as an SVG picture.

    Args:
        schema: the ontology.

    Raises:
        KeyError: if a class has no place in :data:`PLACES` and is not a line in another box.
    """
    lines, arrows = _parted(schema)
    boxes = {name: _Box(name, schema.classes[term(name)].label, lines.get(name, [])) for name in PLACES}
    width = int(max(box.x for box in boxes.values()) + _WIDTH + _MARGIN)
    height = int(max(box.y + box.height for box in boxes.values()) + _MARGIN)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        f'aria-label="Classes of the ImmunoKG ontology and their relations"><style>{_STYLE}</style>',
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
        '<path d="M0 0 8 4 0 8z" fill="#8494a3"/></marker></defs>',
    ]
    parts += [_arrow(boxes[one], boxes[other], words, below=False) for (one, other), words in arrows.items()]
    parts += [_arrow(boxes[one], boxes[other], [], below=True) for one, other in _below(schema)]
    parts += [box.svg() for box in boxes.values()]
    return "\n".join([*parts, "</svg>"]) + "\n"


class _Box:
    """A class with the lines in its box."""

    def __init__(self, name: str, label: str, lines: list[str]) -> None:
        column, row = PLACES[name]
        self.label, self.lines = label, lines
        self.x, self.y = _MARGIN + column * _ACROSS, _MARGIN + row * _DOWN
        self.height = 34 + _LINE * len(lines)

    def svg(self) -> str:
        rows = [f'<text class="name" x="{self.x + 12}" y="{self.y + 22}">{escape(self.label)}</text>']
        for number, line in enumerate(self.lines, 1):
            rows.append(f'<text class="of" x="{self.x + 12}" y="{self.y + 22 + number * _LINE}">{escape(line)}</text>')
        box = f'<rect class="box" x="{self.x}" y="{self.y}" width="{_WIDTH}" height="{self.height}" rx="6"/>'
        return "".join([box, *rows])

    def edge(self, other: _Box) -> tuple[float, float]:
        """Return the point where a line from the middle to another box leaves this one."""
        x, y = self.x + _WIDTH / 2, self.y + self.height / 2
        across, down = other.x + _WIDTH / 2 - x, other.y + other.height / 2 - y
        scale = min(
            _WIDTH / 2 / abs(across) if across else float("inf"), self.height / 2 / abs(down) if down else float("inf")
        )
        return x + across * scale, y + down * scale


def _parted(schema: Schema) -> tuple[dict[str, list[str]], dict[tuple[str, str], list[str]]]:
    """Return class -> the lines in its box, and two classes -> the words of the arrow between them."""
    lines: dict[str, list[str]] = {}
    arrows: dict[tuple[str, str], list[str]] = {}
    for item in sorted(schema.properties.values(), key=lambda item: item.label):
        if item.is_literal:
            continue
        domain, range_ = (named_class(iri).rpartition("/")[2] for iri in (item.domain, item.range))
        if item.range == THING:
            lines.setdefault(domain, []).append(f"{item.label} (any thing)")
        elif domain == range_:
            lines.setdefault(domain, []).append(f"{item.label} (another one)")
        elif range_ in PLACES and item.iri.rpartition("/")[2] not in _AS_LINES:
            arrows.setdefault((domain, range_), []).append(item.label)
        else:
            label = schema.classes[item.range].label
            is_named = all(word in item.label for word in label.split()[-1:])
            lines.setdefault(domain, []).append(item.label if is_named else f"{item.label} ({label})")
    return lines, arrows


def _below(schema: Schema) -> Iterator[tuple[str, str]]:
    """Yield each class that has a box, together with its superclass if that has a box too."""
    for name in PLACES:
        for parent in schema.classes[term(name)].parents:
            if (above := parent.rpartition("/")[2]) in PLACES:
                yield name, above


def _arrow(one: _Box, other: _Box, words: list[str], *, below: bool) -> str:
    (x1, y1), (x2, y2) = one.edge(other), other.edge(one)
    kind = "arrow below" if below else "arrow"
    line = f'<path class="{kind}" marker-end="url(#tip)" d="M{x1:.0f} {y1:.0f} {x2:.0f} {y2:.0f}"/>'
    along = 0.5 if abs(x2 - x1) > 4 * abs(y2 - y1) else 0.42  # slanted arrows come together near their ends
    middle, top = x1 + (x2 - x1) * along, y1 + (y2 - y1) * along + 4 - (len(words) - 1) * 7
    texts = [
        f'<text class="word" text-anchor="middle" x="{middle:.0f}" y="{top + 14 * number:.0f}">{escape(word)}</text>'
        for number, word in enumerate(words)
    ]
    return "".join([line, *texts])
