"""One query that calls every function that views call, qualified as they call it: that Redshift
finds functions in `pg_catalog` is documented nowhere.
"""

from collections.abc import Iterator, Mapping

from veil.compiler import COUNT_OVER
from veil.language import ALLOWED
from veil.language.functions import Takes
from veil.warehouse import literal

_TEXT = "CAST(t.nothing AS VARCHAR(64))"
_MOMENT = "CAST(NULL AS TIMESTAMP)"
ARGUMENTS: Mapping[Takes, str] = {
    Takes.TEXT: _TEXT,
    Takes.NUMBER: "CAST(t.nothing AS NUMERIC(18, 2))",
    Takes.MOMENT: _MOMENT,
    Takes.VALUE: _TEXT,
    Takes.UNIT: "'day'",
    **dict.fromkeys((Takes.INTEGER, Takes.COUNT, Takes.ORDINAL, Takes.DIGITS, Takes.WIDTH), "1"),
    **dict.fromkeys((Takes.FILL, Takes.CHARACTERS), "'x'"),
}
"""What stands for each argument of a function that is called by its declaration alone."""

CALLS = {
    "abs": "abs(t.nothing)",
    "btrim": f"btrim({_TEXT})",
    "ceil": "ceil(CAST(t.nothing AS NUMERIC(18, 2)))",
    "chr": "chr(t.nothing)",
    "count": "count(t.nothing)",
    "date_trunc": f"date_trunc('day', {_MOMENT})",
    "floor": "floor(CAST(t.nothing AS NUMERIC(18, 2)))",
    "left": f"left({_TEXT}, 1)",
    "len": f"len({_TEXT})",
    "lower": f"lower({_TEXT})",
    "lpad": f"lpad({_TEXT}, 2, 'x')",
    "ltrim": f"ltrim({_TEXT})",
    "max": "max(t.nothing)",
    "min": "min(t.nothing)",
    "mod": "mod(t.nothing, 2)",
    "octet_length": f"octet_length({_TEXT})",
    "regexp_replace": f"regexp_replace({_TEXT}, 'a', 'b', 1, 'p')",
    "regexp_substr": f"regexp_substr({_TEXT}, 'a', 1, 1, 'p')",
    "repeat": f"repeat({_TEXT}, 2)",
    "replace": f"replace({_TEXT}, 'a', 'b')",
    "right": f"right({_TEXT}, 1)",
    "round": "round(CAST(t.nothing AS NUMERIC(18, 2)), 1)",
    "rpad": f"rpad({_TEXT}, 2, 'x')",
    "rtrim": f"rtrim({_TEXT})",
    "sha2": f"sha2({_TEXT}, 256)",
    "split_part": f"split_part({_TEXT}, '@', 1)",
    "strpos": f"strpos({_TEXT}, '@')",
    "strtol": f"strtol({_TEXT}, 16)",
    "substring": f"substring({_TEXT}, 1, 1)",
    "to_char": f"to_char({_MOMENT}, 'YYYY')",
    "translate": f"translate({_TEXT}, 'a', 'b')",
    "trunc": "trunc(CAST(t.nothing AS NUMERIC(18, 2)))",
    "upper": f"upper({_TEXT})",
} | {
    each.name: f"{each.name}({', '.join(ARGUMENTS[takes] for takes in each.parameters[: each.required])})"
    for each in ALLOWED.values()
    if each.built_in
}
"""By its name, a call of each function that governed views call, over the column of a table that is
always empty.
"""

OWN_CALLS = {"getdate": "getdate()"}
"""The same of those that veil's own views call besides."""

WINDOWS = {
    COUNT_OVER: "count(*) OVER (PARTITION BY t.nothing)",
    "max over": "max(t.nothing) OVER ()",
    "min over": "min(t.nothing) OVER ()",
}
"""The same of those that governed views and veil's own call over windows, which a warehouse may
look up otherwise than aggregates.
"""

_AGGREGATES = frozenset({"count", "max", "min"})


def impersonation_calls(group: str | None) -> Mapping[str, str]:
    """The same of those that veil's own views call where members of a group may act as others. They
    fail without the group, and perhaps for a variable that was never set.
    """
    if group is None:
        return {}
    return {
        "user_is_member_of": f"user_is_member_of(CURRENT_USER, {literal(group)})",
        "current_setting": "current_setting('app.veil_never_set', FALSE)",
    }


def probing_query(calls: Mapping[str, str], table: str) -> str:
    """The SELECT list of a view that makes these calls over a table, and its FROM clause."""
    plain = {name: call for name, call in calls.items() if name not in WINDOWS}
    over = [call for name, call in calls.items() if name in WINDOWS]
    windows = [f"pg_catalog.{call} AS w{number}" for number, call in enumerate(over)]
    counted = [*_aggregated(plain), *(f"count(t.w{number})" for number in range(len(over)))]
    listed = (f"pg_catalog.{call} AS c{number}" for number, call in enumerate(counted, start=1))
    # A window stands in no aggregate, so that it takes a query of its own.
    source = f"(SELECT t.nothing AS nothing, {', '.join(windows)} FROM {table} AS t)" if windows else table
    return f"{', '.join(listed)} FROM {source} AS t"


def _aggregated(calls: Mapping[str, str]) -> Iterator[str]:
    return (call if name in _AGGREGATES else f"count(pg_catalog.{call})" for name, call in calls.items())
