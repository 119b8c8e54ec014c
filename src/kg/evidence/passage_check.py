"""Check that documents still have the passages that evidence cites, by their hashes.

Evidence holds where a passage begins and ends in the plain text of its document,
and the SHA-256 of the passage with white space folded. So the text itself need not
be part of the graph, and whoever has the document can check what it says.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from pyoxigraph import Literal

from kg.engines.asking import as_of, select
from kg.errors import UsageError
from kg.files.reading import read_whole
from kg.formats.result import Result

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from pyoxigraph import Store

__all__ = ["check_passages", "passage_hash"]

_EVIDENCE = """
PREFIX kg: <https://w3id.org/immunokg/ontology/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?document ?section ?locator ?start ?end ?hash
WHERE {
  ?evidence kg:fromDocument/rdfs:label ?document ; kg:section ?section ; kg:locator ?locator ;
            kg:startsAt ?start ; kg:endsAt ?end ; kg:sha256 ?hash .
}
ORDER BY ?document ?start ?end ?evidence
"""


class _Passage(NamedTuple):
    start: int
    end: int
    digest: str


def passage_hash(passage: str) -> str:
    r"""Return the SHA-256 of a passage as hexadecimal digits; runs of white space count as one blank.

    Example:
        >>> passage_hash("one\n  passage") == passage_hash("one passage")
        True
    """
    return sha256(" ".join(passage.split()).encode()).hexdigest()


def check_passages(store: Store, folder: Path) -> Result:
    """Say for each cited passage whether the documents of a folder have it.

    Args:
        store: the dataset.
        folder: plain text files in UTF-8, each of at most :data:`kg.files.limits.WHOLE_FILE`; the hashes tell which
            file is which document.

    Returns:
        The columns ``document``, ``section``, ``locator``, ``outcome`` and ``file``, in the
        order of the documents. The outcome is ``found``, ``moved`` (elsewhere in the
        file than the evidence says) or ``missing``.

    Raises:
        UsageError: if the folder cannot be read or holds no text.
    """
    texts = _read_texts(folder)
    cited: dict[str, list[tuple[str, str, _Passage]]] = {}
    for document, section, locator, start, end, digest in select(store, _EVIDENCE):
        passage = _Passage(int(start.value), int(end.value), digest.value)
        cited.setdefault(document.value, []).append((section.value, locator.value, passage))
    rows = []
    for document, places in cited.items():
        passages = [passage for *_, passage in places]
        file = _file_of(passages, texts)
        outcomes = _outcomes(texts[file], passages) if file else ["missing"] * len(passages)
        for (section, locator, _), outcome in zip(places, outcomes, strict=True):
            name = file.name if file and outcome != "missing" else ""
            rows.append([Literal(text) for text in (document, section, locator, outcome, name)])
    return Result(("document", "section", "locator", "outcome", "file"), rows, as_of(store))


def _read_texts(folder: Path) -> dict[Path, str]:
    try:
        paths = sorted(path for path in folder.iterdir() if path.is_file())
        texts = {path: read_whole(path, "expected a text file").decode("utf-8", errors="replace") for path in paths}
    except OSError as error:
        raise UsageError(f"cannot read {folder}: {error.strerror}; expected a folder of text files") from error
    if not texts:
        raise UsageError(f"no file in {folder}; expected the plain text of the documents")
    return texts


def _file_of(passages: Sequence[_Passage], texts: dict[Path, str]) -> Path | None:
    """Return the file that has most passages at their places, else one that has one of the first three elsewhere."""
    found = {path: sum(_is_at(text, passage, 0) for passage in passages) for path, text in texts.items()}
    best = max(texts, key=lambda path: found[path])
    if found[best]:
        return best
    moved = (path for path in texts if any(_shift(texts[path], passage) is not None for passage in passages[:3]))
    return next(moved, None)


def _outcomes(text: str, passages: Iterable[_Passage]) -> Iterator[str]:
    """Yield the outcome of each passage; the distance that the one before has moved is tried first."""
    shift = 0
    for passage in passages:
        if _is_at(text, passage, 0):
            yield "found"
        elif shift and _is_at(text, passage, shift):
            yield "moved"
        elif (found := _shift(text, passage)) is None:
            yield "missing"
        else:
            shift = found
            yield "moved"


def _is_at(text: str, passage: _Passage, shift: int) -> bool:
    start = passage.start + shift
    return start >= 0 and passage_hash(text[start : passage.end + shift]) == passage.digest


def _shift(text: str, passage: _Passage) -> int | None:
    """Return how far a passage has moved, or None if the text does not have it."""
    starts = (i for i in range(len(text)) if not i or not text[i - 1].isalnum())
    shifts = (i - passage.start for i in starts)
    return next((shift for shift in shifts if _is_at(text, passage, shift)), None)
