"""ImmunoKG: a knowledge graph of engineered-cell and cytokine immunotherapies.

>>> from kg import KnowledgeGraph
>>> len(KnowledgeGraph().query("trials"))
124
"""

from kg.errors import KGError, NotInGraphError, QueryError, SourceError, UsageError
from kg.graph import KnowledgeGraph

__all__ = ["KGError", "KnowledgeGraph", "NotInGraphError", "QueryError", "SourceError", "UsageError"]


def __getattr__(name: str) -> str:
    """Return ``kg.__version__``; it is looked up only on demand, because that takes longer than a cold query."""
    if name != "__version__":
        raise AttributeError(f"module 'kg' has no attribute '{name}'")
    from importlib.metadata import version

    return version("immunokg")
