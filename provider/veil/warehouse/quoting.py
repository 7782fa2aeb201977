"""Names and values as Redshift reads them. Nothing else in this package puts quotes around
anything.
"""

import re
from collections.abc import Iterable

from veil.model.quoting import quoted_name, quoted_text

_QUOTED = re.compile(r"""'(?:[^'\\]|''|\\.)*'|"(?:[^"]|"")*"|--[^\n\r]*|/\*.*?\*/""", re.DOTALL)


def without_escapes(sql: str) -> str:
    """A statement of ours as it is to be sent where a backslash in a literal is a character like
    any other, and not the first half of an escape: what `literal` doubled stands there once. Bodies
    of procedures are SQL, too.
    """
    return _QUOTED.sub(lambda match: match[0].replace("\\\\", "\\") if match[0][0] == "'" else match[0], sql)


def literal(text: str) -> str:
    """`text` as a string literal. Raises ValueError for a text that Redshift cannot hold."""
    return quoted_text(text)


def identifier(name: str) -> str:
    """`name` as a quoted identifier. Raises ValueError where Redshift could not hold it.

    What people may call things is decided where they write it. Whatever is in a catalog must be
    quotable, or a user with an odd name could not lose a grant.
    """
    return quoted_name(name)


def qualified(*parts: str) -> str:
    """Quoted identifiers joined by dots: schema and table, or database, schema and table."""
    return ".".join(map(identifier, parts))


def literals(texts: Iterable[str]) -> str:
    """A list for IN (...), sorted so that the same set gives the same statement. NULL, which is IN
    nothing, where it is empty.
    """
    return ", ".join(map(literal, sorted(set(texts)))) or "NULL"


def among(column: str, names: Iterable[str] | None) -> str:
    """A condition that a column of a catalog holds one of these names, however the catalog spells
    its capitals; TRUE where `names` is None.
    """
    if names is None:
        return "TRUE"
    wanted = frozenset(names)
    folded = literals(each.lower() for each in wanted)
    return f"{column} IN ({literals(wanted)}) OR pg_catalog.LOWER({column}) IN ({folded})"
