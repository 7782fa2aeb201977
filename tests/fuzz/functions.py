"""Functions of users' on the engine, and in Python: what a mask that calls them is to show."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from veil.model import UserFunction, UserFunctions, definition
from veil.oracle import Value

SCHEMA = "fuzz_functions"
ACCEPTED, REPLACED = "a" * 64, "b" * 64

STATEMENTS = (
    f"CREATE SCHEMA {SCHEMA}",
    f"GRANT USAGE ON SCHEMA {SCHEMA} TO PUBLIC",
    f'CREATE FUNCTION {SCHEMA}."mark it"(VARCHAR, VARCHAR) RETURNS VARCHAR IMMUTABLE AS $$ SELECT $2 || $1 $$ LANGUAGE sql',
    f'CREATE FUNCTION {SCHEMA}."mark it"(INTEGER, VARCHAR) RETURNS INTEGER IMMUTABLE AS '
    "$$ SELECT CASE WHEN $1 > 5 THEN -7 ELSE $1 END $$ LANGUAGE sql",
    f"CREATE FUNCTION {SCHEMA}.unsteady(VARCHAR) RETURNS VARCHAR STABLE AS $$ SELECT '<' || $1 $$ LANGUAGE sql",
    f"CREATE FUNCTION {SCHEMA}.moved(DATE, INTEGER) RETURNS DATE IMMUTABLE AS "
    "$$ SELECT CASE WHEN $1 < DATE '2100-01-01' THEN $1 + $2 END $$ LANGUAGE sql",
    f"CREATE FUNCTION {SCHEMA}.other(VARCHAR) RETURNS INTEGER IMMUTABLE AS $$ SELECT 1 $$ LANGUAGE sql",
    f"CREATE FUNCTION {SCHEMA}.replaced(VARCHAR) RETURNS VARCHAR IMMUTABLE AS $$ SELECT $1 $$ LANGUAGE sql",
    f"CREATE FUNCTION {SCHEMA}.untrusted(VARCHAR) RETURNS VARCHAR IMMUTABLE AS $$ SELECT $1 $$ LANGUAGE sql",
)
TEXT, WHOLE, DAY = "character varying", "integer", "date"
MARK, UNSTEADY, MOVED, OTHER, CHANGED, UNTRUSTED, GONE = (
    f"{SCHEMA}.{name}" for name in ('"mark it"', "unsteady", "moved", "other", "replaced", "untrusted", "gone")
)
KNOWN: UserFunctions = {
    MARK: (
        UserFunction((TEXT, TEXT), TEXT, ACCEPTED, steady=True),
        UserFunction((WHOLE, TEXT), WHOLE, ACCEPTED, steady=True),
    ),
    UNSTEADY: (UserFunction((TEXT,), TEXT, ACCEPTED),),
    MOVED: (UserFunction((DAY, WHOLE), DAY, ACCEPTED, steady=True),),
    OTHER: (UserFunction((TEXT,), WHOLE, ACCEPTED, steady=True),),
    CHANGED: (UserFunction((TEXT,), TEXT, REPLACED, steady=True),),
    UNTRUSTED: (UserFunction((TEXT,), TEXT, ACCEPTED, steady=True, problem="belongs to somebody"),),
}
DEFINITIONS = frozenset(definition(name, ACCEPTED) for name in KNOWN)
"""What policies remember: of the function that was replaced, another definition."""

CALLS = (
    (MARK, ("",)),
    (MARK, ("o'x\\",)),
    (MARK, ("größe",)),
    (MARK, ()),
    (UNSTEADY, ()),
    (MOVED, ("3",)),
    (MOVED, ("three",)),
    (OTHER, ()),
    (CHANGED, ()),
    (UNTRUSTED, ()),
    (GONE, ()),
)


def _mark(value: Value, text: Value) -> Value:
    return f"{text}{value}" if isinstance(value, str) else -7 if isinstance(value, int) and value > 5 else value


def _moved(value: Value, days: Value) -> Value:
    assert isinstance(value, date) and isinstance(days, int)
    return value + timedelta(days=days) if value < date(2100, 1, 1) else None


RUN: Mapping[str, Callable[..., Value]] = {
    MARK: _mark,
    UNSTEADY: lambda value: f"<{value}",
    MOVED: _moved,
    CHANGED: lambda value: value,
    UNTRUSTED: lambda value: value,
    OTHER: lambda value: 1,
}
