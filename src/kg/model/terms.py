"""RDF terms for people and programs: as text, as a Python value, as a shortened IRI."""

from __future__ import annotations

from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kg.model.iris import PREFIXES, curie

__all__ = ["XSD", "Term", "clean", "excerpt", "is_number", "lexical", "one_line", "shown", "value"]

Term = NamedNode | Literal | BlankNode | Triple | None

XSD = PREFIXES["xsd"]
_READERS = {"integer": int, "decimal": float, "double": float, "float": float}


def clean(text: str) -> str:
    """Return a text for people, with escapes for signs that a terminal would obey or that hide; see :mod:`kg.signs`."""
    from kg.signs import visible

    return visible(text)


def one_line(text: str) -> str:
    r"""Return a text as :func:`clean` gives it, as one line and with one blank for each run of white space.

    Example:
        >>> one_line("a\tb\n c")
        'a b c'
    """
    return " ".join(clean(text).split())


def excerpt(text: str, longest: int = 240) -> str:
    r"""Return the start of a text that somebody else wrote, such as a server, as one line for a message.

    Args:
        text: the text; what a terminal would obey is escaped in the line.
        longest: how many characters the line may have.

    Example:
        >>> excerpt("syntax\r\nerror, as so often", 16)
        'syntax error ...'
    """
    line = one_line(text)
    return line if len(line) <= longest else f"{line[: longest - 4].rstrip(' ,')} ..."


def lexical(term: Term) -> str:
    """Return a term as text: "" for an unbound one.

    That is the lexical form of a literal, the whole IRI, ``_:`` and the label of a blank node, or a triple term of
    RDF 1.2 as SPARQL 1.2 writes it.
    """
    if term is None:
        return ""
    if isinstance(term, Triple):
        return f"<<( {term} )>>"
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
    return None if term is None else lexical(term) if isinstance(term, Triple) else term.value


def is_number(term: Term) -> bool:
    """Say whether a term is a literal whose value is a number."""
    return not isinstance(found := value(term), bool) and isinstance(found, int | float)
