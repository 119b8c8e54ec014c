"""Cold starts of whole processes, as ratios to `python -c "import rdflib"` in the same run.

Run: python tests/benchmarks/cold.py [RUNS]. Prints medians; fails on nothing.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time

KG = [sys.executable, "-m", "kg"]
COMMANDS = {
    "import rdflib": [sys.executable, "-c", "import rdflib"],
    "kg query": [*KG, "query", "ipsc_products_with_cd38_ko"],
    "kg ask": [*KG, "ask", "which iPSC products carry CD38 KO"],
    "kg build": [*KG, "build", "--out", os.devnull + ".nt"],
}


def seconds(command: list[str], **environment: str) -> float:
    start = time.perf_counter()
    subprocess.run(command, capture_output=True, check=True, env=os.environ | environment)
    return time.perf_counter() - start


def main(runs: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        COMMANDS["kg build"][-1] = f"{folder}/x.nt"
        times: dict[str, list[float]] = {name: [] for name in COMMANDS}
        first = []
        for number in range(runs):
            first.append(seconds(COMMANDS["kg query"], XDG_CACHE_HOME=f"{folder}/{number}"))
            for name, command in COMMANDS.items():
                times[name].append(seconds(command, XDG_CACHE_HOME=folder))
    times["kg query, first use ever"] = first
    base = statistics.median(times["import rdflib"])
    print(f"{'':26} {'median':>8} {'ratio':>6}   of {runs} runs")
    for name, found in times.items():
        median = statistics.median(found)
        print(f"{name:26} {median * 1000:5.0f} ms {median / base:6.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 9)
