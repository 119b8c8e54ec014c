"""The catalogue of queries as RDF, so that it can be loaded beside the data and queried itself.

Each query is an executable of SHACL Advanced Features (https://www.w3.org/TR/shacl-af/). It is described
like the example queries that SPARQL endpoints publish: ``rdfs:comment`` asks the question, ``schema:keywords``
are its tags, ``sh:select`` holds the text as it runs in any client.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kg.model.iris import BASE, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kg.query.catalogue import Query

__all__ = ["executables"]

_QUERIES = BASE + "query"
_PREFIXES = PREFIXES | {"schema": "https://schema.org/", "sh": "http://www.w3.org/ns/shacl#"}
_HEAD = f"""\
# Made by `python -m kg.docs`; edit the .rq files instead.

<{_QUERIES}> a owl:Ontology ;
    dcterms:title       "ImmunoKG queries"@en ;
    dcterms:description "The catalogue of queries, and the prefixes that they use."@en ;
    dcterms:license     <https://creativecommons.org/licenses/by/4.0/> ;
"""


def executables(queries: Iterable[Query]) -> str:
    """Return queries as Turtle: one resource each, and one for each parameter.

    Args:
        queries: the queries, in the order in which they are written.
    """
    return "\n".join([*_prefixes(), *(_query(query) for query in queries)])


def _prefixes() -> Iterator[str]:
    """Yield the prefixes of the file, then the prefixes that the queries use, as resources."""
    yield "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in sorted(_PREFIXES.items()))
    yield _HEAD + "".join(f"    sh:declare <{_QUERIES}/prefix/{prefix}> ;\n" for prefix in PREFIXES) + "    .\n"
    for prefix, namespace in PREFIXES.items():
        about = {"prefix": f'"{prefix}"', "namespace": f'"{namespace}"^^xsd:anyURI'}
        yield _resource(f"prefix/{prefix}", {f"sh:{key}": [value] for key, value in about.items()})


def _query(query: Query) -> str:
    name, header = query.path.stem, query.header
    text = re.sub(r"^#\+.*\n", "", query.text, flags=re.M).strip() + "\n"
    form = re.findall(r"^(?:SELECT|ASK|CONSTRUCT)\b", text, flags=re.M)[0]
    comment = f"{header['summary']}\n\n{header.get('description', '')}".strip()
    about = {
        "a": ["sh:SPARQLExecutable", f"sh:SPARQL{form.title()}Executable"],
        "rdfs:label": [_literal(name)],
        "rdfs:comment": [f"{_literal(comment)}@en"],
        "schema:keywords": [_literal(tag) for tag in header["tags"]],
        "sh:parameter": [f"<{_QUERIES}/{name}/{parameter}>" for parameter in query.parameters],
        "sh:prefixes": [f"<{_QUERIES}>"],
        f"sh:{form.lower()}": [_literal(text)],
    }
    parameters = (_parameter(name, key, str(declared)) for key, declared in query.parameters.items())
    return "\n".join([_resource(name, about), *parameters])


def _parameter(query: str, name: str, declared: str) -> str:
    """Return a parameter as a resource; its path ends in the name of the variable, as SHACL requires."""
    type_name, _, _ = declared.partition(",")
    about = {
        "a": ["sh:Parameter"],
        "sh:path": [f"<{BASE}parameter/{name}>"],
        "sh:name": [_literal(name)],
        "sh:description": [f"{_literal(declared)}@en"],
        "sh:datatype" if type_name.startswith("xsd:") else "sh:class": [type_name],
        "sh:optional": ["true"],
    }
    return _resource(f"{query}/{name}", about)


def _resource(name: str, about: dict[str, list[str]]) -> str:
    lines = [f"    {predicate} {', '.join(values)} ;\n" for predicate, values in about.items() if values]
    return f"<{_QUERIES}/{name}>\n{''.join(lines)}    .\n"


def _literal(text: str) -> str:
    r"""Return a text as a literal of Turtle; a text of several lines keeps its lines.

    Example:
        >>> print(_literal('say "hello"'))
        "say \"hello\""
    """
    escaped = text.replace("\\", "\\\\")
    if "\n" not in text:
        escaped = escaped.replace('"', '\\"')
        return f'"{escaped}"'
    escaped = re.sub(r'"(?=""|$(?!\n))', r"\"", escaped)
    return f'"""{escaped}"""'
