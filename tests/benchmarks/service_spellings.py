"""Whether any spelling of SERVICE gets past the check, with Oxigraph and a server on loopback as the judges.

Run: python tests/benchmarks/service_spellings.py [COUNT [SEED]]; 5,000 and 1 if not given, which takes minutes. Prints
what was tried, how many ask the server when nothing checks them and when the check does, how many get past it that an
engine reads as SERVICE without asking, and how many are refused that are lawful. Fails if there is any.
"""

from __future__ import annotations

import sys
from collections import Counter
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from judging import Judge, judge
from spellings import iter_comparisons, iter_lawful, iter_mutants, iter_spellings, iter_updates

from kg.engines.sparql.syntax import check
from kg.errors import QueryError
from kg.paths import data_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


KINDS: dict[str, Callable[[int], Iterator[str]]] = {
    "spellings": iter_spellings,
    "comparisons": iter_comparisons,
    "broken spellings": partial(iter_mutants, texts=iter_spellings),
    "broken comparisons": partial(iter_mutants, texts=iter_comparisons),
    "broken lawful ones": partial(iter_mutants, texts=iter_lawful),
}


def is_refused(text: str) -> bool:
    try:
        check(text, Path("query.rq"))
    except QueryError:
        return True
    return False


def main(count: int, seed: int) -> int:
    found = Counter[str]()
    with judge() as engine:
        for name, texts in KINDS.items():
            for text in islice(texts(seed), count):
                try_spelling(text, name, engine, found)
        for text in islice(iter_updates(seed), count // 4):
            if not engine.run(text, "update").error.startswith("SyntaxError"):
                found["updates"] += 1
                found["updates past"] += not is_refused(text)
        for text in islice(iter_lawful(seed), count):
            if not engine.run(text).error:
                found["lawful"] += 1
                found["lawful refused"] += is_refused(text)
    for path in data_folder("queries").rglob("*.rq"):
        found["catalogue"] += 1
        found["catalogue refused"] += is_refused(path.read_text(encoding="utf-8"))
    for name in KINDS:
        print(f"{name + ':':20}{found[name]:7,} tried, {found[name + ' read']:6,} read as SERVICE, of which", end=" ")
        asked, still = found[f"{name} asked"], found[f"{name} still asked"]
        print(f"{asked:6,} ask the server unchecked, {still} checked; {found[name + ' past']} get past")
    print(f"updates: {found['updates']:,} that Oxigraph takes, {found['updates past']} get past the check")
    print(f"lawful: {found['lawful']:,} that Oxigraph takes, {found['lawful refused']} refused")
    print(f"catalogue: {found['catalogue']:,} queries, {found['catalogue refused']} refused")
    return sum(number for name, number in found.items() if name.endswith((" past", " refused")))


def try_spelling(text: str, name: str, engine: Judge, found: Counter[str]) -> None:
    verdict = engine.run(text)
    is_read = engine.reads_service(text, verdict)
    found[name] += 1
    found[f"{name} asked"] += verdict.has_asked
    found[f"{name} read"] += is_read
    if is_read and not is_refused(text):
        found[f"{name} past"] += 1
        found[f"{name} still asked"] += verdict.has_asked
        print(f"gets past: {text!a}")


if __name__ == "__main__":
    numbers = [int(text) for text in sys.argv[1:]]
    sys.exit(main(*(numbers + [5000, 1][len(numbers) :])) > 0)
