"""``python -m kg.docs`` writes the made pages; a test says when that is due."""

from kg.docs.pages import pages
from kg.paths import write_whole

for path, text in pages().items():
    write_whole(path, text.encode())
