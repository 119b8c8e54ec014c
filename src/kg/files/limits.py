"""How large and how deep what a user names may be: far beyond what is sensible, well before a process suffers."""

from __future__ import annotations

__all__ = ["CELL", "DEPTH", "LITERAL", "MIB", "QUERY", "TRIPLE_TERMS", "WHOLE_FILE", "YAML", "YAML_DEPTH"]

MIB = 2**20

CELL = 2**17
"""Signs of a cell in a table. Python's ``csv`` reads no longer one; a missing quote makes the rest of a file a cell."""

WHOLE_FILE = 64 * MIB
"""Bytes of a file that is read whole: a table, a mapping set, the text of a document, a page of the cache."""

QUERY = MIB
"""Bytes of a query."""

LITERAL = 16 * MIB
"""Bytes of an IRI or a literal in an RDF file. The parsers of Oxigraph hold no longer one."""

DEPTH = 100
"""Elements of RDF/XML, or objects and lists of JSON-LD, in each other.

Of RDF/XML parsers need time and memory by the square. Of JSON-LD Oxigraph takes 3 to 4 KiB of the stack for each: 1,000
end a thread of 2 MiB, 100 leave room in the 512 KiB that some systems give to a thread.
"""

TRIPLE_TERMS = 100
"""Triple terms of RDF 1.2 in each other. Oxigraph compares them by recursion: 100,000 end the process."""

YAML = MIB // 16
"""Signs of the YAML in the head of a query or a mapping set."""

YAML_DEPTH = 20
"""Mappings and lists in each other in such a head."""
