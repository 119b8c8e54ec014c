"""What things are called and mean: IRIs, terms, the ontology, and the words for how firmly something is said."""
