"""SIGKILL at random moments of `kg build --out` and of the first use of a dataset: old or new, nothing left over.

``python tests/benchmarks/kills.py [TIMES]`` kills each 200 times and prints what was found.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parent.parent))
from killing import kill_builds, kill_first_uses


def main() -> None:
    times = int((sys.argv[1:] or ["200"])[0])
    for what, run in (("kg build --out", kill_builds), ("first use", kill_first_uses)):
        with tempfile.TemporaryDirectory() as folder:
            print(f"{what}, killed {times} times: {run(Path(folder), Random(18), times)}")


if __name__ == "__main__":
    main()
