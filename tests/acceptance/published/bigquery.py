"""BigQuery's documentation: masking rules, policy tags, row access policies."""

from datetime import datetime
from decimal import Decimal

from tests.acceptance.published.example import Example, constant, groups, sql, where

EXAMPLES = (
    Example(
        name="default values by type",
        table="defaults",
        columns="word VARCHAR(20), number BIGINT, amount NUMERIC(8, 2), flag BOOLEAN, moment TIMESTAMP",
        rows=[("secret", 42, "19.99", True, "2024-05-06 07:08:09")],
        tags={"word": "text", "number": "number", "amount": "number", "flag": "flag", "moment": "moment"},
        masks=[
            {"applies_to": {"column_tags": [f"defaults.{tag}"]}, "mask": constant(value)}
            for tag, value in {"text": "", "number": "0", "flag": "false", "moment": "1970-01-01 00:00:00"}.items()
        ],
        select="word, number, amount, flag, moment",
        sees={},
        others=[("", 0, Decimal("0.00"), False, datetime(1970, 1, 1))],
    ),
    Example(
        name="the first four characters",
        table="first_four",
        columns="code VARCHAR(20)",
        rows=[("ABCD1234",), ("ABC",), (None,)],
        tags={"code": "code"},
        masks=[{"mask": sql("CASE WHEN LEN(@value) > 4 THEN LEFT(@value, 4) || 'XXXXX' ELSE 'XXXXX' END")}],
        select="code",
        sees={},
        others=["ABCDXXXXX", "XXXXX", "XXXXX"],
    ),
    Example(
        name="a routine that replaces digits",
        table="routine",
        columns="ssn VARCHAR(11)",
        rows=[("111-22-3333",), (None,)],
        tags={"ssn": "ssn"},
        masks=[{"mask": {"regex": {"pattern": "[0-9]", "replacement": "X"}}, "exceptions": groups("finance")}],
        select="ssn",
        sees={"carol": ["111-22-3333", None]},
        others=["XXX-XX-XXXX", None],
    ),
    Example(
        name="a hierarchy of policy tags",
        table="taxonomy",
        columns="ssn VARCHAR(11), phone VARCHAR(12), city VARCHAR(12)",
        rows=[("111-22-3333", "555-1234", "Bonn")],
        tags={"ssn": "high.ssn", "phone": "high.phone", "city": "low"},
        masks=[
            {
                "applies_to": {"column_tags": ["taxonomy.high.ssn"]},
                "mask": {"null": {}},
                "exceptions": groups("admins"),
            },
            {
                "applies_to": {"column_tags": ["taxonomy.high"]},
                "mask": {"partial": {"keep_last": 4, "replacement": "X"}},
                "exceptions": groups("admins", "SUPPORT"),
            },
        ],
        select="ssn, phone, city",
        sees={"alice": [("111-22-3333", "555-1234", "Bonn")], "bob": [(None, "555-1234", "Bonn")]},
        others=[(None, "XXXX1234", "Bonn")],
    ),
    Example(
        name="regions that a table grants to the session's user",
        table="granted",
        columns="region VARCHAR(9)",
        rows=[("US",), ("EU",), ("JP",)],
        lookups={"grantees": ("region VARCHAR(9), email VARCHAR(60)", [("US", "alice@x.com"), ("EU", "bob@x.com")])},
        show=[where("region IN (SELECT region FROM sec.grantees WHERE email = @username || '@x.com')")],
        sees={"alice": [1], "bob": [2]},
    ),
    Example(
        name="tenants and their users in a table that another column of the row narrows",
        table="narrowed",
        columns="tenant INTEGER, kind VARCHAR(9)",
        rows=[(1, "a"), (1, "b"), (2, "a"), (None, "a")],
        tags={"kind": "kind"},
        lookups={
            "tenant_kinds": (
                "tenant INTEGER, kind VARCHAR(9), team VARCHAR(20)",
                [(1, "a", "ANALYST"), (1, "b", "SUPPORT"), (2, "a", "ANALYST"), (2, "a", "SUPPORT")],
            )
        },
        show=[
            where(
                "tenant IN (SELECT tenant FROM sec.tenant_kinds WHERE @groupsContains(team)"
                " AND kind = @columnTagged('narrowed.kind'))"
            )
        ],
        sees={"alice": [1, 3], "bob": [2, 3]},
    ),
    Example(
        name="one policy for all rows, one for some",
        table="unioned",
        columns="region VARCHAR(9), salary INTEGER",
        rows=[("APAC", 10), ("US", 90), (None, 10)],
        show=[where("@isInGroups('admins') OR (@isInGroups('apac') AND region = 'APAC' AND salary < 50)")],
        sees={"alice": [1, 2, 3], "bob": [1]},
    ),
    Example(
        name="rows before today's date",
        table="by_day",
        columns="day DATE",
        rows=[("DATEADD(day, -40, GETDATE())::DATE",), ("DATEADD(day, -1, GETDATE())::DATE",), (None,)],
        show=[where("day < DATEADD(day, -30, CURRENT_DATE)")],
        sees={},
        others=[1],
    ),
)
