r"""Signs in a text that a terminal would obey, or that hide what the text says, and how they are shown instead.

Data is written by others. Printed as it is, a label could colour, move or clear what a terminal shows, set its title,
or make a text read as another one (Boucher and Anderson 2021, "Trojan Source", https://trojansource.codes). So these
signs are shown as escapes, such as ``\x1b`` and ``\u202e``:

- controls: C0 but for tabs and the line ends LF and CRLF, DEL and C1 (ECMA-48), separators of lines and paragraphs,
  lone surrogates;
- what has no form of its own: format characters (category Cf) and Default_Ignorable_Code_Point of the Unicode
  Character Database (https://www.unicode.org/Public/UCD/latest/ucd/DerivedCoreProperties.txt). Bidirectional controls
  (UAX #9), blanks of no width, the soft hyphen, the fillers of Hangul, and tags are among them.

Scripts and emoji need some of these, and keep them: the joiners U+200C and U+200D, signs of Arabic, Syriac and Kaithi
that stand before numbers and are seen, one variation selector after a sign (two in a row say nothing, but can carry a
hidden text), and the tags in the flags of England, Scotland and Wales (UTS #51).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["visible", "visible_in_json", "visible_in_turtle"]

_CONTROLS = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff"
_WITHOUT_FORM = (
    "\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0"
    "\ufff0-\ufffb\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e00ff"
    "\U000e01f0-\U000e0fff"
)
_VARIANTS = "\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef"
_FLAGS = "".join(
    f"|\U0001f3f4{''.join(chr(0xE0000 + ord(letter)) for letter in region)}\U000e007f"
    for region in ("gbeng", "gbsct", "gbwls")
)
_SUSPECT = f"[\r{_CONTROLS}{_WITHOUT_FORM}{_VARIANTS}]"
_SIGN = f"\r(?!\n)|[{_CONTROLS}{_WITHOUT_FORM}]|(?<=[{_VARIANTS}])[{_VARIANTS}]{_FLAGS}"


def visible(text: str) -> str:
    r"""Return a text with an escape in the place of each sign that a terminal would obey or that hides.

    Example:
        >>> print(visible("a\x1b[31m\u202eb\r"))
        a\x1b[31m\u202eb\r
    """
    return _escaped(text, lambda sign: sign.encode("unicode_escape").decode())


def visible_in_json(text: str) -> str:
    r"""Return a JSON text with such signs escaped as JSON has it, so that it is the same data.

    Example:
        >>> print(visible_in_json('"a\U000e0041"'))
        "a\udb40\udc41"
    """
    from json import dumps

    return _escaped(text, lambda sign: dumps(sign)[1:-1])


def visible_in_turtle(text: str) -> str:
    r"""Return a text of Turtle, or of TSV with terms as in Turtle, with such signs escaped as Turtle has it.

    Example:
        >>> print(visible_in_turtle('"a\x9b\U000e0041"'))
        "a\u009B\U000E0041"
    """
    return _escaped(text, lambda sign: f"\\u{ord(sign):04X}" if ord(sign) < 0x10000 else f"\\U{ord(sign):08X}")


def _escaped(text: str, escape: Callable[[str], str]) -> str:
    if (text.isascii() and text.isprintable()) or not re.search(_SUSPECT, text):  # most texts; it is quick
        return text
    return re.sub(_SIGN, lambda it: escape(it[0]) if len(it[0]) == 1 else it[0], text)  # a longer one is a flag
