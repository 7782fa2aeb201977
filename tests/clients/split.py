"""Cuts a script into its statements, as psql would."""

from __future__ import annotations

from veil.local.rewrite.lexer import lex


def split(script: str) -> list[str]:
    """The statements of a script, without the semicolons between them."""
    found: list[str] = []
    start: int | None = None
    end = 0
    for token in lex(script):
        if token.word == ";" and token.end - token.start == 1:
            found += [script[start:end]] if start is not None else []
            start = None
            continue
        start = token.start if start is None else start
        end = token.end
    return [*found, script[start:end]] if start is not None else found
