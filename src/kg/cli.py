"""The command line: parse, call one function, print.

Data goes to stdout, messages to stderr. What a command does not need it does
not import, so that a cold query is quick.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kg.errors import KGError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.graph import KnowledgeGraph
    from kg.result import Result

__all__ = ["main"]

_FORMATS = ("table", "csv", "tsv", "json", "markdown")
_EXPORTS = ("html", "graphml", "turtle", "ntriples", "jsonld")

Command = Any  # a function that click decorates


def data_option(command: Command) -> Command:
    """Add ``--data``, which every reading command has."""
    about = "Another dataset than the shipped one (.nt, .ttl, .rdf, .jsonld)."
    return click.option("--data", type=click.Path(path_type=Path), metavar="FILE", help=about)(command)


def output_options(command: Command) -> Command:
    """Add ``--format`` and ``--data``."""
    about = "How to print rows: a table on a terminal and CSV in a pipe unless said."
    return click.option("--format", "style", type=click.Choice(_FORMATS), help=about)(data_option(command))


class _Group(click.Group):
    """The commands; the errors of this package become a message and an exit code here and only here."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except KGError as error:
            click.echo(f"kg: {error}", err=True)
            ctx.exit(error.exit_code)

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        if args and not self.get_command(ctx, args[0]):
            from kg.errors import nearest

            raise UsageError(f"no command '{args[0]}'{nearest(args[0], self.commands)}; `kg --help` lists all")
        return super().resolve_command(ctx, args)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="immunokg", prog_name="kg")
def main() -> None:
    """ImmunoKG: engineered-cell and cytokine immunotherapies as a graph, each statement with its source."""


@main.command()
@click.argument("question", nargs=-1, required=True)
@click.option("--explain", is_flag=True, help="Show how the question was read, and the SPARQL.")
@output_options
def ask(question: Sequence[str], explain: bool, style: str | None, data: Path | None) -> None:
    """Answer a question in plain English.

    Example: kg ask "which iPSC products carry CD38 KO"
    """
    answer = _graph(data).ask(" ".join(question))
    style = style or ("table" if sys.stdout.isatty() else "csv")
    if style == "json":
        _write(answer.to_json())
    else:
        _write(answer.format(style))
        for line in answer.notes(explain):
            click.echo(line, err=True)
    click.get_current_context().exit(answer.exit_code)


@main.command()
@click.argument("name")
@click.option("--param", "given", multiple=True, metavar="NAME=VALUE", help="A parameter; give it again for several.")
@output_options
def query(name: str, given: Sequence[str], style: str | None, data: Path | None) -> None:
    """Run a query: a NAME of the catalogue, or a FILE with SPARQL.

    Example: kg query trials_by_target --param target=BCMA
    """
    values: dict[str, list[str]] = {}
    for text in given:
        key, equals, value = text.partition("=")
        if not equals:
            raise UsageError(f"--param {text}: no value; expected NAME=VALUE")
        values.setdefault(key, []).append(value)
    _show(_graph(data).query(name, **values), style)


@main.command()
@click.option("--theme", default="", help="Only the queries of one theme.")
@click.option("--format", "style", type=click.Choice(_FORMATS), help="How to print the rows.")
def queries(theme: str, style: str | None) -> None:
    """List the catalogue of queries."""
    from pyoxigraph import Literal

    from kg.queries import iter_queries
    from kg.result import Result

    rows = [
        [Literal(text) for text in (q.path.stem, q.path.parent.name, q.header["summary"], ", ".join(q.parameters))]
        for q in iter_queries(theme)
    ]
    _show(Result(("query", "theme", "question", "parameters"), rows), style)


@main.command()
@click.argument("entity")
@output_options
def describe(entity: str, style: str | None, data: Path | None) -> None:
    """Tell all about one thing, with its evidence.

    Example: kg describe FT522
    """
    _show(_graph(data).describe(entity), style)


@main.command()
@click.argument("entities", nargs=-1, required=True)
@output_options
def compare(entities: Sequence[str], style: str | None, data: Path | None) -> None:
    """Lay things side by side: yes, no, not reported, conflicting.

    Example: kg compare FT522 FT576
    """
    if len(entities) < 2:
        raise UsageError("one thing alone; expected two or more, such as `kg compare FT522 FT576`")
    _show(_graph(data).compare(*entities), style)


def _add_query_command(name: str, about: str) -> None:
    """Add a command that prints a query of the catalogue."""

    @main.command(name, help=about)
    @output_options
    def run(style: str | None, data: Path | None) -> None:
        _show(_graph(data).query(name), style)


_add_query_command("facts", "Print every statement with its source, rejected readings included.")
_add_query_command("stats", "Count what is in the graph.")
_add_query_command("conflicts", "List where the sources contradict themselves.")


@main.command()
@click.argument("tables", nargs=-1, type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="Where to write the N-Triples.")
def build(tables: Sequence[Path], out: Path | None) -> None:
    """Build the dataset from the shipped tables, with folders of TABLES merged over them.

    Without TABLES and --out, a checkout renews graphs/immunokg.nt; otherwise the
    dataset is written to immunokg.nt in the current folder.

    Example: kg build mine/ --out mine.nt
    """
    from time import perf_counter

    from kg.build import build_shipped
    from kg.paths import in_checkout, shipped_dataset, write_whole

    start = perf_counter()
    content = build_shipped(tables)
    out = out or (shipped_dataset() if in_checkout() and not tables else Path("immunokg.nt"))
    write_whole(out, content)
    count = content.count(b"\n")
    click.echo(f"{out}: {count:,} triples in {perf_counter() - start:.2f} s", err=True)


@main.command()
@output_options
def validate(style: str | None, data: Path | None) -> None:
    """Check the dataset against the shapes and the verify queries."""
    from kg.validate import validate as check

    report = check(_graph(data).store)
    _show(report, style)
    click.echo(f"{len(report)} faults" if len(report) else "no fault", err=True)
    click.get_current_context().exit(1 if len(report) else 0)


@main.command()
@click.argument("kind", type=click.Choice(_EXPORTS))
@click.argument("out", type=click.Path(path_type=Path))
@data_option
def export(kind: str, out: Path, data: Path | None) -> None:
    """Write the graph to a file for other programs, or as a page for people.

    Example: kg export html landscape.html
    """
    from kg.export import export as render
    from kg.paths import write_whole

    write_whole(out, render(_graph(data), kind))
    click.echo(f"{out}: {out.stat().st_size:,} bytes", err=True)


def _graph(data: Path | None) -> KnowledgeGraph:
    from kg.graph import KnowledgeGraph

    return KnowledgeGraph(data)


def _show(result: Result, style: str | None) -> None:
    """Print rows to stdout, and what is to be said of them to stderr where somebody reads it."""
    _write(result.format(style or ("table" if sys.stdout.isatty() else "csv")))
    if sys.stderr.isatty() or not len(result):
        dated = f", data as of {result.as_of}" if result.as_of else ""
        click.echo(f"{len(result)} row{'' if len(result) == 1 else 's'}{dated}", err=True)


def _write(text: str) -> None:
    """Write text to stdout as UTF-8 and as it is, so that CSV keeps its line ends."""
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode())
    sys.stdout.buffer.flush()
