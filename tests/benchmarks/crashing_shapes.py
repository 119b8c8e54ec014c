"""How often a part of a query may be repeated before pyoxigraph ends its process, and how often it is let through.

Run: python tests/benchmarks/crashing_shapes.py [NAME...]. Each part is repeated twice as often until the process ends,
or a query takes longer than some seconds; then the number is narrowed down. It is tried in the first thread of a
process, with the stack that it has (`ulimit -s`), and in another thread. Fails on nothing.
"""

from __future__ import annotations

import subprocess
import sys
from bisect import bisect_left
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from shapes import SHAPES, repeated

from kg.engines.sparql.shape import MOST, shape_of

SECONDS = 8
HIGHEST = 1 << 15
PROCESS = """
import sys, threading
from pyoxigraph import Store
text = sys.stdin.read()
def run():
    try: list(Store().query(text))
    except (SyntaxError, TypeError): pass
if sys.argv[1] == "first": run()
else:
    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
"""


def outcome(text: str, thread: str) -> str:
    """Return what becomes of a query: ``runs``, ``ends`` or ``long``."""
    command = [sys.executable, "-c", PROCESS, thread]
    try:
        code = subprocess.run(command, input=text, text=True, capture_output=True, timeout=SECONDS).returncode
    except subprocess.TimeoutExpired:
        return "long"
    return "ends" if code < 0 else "runs"


def least(name: str, thread: str) -> str:
    """Return how often a part is repeated when it first ends the process, within a fiftieth."""
    count, said = 64, "runs"
    while said == "runs" and count <= HIGHEST:
        count *= 2
        said = outcome(repeated(name, count), thread)
    if said != "ends":
        return f"{said} at {count:,}"
    low = count // 2
    while count - low > max(4, count // 50):
        middle = (low + count) // 2
        said = outcome(repeated(name, middle), thread)
        low, count = (middle, count) if said == "runs" else (low, middle)
    return f"ends at {count:,}"


def let_through(name: str) -> int:
    """Return how often a part may be repeated."""
    return bisect_left(range(4096), 1, key=lambda count: bool(shape_of(repeated(name, count)).excess(MOST))) - 1


if __name__ == "__main__":
    print(f"{'':20} {'first thread':>18} {'another thread':>18} {'let through':>12}")
    for shape in sys.argv[1:] or SHAPES:
        print(
            f"{shape:20} {least(shape, 'first'):>18} {least(shape, 'other'):>18} {let_through(shape):12,}", flush=True
        )
