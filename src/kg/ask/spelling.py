"""From a question to its parts: a misspelt word is mended aloud, an unknown one is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.ask.meaning import NotUnderstood

if TYPE_CHECKING:
    from kg.ask.words import Token, Vocabulary

__all__ = ["understand", "unknown_words"]


def understand(vocabulary: Vocabulary, question: str) -> tuple[list[Token], list[str]]:
    """Return the parts of a question, and what was decided about misspelt words.

    Args:
        vocabulary: the phrases that mean something.
        question: plain English.

    Raises:
        NotUnderstood: if a word is unknown.
    """
    tokens = vocabulary.tokens(question)
    notes: list[str] = []
    unknown = [token.text for token in tokens if token.kind == "unknown"]
    if unknown:
        mended = {word: vocabulary.corrected(word) for word in unknown}
        if not all(mended.values()):
            raise unknown_words(vocabulary, [word for word in unknown if not mended[word]])
        notes = [f"I read '{word}' as '{other}'" for word, other in mended.items()]
        for word, other in mended.items():
            question = question.replace(word, other)
        tokens = vocabulary.tokens(question)
    return tokens, notes


def unknown_words(vocabulary: Vocabulary, unknown: list[str]) -> NotUnderstood:
    """Return the answer that words are not known, with those that are nearest."""
    hints = [f"'{text}'{vocabulary.nearest(text)}" for text in unknown]
    if all(any(sign.isdigit() for sign in text) or text != text.lower() for text in unknown):
        return NotUnderstood("not_in_graph", f"Not in the graph: {'; '.join(hints)}.", unknown)
    return NotUnderstood("not_understood", f"I do not know the word {'; nor '.join(hints)}.", unknown)
