"""What errors advise to write, beside what was written: both as SQL, so that a test can hold one
against the other.
"""

import re
from dataclasses import dataclass
from typing import Literal as OneOf


@dataclass(frozen=True)
class Advice:
    """`refused` is what somebody writes; `original` what it means, as PostgreSQL has it, or the
    same text where that is empty. Its error says `hint`, and whoever follows it writes `proposed`,
    or the hint where that is empty.

    `differs` are words of the message that say where the two differ; then they must, and `proposed`
    may not be TRUE where the original is not, unless `opens`. Letters of the hint stand for columns
    as `letters` says.
    """

    refused: str
    hint: str
    proposed: str = ""
    original: str = ""
    differs: str | None = None
    opens: bool = False
    letters: str = ""

    @property
    def columns(self) -> dict[str, str]:
        return dict(zip(self.letters[::2], self.letters[1::2], strict=True))

    def over_columns(self, text: str) -> str:
        """A text in which the letters have become columns."""
        return re.sub(r"(?<![\w@'])[a-z](?![\w'(])", lambda found: self.columns.get(found[0], found[0]), text)


LANGUAGE = (
    *(f"f IS {test}" for test in ("TRUE", "NOT TRUE", "FALSE", "NOT FALSE", "UNKNOWN", "NOT UNKNOWN")),
    *(f"(a = b) IS {test}" for test in ("TRUE", "NOT TRUE", "FALSE", "NOT FALSE", "UNKNOWN", "NOT UNKNOWN")),
    *(f"NOT (f AND g) IS {test}" for test in ("TRUE", "NOT TRUE", "FALSE", "NOT FALSE", "UNKNOWN", "NOT UNKNOWN")),
    "a IS DISTINCT FROM b",
    "a IS NOT DISTINCT FROM b",
    "NOT a IS DISTINCT FROM b",
    "a IS DISTINCT FROM 1",
    "1 IS NOT DISTINCT FROM a",
    "a IS DISTINCT FROM NULL",
    "NULL IS NOT DISTINCT FROM a",
    "s IS DISTINCT FROM 'a'",
    "f IS DISTINCT FROM g",
    "(f OR g) IS NOT DISTINCT FROM (a = b)",
    "(f IS NULL) IS DISTINCT FROM g",
    "m IS DISTINCT FROM n",
    "x IS DISTINCT FROM a",
    "CASE WHEN f IS NOT TRUE THEN a IS DISTINCT FROM b ELSE g IS UNKNOWN END",
    "(a IS DISTINCT FROM b) IS TRUE AND (f IS FALSE) IS NOT FALSE",
)
"""What the language has, and PostgreSQL has alike."""

_NEVER = "A comparison with NULL is never TRUE."
_IN_LIST = "NULL in a list is never equal to anything, and makes NOT IN never TRUE."
_LISTED = "Where a value is NULL this is FALSE"

CONDITIONS = (
    # IS, and what other systems have in its place.
    Advice("f = g IS TRUE", "(f = g) IS TRUE"),
    Advice("f = g IS NOT TRUE", "(f = g) IS NOT TRUE"),
    Advice("a = b IS NULL", "(a = b) IS NULL"),
    Advice("f = g IS DISTINCT FROM f", "(f = g) IS DISTINCT FROM f"),
    Advice("a IS b", "a IS NOT DISTINCT FROM b", original="a IS NOT DISTINCT FROM b"),
    Advice("a IS NOT b", "a IS DISTINCT FROM b", original="a IS DISTINCT FROM b"),
    Advice("a IS b", "a = b", original="a IS NOT DISTINCT FROM b", differs="where NULL counts as a value like others"),
    Advice("s IS NOT 'a'", "s IS DISTINCT FROM 'a'", original="s IS DISTINCT FROM 'a'"),
    Advice("a <=> b", "a IS NOT DISTINCT FROM b", original="a IS NOT DISTINCT FROM b"),
    Advice("NOT a <=> b", "a IS NOT DISTINCT FROM b", "NOT a IS NOT DISTINCT FROM b", "a IS DISTINCT FROM b"),
    Advice("a ISNULL", "IS NULL", "a IS NULL"),
    Advice("a NOTNULL", "IS NOT NULL", "a IS NOT NULL"),
    Advice("ISNULL(a)", "a IS NULL", original="a IS NULL"),
    Advice("ISNOTNULL(a)", "a IS NOT NULL", original="a IS NOT NULL"),
    Advice("a DISTINCT b", "a IS [NOT] DISTINCT FROM b", "a IS DISTINCT FROM b", "a IS DISTINCT FROM b"),
    # Comparisons with NULL.
    Advice("a = NULL", "a IS NULL", differs=_NEVER, opens=True),
    Advice("a <> NULL", "a IS NOT NULL", differs=_NEVER, opens=True),
    Advice("a IN (1, NULL)", "Take it out.", "a IN (1)", differs=_IN_LIST),
    Advice("a IN (1, NULL)", "a IN (…) OR a IS NULL", "a IN (1) OR a IS NULL", differs="To find NULL too", opens=True),
    Advice("a NOT IN (1, NULL)", "Take it out.", "a NOT IN (1)", differs=_IN_LIST, opens=True),
    Advice("a BETWEEN 1 AND NULL", "a >= 1", differs=_NEVER, opens=True),
    Advice("a BETWEEN NULL AND 1", "a <= 1", differs=_NEVER, opens=True),
    Advice("a NOT BETWEEN 1 AND NULL", "a < 1", differs="To leave that bound open"),
    Advice("a NOT BETWEEN NULL AND 1", "a > 1", differs="To leave that bound open"),
    Advice("CASE a WHEN NULL THEN TRUE ELSE FALSE END", "CASE WHEN x IS NULL THEN … END", "a IS NULL", differs="never TRUE", opens=True),
    # Operators of other systems.
    Advice("a == b", "Write =.", "a = b", "a = b"),
    Advice("a => b", "Write >=.", "a >= b", "a >= b"),
    Advice("f && g", "Write AND.", "f AND g", "f AND g"),
    Advice("f & g", "Write AND between conditions.", "f AND g", "f AND g"),
    Advice("f | g", "Write OR between conditions", "f OR g", "f OR g"),
    Advice("!f AND g", "Write NOT (…)", "NOT (f) AND g", "(NOT f) AND g"),
    Advice("!(f AND g)", "Write NOT (…)", "NOT (f AND g)", "NOT (f AND g)"),
    Advice("f XOR g", "(a AND NOT b) OR (NOT a AND b)", original="f <> g", letters="afbg"),
    Advice("a DIV b", "Write /: between integers, and only there", "a / b = 1", "a / nullif(b, 0) = 1"),
    Advice("a NOT = b", "Write <>", "a <> b", "a <> b"),
    Advice("a IS NOT IN (1, 2)", "NOT IN without IS", "a NOT IN (1, 2)", "a NOT IN (1, 2)"),
    Advice("a IN 1", "x IN ('a', 'b')", "a IN (1)", "a IN (1)"),
    Advice("x BETWEEN SYMMETRIC a AND b", "x BETWEEN a AND b OR x BETWEEN b AND a", letters="xaabbi"),
    Advice("x NOT BETWEEN SYMMETRIC a AND b", "NOT (x BETWEEN a AND b OR x BETWEEN b AND a)", letters="xaabbi"),
    Advice("a BETWEEN ASYMMETRIC b AND 2", "x BETWEEN low AND high", "a BETWEEN b AND 2", "a BETWEEN b AND 2"),
    Advice("s ~ 'a'", "Use LIKE.", "s LIKE '%a%'"),
    Advice("s !~ 'a'", "Use NOT LIKE.", "s NOT LIKE '%a%'"),
    Advice("s ~* 'a'", "Use ILIKE.", "s ILIKE '%a%'"),
    Advice("s !~* 'a'", "Use NOT ILIKE.", "s NOT ILIKE '%a%'"),
    Advice("s SIMILAR TO '%a%'", "Use LIKE.", "s LIKE '%a%'"),
    Advice("s NOT SIMILAR TO '%a%'", "Use NOT LIKE.", "s NOT LIKE '%a%'"),
    Advice("s RLIKE 'a'", "Use LIKE.", "s LIKE '%a%'", "s ~ 'a'"),
    Advice("s NOT RLIKE 'a'", "Use NOT LIKE.", "s NOT LIKE '%a%'", "s !~ 'a'"),
    Advice("s REGEXP 'a'", "Use LIKE.", "s LIKE '%a%'", "s ~ 'a'"),
    Advice("s NOT REGEXP 'a'", "Use NOT LIKE.", "s NOT LIKE '%a%'", "s !~ 'a'"),
    Advice("s LIKE t", "STRPOS(x, y) > 0", "STRPOS(s, t) > 0", differs="To find a text of a column", opens=True),
    Advice("s NOT LIKE t", "STRPOS(x, y) = 0", "STRPOS(s, t) = 0", differs="To find a text of a column", opens=True),
    Advice("s COLLATE \"C\" = 'a'", "Compare LOWER(x)", "LOWER(s) = 'a'", "lower(s) = 'a'"),
    Advice("STARTSWITH(x, 'a')", "x LIKE 'a%'", original="starts_with(x, 'a')", letters="xs"),
    Advice("STARTS_WITH(x, 'a')", "x LIKE 'a%'", letters="xs"),
    Advice("STARTS_WITH(s, 'a_')", "stand two backslashes", "s LIKE 'a\\\\_%'"),
    Advice("ENDSWITH(x, 'a')", "x LIKE '%a'", original="right(x, 1) = 'a'", letters="xs"),
    Advice("ENDS_WITH(x, 'a')", "x LIKE '%a'", original="right(x, 1) = 'a'", letters="xs"),
    # Rows of values.
    Advice("(a, b) = (1, 2)", "a = 1 AND b = 2"),
    Advice("(a, b) <> (1, 2)", "a <> 1 OR b <> 2"),
    Advice("(a, b) < (1, 2)", "a < 1 OR (a = 1 AND b < 2)"),
    Advice("(a, b) <= (1, 2)", "a < 1 OR (a = 1 AND b <= 2)"),
    Advice("(a, b, i) > (1, 2, 3)", "a > 1 OR (a = 1 AND (b > 2 OR (b = 2 AND i > 3)))"),
    Advice("(a, b) >= (b, a)", "a > b OR (a = b AND b >= a)"),
    Advice("(a, f) = (1, a = b)", "a = 1 AND f = (a = b)"),
    Advice("(a, b) IN ((1, 2), (0, 1))", "(a = 1 AND b = 2) OR (a = 0 AND b = 1)"),
    Advice("(a, b) NOT IN ((1, 2), (0, 1))", "NOT ((a = 1 AND b = 2) OR (a = 0 AND b = 1))"),
    Advice("(a, b) IS NULL", "a IS NULL AND b IS NULL"),
    Advice("(a, b) IS NOT NULL", "a IS NOT NULL AND b IS NOT NULL"),
    Advice("(a, b) IS DISTINCT FROM (1, 2)", "a IS DISTINCT FROM 1 OR b IS DISTINCT FROM 2"),
    Advice("(a, b) IS NOT DISTINCT FROM (1, 2)", "a IS NOT DISTINCT FROM 1 AND b IS NOT DISTINCT FROM 2"),
    *(
        Advice(
            f"(a, b) IN (SELECT c, e FROM raw.{table} WHERE who = @username)",
            f"@username IN (SELECT who FROM raw.{table} WHERE c = @columnReference('a') AND e = @columnReference('b'))",
            differs=None if table == "nobody" else _LISTED,
        )
        for table in ("pairs", "whole", "nobody")
    ),
    *(
        Advice(
            f"(a, b) NOT IN (SELECT c, e FROM raw.{table} WHERE who = @username)",
            "a IS NOT NULL AND b IS NOT NULL AND a NOT IN (SELECT c FROM raw."
            f"{table} WHERE (e = @columnReference('b') OR e IS NULL) AND who = @username)",
            differs=_LISTED,
        )
        for table in ("pairs", "whole", "nobody")
    ),
    Advice(
        "(b, a) IN (SELECT e, c FROM raw.whole WHERE c = 1 OR c = 2)",
        "b IN (SELECT e FROM raw.whole WHERE c = @columnReference('a') AND (c = 1 OR c = 2))",
        differs=_LISTED,
    ),
    # Sub-selects.
    Advice("a = (SELECT c FROM raw.single)", "x IN (SELECT column", "a IN (SELECT c FROM raw.single)"),
    Advice("a <> (SELECT c FROM raw.single)", "x NOT IN (SELECT column", "a NOT IN (SELECT c FROM raw.single)"),
    Advice("a = (SELECT c FROM raw.nobody)", "x IN (SELECT column", "a IN (SELECT c FROM raw.nobody)", differs="Where it finds nothing it is FALSE"),
    Advice(
        "a <> (SELECT c FROM raw.nobody)",
        "x NOT IN (SELECT column",
        "a NOT IN (SELECT c FROM raw.nobody)",
        differs="Where that finds nothing it is TRUE",
        opens=True,
    ),
    *(
        each
        for table in ("pairs", "whole", "nobody")
        for each in (
            Advice(f"a = ANY (SELECT c FROM raw.{table})", "= ANY is IN.", f"a IN (SELECT c FROM raw.{table})"),
            Advice(f"a = SOME (SELECT c FROM raw.{table})", "= ANY is IN.", f"a IN (SELECT c FROM raw.{table})"),
            Advice(f"a <> ALL (SELECT c FROM raw.{table})", "<> ALL is NOT IN", f"a NOT IN (SELECT c FROM raw.{table})"),
        )
    ),
    Advice(
        "EXISTS (SELECT 1 FROM raw.pairs AS p WHERE p.c = r.a AND p.who = 'ann')",
        "x IN (SELECT x FROM schema.table WHERE condition)",
        "a IN (SELECT c FROM raw.pairs WHERE who = 'ann')",
        differs="It is unknown, and EXISTS is FALSE, where x is NULL",
    ),
    Advice(
        "NOT EXISTS (SELECT 1 FROM raw.pairs AS p WHERE p.c = r.a AND p.who = 'ann')",
        "x NOT IN (SELECT x FROM schema.table WHERE condition)",
        "a NOT IN (SELECT c FROM raw.pairs WHERE who = 'ann')",
        differs="It is unknown, and NOT EXISTS is TRUE, where x is NULL",
    ),
    Advice(
        "NOT EXISTS (SELECT 1 FROM raw.pairs AS p WHERE p.c = r.a AND p.who = 'ann')",
        "AND x IS NOT NULL in the condition",
        "a NOT IN (SELECT c FROM raw.pairs WHERE who = 'ann' AND c IS NOT NULL)",
        differs="It is unknown, and NOT EXISTS is TRUE, where x is NULL",
    ),
)  # fmt: skip

_PART = "DATE_PART({}, x)"
_MIDNIGHTS = "counts the midnights from a to b: it is negative where b is the earlier"

VALUES = (
    Advice("IFNULL(a, b)", "COALESCE(a, b)", original="coalesce(a, b)"),
    Advice("ISNULL(a, b)", "COALESCE(a, b)", original="coalesce(a, b)"),
    Advice("IF(f, a, b)", "CASE WHEN condition THEN a ELSE b END", "CASE WHEN f THEN a ELSE b END", "CASE WHEN f IS TRUE THEN a WHEN f IS NOT TRUE THEN b END"),
    Advice("IFF(f, a, b)", "CASE WHEN condition THEN a ELSE b END", "CASE WHEN f THEN a ELSE b END", "CASE WHEN f IS TRUE THEN a WHEN f IS NOT TRUE THEN b END"),
    *(
        Advice(f"{name.upper()}(x)", _PART.format(name.upper()), original=f"extract({name} FROM x)::int", letters="xm")
        for name in ("year", "quarter", "month", "day", "hour", "minute")
    ),
    *(
        Advice(f"{name.upper()}(x)", "DATE_PART(dow, x)", original="extract(dow FROM x)::int", letters="xm")
        for name in ("dow", "dayofweek", "weekday")
    ),
    Advice("DAYOFWEEK(x)", "DATE_PART(dow, x)", original="extract(dow FROM x)::int + 1", differs="where Sunday is 0", letters="xm"),
    Advice("WEEKDAY(x)", "DATE_PART(dow, x)", original="extract(isodow FROM x)::int - 1", differs="where Sunday is 0", letters="xm"),
    Advice("DAYOFYEAR(x)", "DATE_PART(doy, x)", original="extract(doy FROM x)::int", letters="xm"),
    Advice("TRUNC(x)", "CASE WHEN x < 0 THEN CEIL(x) ELSE FLOOR(x) END"),
    Advice("TRUNC(a)", "CASE WHEN x < 0 THEN CEIL(x) ELSE FLOOR(x) END", "CASE WHEN a < 0 THEN CEIL(a) ELSE FLOOR(a) END"),
    Advice("TRUNC(x)", "DATE_TRUNC('day', x)", original="date_trunc('day', x)", letters="xm"),
    Advice("DATE_ADD(x, 30)", "DATEADD(day, 30, x)", original="x + interval '30 days'", letters="xm"),
    Advice("TIMESTAMPADD(day, 30, x)", "DATEADD(day, 30, x)", original="x + interval '30 days'", letters="xm"),
    Advice("DATE_SUB(x, 30)", "DATEADD(day, -30, x)", original="x - interval '30 days'", letters="xm"),
    Advice("TIMESTAMP_SUB(x, 30)", "DATEADD(day, -30, x)", original="x - interval '30 days'", letters="xm"),
    Advice(
        "ADD_MONTHS(x, 1)",
        "DATEADD(month, 1, x)",
        original="CASE WHEN x::date = (date_trunc('month', x) + interval '1 month' - interval '1 day')::date "
        "THEN date_trunc('month', x) + interval '2 months' - interval '1 day' + (x - x::date) ELSE x + interval '1 month' END",
        differs="Of the last day of February it makes 28 March",
        letters="xm",
    ),
    *(
        Advice(f"{name}(day, a, b)", "DATEDIFF(day, a, b)", original="b::date - a::date", letters="ambn")
        for name in ("TIMESTAMPDIFF", "DATE_DIFF")
    ),
    Advice("DATE_DIFF(a, b)", "DATEDIFF(day, a, b)", original="a::date - b::date", differs=_MIDNIGHTS, letters="ambn"),
    Advice("MONTHS_BETWEEN(a, b)", "DATEDIFF(day, a, b)", original="a::date - b::date", differs=_MIDNIGHTS, letters="ambn"),
    Advice("m::timestamp - 30", "DATEADD(day, -30, x)", "DATEADD(day, -30, m)", "m - interval '30 days'"),
    Advice("d::date - e", "DATEDIFF(day, a, b) for the midnights from a to b", "DATEDIFF(day, e, d)"),
    Advice("REPEAT('*', 8)", "RPAD('', 8, '*')"),
    Advice("REPLICATE('*', 8)", "RPAD('', 8, '*')", original="repeat('*', 8)"),
    Advice("INSTR(s, t)", "STRPOS(text, sought)", "STRPOS(s, t)", "position(t IN s)"),
    Advice("LOCATE(t, s)", "STRPOS(text, sought)", "STRPOS(s, t)", "position(t IN s)"),
    Advice("CONCAT_WS(', ', a, b)", "a || ', ' || b", original="concat_ws(', ', a, b)", differs="which is NULL where a or b is", letters="asbt"),
    Advice("OVERLAY(s, 'b', 2, 1)", "LEFT(x, 4) || '***' || SUBSTRING(x, 8)", "LEFT(s, 1) || 'b' || SUBSTRING(s, 3)", "overlay(s placing 'b' from 2 for 1)"),
    Advice("s::text + t", "Strings are joined with ||", "s || t", "s || t"),
    Advice("SUBSTRING(s FROM 1 FOR 2)", "SUBSTRING(text, start, length)", "SUBSTRING(s, 1, 2)"),
    Advice("TRIM(BOTH 'a' FROM s)", "BTRIM(text, characters)", "BTRIM(s, 'a')"),
    Advice("TRIM(LEADING 'a' FROM s)", "LTRIM", "LTRIM(s, 'a')"),
    Advice("TRIM(TRAILING 'a' FROM s)", "RTRIM", "RTRIM(s, 'a')"),
    Advice("TRY_CAST(s, 'int')", "CAST(x AS type)", "CAST(s AS INTEGER)", "CASE WHEN s ~ '^-?[0-9]+$' THEN s::int END"),
    Advice("SAFE_CAST(s, 'int')", "CAST(x AS type)", "CAST(s AS INTEGER)", "CASE WHEN s ~ '^-?[0-9]+$' THEN s::int END"),
    Advice("INT(x)", "CAST(x AS type)", "CAST(x AS INTEGER)", "trunc(x)::int", differs="It rounds"),
    Advice("TO_VARCHAR(a)", "CAST(x AS type)", "CAST(a AS VARCHAR(9))", "a::varchar"),
    Advice("STRING(a)", "CAST(x AS type)", "CAST(a AS VARCHAR(9))", "a::varchar"),
    Advice("TO_DATE(s, 'YYYY-MM-DD')", "CAST(x AS DATE)", "CAST(s AS DATE)", "CASE WHEN s ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' THEN s::date END"),
    Advice("m AT TIME ZONE 'UTC'", "Leave AT TIME ZONE 'UTC' out", "m", "m AT TIME ZONE 'UTC' AT TIME ZONE 'UTC'"),
    Advice("NOW()", "GETDATE(), which is UTC and in whole seconds", "GETDATE()", "'2026-02-03 04:05:06.7'::timestamp", differs="in whole seconds"),
    Advice("INTERVAL '30 days'", "DATEADD(day, -30, GETDATE())", original="'2026-01-04 04:05:06'::timestamp"),
)  # fmt: skip

PROPOSES: dict[str, OneOf["no SQL", "a test of the user", "a form"]] = {
    **dict.fromkeys(("count", "sum", "avg", "min", "max", "listagg", "median", "row_number", "rank"), "no SQL"),
    **dict.fromkeys(("regexp_replace", "regexp_substr", "regexp_instr", "regexp_count", "regexp_extract"), "no SQL"),
    **dict.fromkeys(("regexp", "regexp_like", "regexp_matches", "regexp_contains", "rlike"), "no SQL"),
    **dict.fromkeys(("md5", "sha", "sha1", "sha2", "sha256", "sha512", "hash", "fnv_hash", "crc32"), "no SQL"),
    **dict.fromkeys(("random", "rand", "uuid", "gen_random_uuid", "newid", "uuid_string"), "no SQL"),
    **dict.fromkeys(("current_setting", "set_config"), "a test of the user"),
    **dict.fromkeys(("sys_context", "session_context", "getvariable"), "a test of the user"),
    **dict.fromkeys(("user_is_member_of", "current_user_is_member", "role_is_member_of"), "a test of the user"),
    **dict.fromkeys(("user_has_role", "is_member", "is_account_group_member", "is_rolemember"), "a test of the user"),
    **dict.fromkeys(("is_srvrolemember", "is_role_in_session", "is_database_role_in_session"), "a test of the user"),
    **dict.fromkeys(("current_available_roles", "has_role", "pg_has_role", "invoker_role"), "a test of the user"),
    **dict.fromkeys(("is_granted_to_invoker_role", "user_name", "suser_name", "suser_sname"), "a test of the user"),
    **dict.fromkeys(("original_login", "query_user"), "a test of the user"),
    **dict.fromkeys(("from_utc_timestamp", "to_utc_timestamp"), "a form"),
    **dict.fromkeys(("to_char", "date_format", "split", "split_to_array", "find_in_set"), "a form"),
    **dict.fromkeys(("contains", "array_contains", "stuff", "insert"), "a form"),
    **dict.fromkeys(("convert", "try_convert", "to_number", "to_decimal", "to_timestamp"), "a form"),
    **dict.fromkeys(("sysdatetime", "getutcdate", "date_from_parts", "make_date", "datefromparts", "date"), "a form"),
}
"""Functions of other systems whose advice holds no SQL that is to mean the same, and why: none, a
test of the user where there was one, or a form whose literals are the reader's to choose.
"""

FORMS: dict[str, str] = {
    **dict.fromkeys(("union", "intersect", "except", "minus", "with"), "the one form of a sub-select"),
    **dict.fromkeys(("join", "inner", "cross", "full", "natural", "on", "using"), "a view to make"),
    **dict.fromkeys(
        ("group", "having", "order", "limit", "offset", "qualify", "top", "window", "over"), "a view to make"
    ),
    "escape": "how backslashes escape",
    **dict.fromkeys(("current_user", "session_user", "user", "current_user_id", "current_role"), "a test of the user"),
    **dict.fromkeys(("current_time", "localtime", "current_timestamp", "localtimestamp"), "another clock, as it says"),
    **dict.fromkeys(("->>", "->", "^", "#", "?", ":", "]", "{", "}", "\\", "$", ";", "`", "@", "["), "no SQL"),
    ":=": "no comparison anywhere else",
    **dict.fromkeys(("both", "leading", "trailing"), "another function"),
}
"""The same of words and symbols that are no functions."""
