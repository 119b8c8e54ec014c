"""How rows of terms are written, a module for each kind of reader: programs, terminals, pages, spreadsheets, pandas.

A writer takes the names of the columns and the rows, and returns text or bytes.
"""
