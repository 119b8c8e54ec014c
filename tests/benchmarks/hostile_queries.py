"""Hostile queries: each must end within its deadline and a second, with exit code 2 or 4 and a message; the next works.

``python tests/benchmarks/hostile_queries.py [SECONDS] [FUZZED]`` runs a hundred by hand with the deadline (3 s), then
some at random (10,000), which must not end the process that asks, and prints what came of them.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from random import Random
from time import monotonic

sys.path.insert(0, str(Path(__file__).parent.parent))
from queries_at_random import iter_hostile, random_query

from kg import KGError, KnowledgeGraph


def asked(graph: KnowledgeGraph, text: str) -> tuple[int, str, float]:
    """Return the exit code, the message and the seconds of a query."""
    start = monotonic()
    try:
        graph.query(f"{text} #{{")  # a brace tells a query from a name
        code, message = 0, ""
    except KGError as error:
        code, message = error.exit_code, str(error)
    return code, message, monotonic() - start


def main() -> None:
    deadline, fuzzed = float((sys.argv[1:] or ["3"])[0]), int((sys.argv[2:] or ["10000"])[0])
    graph = KnowledgeGraph(deadline=deadline, memory="512M")
    codes: Counter[int] = Counter()
    slowest, slowest_next, bad = 0.0, 0.0, []
    for kind, text in iter_hostile():
        code, message, took = asked(graph, text)
        _, _, after = asked(graph, "SELECT (1 AS ?n) {}")
        codes[code] += 1
        slowest, slowest_next = max(slowest, took), max(slowest_next, after)
        is_right = took < deadline + 1 and after < 1 and (code == 0) == (message == "")
        bad += [] if is_right else [f"  {kind}: exit {code}, {took:.1f} s, the next one {after:.1f} s: {message[:100]}"]
        print(f"{kind}: exit {code} after {took:.2f} s {message[:90]!r}", file=sys.stderr)
    print(f"hostile: {codes.total()} queries, exit codes {dict(sorted(codes.items()))}")
    print(f"deadline {deadline:g} s: the slowest took {slowest:.2f} s, the slowest after one {slowest_next:.2f} s")
    print(*(bad or ["none ended otherwise than promised"]), sep="\n")
    chance = Random(16)
    codes.clear()
    start = monotonic()
    for _ in range(fuzzed):
        codes[asked(graph, random_query(chance))[0]] += 1
    print(f"at random: {fuzzed} queries in {monotonic() - start:.0f} s, exit codes {dict(sorted(codes.items()))}")


if __name__ == "__main__":
    main()
