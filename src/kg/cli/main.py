"""The command line: its words, options and exit codes; what a command does is in :mod:`kg.cli.commands`.

The parser is argparse, because its import takes a quarter of the time of click's.
"""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser
from typing import TYPE_CHECKING, NoReturn

from kg.cli import commands as work
from kg.cli.arguments import path, some, text, typed
from kg.cli.help import Help
from kg.cli.interrupts import EXIT_CODE, interrupted
from kg.cli.output import tell, telling_warnings
from kg.engines.limits import read_seconds, read_size
from kg.errors import EndpointError, KGError, SourceError, UsageError, nearest
from kg.formats.writers import FORMATS

if TYPE_CHECKING:
    from argparse import Namespace, _SubParsersAction
    from collections.abc import Callable, Sequence

    Commands = _SubParsersAction["_Parser"]

__all__ = ["main"]

_ENTITY = "a label, synonym, id or IRI; `Class: name` where things of two classes share a name"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code.

    Args:
        arguments: the words after ``kg``; those of the process if not given.

    Returns:
        0 if all went well (an empty answer too), 1 for a fault in the data, 2 for
        wrong usage, 3 if a question is not understood or a thing is not in the graph,
        4 if the command was stopped at a limit.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        options = _parser(words).parse_args(words)
        with telling_warnings():
            return _run(options)
    except SourceError as error:  # each line starts with its place, so that an editor can jump to it
        tell(str(error))
        return error.exit_code
    except KGError as error:
        tell(f"kg: {error}")
        return error.exit_code
    except BrokenPipeError:  # the reader, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nothing is left to flush at exit
        return 0
    except OSError as error:
        tell(f"kg: cannot write the output: {error.strerror or error}")
        return UsageError.exit_code
    except KeyboardInterrupt as error:
        tell(interrupted(str(error)))
        return EXIT_CODE


def _run(options: Namespace) -> int:
    """Run a command and return its exit code.

    Raises:
        EndpointError: if an endpoint answers our queries with terms that no graph of ours has, such as none at all.
    """
    try:
        code: int | None = options.run(options)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        url = vars(options).get("endpoint")
        if not url or options.run is work.push:
            raise
        from kg.model.terms import excerpt

        reason = f"{type(error).__name__}: {excerpt(str(error), 120)}"
        raise EndpointError(f"{url} answers with terms that no ImmunoKG dataset has ({reason})") from error
    return code or 0


class _Parser(ArgumentParser):
    """An argument parser whose errors are those of the package."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message}; `{self.prog} --help` tells more")


def _parser(words: Sequence[str]) -> ArgumentParser:
    """Return a parser for the command that the words name, or for all commands if they name none."""
    about = "ImmunoKG: engineered-cell and cytokine immunotherapies as a graph, each statement with its source."
    parser = _Parser(prog="kg", description=about, formatter_class=Help)
    parser.add_argument("--version", action="store_const", dest="run", const=work.version, help="print the version")
    parser.set_defaults(run=lambda options: parser.print_help())
    commands = parser.add_subparsers(metavar="COMMAND", parser_class=_Parser)
    adders = {adder.__name__.removeprefix("_add_"): adder for adder in _ADDERS}
    if words and not words[0].startswith("-") and words[0] not in adders:
        raise UsageError(f"no command '{words[0]}'{nearest(words[0], adders)}; `kg --help` lists all")
    for name, adder in adders.items():
        if not words or words[0] in (name, "-h", "--help"):
            adder(commands)
    return parser


def _add_ask(commands: Commands) -> None:
    command = _command(commands, work.ask, 'kg ask "which iPSC products carry CD38 KO"')
    command.add_argument("question", nargs="+", type=text, help="in plain English")
    command.add_argument("--explain", action="store_true", help="show how the question was read, and the SPARQL")
    command.add_argument("--evidence", action="store_true", help="show all places where what is answered is written")
    _reads(command)


def _add_query(commands: Commands) -> None:
    command = _command(commands, work.query, "kg query trials_by_target --param target=BCMA")
    command.add_argument("name", help="a query of the catalogue, or a file with SPARQL")
    about = "a parameter; again for several"
    command.add_argument("--param", action="append", default=[], metavar="NAME=VALUE", help=about)
    command.add_argument("--evidence", action="store_true", help="add the places where what a row shows is written")
    _reads(command)
    _runs_own_query(command)


def _add_queries(commands: Commands) -> None:
    command = _command(commands, work.queries, "kg queries --theme trials")
    command.add_argument("--theme", type=text, default="", help="only the queries of one theme")
    _prints_rows(command)


def _add_describe(commands: Commands) -> None:
    command = _command(commands, work.describe, "kg describe FT522")
    command.add_argument("entity", type=text, help=_ENTITY)
    _reads(command)


def _add_compare(commands: Commands) -> None:
    command = _command(commands, work.compare, "kg compare FT522 FT576")
    command.add_argument("entities", nargs="+", type=text, metavar="entity", help=_ENTITY)
    _reads(command)


def _add_analyze(commands: Commands) -> None:
    from kg.cli.analyze_options import add_measures

    command = _command(commands, work.analyze, "kg analyze central --type target --relation disease")
    for measure in add_measures(command):
        _reads(measure)


def _add_facts(commands: Commands) -> None:
    _reads(_command(commands, work.facts, "kg facts --format csv"))


def _add_stats(commands: Commands) -> None:
    _reads(_command(commands, work.stats, "kg stats"))


def _add_conflicts(commands: Commands) -> None:
    _reads(_command(commands, work.conflicts, "kg conflicts"))


def _add_claims(commands: Commands) -> None:
    _reads(_command(commands, work.claims, "kg claims"))


def _add_sources(commands: Commands) -> None:
    command = _command(commands, work.sources, "kg sources check --documents texts/")
    command.add_argument("action", choices=("check",), help="find the cited passages again by their hashes")
    command.add_argument("--documents", type=path, required=True, metavar="DIR", help="the documents as text files")
    _takes_data(command)
    _prints_rows(command)


def _add_build(commands: Commands) -> None:
    command = _command(commands, work.build, "kg build mine/ --out mine.nt")
    command.add_argument("tables", nargs="*", type=path, help="folders of tables, merged over the shipped ones")
    command.add_argument("--out", type=path, metavar="FILE", help="where to write the N-Triples")


def _add_validate(commands: Commands) -> None:
    command = _command(commands, work.validate, "kg validate --data mine.nt --tables mine/")
    command.add_argument("--owl", action="store_true", help="reason over it with HermiT too (extra `owl`)")
    about = "a folder that the dataset was built from over the shipped ones, to name its rows; again for several"
    command.add_argument("--tables", action="append", default=[], type=path, metavar="DIR", help=about)
    _takes_data(command)
    _prints_rows(command, "turtle")


def _add_export(commands: Commands) -> None:
    from kg.export.kinds import KINDS

    command = _command(commands, work.export, "kg export html ft576.html --focus FT576")
    command.add_argument("kind", choices=KINDS)
    command.add_argument("out", type=path, help="the file to write")
    view = command.add_argument_group(
        "a view", "one of these; everything if none is given"
    ).add_mutually_exclusive_group()
    about = f"what lies around a thing: {_ENTITY}; again for several"
    view.add_argument("--focus", action="append", type=text, default=[], metavar="ENTITY", help=about)
    view.add_argument("--query", type=some, metavar="NAME", help="what the rows of a query rest on")
    about = "what the answer to a question rests on"
    view.add_argument("--ask", type=some, metavar="QUESTION", help=about)
    themes = "competitors, modifications, sponsors, combinations or evidence"
    view.add_argument("--theme", type=some, metavar="THEME", help=themes)
    command.add_argument("--depth", type=int, metavar="N", help="how many steps around the focus (2)")
    about = "a parameter of the query; again for several"
    command.add_argument("--param", action="append", default=[], metavar="NAME=VALUE", help=about)
    about = "what the size of a thing tells in html: degree (if not said), betweenness or pagerank"
    command.add_argument("--size", default="", metavar="SIZE", help=about)
    command.add_argument("--title", type=text, default="", metavar="TEXT", help="the heading of html, svg or png")
    _takes_data(command)
    _asks_endpoint(command)
    _runs_own_query(command)


def _add_figure(commands: Commands) -> None:
    command = _command(commands, work.figure, "kg figure bubbles bubbles.svg")
    about = "trials, targets, diseases, sources, dosage, enrollment, heatmap, bubbles or sponsors"
    command.add_argument("name", metavar="NAME", help=about)
    command.add_argument("out", type=path, metavar="OUT", help="the file to write, .svg or .png")
    _takes_data(command)
    _asks_endpoint(command)


def _add_push(commands: Commands) -> None:
    command = _command(commands, work.push, "kg push http://localhost:7878/store")
    command.add_argument("url", metavar="URL", help="a graph store (SPARQL 1.1 Graph Store HTTP Protocol)")
    about = "the graph to replace; https://w3id.org/immunokg/graph if not given"
    command.add_argument("--graph", metavar="IRI", help=about)
    command.add_argument("--update", action="store_true", help="the address takes SPARQL Update, so send batches")
    about = "count the triples there; a graph store is asked for the graph if not given"
    command.add_argument("--endpoint", metavar="URL", help=about)
    about = "the name to give if the server asks; the password is in KG_PASSWORD, or asked for"
    command.add_argument("--user", metavar="NAME", help=about)
    about = "stop after this time (300)"
    command.add_argument("--deadline", "--timeout", type=typed(read_seconds), metavar="SECONDS", help=about)
    _takes_data(command)


_ADDERS = (
    _add_ask,
    _add_query,
    _add_queries,
    _add_describe,
    _add_compare,
    _add_analyze,
    _add_facts,
    _add_stats,
    _add_conflicts,
    _add_claims,
    _add_sources,
    _add_build,
    _add_validate,
    _add_export,
    _add_figure,
    _add_push,
)


def _command(commands: Commands, run: Callable[[Namespace], int | None], example: str) -> ArgumentParser:
    """Add a command; the docstring of its function is its help."""
    about = (run.__doc__ or "").strip()
    name = run.__name__.removeprefix("_")
    command = commands.add_parser(
        name,
        help=about.partition("\n")[0],
        description="\n".join(line.strip() for line in about.splitlines()),
        epilog=f"example: {example}",
        formatter_class=Help,
    )
    command.set_defaults(run=run)
    return command


def _reads(command: ArgumentParser) -> None:
    """Add the options of a command that asks a dataset or an endpoint and prints rows."""
    _takes_data(command)
    _asks_endpoint(command)
    _prints_rows(command)


def _takes_data(command: ArgumentParser) -> None:
    about = "another dataset than the shipped one (.nt, .ttl, .rdf, .jsonld)"
    command.add_argument("--data", type=path, metavar="FILE", help=about)


def _asks_endpoint(command: ArgumentParser) -> None:
    """Add the options of a command that can ask a SPARQL endpoint instead."""
    command.add_argument("--endpoint", metavar="URL", help="ask this SPARQL endpoint instead of a dataset")
    command.add_argument("--graph", metavar="IRI", help="the endpoint's graph, sent as default-graph-uri")
    about = "stop a query of your own, or an answer of the endpoint, after this time (30)"
    command.add_argument("--deadline", "--timeout", type=typed(read_seconds), metavar="SECONDS", help=about)


def _runs_own_query(command: ArgumentParser) -> None:
    """Add the options of a command that runs a query of the user's own."""
    about = "what a query of your own may take above the opened dataset, such as 512M (2G)"
    command.add_argument("--memory", type=typed(read_size), metavar="SIZE", help=about)
    about = "a query may make the endpoint ask other servers (SERVICE)"
    command.add_argument("--allow-service", action="store_true", help=about)


def _prints_rows(command: ArgumentParser, *further: str) -> None:
    about = (
        "a table on a terminal and CSV in a pipe unless said; `spreadsheet` is CSV for Excel, `xlsx` a workbook "
        "(extra `xlsx`)"
    )
    command.add_argument("--format", choices=(*FORMATS, *further), help=about)
    command.add_argument("--out", type=path, metavar="FILE", help="write to this file instead")
