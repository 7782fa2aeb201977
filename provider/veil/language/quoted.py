"""Text literals and quoted names, read as Redshift reads them."""

from veil.language.errors import ExpressionError

_ESCAPABLE = "'\\\"`"
"""What a backslash may stand before in a string literal. Redshift also knows \\n, octal and more;
they are refused because other engines read them otherwise, and an unknown one (\\_) silently loses
its backslash.
"""

_MAX_NAME = 127
"""Amazon Redshift Developer Guide, "Names and identifiers": 1 to 127 bytes of UTF-8."""


_MAX_TEXT = 65_535
"""Amazon Redshift Developer Guide, "Character types": at most 65,535 bytes of UTF-8."""


def read_string(text: str, start: int) -> tuple[str, int]:
    """The string literal that opens at `start`: its value and the offset after the closing
    quote.
    """
    parts: list[str] = []
    position = start + 1
    while position < len(text):
        character = text[position]
        following = text[position + 1 : position + 2]
        if character == "\\":
            _check_escape(text, position, following)
            parts.append(following)
            position += 2
        elif character != "'":
            parts.append(character)
            position += 1
        elif following == "'":
            parts.append("'")
            position += 2
        else:
            value = "".join(parts)
            _check_length(value, text, start, position + 1)
            return value, position + 1
    raise ExpressionError("This text has no closing quote.", text, start, _line_end(text, start), _CLOSE)


def read_name(text: str, start: int) -> tuple[str, int]:
    """The quoted name that opens at `start`: its value and the offset after the closing quote."""
    position = start + 1
    while True:
        close = text.find('"', position)
        if close < 0:
            raise ExpressionError("This name has no closing quote.", text, start, _line_end(text, start), _CLOSE_NAME)
        if text[close + 1 : close + 2] != '"':
            break
        position = close + 2
    name = text[start + 1 : close].replace('""', '"')
    check_name(name, text, start, close + 1)
    return name, close + 1


def check_name(name: str, text: str, start: int, end: int) -> None:
    """Raise ExpressionError where Redshift could not hold this identifier."""
    if not name:
        raise ExpressionError("A name is empty.", text, start, end, "Write the column's name between the quotes.")
    if len(name.encode()) > _MAX_NAME:
        problem = f"This name is {len(name.encode())} bytes long; Redshift allows {_MAX_NAME}."
        raise ExpressionError(problem, text, start, end)
    if any(ord(character) < 32 or ord(character) == 127 for character in name):
        raise ExpressionError("This name contains a control character.", text, start, end)


_CLOSE = "Close it with a single quote. A quote inside a string is doubled: 'it''s'."
_CLOSE_NAME = 'Close it with a double quote: "odd name". Texts stand in single quotes.'


def _check_escape(text: str, position: int, following: str) -> None:
    if not following:
        raise ExpressionError("This text has no closing quote.", text, position, position + 1, _CLOSE)
    if following not in _ESCAPABLE:
        raise ExpressionError(
            "This backslash does not stand before a quote or another backslash.",
            text,
            position,
            position + 2,
            "In a string the backslash escapes. For a backslash itself write \\\\.",
        )


def _check_length(value: str, text: str, start: int, end: int) -> None:
    size = len(value.encode("utf-8", "surrogatepass"))
    if size > _MAX_TEXT:
        problem = f"This text is {size} bytes long; Redshift's have at most {_MAX_TEXT}."
        raise ExpressionError(problem, text, start, end)


def _line_end(text: str, start: int) -> int:
    end = text.find("\n", start)
    return len(text) if end < 0 else end
