"""How large and how deep a query is, told before an engine sees it: some shapes end the process that parses them.

Oxigraph parses and evaluates by recursion. Measured with pyoxigraph 0.5.13 on a stack of 8 MB, the same in the first
thread and in another one (``tests/benchmarks/crashing_shapes.py``), it ends by SIGSEGV at

- 592 brackets in each other where each is ``GROUP BY EXISTS {``, 832 ``SUM(``, 864 ``FILTER EXISTS {``, 2,240 ``{``;
- 2,624 parts side by side: ``OPTIONAL {}``, ``BIND``, ``VALUES``, triples, ``(... AS ?x)``, IRIs of DESCRIBE; 6,656
  ``UNION {}``, 6,912 times ``+1``, 8,448 steps of a path, 9,472 ``&&``, ``!`` or FILTER.

:data:`MOST` is less than a quarter of the least of each. All readings of a text count
(:mod:`kg.engines.sparql.readings`), so that nothing can be hidden from the count.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kg.engines.sparql.readings import read
from kg.engines.sparql.tokens import After

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kg.engines.sparql.tokens import Token

__all__ = ["MOST", "Shape", "shape_of"]


class Shape(NamedTuple):
    """How large a query is, at least as an engine may read it.

    Attributes:
        depth: how many brackets are open at once.
        steps: signs that make what an engine builds one deeper; the data of VALUES and lists of arguments do not.
        tokens: all of its words, names, strings and signs.
    """

    depth: int
    steps: int
    tokens: int

    def excess(self, most: Shape) -> str:
        """Return in words what is more than a largest shape, or an empty text.

        Example:
            >>> Shape(depth=2500, steps=5000, tokens=5003).excess(MOST)
            'its brackets lie 2,500 deep; expected at most 128'
        """
        if self.depth > most.depth:
            return f"its brackets lie {self.depth:,} deep; expected at most {most.depth:,}"
        if self.steps > most.steps:
            return f"it has {self.steps:,} parts (groups, triples, operators); expected at most {most.steps:,}"
        if self.tokens > most.tokens:
            return f"it has {self.tokens:,} words and signs; expected at most {most.tokens:,}"
        return ""


MOST = Shape(depth=128, steps=640, tokens=200_000)


def shape_of(text: str) -> Shape:
    """Return the shape of a query.

    Example:
        >>> shape_of("SELECT * { VALUES ?x { 1 2 3 } { ?x ?p (1 2) FILTER(?p IN (1, 2, 3)) } UNION { } }")
        Shape(depth=4, steps=10, tokens=34)
    """
    readings = read(text)
    every = [*readings.first, *readings.others]
    if not readings.is_complete:
        brackets = sum(text.count(sign) for sign in "([{")
        return Shape(brackets, len(every) + len(text), len(every))
    counted = every if readings.is_joined else [*_without_data(text, readings.first), *readings.others]
    return Shape(
        max((token.inside.depth + _opens(text, token) for token in every), default=0),
        sum(_is_step(text, token) for token in counted),
        len(every),
    )


def _opens(text: str, token: Token) -> bool:
    return token.kind == "SIGN" and text[token.start] in "([{"


def _without_data(text: str, tokens: Iterable[Token]) -> Iterator[Token]:
    """Yield the tokens that are not in the data of VALUES: rows of terms, which engines keep side by side."""
    is_values, depth, inside_data = False, 0, False
    for token in tokens:
        if inside_data and token.inside.depth > depth:
            continue
        yield token
        sign = text[token.start : token.end]
        inside_data = is_values and sign == "{"
        if inside_data:
            depth = token.inside.depth
        is_values = sign.upper() == "VALUES" or (is_values and (token.kind == "VARIABLE" or sign in ("(", ")")))


def _is_step(text: str, token: Token) -> bool:
    """Say whether a token adds a part: each keyword that does has a bracket, each triple a sign that parts it.

    Things of a list, and IRIs that are described, stand side by side without a sign.
    """
    if token.kind == "SIGN":
        sign = text[token.start]
        return sign not in ")]}" and not (sign == "," and token.inside.sign == "(")
    return token.after is After.TERM and token.inside.sign in ("", "(")
