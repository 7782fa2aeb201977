"""Salted hashes of texts of any length: no text is put behind its salt that would be too long for
one text with it.
"""

from veil.compiler.building import call, case, infix, integer
from veil.compiler.sql import Sql

LONGEST_SALTED = 65_000
"""Bytes of a text that has room behind its salt. A longer one goes in as its own hash."""

DRAWN_DIGITS = 7
"""Hex digits of a hash that something is drawn from."""


def digest(text: Sql) -> Sql:
    """The hex SHA-256 of a text, in small letters: that SHA2 gives those, AWS's page on it shows
    and does not say.
    """
    return call("lower", call("sha2", text, integer(256)))


def salted(salt: Sql, text: Sql, most: int) -> Sql:
    """The hex SHA-256 of salt and text, of which `most` bytes are the most there can be."""
    short = digest(infix("||", salt, text))
    if most <= LONGEST_SALTED:
        return short
    is_short = infix("<=", call("octet_length", text), integer(LONGEST_SALTED))
    return case([(is_short, short)], digest(infix("||", salt, digest(text))))


def drawn_at(hash_: Sql, start: int, digits: int = 1) -> Sql:
    """A number below 16^digits, which so many hex digits of the hash are: those from `start`,
    counted from 1.
    """
    return call("strtol", call("substring", hash_, integer(start), integer(digits)), integer(16))


def drawn_from(hash_: Sql) -> Sql:
    """A number below 16^7, which the hash decides."""
    return call("strtol", call("left", hash_, integer(DRAWN_DIGITS)), integer(16))
