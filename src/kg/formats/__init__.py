"""Rows of terms, and the formats in which they are written: a module for each, listed in :mod:`kg.formats.writers`."""
