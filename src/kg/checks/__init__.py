"""What is wrong with a dataset: the shapes, the rules in SPARQL, and OWL."""
