r"""The smallest parts of a SPARQL text as regular expressions: names, variables, numbers, strings, IRIs.

They are productions [139] to [173] of https://www.w3.org/TR/sparql11-query/#sparqlGrammar. What a repetition has taken
it never gives back (``++`` after a sign, ``(?>...)`` around a group). Oxigraph's parser reads so too, and the time that
a text takes grows with its length alone. ``*+`` after a group would say the same, but Python 3.11.2 matches it wrongly
(https://github.com/python/cpython/issues/106052).
"""

from __future__ import annotations

import re
from typing import NamedTuple

__all__ = [
    "ANY",
    "ANY_BUT_NAME",
    "COVER",
    "IRI",
    "RUN",
    "Prologue",
    "is_sound",
    "read_prologue",
    "skip",
    "string_end",
]

COVER = "\N{CURRENCY SIGN}"  # stands for each character of an IRI or a string in a covered text; part of no other token


def _many(pattern: str) -> str:
    return f"(?>(?:{pattern})*)"


_LETTER = (  # PN_CHARS_BASE
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f\u2c00-\u2fef"
    "\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_MARK = "0-9\u00b7\u0300-\u036f\u203f\u2040"  # what a variable may have after its first sign
_SIGN = rf"[{_LETTER}_{_MARK}\-]"  # PN_CHARS
_ESCAPED = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]"  # PLX
_LOCAL = rf"(?>(?:[{_LETTER}_{_MARK}:\-]++|{_ESCAPED})+)"
_RUN = rf"[{_LETTER}]{_SIGN}*+" + _many(rf"\.++{_SIGN}++")  # PN_PREFIX
_BLANK = _many(r"[ \t\r\n]++|#[^\r\n]*+")
_IRI = "<" + _many(r"""[^<>"{}|^`\\\x00-\x20]++|\\[uU]""") + ">"
_EXPONENT = r"[eE][+\-]?[0-9]++"

# A comment ends at a line feed or a carriage return; no other sign is white.
SKIP = re.compile(_BLANK)
# [139]; of its escapes only the first letter is looked at, so it takes all that an engine may take.
IRI = re.compile(_IRI)
RUN = re.compile(_RUN)
# [140] and [141]; `local` is what Oxigraph 0.5 takes of the local part: dots in one place only.
_NAME = (
    rf"(?P<NAME>(?P<prefix>(?>(?:{_RUN})?)):"
    rf"(?:(?=[{_LETTER}_:0-9%\\])(?P<local>{_LOCAL}(?:\.++{_LOCAL})?)" + _many(rf"\.++{_LOCAL}") + ")?)|"
)
_ANY = (
    rf"(?P<VARIABLE>[?$][{_LETTER}_0-9][{_LETTER}_{_MARK}]*+)|"
    r"(?P<SIGN>[{}()\[\];,=!+\-*/^|&~>?]|\.(?![0-9]))|"
    "NAME"
    r"(?P<WORD>[A-Za-z][A-Za-z0-9_]*+)|"  # a keyword, or several without a gap
    r"(?P<OPEN><|'|\")|"  # it begins an IRI, a string, or another sign
    rf"(?P<NUMBER>[0-9]++(?:\.[0-9]*+{_EXPONENT}|\.[0-9]++|{_EXPONENT})?|\.[0-9]++(?:{_EXPONENT})?)|"
    r"(?P<LANGUAGE>@[A-Za-z]++" + _many("-[A-Za-z0-9]++") + "(?:--[A-Za-z]++)?)|"
    rf"(?P<LABEL>_:[{_LETTER}_0-9]{_SIGN}*+" + _many(rf"\.++{_SIGN}++") + ")|"
    rf"(?P<COVERED>{COVER}++)|"
    r"(?P<WRONG>[\s\S])"
)
# The blanks at a place and the token after them, as its first sign tells it; its kind is the last group.
ANY = re.compile(f"{_BLANK}(?:{_ANY.replace('NAME', _NAME, 1)})?")
ANY_BUT_NAME = re.compile(f"{_BLANK}(?:{_ANY.replace('NAME', '', 1)})?")
_STOPS = {stop: re.compile(rf"\\.|{stop}", re.S) for stop in ("'''", '"""')} | {
    stop: re.compile(rf"\\[^\r\n]|[\r\n]|{stop}") for stop in ("'", '"')
}
_SOUND = re.compile(
    _many(
        r"""[^\\]++|\\(?:[tbnrf"'\\]|u(?![dD][89a-fA-F])[0-9A-Fa-f]{4}|U00(?:0(?!0[dD][89a-fA-F])|10)[0-9A-Fa-f]{4})"""
    )
)
_VERSION = r""""(?>(?:[^"\\\r\n]++|\\.)*)"|'(?>(?:[^'\\\r\n]++|\\.)*)'"""
_DECLARATION = re.compile(
    rf"PREFIX{_BLANK}(?P<name>(?>(?:{_RUN})?)):{_BLANK}(?P<iri>{_IRI}|{COVER}++){_BLANK}"
    rf"|BASE{_BLANK}(?:{_IRI}|{COVER}++){_BLANK}"
    rf"|VERSION{_BLANK}(?:{_VERSION}|{COVER}++){_BLANK}",
    re.I | re.A,
)


class Prologue(NamedTuple):
    """What stands before a query proper: where it ends, and the IRI of each prefix, as it is written."""

    end: int
    prefixes: dict[str, str]


def read_prologue(text: str) -> Prologue:
    r"""Return the prologue of a text, or of a covered one ([4]; ``VERSION`` is of SPARQL 1.2).

    Example:
        >>> read_prologue("# ours\nprefix kg: <urn:kg#> BASE<urn:x>\nSELECT * { }")
        Prologue(end=40, prefixes={'kg': 'urn:kg#'})
    """
    end = skip(text, 1 if text.startswith("\ufeff") else 0)
    prefixes = {}
    while found := _DECLARATION.match(text, end):
        end = found.end()
        if found["iri"]:
            prefixes[found["name"]] = found["iri"][1:-1]
    return Prologue(end, prefixes)


def skip(text: str, start: int) -> int:
    """Return where white space and comments end that start at a place."""
    found = SKIP.match(text, start)
    return found.end() if found else start


def string_end(text: str, start: int, quotes: str) -> int:
    r"""Return where the string ends that starts at a place ([156] to [159]), or -1 if it does not; any escape will do.

    Args:
        text: the text.
        start: the place of its first quote.
        quotes: what it starts and ends with: one quote, or three.

    Example:
        >>> string_end(r"'it\'s'", 0, "'"), string_end("'two\nlines'", 0, "'"), string_end("'''two\nlines'''", 0, "'''")
        (7, -1, 15)
    """
    place = start + len(quotes)
    while found := _STOPS[quotes].search(text, place):
        place = found.end()
        if found[0] == quotes:
            return place
        if not found[0].startswith("\\"):
            return -1
    return -1


def is_sound(text: str, start: int, end: int) -> bool:
    r"""Say whether the escapes of a string are all lawful ([160], and section 19.2), given its inside.

    Example:
        >>> is_sound(r"\d+", 0, 3), is_sound(r"\\d\u00e9", 0, 9), is_sound(r"\uD800", 0, 6)
        (False, True, False)
    """
    found = _SOUND.match(text, start, end)
    return not found or found.end() == end
