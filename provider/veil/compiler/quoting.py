"""The only functions of the compiler that put a person's text into SQL."""

from functools import lru_cache

from veil.compiler.errors import CompileError
from veil.model.quoting import quoted_name, quoted_text


def literal(text: str) -> str:
    """A string literal. Raises CompileError for a text that Redshift cannot hold."""
    try:
        return quoted_text(text)
    except ValueError as problem:
        raise CompileError("Text that Redshift cannot hold", f"{text!r}: {problem}. Change it.") from problem


@lru_cache(maxsize=65_536)
def identifier(name: str) -> str:
    """A quoted identifier. Raises CompileError where Redshift could not hold it."""
    try:
        return quoted_name(name)
    except ValueError as problem:
        raise CompileError("Name that Redshift cannot hold", f"{problem}.") from problem


def qualified(*parts: str) -> str:
    """A dotted name, each part quoted: database, schema, object."""
    return ".".join(identifier(part) for part in parts)
