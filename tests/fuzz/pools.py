"""The words that generated worlds are made of: ordinary ones, and every kind that has broken a
quoting or comparing rule.

Values are shared between users' groups and attributes and the cells of rows, or nothing would ever
match.
"""

from veil.model import Column, ColumnType, Family

USERS = ("alice", "Bob B", "o'brien\\", "IAM:größe", 'quo"te')
"""Redshift users that exist on the engine. The last one never has a profile."""

PROFILED = USERS[:-1]

HELD = (
    "US",
    "us",
    "CA",
    "hr",
    "analysts",
    "1",
    "7",
    "-3",
    "5.50",
    "true",
    "2024-02-29",
    "größe",
    "o'brien",
    "back\\slash",
)
"""What users hold and what rows hold: groups, attribute values, texts."""

PLACEHOLDERS = ("US", "hr")
"""What stands for the list of a user who holds nothing. Each world's rows have one of them
often.
"""

GROUPS = (*HELD, "a*", "pii", "domain")
ATTRIBUTES = ("territory", "Territory", "level", "o'name", "größe")
VALUES = (
    *HELD,
    "",
    "pii.email",
    "PII",
    "geo",
    "domain.sales",
    "main-host.analytics.raw.t",
    "@schema",
    "ann@database.org",
    "main-*",
    "*",
    '"',
    "%",
    "$$",
    "--",
    "日本",
)
PURPOSES = ("fraud", "Fraud", "o'purpose", "fraud.cards", "fraud.cards.stolen")
PROJECTS = ("team", 'pro"ject')

TEXTS = (
    *HELD,
    *VALUES,
    "",
    " ",
    "  ",
    "US  ",
    " US",
    "a@b.c",
    "ann@example.org",
    "a@b@c",
    "@",
    "a@",
    "x1y22",
    "100%",
    "a_b",
    "tab\there",
    "new\nline",
    "'",
    "''",
    "\\",
    "\\'",
    "{}",
    "@username",
    "null",
    "😀",
    "ß",
    "é€a",
    "a;b",
    "/*c*/",
    "+1:a",
    "-",
)
"""Cells of text columns; those too long for a column are cut by the generator."""

NAMES = {
    "id": ColumnType(Family.INTEGER),
    "t": ColumnType(Family.VARCHAR, length=24),
    "d": ColumnType(Family.DATE),
    "a1": ColumnType(Family.NUMERIC, precision=10, scale=2),
    "s": ColumnType(Family.BOOLEAN),
    "at": ColumnType(Family.TIMESTAMP),
    "select": ColumnType(Family.VARCHAR, length=64),
    "order": ColumnType(Family.SMALLINT),
    "user": ColumnType(Family.CHAR, length=12),
    "größe": ColumnType(Family.BIGINT),
    "e": ColumnType(Family.DATE),
    "v": ColumnType(Family.VARCHAR, length=12),
    "c1": ColumnType(Family.INTEGER),
    "salt": ColumnType(Family.VARCHAR, length=100),
    'we"ird': ColumnType(Family.VARCHAR, length=30),
    "back\\slash": ColumnType(Family.NUMERIC, precision=5, scale=0),
    "it's": ColumnType(Family.VARCHAR, length=8),
    "zoned": ColumnType(Family.TIMESTAMPTZ),
    "ratio": ColumnType(Family.DOUBLE),
    "single": ColumnType(Family.REAL),
    "current_user": ColumnType(Family.NUMERIC, precision=18, scale=4),
    "a.b": ColumnType(Family.VARCHAR, length=20),
    "blob": ColumnType(Family.SUPER),
    "clock": ColumnType(Family.TIME),
}
"""Columns that sources have, each name with one type: reserved words, likely aliases, characters
that need quoting.
"""

BASE = ("id", "t", "d", "a1", "s", "at", "zoned")
"""Columns that every source has, so that expressions over them mean something everywhere."""

COLUMN_TAGS = ("pii", "pii.email", "pii.ssn", "pii.email.work", "geo", "geo.region", "level", "level.a", "piix")
WANTED_TAGS = (*COLUMN_TAGS, "PII", "Geo.Region")
"""Tags that policies ask for; their case means nothing."""
SOURCE_TAGS = ("domain", "domain.sales", "domain.hr", "closed")
TABLES = ("t", "customers", "orders", "d", "user", 'we"ird', "two words", "größe")

LOOKUPS = {
    ("fuzz_raw", "lookup"): {
        "level": ColumnType(Family.VARCHAR, length=24),
        "owner": ColumnType(Family.VARCHAR, length=24),
    },
    ("fuzz_raw", "numbers"): {"id": ColumnType(Family.INTEGER), "t": ColumnType(Family.VARCHAR, length=24)},
}
"""Tables for lookup sub-selects, and their columns; `id` and `t` are names of protected columns as
well.
"""


def column(name: str, tags: frozenset[str] = frozenset(), accepted: bool = True) -> Column:
    """The column of this name."""
    return Column(name, NAMES[name], tags=tags, accepted=accepted)
