"""Queries of a stranger: run in a process that has limits and no network."""
