"""Whatever answers SPARQL: the index in this process, a server, and how either is asked."""
