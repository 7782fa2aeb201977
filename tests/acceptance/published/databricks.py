"""Databricks' documentation and demos: row filters, column masks, attribute-based policies, mapping
tables.
"""

from datetime import date

from tests.acceptance.published.example import Example, constant, groups, sql, where

EXAMPLES = (
    Example(
        name="administrators all stores, others those of one city",
        table="stores",
        columns="store VARCHAR(9)",
        rows=[("MEL01",), ("SYD01",), (None,)],
        show=[where("CASE WHEN @isInGroups('admins') THEN TRUE ELSE store LIKE 'MEL0%' END")],
        sees={"alice": [1, 2, 3]},
        others=[1],
    ),
    Example(
        name="one group sees one region, everybody else everything",
        table="regions_but",
        columns="region VARCHAR(9)",
        rows=[("NA",), ("EU",), (None,)],
        show=[where("CASE WHEN @isInGroups('NA') THEN region = 'NA' ELSE TRUE END")],
        sees={"bob": [1]},
        others=[1, 2, 3],
    ),
    Example(
        name="a list of regions, whatever their case",
        table="region_list",
        columns="region VARCHAR(9)",
        rows=[("EMEA",), ("apac",), ("AMER",)],
        show=[where("LOWER(region) IN ('emea', 'apac')", exceptions=groups("admins"))],
        sees={"alice": [1, 2, 3]},
        others=[1, 2],
    ),
    Example(
        name="recent years only",
        table="years",
        columns="yr INTEGER",
        rows=[(2019,), (2020,), (None,)],
        show=[where("yr >= 2020")],
        sees={},
        others=[2],
    ),
    Example(
        name="two columns of countries, both of which the user may see",
        table="shipments",
        columns="ship_to VARCHAR(2), bill_to VARCHAR(2)",
        rows=[("US", "US"), ("US", "DE"), ("DE", "FR"), ("US", None)],
        tags={"ship_to": "country", "bill_to": "country"},
        show=[where("@attributeValuesContains('country', @columnTagged('shipments.country'))")],
        sees={"alice": [1, 2], "bob": [1]},
    ),
    Example(
        name="the last digits by tag, but for one team",
        table="last_digits",
        columns="ssn VARCHAR(11)",
        rows=[("111-22-3333",), (None,)],
        tags={"ssn": "pii.ssn"},
        masks=[{"mask": sql("CONCAT('***-**-', RIGHT(@value, 4))"), "exceptions": groups("pii_readers")}],
        select="ssn",
        sees={"alice": ["111-22-3333", None]},
        others=["***-**-3333", None],
    ),
    Example(
        name="ends of an address",
        table="address_ends",
        columns="email VARCHAR(60)",
        rows=[("ann@example.com",)],
        tags={"email": "email"},
        masks=[{"mask": sql("CONCAT(LEFT(@value, 2), '***@***', RIGHT(@value, 4))")}],
        select="email",
        sees={},
        others=["an***@***.com"],
    ),
    Example(
        name="salaries to thousands, birthdays to years",
        table="staff_pay",
        columns="salary INTEGER, born DATE",
        rows=[(123_456, "1984-07-12"), (499, None)],
        tags={"salary": "pay", "born": "day"},
        masks=[
            {
                "applies_to": {"column_tags": ["staff_pay.pay"]},
                "mask": sql("ROUND(@value, -3)"),
                "exceptions": groups("admins"),
            },
            {
                "applies_to": {"column_tags": ["staff_pay.day"]},
                "mask": {"truncate_date": {"unit": "year"}},
                "exceptions": groups("admins"),
            },
        ],
        select="salary, born",
        sees={"alice": [(123_456, date(1984, 7, 12)), (499, None)]},
        others=[(123_000, date(1984, 1, 1)), (0, None)],
    ),
    Example(
        name="a first group sees all, a second what has a mark",
        table="images",
        columns="deidentified_by VARCHAR(20)",
        rows=[("tool",), (None,)],
        show=[
            where(
                "CASE WHEN @isInGroups('engineers') THEN TRUE"
                " WHEN @isInGroups('deidentified') THEN deidentified_by IS NOT NULL ELSE FALSE END"
            )
        ],
        sees={"alice": [1, 2], "bob": [1]},
    ),
    Example(
        name="a mask with another column as its argument",
        table="prices",
        columns="amount NUMERIC(10, 2), currency VARCHAR(3)",
        rows=[("10.50", "EUR"), ("20.75", "USD"), ("30.00", None)],
        tags={"amount": "amount"},
        masks=[{"mask": sql("CASE WHEN @columnReference('currency') = 'EUR' THEN @value ELSE FLOOR(@value) END")}],
        select="amount = FLOOR(amount)",
        sees={},
        others=[False, True, True],
    ),
    Example(
        name="group to branch codes in a table",
        table="branches_of",
        columns="branch VARCHAR(9)",
        rows=[("b1",), ("b2",), ("b3",)],
        lookups={
            "branch_map": ("user_group VARCHAR(20), branch VARCHAR(9)", [("apac", "b1"), ("apac", "b2"), ("x", "b3")])
        },
        show=[
            where(
                "@isInGroups('admins') OR branch IN (SELECT branch FROM sec.branch_map AS m WHERE @groupsContains(m.user_group))"
            )
        ],
        sees={"alice": [1, 2, 3], "bob": [1, 2]},
    ),
    Example(
        name="an attribute of the user's identity",
        table="identity",
        columns="country VARCHAR(2)",
        rows=[("US",), ("DE",), (None,)],
        tags={"country": "geo"},
        show=[{"show": {"user_matches": [{"attribute": "country", "column_tag": "identity.geo"}]}}],
        sees={"alice": [1, 2], "bob": [1]},
    ),
    Example(
        name="no rows for anybody",
        table="nobody",
        columns="x INTEGER",
        rows=[(1,)],
        show=[{"show": {"never": True}}],
        sees={},
    ),
    Example(
        name="a fixed text by tag for every column of a table",
        table="tagged_texts",
        columns="name VARCHAR(20), note VARCHAR(20), city VARCHAR(20)",
        rows=[("Ann", "vip", "Bonn")],
        tags={"name": "pii.name", "note": "pii.note", "city": "open"},
        masks=[{"applies_to": {"column_tags": ["tagged_texts.pii"]}, "mask": constant("REDACTED")}],
        select="name, note, city",
        sees={},
        others=[("REDACTED", "REDACTED", "Bonn")],
    ),
)
