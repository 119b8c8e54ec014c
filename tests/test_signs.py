"""The signs that are shown as escapes, held against the character database of this Python."""

from __future__ import annotations

import unicodedata

import pytest

from kg.signs import visible, visible_in_json, visible_in_turtle

# joiners, which scripts and emoji need; format characters that are seen (Prepended_Concatenation_Mark)
KEPT = {0x200C, 0x200D, *range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD}
# Default_Ignorable_Code_Point of other categories, but for variation selectors: a combining sign, vowels, fillers
WITHOUT_FORM = {0x34F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0}


def test_controls_and_format_characters_are_escaped_and_nothing_else_is() -> None:
    for sign in map(chr, range(0x110000)):
        category = unicodedata.category(sign)
        if category == "Cn":  # nobody's yet
            continue
        is_hidden = category in ("Cc", "Cf", "Cs", "Zl", "Zp") and sign not in "\t\n" and ord(sign) not in KEPT
        assert (visible(sign) != sign) == (is_hidden or ord(sign) in WITHOUT_FORM), f"U+{ord(sign):04X}"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\r\nb\tc", "a\r\nb\tc"),
        ("a\rb\n\r", "a\\rb\n\\r"),
        ("\udcff", r"\udcff"),
        ("\U000e01f0\ufff0", r"\U000e01f0\ufff0"),  # nobody's, but ignored by those who draw
        ("❤\ufe0f", "❤\ufe0f"),
        ("a\ufe0f\ufe01\U000e0100", "a\ufe0f\\ufe01\\U000e0100"),  # a hidden text, a byte a selector
        ("\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", None),  # the flag of England
        ("\U0001f3f4\U000e0067\U000e007f", "\U0001f3f4\\U000e0067\\U000e007f"),
        ("👩\u200d🔬 می\u200cخواهم", None),
    ],
)
def test_shown(text: str, shown: str | None) -> None:
    assert visible(text) == (text if shown is None else shown)


def test_escapes_of_json_and_turtle_are_the_same_data() -> None:
    import json

    from pyoxigraph import RdfFormat, parse

    text = "".join(sign for sign in map(chr, [*range(0x20), *range(0x7F, 0x2070), 0xE0041]) if sign not in "\n\r")
    written = json.dumps(text, ensure_ascii=False)
    assert json.loads(visible_in_json(written)) == text
    assert visible_in_json(written) != written
    triple = f'<urn:s> <urn:p> "{text[:2]}{text[0x1E:]}" .'.replace('"\x00', '"')
    (read,) = parse(visible_in_turtle(triple), format=RdfFormat.TURTLE)
    (raw,) = parse(triple, format=RdfFormat.TURTLE)
    assert read == raw
