"""Snowflake's documentation and labs: masking policies, row access policies, tag-based masking,
mapping tables.
"""

from datetime import date, datetime

from tests.acceptance.published.example import Example, constant, groups, sql, where

_PEOPLE = [("ann@example.com",), ("no address",), (None,)]

EXAMPLES = (
    Example(
        name="a constant for all but one role",
        table="user_info",
        columns="email VARCHAR(60)",
        rows=_PEOPLE,
        tags={"email": "email"},
        masks=[{"mask": constant("*********"), "exceptions": groups("ANALYST")}],
        select="email",
        sees={"alice": ["ann@example.com", "no address", None]},
        others=["*********"] * 3,
    ),
    Example(
        name="the part before the @ replaced by a regular expression",
        table="domain_kept",
        columns="email VARCHAR(60)",
        rows=_PEOPLE,
        tags={"email": "email"},
        masks=[{"mask": {"regex": {"pattern": ".+@", "replacement": "*****@"}}, "exceptions": groups("ANALYST")}],
        select="email",
        sees={"alice": ["ann@example.com", "no address", None]},
        others=["*****@example.com", "no address", None],
    ),
    Example(
        name="two characters and the domain kept",
        table="two_kept",
        columns="email VARCHAR(60)",
        rows=[("annette@example.com",), (None,)],
        tags={"email": "email"},
        masks=[
            {
                "mask": sql("CONCAT(LEFT(@value, 2), '***@', SPLIT_PART(@value, '@', 2))"),
                "exceptions": groups("ANALYST"),
            }
        ],
        select="email",
        sees={"alice": ["annette@example.com", None]},
        others=["an***@example.com", None],
    ),
    Example(
        name="another column decides whether an address is public",
        table="visibility",
        columns="email VARCHAR(60), visibility VARCHAR(10)",
        rows=[("a@x.com", "PUBLIC"), ("b@x.com", "PRIVATE"), ("c@x.com", None)],
        tags={"email": "email"},
        masks=[{"mask": constant("******"), "where": "visibility <> 'PUBLIC'", "exceptions": groups("ANALYST")}],
        select="email",
        sees={"alice": ["a@x.com", "b@x.com", "c@x.com"]},
        others=["a@x.com", "******", "******"],
    ),
    Example(
        name="a first day for dates, and none where there was none",
        table="birthdays",
        columns="born DATE, seen TIMESTAMP",
        rows=[("1984-07-12", "2024-01-02 03:04:05"), (None, None)],
        tags={"born": "day", "seen": "moment"},
        masks=[
            {
                "applies_to": {"column_tags": ["birthdays.day"]},
                "mask": sql("CASE WHEN @value IS NOT NULL THEN DATE '0001-01-01' END"),
                "exceptions": groups("ANALYST"),
            },
            {
                "applies_to": {"column_tags": ["birthdays.moment"]},
                "mask": constant("0001-01-01 00:00:00"),
                "exceptions": groups("ANALYST"),
            },
        ],
        select="born, seen",
        sees={"alice": [(date(1984, 7, 12), datetime(2024, 1, 2, 3, 4, 5)), (None, None)]},
        others=[(date(1, 1, 1), datetime(1, 1, 1)), (None, datetime(1, 1, 1))],
    ),
    Example(
        name="NULL where a number is too short, the last digits otherwise",
        table="short_ssn",
        columns="ssn VARCHAR(11)",
        rows=[("111-11-1111",), ("1111",), (None,)],
        tags={"ssn": "ssn"},
        masks=[
            {
                "mask": sql("CASE WHEN LEN(@value) < 9 THEN NULL ELSE CONCAT('***-**-', RIGHT(@value, 4)) END"),
                "exceptions": groups("ANALYST"),
            }
        ],
        select="ssn",
        sees={"alice": ["111-11-1111", "1111", None]},
        others=["***-**-1111", None, None],
    ),
    Example(
        name="a tag's values: low for two roles, high for one",
        table="heroes",
        columns="first_name VARCHAR(20), last_name VARCHAR(20)",
        rows=[("Clark", "Kent")],
        tags={"first_name": "low", "last_name": "high"},
        masks=[
            {
                "applies_to": {"column_tags": ["heroes.low"]},
                "mask": constant("******"),
                "exceptions": groups("FOO1", "FOO2"),
            },
            {"applies_to": {"column_tags": ["heroes.high"]}, "mask": constant("******"), "exceptions": groups("FOO2")},
        ],
        select="first_name, last_name",
        sees={"alice": [("Clark", "Kent")], "bob": [("Clark", "******")]},
        others=[("******", "******")],
    ),
    Example(
        name="a mask by the kind of a tag",
        table="kinds",
        columns="email VARCHAR(60), phone VARCHAR(20), iban VARCHAR(34)",
        rows=[("ann@example.com", "555-123-4567", "FR7630006000011234567890189"), (None, None, None)],
        tags={"email": "pii.email", "phone": "pii.phone", "iban": "pii.bank_account"},
        masks=[
            {
                "applies_to": {"column_tags": ["kinds.pii.email"]},
                "mask": sql("'***@' || SPLIT_PART(@value, '@', 2)"),
                "exceptions": groups("pii_readers"),
            },
            {
                "applies_to": {"column_tags": ["kinds.pii.phone"]},
                "mask": sql("'***-***-' || RIGHT(@value, 4)"),
                "exceptions": groups("pii_readers"),
            },
            {
                "applies_to": {"column_tags": ["kinds.pii"]},
                "mask": sql("CONCAT(SUBSTR(@value, 1, 2), '********', RIGHT(@value, 4))"),
                "exceptions": groups("pii_readers"),
            },
        ],
        select="email, phone, iban",
        sees={"alice": [("ann@example.com", "555-123-4567", "FR7630006000011234567890189"), (None, None, None)]},
        others=[("***@example.com", "***-***-4567", "FR********0189"), (None, None, None)],
    ),
    Example(
        name="a table says who is authorized to see addresses",
        table="authorized",
        columns="email VARCHAR(60)",
        rows=[("ann@example.com",)],
        tags={"email": "email"},
        lookups={"pii_users": ("name VARCHAR(60), is_authorized BOOLEAN", [("alice", True), ("bob", False)])},
        masks=[
            {
                "mask": constant("***MASKED***"),
                "where": "@username NOT IN (SELECT name FROM sec.pii_users WHERE is_authorized = TRUE)",
            }
        ],
        select="email",
        sees={"alice": ["ann@example.com"]},
        others=["***MASKED***"],
    ),
    Example(
        name="a column names the role that sees the row",
        table="role_rows",
        columns="authz_role VARCHAR(20)",
        rows=[("ANALYST",), ("SUPPORT",), (None,)],
        show=[where("@groupsContains(authz_role)")],
        sees={"alice": [1], "bob": [2]},
    ),
    Example(
        name="a table from a column's keys to roles",
        table="mapped_rows",
        columns="authz_role VARCHAR(20)",
        rows=[("k1",), ("k2",), ("k3",), (None,)],
        lookups={
            "mapping": (
                "key VARCHAR(20), role_name VARCHAR(20)",
                [("k1", "ANALYST"), ("k2", "SUPPORT"), ("k2", "ANALYST")],
            )
        },
        show=[where("authz_role IN (SELECT key FROM sec.mapping AS m WHERE @groupsContains(m.role_name))")],
        sees={"alice": [1, 2], "bob": [2]},
    ),
    Example(
        name="executives all, sellers their own territory",
        table="territories",
        columns="territory_id INTEGER",
        rows=[(7,), (8,), (None,)],
        lookups={"sales_person": ("name VARCHAR(20), territory_id INTEGER", [("bob", 7), ("dave", 8)])},
        show=[
            where(
                "@isInGroups('SALES_EXEC') OR (@isInGroups('SALES')"
                " AND territory_id IN (SELECT territory_id FROM sec.sales_person WHERE name = @username))"
            )
        ],
        sees={"alice": [1, 2, 3], "bob": [1]},
    ),
    Example(
        name="leads their unit, managers their projects",
        table="projects",
        columns="project VARCHAR(9), unit VARCHAR(9)",
        rows=[("p1", "u1"), ("p2", "u1"), ("p3", "u2")],
        lookups={
            "user_unit": ("name VARCHAR(20), unit VARCHAR(9)", [("alice", "u1"), ("bob", "u2")]),
            "user_project": ("name VARCHAR(20), project VARCHAR(9)", [("alice", "p3"), ("bob", "p2")]),
        },
        show=[
            where(
                """
                @isInGroups('EXECUTIVE')
                OR (@isInGroups('BU_LEAD') AND unit IN (SELECT unit FROM sec.user_unit WHERE name = @username))
                OR (@isInGroups('PROJECT_MANAGER') AND project IN (SELECT project FROM sec.user_project WHERE name = @username))
                """
            )
        ],
        sees={"alice": [1, 2], "bob": [2]},
    ),
    Example(
        name="an entitlement by region and department",
        table="two_keys",
        columns="region VARCHAR(9), dept VARCHAR(9)",
        rows=[("US", "HR"), ("US", "IT"), ("EU", "HR"), ("EU", None)],
        lookups={
            "entitled_to": (
                "name VARCHAR(20), region VARCHAR(9), dept VARCHAR(9)",
                [
                    ("alice", "US", "HR"),
                    ("alice", "EU", "IT"),
                    ("bob", "US", "IT"),
                    ("bob", "EU", "HR"),
                    ("carol", "EU", None),
                ],
            )
        },
        show=[
            where(
                "@username IN (SELECT name FROM sec.entitled_to AS m"
                " WHERE m.region = @columnReference('region') AND m.dept = @columnReference('dept'))"
            )
        ],
        sees={"alice": [1], "bob": [2, 3]},
    ),
    Example(
        name="an entitlement that begins and ends",
        table="entitled",
        columns="customer VARCHAR(9)",
        rows=[("c1",), ("c2",), ("c3",)],
        lookups={
            "entitlement": (
                "name VARCHAR(20), customer VARCHAR(9), begins TIMESTAMP, ends TIMESTAMP",
                [
                    ("alice", "c1", "DATEADD(day, -1, GETDATE())", None),
                    ("alice", "c2", "DATEADD(day, 1, GETDATE())", None),
                    ("bob", "c2", "2020-01-01", "2021-01-01"),
                    ("bob", "c3", "2020-01-01", "DATEADD(day, 1, GETDATE())"),
                ],
            )
        },
        show=[
            where(
                "customer IN (SELECT customer FROM sec.entitlement AS e WHERE e.name = @username"
                " AND e.begins <= GETDATE() AND (e.ends IS NULL OR e.ends > GETDATE()))"
            )
        ],
        sees={"alice": [1], "bob": [3]},
    ),
)
