"""The one place that knows how Redshift reads quoted names and texts."""

from veil.model.names import MAX_IDENTIFIER_BYTES, problem_with_text


def quoted_text(text: str) -> str:
    """`text` as a string literal.

    In Redshift's literals a backslash is always an escape character (there is no
    standard_conforming_strings), so both it and the quote are doubled. Raises ValueError where the
    text holds NUL, which no Redshift text can hold, or is not valid Unicode.
    """
    if problem := problem_with_text(text):
        raise ValueError(f"{text!r} cannot be stored in Redshift: {problem}")
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'"


def quoted_name(name: str) -> str:
    """`name` as a quoted identifier. Raises ValueError where Redshift could not hold it."""
    if problem := "it is empty" if not name else problem_with_text(name):
        raise ValueError(f"{name!r} cannot be a name in Redshift: {problem}")
    size = len(name.encode())
    if size > MAX_IDENTIFIER_BYTES:
        raise ValueError(
            f"{name!r} cannot be a name in Redshift: it is {size} bytes long, {MAX_IDENTIFIER_BYTES} are allowed"
        )
    return '"' + name.replace('"', '""') + '"'
