"""The measures: for each its name, what it tells, its function, and its options on the command line.

To add a measure, write its module here in ``analytics/``, and add an entry to :data:`MEASURES`. ``kg analyze``, its
help and :meth:`kg.KnowledgeGraph.analyze` work from this list. If the user does not give an option, it is not passed
on. So only the parameter of the function has a default.
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
    """Read a text as a whole number.

    Raises:
        UsageError: if the text is not a whole number.
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
    return text and read_day(text)  # an empty text means that no day is given


class Option(NamedTuple):
    """An option of a measure.

    Attributes:
        flag: the option as it is written on the command line.
        parameter: the parameter of the function that takes the value.
        about: what the option is for, with its default in brackets.
        metavar: the word that stands for the value in the help; the choices if empty.
        read: a function that turns text into the value, or raises a ``UsageError`` that says what was expected.
        choices: the only values allowed, if they are limited.
        is_repeatable: whether the option can be given several times; its value is then a list.
    """

    flag: str
    parameter: str
    about: str
    metavar: str = ""
    read: Callable[[str], Any] = str
    choices: tuple[str, ...] = ()
    is_repeatable: bool = False


class Declaration(NamedTuple):
    """How a measure is offered to users.

    Attributes:
        function: its module in ``kg.analytics`` and its function. The function takes a landscape, then the IRIs of the
            things that the measure is about, then the options.
        about: its help: one line on what it tells, then what its columns hold.
        example: an example of the command.
        options: the options of the command.
        things: the arguments that name things, each with its name and its help.
        needs_things: whether these arguments are required.
        stops_itself: whether the function takes a ``limit`` and stops there, because all rows would be too many.
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
_DAY = Option("--day", "day", "take ages on this day; on that of the latest trial if not given", "DATE", _read_day)

MEASURES = {
    "central": Declaration(
        "central.central",
        """Tell which things are central, and which only because they are in many trials.

trials       how many have the thing
partners     how many things of other types share a trial with it
betweenness  the share of the shortest paths between all others that lead over it: high for what bridges fields
pagerank     how often a random walk from trial to thing to trial comes by
_z, _p       how far that is from chance in graphs where everything keeps its number of trials, and its p value""",
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
        "Cluster the products in trials by similarity, and tell what each cluster has in common.",
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
        "similar.similar",
        """Tell which products are most like one, or like each other, and by what.

similarity   the bits that both share, over all bits of both; a rare thing has more bits than a common one
comparable   the same without relations that one of them does not report at all; similarity counts these against it
shared       for targets, diseases and so on: the bits that both share, the bits of both, and what they share""",
        "kg analyze similar FT576",
        things=(("product", "a label, synonym, id or IRI; all products if not given"),),
    ),
    "together": Declaration(
        "together.together",
        """Tell which pairs meet more often, or less often, than by chance.

together  how many have both things; `expected` is that number by chance, `of` how many there are in all
p, q      the two-sided exact p value (hypergeometric), and p adjusted for the false discovery rate""",
        "kg analyze together --pairs target-agent",
        (_pair("--pairs", "modification-modification"),),
        stops_itself=True,
    ),
    "whitespace": Declaration(
        "whitespace.whitespace",
        """Tell which combinations are plausible and untried, and why.

A combination joins things of two relations; a `set` consists of modifications that a product carries together.

state    tried and stopped, never reported, or cannot be told, because a trial does not disclose it
because  the paths that count most for it; the number in a tie is how many trials have both its ends

`kg analyze backtest` tells how good each predictor is.""",
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
"""The name of each measure -> its declaration."""

PATH = Declaration(
    "connections.connections",
    "Tell how two things are connected: the cheapest paths, a row for each step, always with its evidence.",
    "kg analyze path N-803 NK-92",
    (
        Option("--paths", "limit", "how many paths (5)", "N", _paths),
        Option(
            "--damping", "damping", "how much more a step over a hub costs; 0 only counts steps (0.5)", "X", _number
        ),
    ),
    things=(("start", "a label, synonym, id or IRI"), ("end", "a label, synonym, id or IRI")),
    needs_things=True,
)
"""``kg analyze path`` is not a measure: its function takes a store instead of a landscape, and its rows are steps."""


def find_measure(name: str) -> Callable[..., Measure]:
    """Return the function of a measure; its module is imported only now, because it may need heavy libraries.

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
