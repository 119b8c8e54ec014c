"""``python -m kg.docs`` makes the pages anew; a test fails when that is needed."""

from kg.docs.pages import pages
from kg.paths import write_whole

for path, text in pages().items():
    write_whole(path, text.encode())
