"""The engines that answer SPARQL, an index in this process or a server, and how to ask them."""
