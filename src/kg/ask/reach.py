"""The pattern of what tells of things and words, however it is joined to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from kg.ask.words import letters

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kg.ask.meaning import Reading

__all__ = ["reaching"]

# from a record or thing to what it is about, has or is a kind of: not to its source, nor to another of its kind
_ELSEWHERE = "doesNotDisclose hasEvidence lacksModification listedAt partOfConflict sameProductAs succeeds"
_WAY = f"(!(rdf:type|{'|'.join(f'kg:{name}' for name in _ELSEWHERE.split())}))"


def reaching(reading: Reading, hub: str) -> Iterator[str]:
    """Yield the patterns that keep what meets the things that are mentioned, and says the words or meets what does.

    Args:
        reading: what must be met; see its ``reached``, ``beside`` and ``texts``.
        hub: the variable of what must meet it.
    """
    for number, (things, said) in enumerate(reading.reached):
        ways = [f"?{hub} {_WAY}* {NamedNode(thing.iri)}" for thing in things]  # Virtuoso wants an end given
        ways += [_saying(hub, f"met_{number}_{place}", words) for place, words in enumerate(said)]
        yield f"{{ SELECT DISTINCT ?{hub} WHERE {{ {_any(ways)} }} }}"
    for owner, things in reading.beside:
        ways = [f"{NamedNode(owner.iri)} {_WAY}* {NamedNode(thing.iri)}" for thing in things]
        yield f"{{ {_any(ways)} }}"
    for number, word in enumerate(reading.texts):
        yield f"{{ SELECT DISTINCT ?{hub} WHERE {{ {_saying(hub, f'text_{number}', [word])} }} }}"


def _saying(hub: str, name: str, words: Sequence[str]) -> str:
    """Return the pattern of what has words in a text, its own or of what it leads to at once.

    All texts are gone through once, rather than those of each record.
    """
    tests = [f'REGEX(STR(?{name}), "{_whole(word)}", "i")' for word in words]
    saying = f"?saying_{name} ?says_{name} ?{name} FILTER (isLiteral(?{name}) && {' && '.join(tests)})"
    return f"{{ SELECT DISTINCT ?saying_{name} WHERE {{ {saying} }} }} ?{hub} {_WAY}? ?saying_{name}"


def _any(patterns: Sequence[str]) -> str:
    """Return a pattern of which any part is enough."""
    return patterns[0] if len(patterns) == 1 else " UNION ".join(f"{{ {item} }}" for item in patterns)


def _whole(word: str) -> str:
    """Return a regular expression of a whole word, with any ending."""
    return f"(^|[^a-z0-9]){letters(word)}[a-z]{{0,3}}($|[^a-z0-9])"
