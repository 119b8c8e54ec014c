"""Interrupts of the command ``kg``: it ends within a second, in a line, with exit code 130.

Ctrl-C, and SIGTERM likewise, raises ``KeyboardInterrupt`` in the main thread, so that what is half done is cleaned up.
A library in C may not come back to Python for long; so a thread, which the system tells of signals by a pipe
(:func:`signal.set_wakeup_fd`), ends the process where the main thread has not done so in time.
"""

from __future__ import annotations

import os
import sys

__all__ = ["EXIT_CODE", "heed_interrupts", "ignore_interrupts", "interrupted", "leave"]

EXIT_CODE = 130
_GRACE = 0.7  # seconds that the main thread has to clean up
_SIGNALS = ("SIGINT", "SIGTERM")
_signals = 0  # that came
_told = False


def interrupted(what: str = "") -> str:
    """Return the line to tell, which from now on nobody else tells.

    Args:
        what: what is left of the command, if it is not nothing.
    """
    global _told
    _told = True
    return f"kg: interrupted; {what or 'nothing was left half written'}"


def heed_interrupts() -> None:
    """Arrange it for this process, from its main thread."""
    import signal
    from threading import Thread

    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    Thread(target=_watch, args=(reading,), daemon=True).start()
    for name in _SIGNALS:
        signal.signal(getattr(signal, name), _raise)
    sys.unraisablehook = _unraisable


def ignore_interrupts() -> None:
    """Ignore signals from now on: all is done, and Python, on its way out, would let one end it without a word."""
    import signal

    for name in _SIGNALS:
        signal.signal(getattr(signal, name), signal.SIG_IGN)


def _raise(*_: object) -> None:
    """Interrupt what is done, once: a second signal would interrupt the cleaning up."""
    global _signals
    _signals += 1
    if _signals == 1:
        raise KeyboardInterrupt


def _watch(pipe: int) -> None:
    """End the process some time after a signal, if it is still there."""
    from time import sleep

    os.read(pipe, 1)
    sleep(_GRACE)
    if not _told:
        os.write(2, b"kg: interrupted; the next run clears what is left\n")
    leave()


def leave() -> None:
    """End the process at once: what runs at the exit of a library could wait for a query that never ends."""
    os._exit(EXIT_CODE)


def _unraisable(found: sys.UnraisableHookArgs) -> None:
    """Pass over an interrupt that came where Python can raise nothing, such as in a destructor; it is told anyway."""
    if not isinstance(found.exc_value, KeyboardInterrupt):
        sys.__unraisablehook__(found)
