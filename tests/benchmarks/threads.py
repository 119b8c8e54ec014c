"""Eight threads with 200 queries each on one graph: half of the catalogue, half of a user's own.

``python tests/benchmarks/threads.py [THREADS] [QUERIES]`` prints how many rows were wrong, and the time.
"""

from __future__ import annotations

import sys
import threading
from time import monotonic

from kg import KnowledgeGraph


def main() -> None:
    threads, queries = (int(word) for word in [*sys.argv[1:], "8", "200"][:2])
    graph = KnowledgeGraph()
    counts = list(graph.query("trial_counts"))
    wrong = []

    def ask(number: int) -> None:
        for turn in range(queries):
            own = f"SELECT ({number * queries + turn} AS ?n) {{}}"
            rows = list(graph.query(own if turn % 2 else "trial_counts"))
            if rows != ([{"n": number * queries + turn}] if turn % 2 else counts):
                wrong.append(rows)

    start = monotonic()
    running = [threading.Thread(target=ask, args=(number,)) for number in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    print(f"{threads} threads, {queries} queries each: {len(wrong)} wrong, {monotonic() - start:.1f} s")


if __name__ == "__main__":
    main()
