"""Texts out of the warehouse, for people to read."""

from veil.warehouse import NULL

_LONGEST = 80
"""More characters of one text than this are cut off."""


def shown(text: str) -> str:
    """A name as it is, where a person can tell it from others so, and in quotes otherwise."""
    if text and text.isprintable() and text == text.strip():
        return _cut(text)
    return quoted(text)


def quoted(text: str) -> str:
    """A value in quotes, with what nobody sees written as an escape, and cut off where it is very
    long.
    """
    return "NULL" if text == NULL else repr(_cut(text))


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}\N{HORIZONTAL ELLIPSIS}"
