"""Seconds and memory of each measure, process start included, on multiples of the shipped data.

Run: python tests/benchmarks/analytics.py [FACTOR...]; 1, 10 and 100 if not given. Prints the load too, and fails on
nothing. The data is that of generate.py, which has no statements, so `kg analyze path` is not among the measures.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

COMMANDS = [
    "central",
    "communities",
    "similar FT576",
    "similar",
    "whitespace",
    "whitespace --combination set-disease",
    "together",
    "pace",
    "entries",
    "ages",
    "stale",
]


def measured(command: str, data: Path) -> str:
    """Return how long a measure takes and how much memory it takes at most; the index of the data is there before."""
    start = time.perf_counter()
    words = [sys.executable, "-m", "kg", "analyze", *command.split(), "--data", str(data), "--format", "csv"]
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    told = f"{seconds:7.1f} s {usage.ru_maxrss / 1024:7.0f} MB"
    return told if not status else f"{told}   exit code {os.waitstatus_to_exitcode(status)}"


def main(factors: list[int]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_CACHE_HOME"] = folder
        for factor in factors:
            data = Path(folder) / f"{factor}.nt"
            generator = Path(__file__).with_name("generate.py")  # a process of its own, as memory is inherited
            subprocess.run([sys.executable, str(generator), str(factor), str(data)], check=True)
            measured("ages", data)
            for command in COMMANDS:
                print(
                    f"{factor:4} x  {command:36} {measured(command, data)}   load {os.getloadavg()[0]:.1f}", flush=True
                )


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]] or [1, 10, 100])
