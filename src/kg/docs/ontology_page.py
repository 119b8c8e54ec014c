"""The ontology as one page for people: every term with its words, its definition and the terms related to it.

The page is plain HTML without scripts; ``python -m kg.docs`` makes it from ``ontology/immunokg.ttl``. (pyLODE
makes such pages too, but its version 3.4.1 could not be run: it looks for a file that its package lacks.)
"""

from __future__ import annotations

from collections import defaultdict
from html import escape
from typing import TYPE_CHECKING

from kg.docs.class_diagram import class_diagram
from kg.model.iris import KG, PREFIXES, curie
from kg.model.schema import read_schema

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pyoxigraph import Triple

    Terms = Mapping[str, Mapping[str, list[str]]]

__all__ = ["reference_page"]

_RDF_TYPE, _OWL, _RDFS, _SKOS = (
    PREFIXES["rdf"] + "type",
    PREFIXES["owl"],
    PREFIXES["rdfs"],
    PREFIXES["skos"],
)
_SECTIONS = {
    "Class": "Classes",
    "ObjectProperty": "Object properties",
    "DatatypeProperty": "Datatype properties",
    "AnnotationProperty": "Annotation properties",
}
_CHARACTERISTICS = ("FunctionalProperty", "AsymmetricProperty", "IrreflexiveProperty", "SymmetricProperty")
# word on the page -> the predicate whose values it introduces
_TOLD = {
    "also called": _SKOS + "altLabel",
    "read backwards": KG + "inverseLabel",
    "example": _SKOS + "example",
    "note": _SKOS + "scopeNote",
    "kind of": _RDFS + "subClassOf",
    "from": _RDFS + "domain",
    "to": _RDFS + "range",
    "denies": KG + "negates",
}
_CAPTION = (
    "The classes that most relations join. A dashed arrow leads to the class above; in a box stand the relations "
    "that have no arrow."
)
_STYLE = """
:root{color-scheme:light dark;--ink:#1b2733;--soft:#52626f;--line:#d5dde4;--link:#0b5cad;--page:#fff}
@media (prefers-color-scheme:dark){:root{--ink:#e4eaf0;--soft:#9fb0bf;--line:#33414e;--link:#7db8f2;--page:#12181e}}
body{font:16px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--page);max-width:62rem;margin:2rem auto;
  padding:0 1rem}
a{color:var(--link)} nav{columns:14rem} nav a{display:block;text-decoration:none}
article{border-top:1px solid var(--line);padding:.6rem 0} h3{margin:.3rem 0} h3 code{font-weight:400;color:var(--soft)}
dl{display:grid;grid-template-columns:9rem 1fr;gap:.1rem 1rem;margin:.4rem 0}
dt{color:var(--soft)} dd{margin:0;overflow-wrap:anywhere}
figure{margin:1.5rem 0;background:#fff;border:1px solid var(--line);border-radius:6px;overflow-x:auto}
figure svg{min-width:46rem;display:block} figcaption{padding:.5rem 1rem;color:#52626f;font-size:.9rem}
@media (max-width:40rem){dl{grid-template-columns:1fr}}
"""


def reference_page(triples: Iterable[Triple]) -> str:
    """Return the page of an ontology.

    Args:
        triples: the ontology; its header is the resource of type ``owl:Ontology``.
    """
    triples = list(triples)
    found: defaultdict[str, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for subject, predicate, value in triples:
        found[subject.value][predicate.value].append(value.value)
    terms = {iri: {key: sorted(values) for key, values in told.items()} for iri, told in found.items()}
    (header,) = (told for told in terms.values() if _OWL + "Ontology" in told.get(_RDF_TYPE, ()))
    title, version = header[PREFIXES["dcterms"] + "title"][0], header[_OWL + "versionInfo"][0]
    sections = {
        name: sorted(_of_kind(terms, kind), key=lambda iri: _label(terms, iri)) for kind, name in _SECTIONS.items()
    }
    parts = [
        f'<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width,initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n<h1>{escape(title)}</h1>",
        f"<p>{escape(header[PREFIXES['dcterms'] + 'description'][0])}</p>",
        f"<dl>{''.join(_header_lines(header, version))}</dl>",
        f"<figure>{class_diagram(read_schema(triples))}<figcaption>{_CAPTION}</figcaption></figure>",
    ]
    for name, iris in sections.items():
        links = "".join(f'<a href="#{iri.removeprefix(KG)}">{escape(_label(terms, iri))}</a>' for iri in iris)
        parts.append(f"<h2>{name}</h2>\n<nav>{links}</nav>")
        parts += [_article(terms, iri) for iri in iris]
    return "\n".join(parts) + "\n</html>\n"


def _of_kind(terms: Terms, kind: str) -> Iterator[str]:
    return (iri for iri, told in terms.items() if iri.startswith(KG) and _OWL + kind in told[_RDF_TYPE])


def _label(terms: Terms, iri: str) -> str:
    return terms[iri][_RDFS + "label"][0] if iri.startswith(KG) and iri in terms else curie(iri)


def _header_lines(header: Mapping[str, list[str]], version: str) -> Iterator[str]:
    dcterms = PREFIXES["dcterms"]
    yield _line("version", f"{escape(version)}, <code>{escape(header[_OWL + 'versionIRI'][0])}</code>")
    yield _line("prefix", f"<code>kg: {KG}</code>")
    for name, key in (("made by", "creator"), ("with", "contributor")):
        yield _line(name, escape("; ".join(header[dcterms + key])))
    licence = escape(header[dcterms + "license"][0])
    yield _line("licence", f'<a href="{licence}">{licence}</a>')
    yield _line("changes", escape(" ".join(header[_SKOS + "changeNote"])))
    yield _line("deprecation", escape(" ".join(header[_SKOS + "editorialNote"])))


def _article(terms: Terms, iri: str) -> str:
    told, name = terms[iri], iri.removeprefix(KG)
    lines = [_line(word, _values(terms, told[key])) for word, key in _TOLD.items() if key in told]
    characters = [kind.removesuffix("Property").lower() for kind in _CHARACTERISTICS if _OWL + kind in told[_RDF_TYPE]]
    lines += [_line("is", ", ".join(characters))] if characters else []
    for word, end in (("relations", "domain"), ("related by", "range")):
        others = [other for other, its in terms.items() if iri in its.get(_RDFS + end, ())]
        lines += [_line(word, _values(terms, sorted(others)))] if others else []
    return (
        f'<article id="{name}"><h3>{escape(_label(terms, iri))} <code>kg:{name}</code></h3>'
        f"{escape(told[_SKOS + 'definition'][0])}<dl>{''.join(lines)}</dl></article>"
    )


def _values(terms: Terms, values: Iterable[str]) -> str:
    """Return values as HTML; terms of this page are links."""
    links = (
        f'<a href="#{value.removeprefix(KG)}">{escape(_label(terms, value))}</a>'
        if value.startswith(KG)
        else escape(curie(value))
        for value in values
    )
    return "; ".join(links)


def _line(word: str, html: str) -> str:
    return f"<dt>{word}</dt><dd>{html}</dd>"
