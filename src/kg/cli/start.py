"""Where the command ``kg`` starts: it heeds interrupts before it imports anything that takes time."""

from __future__ import annotations

from kg.cli.interrupts import EXIT_CODE, heed_interrupts, leave, tell_interrupt

__all__ = ["start"]


def start() -> int:
    """Run the command line of this process, and return its exit code."""
    try:
        heed_interrupts()
        from kg.cli.main import main

        code = main()
    except KeyboardInterrupt as error:
        code = tell_interrupt(str(error))
    if code == EXIT_CODE:
        leave()
    return code
