"""The measures: what each is called, what it tells, its function, and the options that it has on the command line.

To add a measure, write its module here in ``analytics/``, and an entry in :data:`MEASURES`: ``kg analyze``, its help
and :meth:`kg.KnowledgeGraph.analyze` work from this list. An option that is not given is not passed on, so the
default stands at the parameter of the function alone.
"""

from __future__ import annotations

from contextlib import suppress
from importlib import import_module
from math import inf
from typing import TYPE_CHECKING, Any, NamedTuple

from kg.analytics.days import read_day
from kg.analytics.landscape import RELATIONS
from kg.errors import UsageError, nearest

if TYPE_CHECKING:
    from collections.abc import Callable

    from kg.analytics.table import Measure

__all__ = ["MEASURES", "PATH", "Declaration", "Option", "find_measure", "read_count"]


def read_count(text: str) -> int:
    """Return the whole number that a text is.

    Raises:
        UsageError: if it is none.
    """
    if not text.isdecimal():
        raise UsageError(f"'{text}' is no count; expected a whole number such as 20")
    return int(text)


def _paths(text: str) -> int:
    if not read_count(text):
        raise UsageError("no path at all; expected at least 1")
    return int(text)


def _number(text: str) -> float:
    with suppress(ValueError):
        if 0 <= (found := float(text)) < inf:
            return found
    raise UsageError(f"'{text}' is no amount; expected a number from 0, such as 1.5")


def _read_day(text: str) -> str:
    return text and read_day(text)  # an empty one is none


class Option(NamedTuple):
    """An option of a measure.

    Attributes:
        flag: what is written on the command line.
        parameter: the parameter of the function that takes it.
        about: what it is for, with its default in brackets.
        metavar: what stands for its value in the help; the choices if empty.
        read: returns the value that a text means, or raises a ``UsageError`` that says what was expected.
        choices: the only values allowed, if there are such.
        is_repeatable: whether it can be given several times; its value is a list then.
    """

    flag: str
    parameter: str
    about: str
    metavar: str = ""
    read: Callable[[str], Any] = str
    choices: tuple[str, ...] = ()
    is_repeatable: bool = False


class Declaration(NamedTuple):
    """A measure.

    Attributes:
        function: its module in ``kg.analytics`` and its function, which takes a landscape, then the IRIs of the things
            that the measure is about, then its options.
        about: what it tells: one line, then what its columns hold.
        example: a command.
        options: its options.
        things: the names of the arguments that name things, each with what is said of it in the help.
        needs_things: whether these have to be given.
        stops_itself: whether the function takes a ``limit`` and stops there, as all rows would be too many.
    """

    function: str
    about: str
    example: str
    options: tuple[Option, ...] = ()
    things: tuple[tuple[str, str], ...] = ()
    needs_things: bool = False
    stops_itself: bool = False


def _pair(flag: str, default: str) -> Option:
    about = f"two relations of trials, such as {default} (which is taken if not given)"
    return Option(flag, "pair", about, "ONE-OTHER")


_BACKEND = Option("--backend", "backend", "a backend of NetworkX that computes, such as parallel", "BACKEND")
_BY = Option("--by", "by", "what to count by (target)", "RELATION", choices=RELATIONS)
_DAY = Option("--day", "day", "count from this day; that of the latest trial if not given", "DATE", _read_day)

MEASURES = {
    "central": Declaration(
        "central.central",
        """Tell which things are central, and which only because they are in many trials.

trials       how many have the thing
partners     how many things of other types share a trial with it
betweenness  which part of the shortest ways between all others leads over it: high for what bridges fields
pagerank     how often a walk from trial to thing to trial comes by
_z, _p       how far that is from chance, where everything keeps its number of trials, and how probable""",
        "kg analyze central --type target --relation disease",
        (
            Option("--type", "type_", "show these things alone", choices=RELATIONS),
            Option(
                "--relation",
                "relations",
                "make the graph of trials and these things, and those of --type; again for several",
                "RELATION",
                choices=RELATIONS,
                is_repeatable=True,
            ),
            Option(
                "--samples",
                "samples",
                "how many shuffled graphs to compare with (49; 19 for a graph of more than 2,000 edges)",
                "N",
                read_count,
            ),
            _BACKEND,
        ),
    ),
    "communities": Declaration(
        "communities.communities",
        "Cluster the products in trials by what they are alike in, and tell what each cluster has in common.",
        "kg analyze communities",
        (
            Option(
                "--resolution",
                "resolution",
                "more than 1 gives smaller communities, less gives larger ones (1)",
                "X",
                _number,
            ),
            _BACKEND,
        ),
    ),
    "similar": Declaration(
        "alike.similar",
        """Tell which products are most like one, or like each other, and by what.

similarity   bits shared of all bits of both: what is rare tells more; what is not reported is not shared
comparable   the same by only what both report anything of
shared       by target, disease and so on: the bits shared of the bits of both, and what is shared""",
        "kg analyze similar FT576",
        things=(("product", "a label, synonym, id or IRI; all products if not given"),),
    ),
    "together": Declaration(
        "together.together",
        """Tell which pairs meet more often, or less often, than chance would have it.

together  how many have both; expected by chance, of how many
p, q      two-sided and exact (hypergeometric), and adjusted for the false discovery rate""",
        "kg analyze together --pairs target-agent",
        (_pair("--pairs", "modification-modification"),),
        stops_itself=True,
    ),
    "whitespace": Declaration(
        "whitespace.whitespace",
        """Tell which combinations are plausible and untried, and why.

A combination is of two relations; `set` is of modifications that a product carries together.

state    tried and stopped, never reported, or not to be told, as a trial does not disclose it
because  the paths that count most for it, each tie with its number of trials

`kg analyze backtest` tells what each predictor is worth.""",
        "kg analyze whitespace --combination target-disease",
        (
            _pair("--combination", "target-disease"),
            Option(
                "--by",
                "by",
                "what to rank by: `degree product`, Adamic-Adar, paths or embedding (paths)",
                "PREDICTOR",
            ),
            Option(
                "--state",
                "state",
                "only those that are `tried and stopped`, `never reported` or `cannot be told`",
                "STATE",
            ),
        ),
        stops_itself=True,
    ),
    "backtest": Declaration(
        "backtest.backtest",
        "Tell how well links of later trials could have been predicted from the trials before a day.",
        "kg analyze backtest --cutoff 2022-01-01 --cutoff 2023-01-01",
        (
            _pair("--combination", "target-disease"),
            Option(
                "--cutoff",
                "cutoffs",
                "learn from trials first posted before this day; again for several (five, 2020 to 2024)",
                "DATE",
                _read_day,
                is_repeatable=True,
            ),
        ),
    ),
    "pace": Declaration(
        "pace.pace",
        "Count trials in each year by target, source, group, sponsor or the like, with the first and the latest.",
        "kg analyze pace --by source",
        (_BY,),
    ),
    "entries": Declaration(
        "pace.entries",
        "Tell who was first in class, and who entered when: each sponsor's first trial by target, source or the like.",
        "kg analyze entries --by target",
        (_BY,),
    ),
    "ages": Declaration("pace.ages", "Tell how old the trials of each status are.", "kg analyze ages", (_DAY,)),
    "stale": Declaration(
        "pace.open_trials",
        "List trials that were posted long ago and are still said to recruit, or to be about to.",
        "kg analyze stale --years 4",
        (_DAY, Option("--years", "years", "how old a trial is at least (3)", "N", _number)),
    ),
}
"""The name of each measure -> what it is."""

PATH = Declaration(
    "connections.connections",
    "Tell how two things are connected: the cheapest paths, a row for each step, always with its evidence.",
    "kg analyze path N-803 NK-92",
    (
        Option("--paths", "limit", "how many paths (5)", "N", _paths),
        Option(
            "--damping", "damping", "how much a step over a hub costs more; 0 counts steps alone (0.5)", "X", _number
        ),
    ),
    things=(("start", "a label, synonym, id or IRI"), ("end", "a label, synonym, id or IRI")),
    needs_things=True,
)
"""``kg analyze path``: its function takes a store, and gives no table of one thing a row."""


def find_measure(name: str) -> Callable[..., Measure]:
    """Return the function of a measure; its module is imported now, as it may need heavy libraries.

    Raises:
        UsageError: if there is no such measure.

    Example:
        >>> find_measure("similar").__name__
        'similar'
    """
    if name not in MEASURES:
        raise UsageError(f"no measure '{name}'{nearest(name, MEASURES)}; there are {', '.join(MEASURES)}")
    module, _, function = MEASURES[name].function.partition(".")
    found: Callable[..., Measure] = getattr(import_module(f"kg.analytics.{module}"), function)
    return found
