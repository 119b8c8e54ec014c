"""Files of the graph, or of a part of it that a user asks for."""
