"""The architecture: a module imports only from the layers below, and heavy libraries have one home."""

from __future__ import annotations

import ast
from pathlib import Path

import kg

PACKAGE = Path(kg.__file__).parent
LAYERS = [
    {"errors", "namespaces"},
    {"paths", "schema", "columns", "terms"},
    {"rows", "links", "inline"},
    {"formats"},
    {"sources", "names", "dataset", "diagram", "header", "mappings", "result", "store", "wording"},
    {"syntax"},
    {"endpoint"},
    {"statements", "queries", "session"},
    {"records", "reference", "report", "executables", "pattern", "places"},
    {"build", "likeness", "push"},
    {"lexicon", "network", "docs", "evidence", "passages", "claims"},
    {"describe", "panels", "views", "diagnosis", "interchange", "analytics"},
    {"ask", "picture", "themes"},
    {"selection"},
    {"export", "figures"},
    {"reasoner"},
    {"graph", "measures", "validate"},
    {"commands", "__init__"},
    {"cli"},
    {"__main__"},
]
HOMES = {
    "networkx": {"analytics", "interchange", "network", "picture"},
    "pyvis": {"picture"},
    "argparse": {"cli", "measures"},
    "pandas": {"formats"},
    "wcwidth": {"formats"},
    "xlsxwriter": {"formats"},
    "SPARQLWrapper": {"endpoint"},
    "igraph": {"analytics"},
    "matplotlib": {"figures", "picture"},
    "numpy": {"analytics"},
    "scipy": {"analytics"},
    "jpype": {"reasoner"},
    "pyshacl": {"validate"},
    "rdflib": {"export", "pattern", "validate"},
}


def modules() -> dict[str, ast.Module]:
    found = {path: ast.parse(path.read_text(encoding="utf-8")) for path in PACKAGE.rglob("*.py")}
    return {str(path.relative_to(PACKAGE).with_suffix("")): tree for path, tree in found.items()}


def imports(tree: ast.Module) -> set[str]:
    """Return what a module imports when it runs; imports for types alone do not count."""
    hidden = {
        id(node)
        for block in ast.walk(tree)
        if isinstance(block, ast.If) and getattr(block.test, "id", "") == "TYPE_CHECKING"
        for node in ast.walk(block)
    }
    nodes = [node for node in ast.walk(tree) if id(node) not in hidden]
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return plain | {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}


def top(name: str) -> str:
    return name.partition("/")[0]


def test_every_module_has_a_layer() -> None:
    assert {top(name) for name in modules()} == set().union(*LAYERS)


def test_imports_point_downwards() -> None:
    level = {name: number for number, layer in enumerate(LAYERS) for name in layer}
    for name, tree in modules().items():
        for imported in imports(tree):
            package, _, rest = imported.partition(".")
            target = rest.partition(".")[0]
            if package == "kg" and target and target != top(name):
                assert level[target] < level[top(name)], f"{name} imports {target}, which lies not below it"


def test_heavy_libraries_are_imported_in_one_place() -> None:
    for name, tree in modules().items():
        for imported in {text.partition(".")[0] for text in imports(tree)}:
            assert top(name) in HOMES.get(imported, {top(name)}), f"{name} imports {imported}"


def test_modules_and_functions_keep_their_size() -> None:
    for name, tree in modules().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                assert (node.end_lineno or 0) - node.lineno < 50, f"{name}.{node.name} is long"
