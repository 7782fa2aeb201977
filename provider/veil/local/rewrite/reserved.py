"""Words that Redshift reserves and PostgreSQL does not: an identifier that is one of them needs
double quotation marks.

Source: Amazon Redshift Database Developer Guide, "Reserved words" (r_pg_keywords) and "Names and
identifiers" (r_names).
"""

from __future__ import annotations

from veil.local.rewrite.calls import Edit, Rule
from veil.local.rewrite.edits import Sql
from veil.local.rewrite.errors import RefusalError
from veil.local.rewrite.lexer import Kind

_WORDS = """
    aes128 aes256 all allowoverwrite analyse analyze and any array as asc authorization az64 backup between binary
    blanksasnull both bytedict bzip2 case cast check collate column constraint create credentials cross current_date
    current_time current_timestamp current_user current_user_id default deferrable deflate defrag delta delta32k desc
    disable distinct do else emptyasnull enable encode encrypt encryption end except explicit false for foreign freeze
    from full globaldict256 globaldict64k grant group gzip having identity ignore ilike in initially inner intersect
    interval into is isnull join leading left like limit localtime localtimestamp lun luns lzo lzop minus mostly16
    mostly32 mostly8 natural new not notnull null nulls off offline offset oid old on only open or order outer overlaps
    parallel partition percent permissions pivot placing primary raw readratio recover references rejectlog resort
    respect restore right select session_user similar snapshot some sysdate system table tag tdes text255 text32k then
    timestamp to top trailing true truncatecolumns union unique unnest unpivot user using verbose wallet when where with
    without
"""
RESERVED = frozenset(_WORDS.split())
"""The words of the page."""

SYSTEM_COLUMNS = frozenset({"oid", "tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"})
"""No column may be called so, with quotation marks or without (r_names)."""

# Those that no query, and no definition of a table or view, has as a keyword, but after the words
# that stand with them.
_NEVER = """
    aes128 aes256 allowoverwrite backup blanksasnull bytedict bzip2 deflate defrag delta delta32k emptyasnull encrypt
    explicit globaldict256 globaldict64k gzip lun luns lzo lzop mostly16 mostly32 mostly8 offline old percent permissions
    raw readratio recover rejectlog resort restore snapshot system tag tdes text255 text32k truncatecolumns wallet az64
"""
_NEVER_KEYWORDS = frozenset(_NEVER.split())
_BEFORE_A_KEYWORD = frozenset({".", "encode", "access", "alter"})
_WITHOUT_NAMES = frozenset(
    {"copy", "unload", "set", "show", "reset", "grant", "revoke", "comment", "explain", "analyze"}
)


def check_name(sql: Sql, at: int) -> None:
    """Refuses a reserved word where an identifier is to be.

    Raises:
        RefusalError: the token at `at` is one, without quotation marks.
    """
    if sql.word(at) in RESERVED and sql.tokens[at].kind is Kind.WORD:
        raise refusal(sql, at)


def check_column(sql: Sql, at: int) -> None:
    """Refuses what no column of a table may be called.

    Raises:
        RefusalError: it is a reserved word without quotation marks, or a system column's name.
    """
    check_name(sql, at)
    if sql.name(at) in SYSTEM_COLUMNS:
        raise RefusalError("42701", f'column name "{sql.name(at)}" conflicts with a system column name')


def refusal(sql: Sql, at: int) -> RefusalError:
    """The error of a reserved word in an identifier's place."""
    word = sql.raw(at, at + 1)
    return RefusalError(
        "42601",
        f'syntax error at or near "{word}"',
        f'{word.upper()} is a reserved word of Amazon Redshift. Quote it: "{word}".',
    )


def check_qualifiers(sql: Sql) -> None:
    """Refuses reserved words as what qualifies a name, and as the name of a schema. After a dot any
    word is a name.

    Raises:
        RefusalError: a statement, or the body of a routine, has one without quotation marks.
    """
    for at, token in enumerate(sql.tokens):
        if token.kind is not Kind.WORD or token.word not in RESERVED or sql.word(at - 1) == ".":
            continue
        if sql.word(at + 1) == "." or (token.word in _NEVER_KEYWORDS and _names_schema(sql, at)):
            raise refusal(sql, at)


def _names_schema(sql: Sql, at: int) -> bool:
    while sql.word(at - 1) in ("if", "not", "exists"):
        at -= 1
    return sql.word(at - 1) == "schema"


def _rule(sql: Sql, at: int) -> Edit:
    if sql.word(at - 1) in _BEFORE_A_KEYWORD or sql.word(0) in _WITHOUT_NAMES or sql.word(at + 1) in ("yes", "no"):
        return None
    raise refusal(sql, at)


RULES: dict[str, Rule] = dict.fromkeys(_NEVER_KEYWORDS, _rule)
