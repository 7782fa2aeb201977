"""Every mask on every type of column that it fits, compared with the interpreter."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

from veil.certify.comparing import Answer, difference
from veil.certify.outcome import Outcome
from veil.certify.place import Place, declared_in_full
from veil.model import (
    AppliesTo,
    Categories,
    Column,
    ColumnType,
    Constant,
    DataSource,
    DateShift,
    Email,
    Exceptions,
    Family,
    Function,
    Hash,
    Integration,
    KAnonymity,
    Mask,
    MaskingPolicy,
    Noise,
    Null,
    Partial,
    Profile,
    Regex,
    Round,
    Sql,
    SubscriptionPolicy,
    TruncateDate,
    World,
)
from veil.oracle import Value, see
from veil.policy import resolve
from veil.warehouse import WarehouseError, identifier, qualified

SALT = "certify"
"""What stands for a salt where a function takes one as an argument."""

CALLS: tuple[tuple[str, str, Mask, ColumnType], ...] = (
    ("f_mask_digest", f"'{SALT}'", Hash(), ColumnType(Family.VARCHAR, length=64)),
    ("f_mask_email", f"'{SALT}'", Email(), ColumnType(Family.VARCHAR, length=64)),
    ("f_mask_partial", "1, 1, '*'", Partial(1, 1, "*"), ColumnType(Family.VARCHAR, length=64)),
    ("f_mask_regex", "'[[:digit:]]', '#'", Regex("[[:digit:]]", "#"), ColumnType(Family.VARCHAR, length=64)),
    ("f_mask_round", "7", Round(Decimal(7)), ColumnType(Family.BIGINT)),
    ("f_mask_round_numeric", "0.25", Round(Decimal("0.25")), ColumnType(Family.NUMERIC, precision=38, scale=10)),
    ("f_mask_round_double", "0.1", Round(Decimal("0.1")), ColumnType(Family.DOUBLE)),
    ("f_mask_truncate_date", "'month'", TruncateDate("month"), ColumnType(Family.TIMESTAMP)),
)
"""The functions that veil brings: each with its arguments after the value, the mask that it means,
and the type of the values.
"""

CLEARED = "cleared"
"""The group that no mask covers."""

_TEXTS = ("a@b.c", "ann@example.org", "a@b@c", "größe 12", "o'x\\", "x", "", "  two  ", "100%", None)
_ASCII = ("a@b.c", "a@b@c", "o'x\\", "x1y22", "US", "", None)
_INTEGERS = (0, 1, 7, -3, 99, 100, -250, 32767, -32768, None)
_MOMENTS = (datetime(2024, 2, 29, 13, 14, 15), datetime(2023, 12, 31, 23, 59, 59, 500000), datetime(1969, 7, 20), None)
_FLOATS = (0.0, 1.0, -3.0, 0.5, 2.25, 123456.75, -0.25, None)

VALUES: Mapping[ColumnType, Sequence[Value]] = {
    ColumnType(Family.SMALLINT): _INTEGERS,
    ColumnType(Family.INTEGER): (*_INTEGERS, 2**31 - 1, -(2**31)),
    ColumnType(Family.BIGINT): (*_INTEGERS, 2**63 - 1, -(2**63)),
    ColumnType(Family.NUMERIC, precision=10, scale=2): tuple(
        None if each is None else Decimal(each) for each in ("0.00", "5.50", "-0.50", "2.25", "99999999.99", None)
    ),
    ColumnType(Family.NUMERIC, precision=38, scale=10): tuple(
        None if each is None else Decimal(each)
        for each in ("0.3", "-0.3", "12.3456789012", "-99999999999999999.9", None)
    ),
    ColumnType(Family.NUMERIC, precision=38, scale=0): (Decimal(10**38 - 1), Decimal(-(10**38) + 1), Decimal(7), None),
    ColumnType(Family.REAL): _FLOATS,
    ColumnType(Family.DOUBLE): _FLOATS,
    ColumnType(Family.BOOLEAN): (True, False, None),
    ColumnType(Family.CHAR, length=12): _ASCII,
    ColumnType(Family.VARCHAR, length=64): _TEXTS,
    ColumnType(Family.VARCHAR, length=8): ("x", "größe", "o'x\\", "", None),
    ColumnType(Family.DATE): (date(2024, 2, 29), date(2023, 12, 31), date(1969, 7, 20), date(2026, 1, 1), None),
    ColumnType(Family.TIMESTAMP): _MOMENTS,
    ColumnType(Family.TIMESTAMPTZ): tuple(each and each.replace(tzinfo=UTC) for each in _MOMENTS),
    ColumnType(Family.TIME): ("10:20:30", "00:00:00", None),
    ColumnType(Family.SUPER): ('{"a": 1}', "[1, 2]", None),
}
"""Types, and values that are at their limits or have broken a rule of quoting or comparing
before.
"""

_CONSTANTS = {
    Family.BOOLEAN: "true",
    Family.DATE: "2024-02-29",
    Family.TIMESTAMP: "2024-02-29 10:00:00",
    Family.TIMESTAMPTZ: "2024-02-29 10:00:00+05:30",
    Family.TIME: "10:00:00",
    Family.SUPER: '{"masked": true}',
}
_CATEGORIES = {Family.VARCHAR: frozenset({"x", "größe", "CA"}), Family.CHAR: frozenset({"US", "CA"})}
_EXPRESSIONS = {
    Family.VARCHAR: "UPPER(@value) || '!'",
    Family.CHAR: "LOWER(@value)",
    Family.NUMERIC: "CAST(@value / 3 AS NUMERIC(10, 2))",
    Family.DATE: "DATE_TRUNC('month', @value)",
    Family.INTEGER: "CASE WHEN @value > 5 THEN 5 ELSE @value END",
}


def masks_for(kind: ColumnType) -> dict[str, Mask]:
    """Every mask, by a name for its column, with arguments that mean something for the type."""
    number = "7" if kind.family.is_number else "REDACTED"
    masks: dict[str, Mask] = {
        "hash": Hash(),
        "constant": Constant(_CONSTANTS.get(kind.family, number)),
        "null": Null(),
        "regex": Regex("[0-9]+", "#"),
        "round": Round(Decimal(10)),
        "round_fine": Round(Decimal("0.25")),
        "email": Email(),
        "partial": Partial(1, 2, "*"),
        "noise": Noise(Decimal(10)),
        "date_shift": DateShift(100),
        "categories": Categories(_CATEGORIES.get(kind.family, frozenset({"1", "7"})), Decimal(20)),
        "k_anonymity": KAnonymity(2, frozenset({"null"})),
        "sql": Sql(_EXPRESSIONS.get(kind.family, "@value")),
    }
    return masks | {
        f"truncate_{unit}": TruncateDate(unit) for unit in ("year", "quarter", "month", "week", "day", "hour", "minute")
    }


def examine(place: Place) -> Iterator[Outcome]:
    """One table and one group of changes for each type; the policies are the same ones in the end,
    so they go in between.
    """
    ann, ben, *_ = place.users
    for number, (kind, values) in enumerate(VALUES.items()):
        if place.quick and number % 4 != 1:
            continue
        source, policies = _source(place, f"t{number}", kind)
        rows = [{each.name: value for each in source.columns} for value in values]
        place.make_table(source.table, source.columns, rows)
        place.govern(
            [
                declared_in_full(source),
                *policies,
                SubscriptionPolicy("everyone", AppliesTo(all_data_sources=True), "everyone"),
                Profile(ann),
                Profile(ben, frozenset({CLEARED})),
            ]
        )
        known = place.known(source)
        names = ", ".join(each.name for each in source.columns)
        yield place.compared(f"{kind}: {names}", ann, known, rows)
        yield place.compared(f"{kind} for a user whom no mask covers", ben, known, rows)
        place.ungovern()
        place.drop_tables([source.table])
    yield from _function(place)
    for call in CALLS:
        yield _brought(place, *call)


def _brought(place: Place, name: str, arguments: str, mask: Mask, kind: ColumnType) -> Outcome:
    """A function that veil brings, over a column: whether it gives what the mask that it means makes
    of each value. What types a server hands on to a function, the catalog does not tell.
    """
    ann, *_ = place.users
    column = Column("given", kind, frozenset({"certify.brought"}))
    source = DataSource(place.raw, "brought", place.integration.view_schema, "brought", (column,))
    rows = [{column.name: value} for value in VALUES[kind]]
    world = World(
        place.integration,
        data_sources={source.key: source},
        masking_policies={name: MaskingPolicy(name, AppliesTo(all_columns=True), mask)},
        subscription_policies={
            "everyone": SubscriptionPolicy("everyone", AppliesTo(all_data_sources=True), "everyone")
        },
        profiles={ann: Profile(ann)},
    )
    sight = see(world, ann, source.key, [dict(row) for row in rows], now=datetime.now(UTC), salts={source.key: SALT})
    function, table = qualified(place.integration.functions_schema, name), qualified(place.raw, source.table)
    sql = f"SELECT {function}({column.name}, {arguments}) AS given FROM {table}"
    place.make_table(source.table, source.columns, rows)
    try:
        columns, shown = place.session.select(sql)
        answer = Answer(columns, tuple(shown))
    except WarehouseError as error:
        answer = Answer(error=error.found)
    place.drop_tables([source.table])
    mismatch = difference(source, sight, answer)
    if mismatch is None:
        return Outcome(f"the function {name}")
    shown_rows = f"expected {mismatch.expected[:3]!r}; found {mismatch.found[:3]!r}"
    return Outcome(f"the function {name}", "differed", f"{mismatch.summary}; {shown_rows}", statement=sql)


def _function(place: Place) -> Iterator[Outcome]:
    """A function of the account's own: who may run it sees what it gives, and who may not sees no
    row at all.
    """
    ann, ben, *_ = place.users
    schema = place.scratch.schema("udf")
    function = f"{qualified(schema, 'backwards')}(VARCHAR)"
    place.session.execute(
        f"CREATE FUNCTION {function} RETURNS VARCHAR IMMUTABLE AS $$ SELECT pg_catalog.REVERSE($1) $$ LANGUAGE sql"
    )
    # Everybody may run a new function. Source: Amazon Redshift Database Developer Guide,
    # udf-security-and-privileges.
    place.session.execute(f"REVOKE EXECUTE ON FUNCTION {function} FROM PUBLIC")
    place.session.execute(f"GRANT USAGE ON SCHEMA {identifier(schema)} TO PUBLIC")
    place.session.execute(f"GRANT EXECUTE ON FUNCTION {function} TO {identifier(ann)}")
    columns = (Column("called", ColumnType(Family.VARCHAR, length=40), frozenset({"certify.function"})),)
    source = DataSource(place.raw, "called", place.integration.view_schema, "called", columns)
    rows = [{"called": value} for value in ("ann", "größe", "", None)]
    place.make_table(source.table, columns, rows)
    place.govern(
        [
            declared_in_full(source),
            MaskingPolicy(
                "certify function",
                AppliesTo(column_tags=frozenset({"certify.function"})),
                Function(f"{schema}.backwards"),
            ),
            SubscriptionPolicy("everyone", AppliesTo(all_data_sources=True), "everyone"),
            Profile(ann),
            Profile(ben),
        ]
    )
    known = place.known(source)
    gives = {f"{schema}.backwards": lambda value: value[::-1]}
    yield place.compared("function: who may run it sees what it gives", ann, known, rows, functions=gives)
    seen = place.look(ben, known)
    yield Outcome(
        "function: who may not run it gets an error and sees nothing",
        "passed" if seen.error is not None and not seen.rows else "differed",
        "" if seen.error is not None else f"{len(seen.rows)} rows were seen",
        answer=seen.error or "",
    )
    place.ungovern()
    place.drop_tables([source.table])


def _source(place: Place, table: str, kind: ColumnType) -> tuple[DataSource, list[MaskingPolicy]]:
    """A source with one column for each mask that fits the type, and the policies of these."""
    columns, policies = [], []
    for name, mask in masks_for(kind).items():
        column = Column(name, kind, frozenset({f"certify.{name}"}))
        policy = MaskingPolicy(
            f"certify {name}",
            AppliesTo(column_tags=frozenset({f"certify.{name}"})),
            mask,
            exceptions=Exceptions(groups=frozenset({CLEARED})),
        )
        if _fits(place.integration, column, policy):
            columns.append(column)
            policies.append(policy)
    return DataSource(place.raw, table, place.integration.view_schema, table, tuple(columns)), policies


def _fits(integration: Integration, column: Column, policy: MaskingPolicy) -> bool:
    source = DataSource("s", "t", "v", "t", (column,))
    return not resolve(World(integration, masking_policies={policy.name: policy}), source).incompatibilities
