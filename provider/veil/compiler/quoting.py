"""The only functions of the compiler that put a person's text into SQL."""

from veil.compiler.errors import CompileError
from veil.compiler.sql import Sql
from veil.model.quoting import quoted_name, quoted_text


def literal(text: str) -> Sql:
    """A text literal. Raises CompileError for a text that Redshift cannot hold."""
    try:
        return Sql(quoted_text(text))
    except ValueError as problem:
        raise CompileError("Text that Redshift cannot hold", f"{text!r}: {problem}. Change it.") from problem


def identifier(name: str) -> Sql:
    """A quoted identifier. Raises CompileError where Redshift could not hold it."""
    try:
        return Sql(quoted_name(name))
    except ValueError as problem:
        raise CompileError("Name that Redshift cannot hold", f"{problem}.") from problem


def qualified(*parts: str) -> Sql:
    """A dotted name, each part quoted: database, schema, object."""
    return Sql(".".join(identifier(part) for part in parts))
