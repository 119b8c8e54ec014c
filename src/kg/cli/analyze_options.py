"""The measures and options of ``kg analyze``: a parser for each entry of :mod:`kg.analytics.measures`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from kg.analytics.measures import MEASURES, PATH, Option, read_count
from kg.cli.arguments import typed
from kg.cli.help import Help

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterator

    from kg.analytics.measures import Declaration

__all__ = ["add_measures", "settings_of", "things_of"]

_LIMIT = 20  # rows
_ROWS = Option("--limit", "limit", f"rows ({_LIMIT}); 0 for all", "N", read_count)


def add_measures(command: ArgumentParser) -> Iterator[ArgumentParser]:
    """Add a parser for each measure to the parser of ``kg analyze``; yield it, so that the caller adds shared options.

    The parsed options have ``measure``, the name of the measure, and ``declared``, its declaration. Pass what
    :func:`things_of` and :func:`settings_of` return to its function. All but ``path`` also have ``limit`` and
    ``evidence``.
    """
    measures = command.add_subparsers(metavar="MEASURE", dest="measure", required=True, parser_class=type(command))
    for name, declared in {**MEASURES, "path": PATH}.items():
        parser = measures.add_parser(
            name,
            help=declared.about.partition("\n")[0],
            description=f"{declared.about}\n\nexample: {declared.example}",
            formatter_class=Help,
        )
        parser.set_defaults(declared=declared)
        for thing, about in declared.things:
            nargs, metavar = (None, thing) if declared.needs_things else ("?", thing.upper())
            parser.add_argument(thing, nargs=nargs, metavar=metavar, help=about)
        for option in declared.options:
            _add_option(parser, option)
        if declared is not PATH:
            _add_option(parser, _ROWS)
            about = "add the places where the facts behind a row are written"
            parser.add_argument("--evidence", action="store_true", help=about)
        yield parser


def things_of(options: Namespace) -> list[str]:
    """Return the names of the things that the measure is about."""
    declared: Declaration = options.declared
    return [name for thing, _ in declared.things if (name := getattr(options, thing)) is not None]


def settings_of(options: Namespace) -> dict[str, Any]:
    """Return the given options as arguments for the measure's function: parameter -> value."""
    declared: Declaration = options.declared
    given = {option.parameter: getattr(options, option.parameter) for option in declared.options}
    settings = {name: value for name, value in given.items() if value is not None}
    if declared.stops_itself:  # ask for one row more than is shown, which tells whether there are more
        settings["limit"] = options.limit + 1 if options.limit else sys.maxsize
    return settings


def _add_option(parser: ArgumentParser, option: Option) -> None:
    parser.add_argument(
        option.flag,
        dest=option.parameter,
        action="append" if option.is_repeatable else "store",
        type=typed(option.read),
        choices=option.choices or None,
        metavar=option.metavar or None,
        default=_LIMIT if option is _ROWS else None,
        help=option.about,
    )
