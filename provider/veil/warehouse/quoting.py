"""Names and values as Redshift reads them. Nothing else in this package puts quotes around anything."""

from collections.abc import Iterable

from veil.model.names import problem_with_identifier


def literal(text: str) -> str:
    """`text` as a string literal.

    In Redshift's literals a backslash is always an escape character, so both it and the quote are doubled.
    Raises ValueError where the text holds NUL, which no Redshift text can hold, or is not valid Unicode.
    """
    if "\0" in text:
        raise ValueError("a text that contains a NUL character cannot be stored in Redshift")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError("a text that is not valid Unicode cannot be stored in Redshift") from error
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'"


def identifier(name: str) -> str:
    """`name` as a quoted identifier. Raises ValueError where Redshift could not hold it."""
    if problem := problem_with_identifier(name):
        raise ValueError(f"{name!r} cannot be the name of anything in Redshift: {problem}")
    return '"' + name.replace('"', '""') + '"'


def qualified(*parts: str) -> str:
    """Quoted identifiers joined by dots: schema and table, or database, schema and table."""
    return ".".join(map(identifier, parts))


def literals(texts: Iterable[str]) -> str:
    """A list for IN (...), sorted so that the same set gives the same statement. NULL, which is IN nothing, where
    it is empty.
    """
    return ", ".join(map(literal, sorted(set(texts)))) or "NULL"
