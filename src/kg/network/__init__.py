"""The dataset as a NetworkX graph, parts of this graph, and files of it for other programs."""
