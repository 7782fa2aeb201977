"""COPY, which here is refused: with Redshift's words where Redshift would refuse it too."""

from __future__ import annotations

from veil.local.rewrite.edits import Sql
from veil.local.rewrite.errors import LOCAL_LIMIT, RefusalError, unsupported
from veil.local.rewrite.lexer import Kind
from veil.local.rewrite.result import Rewritten

_LOADS = "Amazon Redshift's COPY loads from Amazon S3, EMR, DynamoDB and remote hosts only."


def copy(sql: Sql, start: int, end: int) -> Rewritten:
    """COPY table [(columns)] FROM source. No driver of Redshift speaks PostgreSQL's COPY: with one
    it would hang.

    Source: Amazon Redshift Database Developer Guide, COPY.

    Raises:
        RefusalError: always.
    """
    wrong = _wrong_for_redshift(sql, start, end)
    if wrong is None:
        raise unsupported("COPY", f"{LOCAL_LIMIT} Use INSERT.")
    raise RefusalError("42601", f'syntax error at or near "{sql.raw(wrong, wrong + 1)}"', f"{_LOADS} Use INSERT.")


def _wrong_for_redshift(sql: Sql, start: int, end: int) -> int | None:
    """The token at which Redshift's grammar ends: a query, a target, or a source that is no
    text.
    """
    if sql.word(start + 1) == "(":
        return start + 1
    for at in range(start + 1, end - 1):
        if sql.word(at) == "to" or (sql.word(at) == "from" and sql.tokens[at + 1].kind is not Kind.STRING):
            return at + 1
    return None
