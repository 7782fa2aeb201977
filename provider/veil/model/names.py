"""Dotted Redshift names as a person types them: `raw.customers`, `governed."Odd.Name"`."""

import re

MAX_IDENTIFIER_BYTES = 127
"""Amazon Redshift Developer Guide, "Names and identifiers": 1 to 127 bytes of UTF-8."""

MAX_VALUE_BYTES = 1024
"""How long groups, attributes, values and the names of policies, purposes and projects may be: our tables hold that."""

_PLAIN = re.compile(r"[a-z_][a-z0-9_$]*\Z")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_INVISIBLE = re.compile(r"[\x80-\x9f\xad\u200b\u2028-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e007f]")
"""Characters that nobody sees and that make two names differ. Joiners and marks of direction, which scripts need, may
stay.
"""
_HALF = re.compile(r"[\ud800-\udfff]")
_PART = re.compile(r'"((?:[^"]|"")+)"|([^".\s]+)')


def dotted(*parts: str) -> str:
    """Join identifiers with dots, quoting those that are not plain lower-case names."""
    return ".".join(part if _PLAIN.match(part) else '"' + part.replace('"', '""') + '"' for part in parts)


def split(name: str) -> tuple[str, ...]:
    """Split a dotted name into identifiers; unquoted parts fold to lower case as Redshift folds them.

    Raises ValueError where the text is not a dotted name.
    """
    parts: list[str] = []
    position = 0
    while True:
        found = _PART.match(name, position)
        if not found:
            raise ValueError(f'{name!r} is not a dotted name such as raw.customers or governed."Odd.Name"')
        quoted, plain = found.groups()
        parts.append(quoted.replace('""', '"') if quoted is not None else plain.lower())
        position = found.end()
        if position == len(name):
            return tuple(parts)
        if name[position] != ".":
            raise ValueError(f"{name!r} is not a dotted name: expected a dot at character {position + 1}")
        position += 1


def without_quotes(name: str) -> str | None:
    """A dotted name as a person says it who thinks of no quotes: `raw."orders 2026"` as `raw.orders 2026`. None where
    that could mean something else, because a part holds a dot or a quote.
    """
    parts = split(name)
    return None if any("." in part or '"' in part for part in parts) else ".".join(parts)


def problem_with_identifier(name: str) -> str | None:
    """Why Redshift could not hold this identifier, or None where it can."""
    if not name:
        return "it is empty"
    if problem := _problem_with_characters(name):
        return problem
    if len(name.encode()) > MAX_IDENTIFIER_BYTES:
        return f"it is {len(name.encode())} bytes long, Redshift allows {MAX_IDENTIFIER_BYTES}"
    return None


def problem_with_value(text: str) -> str | None:
    """Why a group, an attribute's name or a value cannot be compared safely, or None where it can.

    Redshift ignores trailing blanks when it compares and PostgreSQL does not, so values that end in one are refused.
    """
    if problem := _problem_with_characters(text):
        return problem
    if found := _INVISIBLE.search(text):
        return f"it contains the invisible character U+{ord(found[0]):04X}"
    if text != text.rstrip(" "):
        return "it ends in a blank, which Redshift ignores when it compares"
    if len(text.encode()) > MAX_VALUE_BYTES:
        return f"it is {len(text.encode())} bytes long, at most {MAX_VALUE_BYTES} are kept"
    return None


def _problem_with_characters(text: str) -> str | None:
    if _CONTROL.search(text):
        return "it contains a control character"
    if _HALF.search(text):
        return "it contains half a character (a surrogate)"
    return None
