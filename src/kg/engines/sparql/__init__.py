"""The text of a query: how it parts, whether it would ask another server, how deep it is, what is wrong with it."""
