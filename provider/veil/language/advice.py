"""What to write instead of well-known functions, of Redshift and of other systems, that are not
allowed.
"""

from collections.abc import Mapping

_AGGREGATE = "An expression sees one row at a time."
_REGEX = "Use LIKE here, or mask = { regex = { … } } to mask by a regular expression."
_VOLATILE = (
    "A policy decides the same for the same row every time. To show a share of the rows, use show = { percent = … }."
)
_HASHED = "Use mask = { hash = {} }, which is salted."
_GROUP = "Write @isInGroups('group')."
_USER = "Write @username."
_CONTEXT = "Write @username for the user's name, @hasAttribute('name', 'value') for what else is known of the user."
_CASE = "Write CASE WHEN condition THEN a ELSE b END."
_CAST = "Write CAST(x AS type). It rounds, and reads plain digits, 2026-01-31 and 2026-01-31 10:00:00; what it cannot read is NULL."
_PART = "To replace a part of a string: LEFT(x, 4) || '***' || SUBSTRING(x, 8), or mask = { partial = { … } }."
_LITERAL = "Before a % or _ that is meant itself stand two backslashes."
_ARRAY = (
    "Write SPLIT_PART(x, ',', 1) for a part of a string, or look values up: x IN (SELECT column FROM schema.table)."
)

ADVICE: Mapping[str, str] = {
    **dict.fromkeys(("count", "sum", "avg", "min", "max", "listagg", "median", "row_number", "rank"), _AGGREGATE),
    **dict.fromkeys(("regexp_replace", "regexp_substr", "regexp_instr", "regexp_count", "regexp_extract"), _REGEX),
    **dict.fromkeys(("regexp", "regexp_like", "regexp_matches", "regexp_contains", "rlike"), _REGEX),
    **dict.fromkeys(("md5", "sha", "sha1", "sha2", "sha256", "sha512", "hash", "fnv_hash", "crc32"), _HASHED),
    **dict.fromkeys(("random", "rand", "uuid", "gen_random_uuid", "newid", "uuid_string"), _VOLATILE),
    **dict.fromkeys(("now", "sysdatetime", "getutcdate"), "Write GETDATE(), which is UTC and in whole seconds."),
    **dict.fromkeys(("current_setting", "set_config"), "Users can change settings. " + _CONTEXT),
    **dict.fromkeys(("sys_context", "session_context", "getvariable"), _CONTEXT),
    **dict.fromkeys(("user_is_member_of", "current_user_is_member", "role_is_member_of", "user_has_role"), _GROUP),
    **dict.fromkeys(("is_member", "is_account_group_member", "is_rolemember", "is_srvrolemember"), _GROUP),
    **dict.fromkeys(("is_role_in_session", "is_database_role_in_session", "current_available_roles"), _GROUP),
    **dict.fromkeys(("has_role", "pg_has_role", "is_granted_to_invoker_role", "invoker_role"), _GROUP),
    **dict.fromkeys(("user_name", "suser_name", "suser_sname", "original_login", "query_user"), _USER),
    "isnull": "Write COALESCE(a, b); of one argument a IS NULL.",
    "isnotnull": "Write a IS NOT NULL.",
    "ifnull": "Write COALESCE(a, b).",
    **dict.fromkeys(("if", "iff"), _CASE),
    **dict.fromkeys(("convert", "try_cast", "try_convert", "safe_cast", "to_number", "to_decimal"), _CAST),
    **dict.fromkeys(("to_varchar", "string", "int", "to_timestamp"), _CAST),
    **dict.fromkeys(
        ("to_date", "date_from_parts", "make_date", "datefromparts", "date"),
        "A fixed day: DATE '1900-01-01'. A text such as 1900-01-01: CAST(x AS DATE), which is NULL where it is none.",
    ),
    "to_char": "Write CAST(x AS VARCHAR(n)), DATE_TRUNC('month', x) or DATE_PART('year', x).",
    "date_format": "Write CAST(x AS VARCHAR(n)), DATE_TRUNC('month', x) or DATE_PART('year', x).",
    **dict.fromkeys(("year", "quarter", "month", "day", "hour", "minute"), "Write DATE_PART({name}, x)."),
    **dict.fromkeys(("dayofweek", "weekday", "dow"), "Write DATE_PART(dow, x), where Sunday is 0."),
    "dayofyear": "Write DATE_PART(doy, x).",
    **dict.fromkeys(
        ("from_utc_timestamp", "to_utc_timestamp"),
        "Times are UTC here: CONVERT_TIMEZONE('Etc/GMT-2', x) is two hours ahead.",
    ),
    "trunc": "Write DATE_TRUNC('day', x) for dates, CASE WHEN x < 0 THEN CEIL(x) ELSE FLOOR(x) END for numbers.",
    **dict.fromkeys(("date_add", "timestampadd"), "Write DATEADD(day, 30, x)."),
    **dict.fromkeys(("date_sub", "timestamp_sub"), "Write DATEADD(day, -30, x)."),
    "add_months": "Write DATEADD(month, 1, x). Of the last day of February it makes 28 March, not the last day of March.",
    **dict.fromkeys(
        ("date_diff", "timestampdiff", "months_between"),
        "Write DATEDIFF(day, a, b), which counts the midnights from a to b: it is negative where b is the earlier.",
    ),
    **dict.fromkeys(("overlay", "stuff", "insert"), _PART),
    **dict.fromkeys(("repeat", "replicate"), "Write RPAD('', 8, '*') for a fixed length. " + _PART),
    **dict.fromkeys(("instr", "locate"), "Write STRPOS(text, sought)."),
    **dict.fromkeys(("startswith", "starts_with"), f"Write x LIKE 'a%'. {_LITERAL}"),
    **dict.fromkeys(("endswith", "ends_with"), f"Write x LIKE '%a'. {_LITERAL}"),
    **dict.fromkeys(("contains", "array_contains", "split", "split_to_array", "find_in_set"), _ARRAY),
    "concat_ws": "Write a || ', ' || b, which is NULL where a or b is.",
}
"""By name in lower case; `{name}` stands for it in capitals."""
