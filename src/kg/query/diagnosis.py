"""Why a query gives no rows: which parameter, or which part of its pattern, leaves none.

A part of a pattern ends at the next ``.``, ``;`` or ``,``, or is a whole FILTER, OPTIONAL, group and so on. The query
is asked again with the first part only, then with the first two, and so on. The first part with which nothing matches
is reported, in the words of the query. A FILTER holds for its whole group, so filters come last.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from kg.engines.asking import select
from kg.engines.sparql.syntax import TERM, code_of, prologue
from kg.errors import nearest
from kg.model.iris import KG, PREFIXES, curie
from kg.model.terms import clean
from kg.query.catalogue import fill, run

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kg.engines.asking import Engine
    from kg.query.catalogue import Query
    from kg.query.thing_names import Lexicon

    Values = Mapping[str, Sequence[str]]

__all__ = ["diagnose"]

_TOKEN = rf"[{{}}()\[\].;,]|{TERM}+|[^\s{{}}()\[\].;,{TERM}]+(?:\.[^\s{{}}()\[\].;,{TERM}]+)*"
_ENDS = {  # the first word or sign of a part that is not triples -> the sign that ends it
    "BIND": ")",
    "FILTER": ")}",
    "GRAPH": "}",
    "MINUS": "}",
    "OPTIONAL": "}",
    "VALUES": "}",
    "{": "}",
}
_TERMS = """
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?term WHERE { ?term rdfs:isDefinedBy <https://w3id.org/immunokg/ontology> }
"""
_LONGEST = 100


class _Part(NamedTuple):
    """A part of a group: where it starts in the query, its kind (a keyword, ``{`` or nothing for triples), its end.

    The joint is the sign between this part and the next one.
    """

    start: int
    kind: str
    end: int
    joint: str


def diagnose(engine: Engine, query: Query, values: Values, lexicon: Lexicon | None) -> str:
    """Return in a line or two why a query gives no rows, or an empty text if the reason cannot be found.

    Args:
        engine: what is asked.
        query: the query, which gave no rows.
        values: name of a parameter -> its values, as the user wrote them.
        lexicon: finds the things that values name; needed if there are values.
    """
    if values and (told := _parameters(engine, query, values, lexicon)):
        return told
    text = fill(query, values, lexicon)
    code = code_of(text)
    start = prologue(code)
    if re.search(r"(?<![?$:\w])FROM\b", code[start:].partition("{")[0], flags=re.I):
        return "the query asks a graph by FROM; the dataset has no named graphs, so leave that out"
    opening = _pattern(code, start)
    if opening < 0:
        return ""
    if not _matches(engine, text[:start], text[opening : _closing(code, opening) + 1]):
        part = _failing(engine, text, code, opening)
        return _told(engine, text, code, part, query) if part else ""
    return "the pattern has matches; what stands after it, such as HAVING, LIMIT or OFFSET, leaves no row"


def _parameters(engine: Engine, query: Query, values: Values, lexicon: Lexicon | None) -> str:
    """Return which parameters leave no row, or an empty text if the query has no rows without parameters either."""
    without = run(engine, query, {}, lexicon)
    if not len(without):
        return ""
    alone = {name: len(run(engine, query, {name: values[name]}, lexicon)) for name in values}
    said = {name: f"{name}={clean(' or '.join(values[name]))}" for name in values}
    told = []
    for name in [name for name, count in alone.items() if not count]:
        known = {str(row[name]) for row in without} if name in without.columns else set()
        hint = "".join(nearest(value, known) for value in values[name])
        told.append(f"no row has {said[name]}{hint}; there are {_rows(len(without))} without it")
    if told:
        return "\n".join(told)
    both = "both " if len(values) == 2 else "all of "
    return f"no row has {both}{' and '.join(f'{said[name]} ({_rows(count)})' for name, count in alone.items())}"


def _rows(count: int) -> str:
    return f"{count:,} row{'' if count == 1 else 's'}"


def _matches(engine: Engine, head: str, group: str) -> bool:
    found: Any = engine.query(f"{head}ASK {group}")
    return bool(found)


def _pattern(code: str, start: int) -> int:
    """Return where the pattern of a query or subselect opens, or -1 if it has none.

    A group in round brackets belongs to an expression. The first group of CONSTRUCT is its template.
    """
    is_template = re.match(r"CONSTRUCT\s*\{", code[start:], flags=re.I)
    depth, place = 0, _closing(code, code.find("{", start)) if is_template else start
    for match in re.finditer(r"[(){]", code[place:]):
        depth += (match[0] == "(") - (match[0] == ")")
        if match[0] == "{" and not depth:
            return place + match.start()
    return -1


def _failing(engine: Engine, text: str, code: str, opening: int) -> _Part | None:
    """Return the first part of a group with which nothing matches; if it is a group too, the part inside it."""
    if re.match(r"\{\s*SELECT\b", code[opening:], flags=re.I):
        opening = _pattern(code, opening + 1)
    parts = sorted(_parts(code, opening), key=lambda part: part.kind == "FILTER")
    head = text[: prologue(code)]
    asked = ""
    for part in parts:
        own = text[part.start : part.end]
        try:
            is_matched = _matches(engine, head, f"{{ {asked} {own} }}")
        except SyntaxError:  # the text was divided at a wrong place, so this part is asked with the next one
            is_matched = True
        if not is_matched:
            is_group = part.kind == "{" and code[part.end - 1] == "}" and _closing(code, part.start) == part.end - 1
            return (is_group and _failing(engine, text, code, part.start)) or part
        asked = f"{asked} {own}{part.joint}"
    return None


def _parts(code: str, opening: int) -> Iterator[_Part]:
    """Yield the parts of the group that opens at a place."""
    start, kind, depth, end = -1, "", 0, opening
    words = [match for match in re.finditer(_TOKEN, code[: _closing(code, opening)]) if match.start() > opening]
    for place, match in enumerate(words):
        token, word = match[0], match[0].upper()
        if start < 0:
            if token in ".;,":
                continue
            start, kind = match.start(), word if word in _ENDS else ""
        elif not kind and not depth and word in _ENDS:
            yield _Part(start, "", end, " .")
            start, kind = match.start(), word
        if not kind and not depth and token in ".;,":
            yield _Part(start, "", end, f" {token}")
            start = -1
            continue
        depth += (token in "{([") - (token in "})]")
        end = match.end()
        following = words[place + 1][0].upper() if place + 1 < len(words) else ""
        if kind and not depth and token in _ENDS[kind] and following != "UNION" and not _opens(kind, following):
            yield _Part(start, kind, end, " ")
            start = -1
    if start >= 0:
        yield _Part(start, kind, end, "")


def _opens(kind: str, following: str) -> bool:
    """Say whether a bracket that closes in VALUES is that of its variables, so that its rows are still to come."""
    return kind == "VALUES" and following == "{"


def _closing(code: str, opening: int) -> int:
    """Return where the group that opens at a place ends."""
    depth = 0
    for match in re.finditer(r"[{}]", code[opening:]):
        depth += 1 if match[0] == "{" else -1
        if not depth:
            return opening + match.start()
    return len(code)


def _told(engine: Engine, text: str, code: str, part: _Part, query: Query) -> str:
    """Return the message for a part: the part in the words of the query, and a term of it that the dataset lacks."""
    line = text.count("\n", 0, part.start) + 1
    words = clean(" ".join(text[part.start : part.end].split()))
    words = words if len(words) <= _LONGEST else f"{words[:_LONGEST]} ..."
    head = text[: prologue(code)]
    strange = [term for term in _terms(text, code, part) if not _occurs(engine, head, term)]
    hints = [f"{clean(term)} is nowhere in the graph{_alike(engine, term)}" for term in dict.fromkeys(strange)]
    return "\n".join([f"{query.path}:{line}: from here nothing matches: {words}", *hints[:1]])


def _terms(text: str, code: str, part: _Part) -> list[str]:
    """Return the IRIs of a part, as the query writes them."""
    found = re.finditer(rf"(?<![\w?$@:.-])[\w-]*:[\w%-](?:[\w.%-]*[\w%-])?|{TERM}+", code[part.start : part.end])
    terms = [text[part.start + match.start() : part.start + match.end()] for match in found]
    return [term for term in terms if term[0] not in "\"'"]


def _occurs(engine: Engine, head: str, term: str) -> bool:
    asked = f"{{ {{ {term} ?p ?o }} UNION {{ ?s {term} ?o }} UNION {{ ?s ?p {term} }} }}"
    try:
        return _matches(engine, head, asked)
    except SyntaxError:  # it is not a term
        return True


def _alike(engine: Engine, term: str) -> str:
    if not term.startswith("kg:"):
        return ""
    terms = [curie(found.value) for (found,) in select(engine, _TERMS)]
    return nearest(term, [name for name in terms if name.startswith(curie(KG))] or PREFIXES)
