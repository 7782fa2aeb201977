"""A lookup that compares what its table's columns do not allow is refused before a view is made."""

import pytest

from veil.governance.admission.admit import Catalog, admit
from veil.governance.admission.overlay import Overlay
from veil.governance.errors import GovernanceError
from veil.governance.requests import Create, DeclaredColumn, SourceDraft
from veil.model import AppliesTo, ColumnType, Family, Integration, MaskingPolicy, Null, RowPolicy, Where
from veil.warehouse import Tables

VARCHAR = ColumnType(Family.VARCHAR, length=20)
SALES = (
    ("id", ColumnType(Family.INTEGER)),
    ("region", VARCHAR),
    ("day", ColumnType(Family.DATE)),
    ("paid", ColumnType(Family.BOOLEAN)),
)
MAP = (
    ("owner", VARCHAR),
    ("n", ColumnType(Family.BIGINT)),
    ("amount", ColumnType(Family.NUMERIC, precision=8, scale=2)),
    ("since", ColumnType(Family.TIMESTAMP)),
    ("active", ColumnType(Family.BOOLEAN)),
    ("ratio", ColumnType(Family.DOUBLE)),
    ("until", ColumnType(Family.TIMESTAMPTZ)),
)
ZONED = "'until' of ref.map is a TIMESTAMPTZ, which the time zone of a session would move"
TABLES = {("raw", "sales"): SALES, ("ref", "map"): MAP}
CATALOG = Catalog(
    columns=lambda tables, schema, table: TABLES.get((schema, table)) if tables == Tables() else None,
    relation=lambda schema, name: None,
)
SOURCE = SourceDraft("raw", "sales", columns={"region": DeclaredColumn(frozenset({"geo"}))})
ANYWHERE = AppliesTo(all_data_sources=True)


def staged(*drafts):
    overlay = Overlay(None, Integration("main", "analytics", "governed"))
    for draft in drafts:
        admit(Create(draft), overlay, CATALOG)


@pytest.mark.parametrize(
    "where",
    [
        "region IN (SELECT owner FROM ref.map)",
        "region IN (SELECT n FROM ref.map)",
        "id IN (SELECT n FROM ref.map)",
        "id IN (SELECT ratio FROM ref.map)",
        "day IN (SELECT since FROM ref.map)",
        "paid IN (SELECT active FROM ref.map)",
        "@username IN (SELECT owner FROM ref.map WHERE n = @columnReference('id'))",
        "@username IN (SELECT owner FROM ref.map WHERE n = @columnTagged('geo'))",
        "@username IN (SELECT owner FROM ref.map WHERE since > DATE '2024-01-01' AND active = TRUE)",
        "@username IN (SELECT owner FROM ref.map WHERE n = '7' OR amount = '7.00')",
        "@username IN (SELECT owner FROM ref.map WHERE @attributeValuesContains('n', n))",
        "@username IN (SELECT owner FROM ref.map WHERE DATE_TRUNC('month', since) = '2024-01-01')",
    ],
)
def test_what_goes_together_is_taken(where):
    staged(SOURCE, RowPolicy("r", ANYWHERE, Where(where)))


@pytest.mark.parametrize(
    ("where", "says"),
    [
        ("id IN (SELECT owner FROM ref.map)", "an integer is looked for in owner, a string"),
        ("day IN (SELECT owner FROM ref.map)", "a date is looked for in owner, a string"),
        ("region IN (SELECT since FROM ref.map)", "a timestamp of a lookup has no one text"),
        ("region IN (SELECT active FROM ref.map)", "a boolean of a lookup has no one text"),
        ("region IN (SELECT ratio FROM ref.map)", "a floating-point number of a lookup has no one text"),
        (
            "@username IN (SELECT owner FROM ref.map WHERE owner = @columnReference('id'))",
            "a string cannot be compared with an integer.\nline 1, column 47:\n",
        ),
        ("@username IN (SELECT owner FROM ref.map WHERE owner = 7)", "a string cannot be compared with an integer"),
        (
            "@username IN (SELECT owner FROM ref.map WHERE since = '2024-01-01')",
            "a timestamp of a lookup has no one text",
        ),
        ("@username IN (SELECT owner FROM ref.map WHERE active = 'true')", "a boolean of a lookup has no one text"),
        (
            "@username IN (SELECT owner FROM ref.map WHERE @attributeValuesContains('since', since))",
            "a timestamp of a lookup has no one text",
        ),
        ("@username IN (SELECT owner FROM ref.map WHERE CAST(since AS VARCHAR(20)) LIKE '2024%')", "has no one text"),
        ("day IN (SELECT until FROM ref.map)", ZONED),
        ("@username IN (SELECT owner FROM ref.map WHERE until > DATE '2024-01-01')", ZONED),
        ("@username IN (SELECT owner FROM ref.map WHERE until BETWEEN '2024-01-01' AND '2024-12-31')", ZONED),
        ("@username IN (SELECT owner FROM ref.map WHERE UNTIL = @columnReference('day'))", ZONED),
        ("@username IN (SELECT owner FROM ref.map WHERE since < until)", ZONED),
        ("@username IN (SELECT owner FROM ref.map WHERE EXTRACT(hour FROM until) = 3)", ZONED),
        ("@username IN (SELECT owner FROM ref.map WHERE DATEADD(day, 1, until) > since)", ZONED),
        ("@username IN (SELECT owner FROM ref.map WHERE CAST(until AS DATE) = DATE '2024-01-01')", ZONED),
    ],
)
def test_what_does_not_is_refused_with_the_policy_or_with_the_source_whichever_comes_last(where, says):
    rows, cells = (
        RowPolicy("r", ANYWHERE, Where(where)),
        MaskingPolicy("m", AppliesTo(all_columns=True), Null(), where=where),
    )
    for policy, path in ((rows, ("show", "where")), (cells, ("where",))):
        for drafts, attribute in (((SOURCE, policy), path), ((policy, SOURCE), ())):
            with pytest.raises(GovernanceError) as refused:
                staged(*drafts)
            assert refused.value.summary == "Lookup that does not fit"
            assert says in refused.value.detail
            assert "raw.sales" in refused.value.detail
            assert set(refused.value.detail.split("\n")[3]) == {" ", "^"}
            assert refused.value.path == attribute


def test_a_staged_policy_and_one_that_is_not_for_the_source_do_not_matter():
    wrong = Where("id IN (SELECT owner FROM ref.map)")
    staged(SOURCE, RowPolicy("r", ANYWHERE, wrong, staged=True))
    staged(SOURCE, RowPolicy("r", AppliesTo(data_source_tags=frozenset({"other"})), wrong))
