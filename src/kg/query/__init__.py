"""Questions in SPARQL: the catalogue and its claims, the names of things, all about one thing, why nothing is found."""
