"""The one place that knows how Redshift reads quoted names and texts."""

from veil.model.names import MAX_IDENTIFIER_BYTES


def quoted_text(text: str) -> str:
    """`text` as a string literal.

    In Redshift's literals a backslash is always an escape character (there is no standard_conforming_strings), so
    both it and the quote are doubled. Raises ValueError where the text holds NUL, which no Redshift text can
    hold, or is not valid Unicode.
    """
    if "\0" in text:
        raise ValueError("a text that contains a NUL character cannot be stored in Redshift")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError("a text that is not valid Unicode cannot be stored in Redshift") from error
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'"


def quoted_name(name: str) -> str:
    """`name` as a quoted identifier. Raises ValueError where Redshift could not hold it."""
    if not name or "\0" in name:
        raise ValueError(f"{name!r} cannot be a name in Redshift: it is empty or contains a NUL character")
    size = len(name.encode(errors="surrogatepass"))
    if size > MAX_IDENTIFIER_BYTES:
        raise ValueError(
            f"{name!r} cannot be a name in Redshift: it is {size} bytes long, {MAX_IDENTIFIER_BYTES} are allowed"
        )
    return '"' + name.replace('"', '""') + '"'
