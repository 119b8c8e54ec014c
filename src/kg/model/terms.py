"""RDF terms for people and programs: as text, as a Python value, as a shortened IRI."""

from __future__ import annotations

import re
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode

from kg.model.iris import PREFIXES, curie

__all__ = ["XSD", "Term", "clean", "is_number", "lexical", "one_line", "shown", "value"]

Term = NamedNode | Literal | BlankNode | None

XSD = PREFIXES["xsd"]
_READERS = {"integer": int, "decimal": float, "double": float, "float": float}
_CONTROL = r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]"


def clean(text: str) -> str:
    """Return a text without the characters that would control a terminal."""
    return re.sub(_CONTROL, "\ufffd", text)


def one_line(text: str) -> str:
    r"""Return a text as one line, without control characters and with one blank for each run of white space.

    Example:
        >>> one_line("a\tb\n c")
        'a b c'
    """
    return " ".join(clean(text).split())


def lexical(term: Term) -> str:
    """Return the lexical form of a literal, the whole IRI, ``_:`` and the label of a blank node, or "" if unbound."""
    if term is None:
        return ""
    return f"_:{term.value}" if isinstance(term, BlankNode) else term.value


def shown(term: Term) -> str:
    """Return a term for people: an IRI is shortened if its prefix is known."""
    return curie(term.value) if isinstance(term, NamedNode) else lexical(term)


def value(term: Term) -> Any:
    """Return a term as a Python value: a number or a truth value if its datatype says so, otherwise text.

    A literal that does not fit its datatype, such as ``"many"^^xsd:integer``, is text. An unbound term is None.
    """
    if isinstance(term, Literal) and term.datatype.value.startswith(XSD):
        name = term.datatype.value.removeprefix(XSD)
        if name in _READERS:
            try:
                return _READERS[name](term.value)
            except ValueError:
                return term.value
        if name == "boolean" and term.value in ("true", "1", "false", "0"):
            return term.value in ("true", "1")
    return None if term is None else term.value


def is_number(term: Term) -> bool:
    """Say whether a term is a literal whose value is a number."""
    return not isinstance(found := value(term), bool) and isinstance(found, int | float)
