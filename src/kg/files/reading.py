"""Read a file that a user names: a regular one of some size, in UTF-8.

A named pipe or a device would be waited for, or never end; so they are errors that say what they are. The pipes that a
shell makes for a command, ``/dev/stdin`` and those below ``/dev/fd``, can be read where a file is read once.
"""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING, NamedTuple

from kg.errors import UsageError
from kg.files.limits import MIB, WHOLE_FILE

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["EncodingFault", "UnreadableError", "find_encoding_fault", "read_whole", "refuse_special", "unix_lines"]

_KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}
_SHELL_PIPES = ("/dev/fd/", "/proc/self/fd/")
_MARKS = {
    b"\xff\xfe\x00\x00": "UTF-32",
    b"\x00\x00\xfe\xff": "UTF-32",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
}


class UnreadableError(UsageError):
    """A file that cannot be read, or is not to be.

    Attributes:
        reason: why, without the name of the file.
    """

    def __init__(self, path: Path, reason: str, expected: str) -> None:
        self.reason = reason
        super().__init__(f"cannot read {path}: {reason}; {expected}")


class EncodingFault(NamedTuple):
    """The first place where a file is not UTF-8: its line, what is wrong, and what is expected."""

    line: int
    message: str


def refuse_special(path: Path, found: os.stat_result, expected: str) -> None:
    """Refuse what is no regular file.

    Args:
        path: its name.
        found: what the system says of it.
        expected: the end of the message.

    Raises:
        UnreadableError: if it is a folder, a named pipe, a socket or a device.
    """
    if not stat.S_ISREG(found.st_mode):
        raise UnreadableError(path, f"it is {_KINDS.get(stat.S_IFMT(found.st_mode), 'no file')}", expected)


def read_whole(path: Path, expected: str, most: int = WHOLE_FILE) -> bytes:
    """Return the content of a file, or of a pipe that the shell made.

    Args:
        path: the file.
        expected: the end of the message if it cannot be read, such as ``expected a CSV file``.
        most: how many bytes it may hold.

    Raises:
        UnreadableError: if there is none, it is no regular file or holds more.
    """
    from_shell = str(path) == "/dev/stdin" or str(path).startswith(_SHELL_PIPES)
    try:
        if not from_shell:
            refuse_special(path, path.stat(), expected)  # some devices do something when they are opened
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0) | (0 if from_shell else _AT_ONCE))
        with os.fdopen(handle, "rb") as file:
            if not from_shell:  # it may be another one by now
                refuse_special(path, os.fstat(handle), expected)
            content = file.read(most + 1)
    except (OSError, ValueError) as error:  # a path with a zero byte is a wrong value
        raise UnreadableError(path, getattr(error, "strerror", None) or str(error), expected) from error
    if len(content) > most:
        raise UnreadableError(path, f"it holds more than {most // MIB} MiB", expected)
    return content


_AT_ONCE = getattr(os, "O_NONBLOCK", 0)  # no wait for who writes to a pipe


def find_encoding_fault(content: bytes) -> EncodingFault | None:
    r"""Return what keeps a text from being UTF-8, with a byte order mark or without.

    Example:
        >>> find_encoding_fault("a,b".encode("utf-16"))
        EncodingFault(line=1, message='the file is UTF-16; save it as UTF-8')
        >>> find_encoding_fault(b"a\n\xfc")
        EncodingFault(line=2, message='byte 0xFC is not UTF-8; save the file as UTF-8')
    """
    if name := _wide_encoding(content):
        return EncodingFault(1, f"the file is {name}; save it as UTF-8")
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return EncodingFault(line, f"byte 0x{content[error.start]:02X} is not UTF-8; save the file as UTF-8")
    return None


def unix_lines(text: str) -> str:
    r"""Return a text with LF at the end of its lines: for CRLF of Windows, and for CR alone of the old Macintosh.

    Example:
        >>> unix_lines("a\r\nb\n"), unix_lines("a\rb\r")
        ('a\nb\n', 'a\nb\n')
    """
    return text.replace("\r\n", "\n") if "\n" in text else text.replace("\r", "\n")


def _wide_encoding(content: bytes) -> str:
    """Return the encoding of a text that starts with a mark of UTF-16 or UTF-32, or has a zero byte in each sign."""
    for mark, name in _MARKS.items():
        if content.startswith(mark):
            return name
    start = content[:64]
    return "UTF-16" if len(start) > 3 and any(start[::2]) != any(start[1::2]) else ""
