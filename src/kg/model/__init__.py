"""The basis of all other code: IRIs, terms, the ontology, registries, and the words for how firmly a thing is said."""
