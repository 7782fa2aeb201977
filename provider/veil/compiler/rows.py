"""The row test: what is TRUE where a row shows, and nowhere else; in WHERE and again around every
column.
"""

from collections.abc import Sequence

from veil.compiler.building import UNKNOWN, call, case, conjunction, disjunction, form, infix, integer, negation
from veil.compiler.expressions import Expressions
from veil.compiler.hashing import DRAWN_DIGITS, digest, drawn_from
from veil.compiler.scope import Scope
from veil.compiler.sql import NumberLiteral, Sql, TextLiteral, Word
from veil.compiler.users import NOW
from veil.compiler.values import Value, as_timestamp, canonical_text, compare, longest_canonical
from veil.language.value_types import ValueType
from veil.model import Column, DataSource, TimeWindow
from veil.policy.column_types import has_canonical_text
from veil.policy.resolved import AppliedRows, Conditions, Resolved, RowTest, Sample, Window

_MOST_DAYS = 2_000 * 365
_PER_DAY = {"minutes": 24 * 60, "hours": 24, "days": 1}


def row_test(resolved: Resolved, scope: Scope) -> Sql:
    """All row policies together; TRUE where there is none."""
    return conjunction(_policy_test(each, resolved, scope) for each in resolved.rows)


def _policy_test(rows: AppliedRows, resolved: Resolved, scope: Scope) -> Sql:
    expressions = Expressions(scope)
    test = _test(rows.test, resolved, scope)
    if rows.audience is not None:
        audience = expressions.condition(rows.audience)
        otherwise = _test(rows.otherwise, resolved, scope)
        test = case([(audience, test), (negation(audience), otherwise)])
    return disjunction([expressions.truth(rows.excepted), test])


def _test(test: RowTest, resolved: Resolved, scope: Scope) -> Sql:
    match test:
        case Conditions(expressions=expressions):
            return conjunction(Expressions(scope).truth(each) for each in expressions)
        case Window(column=column, window=window):
            event = as_timestamp(scope.column(column.name))
            start = _start(window)
            if start is None:
                return UNKNOWN
            moment = Value(scope.hoist_user_test(start), ValueType.TIMESTAMP)
            return compare(">=" if window.direction == "newer" else "<", event, moment)
        case Sample(percent=percent):
            limit = NumberLiteral(f"{percent * 16**DRAWN_DIGITS / 100:f}")
            return infix("<", _drawn(resolved, scope), limit)


def _start(window: TimeWindow) -> Sql | None:
    """The moment at which the window starts or ends; None before the calendar does."""
    if window.unit == "years":
        # In months, of which Redshift and PostgreSQL both take the last day where a month is too
        # short for the day.
        return form("DATEADD", Word("month"), integer(-12 * window.amount), NOW) if window.amount < 2_000 else None
    if window.amount > _MOST_DAYS * _PER_DAY[window.unit]:
        return None
    return infix("-", NOW, TextLiteral(f"{window.amount} {window.unit}", "INTERVAL"))


def _drawn(resolved: Resolved, scope: Scope) -> Sql:
    """The row's number below 16^7, which its salt and all accepted values decide."""
    return drawn_from(row_digest(resolved.source, scope))


def row_digest(source: DataSource, scope: Scope, purpose: str = "") -> Sql:
    """The hex SHA-256 of salt, purpose and all accepted values of the row."""
    pieces = fingerprint(source, scope)
    if len(pieces) > 1:
        pieces = [digest(piece) for piece in pieces]
    marked = [TextLiteral(purpose)] if purpose else []
    return digest(infix("||", scope.salt, *marked, *pieces))


def fingerprint(source: DataSource, scope: Scope) -> Sequence[Sql]:
    """One text per accepted column that has a canonical one: `-` for NULL, else its length and
    itself; put together as far as they make no text that is too long. A text that can be long
    stands there as its hash.
    """
    pieces: list[list[Sql]] = [[]]
    size = 0
    for column in source.columns:
        if column.accepted and has_canonical_text(column.type):
            text, most = canonical_text(scope.column(column.name)), _marked_bytes(column)
            shown = text if most <= LONG_TEXT else digest(text)
            marked = infix("||", TextLiteral("+"), call("len", text), TextLiteral(":"), shown)
            size += min(most, LONG_TEXT)
            if size > _LONGEST_PIECE:
                pieces.append([])
                size = min(most, LONG_TEXT)
            pieces[-1].append(form("COALESCE", marked, TextLiteral("-")))
    return [infix("||", *piece) if len(piece) > 1 else piece[0] for piece in pieces if piece]


def _marked_bytes(column: Column) -> int:
    return longest_canonical(column.type) + _MARKS


LONG_TEXT = 1_000
_LONGEST_PIECE, _MARKS = 60_000, 8
"""Bytes, so that the hashes of all columns that a table can have fit in one text."""
