"""``python -m kg`` is the command ``kg``."""

import sys

from kg.cli.start import start

sys.exit(start())
