"""The command line: parse, call one function, print.

Data goes to stdout, messages to stderr. What a command does not need it does
not import, so that a cold query is quick: that is also why the parser is
argparse, whose import takes a quarter of click's.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from kg.errors import KGError, SourceError, UsageError, nearest

if TYPE_CHECKING:
    from argparse import Namespace, _SubParsersAction
    from collections.abc import Callable, Sequence

    from kg.graph import KnowledgeGraph
    from kg.result import Result

    Commands = _SubParsersAction["_Parser"]

__all__ = ["main"]

FORMATS = ("table", "csv", "tsv", "json", "markdown")
EXPORTS = ("html", "graphml", "turtle", "ntriples", "jsonld")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code.

    Args:
        arguments: the words after ``kg``; those of the process if not given.

    Returns:
        0 fine (an empty answer too), 1 a fault in data, 2 wrong usage, 3 not
        understood or not in the graph.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        options = _parser(words).parse_args(words)
        code: int | None = options.run(options)
        return code or 0
    except SourceError as error:  # each line starts with its place, so that an editor can jump to it
        print(error, file=sys.stderr)
        return error.exit_code
    except KGError as error:
        print(f"kg: {error}", file=sys.stderr)
        return error.exit_code
    except BrokenPipeError:  # the reader, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nothing is left to flush at exit
        return 0
    except OSError as error:
        print(f"kg: cannot write the output: {error.strerror or error}", file=sys.stderr)
        return UsageError.exit_code
    except KeyboardInterrupt:
        print("kg: interrupted; nothing was left half written", file=sys.stderr)
        return 130


class _Parser(ArgumentParser):
    """An argument parser whose errors are those of the package."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message}; `{self.prog} --help` tells more")


def _parser(words: Sequence[str]) -> ArgumentParser:
    """Return a parser of the command that the words name, or of all where they name none."""
    about = "ImmunoKG: engineered-cell and cytokine immunotherapies as a graph, each statement with its source."
    parser = _Parser(prog="kg", description=about)
    parser.add_argument("--version", action="store_const", dest="run", const=_version, help="print the version")
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
    command = _command(commands, _ask, 'kg ask "which iPSC products carry CD38 KO"')
    command.add_argument("question", nargs="+", help="in plain English")
    command.add_argument("--explain", action="store_true", help="show how the question was read, and the SPARQL")
    _reads(command)


def _add_query(commands: Commands) -> None:
    command = _command(commands, _query, "kg query trials_by_target --param target=BCMA")
    command.add_argument("name", help="a query of the catalogue, or a file with SPARQL")
    about = "a parameter; again for several"
    command.add_argument("--param", action="append", default=[], metavar="NAME=VALUE", help=about)
    command.add_argument("--evidence", action="store_true", help="add the places where what a row shows is written")
    _reads(command)


def _add_queries(commands: Commands) -> None:
    command = _command(commands, _queries, "kg queries --theme trials")
    command.add_argument("--theme", default="", help="only the queries of one theme")
    _prints_rows(command)


def _add_describe(commands: Commands) -> None:
    command = _command(commands, _describe, "kg describe FT522")
    command.add_argument("entity", help="a label, synonym, id or IRI")
    _reads(command)


def _add_compare(commands: Commands) -> None:
    command = _command(commands, _compare, "kg compare FT522 FT576")
    command.add_argument("entities", nargs="+", metavar="entity", help="a label, synonym, id or IRI")
    _reads(command)


def _add_facts(commands: Commands) -> None:
    _reads(_command(commands, _facts, "kg facts --format csv"))


def _add_stats(commands: Commands) -> None:
    _reads(_command(commands, _stats, "kg stats"))


def _add_conflicts(commands: Commands) -> None:
    _reads(_command(commands, _conflicts, "kg conflicts"))


def _add_build(commands: Commands) -> None:
    command = _command(commands, _build, "kg build mine/ --out mine.nt")
    command.add_argument("tables", nargs="*", type=Path, help="folders of tables, merged over the shipped ones")
    command.add_argument("--out", type=Path, metavar="FILE", help="where to write the N-Triples")


def _add_validate(commands: Commands) -> None:
    _reads(_command(commands, _validate, "kg validate --data mine.nt"))


def _add_export(commands: Commands) -> None:
    command = _command(commands, _export, "kg export html landscape.html")
    command.add_argument("kind", choices=EXPORTS)
    command.add_argument("out", type=Path, help="the file to write")
    _takes_data(command)


_ADDERS = (
    _add_ask,
    _add_query,
    _add_queries,
    _add_describe,
    _add_compare,
    _add_facts,
    _add_stats,
    _add_conflicts,
    _add_build,
    _add_validate,
    _add_export,
)


def _command(commands: Commands, run: Callable[[Namespace], int | None], example: str) -> ArgumentParser:
    """Add a command: its function's docstring is its help."""
    about = (run.__doc__ or "").strip()
    name = run.__name__.removeprefix("_")
    command = commands.add_parser(
        name,
        help=about.partition("\n")[0],
        description="\n".join(line.strip() for line in about.splitlines()),
        epilog=f"example: {example}",
        formatter_class=RawDescriptionHelpFormatter,
    )
    command.set_defaults(run=run)
    return command


def _reads(command: ArgumentParser) -> None:
    """Add the options of a command that reads a dataset and prints rows."""
    _takes_data(command)
    _prints_rows(command)


def _takes_data(command: ArgumentParser) -> None:
    about = "another dataset than the shipped one (.nt, .ttl, .rdf, .jsonld)"
    command.add_argument("--data", type=Path, metavar="FILE", help=about)


def _prints_rows(command: ArgumentParser) -> None:
    about = "how to print rows: a table on a terminal and CSV in a pipe unless said"
    command.add_argument("--format", choices=FORMATS, help=about)


def _version(options: Namespace) -> None:
    from importlib.metadata import PackageNotFoundError, version

    try:
        print("kg", version("immunokg"))
    except PackageNotFoundError as error:
        raise UsageError("the package is not installed; install it with `pip install .`") from error


def _ask(options: Namespace) -> int:
    """Answer a question in plain English."""
    _let_interrupts_through()
    answer = _graph(options).ask(" ".join(options.question))
    style = options.format or _default_format()
    if style == "json":
        _write(answer.to_json())
        return answer.exit_code
    if style == "table":
        _write(answer.to_text(explain=options.explain))
        return answer.exit_code
    _write(answer.result.format(style))
    print(answer.summary(), file=sys.stderr)
    if options.explain:
        print(answer.explanation(), file=sys.stderr)
    return answer.exit_code


def _query(options: Namespace) -> None:
    """Run a query of the catalogue, or one from a file."""
    _let_interrupts_through()
    values: dict[str, list[str]] = {}
    for text in options.param:
        key, equals, value = text.partition("=")
        if not equals:
            raise UsageError(f"--param {text}: no value; expected NAME=VALUE")
        values.setdefault(key, []).append(value)
    _show(_graph(options).run(options.name, values, evidence=options.evidence), options)


def _queries(options: Namespace) -> None:
    """List the catalogue of queries."""
    from kg.queries import catalogue

    _show(catalogue(options.theme), options)


def _describe(options: Namespace) -> None:
    """Tell all about one thing, with its evidence."""
    _show(_graph(options).describe(options.entity), options)


def _compare(options: Namespace) -> None:
    """Lay things side by side: yes, no, not reported, conflicting."""
    if len(options.entities) < 2:
        raise UsageError("one thing alone; expected two or more, such as `kg compare FT522 FT576`")
    _show(_graph(options).compare(*options.entities), options)


def _facts(options: Namespace) -> None:
    """Print every statement with its source, rejected readings included."""
    _show(_graph(options).query("facts"), options)


def _stats(options: Namespace) -> None:
    """Count what is in the graph."""
    _show(_graph(options).query("stats"), options)


def _conflicts(options: Namespace) -> None:
    """List where the sources contradict themselves."""
    _show(_graph(options).query("conflicts"), options)


def _build(options: Namespace) -> None:
    """Build the dataset from the shipped tables, with folders of tables merged over them.

    Without tables and --out, a checkout renews graphs/immunokg.nt; otherwise the
    dataset is written to immunokg.nt in the current folder.
    """
    from time import perf_counter

    from kg.build import build_shipped
    from kg.paths import in_checkout, shipped_dataset, write_whole

    start = perf_counter()
    content = build_shipped(options.tables)
    renew = in_checkout() and not options.tables
    out = options.out or (shipped_dataset() if renew else Path("immunokg.nt"))
    write_whole(out, content)
    count = content.count(b"\n")
    print(f"{out}: {count:,} triples in {perf_counter() - start:.2f} s", file=sys.stderr)


def _validate(options: Namespace) -> int:
    """Check the dataset against the shapes and the verify queries."""
    from kg.validate import validate

    faults = validate(_graph(options).store)
    _show(faults, options)
    print(f"{len(faults)} faults" if len(faults) else "no fault", file=sys.stderr)
    return 1 if len(faults) else 0


def _export(options: Namespace) -> None:
    """Write the graph to a file: for other programs, or as a page for people."""
    from kg.export import export
    from kg.paths import write_whole

    content = export(_graph(options), options.kind)
    write_whole(options.out, content)
    print(f"{options.out}: {len(content):,} bytes", file=sys.stderr)


def _graph(options: Namespace) -> KnowledgeGraph:
    from kg.graph import KnowledgeGraph

    return KnowledgeGraph(options.data)


def _default_format() -> str:
    return "table" if sys.stdout and sys.stdout.isatty() else "csv"


def _let_interrupts_through() -> None:
    """Let Ctrl-C end the process at once: Oxigraph does not return to Python while a query runs."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, signal.SIG_DFL)


def _show(result: Result, options: Namespace) -> None:
    """Print rows; how many there are is told to a person, or when there are none."""
    _write(result.format(options.format or _default_format()))
    if sys.stderr.isatty() or not len(result):
        dated = f", data as of {result.as_of}" if result.as_of else ""
        print(f"{len(result)} row{'' if len(result) == 1 else 's'}{dated}", file=sys.stderr)


def _write(text: str) -> None:
    """Write text to stdout as UTF-8 and as it is, so that CSV keeps its line ends.

    Raises:
        UsageError: if there is no stdout.
    """
    if sys.stdout is None:
        raise UsageError("there is no standard output to write to")
    sys.stdout.buffer.write(text.encode())
    sys.stdout.flush()
