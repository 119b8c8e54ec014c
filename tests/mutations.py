"""Files that are nearly right: bytes changed at random, with the signs that formats are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random

SIGNS = [
    *(b'"', b"'", b",", b";", b"\n", b"\r", b"\r\n", b"\t", b" ", b"<", b">", b"[", b"]", b"{", b"}", b"(", b")", b"#"),
    *(
        b"\\",
        b"\\u0041",
        b"\\U0010FFFF",
        b"\\ud800",
        b":",
        b".",
        b"^^",
        b"@",
        b"@en",
        b"_:b",
        b"<<",
        b">>",
        b"<<(",
        b")>>",
    ),
    *(
        b"\x00",
        b"\x1b",
        b"\x7f",
        b"\x85",
        b"\xff",
        b"\xfe\xff",
        b"\xef\xbb\xbf",
        b"\xc3\x28",
        b"\xe2\x80\xae",
        b"\xed\xa0\x80",
    ),
    *(
        b"=1+1",
        b"-1",
        b"1e999",
        b"9" * 40,
        b"9999-99-99",
        b"http://[::1",
        b"<!DOCTYPE x [<!ENTITY y 'z'>]>",
        b"&y;",
        b"x" * 3_000,
    ),
]


def mutated(chance: Random, content: bytes) -> bytes:
    """Return a content with one to five changes: signs put in, parts left out, repeated, turned or from elsewhere."""
    for _ in range(chance.randint(1, 5)):
        at = chance.randint(0, len(content))
        end = min(len(content), at + chance.choice((1, 3, 30, 300)))
        change = chance.randint(0, 5)
        if change <= 1:
            content = content[:at] + chance.choice(SIGNS) + content[at:]
        elif change == 2:
            content = content[:at] + content[end:]
        elif change == 3:
            content = content[:end] + content[at:end] * chance.randint(1, 5) + content[end:]
        elif change == 4:
            content = content[:at] + content[at:end][::-1] + content[end:]
        else:
            other = chance.randint(0, len(content))
            content = content[:at] + content[other : other + end - at] + content[end:]
    return content
