"""The dataset as a NetworkX graph, parts of it, and the files that other programs read it from."""
