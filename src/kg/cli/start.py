"""Where the command ``kg`` starts: it heeds interrupts before it imports anything that takes time."""

from __future__ import annotations

import os

from kg.cli.interrupts import EXIT_CODE, heed_interrupts, ignore_interrupts, interrupted, leave

__all__ = ["start"]


def start() -> int:
    """Run the command line of this process, and return its exit code."""
    try:
        heed_interrupts()
        from kg.cli.main import main

        code = main()
        ignore_interrupts()
    except KeyboardInterrupt:  # before there was a command
        os.write(2, f"{interrupted()}\n".encode())
        code = EXIT_CODE
    if code == EXIT_CODE:
        leave()
    return code
