"""Questions at random: mutilated ones, words thrown together, signs.

Run: python tests/benchmarks/ask_fuzz.py [COUNT [SEED]]. Prints what happened; exits with 1 if a question raised an
error, took over two seconds, or was answered though it was made of words without sense.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from kg import KnowledgeGraph

QUESTIONS = Path(__file__).parent.parent / "data" / "questions"
SIGNS = "abcxyz 0123456789?!,;:()[]{}'\"\\/<>=&|%$#@~^*+-_.\u00e9\u4e2d\u202e\u0000\ud7ff\U0001f9ec\n\t"
SLOWEST = 2.0  # seconds


class Tried(NamedTuple):
    """What became of the questions: how many of each kind had which status, those at fault, and the slowest time."""

    statuses: Counter[tuple[str, str]]
    faults: list[str]
    slowest: float


def _nonsense(chance: random.Random) -> str:
    """Return words that no language has."""
    letters = "bcdfghjklmnpqrstvwxz"
    words = ["".join(chance.choice(letters) for _ in range(chance.randint(6, 10))) for _ in range(chance.randint(1, 8))]
    return " ".join(words)


def _mutilated(chance: random.Random, asked: list[str]) -> str:
    """Return a question with words or letters lost, doubled or swapped."""
    words = chance.choice(asked).split()
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(len(words))
        change = chance.randint(0, 3)
        if change == 0:
            words[place] = words[place][: chance.randint(0, len(words[place]))]
        elif change == 1:
            words.insert(place, chance.choice(chance.choice(asked).split()))
        elif change == 2:
            words[place] = words[place] + chance.choice(SIGNS)
        else:
            other = chance.randrange(len(words))
            words[place], words[other] = words[other], words[place]
    return " ".join(words)


def _thrown(chance: random.Random, asked: list[str]) -> str:
    """Return words of questions in no order."""
    return " ".join(chance.choice(chance.choice(asked).split()) for _ in range(chance.randint(1, 14)))


def fuzz(graph: KnowledgeGraph, count: int, seed: int) -> Tried:
    """Ask at random.

    Args:
        graph: what is asked.
        count: how many questions, a quarter of each kind.
        seed: of chance.
    """
    chance = random.Random(seed)
    asked = [
        item["question"] for path in sorted(QUESTIONS.glob("*.json")) for item in json.loads(path.read_text("utf-8"))
    ]
    tried = Tried(Counter(), [], 0)
    for number in range(count):
        kind = ("nonsense", "signs", "mutilated", "thrown")[number % 4]
        if kind == "nonsense":
            question = _nonsense(chance)
        elif kind == "signs":
            question = "".join(chance.choice(SIGNS) for _ in range(chance.randint(0, 320)))
        else:
            question = _mutilated(chance, asked) if kind == "mutilated" else _thrown(chance, asked)
        start = time.perf_counter()
        try:
            answer = graph.ask(question)
            json.loads(answer.to_json())
            status = answer.status
        except Exception as error:
            status = "error"
            tried.faults.append(f"{question!r}: {error!r}")
        taken = time.perf_counter() - start
        tried.statuses[kind, status] += 1
        if taken > SLOWEST:
            tried.faults.append(f"{question!r}: {taken:.1f} s")
        if kind == "nonsense" and status == "answered":
            tried.faults.append(f"{question!r}: answered")
        tried = tried._replace(slowest=max(tried.slowest, taken))
    return tried


def main(count: int, seed: int) -> int:
    graph = KnowledgeGraph()
    graph.ask("how many trials are there")
    tried = fuzz(graph, count, seed)
    for (kind, status), number in sorted(tried.statuses.items()):
        print(f"{kind:10} {status:15} {number:5}")
    print(f"slowest {tried.slowest:.2f} s; at fault: {len(tried.faults)}")
    print("\n".join(tried.faults[:20]))
    return 1 if tried.faults else 0


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:3]]
    sys.exit(main(*[*numbers, *(2000, 1)[len(numbers) :]]))
