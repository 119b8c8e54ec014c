"""A command as a user sees it on a terminal, stdout and stderr together."""

from __future__ import annotations

import os
import sys

__all__ = ["on_terminal"]


PROMPT = b"Enter ends: "


def on_terminal(*arguments: str | bytes, typed: str = "", **environment: str) -> str:
    """Run the command on a terminal of 100 columns and return what it shows.

    Args:
        arguments: of the command.
        typed: what is typed where it asks for a number, before Enter.
        environment: further variables.
    """
    import fcntl
    import pty
    import struct
    import termios

    child, terminal = pty.fork()
    if not child:
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 100, 0, 0))
        os.environ.pop("COLUMNS", None)
        os.execve(
            sys.executable, [sys.executable, "-m", "kg", *arguments], os.environ | {"TERM": "xterm"} | environment
        )
    shown = b""
    try:
        while part := os.read(terminal, 65536):
            shown += part
            if shown.endswith(PROMPT):
                os.write(terminal, f"{typed}\n".encode())
    except OSError:  # the child has ended
        os.waitpid(child, 0)
    os.close(terminal)
    return shown.decode()
