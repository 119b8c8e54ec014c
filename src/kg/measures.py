"""The words and options of ``kg analyze``: a parser for each measure, whose adder's docstring is its help."""

from __future__ import annotations

from argparse import ArgumentTypeError, RawDescriptionHelpFormatter
from inspect import getdoc
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
    measure is about, and ``settings``, which returns its further arguments; ``limit`` and ``evidence``.
    """
    measures = command.add_subparsers(metavar="MEASURE", dest="measure", required=True, parser_class=type(command))
    for adder in _ADDERS:
        about = getdoc(adder) or ""
        measure = measures.add_parser(
            adder.__name__.removeprefix("_add_"),
            help=about.partition("\n")[0],
            description=about,
            formatter_class=RawDescriptionHelpFormatter,
        )
        measure.set_defaults(things=lambda options: [], settings=lambda options: {})
        adder(measure)
        measure.add_argument("--limit", type=_count, default=_LIMIT, metavar="N", help=f"rows ({_LIMIT}); 0 for all")
        about = "add the places where the facts behind a row are written"
        measure.add_argument("--evidence", action="store_true", help=about)
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
    about = "how many shuffled graphs to compare with (99; 19 for a graph of more than 10,000 edges)"
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
    measure.add_argument("--resolution", type=float, default=1.0, metavar="X", help=about)
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
    measure.set_defaults(things=lambda options: [options.product] if options.product else [])


def _takes_backend(measure: ArgumentParser) -> None:
    measure.add_argument("--backend", default="", help="a backend of NetworkX that computes, such as parallel")


def _count(text: str) -> int:
    if not text.isdecimal():
        raise ArgumentTypeError(f"'{text}' is no count; expected a whole number such as 20")
    return int(text)


_ADDERS = (
    _add_central,
    _add_communities,
    _add_similar,
)
