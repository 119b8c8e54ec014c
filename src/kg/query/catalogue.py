"""The catalogue: competency questions as ``queries/<theme>/<name>.rq``, and how they are run.

A file starts with ``#+`` lines of YAML (the convention of grlc): ``summary``,
``description``, ``tags`` and ``parameters``. A parameter is a comment line
``# VALUES ?x { }`` in the pattern, so that the file runs unchanged in any client.
The runner fills the line with RDF terms, never with text that a user wrote.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from pyoxigraph import Literal, NamedNode

from kg.engines.asking import bind, evaluate
from kg.errors import QueryError, UsageError, nearest
from kg.formats.result import Result
from kg.model.iris import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kg.engines.asking import Engine
    from kg.query.thing_names import Lexicon

__all__ = ["Query", "catalogue", "fill", "find_query", "iter_queries", "run"]

_ASIDE = ("claims", "verify")  # themes of `kg claims` and `kg validate`, which `kg queries` does not list
_READABLE = ("xsd:date", "xsd:integer", "xsd:string")


class Query(NamedTuple):
    """A SPARQL query with the file that it comes from.

    Attributes:
        path: its file; the stem is its name, the folder its theme.
        text: the query, with its header.
        is_ours: whether it is one of the catalogue, asked for by its name. Any other is a user's own, which runs where
            it can be stopped; see :mod:`kg.engines.isolated.worker`.
    """

    path: Path
    text: str
    is_ours: bool = False

    @property
    def header(self) -> dict[str, Any]:
        """The ``#+`` lines, read as YAML.

        Raises:
            QueryError: if they are not YAML, or more than plain data (:mod:`kg.files.safe_yaml`).
        """
        from kg.files.safe_yaml import YAMLFault, read_yaml

        lines = [line[3:] for line in self.text.splitlines() if line.startswith("#+")]
        try:
            header = read_yaml("\n".join(lines)) or {}
        except YAMLFault as error:
            raise QueryError(f"{self.path}: the #+ lines are not YAML: {error}") from error
        if not isinstance(header, dict) or not isinstance(header.get("parameters") or {}, dict):
            raise QueryError(f"{self.path}: the #+ lines are no mapping; expected such as '#+ summary: ...'")
        return header

    @property
    def parameters(self) -> dict[str, str]:
        """Name of each parameter -> its type and what it is for."""
        return self.header.get("parameters") or {}


def iter_queries(theme: str = "") -> Iterator[Query]:
    """Yield the queries of the catalogue, or of one theme; ``claims`` and ``verify`` must be asked for by name.

    They are sorted by theme and name.

    Raises:
        UsageError: if there is no such theme.
    """
    from kg.paths import data_folder

    root = data_folder("queries")
    themes = sorted(path.name for path in root.iterdir() if path.is_dir())
    if theme and theme not in themes:
        raise UsageError(f"no theme '{theme}'{nearest(theme, themes)}; expected one of {', '.join(themes)}")
    for name in [theme] if theme else [name for name in themes if name not in _ASIDE]:
        for path in sorted((root / name).glob("*.rq")):
            yield Query(path, path.read_text(encoding="utf-8"), is_ours=True)


def catalogue(theme: str = "") -> Result:
    """Return the catalogue as rows: the name of a query, its theme, its question and its parameters.

    Raises:
        UsageError: if there is no such theme.
    """
    rows = [
        [Literal(text) for text in (q.path.stem, q.path.parent.name, q.header["summary"], ", ".join(q.parameters))]
        for q in iter_queries(theme)
    ]
    return Result(("query", "theme", "question", "parameters"), rows)


def find_query(name: str) -> Query:
    """Return a query, given by its name in the catalogue, by its file, or as SPARQL.

    Args:
        name: a name such as ``trials``, the path of a file, or SPARQL text, which has a brace.

    Raises:
        UsageError: if there is no such query or file; the message offers the nearest names.
    """
    from kg.paths import data_folder

    if "{" in name:
        return _own(Path("query"), name)
    root = data_folder("queries")
    path = Path(name)
    if path.suffix not in (".rq", ".sparql") and "/" not in name:
        themes = sorted(root.iterdir(), key=lambda theme: theme.name in _ASIDE)  # a claim may have the name of a query
        found = [theme / f"{name}.rq" for theme in themes if (theme / f"{name}.rq").is_file()]
        if not found:
            hint = nearest(name, (query.path.stem for query in iter_queries()))
            raise UsageError(f"no query '{name}'{hint}; `kg queries` lists all, a file name ends in .rq")
        return Query(found[0], found[0].read_text(encoding="utf-8"), is_ours=True)
    return _own(path, _read(path))


def _read(path: Path) -> str:
    """Return the text of a query's file; a byte order mark before it is not of the text.

    Raises:
        UsageError: if it cannot be read or is not UTF-8.
    """
    from kg.files.limits import QUERY
    from kg.files.reading import find_encoding_fault, read_whole

    content = read_whole(path, "expected a SPARQL query", QUERY)
    if fault := find_encoding_fault(path, content):
        raise UsageError(str(fault))
    return content.decode("utf-8-sig")


def _own(path: Path, text: str) -> Query:
    """Return a user's own query.

    Raises:
        QueryError: if it is longer than a query may be.
    """
    from kg.files.limits import QUERY

    if len(text) > QUERY:
        raise QueryError(f"{path}: {len(text):,} characters; a query may have {QUERY:,}")
    return Query(path, text)


def run(
    engine: Engine,
    query: Query,
    values: Mapping[str, Sequence[str]],
    lexicon: Lexicon | None = None,
    *,
    allow_service: bool = False,
) -> Result:
    """Run a query.

    Args:
        engine: what is asked.
        query: the query to run.
        values: name of a parameter -> its values, as the user wrote them; any of them may match.
        lexicon: finds the things that values name; needed if there are values.
        allow_service: whether a user's own query may make the engine ask other servers.

    Raises:
        UsageError: if a parameter is not declared, or a value does not fit the type of its parameter.
        QueryError: if the query cannot be run; the message has the line and column.
        LimitError: if the query was stopped.
    """
    text = fill(query, values, lexicon)
    if not query.is_ours:
        from kg.engines.sparql.syntax import check

        check(text, query.path, allow_service=allow_service)
    return evaluate(engine, text, query.path)


def fill(query: Query, values: Mapping[str, Sequence[str]], lexicon: Lexicon | None) -> str:
    """Return the text of a query with the values of its parameters filled in, as :func:`run` takes them.

    Raises:
        UsageError: if a parameter is not declared, or a value does not fit the type of its parameter.
    """
    text = query.text
    for name, given in values.items():
        if name not in query.parameters:
            known = ", ".join(query.parameters) or "none"
            raise UsageError(f"{query.path.stem} has no parameter '{name}'; it has: {known}")
        assert lexicon
        declared = str(query.parameters[name])
        text = bind(text, name, [_term(name, declared, value, lexicon) for value in given])
    return text


def _term(name: str, declared: str, value: str, lexicon: Lexicon) -> NamedNode | Literal:
    """Return a value of a parameter as a term; the description of the parameter starts with its type."""
    from datetime import date

    type_name = declared.split(",")[0].strip()
    if type_name.startswith("kg:"):
        return NamedNode(lexicon.find_one(value, PREFIXES["kg"] + type_name.removeprefix("kg:")))
    if type_name not in _READABLE:
        raise QueryError(f"a parameter is declared as '{declared}'; expected a class or one of {', '.join(_READABLE)}")
    readers: dict[str, Any] = {"xsd:date": date.fromisoformat, "xsd:integer": int, "xsd:string": str}
    try:
        value.encode()
        return Literal(str(readers[type_name](value)), datatype=NamedNode(PREFIXES["xsd"] + type_name[len("xsd:") :]))
    except UnicodeError as error:
        raise UsageError(f"parameter {name}: {value!r} is no Unicode text; give it as UTF-8") from error
    except ValueError as error:
        expected = {"xsd:date": "a date such as 2024-07-01", "xsd:integer": "a whole number such as 12"}[type_name]
        raise UsageError(f"parameter {name}: '{value}' is no {type_name}; expected {expected}") from error
