"""Where a query would ask another server: SERVICE, https://www.w3.org/TR/sparql11-federated-query/.

What is looked for is the keyword as an engine may read it, in any reading of the text. It may stand after a term that
needs no gap (``1SERVICE``, ``trueSERVICE``), and before a prefixed name (``SERVICEex:x``): that is a SERVICE where
``ex:`` is a prefix and ``{`` follows, and else a name. Words within strings, comments, IRIs, variables and names are
none.
"""

from __future__ import annotations

import re
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from kg.engines.sparql.readings import read
from kg.engines.sparql.terminals import RUN, skip
from kg.engines.sparql.tokens import After

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.engines.sparql.tokens import Lexer, Token

__all__ = ["Service", "find_service"]

_SERVICE = re.compile("SERVICE", re.I | re.A)
_LAST_WORD = re.compile("SERVICE(?:SILENT)?$", re.I | re.A)
_LONGEST = len("SERVICESILENT")
_OTHER_PREFIX = "give the prefix another name"
_CLEARLY = "write IRIs and prefixes before it in full, and blanks around < and >"
_SHORTER = "write IRIs in full and blanks around < and >, or make the query shorter"
_TERM_ENDS = re.compile(r"(?:true|false|[0-9.])$", re.I | re.A)


class Service(NamedTuple):
    """A keyword SERVICE: its place, and how to write what was meant otherwise, where that can be."""

    start: int
    mend: str = ""


def find_service(text: str) -> Service | None:
    """Return the first SERVICE of a query, or nothing if no reading has one.

    Example:
        >>> find_service("ASK { ?s ?p 1SERVICE<urn:x>{} }").start
        13
        >>> find_service("PREFIX service: <urn:x> ASK { ?service service:SERVICE 'SERVICE <urn:x> {}' } # SERVICE")
        >>> find_service("PREFIX x: <http://host:> ASK { ?s ?p x:SERVICE <urn:x> {} }")
        Service(start=39, mend='write IRIs and prefixes before it in full, and blanks around < and >')
    """
    mentioned = _SERVICE.search(text)
    if not mentioned:
        return None
    readings = read(text)
    for token in readings.first:
        for place in _keywords(readings.lexer, token):
            prefix = text[token.start : token.end].partition(":")[0]
            is_name = token.kind == "NAME" and prefix in readings.lexer.prologue.prefixes
            return Service(place, _OTHER_PREFIX if is_name else "")
    for token in sorted(readings.others, key=attrgetter("start")):
        for place in _keywords(readings.lexer, token):
            if token.kind == "NAME" or _leads_to_term(text, token.end):
                return Service(place, _CLEARLY)
    return None if readings.is_complete else Service(mentioned.start(), _SHORTER)


def _keywords(lexer: Lexer, token: Token) -> Iterator[int]:
    """Yield the places in a token where an engine may read SERVICE."""
    text = lexer.text
    if token.kind == "WORD":
        ends = [token.end]
    elif token.kind == "NAME" and text.startswith("{", skip(text, token.end)):
        colon = text.index(":", token.start)
        ends = [colon - len(name) for name in lexer.declared(text[token.start : colon])]
    else:
        return
    for end in ends:
        found = _LAST_WORD.search(text, max(token.start, end - _LONGEST), end)
        if found and _can_begin(text, token, found.start()):
            yield found.start()


def _can_begin(text: str, token: Token, place: int) -> bool:
    """Say whether a pattern may begin at a place of a token: at its start, or after a term that is glued to it."""
    if place == token.start:
        return token.after is not After.OPERATOR
    return bool(_TERM_ENDS.search(text, max(token.start, place - len("false")), place))


def _leads_to_term(text: str, end: int) -> bool:
    """Say whether a variable, an IRI or a name follows, or SILENT, as SERVICE needs it."""
    place = skip(text, end)
    return text[place : place + 1] in tuple("<?$:") or bool(RUN.match(text, place))
