"""Numbers and spans of days in a sentence, with what says before, after, more or less."""

from __future__ import annotations

from kg.ask.plan import Compared, Within
from kg.ask.quantity import Days
from kg.ask.sentence import ENROLLMENT, Item, Sentence

__all__ = ["read_days_at", "read_number_at"]

_SIGNS = {"greater": ">", "less": "<", "at least": ">=", "at most": "<=", "equal": "="}
_AFTER_SIGNS = {"or more": ">=", "or fewer": "<="}


def read_days_at(said: Sentence, place: int) -> Item:
    """Return a span of days with what says before, after, since or between."""
    spans = said.spans
    days, places = spans[place].days, {place}
    before, after = said.before(place), said.following(place)
    second = said.following(after) if after < len(spans) and spans[after].does("and", "before", "at most") else after
    if after < len(spans) and spans[after].text.casefold() in ("to", "and", "until", "through", "till"):
        second = after + 1
    else:
        second = after if after < len(spans) and spans[place].after in ("-", "\u2013") else second
    if second < len(spans) and spans[second].kind == "days" and second > place:
        places |= {second}
        days = Days(days.first, spans[second].days.until)
    elif (before >= 0 and spans[before].does("before", "less")) or (
        after < len(spans) and spans[after].does("or earlier")
    ):
        days = Days("", days.first if before >= 0 and spans[before].does("before", "less") else days.until)
    elif before >= 0 and spans[before].does("after", "greater") and not spans[before].does("since"):
        days = Days(days.until, "")
    elif (before >= 0 and spans[before].does("since")) or (after < len(spans) and spans[after].does("or later")):
        days = Days(days.first, "")
    return Item(places, spans[place].text, test=Within(*days))


def read_number_at(said: Sentence, place: int) -> Item:
    """Return a number with its sign and what it counts."""
    spans = said.spans
    number, places = spans[place].number, {place}
    before, after = said.before(place), said.following(place)
    sign = next((_SIGNS[role] for role, _ in spans[before].roles if role in _SIGNS), "") if before >= 0 else ""
    if after < len(spans) and (found := next((s for role, s in _AFTER_SIGNS.items() if spans[after].does(role)), "")):
        sign, after = found, said.following(after)
    if before >= 0 and spans[before].does("between") and after + 1 < len(spans):
        second = after + 1 if spans[after].does("and") or spans[after].text.casefold() == "to" else after
        if spans[second].kind == "number":
            return Item({place, second}, spans[place].text, test=Within(number, spans[second].number))
    item = Item(places, spans[place].text, test=Compared(sign or "", number))
    if after < len(spans) and spans[after].does("patients"):
        item.properties = (ENROLLMENT,)
    return item
