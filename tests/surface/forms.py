"""What a query is written with that no page of Redshift's shows, though PostgreSQL would run it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sqlglot import exp

from tests.surface.grammar import tokens

_TYPES = re.compile(
    r"""(?x)
    SMALLINT|INT2|INTEGER|INT|INT4|BIGINT|INT8|(?:DECIMAL|NUMERIC)(?:\ ?\(\d+(?:,\ ?\d+)?\))?|REAL|FLOAT4|DOUBLE\ PRECISION|FLOAT8
    |FLOAT(?:\ ?\(\d+\))?|BOOLEAN|BOOL|(?:CHAR|CHARACTER|NCHAR|BPCHAR)(?:\ ?\(\d+\))?|(?:VARCHAR|CHARACTER\ VARYING|NVARCHAR)(?:\ ?\((?:\d+|MAX)\))?
    |TEXT|DATE|TIME|TIMETZ|TIMESTAMP|TIMESTAMPTZ|(?:TIME|TIMESTAMP)\ WITH(?:OUT)?\ TIME\ ZONE|INTERVAL\b.*|GEOMETRY|GEOGRAPHY|HLLSKETCH|SUPER
    |(?:VARBYTE|VARBINARY|BINARY\ VARYING)(?:\ ?\(\d+\))?
    """,
)
"""Source: "Data types", with the other names of each. What PostgreSQL has besides is under
"Unsupported PostgreSQL data types".
"""

_MADE = re.compile(
    r"CREATE (?:OR REPLACE )?(?P<kind>TABLE|PROCEDURE) (?:IF NOT EXISTS )?[^\s(]+ ?\((?P<listed>(?:[^()]|\([^()]*\))*)\)",
    re.S,
)
_AFTER_TYPE = frozenset(
    [
        "NOT",
        "NULL",
        "DEFAULT",
        "ENCODE",
        "DISTKEY",
        "SORTKEY",
        "IDENTITY",
        "PRIMARY",
        "UNIQUE",
        "REFERENCES",
        "COLLATE",
        ":",
    ]
)
_CONSTRAINTS = frozenset(["PRIMARY", "UNIQUE", "FOREIGN", "LIKE"])
MOST_ARGUMENTS = 32
"""Of a procedure. Source: CREATE PROCEDURE."""

_DATE_PARTS = frozenset(
    [
        "millennium",
        "century",
        "decade",
        "year",
        "quarter",
        "month",
        "week",
        "day",
        "dayofweek",
        "dow",
        "dayofyear",
        "doy",
        "hour",
        "minute",
        "second",
        "millisecond",
        "microsecond",
        "epoch",
        "timezone",
        "timezone_hour",
        "timezone_minute",
    ]
)
"""Source: "Date parts for date or timestamp functions", without the short names, which veil writes
none of.
"""

LONGEST_VARCHAR, MOST_DIGITS, MOST_DECIMALS = 65_535, 38, 37
"""Source: "Character types", "Numeric types"."""

_NODES: tuple[tuple[type[exp.Expression], str], ...] = (
    (exp.NullSafeEQ, "IS DISTINCT FROM"),
    (exp.NullSafeNEQ, "IS DISTINCT FROM"),
    (exp.Filter, "FILTER on an aggregate"),
    (exp.Lateral, "LATERAL"),
    (exp.OnConflict, "ON CONFLICT"),
    (exp.Returning, "RETURNING"),
    (exp.Lock, "FOR UPDATE"),
    (exp.Fetch, "FETCH FIRST"),
    (exp.JSONExtract, "the operator ->"),
    (exp.JSONExtractScalar, "the operator ->>"),
    (exp.ArrayContainsAll, "the operator @>"),
)


def undocumented_forms(parsed: exp.Expression, statement: str) -> Iterator[str]:
    """In words, each thing of a query that no page shows.

    Source: "Unsupported PostgreSQL features", the pages of SELECT, INSERT, DELETE and of the
    operators.
    """
    for node, what in _NODES:
        if parsed.find(node) is not None:
            yield what
    if any(each.args.get("on") for each in parsed.find_all(exp.Distinct)):
        yield "SELECT DISTINCT ON"
    if any(isinstance(each.parent, exp.From | exp.Join | exp.Subquery) for each in parsed.find_all(exp.Values)):
        yield "VALUES as a table"
    if any(each.args.get("windows") for each in parsed.find_all(exp.Select)):
        yield "a WINDOW clause"
    if any(isinstance(each.this, exp.Insert | exp.Update | exp.Delete) for each in parsed.find_all(exp.CTE)):
        yield "WITH before what changes rows"
    if any(each.args.get("only") for each in parsed.find_all(exp.Table)):
        yield "ONLY"
    late_binding = isinstance(parsed, exp.Create) and _is_late_binding(statement)
    if late_binding and any(each.args.get("recursive") for each in parsed.find_all(exp.With)):
        yield "WITH RECURSIVE in a late-binding view"
    text = "".join(tokens(statement))
    yield from (what for what in ("ARRAY[", "~~", "!~~") if what in re.sub(r"'(?:''|\\.|[^'\\])*'", "''", text))
    yield from (f"the type {each}" for each in sorted(_types(statement)) if not _TYPES.fullmatch(each))
    yield from (f"the part {each} of a date" for each in sorted(_date_parts(statement)) if each not in _DATE_PARTS)
    if late_binding:
        yield from _unqualified(parsed)


def _types(statement: str) -> Iterator[str]:
    """The types that values are cast to, as they are written, in capitals."""
    found = tokens(statement)
    for at, text in enumerate(found):
        if text == "CAST" and found[at + 1 : at + 2] == ["("]:
            depth, last = 0, at + 1
            for end in range(at + 1, len(found)):
                depth += {"(": 1, ")": -1}.get(found[end], 0)
                last = end if found[end] == "AS" and depth == 1 else last
                if depth == 0:
                    yield _spelled(found[last + 1 : end])
                    break
        elif text == "::":
            yield _spelled(found[at + 1 : at + 2])


def _spelled(parts: list[str]) -> str:
    return re.sub(r" (?=[(),])|(?<=\() ", "", " ".join(parts))


def undocumented_declarations(statement: str) -> Iterator[str]:
    """The types of the columns, arguments and variables that a CREATE TABLE or CREATE PROCEDURE
    names, as far as no page has them, and too many arguments of a procedure or CALL. A variable may
    stand for any row. Source: "Data types", CREATE PROCEDURE, "Supported PL/pgSQL statements".
    """
    made, called = _MADE.match(statement), re.match(r"CALL [^\s(]+ ?\((.*)\)\Z", statement, re.S)
    if called is not None and (count := _arguments(called[1])) > MOST_ARGUMENTS:
        yield f"{count} arguments"
    if made is None:
        return
    listed = _split(made["listed"])
    variables = re.search(r"\bDECLARE\b(.*?)\bBEGIN\b", statement, re.S)
    for each in [*listed, *(variables[1].split(";") if variables else ())]:
        found = [text for text in tokens(each) if text not in ("INOUT", "OUT", "IN")]
        if len(found) > 1 and found[0] not in _CONSTRAINTS:
            ends = [at for at, text in enumerate(found) if at > 1 and text in _AFTER_TYPE]
            type_ = _spelled(found[1 : min(ends, default=len(found))])
            is_row = type_ == "RECORD" and each not in listed
            if not _TYPES.fullmatch(type_) and not is_row:
                yield f"the type {type_}"
    if made["kind"] == "PROCEDURE" and len(listed) > MOST_ARGUMENTS:
        yield f"{len(listed)} arguments"


def _arguments(listed: str) -> int:
    """How many there are in a CALL, whose values may hold commas and brackets."""
    depth, commas = 0, 0
    found = tokens(listed)
    for text in found:
        depth += {"(": 1, ")": -1}.get(text, 0)
        commas += text == "," and depth == 0
    return commas + 1 if found else 0


def _split(listed: str) -> list[str]:
    """What stands between the commas that are in no brackets."""
    parts, depth = [""], 0
    for character in listed:
        depth += {"(": 1, ")": -1}.get(character, 0)
        if character == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += character
    return [each for each in map(str.strip, parts) if each]


def _date_parts(statement: str) -> Iterator[str]:
    """What is asked of EXTRACT, DATEADD, DATEDIFF and DATE_TRUNC, in small letters."""
    for function, opening, part in zip(found := tokens(statement), found[1:], found[2:], strict=False):
        asks = function in ("EXTRACT", "DATEADD", "DATEDIFF", "DATE_TRUNC", "DATE_PART")
        if asks and opening == "(" and re.match(r"'|[A-Z]", part):
            yield part.strip("'").lower()


def _is_late_binding(statement: str) -> bool:
    return tokens(statement)[-4:] == ["WITH", "NO", "SCHEMA", "BINDING"]


def _unqualified(parsed: exp.Expression) -> Iterator[str]:
    """Source: CREATE VIEW, which wants all names of a late-binding view qualified."""
    known = {each.alias for each in parsed.find_all(exp.CTE)}
    arrays = {each.alias for each in parsed.find_all(exp.Table, exp.Subquery) if each.alias}
    for table in parsed.find_all(exp.Table):
        if table.name and not table.db and table.name not in known | arrays:
            yield f"{table.name} without its schema in a late-binding view"


def beyond_limits(statement: str) -> Iterator[str]:
    """What of any statement is longer or larger than Redshift takes, whatever its kind is. Names
    and literals within the body of a procedure are looked at as all others.
    """
    for text in _tokens_with_bodies(statement):
        if text.startswith("'") and (size := len(_value(text).encode())) > LONGEST_VARCHAR:
            yield f"a literal of {size} bytes"
        elif re.match(r'["A-Za-z_]', text) and (size := len(text.strip('"').replace('""', '"').encode())) > 127:
            yield f"a name of {size} bytes"
    for length in re.findall(r"\b(?:VARCHAR|VARYING)\s*\(\s*(\d+)\s*\)", statement, re.I):
        if int(length) > LONGEST_VARCHAR:
            yield f"a VARCHAR of {length} bytes"
    for digits, _, decimals in re.findall(r"\b(?:NUMERIC|DECIMAL)\s*\(\s*(\d+)\s*(,\s*(\d+)\s*)?\)", statement, re.I):
        if int(digits) > MOST_DIGITS or int(decimals or 0) > MOST_DECIMALS:
            yield f"a NUMERIC of {digits} digits, {decimals or 0} of them decimals"
    if len(statement.encode()) > 16_000_000:
        yield f"a statement of {len(statement.encode())} bytes"


def _tokens_with_bodies(statement: str) -> Iterator[str]:
    for text in tokens(statement):
        if text.startswith("$$"):
            yield from _tokens_with_bodies(text[2:-2])
        else:
            yield text


def _value(literal: str) -> str:
    return re.sub(r"''|\\(.)", lambda found: found[1] or "'", literal[1:-1])
