"""ImmunoKG: a knowledge graph of engineered-cell and cytokine immunotherapies.

>>> from kg import KnowledgeGraph
>>> len(KnowledgeGraph().query("trials"))
124
"""

from kg.errors import KGError, NotInGraphError, QueryError, SourceError, UsageError
from kg.graph import KnowledgeGraph

__all__ = ["KGError", "KnowledgeGraph", "NotInGraphError", "QueryError", "SourceError", "UsageError"]
