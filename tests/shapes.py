"""Queries that nest, or stand in a row, as often as one likes: what ends the process that parses them."""

from __future__ import annotations

__all__ = ["SHAPES", "repeated"]

# name -> start, what is repeated before, middle, what is repeated after, end
SHAPES = {
    "{": ("SELECT * {", "{", "", "}", "}"),
    "(": ("SELECT * { FILTER(", "(", "1", ")", ") }"),
    "[": ("SELECT * { ?s ?p ", "[ ?p ", "1", "]", "}"),
    "<<": ("SELECT * { ?s ?p ", "<< ?s ?p ", "1", ">>", "}"),
    "<<(": ("SELECT * { ?s ?p ", "<<( ?s ?p ", "1", ")>>", "}"),
    "{|": ("SELECT * { ?s ?p ?o ", "{| ?p ?o ", "", "|}", "}"),
    "EXISTS": ("SELECT * {", "FILTER EXISTS {", "", "}", "}"),
    "GROUP BY EXISTS": ("SELECT(1 AS ?x){}", "GROUP BY EXISTS{SELECT(1 AS ?x){}", "", "}", ""),
    "SUM": ("SELECT (", "SUM(", "1", ")", " AS ?x) {}"),
    "subselect": ("SELECT * {", "{SELECT * {", "", "}}", "}"),
    "OPTIONAL": ("SELECT * {", "OPTIONAL {", "", "}", "}"),
    "path": ("SELECT * { ?s ", "(", "<urn:p>", ")", " ?o }"),
    "UNION": ("SELECT * { {}", "UNION{}", "", "", "}"),
    "OPTIONAL, in a row": ("SELECT * {", "OPTIONAL{}", "", "", "}"),
    "MINUS, in a row": ("SELECT * {", "MINUS{}", "", "", "}"),
    "VALUES, in a row": ("SELECT * {", "VALUES ?x{1}", "", "", "}"),
    "triples": ("ASK {", "<urn:s> <urn:p> 1 .", "", "", "}"),
    "objects": ("ASK { <urn:s> <urn:p> 1", ",1", "", "", "}"),
    "collection": ("ASK { (", "1 ", "", "", ") <urn:p> 1 }"),
    "described": ("DESCRIBE", " <urn:x>", "", "", ""),
    "projected": ("SELECT", "(1 AS ?x)", "", "", "{}"),
    "grouped": ("SELECT (1 AS ?x) {} GROUP BY", " NOW()", "", "", ""),
    "ordered": ("SELECT * {} ORDER BY", " NOW()", "", "", ""),
    "HAVING": ("SELECT (1 AS ?x) {} GROUP BY ?y HAVING", "(1)", "", "", ""),
    "!": ("SELECT * { FILTER(", "!", "1", "", ")}"),
    "+": ("SELECT * { FILTER(1", "+1", "", "", ")}"),
    "*": ("SELECT * { FILTER(1", "*1", "", "", ")}"),
    "&&": ("SELECT * { FILTER(1", "&&1", "", "", ")}"),
    "||": ("SELECT * { FILTER(1", "||1", "", "", ")}"),
    "|": ("SELECT * { ?s <urn:p>", "|<urn:p>", "", "", " ?o }"),
    "FILTER, in a row": ("SELECT * {", "FILTER(1)", "", "", "}"),
}  # fmt: skip


def repeated(name: str, count: int) -> str:
    """Return the query of a name with its part so many times."""
    start, before, middle, after, end = SHAPES[name]
    return f"{start}{before * count}{middle}{after * count}{end}".replace("(1 AS ?x)(1", "(1 AS ?a)(1")
