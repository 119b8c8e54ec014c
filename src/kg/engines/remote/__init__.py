"""Servers: their addresses, what an exchange may take, how they are asked, and how a graph is pushed to them."""
