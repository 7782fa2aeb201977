"""Texts that others chose, as a terminal may be given them."""

import unicodedata

_UNSEEN = frozenset({"Cc", "Cf", "Zl", "Zp"})
"""Control and formatting characters, and separators of lines and paragraphs: by Unicode's general
categories.
"""


def printable(text: str, *, kept: str = "\n\t") -> str:
    """The text with every character that is not seen as an escape, those that are `kept` aside: a
    terminal would act upon it, or show other characters in another order. Lone surrogates, which no
    encoding has, become question marks.
    """
    text = text.encode("utf-8", "replace").decode()
    if text.isascii() and text.isprintable():
        return text
    return "".join(_escaped(each) if _is_unseen(each) and each not in kept else each for each in text)


def _is_unseen(character: str) -> bool:
    return unicodedata.category(character) in _UNSEEN


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode()
