"""The words and symbols of the language, and advice about those of SQL that are not in it."""

from collections.abc import Mapping

_OPERATORS = ("AND", "OR", "NOT", "IS", "IN", "BETWEEN", "LIKE", "ILIKE", "CAST", "AS")
_CONSTANTS = ("NULL", "TRUE", "FALSE")
_CLAUSES = ("CASE", "WHEN", "THEN", "ELSE", "END", "SELECT", "DISTINCT", "FROM", "WHERE")
KEYWORDS = frozenset((*_OPERATORS, *_CONSTANTS, *_CLAUSES))
DISTINCT_FROM = ("IS DISTINCT FROM", "IS NOT DISTINCT FROM")
"""Operators of several keywords, which `phrases` joins to one."""

SYMBOLS = ("<>", "!=", "<=", ">=", "||", "::", "(", ")", ",", ".", "=", "<", ">", "+", "-", "*", "/", "%")
"""Longest first, so that the first match is the right one."""

REFUSED_SYMBOLS: Mapping[str, str | None] = {
    "<=>": "Write a IS NOT DISTINCT FROM b.",
    "!~*": "Use NOT ILIKE with a pattern.",
    "->>": None,
    "&&": "Write AND.",
    "==": "Write =.",
    "=>": "Write >=.",
    "!~": "Use NOT LIKE with a pattern.",
    "~*": "Use ILIKE with a pattern.",
    "->": None,
    ":=": "Write =.",
    "!": "Write NOT.",
    "~": "Use LIKE with a pattern.",
    "&": "Write AND.",
    "|": "Write OR between conditions, || between texts.",
    "^": None,
    "#": None,
    "?": None,
    ":": None,
    "[": "Lists stand in round brackets: x IN (1, 2), @isInGroups('a', 'b').",
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
_NOW = "Write GETDATE(), which is UTC, or CURRENT_DATE for the day."
_EXISTS = (
    "Write x IN (SELECT x FROM schema.table WHERE condition), where x is what EXISTS compares with the row or the user."
)

SETTINGS: Mapping[str, str] = {
    **dict.fromkeys(("current_user", "session_user", "user", "current_user_id"), _USER),
    "current_role": _ROLE,
    **dict.fromkeys(("current_time", "current_timestamp", "localtime", "localtimestamp"), _NOW),
}
"""Words that SQL reads as calls of functions. Quoted, they are names like others."""

CONSTRUCTS: Mapping[str, str] = {
    **dict.fromkeys(("union", "intersect", "except", "minus", "with", "any", "some", "all"), LOOKUP_FORM),
    "exists": _EXISTS,
    **dict.fromkeys(("join", "inner", "cross", "full", "natural", "on", "using"), _ONE_TABLE),
    **dict.fromkeys(("group", "having", "order", "limit", "offset", "qualify", "top", "window", "over"), _ONE_TABLE),
    "interval": "Write DATEADD(day, -30, GETDATE()), for example.",
    "similar": "Use LIKE with a pattern.",
    "escape": "In a pattern the backslash escapes: LIKE '50\\\\%'.",
    "collate": "Compare LOWER(x) with a text in lower case, or use ILIKE.",
    "isnull": "Write IS NULL.",
    "notnull": "Write IS NOT NULL.",
    "xor": "Write (a AND NOT b) OR (NOT a AND b).",
    "div": "Write /: between integers it drops the fraction.",
}
"""Words of SQL that begin or join what the language does not have. Where a name may stand they are names."""


def fold(name: str) -> str:
    """An unquoted identifier as Redshift stores it: ASCII letters in lower case, all others as they are."""
    return name.translate(_LOWER)


_LOWER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}
