"""Pages that are made from the code, the ontology and the catalogue; ``python -m kg.docs`` writes them."""
