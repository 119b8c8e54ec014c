"""Where a triple, a row or an answer is written, and whether the documents still say so."""
