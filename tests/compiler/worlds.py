"""The Worlds whose compiled views are kept as text, one per idea."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from tests.policy.building import (
    BIGINT,
    BOOLEAN,
    DATE,
    DOUBLE,
    EVERYONE,
    INTEGER,
    SUPER,
    TIMESTAMP,
    TIMESTAMPTZ,
    char,
    column,
    groups,
    numeric,
    on,
    source,
    varchar,
    world,
)
from veil.model import (
    Attribute,
    Categories,
    Constant,
    DataSource,
    DateShift,
    Email,
    Exceptions,
    Family,
    Function,
    Hash,
    KAnonymity,
    LookupTables,
    Mask,
    MaskingPolicy,
    Match,
    Never,
    Noise,
    Null,
    Partial,
    Percent,
    Purposes,
    Regex,
    Round,
    RowPolicy,
    RowRule,
    Sql,
    SubscriptionPolicy,
    TimeWindow,
    TruncateDate,
    UserFunction,
    UserMatches,
    ValueIn,
    Where,
    World,
)

SALES = on(sources=["sales"])
PII = on("pii")
CUSTOMERS = source(
    column("id"),
    column("email", varchar(100), "pii.email"),
    column("territory", varchar(10), "geo.region"),
    column("level", varchar(20), "access_level"),
    column("created_at", TIMESTAMP),
    event_time_column="created_at",
)
FILTERED = replace(CUSTOMERS, filter_columns=frozenset({"id", "created_at", "territory"}))
TYPES = source(
    column("small", INTEGER, "pii"),
    column("big", BIGINT, "pii"),
    column("amount", numeric(12, 2), "pii"),
    column("ratio", DOUBLE, "pii"),
    column("flag", BOOLEAN, "pii"),
    column("code", char(8), "pii"),
    column("name", varchar(80), "pii"),
    column("day", DATE, "pii"),
    column("moment", TIMESTAMP, "pii"),
    column("instant", TIMESTAMPTZ, "pii"),
    column("document", SUPER, "pii"),
    table="types",
)


def masked(mask: Mask, data_source: DataSource = TYPES, **rest: object) -> tuple[World, DataSource]:
    return world(MaskingPolicy("mask", PII, mask, **rest), data_source), data_source  # type: ignore[arg-type]


def with_functions(case: tuple[World, DataSource]) -> tuple[World, DataSource]:
    """With an overload of a function for each type that one takes."""
    overloads = (
        UserFunction(
            (str(each), "character varying", "numeric"), str(each), "a" * 64, steady=each is not Family.VARCHAR
        )
        for each in sorted({column.type.family for column in case[1].columns} - {Family.SUPER, Family.TIMESTAMPTZ})
    )
    return replace(case[0], functions={"sec.encrypt": tuple(overloads)}), case[1]


def filtered(rule: RowRule, **rest: object) -> tuple[World, DataSource]:
    return world(RowPolicy("rows", SALES, rule, **rest), CUSTOMERS), CUSTOMERS  # type: ignore[arg-type]


_TERRITORY = RowPolicy("rows", SALES, UserMatches((Match("geo.region", "territory"),)), exceptions=groups("global"))


def admitted(*policies: SubscriptionPolicy, **integration: object) -> tuple[World, DataSource]:
    return world(*policies, CUSTOMERS, **integration), CUSTOMERS


def _across(*policies: MaskingPolicy | RowPolicy, **integration: object) -> tuple[World, DataSource]:
    """Over the tables of another database."""
    governed = world(*policies, CUSTOMERS, mode="multi_database", source_database="raw_db", **integration)
    return governed, CUSTOMERS


def _where(text: str) -> tuple[World, DataSource]:
    return filtered(Where(text))


_EXCEPTIONS = Exceptions(
    "any",
    frozenset({"hr", "it's"}),
    frozenset({Attribute("clearance", "high\\low")}),
    frozenset({"fraud"}),
    "@username = 'root'",
)
_CARD = MaskingPolicy(
    "card",
    PII,
    Partial(1, 2, "*"),
    priority=20,
    where="@columnTagged('access_level') NOT IN (SELECT access_level FROM raw.access_tree"
    " WHERE @attributeValuesContains('user_level', 'root'))",
)
_HASH = MaskingPolicy("hash", PII, Hash(), exceptions=_EXCEPTIONS)
_ATTRIBUTE = "@hasAttribute('path', '@hostname.@database.*') AND NOT @hasTagAsGroup('column')"

LOOKUPS: LookupTables = {
    ("raw", "access_tree"): {"access_level": varchar(20), "root": varchar(20)},
    ("ref", "regions"): {"region": varchar(9), "owner": varchar(9), "active": BOOLEAN, "size": INTEGER},
    ("analytics", "ref", "levels"): {"level": varchar(20)},
}
"""The tables that these Worlds look up in."""

_CASES: Mapping[str, tuple[World, DataSource]] = {
    "plain": admitted(EVERYONE),
    "nobody_granted": admitted(SubscriptionPolicy("named", SALES, "individual")),
    "grants_and_guardrails": admitted(
        EVERYONE,
        SubscriptionPolicy("analysts", SALES, "conditions", expression="@isInGroups('analysts', 'eu')"),
        SubscriptionPolicy("trained", SALES, "conditions", "guardrail", "@hasAttribute('trained', 'yes')"),
        SubscriptionPolicy("approved", SALES, "approval", "guardrail"),
    ),
    "infrastructure_and_tags": admitted(
        SubscriptionPolicy("path", SALES, "conditions", expression=_ATTRIBUTE), hostname="cluster_1.example"
    ),
    "multi_database": _across(schema_prefix="acme"),
    "multi_database_rows": _across(
        MaskingPolicy("hash", PII, Hash()),
        RowPolicy("regions", SALES, Where("territory IN (SELECT region FROM ref.regions)")),
        RowPolicy("levels", SALES, Where("level IN (SELECT level FROM Analytics.ref.levels WHERE @isInGroups('a'))")),
    ),
    "closed_by_tag": admitted(EVERYONE, closed_tags=["sales"]),
    "null_by_baseline": admitted(EVERYONE, null_tags=["pii"]),
    "mask_hash": masked(Hash()),
    "mask_null": masked(Null(), exceptions=groups("hr")),
    "mask_constant": masked(Constant("1")),
    "mask_partial": masked(Partial(1, 2, "*"), exceptions=groups("hr")),
    "mask_email": masked(Email()),
    "mask_regex": masked(Regex("[0-9]+", "#", case_insensitive=True)),
    "mask_regex_special_replacement": masked(Regex("[0-9]+", "\\1$&")),
    "mask_round": masked(Round(Decimal("100"))),
    "mask_truncate_date": masked(TruncateDate("month")),
    "mask_date_shift": masked(DateShift(30)),
    "mask_categories": masked(Categories(frozenset({"single", "married", "7"}), Decimal(70))),
    "mask_k_anonymity": masked(KAnonymity(5, frozenset({"small", "name", "day"}))),
    "mask_function": with_functions(masked(Function("sec.encrypt", ("card", "2"), frozenset({"a" * 64})))),
    "mask_noise": masked(Noise(Decimal("7.5"))),
    "mask_sql_text": masked(Sql("LEFT(@value, 3) || '…'")),
    "mask_sql_pads": masked(Sql("LPAD(RIGHT(@value, 4), 9, '*') || RPAD(TRANSLATE(@value, '012', '##'), 3)")),
    "mask_sql_zeros": masked(Sql("ROUND(@value, -2)")),
    "mask_sql_number": masked(Sql("@value * 2 - @columnReference('small')")),
    "stacked_masks": (world(_CARD, _HASH, CUSTOMERS), CUSTOMERS),
    "for_everyone_who": masked(Hash(), for_everyone_who="@isInGroups('hr')", otherwise=Null()),
    "rows_user_matches_all": filtered(UserMatches((Match("geo.region", "territory"), Match("access_level")))),
    "rows_user_matches_any": filtered(
        UserMatches((Match("geo.region", "territory"), Match("access_level")), "any"), exceptions=groups("global")
    ),
    "rows_value_in": filtered(ValueIn("geo.region", frozenset({"US", "CA"}))),
    "rows_value_not_in": filtered(ValueIn("geo.region", frozenset({"US", "CA"}), negated=True)),
    "rows_newer_than": filtered(TimeWindow("newer", 90, "days")),
    "rows_older_than": filtered(TimeWindow("older", 2, "years")),
    "rows_purposes": filtered(Purposes(frozenset({"fraud", "audit"}))),
    "rows_percent": filtered(Percent(Decimal("12.5"))),
    "filter_columns": (world(_TERRITORY, FILTERED), FILTERED),
    "rows_never": filtered(Never(), exceptions=groups("hr")),
    "rows_never_for_anybody": filtered(Never()),
    "rows_for_everyone_who": filtered(
        Never(), for_everyone_who="@isInGroups('interns')", otherwise=Percent(Decimal(10))
    ),
    "where_comparisons": _where("id >= '5' AND email <> 'a\\\\b' AND created_at < '2026-01-31' AND NOT level IS NULL"),
    "where_lists": _where("territory IN ('US', 'it''s') OR id NOT IN (1, 2) OR id BETWEEN 3 AND 4"),
    "where_patterns": _where("email LIKE '%\\\\_x' OR level NOT ILIKE 'A%'"),
    "where_arithmetic": _where("id / 2 + id % 3 - -id * 1.50 > 10"),
    "where_functions": _where(
        "LOWER(TRIM(email)) = 'x' AND COALESCE(territory, level) = 'y' AND DATEDIFF(day, created_at, GETDATE()) < 3"
        " AND EXTRACT(year FROM created_at) = 2026 AND NULLIF(id, 3) = ROUND(id)"
    ),
    "where_casts": _where(
        "CAST(email AS INTEGER) = 1 OR CAST(level AS DATE) = created_at OR CAST(id AS VARCHAR(9)) = '1'"
    ),
    "where_case": _where("CASE WHEN @isInGroups('a') THEN id WHEN territory = 'US' THEN 2 ELSE 3 END = 2"),
    "where_user_and_column": _where(
        "@isInGroups('a') OR (@username = email AND NOT @groupsContains('territory', 'none'))"
    ),
    "where_lookup": _where(
        "territory IN (SELECT region FROM ref.regions WHERE active = TRUE AND @isInGroups('a') AND size > 3)"
    ),
    "where_lookup_keys": _where(
        "@username IN (SELECT m.owner FROM ref.regions AS m WHERE (m.region = @columnTagged('geo.region') OR m.region = '*')"
        " AND m.size = @columnReference('id') AND NOT @groupsContains(@columnReference('level')))"
    ),
    "where_texts": _where(
        "BTRIM(LTRIM(RTRIM(UPPER(email)))) = RIGHT(REPLACE(level, 'a', 'b'), 2)"
        " OR STRPOS(SUBSTRING(SPLIT_PART(email, '@', 1), 2, 3), 'x') > LENGTH(level)"
    ),
    "where_numbers": _where(
        "ABS(id) + FLOOR(id * 1.5) + CEIL(id * 2.5) = ROUND(id * 1.25, 1) OR DATE_TRUNC('month', created_at)"
        " < DATEADD(year, -1, GREATEST(created_at, GETDATE()))"
    ),
    "where_moments": _where(
        "LAST_DAY(created_at) = DATE '2026-02-28' AND CONVERT_TIMEZONE('Etc/GMT-2', created_at) < GETDATE()"
    ),
    "where_undecided": _where("missing = 1 OR id = 'abc'"),
}
CASES = {name: (replace(governed, lookups=LOOKUPS), table) for name, (governed, table) in _CASES.items()}
