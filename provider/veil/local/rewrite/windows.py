"""Window functions as PostgreSQL has them and Redshift has not.

Source: Amazon Redshift Database Developer Guide, "Window function syntax summary"
(r_Window_function_synopsis): a window stands in brackets after OVER, its frame begins with ROWS, an
aggregate with ORDER BY has one, and a function that ranks has none.
"""

from __future__ import annotations

from veil.local.rewrite.edits import OPENING, Sql
from veil.local.rewrite.errors import LOCAL_LIMIT, RefusalError, unsupported

_FRAMED = frozenset(
    {"avg", "count", "max", "min", "sum", "stddev", "stddev_samp", "stddev_pop", "variance", "var_samp", "var_pop"}
)
_UNFRAMED = frozenset(
    {"cume_dist", "dense_rank", "lag", "lead", "ntile", "percent_rank", "rank", "ratio_to_report", "row_number"}
)
_FRAMES = ("rows", "range", "groups")


def check_window(sql: Sql, at: int) -> None:
    """Refuses what stands at an OVER that Redshift would not run.

    Raises:
        RefusalError: with what Redshift wants instead.
    """
    function = _function(sql, at)
    if not function:
        return
    if sql.word(at + 1) != "(":
        raise RefusalError(
            "42601", f'syntax error at or near "{sql.raw(at + 1, at + 2)}"', "Write the window in brackets after OVER."
        )
    own = _own(sql, at + 1)
    frame = next((k for k in own if sql.word(k) in _FRAMES and sql.is_name(k) and _begins_frame(sql, k)), None)
    ordered = any(sql.words(k, 2) == ("order", "by") for k in own)
    if frame is None:
        if function in _FRAMED and ordered:
            raise RefusalError(
                "0A000", "Aggregate window functions with an ORDER BY clause require a frame clause", "Add ROWS ..."
            )
        return
    if sql.word(frame) != "rows" or function in _UNFRAMED:
        raise RefusalError(
            "42601",
            f'syntax error at or near "{sql.word(frame).upper()}"',
            f"Redshift has no such frame of {function}.",
        )
    if (excluding := next((k for k in own if k > frame and sql.word(k) == "exclude"), None)) is not None:
        raise RefusalError("42601", f'syntax error at or near "{sql.raw(excluding, excluding + 1)}"')


def plan_nulls(sql: Sql, at: int) -> tuple[str, int] | None:
    """IGNORE NULLS and RESPECT NULLS, after the function or within its brackets: the second says
    what is so without it.
    """
    if sql.word(at + 1) != "nulls" or (sql.word(at + 2) != "over" and sql.words(at + 2, 2) != (")", "over")):
        return None
    if sql.word(at) == "ignore":
        raise unsupported("IGNORE NULLS", LOCAL_LIMIT)
    return "", at + 2


def _function(sql: Sql, at: int) -> str:
    """The name of the function before OVER; empty where OVER is a name."""
    closing = at - 1
    if sql.word(closing) == "nulls":
        closing -= 2
    if sql.word(closing) != ")":
        return ""
    opening = next((k for k in range(closing, -1, -1) if sql.word(k) == "(" and sql.closing(k) == closing), 0)
    return sql.word(opening - 1) or "?"


def _begins_frame(sql: Sql, at: int) -> bool:
    return sql.word(at + 1) in ("between", "unbounded", "current") or sql.word(at + 2) in ("preceding", "following")


def _own(sql: Sql, opening: int) -> list[int]:
    """The tokens of a bracket outside of those in it."""
    positions, at, end = [], opening + 1, sql.closing(opening)
    while at < end:
        positions.append(at)
        at = sql.closing(at) + 1 if sql.word(at) in OPENING else at + 1
    return positions
