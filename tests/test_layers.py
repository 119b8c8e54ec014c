"""The architecture: which wing may import which, no circles, one home for each heavy library, short functions.

A wing is a folder of ``src/kg``, or a module that lies beside the folders. Imports inside functions count; those under
``if TYPE_CHECKING:`` do not, as they do not happen when the program runs.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

import kg

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

PACKAGE = Path(kg.__file__).parent

# a wing imports only wings before it
WINGS = (
    *("signs", "errors", "files", "paths", "model", "formats"),  # below all
    *("tables", "build"),  # the tables of curators become the dataset
    *("engines", "query", "evidence"),  # it is asked, and says where things are written
    *("ask", "network", "analytics", "picture", "figures", "export", "checks"),  # what is made of it
    *("graph", "kg", "docs", "cli", "__main__"),  # the doors; `kg` is the package itself, what `from kg import` gives
)
MOST_ARROWS = 100  # between wings

# a library that takes long to import, or that few need -> the modules that may import it
HOMES = {
    "argparse": ["cli.*"],
    "igraph": ["analytics.*"],
    "jpype": ["checks.reasoner"],
    "matplotlib": ["figures", "figures.*", "picture.still"],
    "networkx": ["analytics.*", "network.*", "picture.*"],
    "numpy": ["analytics.*"],
    "pandas": ["formats.frame"],
    "pyshacl": ["checks.validate"],
    "pyvis": ["picture.*"],
    "rdflib": ["checks.validate", "engines.rdflib_copy", "evidence.graph_pattern"],
    "scipy": ["analytics.*"],
    "SPARQLWrapper": ["engines.remote.exchange"],
    "wcwidth": ["formats.table"],
    "xlsxwriter": ["formats.workbook"],
    "yaml": ["files.safe_yaml"],
}


def read_package(package: Path) -> dict[str, ast.Module]:
    """Return the name of each module, without the package's own -> its syntax tree."""
    found = {}
    for path in package.rglob("*.py"):
        parts = path.relative_to(package).with_suffix("").parts
        name = ".".join(parts).removesuffix(".__init__").replace("__init__", "kg")
        found[name] = ast.parse(path.read_text(encoding="utf-8"))
    return found


def iter_imports(tree: ast.Module) -> Iterator[str]:
    """Yield what a module imports when it runs; ``from x import y`` gives ``x`` and ``x.y``."""
    hidden = {
        id(node)
        for block in ast.walk(tree)
        if isinstance(block, ast.If) and getattr(block.test, "id", "") == "TYPE_CHECKING"
        for node in ast.walk(block)
    }
    for node in ast.walk(tree):
        if id(node) in hidden:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def read_arrows(modules: Mapping[str, ast.Module]) -> dict[str, set[str]]:
    """Return each module -> the modules of the package that it imports."""
    arrows = {}
    for name, tree in modules.items():
        imported = {text.removeprefix("kg.") for text in iter_imports(tree) if text.startswith("kg")}
        found = {text for text in imported if text in modules}
        packages = {text for text in found if any(other.startswith(f"{text}.") for other in found)}
        arrows[name] = found - packages - {name}  # `from kg.x import y` names the folder too
    return arrows


def wing(module: str) -> str:
    return module.partition(".")[0]


def misplaced(arrows: Mapping[str, set[str]]) -> Iterator[str]:
    """Yield a sentence for each import that points to a wing which does not lie before the module's own."""
    for module, imported in sorted(arrows.items()):
        for other in sorted(imported):
            here, there = WINGS.index(wing(module)), WINGS.index(wing(other))
            if there > here:
                yield (
                    f"kg.{module} imports kg.{other}, but the wing '{wing(other)}' lies after '{wing(module)}'. What "
                    f"both need belongs in a wing before '{wing(module)}': {', '.join(WINGS[:here])}; or what "
                    f"kg.{module} does with it belongs in '{wing(other)}'."
                )


def circles(arrows: Mapping[str, set[str]]) -> Iterator[str]:
    """Yield a sentence for each module that imports itself by way of others."""
    for start in sorted(arrows):
        ways = [[start, other] for other in sorted(arrows[start])]
        seen = set()
        while ways:
            way = ways.pop(0)
            if way[-1] == start and start == min(way):  # each circle is told once
                yield f"a circle: {' imports '.join(f'kg.{name}' for name in way)}; put what both need into a third"
                break
            if way[-1] not in seen:
                seen.add(way[-1])
                ways += [[*way, other] for other in sorted(arrows[way[-1]])]


def between_wings(arrows: Mapping[str, set[str]]) -> set[tuple[str, str]]:
    pairs = {(wing(module), wing(other)) for module, imported in arrows.items() for other in imported}
    return {(here, there) for here, there in pairs if here != there}


MODULES = read_package(PACKAGE)
ARROWS = read_arrows(MODULES)


def planted(**modules: str) -> dict[str, set[str]]:
    """Return the arrows of a package made of sources."""
    return read_arrows({name.replace("__", "."): ast.parse(text) for name, text in modules.items()})


def test_every_module_is_in_a_wing() -> None:
    assert {wing(name) for name in MODULES} == set(WINGS)


def test_few_modules_lie_beside_the_wings() -> None:
    assert len(list(PACKAGE.glob("*.py"))) <= 8


def test_wings_import_only_wings_before_them() -> None:
    assert not "\n".join(misplaced(ARROWS))


def test_no_modules_import_each_other_in_a_circle() -> None:
    assert not "\n".join(circles(ARROWS))


def test_wings_have_few_arrows_between_them() -> None:
    arrows = between_wings(ARROWS)
    print(f"\n{len(arrows)} arrows between {len(WINGS)} wings")
    for name in WINGS:
        print(f"  {name} -> {', '.join(sorted(there for here, there in arrows if here == name))}")
    assert len(arrows) <= MOST_ARROWS


def test_planted_import_is_caught_and_told_where_it_belongs() -> None:
    arrows = planted(model__iris="def f():\n    from kg.query import catalogue", query__catalogue="")
    (message,) = misplaced(arrows)
    assert message.startswith("kg.model.iris imports kg.query.catalogue, but the wing 'query' lies after 'model'")
    assert "a wing before 'model': signs, errors, files, paths;" in message


def test_planted_circle_in_a_function_is_caught() -> None:
    arrows = planted(
        query__a="from kg.query.b import x",
        query__b="def f():\n    import kg.query.c",
        query__c="from kg.query import a",
    )
    (message,) = circles(arrows)
    assert message.startswith("a circle: kg.query.a imports kg.query.b imports kg.query.c imports kg.query.a;")


def test_imports_for_types_are_no_arrows() -> None:
    arrows = planted(model__iris="if TYPE_CHECKING:\n    from kg.query import catalogue", query__catalogue="")
    assert not list(misplaced(arrows))


def strangers(modules: Mapping[str, ast.Module]) -> Iterable[str]:
    """Yield a sentence for each heavy library that is imported outside its home."""
    for name, tree in sorted(modules.items()):
        for library in sorted({text.partition(".")[0] for text in iter_imports(tree)} & HOMES.keys()):
            homes = HOMES[library]
            if not any(re.fullmatch(home.replace(".*", r"\..*"), name) for home in homes):
                yield f"kg.{name} imports {library}; its home is {', '.join(homes)}"


def test_heavy_libraries_are_imported_in_their_homes() -> None:
    assert not "\n".join(strangers(MODULES))
    assert list(strangers({"query.x": ast.parse("import rdflib.term")})) == [
        "kg.query.x imports rdflib; its home is checks.validate, engines.rdflib_copy, evidence.graph_pattern"
    ]


def test_functions_keep_their_size() -> None:
    for name, tree in MODULES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                assert (node.end_lineno or 0) - node.lineno < 50, f"kg.{name}.{node.name} is long"
