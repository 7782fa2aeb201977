"""Dotted Redshift names as a person types them: `raw.customers`, `governed."odd name"`."""

import re
from functools import lru_cache

MAX_IDENTIFIER_BYTES = 127
"""Amazon Redshift Developer Guide, "Names and identifiers": 1 to 127 bytes of UTF-8."""

MAX_VALUE_BYTES = 1024
"""How long groups, attributes, values and the names of policies, purposes and projects may be: our
tables hold that.
"""

MAX_TEXT_BYTES = 65_535
"""Amazon Redshift Developer Guide, "Character types": a VARCHAR has at most 65,535 bytes."""

MAX_DESCRIPTION_BYTES = 16_000
"""How long what is said of a table or a column may be: as JSON and as a literal it fits into one
argument of a procedure.
"""

_PLAIN = re.compile(r"[a-z_][a-z0-9_$]*\Z")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_UNSEEN = (
    r"[\xad\u115f\u1160\u180e\u200b\u2028-\u202e\u2060-\u206f\u2800\u3164\ufdd0-\ufdef\ufeff\uffa0\ufff9-\uffff"
    r"\U0001d173-\U0001d17a\U000e0000-\U000e007f]"
)
_JOINERS = r"\u034f\u200c\u200d"
_MARKS = r"\u061c\u200e\u200f"
_SELECTORS = r"[\ufe00-\ufe0f\U000e0100-\U000e01ef]"
# Not as the range of all that it holds: Python lists each of its million characters when it
# compiles that.
_BEYOND_ASCII = r"[^\x00-\x7f]"
_INVISIBLE = re.compile(
    f"{_UNSEEN}"
    rf"|(?<!{_BEYOND_ASCII})[{_JOINERS}]|[{_JOINERS}](?!{_BEYOND_ASCII})|[{_JOINERS}]{{2}}"
    rf"|(?<!{_BEYOND_ASCII})[{_MARKS}](?!{_BEYOND_ASCII})"
    rf"|(?<![0-9#*])(?<!{_BEYOND_ASCII}){_SELECTORS}"
)
"""Characters that nobody sees and that make two names differ. Joiners, marks of direction and
selectors of a character's form stay where scripts need them, and no script needs one between ASCII
characters.
"""
_HALF = re.compile(r"[\ud800-\udfff]")
_PART = re.compile(r'"((?:[^"]|"")+)"|([^".\s]+)')


@lru_cache(maxsize=65_536)
def dotted(*parts: str) -> str:
    """Join identifiers with dots, quoting those that are not plain lower-case names."""
    return ".".join(part if _PLAIN.match(part) else '"' + part.replace('"', '""') + '"' for part in parts)


def folded(name: str) -> str:
    """An identifier as Redshift keeps it, quoted or not: ASCII letters in lower case, all others as
    they are. Users alone are called what they are called.
    """
    return name.translate(_LOWER)


_LOWER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}


def split(name: str) -> tuple[str, ...]:
    """Split a dotted name that a person typed into identifiers, folded as Redshift folds them.

    Raises ValueError where the text is not a dotted name.
    """
    return tuple(map(folded, parts_of(name)))


@lru_cache(maxsize=65_536)
def canonical(name: str) -> str:
    """A dotted name that a person typed as keys are written: folded, and quoted only where it has
    to be. Raises ValueError where the text is not a dotted name.
    """
    return dotted(*split(name))


def parts_of(name: str) -> tuple[str, ...]:
    """The identifiers that `dotted` joined. Raises ValueError where the text is not a dotted
    name.
    """
    parts: list[str] = []
    position = 0
    while True:
        match = _PART.match(name, position)
        if not match:
            raise ValueError(f'{name!r} is not a dotted name such as raw.customers or governed."odd name"')
        quoted, plain = match.groups()
        parts.append(quoted.replace('""', '"') if quoted is not None else plain)
        position = match.end()
        if position == len(name):
            return tuple(parts)
        if name[position] != ".":
            raise ValueError(f"{name!r} is not a dotted name: expected a dot at character {position + 1}")
        position += 1


def without_quotes(name: str) -> str | None:
    """A dotted name as a person says it who thinks of no quotes: `raw."orders 2026"` as
    `raw.orders 2026`. None where that could mean something else, because a part holds a dot or a
    quote.
    """
    parts = split(name)
    return None if any("." in part or '"' in part for part in parts) else ".".join(parts)


def problem_with_identifier(name: str) -> str | None:
    """Why a schema, table, view, group or database cannot be called so, or None where it can.

    Redshift's identifiers are 1 to 127 bytes of printable characters. Views of its catalog compare
    them as texts.
    """
    if not name:
        return "it is empty"
    return _problem_with_text(name) or _problem_with_length(name, MAX_IDENTIFIER_BYTES, "Redshift allows {}")


def problem_with_new_name(name: str) -> str | None:
    """Why nothing that veil makes can be called so, or None where it can: what is made is to be
    found under the name that it was given.
    """
    if problem := problem_with_identifier(name):
        return problem
    if name != folded(name):
        return f'Redshift folds capital letters, quoted or not, so that it would be called "{folded(name)}". Write that'
    return None


def problem_with_column(name: str) -> str | None:
    """Why no column can be called so, or None where one can: a table that is there may have odd
    names.
    """
    if not name:
        return "it is empty"
    return _problem_with_characters(name) or _problem_with_length(name, MAX_IDENTIFIER_BYTES, "Redshift allows {}")


def problem_with_value(text: str) -> str | None:
    """Why a group, an attribute's name or a value cannot be compared safely, or None where it can.

    Redshift ignores trailing spaces when it compares: values that end in one are refused.
    """
    return _problem_with_text(text) or _problem_with_length(text, MAX_VALUE_BYTES, "at most {} are kept")


@lru_cache(maxsize=65_536)
def problem_with_stored(text: str) -> str | None:
    """Why our tables cannot keep this text apart from others, or None where they can. Less strict
    than what people may write, so that what was written under earlier rules does not stop a later
    change.
    """
    if problem := _problem_with_characters(text):
        return problem
    if text.endswith(" "):
        return _ENDS_IN_A_SPACE
    return _problem_with_length(text, MAX_VALUE_BYTES, "at most {} are kept")


def problem_with_text(text: str) -> str | None:
    """Why no text in Redshift can hold this, or None where one can. Line breaks and spaces are
    allowed anywhere.
    """
    if "\0" in text:
        return "it contains a NUL character"
    return _HALF_A_CHARACTER if _HALF.search(text) else None


def problem_with_description(text: str) -> str | None:
    """Why a text cannot be shown as a comment in the warehouse, or None where it can. Line breaks
    and tabs are allowed.
    """
    return _problem_with_characters(text.translate(_LAYOUT)) or _problem_with_length(
        text, MAX_DESCRIPTION_BYTES, "a description has at most {}"
    )


_LAYOUT = {ord("\n"): " ", ord("\t"): " "}


def problem_with_whole_text(text: str) -> str | None:
    """Why a text that a user writes is none that Redshift can hold, pass on or compare in one
    piece, or None where it is.
    """
    return problem_with_text(text) or _problem_with_length(text, MAX_TEXT_BYTES, "a string in Redshift has at most {}")


_ENDS_IN_A_SPACE = "it ends in a space, which Redshift ignores when it compares"
_HALF_A_CHARACTER = "it contains half a character (a surrogate)"


def _problem_with_text(text: str) -> str | None:
    if problem := _problem_with_characters(text):
        return problem
    if match := _INVISIBLE.search(text):
        return f"it contains the invisible character U+{ord(match[0][0]):04X}"
    if text.endswith(" "):
        return _ENDS_IN_A_SPACE
    return f"it ends in the white space U+{ord(text[-1]):04X}, which nobody sees" if text[-1:].isspace() else None


def _problem_with_characters(text: str) -> str | None:
    if text.isascii() and text.isprintable():
        return None
    if _CONTROL.search(text):
        return "it contains a control character"
    return _HALF_A_CHARACTER if _HALF.search(text) else None


def _problem_with_length(text: str, most: int, allowed: str) -> str | None:
    size = len(text.encode())
    return f"it is {size} bytes long, {allowed.format(most)}" if size > most else None
