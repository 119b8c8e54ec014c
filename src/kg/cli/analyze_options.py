"""The words and options of ``kg analyze``: a parser for each measure, whose adder's docstring is its help."""

from __future__ import annotations

import sys
from argparse import ArgumentTypeError, RawDescriptionHelpFormatter
from contextlib import suppress
from datetime import date
from inspect import getdoc
from math import inf
from typing import TYPE_CHECKING, Any

from kg.analytics.landscape import RELATIONS

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterator

__all__ = ["add_measures"]

_LIMIT = 20


def add_measures(command: ArgumentParser) -> Iterator[ArgumentParser]:
    """Add a parser for each measure to that of ``kg analyze``, and yield it for the options that commands share.

    What is parsed has ``measure``, its name; two functions of itself, ``things``, which returns the names of what the
    measure is about, and ``settings``, which returns its further arguments; and, except for ``path``, which is no
    table of one thing a row, ``limit`` and ``evidence``.
    """
    measures = command.add_subparsers(metavar="MEASURE", dest="measure", required=True, parser_class=type(command))
    for adder in (*_ADDERS, _add_path):
        about = getdoc(adder) or ""
        measure = measures.add_parser(
            adder.__name__.removeprefix("_add_"),
            help=about.partition("\n")[0],
            description=about,
            formatter_class=RawDescriptionHelpFormatter,
        )
        measure.set_defaults(things=lambda options: [], settings=lambda options: {})
        adder(measure)
        if adder is not _add_path:
            _takes_rows(measure)
        yield measure


def _add_central(measure: ArgumentParser) -> None:
    """Tell which things are central, and which only because they are in many trials.

    trials       how many have the thing
    partners     how many things of other types share a trial with it
    betweenness  which part of the shortest ways between all others leads over it: high for what bridges fields
    pagerank     how often a walk from trial to thing to trial comes by
    _z, _p       how far that is from chance, where everything keeps its number of trials, and how probable

    example: kg analyze central --type target --relation disease
    """
    measure.add_argument("--type", choices=RELATIONS, default="", help="show these things alone")
    about = "make the graph of trials and these things, and those of --type; again for several"
    measure.add_argument("--relation", choices=RELATIONS, action="append", metavar="RELATION", help=about)
    about = "how many shuffled graphs to compare with (49; 19 for a graph of more than 2,000 edges)"
    measure.add_argument("--samples", type=_count, metavar="N", help=about)
    _takes_backend(measure)

    def settings(options: Namespace) -> dict[str, Any]:
        graph = {"relations": options.relation} if options.relation else {}
        return {"type_": options.type, "samples": options.samples, "backend": options.backend, **graph}

    measure.set_defaults(settings=settings)


def _add_communities(measure: ArgumentParser) -> None:
    """Cluster the products in trials by what they are alike in, and tell what each cluster has in common.

    example: kg analyze communities
    """
    about = "more than 1 gives smaller communities, less gives larger ones (1)"
    measure.add_argument("--resolution", type=_number, default=1.0, metavar="X", help=about)
    _takes_backend(measure)
    measure.set_defaults(settings=lambda options: {"resolution": options.resolution, "backend": options.backend})


def _add_similar(measure: ArgumentParser) -> None:
    """Tell which products are most like one, or like each other, and by what.

    similarity   bits shared of all bits of both: what is rare tells more; what is not reported is not shared
    comparable   the same by only what both report anything of
    shared       by target, disease and so on: the bits shared of the bits of both, and what is shared

    example: kg analyze similar FT576
    """
    about = "a label, synonym, id or IRI; all products if not given"
    measure.add_argument("product", nargs="?", metavar="PRODUCT", help=about)
    measure.set_defaults(things=lambda options: [] if options.product is None else [options.product])


def _add_together(measure: ArgumentParser) -> None:
    """Tell which pairs meet more often, or less often, than chance would have it.

    together  how many have both; expected by chance, of how many
    p, q      two-sided and exact (hypergeometric), and adjusted for the false discovery rate

    example: kg analyze together --pairs target-agent
    """
    _takes_pair(measure, "--pairs", "modification-modification")
    measure.set_defaults(settings=lambda options: {"pair": options.pair, "limit": _one_more(options)})


def _add_whitespace(measure: ArgumentParser) -> None:
    """Tell which combinations are plausible and untried, and why.

    A combination is of two relations; `set` is of modifications that a product carries together.

    state    tried and stopped, never reported, or not to be told, as a trial does not disclose it
    because  the paths that count most for it, each tie with its number of trials

    `kg analyze backtest` tells what each predictor is worth.

    example: kg analyze whitespace --combination target-disease
    """
    _takes_pair(measure, "--combination", "target-disease")
    about = "what to rank by: `degree product`, Adamic-Adar, paths or embedding (paths)"
    measure.add_argument("--by", default="paths", metavar="PREDICTOR", help=about)
    about = "only those that are `tried and stopped`, `never reported` or `cannot be told`"
    measure.add_argument("--state", help=about)

    def settings(options: Namespace) -> dict[str, Any]:
        return {"pair": options.pair, "by": options.by, "state": options.state, "limit": _one_more(options)}

    measure.set_defaults(settings=settings)


def _add_backtest(measure: ArgumentParser) -> None:
    """Tell how well links of later trials could have been predicted from the trials before a day.

    example: kg analyze backtest --cutoff 2022-01-01 --cutoff 2023-01-01
    """
    _takes_pair(measure, "--combination", "target-disease")
    about = "learn from trials first posted before this day; again for several (five, 2020 to 2024)"
    measure.add_argument("--cutoff", type=_day, action="append", metavar="DATE", help=about)

    def settings(options: Namespace) -> dict[str, Any]:
        return {"pair": options.pair, **({"cutoffs": options.cutoff} if options.cutoff else {})}

    measure.set_defaults(settings=settings)


def _add_path(measure: ArgumentParser) -> None:
    """Tell how two things are connected: the cheapest paths, a row for each step, always with its evidence.

    example: kg analyze path N-803 NK-92
    """
    for end in ("start", "end"):
        measure.add_argument(end, help="a label, synonym, id or IRI")
    measure.add_argument("--paths", type=_paths, default=5, metavar="N", help="how many paths (5)")
    about = "how much a step over a hub costs more; 0 counts steps alone (0.5)"
    measure.add_argument("--damping", type=_number, default=0.5, metavar="X", help=about)
    measure.set_defaults(
        things=lambda options: [options.start, options.end],
        settings=lambda options: {"limit": options.paths, "damping": options.damping},
    )


def _add_pace(measure: ArgumentParser) -> None:
    """Count trials in each year by target, source, group, sponsor or the like, with the first and the latest.

    example: kg analyze pace --by source
    """
    _takes_relation(measure)


def _add_entries(measure: ArgumentParser) -> None:
    """Tell who was first in class, and who entered when: each sponsor's first trial by target, source or the like.

    example: kg analyze entries --by target
    """
    _takes_relation(measure)


def _add_ages(measure: ArgumentParser) -> None:
    """Tell how old the trials of each status are.

    example: kg analyze ages
    """
    _takes_day(measure)
    measure.set_defaults(settings=lambda options: {"day": options.day})


def _add_stale(measure: ArgumentParser) -> None:
    """List trials that were posted long ago and are still said to recruit, or to be about to.

    example: kg analyze stale --years 4
    """
    _takes_day(measure)
    measure.add_argument("--years", type=_number, default=3, metavar="N", help="how old a trial is at least (3)")
    measure.set_defaults(settings=lambda options: {"day": options.day, "years": options.years})


def _takes_rows(measure: ArgumentParser) -> None:
    measure.add_argument("--limit", type=_count, default=_LIMIT, metavar="N", help=f"rows ({_LIMIT}); 0 for all")
    about = "add the places where the facts behind a row are written"
    measure.add_argument("--evidence", action="store_true", help=about)


def _one_more(options: Namespace) -> int:
    """Return how many rows to ask for: one more than are shown tells that there are more."""
    return options.limit + 1 if options.limit else sys.maxsize


def _takes_pair(measure: ArgumentParser, option: str, default: str) -> None:
    about = f"two relations of trials, such as {default} (which is taken if not given)"
    measure.add_argument(option, dest="pair", default=default, metavar="ONE-OTHER", help=about)


def _takes_relation(measure: ArgumentParser) -> None:
    measure.add_argument(
        "--by", choices=RELATIONS, default="target", metavar="RELATION", help="what to count by (target)"
    )
    measure.set_defaults(settings=lambda options: {"by": options.by})


def _takes_day(measure: ArgumentParser) -> None:
    about = "count from this day; that of the latest trial if not given"
    measure.add_argument("--day", type=_day, default="", metavar="DATE", help=about)


def _takes_backend(measure: ArgumentParser) -> None:
    measure.add_argument("--backend", default="", help="a backend of NetworkX that computes, such as parallel")


def _count(text: str) -> int:
    if not text.isdecimal():
        raise ArgumentTypeError(f"'{text}' is no count; expected a whole number such as 20")
    return int(text)


def _paths(text: str) -> int:
    if not _count(text):
        raise ArgumentTypeError("no path at all; expected at least 1")
    return int(text)


def _number(text: str) -> float:
    with suppress(ValueError):
        if 0 <= (found := float(text)) < inf:
            return found
    raise ArgumentTypeError(f"'{text}' is no amount; expected a number from 0, such as 1.5")


def _day(text: str) -> str:
    with suppress(ValueError):
        return date.fromisoformat(text).isoformat() if text else text
    raise ArgumentTypeError(f"'{text}' is no day; expected one such as 2024-07-01")


_ADDERS = (
    _add_central,
    _add_communities,
    _add_similar,
    _add_together,
    _add_whitespace,
    _add_backtest,
    _add_pace,
    _add_entries,
    _add_ages,
    _add_stale,
)
