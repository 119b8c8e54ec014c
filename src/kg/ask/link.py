"""From a question to spans: of all ways to part it the one with fewest words unexplained, and fewest spans."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from kg.ask.english import stem
from kg.ask.quantity import Days, read_days, read_number
from kg.ask.vocabulary import Meaning, begins_with, joined

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.ask.vocabulary import Vocabulary

__all__ = ["LONGEST", "Span", "link", "mended"]

LONGEST = 300
"""Signs of a question. Longer ones are refused."""

# what a span adds: a word that only texts explain is worse than two names, one that nothing explains worse than all
_COSTS = {"mention": 1.0, "role": 0.9, "days": 0.5, "number": 1.0, "word": 2.5, "unknown": 10.0}
_LONG = 8  # shorter words of English are too near each other
_PARTS = re.compile(r"[^\s?!,;:()\[\]{}/_\"\u201c\u201d\u2010-\u2015\-]+")
_WRITTEN = (
    (r"\b(?:only|exactly|just) (?:one|a single)\b", "= 1"),
    (r"\b(more than|fewer than|less than|at least|at most) one\b", r"\1 1"),
    (r"\bw/o\b", "without"),
    (r"\bw/(?=\s|\w)", "with "),
    (r"(?<=\d),(?=\d{3}\b)", ""),
    (r"\bNo\.\s*of\b", "number of"),
)
_SIGNS = re.compile(r"\s*(>=|<=|[\u2265\u2264><=&+])\s*")


class Span(NamedTuple):
    """Words of a question that mean one thing.

    Attributes:
        kind: ``mention``, ``role`` (a closed word), ``number``, ``days``, ``word`` (only texts have it) or ``unknown``.
        text: as it was written.
        meaning: what a mention can mean; of a closed word too, if it is also one.
        roles: what a closed word can do, with the value of each.
        number: the number.
        days: the span of days.
        after: what stands between it and the next one, such as a comma.
    """

    kind: str
    text: str
    meaning: Meaning = Meaning()
    roles: tuple[tuple[str, str], ...] = ()
    number: float = 0
    days: Days = Days("", "")
    after: str = ""

    def does(self, *roles: str) -> bool:
        """Say whether it is a closed word that can do one of these."""
        return self.kind == "role" and any(role in roles for role, _ in self.roles)

    def value(self, role: str) -> str:
        """Return the value of a role."""
        return dict(self.roles).get(role, "")


class _Word(NamedTuple):
    text: str
    low: str
    stem: str
    after: str


def link(vocabulary: Vocabulary, question: str) -> list[Span]:
    """Return the spans of a question.

    So "CD19 CAR NK" is CD19 and CAR NK, not a CD19 CAR and a word left over.
    """
    parts = _split(question)
    best: list[tuple[float, list[Span]]] = [(0, [])]
    for place in range(len(parts) - 1, -1, -1):
        ways = []
        for span, length in _spans_at(vocabulary, parts, place):
            cost, rest = best[-length]
            more = _COSTS[span.kind] - 0.001 * (length - 1) * (length - 1) - 0.00001 * place * (length - 1)
            ways.append((cost + more, [span._replace(after=parts[place + length - 1].after), *rest]))
        best.append(min(ways, key=lambda way: way[0]))
    return best[-1][1]


def _split(text: str) -> list[_Word]:
    """Return the words of a question, with what stands after each; signs of comparison are words."""
    for pattern, instead in _WRITTEN:
        text = re.sub(pattern, instead, text, flags=re.IGNORECASE)
    text = _SIGNS.sub(r" \1 ", text.replace("\u2019", "'"))
    found = []
    matches = list(_PARTS.finditer(text))
    for match, following in zip(matches, [*matches[1:], None], strict=False):
        between = text[match.end() : following.start() if following else len(text)]
        after = "\u2013" if between.strip() == "-" and between != "-" else between.strip()
        word = match[0].rstrip(".'").lstrip("'")
        if match[0].endswith(".") and not re.search(r"\.\w", match[0]):
            after = f".{after}"
        owned = re.sub(r"'s$", "", word)
        if re.fullmatch(r"[A-Z0-9]{2,}s", owned):  # DLTs
            owned = owned[:-1]
        if owned:
            low = (
                word.casefold()
                if re.fullmatch(r"(?:who|what|he|she|that|there|where|how|when)'s", word, re.I)
                else owned.casefold()
            )
            found.append(_Word(owned, low, stem(owned.casefold()), after))
    return found


def _spans_at(vocabulary: Vocabulary, parts: list[_Word], place: int) -> Iterator[tuple[Span, int]]:
    """Yield what can begin at a place, with the number of its words."""
    word = parts[place]
    is_name = len(word.text) > 1 and word.text.isupper()  # in capitals, ALL is a leukemia
    is_known = is_name and joined([word.stem]) in vocabulary
    if word.low == "number" and [item.low for item in parts[place + 1 : place + 2]] == ["of"]:
        yield Span("role", "number of", roles=tuple((role, value) for role, value in vocabulary.roles["number of"])), 2
        return
    for length in range(vocabulary.longest.get(begins_with(word.stem), 0), 0, -1):
        part = parts[place : place + length]
        if len(part) < length or any(set(item.after) & set(";?") for item in part[:-1]):
            continue
        key = joined(item.stem for item in part)
        is_closed = length == 1 and not is_name and part[0].low in vocabulary.roles
        if key in vocabulary and not is_closed:
            yield Span("mention", " ".join(item.text for item in part), vocabulary.meaning(key)), length
    lows = [item.low for item in parts[place : place + 5]]
    if not is_known:
        for length in (5, 4, 3, 2, 1):
            phrase = " ".join(lows[:length])
            roles = tuple((role, value) for role, value in vocabulary.roles.get(phrase, ()) if role not in _PARTIAL)
            if roles and len(lows) >= length:
                key = joined(item.stem for item in parts[place : place + length])
                meaning = vocabulary.meaning(key) if key in vocabulary else Meaning()
                yield (
                    Span("role", " ".join(item.text for item in parts[place : place + length]), meaning, roles),
                    length,
                )
    if days := read_days(lows[:4], vocabulary.roles):
        length = days[1] + lows[: days[1]].count("of")
        yield Span("days", " ".join(item.text for item in parts[place : place + length]), days=days[0]), length
    elif place and _is_no_member(vocabulary, parts[place - 1], word):
        yield Span("unknown", f"{parts[place - 1].text} {word.text}"), 1
    elif number := read_number(lows, vocabulary.roles):
        yield (
            Span("number", " ".join(item.text for item in parts[place : place + number[1]]), number=number[0]),
            number[1],
        )
    elif is_known or word.low in vocabulary.roles:
        if not is_known and all(role in _PARTIAL for role, _ in vocabulary.roles[word.low]):
            yield Span("word", word.text), 1
    elif vocabulary.texts_with(word.text):
        yield Span("word", word.text), 1
    else:
        yield Span("unknown", word.text), 1


_PARTIAL = frozenset(["number", "scale", "month"])  # these are read with what stands beside them


def _is_no_member(vocabulary: Vocabulary, word: _Word, number: _Word) -> bool:
    """Tell whether a word and a number name what is not there, such as "phase 5", where "phase 2" is."""
    return (
        number.low.isdecimal()
        and not word.after
        and word.stem in vocabulary.numbered
        and word.low not in vocabulary.roles
        and joined([word.stem, number.low]) not in vocabulary
    )


def mended(vocabulary: Vocabulary, word: str) -> str:
    """Return the one name that a misspelt word can only mean, or an empty string.

    The nearest by the letters that must be changed: one, or two in a word of twelve letters; a word with a digit is a
    name of its own and is never mended.
    """
    low = word.casefold()
    if len(low) < 6 or any(sign.isdigit() for sign in low):
        return ""
    known = {part.casefold() for name in vocabulary.names for part in re.split(r"[\s/()-]+", name)}
    known |= {part for phrase in vocabulary.roles for part in phrase.split(" ") if len(part) >= _LONG}
    longer = [part for part in known if part.startswith(low) and len(part) >= 2 * len(low)]
    if len(longer) == 1:  # an abbreviation such as bempeg
        return longer[0]
    allowed = 1 if len(low) < 12 else 2
    near = [
        (distance, other)
        for other in known
        if abs(len(other) - len(low)) <= allowed and other[:1] == low[0] and other.isalpha()
        if (distance := _distance(low, other, allowed)) <= allowed
    ]
    least = min((distance for distance, _ in near), default=0)
    found = {stem(other): other for distance, other in sorted(near, reverse=True) if distance == least}
    return next(iter(found.values())) if len(found) == 1 else ""


def _distance(one: str, other: str, most: int) -> int:
    """Return how many letters must be changed, added, left out or swapped, or a number beyond the most.

    The restricted Damerau-Levenshtein distance (optimal string alignment).
    """
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        before, last, row = row, before, [i]
        for j, sign in enumerate(other, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != sign))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == sign:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return row[-1]
