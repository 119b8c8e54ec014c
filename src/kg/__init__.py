"""ImmunoKG: a knowledge graph of engineered-cell and cytokine immunotherapies.

>>> from kg import KnowledgeGraph
>>> len(KnowledgeGraph().query("trials"))
124

What is named here is imported when it is first asked for: the command ``kg`` heeds interrupts before it imports more.
"""

TYPE_CHECKING = False  # to import it from typing takes as long as to start Python
if TYPE_CHECKING:
    from kg.errors import KGError, LimitError, NotInGraphError, QueryError, SourceError, UsageError
    from kg.graph import KnowledgeGraph

__all__ = ["KGError", "KnowledgeGraph", "LimitError", "NotInGraphError", "QueryError", "SourceError", "UsageError"]


def __getattr__(name: str) -> object:
    if name == "__version__":
        from importlib.metadata import version

        return version("immunokg")
    if name not in __all__:
        raise AttributeError(f"module 'kg' has no attribute '{name}'")
    from importlib import import_module

    found = getattr(import_module("kg.graph" if name == "KnowledgeGraph" else "kg.errors"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__, "__version__"])
