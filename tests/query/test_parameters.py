"""Parameters are terms, never text: whatever is given, the query stays the query that was written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Store
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue

from kg.errors import KGError
from kg.query.catalogue import Query, fill, iter_queries

if TYPE_CHECKING:
    from kg import KnowledgeGraph

TYPES = ["xsd:string", "xsd:date", "xsd:integer", "kg:Product"]
TEXT = """#+ summary: "?"
#+ parameters:
#+   x: {}
SELECT ?x
WHERE {{
  # VALUES ?x {{ }}
  FILTER (?x != "own")
}}
"""
# what could end a string, an IRI or a line; escapes of characters, which some engines read before all else
_HOSTILE = ['"', "'", '"""', "\\", "\\u0022", "\\U00000022", "\\u005C", "\n", "\r", "\t", "{", "}", ") } #", "<", ">"]
_SENSIBLE = [
    "Lumocel",
    "2029-12-31",
    "12",
    "-3",
    "urn:x",
    "?x",
    "UNDEF",
    "SERVICE <urn:x> { ?s ?p ?o }",
    "\0",
    "\u2028",
]
STRINGS = st.one_of(
    st.text(st.characters()),
    st.lists(st.sampled_from(_HOSTILE + _SENSIBLE) | st.text(st.characters(), max_size=2)).map("".join),
    st.sampled_from(_SENSIBLE),
)
EXAMPLES = settings(max_examples=150, deadline=None, database=None)


def shape(node: Any) -> Any:
    """Return the algebra of a query without the data of its VALUES."""
    if isinstance(node, CompValue):
        if node.name == "values":
            return "values", sorted({name for row in node.res for name in row}), len(node.res)
        return node.name, [(key, shape(value)) for key, value in sorted(node.items())]
    if isinstance(node, list | tuple):
        return [shape(value) for value in node]
    return sorted(map(str, node)) if isinstance(node, set) else str(node)


def algebra(text: str) -> Any:
    return shape(translateQuery(parseQuery(text)).algebra)


def queries() -> list[Query]:
    return [Query(Path("q.rq"), TEXT.format(name)) for name in TYPES]


PLAIN = algebra(TEXT.format("xsd:string").replace("# VALUES ?x { }", 'VALUES ?x { "plain" }'))


@given(value=STRINGS, query=st.sampled_from(queries()))
@EXAMPLES
def test_any_value_is_refused_or_changes_nothing_but_values(
    value: str, query: Query, mini_graph: KnowledgeGraph
) -> None:
    try:
        text = fill(query, {"x": [value]}, mini_graph.lexicon)
    except KGError as error:
        assert len(str(error).splitlines()) <= len(value.splitlines()) + 1
        return
    assert algebra(text) == PLAIN


@given(value=STRINGS)
@EXAMPLES
def test_any_text_arrives_as_it_was_given(value: str, mini_graph: KnowledgeGraph) -> None:
    try:
        text = fill(queries()[0], {"x": [value]}, mini_graph.lexicon)
    except KGError:
        with pytest.raises(UnicodeEncodeError):
            value.encode()
        return
    rows: Any = Store().query(text)
    assert [row["x"].value for row in rows] == [value] or value == "own"


@pytest.mark.parametrize(
    "value", ['\\u0022 } UNION { ?s ?p "', "\\\\u0022", "\\U00000022", "\\\0u0022", "\0\\u0041", "\x000022 } #"]
)
def test_escape_of_a_character_stays_text_where_escapes_are_read_first(value: str, mini_graph: KnowledgeGraph) -> None:
    """SPARQL 1.1, 19.2: escapes of characters are read before the query is parsed."""
    text = fill(queries()[0], {"x": [value]}, mini_graph.lexicon)
    assert algebra(text) == PLAIN
    assert [str(x) for (x,) in rdflib.Graph().query(text)] == [value]  # type: ignore[misc]  # rows of SELECT
    rows: Any = Store().query(text)
    assert [row["x"].value for row in rows] == [value]


@pytest.mark.parametrize("query", [query for query in iter_queries() if query.parameters], ids=lambda q: q.path.stem)
def test_parameters_of_the_catalogue_change_nothing_but_values(query: Query, mini_graph: KnowledgeGraph) -> None:
    for name, declared in query.parameters.items():
        if declared.startswith("xsd:string"):
            plain, hostile = (
                fill(query, {name: [value]}, mini_graph.lexicon) for value in ("plain", '" } UNION { ?s ?p "\\u0022')
            )
            assert algebra(hostile) == algebra(plain) != algebra(query.text)
