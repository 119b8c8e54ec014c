"""The commands: each calls one function and prints what it returns. The docstring of a command is its help.

Data goes to stdout, messages to stderr. A command imports only what it needs, so that
a cold query is quick.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.cli.output import content_of, is_terminal, screen_of, show, style_of, tell, write
from kg.errors import KGError, UsageError

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable, Sequence

    from kg.graph import KnowledgeGraph

__all__ = [
    "analyze",
    "ask",
    "build",
    "claims",
    "compare",
    "conflicts",
    "describe",
    "export",
    "facts",
    "figure",
    "push",
    "queries",
    "query",
    "sources",
    "stats",
    "validate",
    "version",
]


_PATIENCE = 20  # seconds in which a number can be typed


def version(options: Namespace) -> None:
    """Print the version."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        print("kg", version("immunokg"))
    except PackageNotFoundError as error:
        raise UsageError("the package is not installed; install it with `pip install .`") from error


def ask(options: Namespace) -> int:
    """Answer a question in plain English."""
    graph = _graph(options)
    answer = graph.ask(" ".join(options.question))
    if style_of(options) == "json":
        write(answer.to_json().encode(), options)
        return answer.exit_code
    if screen := screen_of(options):
        text = answer.to_text(explain=options.explain, evidence=options.evidence, screen=screen)
        write(text.encode(), options)
        if answer.suggestions and is_terminal(sys.stdin) and is_terminal(sys.stdout):
            _offer(graph, answer.suggestions, options)
        return answer.exit_code
    write(content_of(answer.result, options), options)
    tell(answer.summary())
    for line in answer.offers():
        tell(line)
    if options.explain:
        tell(answer.explanation())
    return answer.exit_code


def _offer(graph: KnowledgeGraph, suggestions: Sequence[dict[str, Any]], options: Namespace) -> None:
    """Run the suggestion whose number is typed; anything else ends it, and so does silence."""
    import select

    print("A number runs one, Enter ends: ", end="", flush=True)
    if not select.select([sys.stdin], [], [], _PATIENCE)[0]:
        print()
        return
    chosen = sys.stdin.readline().strip()
    if not chosen.isdecimal() or not 0 < int(chosen) <= len(suggestions):
        return
    offer = suggestions[int(chosen) - 1]
    if "sparql" in offer:
        show(graph.query(offer["sparql"]), options)
    elif "query" in offer:
        show(graph.query(offer["query"], **offer["parameters"]), options)
    elif "command" in offer:
        print(f"type: {offer['command']}")
    else:
        for place in offer["evidence"]:
            print(f"{place['statement']}: {place['document']}, {place['section']}, {place['locator']}")


def query(options: Namespace) -> None:
    """Run a query of the catalogue, or one from a file."""
    values = _parameters(options)
    graph = _graph(options)
    result = graph.run(options.name, values, evidence=options.evidence)
    show(result, options)
    is_told = not len(result) and not options.endpoint  # not for a server: it would be asked many times
    if is_told and (why := graph.diagnose(options.name, values)):
        tell(why)


def queries(options: Namespace) -> None:
    """List the catalogue of queries."""
    from kg.query.catalogue import catalogue

    show(catalogue(options.theme), options)


def describe(options: Namespace) -> None:
    """Tell all about one thing, with its evidence."""
    show(_graph(options).describe(options.entity), options)


def compare(options: Namespace) -> None:
    """Lay things side by side: yes, no, not reported, conflicting."""
    if len(options.entities) < 2:
        raise UsageError("one thing alone; expected two or more, such as `kg compare FT522 FT576`")
    show(_graph(options).compare(*options.entities), options)


def analyze(options: Namespace) -> None:
    """Measure what the shape of the landscape tells; `kg analyze MEASURE --help` says what a measure gives."""
    from kg.cli.analyze_options import settings_of, things_of

    graph, things, settings = _graph(options), things_of(options), settings_of(options)
    if options.measure == "path":
        show(graph.connections(*things, **settings), options)
        return
    measure = graph.measure(options.measure, *things, **settings)
    limit = options.limit or len(measure.rows)
    show(measure.result(graph.landscape, graph.store, limit=limit, evidence=options.evidence), options)
    if len(measure.rows) > limit:
        of_all = "" if "limit" in settings else f" of {len(measure.rows)}"  # it did not count the rest
        tell(f"the first {limit}{of_all} rows; --limit 0 prints all")


def facts(options: Namespace) -> None:
    """Print every statement with its source, rejected readings included."""
    show(_graph(options).query("facts"), options)


def stats(options: Namespace) -> None:
    """Count what is in the graph."""
    show(_graph(options).query("stats"), options)


def conflicts(options: Namespace) -> None:
    """List where the sources contradict themselves."""
    show(_graph(options).query("conflicts"), options)


def claims(options: Namespace) -> None:
    """Compare what a document says of its set of trials with what its tables give."""
    show(_graph(options).claims(), options)


def sources(options: Namespace) -> int:
    """Check that the documents still say what the graph cites."""
    from collections import Counter

    from kg.evidence.passage_check import check_passages

    result = check_passages(_graph(options).store, options.documents)
    show(result, options)
    counts = Counter(row["outcome"] for row in result)
    tell(", ".join(f"{counts[outcome]} {outcome}" for outcome in ("found", "moved", "missing")))
    return 1 if counts["missing"] else 0


def build(options: Namespace) -> None:
    """Build the dataset from the shipped tables, with folders of tables merged over them.

    Without tables and --out, a checkout renews graphs/immunokg.nt; otherwise the
    dataset is written to immunokg.nt in the current folder.
    """
    from time import perf_counter

    from kg.build.builder import build_shipped
    from kg.paths import in_checkout, shipped_dataset, write_whole

    start = perf_counter()
    content = build_shipped(options.tables)
    renew = in_checkout() and not options.tables
    out = options.out or (shipped_dataset() if renew else Path("immunokg.nt"))
    write_whole(out, content)
    count = content.count(b"\n")
    tell(f"{out}: {count:,} triples in {perf_counter() - start:.2f} s")


def validate(options: Namespace) -> int:
    """Check the dataset against the shapes and the verify queries, with --owl against OWL too.

    A warning is not a fault: correct data can cause one too.
    """
    from collections import Counter

    from kg.checks.report import to_turtle
    from kg.checks.validate import find_violations, has_ontology, validate

    if options.tables and (options.format == "turtle" or not options.data):
        raise UsageError(
            "--tables names the rows of the dataset that --data gives, in rows; expected it with --data alone"
        )
    store = _graph(options).store
    if not has_ontology(store):
        raise KGError("the dataset holds no ImmunoKG ontology, so nothing can be checked; build it with `kg build`")
    if options.format == "turtle":
        violations = find_violations(store, owl=options.owl)
        write(to_turtle(violations), options)
        counts = Counter(item.severity for item in violations)
    else:
        faults = validate(store, owl=options.owl, tables=options.tables)
        show(faults, options)
        counts = Counter(str(row["severity"]) for row in faults)
    told = [
        f"{counts[name]} {name}{'' if counts[name] == 1 else 's'}" for name in ("violation", "warning") if counts[name]
    ]
    tell(", ".join(told) or "no fault")
    return 1 if counts["violation"] else 0


def export(options: Namespace) -> None:
    """Write the graph, or a view of it, to a file: for other programs, or as a picture for people."""
    from kg.export.kinds import export
    from kg.export.requested_view import Selection

    wanted = Selection(
        tuple(options.focus),
        options.depth,
        options.query or "",
        _parameters(options),
        options.ask or "",
        options.theme or "",
    )
    write(export(_graph(options), options.kind, wanted, size=options.size, title=options.title), options)


def figure(options: Namespace) -> None:
    """Draw a figure of the landscape (extra `figures`), with its numbers as CSV beside it."""
    from kg.figures import write_figure

    table = write_figure(_graph(options).store, options.name, options.out)
    tell(f"{options.out}: {options.out.stat().st_size:,} bytes; its numbers: {table}")


def push(options: Namespace) -> None:
    """Load the graph into a SPARQL server, in the place of what the server's graph held.

    Afterwards the server is asked how many triples it holds. If it asks for a user, give
    --user, and put the password into the environment variable KG_PASSWORD.
    """
    from time import perf_counter

    from kg.engines.remote.push import push
    from kg.engines.remote.target import DEADLINE, GRAPH, Target
    from kg.graph import KnowledgeGraph

    graph = options.graph or GRAPH
    password = _password(options.user) if options.user else ""
    target = Target(
        options.url,
        graph,
        update=options.update,
        endpoint=options.endpoint or "",
        user=options.user or "",
        password=password,
        deadline=options.deadline or DEADLINE,
    )
    start = perf_counter()
    count = push(KnowledgeGraph(options.data).store, target, _telling())
    tell(f"{graph}: {count:,} triples in {perf_counter() - start:.1f} s, counted by the server")


def _password(user: str) -> str:
    """Return the password of a user of a server, from the environment or from the terminal.

    Raises:
        UsageError: if there is neither.
    """
    import os
    from getpass import getpass

    if (password := os.environ.get("KG_PASSWORD")) is not None:
        return password
    if not is_terminal(sys.stdin):
        raise UsageError(f"no password for user '{user}'; put it into the environment variable KG_PASSWORD")
    from kg.signs import visible

    return getpass(f"password of {visible(user)}: ")


def _telling() -> Callable[[int, int], None]:
    """Return a function that prints how much was sent: at each percent on a terminal, at each quarter elsewhere."""
    step, end = (1, "\r") if is_terminal(sys.stderr) else (25, "\n")
    told = 0

    def report(sent: int, total: int) -> None:
        nonlocal told
        percent = 100 * sent // total
        if percent >= told + step:
            told = percent - percent % step
            tell(f"{told} % sent", end)

    return report


def _parameters(options: Namespace) -> dict[str, list[str]]:
    """Return the values of ``--param`` by name.

    Raises:
        UsageError: if a parameter has no value.
    """
    values: dict[str, list[str]] = {}
    for text in options.param:
        key, equals, value = text.partition("=")
        if not equals:
            raise UsageError(f"--param {text}: no value; expected NAME=VALUE")
        values.setdefault(key, []).append(value)
    return values


def _graph(options: Namespace) -> KnowledgeGraph:
    from kg.graph import KnowledgeGraph

    at = vars(options)
    if at.get("memory") and at.get("endpoint"):
        raise UsageError("--memory is for queries that run here; an endpoint has limits of its own")
    if at.get("allow_service") and not at.get("endpoint"):
        raise UsageError("--allow-service lets an endpoint ask other servers; expected it with --endpoint URL")
    names = ("endpoint", "graph", "deadline", "memory", "allow_service")
    return KnowledgeGraph(options.data, **{name: at[name] for name in names if at.get(name)})
