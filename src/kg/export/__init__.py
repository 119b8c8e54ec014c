"""Files of the graph, or of the part of it that is asked for."""
