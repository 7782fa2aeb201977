"""The words and symbols of the language, and advice about those of SQL that are not in it."""

from collections.abc import Mapping

_OPERATORS = ("AND", "OR", "NOT", "IS", "IN", "BETWEEN", "LIKE", "ILIKE", "CAST", "AS")
_CONSTANTS = ("NULL", "TRUE", "FALSE")
_CLAUSES = ("CASE", "WHEN", "THEN", "ELSE", "END", "SELECT", "DISTINCT", "FROM", "WHERE")
KEYWORDS = frozenset((*_OPERATORS, *_CONSTANTS, *_CLAUSES))
DISTINCT_FROM = ("IS DISTINCT FROM", "IS NOT DISTINCT FROM")
"""Operators of several keywords, which the lexer joins to one."""

SYMBOLS = ("<>", "!=", "<=", ">=", "||", "::", "(", ")", ",", ".", "=", "<", ">", "+", "-", "*", "/", "%")
"""Longest first, so that the first match is the right one."""

_WHOLE = "Its pattern is the whole text, in which % is any run of characters and _ any one: LIKE '%a%'."

REFUSED_SYMBOLS: Mapping[str, str | None] = {
    "<=>": "Write a IS NOT DISTINCT FROM b.",
    "!~*": f"Use NOT ILIKE. {_WHOLE}",
    "->>": None,
    "&&": "Write AND.",
    "==": "Write =.",
    "=>": "Write >=.",
    "!~": f"Use NOT LIKE. {_WHOLE}",
    "~*": f"Use ILIKE. {_WHOLE}",
    "->": None,
    ":=": "Write =.",
    "!": "Write NOT (…) around what it negates: NOT alone takes in the whole comparison.",
    "~": f"Use LIKE. {_WHOLE}",
    "&": "Write AND between conditions. There are no operations on bits.",
    "|": "Write OR between conditions, || between strings.",
    "^": None,
    "#": None,
    "?": None,
    ":": None,
    "[": "Lists stand in parentheses: x IN (1, 2), @isInGroups('a', 'b').",
    "]": None,
    "{": None,
    "}": None,
    "\\": None,
    "$": "Texts stand in single quotes; parameters and dollar quotes are not part of the language.",
    ";": "Write one expression, without a semicolon.",
    "`": 'Texts stand in single quotes, names in double quotes: "name".',
    "@": "A templated function is @ and a name, such as @isInGroups('analysts').",
}

LOOKUP_FORM = "A sub-select has one form: x IN (SELECT column FROM schema.table WHERE condition)."
_ONE_TABLE = "A lookup reads one column of one table. Join or sort in a view and look that up."
_USER = 'For the user\'s name write @username. For a column of this name write it in double quotes: "{word}".'
_ROLE = "For a group of the user write @isInGroups('group'). For a column of this name write it in double quotes: \"{word}\"."
_NOW = "Write GETDATE(), which is UTC and in whole seconds, or CURRENT_DATE for the day."
_TIME = "Write DATE_PART(hour, GETDATE()) for the hour, in UTC."
_EXISTS = (
    "Write x IN (SELECT x FROM schema.table WHERE condition), where x is what EXISTS compares with the row or the user. "
    "It is unknown, and EXISTS is FALSE, where x is NULL."
)
_NOT_EXISTS = (
    "Write x NOT IN (SELECT x FROM schema.table WHERE condition), where x is what EXISTS compares with the row or the "
    "user. It is unknown, and NOT EXISTS is TRUE, where x is NULL on either side: AND x IS NOT NULL in the condition "
    "leaves those of the table out."
)

SETTINGS: Mapping[str, str] = {
    **dict.fromkeys(("current_user", "session_user", "user", "current_user_id"), _USER),
    "current_role": _ROLE,
    **dict.fromkeys(("current_timestamp", "localtimestamp"), _NOW),
    **dict.fromkeys(("current_time", "localtime"), _TIME),
}
"""Words that SQL reads as calls of functions. Quoted, they are names like others."""

CONSTRUCTS: Mapping[str, str] = {
    **dict.fromkeys(("union", "intersect", "except", "minus", "with", "any", "some", "all"), LOOKUP_FORM),
    "exists": _EXISTS,
    **dict.fromkeys(("join", "inner", "cross", "full", "natural", "on", "using"), _ONE_TABLE),
    **dict.fromkeys(("group", "having", "order", "limit", "offset", "qualify", "top", "window", "over"), _ONE_TABLE),
    "interval": "Write DATEADD(day, -30, GETDATE()), for example.",
    **dict.fromkeys(("similar", "regexp", "rlike"), f"Use LIKE. {_WHOLE}"),
    "escape": "In a pattern the backslash escapes: LIKE '50\\\\%'.",
    "collate": "Compare LOWER(x) with a string in lower case, or use ILIKE.",
    "isnull": "Write IS NULL.",
    "notnull": "Write IS NOT NULL.",
    "xor": "Write (a AND NOT b) OR (NOT a AND b).",
    "div": "Write /: between integers, and only there, it drops the fraction.",
}
"""Words of SQL that begin or join what the language does not have. Where a name may stand they are
names.
"""

DENIED: Mapping[str, str] = {
    "exists": _NOT_EXISTS,
    **dict.fromkeys(("similar", "regexp", "rlike"), f"Use NOT LIKE. {_WHOLE}"),
}
"""The advice about some of them where NOT stands before."""


def fold(name: str) -> str:
    """An identifier as Redshift stores it, quoted or not: ASCII letters in lower case, all others
    as they are.
    """
    return name.translate(_LOWER)


_LOWER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}
