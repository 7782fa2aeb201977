"""Names and values as Redshift reads them. Nothing else in this package puts quotes around anything."""

from collections.abc import Iterable

from veil.model.names import problem_with_identifier
from veil.model.quoting import quoted_name, quoted_text


def literal(text: str) -> str:
    """`text` as a string literal. Raises ValueError for a text that Redshift cannot hold."""
    return quoted_text(text)


def identifier(name: str) -> str:
    """`name` as a quoted identifier. Raises ValueError where it has no place among our names: empty, too long, or with
    control characters.
    """
    if problem := problem_with_identifier(name):
        raise ValueError(f"{name!r} cannot be the name of anything in Redshift: {problem}")
    return quoted_name(name)


def qualified(*parts: str) -> str:
    """Quoted identifiers joined by dots: schema and table, or database, schema and table."""
    return ".".join(map(identifier, parts))


def literals(texts: Iterable[str]) -> str:
    """A list for IN (...), sorted so that the same set gives the same statement. NULL, which is IN nothing, where
    it is empty.
    """
    return ", ".join(map(literal, sorted(set(texts)))) or "NULL"
