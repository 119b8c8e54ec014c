"""Ask many servers that do wrong, each in a drawn way, and count what comes of it.

    python tests/benchmarks/endpoint_misbehaviour.py [NUMBER] [SEED]

Exits with 1 if an answer was wrong, late or no line; see ``tests/misbehaviours.py``.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from hypothesis import HealthCheck, given, seed, settings
from misbehaviours import DEADLINE, Behaviour, Outcome, behaviours, run, suspicious_pages


def tried(number: int, start: int) -> list[tuple[Behaviour, Outcome]]:
    """Return behaviours and what came of each."""
    found: list[tuple[Behaviour, Outcome]] = []

    @seed(start)
    @settings(max_examples=number, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(behaviours())
    def ask(behaviour: Behaviour) -> None:
        with suspicious_pages():
            found.append((behaviour, run(behaviour)))

    ask()
    return found


def said(outcome: Outcome) -> str:
    """Return what an outcome says, without what differs from server to server."""
    text = re.sub(r"https?://127\.0\.0\.1:\d+\S*", "URL", outcome.message)
    return re.sub(r"\d+", "N", re.sub(r"'.*'", "'...'", text))[:100]


def main(number: int = 500, start: int = 1) -> int:
    """Print the counts, and return whether something was wrong."""
    found = tried(number, start)
    outcomes = [outcome for _, outcome in found]
    seconds = sorted(outcome.seconds for outcome in outcomes)
    print(f"{len(found)} servers, a deadline of {DEADLINE} s, seed {start}")
    for kind, count in Counter(outcome.kind for outcome in outcomes).most_common():
        print(f"{count:6} {kind}")
    print(f"seconds: median {median(seconds):.3f}, most {seconds[-1]:.3f}")
    for text, count in Counter(map(said, outcomes)).most_common():
        print(f"{count:6} {text or '(rows)'}")
    wrong = [(behaviour, outcome) for behaviour, outcome in found if outcome.faults]
    for behaviour, outcome in wrong:
        print(outcome.faults, behaviour, outcome.message)
    print(f"{len(wrong)} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main(*map(int, sys.argv[1:3])))
