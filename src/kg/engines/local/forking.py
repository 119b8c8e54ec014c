"""A process that was forked from one with an open store can end.

What an open store starts are threads, which a fork does not copy; at the end of a process the store's library waits
for them, and crashes. So a forked process is told to leave without that: ``on_exit(3)`` calls ``_exit(2)`` with the
exit code, after Python has ended and before the library does. Only glibc has it; elsewhere a forked process that ends
by itself is to call :func:`os._exit`, as :mod:`multiprocessing` does.
"""

from __future__ import annotations

import os

__all__ = ["let_forks_end"]

_is_told = False


def let_forks_end() -> None:
    """Arrange it for all forks of this process to come; again does nothing."""
    global _is_told
    if not _is_told and hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=_leave_early)
        _is_told = True


def _leave_early() -> None:
    import ctypes

    libc = ctypes.CDLL(None)
    if hasattr(libc, "on_exit"):
        libc.on_exit(libc._exit, None)
