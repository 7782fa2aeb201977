"""Bracket expressions, and the escapes that mean such a set."""

import re
from collections.abc import Mapping

from veil.model.patterns.cursor import Cursor

_CLASSES: Mapping[str, str] = {
    "alnum": "0-9A-Za-z",
    "alpha": "A-Za-z",
    "blank": " \\t",
    "cntrl": "\\x00-\\x1f\\x7f",
    "digit": "0-9",
    "lower": "a-z",
    "punct": "!-/:-@\\[-`{-~",
    "space": "\\t-\\r ",
    "upper": "A-Z",
    "xdigit": "0-9A-Fa-f",
}
"""The POSIX classes that Redshift knows, of which it takes ASCII characters only."""

ESCAPES: Mapping[str, str] = {
    "d": f"[{_CLASSES['digit']}]",
    "D": f"[^{_CLASSES['digit']}]",
    "w": f"[{_CLASSES['alnum']}_]",
    "W": f"[^{_CLASSES['alnum']}_]",
}
"""The sets that Redshift knows by a letter, as Python's regular expressions."""


def bracket(cursor: Cursor) -> str:
    """The bracket expression that begins here, as Python's regular expressions."""
    cursor.take()
    negated = cursor.rest.startswith("^")
    cursor.take(1 if negated else 0)
    items: list[str] = []
    while not (items and cursor.rest.startswith("]")):
        if not cursor.rest:
            cursor.fail("a ']' is missing", "Write \\[ for the character.")
        items.append(_class(cursor) if cursor.rest[:2] in ("[:", "[.", "[=") else _range(cursor, first=not items))
    cursor.take()
    return f"[{'^' if negated else ''}{''.join(items)}]"


def _class(cursor: Cursor) -> str:
    match = re.match(r"\[:([a-z]+):\]", cursor.rest)
    if match is None or match[1] not in _CLASSES:
        names = ", ".join(f"[:{name}:]" for name in _CLASSES)
        cursor.fail(f"{cursor.rest[: cursor.rest.find(']') + 1]!r} is not a class", f"There are {names}.")
    cursor.take(len(match[0]))
    return _CLASSES[match[1]]


def _range(cursor: Cursor, *, first: bool) -> str:
    start = _member(cursor, first=first)
    if not re.match(r"-[^]]", cursor.rest):
        return re.escape(start)
    cursor.take()
    end = _member(cursor, first=False)
    if end < start:
        cursor.fail(f"'{start}-{end}' counts backwards", "Write the smaller character first.")
    return f"{re.escape(start)}-{re.escape(end)}"


_INSTEAD = {
    "]": "Put ] first: []a].",
    "-": "Put - last: [a-].",
    "d": "Write [[:digit:]], which is [0-9].",
    "w": "Write [[:alnum:]_].",
    "s": "Write [[:space:]].",
    "D": "Write [^[:digit:]], in a bracket expression of its own.",
    "W": "Write [^[:alnum:]_], in a bracket expression of its own.",
    "S": "Write [^[:space:]], in a bracket expression of its own.",
}


def _member(cursor: Cursor, *, first: bool) -> str:
    """One character of a bracket expression. A backslash may be a plain character there, so it only
    escapes where both agree.
    """
    character = cursor.take()
    if character == "-" and not first and not cursor.rest.startswith("]"):
        cursor.fail("a '-' stands between ranges", "Put it first or last.")
    if character != "\\":
        return character
    escaped = cursor.take()
    if escaped in ("]", "-") or escaped.isalnum() or not escaped:
        cursor.fail(
            f"'\\{escaped}' does not stand in a bracket expression",
            _INSTEAD.get(escaped, "Write the character that is meant."),
        )
    return escaped
