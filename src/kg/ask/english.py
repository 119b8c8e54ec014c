"""The closed words of English and everyday words, read from tables of the ontology; and the stems of all words."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["read_english", "stem"]

_UNITED = (("ae", "e"), ("oe", "e"), ("isation", "ization"), ("lys", "lyz"))  # British and American spellings
_ENDINGS = (
    *(
        ("ibility", "ibl"),
        ("ability", "abl"),
        ("ies", "y"),
        ("ied", "y"),
        ("izations", ""),
        ("ization", ""),
        ("ations", ""),
        ("ation", ""),
        ("itions", ""),
    ),
    *(("ition", ""), ("ising", ""), ("izing", ""), ("ised", ""), ("ized", ""), ("ises", ""), ("izes", ""), ("ise", "")),
    *(("ize", ""), ("ically", "ic"), ("ingly", ""), ("ions", ""), ("ion", ""), ("ings", ""), ("ing", ""), ("edly", "")),
    *(("ed", ""), ("es", ""), ("s", ""), ("e", "")),
)
_SHORTEST = {"ation": 4, "ations": 4, "ition": 4, "itions": 4, "ion": 4, "ions": 4, "ise": 4, "ize": 4}


def read_english(folder: Path) -> dict[str, list[tuple[str, str]]]:
    """Return phrases with their roles and the values of these.

    Args:
        folder: with ``english.csv`` (columns ``role``, ``value``, ``phrases``), the closed words, and ``everyday.csv``
            (``value``, ``phrases``), other words for names of the graph and for words of its texts; their role is
            ``means``.
    """
    import csv

    roles: dict[str, list[tuple[str, str]]] = {}
    for name in ("english.csv", "everyday.csv"):
        with (folder / name).open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                for phrase in row["phrases"].replace("-", " ").split("; "):
                    roles.setdefault(phrase, []).append((row.get("role") or "means", row["value"]))
    return roles


@cache
def stem(word: str) -> str:
    """Return a word without the endings that do not tell meanings apart, in one spelling.

    Example:
        >>> stem("carrying") == stem("carries") == stem("carry"), stem("trials"), stem("cd38"), stem("is")
        (True, 'trial', 'cd38', 'is')
        >>> stem("tumours") == stem("tumor"), stem("leukaemia"), stem("stabilisation") == stem("stabilized")
        (True, 'leukemia', True)
    """
    if len(word) <= 3 or not word.isalpha() or word.endswith("ss"):
        return word
    for british, american in _UNITED:
        word = word.replace(british, american)
    word = re.sub(r"(?<=[a-z]{3})our", "or", word)
    for ending, instead in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST.get(ending, 2):
            word = word.removesuffix(ending) + instead
            break
    return re.sub(r"([bdgmnprt])\1$", r"\1", word)
