"""Processes that are killed at a random moment, and what they leave: the old or the new, and nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path
    from random import Random

OLD = b"<urn:old> <urn:old> <urn:old> .\n"
QUERY = [sys.executable, "-m", "kg", "query", "trial_counts", "--format", "csv"]


def kill(command: list[str], after: float, **environment: str) -> int:
    """Start a command, kill it after some seconds, and return its exit code: -9, or its own if it was done before."""
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ | environment
    )
    time.sleep(after)
    process.kill()
    return process.wait()


def seconds(command: list[str], **environment: str) -> float:
    """Return how long a command takes when nobody kills it."""
    start = time.monotonic()
    subprocess.run(command, check=True, capture_output=True, env=os.environ | environment)
    return time.monotonic() - start


def kill_builds(folder: Path, chance: Random, times: int) -> dict[str, int]:
    """Kill ``kg build --out`` again and again, and return how often the file was the old, the new, or another one.

    ``left`` is how many other files lie there when the next build is done.
    """
    out = folder / "out.nt"
    command = [sys.executable, "-m", "kg", "build", "--out", str(out)]
    whole = seconds(command)
    new = out.read_bytes()
    found = {"old": 0, "new": 0, "other": 0, "left": 0}
    for _ in range(times):
        out.write_bytes(OLD)
        kill(command, chance.uniform(0.3, 1.1) * whole)
        content = out.read_bytes()
        found["old" if content == OLD else "new" if content == new else "other"] += 1
    subprocess.run(command, check=True, capture_output=True)
    found["other"] += out.read_bytes() != new
    found["left"] = len(list(folder.iterdir())) - 1
    return found


def kill_first_uses(folder: Path, chance: Random, times: int) -> dict[str, int]:
    """Kill the first use of a dataset again and again, and return how often the next one gave the right rows.

    ``left`` is how many things that are no index lie in the cache in the end.
    """
    whole = seconds(QUERY, XDG_CACHE_HOME=str(folder / "none"))
    right = subprocess.run(QUERY, check=True, capture_output=True, env=os.environ | {"XDG_CACHE_HOME": str(folder)})
    found = {"right": 0, "other": 0, "left": 0}
    for number in range(times):
        cache = folder / str(number % 5)
        for index in cache.glob("immunokg/*.nt"):
            index.rename(folder / f"old-{number}-{index.name}")
        kill(QUERY, chance.uniform(0.1, 1.1) * whole, XDG_CACHE_HOME=str(cache))
        done = subprocess.run(QUERY, capture_output=True, check=False, env=os.environ | {"XDG_CACHE_HOME": str(cache)})
        found["right" if (done.returncode, done.stdout, done.stderr) == (0, right.stdout, b"") else "other"] += 1
    for number in range(5):
        cache = folder / str(number) / "immunokg"
        subprocess.run(QUERY, capture_output=True, check=True, env=os.environ | {"XDG_CACHE_HOME": str(cache.parent)})
        found["left"] += len([path for path in cache.iterdir() if not path.name.endswith(".nt")])
    return found
