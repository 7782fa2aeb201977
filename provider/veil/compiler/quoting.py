"""The only functions that put a person's text into SQL."""

from veil.compiler.errors import CompileError
from veil.compiler.sql import Sql
from veil.model.names import MAX_IDENTIFIER_BYTES


def literal(text: str) -> Sql:
    """A text literal. Redshift reads a backslash in it as an escape (it has no standard_conforming_strings).

    Raises CompileError for a NUL character, which no text of Redshift can hold.
    """
    if "\0" in text:
        raise CompileError("Text with a NUL character", f"{text!r} contains a NUL character. Remove it.")
    return Sql("'" + text.replace("\\", "\\\\").replace("'", "''") + "'")


def identifier(name: str) -> Sql:
    """A quoted identifier. Raises CompileError where Redshift could not hold it."""
    problem = _problem(name)
    if problem:
        raise CompileError("Name that Redshift cannot hold", f"{name!r} cannot be a name in Redshift: {problem}.")
    return Sql('"' + name.replace('"', '""') + '"')


def qualified(*parts: str) -> Sql:
    """A dotted name, each part quoted: database, schema, object."""
    return Sql(".".join(identifier(part) for part in parts))


def _problem(name: str) -> str | None:
    if not name:
        return "it is empty"
    if "\0" in name:
        return "it contains a NUL character"
    size = len(name.encode())
    if size > MAX_IDENTIFIER_BYTES:
        return f"it is {size} bytes long and {MAX_IDENTIFIER_BYTES} are allowed"
    return None
