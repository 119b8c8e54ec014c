"""Spellings of SERVICE that Oxigraph's grammar takes, updates, and lawful queries that only look so.

Oxigraph 0.5 reads keywords without a gap and in any case, ends comments at a carriage return too, and decides by its
grammar what ``<``, a quote or a dot means. The spellings are put together from that: something that ends a pattern, a
gap or none, the keyword, and a name for the server, in any place where a pattern may stand. The parts lie in
``data/spellings/parts.txt``, so that adding one needs no Python.
"""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = [
    "ADDRESS",
    "PARTS",
    "iter_comparisons",
    "iter_lawful",
    "iter_mutants",
    "iter_spellings",
    "iter_updates",
    "read_cases",
]

ADDRESS = "http://server.example"  # stands for the address of the listener
_FOLDER = Path(__file__).resolve().parent / "data" / "spellings"


def read_cases(name: str) -> list[str]:
    """Return the texts of a file of spellings, one a line."""
    lines = (_FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    cases = [_unescaped(line) for line in lines if line and not line.startswith("## ")]
    assert cases, f"no cases in {name}.txt"
    return cases


def _unescaped(line: str) -> str:
    text = line.encode("latin-1", "backslashreplace").decode("unicode_escape")
    return "" if text == "(nothing)" else text


def _read_parts() -> dict[str, list[str]]:
    """Return the name of each kind of parts -> the parts."""
    parts: dict[str, list[str]] = {}
    for line in (_FOLDER / "parts.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("## ["):
            parts[line[4:].partition("]")[0]] = kind = []
        elif line and not line.startswith("## "):
            kind.append(_unescaped(line))
    return parts


PARTS = _read_parts()


def iter_spellings(seed: int) -> Iterator[str]:
    """Yield queries that have a SERVICE, most of which Oxigraph runs; without end."""
    random = Random(seed)

    def pick(kind: str) -> str:
        return random.choice(PARTS[kind])

    while True:
        keyword = "".join(random.choice((letter, letter.lower())) for letter in "SERVICE")
        silent = random.choice(("", "SILENT" + pick("gaps"), "silent" + pick("gaps"), ""))
        server = f"{silent}{pick('servers')}{pick('gaps')}"
        service = f"{pick('before')}{pick('gaps')}{keyword}{pick('gaps')}{server}{{?a ?b ?c}}{pick('after')}\n"
        group = pick("wraps") % service
        if random.random() < 0.3:
            group = pick("wraps") % group[1:-1]
        head = random.choice((" ", "\n", "\r", "")).join(random.sample(PARTS["prefixes"], len(PARTS["prefixes"])))
        yield random.choice(("", "", "BASE<urn:>", 'VERSION"1.2"', "#\r")) + head + pick("forms") % group


def iter_comparisons(seed: int) -> Iterator[str]:
    """Yield queries with a SERVICE behind an expression in which ``<`` may compare or begin an IRI, without gaps."""
    random = Random(seed)

    def pick(kind: str) -> str:
        return random.choice(PARTS[kind])

    def expression(depth: int) -> str:
        parts = [pick("operands")]
        for _ in range(random.randint(0, 3)):
            is_nested = depth and random.random() < 0.3
            operand = f"({expression(depth - 1)})" if is_nested else pick("operands")
            parts += [pick("inner gaps"), pick("operators"), pick("inner gaps"), random.choice(("", "", "", "!", "-"))]
            parts += [operand]
        return "".join([*parts, pick("inner gaps")])

    while True:
        start = pick("expressions")
        group = start % tuple(expression(2) for _ in range(start.count("%s"))) + pick("inner gaps")
        yield f"{' '.join(PARTS['prefixes'])}SELECT*{{{group}SERVICE<{ADDRESS}/>{{?a ?b ?c}}{pick('ends')}}}"


def iter_mutants(seed: int, texts: Callable[[int], Iterator[str]] = iter_spellings) -> Iterator[str]:
    """Yield queries with a few signs changed, put in or left out: most are broken, some are read in unforeseen ways."""
    random = Random(seed)
    for text in texts(seed):
        changed = text
        for _ in range(random.randint(1, 3)):
            place = random.randrange(len(changed) + 1)
            rest = changed[place + random.choice((0, 0, 1, 2)) :]
            changed = changed[:place] + random.choice(("", random.choice(PARTS["broken"]))) + rest
        yield changed


def iter_lawful(seed: int) -> Iterator[str]:
    """Yield queries that say SERVICE in strings, comments, IRIs, variables and names alone; most of them can run."""
    random = Random(seed)
    terms = {"T": PARTS["lawful terms"], "L": PARTS["lawful literals"]}
    terms["I"] = [term for term in terms["T"] if not term.startswith(("?", "$"))]

    def gap() -> str:
        return random.choice(PARTS["lawful gaps"])

    def filled(pattern: str) -> str:
        return "".join(gap() + random.choice(terms.get(word, [word])) for word in pattern.split(" "))

    while True:
        head = "".join(gap() + prefix for prefix in PARTS["lawful prefixes"])
        patterns = random.sample(PARTS["lawful patterns"], random.randint(1, 3))
        group = "".join(filled(pattern) for pattern in patterns) + gap()
        yield head + gap() + random.choice(PARTS["lawful forms"]) % group


def iter_updates(seed: int) -> Iterator[str]:
    """Yield texts that change something, in Oxigraph's spellings: without gaps, after any prologue, in any case."""
    random = Random(seed)
    while True:
        words = random.choice(PARTS["updates"]).split(" ")
        cased = [random.choice((word, word.lower())) if word.isalpha() else word for word in words]
        head = "".join(random.sample(PARTS["prefixes"], len(PARTS["prefixes"])))
        start = random.choice(("", "\n", "#SELECT\r", "BASE<urn:>", "VERSION'1.2'", "#'\n"))
        gaps = PARTS["gaps"]
        yield start + head + random.choice(gaps) + "".join(random.choice(gaps) + word for word in cased)
