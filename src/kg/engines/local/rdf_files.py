"""RDF files of users: in which format they are, and what is refused before a parser sees it.

The parsers of Oxigraph work on streams, so most large or deep files only take time. A few small ones take all memory,
or end the process: entities of XML (https://en.wikipedia.org/wiki/Billion_laughs_attack), RDF/XML and JSON-LD that are
nested deep, and triple terms in triple terms. They are told by a look at the brackets of the file, which takes less
time than to parse it. No parser goes to the network: a context of JSON-LD that lies elsewhere is an error.
"""

from __future__ import annotations

import re
from contextlib import closing, nullcontext
from os import fstat
from typing import TYPE_CHECKING, BinaryIO

from pyoxigraph import RdfFormat

from kg.errors import UsageError
from kg.files.limits import DEPTH, LITERAL, MIB, TRIPLE_TERMS
from kg.files.reading import wide_encoding
from kg.model.terms import excerpt

if TYPE_CHECKING:
    from collections.abc import Iterator
    from mmap import mmap
    from pathlib import Path

    from pyoxigraph import Store

    Content = bytes | mmap

__all__ = ["FORMATS", "check_ending", "load"]

FORMATS = {
    ".nt": RdfFormat.N_TRIPLES,
    ".ttl": RdfFormat.TURTLE,
    ".rdf": RdfFormat.RDF_XML,
    ".jsonld": RdfFormat.JSON_LD,
}
_UTF8_MARK = b"\xef\xbb\xbf"
# a comment, CDATA, a processing instruction, or a tag, whose quoted values may hold ">"
_MARKUP = (
    rb"""<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>|"""
    rb"""<(?P<tag>/?)[^<>"'/!?][^<>"']*+(?:(?:"[^"]*+"|'[^']*+')[^<>"']*+)*+>"""
)
# a bracket of JSON, after texts and what else there is
_BRACKET = rb'(?:[^"\[\]{}]++|"(?:[^"\\]++|\\.)*+")*+([\[\]{}])'
# what of Turtle can hold the signs of triple terms without being one, and these
_TERM = (
    rb'"""(?:[^"\\]++|\\.|"{1,2}+(?!"))*+"""|' + rb"'''(?:[^'\\]++|\\.|'{1,2}+(?!'))*+'''|"
    rb'"(?:[^"\\\r\n]++|\\.)*+"|' + rb"'(?:[^'\\\r\n]++|\\.)*+'|"
    rb"<<\(|\)>>|<[^\s<>\"]*+>|#[^\r\n]*+|\\."
)


_TOO_LONG = f"an IRI or a literal has more than {LITERAL // MIB} MiB; expected less"
_TOO_DEEP = f"lies in more than {DEPTH:,} others; expected fewer"
_DOCTYPE = "a document type: its entities can make a small file endless; write them out, or save the file as Turtle"
_NO_ELEMENT = "no element; expected RDF/XML"
_CONTEXT = "its context lies elsewhere, and no network is asked; write the context into the file"


def check_ending(path: Path) -> None:
    """Refuse a file whose ending tells no format.

    Raises:
        UsageError: if it is none of :data:`FORMATS`.
    """
    if path.suffix not in FORMATS:
        raise UsageError(f"{path}: unknown ending '{path.suffix}'; expected one of {', '.join(FORMATS)}")


def load(store: Store, path: Path) -> None:
    """Load a file into the default graph of a store.

    Args:
        store: what to load it into.
        path: a regular file; its ending tells the format. Text in UTF-8, with a byte order mark or without.

    Raises:
        UsageError: if it is not what its ending says, or nothing that a parser should see.
        OSError: if it cannot be read.
    """
    check_ending(path)
    kind = FORMATS[path.suffix]
    with path.open("rb") as file:
        start = file.read(64)
        if name := wide_encoding(start):
            raise UsageError(f"{path}: the file is {name}; save it as UTF-8")
        _look_over(path, file, kind)
        has_mark = start.startswith(_UTF8_MARK)
        file.seek(len(_UTF8_MARK) if has_mark else 0)
        try:
            if has_mark:  # which two of the parsers take for a part of the first triple
                store.bulk_load(file, format=kind)
            else:
                store.bulk_load(path=str(path), format=kind)
        except SyntaxError as error:
            told = f"{excerpt(str(error.msg))}; expected RDF as its ending '{path.suffix}' says"
            raise UsageError(f"{path}: {_CONTEXT if 'LoadDocumentCallback' in told else told}") from error
        except MemoryError as error:  # the parser says so of a text that is too long
            raise UsageError(f"{path}{_long_line(file)}: {_TOO_LONG}") from error


def _look_over(path: Path, file: BinaryIO, kind: RdfFormat) -> None:
    """Refuse a file that no parser should see.

    Raises:
        UsageError: with the line.
    """
    from mmap import ACCESS_READ, mmap

    size = fstat(file.fileno()).st_size
    with closing(mmap(file.fileno(), 0, access=ACCESS_READ)) if size else nullcontext(b"") as content:
        for place, message in _CHECKS[kind](content):
            line = content[:place].count(b"\n") + 1
            raise UsageError(f"{path}:{line}: {message}")


def _long_line(file: BinaryIO) -> str:
    """Return the number of the first line that is too long, after a colon, or nothing where a text has many lines."""
    file.seek(0)
    return next((f":{number}" for number, line in enumerate(file, start=1) if len(line) > LITERAL), "")


def _xml_faults(content: Content) -> Iterator[tuple[int, str]]:
    """Yield what is wrong with RDF/XML, and where."""
    yield from _declarations(content)
    if (found := re.match(rb"<\?xml[^>]*\sencoding\s*=\s*[\"']([\w.-]+)", content)) and found[1].upper() != b"UTF-8":
        yield 0, f"the file is {found[1].decode()}; save it as UTF-8"
    markup = re.compile(_MARKUP, flags=re.DOTALL)
    depth, at, end = 0, content.find(b"<"), 0
    has_element = False
    while at >= 0 and (found := markup.match(content, at)):
        if at - end > LITERAL or found.end() - at > LITERAL:
            yield at, _TOO_LONG
        end = found.end()
        if found["tag"] is not None:
            has_element = True
            depth += -1 if found["tag"] else content[end - 2] != ord("/")
            if depth > DEPTH:
                yield at, f"an element {_TOO_DEEP}"
        at = content.find(b"<", end)
    if at < 0 and depth > 0:
        yield len(content), "an element is not closed at the end; expected the whole file"
    if not has_element:
        yield 0, _NO_ELEMENT


def _declarations(content: Content) -> Iterator[tuple[int, str]]:
    """Yield a fault if there is a document type, wherever it stands: parsers heed more than the standard allows."""
    at = content.find(b"<!")
    while at >= 0:
        if content[at + 2 : at + 9].upper().startswith((b"DOCTYPE", b"ENTITY")):
            yield at, _DOCTYPE
        at = content.find(b"<!", at + 2)


def _json_faults(content: Content) -> Iterator[tuple[int, str]]:
    """Yield a fault if JSON is nested too deep."""
    depth = at = 0
    bracket = re.compile(_BRACKET, flags=re.DOTALL)
    while found := bracket.match(content, at):
        at = found.end()
        depth += 1 if found[1] in b"[{" else -1
        if depth > DEPTH:
            yield at, f"an object or a list {_TOO_DEEP}"


def _turtle_faults(content: Content) -> Iterator[tuple[int, str]]:
    """Yield a fault if triple terms lie in each other too deep."""
    depth = at = 0
    for _ in range(TRIPLE_TERMS + 1):
        if (at := content.find(b"<<(", at) + 1) == 0:
            return
    for found in re.finditer(_TERM, content, flags=re.DOTALL):
        depth += (found[0] == b"<<(") - (found[0] == b")>>")
        if depth > TRIPLE_TERMS:
            yield found.start(), f"a triple term lies in more than {TRIPLE_TERMS} others; expected fewer"


_CHECKS = {
    RdfFormat.N_TRIPLES: _turtle_faults,
    RdfFormat.TURTLE: _turtle_faults,
    RdfFormat.RDF_XML: _xml_faults,
    RdfFormat.JSON_LD: _json_faults,
}
