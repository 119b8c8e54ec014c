"""What a statement must tell to answer a sentence: a number, a time, a reason; what is joined, ranked, left out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias

from kg.ask.english import stem
from kg.ask.plan import Compared

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kg.ask.sentence import Item, Sentence

__all__ = ["Test", "is_asked_amount", "is_joined", "is_left_out", "rank_of", "wanted"]

Test: TypeAlias = "Callable[[Sequence[str]], bool]"
_TIMES = frozenset(map(stem, "minute hour day week month year minutes cycles min h".split()))
_COUNTS = {"=count", "=outOf", "=participants", "=enrollment", "=unit=patients"}
_REASONS = {
    f"={name}" for name in ("mechanism", "advantage", "drawback", "terminationReason", "hasObjective", "outcome")
}
_REASONS |= set(map(stem, "reason rationale aim avoid prevent allow".split()))
_NUMBERS = frozenset(map(stem, "two three four five six seven eight nine ten eleven twelve".split()))
_DIGIT = re.compile(r"\d")


def wanted(sentence: Sentence, start: int = 0, end: int = 1000) -> list[Test]:
    """Return what a statement must hold to answer what is asked for from one place to another: a number, a time."""
    tests: list[Test] = []

    def asks(*roles: str) -> bool:
        return any(start <= place < end for role in roles for place in sentence.marks.get(role, ()))

    if asks("how large", "count", "how long"):
        tests.append(lambda words: any(word in _NUMBERS or _DIGIT.search(word) for word in words))
    if sentence.has("count") and sentence.following(sentence.marks["count"][0]) in sentence.patients:
        tests.append(lambda words: not _COUNTS.isdisjoint(words))
    if sentence.has("count") and _is_of_cells(sentence):
        tests.append(lambda words: "=unit=cells" in words)
    if asks("in percent"):
        tests.append(lambda words: "=unit=%" in words)
    if asks("how long"):
        tests.append(lambda words: any(word in _TIMES for word in words))
    if asks("when"):
        tests.append(lambda words: any(re.fullmatch(r"(19|20)\d\d", word) or word in _TIMES for word in words))
    if asks("why"):
        tests.append(lambda words: not _REASONS.isdisjoint(words))
    if asks("how") and sentence.has("given"):
        tests.append(lambda words: "=route" in words)
    return tests


def _is_of_cells(sentence: Sentence) -> bool:
    """Say whether cells are counted: "how many TIL cells"."""
    start = sentence.marks["count"][0]
    return any(span.value("unit") == "cell" for span in sentence.spans[start + 1 : start + 4])


def is_left_out(sentence: Sentence, item: Item) -> bool:
    """Say whether others are asked for beside what is named: "besides fluids", "other than fatigue"."""
    return item.negated and any(
        sentence.spans[place].value("not") == "besides" for place in sentence.marks.get("not", ())
    )


def is_joined(sentence: Sentence, one: Item, other: Item, *, is_listed: bool) -> bool:
    """Say whether "and", "or", "versus" joins two items, or a comma or slash if they can be a list."""
    start, end = max(one.places), min(other.places)
    between = sentence.spans[start + 1 : end]
    marks = {sign for span in sentence.spans[start:end] for sign in span.after if sign in ",/"}
    return bool(marks and is_listed) or any(span.does("and", "or", "compare", "both", "versus") for span in between)


def is_asked_amount(sentence: Sentence, place: int) -> bool:
    """Say whether a unit is what is asked for: "how many months"."""
    before = sentence.before(place)
    return before >= 0 and sentence.spans[before].does("count", "how long", "how large", "which")


def rank_of(sentence: Sentence) -> tuple[str, Item | None]:
    """Return whether the highest or the lowest figures are wanted, and the number that says how many or compares."""
    order = "highest" if sentence.has("most", "highest") else "lowest" if sentence.has("lowest", "fewest") else ""
    for item in sentence.items:
        if isinstance(item.test, Compared):
            before, after = sentence.before(min(item.places)), sentence.following(max(item.places))
            spans = sentence.spans
            beside = [spans[place] for place in (before, after) if 0 <= place < len(spans)]
            if order and any(span.does("most", "highest", "lowest", "fewest") for span in beside):
                return order, item
            if item.test.sign in ("<", "<=", ">", ">="):
                return order, item
    return order, None
