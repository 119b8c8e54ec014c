"""From typed rows to the dataset, as sorted N-Triples: pure, so that the same rows give the same bytes."""
