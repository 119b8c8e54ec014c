"""Rows of terms and how they are written: a module for each kind of reader, listed in :mod:`kg.formats.writers`."""
