"""The checks of a dataset: shapes, rules in SPARQL, and OWL."""
