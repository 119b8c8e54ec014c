"""Queries in SPARQL: the catalogue, claims, names of things, all about one thing, and why a query finds nothing."""
