"""Locks for a process that runs what a stranger sends: no network, and no more memory and CPU than it was given.

Each lock is taken for itself and says whether it holds, as systems differ. They are taken before a store is opened, as
a process with threads cannot move to another namespace, and a filter holds only in the threads that come after it.

Sources: unshare(2) and user_namespaces(7); seccomp(2), with the numbers of Linux's ``asm/unistd_64.h``,
``asm-generic/unistd.h``, ``linux/audit.h`` and ``linux/seccomp.h``; prctl(2); setrlimit(2).
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

__all__ = ["limit_cpu", "limit_memory", "refuse_sockets", "resident", "unshare_network"]

_CLONE_NEWUSER, _CLONE_NEWNET = 0x1000_0000, 0x4000_0000
_PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 22, 38
_SECCOMP_MODE_FILTER = 2

# machine -> its AUDIT_ARCH, and its numbers of socket and io_uring_setup, which can make sockets too
_SYSTEM_CALLS = {"x86_64": (0xC000_003E, (41, 425)), "aarch64": (0xC000_00B7, (198, 425))}
_X32 = 0x4000_0000  # calls of x86_64's other ABI have this bit

# a statement of a Berkeley Packet Filter: load a word, jump if equal, jump if at least, return
_LOAD, _IF_EQUAL, _IF_AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_NUMBER, _ARCHITECTURE = 0, 4  # where these stand in struct seccomp_data
_ALLOW, _REFUSE = 0x7FFF_0000, 0x0005_0000 | 13  # with errno EACCES


def unshare_network() -> bool:
    """Move this process to a network of its own, in which there is nothing but a loopback that is down.

    An ordinary user needs a user namespace for it, which some systems forbid.

    Returns:
        Whether the lock holds.
    """
    if sys.platform != "linux":
        return False
    libc = _libc()
    return any(libc.unshare(flags) == 0 for flags in (_CLONE_NEWNET, _CLONE_NEWUSER | _CLONE_NEWNET))


def refuse_sockets() -> bool:
    """Let every further call of ``socket(2)`` fail with ``EACCES``, for good, in this process and its threads to come.

    Returns:
        Whether the lock holds; it does on Linux on x86_64 and aarch64.
    """
    from platform import machine

    if sys.platform != "linux" or machine() not in _SYSTEM_CALLS:
        return False
    import ctypes

    class Filter(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("statements", ctypes.c_void_p))

    program = b"".join(_statements(*_SYSTEM_CALLS[machine()]))
    buffer = ctypes.create_string_buffer(program, len(program))
    loaded = Filter(len(program) // 8, ctypes.addressof(buffer))
    libc = _libc()
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        return False
    return bool(libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(loaded), 0, 0) == 0)


def _statements(architecture: int, refused: tuple[int, ...]) -> list[bytes]:
    """Return a filter that refuses some system calls, and all calls of other architectures and of x32."""
    import struct

    def statement(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
        return struct.pack("=HBBI", code, if_true, if_false, value)

    tests = [(_IF_AT_LEAST, _X32), *((_IF_EQUAL, number) for number in refused)]
    return [
        statement(_LOAD, _ARCHITECTURE),
        statement(_IF_EQUAL, architecture, 0, len(tests) + 2),
        statement(_LOAD, _NUMBER),
        *(statement(code, value, len(tests) - place) for place, (code, value) in enumerate(tests)),
        statement(_RETURN, _ALLOW),
        statement(_RETURN, _REFUSE),
    ]


def limit_memory(size: int) -> bool:
    """Limit what this process may take to what it has now and some bytes more.

    Returns:
        Whether the lock holds; where the system does not heed RLIMIT_AS, as macOS, it does not.
    """
    if sys.platform != "linux":
        return False
    import resource

    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    allowed = pages * resource.getpagesize() + size
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (allowed if hard == resource.RLIM_INFINITY else min(allowed, hard), hard))
    return True


def limit_cpu(seconds: float) -> bool:
    """Limit the time that this process may compute, from now on, to some seconds, rounded up.

    Returns:
        Whether the lock holds; Windows has none.
    """
    if sys.platform == "win32":
        return False
    import resource
    from math import ceil

    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = ceil(used.ru_utime + used.ru_stime + seconds) + 1
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))
    return True


def resident(pid: int) -> int | None:
    """Return how many bytes of memory a process occupies, or nothing where the system does not tell."""
    import subprocess

    try:
        if sys.platform == "linux":
            return int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]) * 4096
        told = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True, check=False)
        return int(told.stdout) * 1024
    except (OSError, ValueError, IndexError):
        return None


def _libc() -> Any:
    import ctypes

    return ctypes.CDLL(None, use_errno=True)
