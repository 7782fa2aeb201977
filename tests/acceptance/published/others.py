"""Oracle (VPD, Data Redaction), SQL Server (RLS, DDM), Dremio, Denodo."""

from datetime import date

from tests.acceptance.published.example import Example, constant, groups, sql, where

EXAMPLES = (
    Example(
        name="Oracle: a predicate by role, and none for unknown roles",
        table="vpd_users",
        columns="user_name VARCHAR(20)",
        rows=[("bob",), ("dave",)],
        show=[
            where(
                "@isInGroups('admins') OR @isInGroups('doctor') OR (@isInGroups('SUPPORT') AND user_name = @username)"
            )
        ],
        sees={"alice": [1, 2], "bob": [1], "carol": [1, 2]},
    ),
    Example(
        name="Oracle: a column is NULL on rows where the predicate fails",
        table="vpd_columns",
        columns="yr INTEGER, eu_sales INTEGER",
        rows=[(2009, 10), (2010, 20), (None, 30)],
        tags={"eu_sales": "sales"},
        masks=[{"mask": {"null": {}}, "where": "NOT (yr = 2009)"}],
        select="eu_sales",
        sees={},
        others=[10, None, None],
    ),
    Example(
        name="Oracle: leading digits of a number",
        table="redacted_pay",
        columns="salary INTEGER",
        rows=[(2500,), (None,)],
        tags={"salary": "salary"},
        masks=[
            {
                "mask": sql("CAST('99' || SUBSTR(CAST(@value AS VARCHAR(12)), 3) AS INTEGER)"),
                "exceptions": {"expression": "@username = 'alice'"},
            }
        ],
        select="salary",
        sees={"alice": [2500, None]},
        others=[9900, None],
    ),
    Example(
        name="Oracle: a formatted number and an address of the network",
        table="formats",
        columns="ssn VARCHAR(11), card VARCHAR(19), ip VARCHAR(15)",
        rows=[("987-65-4321", "1234-5678-9012-3456", "10.20.30.40"), (None, None, None)],
        tags={"ssn": "ssn", "card": "card", "ip": "ip"},
        masks=[
            {"applies_to": {"column_tags": ["formats.ssn"]}, "mask": sql("'XXX-XX-' || SUBSTR(@value, 8)")},
            {"applies_to": {"column_tags": ["formats.card"]}, "mask": sql("'**** **** **** ' || RIGHT(@value, 4)")},
            {
                "applies_to": {"column_tags": ["formats.ip"]},
                "mask": sql(
                    "SPLIT_PART(@value, '.', 1) || '.' || SPLIT_PART(@value, '.', 2)"
                    " || '.' || SPLIT_PART(@value, '.', 3) || '.999'"
                ),
            },
        ],
        select="ssn, card, ip",
        sees={},
        others=[("XXX-XX-4321", "**** **** **** 3456", "10.20.30.999"), (None, None, None)],
    ),
    Example(
        name="SQL Server: sellers their rows, the manager all",
        table="orders_of",
        columns="sales_rep VARCHAR(20)",
        rows=[("alice",), ("bob",), (None,)],
        show=[where("sales_rep = @username OR @username = 'carol'")],
        sees={"alice": [1], "bob": [2], "carol": [1, 2, 3]},
    ),
    Example(
        name="SQL Server: a column names the role, greater roles see more",
        table="hats",
        columns="managed_by VARCHAR(20)",
        rows=[("SmallHat_Role",), ("MedHat_Role",), ("BigHat_Role",), (None,)],
        show=[
            where(
                "@groupsContains(managed_by) OR (@isInGroups('MedHat_Role') AND managed_by = 'SmallHat_Role')"
                " OR @isInGroups('BigHat_Role')"
            )
        ],
        sees={"bob": [1, 2, 3, 4], "carol": [1, 2]},
    ),
    Example(
        name="SQL Server: nurses the patients of their wing while on duty",
        table="patients",
        columns="wing VARCHAR(9)",
        rows=[("A",), ("B",), (None,)],
        lookups={
            "duties": (
                "staff VARCHAR(20), wing VARCHAR(9), begins TIMESTAMP, ends TIMESTAMP",
                [
                    ("alice", "A", "DATEADD(hour, -1, GETDATE())", "DATEADD(hour, 1, GETDATE())"),
                    ("bob", "B", "DATEADD(hour, -9, GETDATE())", "DATEADD(hour, -1, GETDATE())"),
                ],
            )
        },
        show=[
            where(
                "@isInGroups('doctor') OR wing IN"
                " (SELECT wing FROM sec.duties WHERE staff = @username AND GETDATE() BETWEEN begins AND ends)"
            )
        ],
        sees={"alice": [1], "carol": [1, 2, 3]},
    ),
    Example(
        name="Oracle: a cell that the seller's own table opens",
        table="own_cells",
        columns="account INTEGER, balance INTEGER",
        rows=[(7, 100), (8, 200), (None, 300)],
        tags={"balance": "balance", "account": "account"},
        lookups={"sellers": ("name VARCHAR(20), account INTEGER", [("alice", 7), ("bob", 8)])},
        masks=[
            {
                "applies_to": {"column_tags": ["own_cells.balance"]},
                "mask": {"null": {}},
                "where": "@username NOT IN (SELECT name FROM sec.sellers WHERE account = @columnTagged('own_cells.account'))",
            }
        ],
        select="balance",
        sees={"alice": [100, None, None], "bob": [None, 200, None]},
        others=[None, None, None],
    ),
    Example(
        name="SQL Server: the masking functions",
        table="ddm",
        columns="email VARCHAR(60), name VARCHAR(20), phone VARCHAR(12), fired DATE, points INTEGER",
        rows=[("zed@contoso.com", "Roberto", "555.123.4567", "2020-05-06", 10)],
        tags={"email": "email", "name": "name", "phone": "phone", "fired": "day", "points": "points"},
        masks=[
            {"applies_to": {"column_tags": [f"ddm.{tag}"]}, "mask": mask, "exceptions": groups("readers")}
            for tag, mask in {
                "email": sql("LEFT(@value, 1) || 'XXX@XXXX.com'"),
                "name": sql("LEFT(@value, 1) || 'xxxx'"),
                "phone": constant("xxxx"),
                "day": constant("1900-01-01"),
                "points": constant("0"),
            }.items()
        ],
        select="email, name, phone, fired, points",
        sees={"carol": [("zed@contoso.com", "Roberto", "555.123.4567", date(2020, 5, 6), 10)]},
        others=[("zXXX@XXXX.com", "Rxxxx", "xxxx", date(1900, 1, 1), 0)],
    ),
    Example(
        name="Dremio: one user, or a group and a country",
        table="dremio_rows",
        columns="country VARCHAR(2), state VARCHAR(2)",
        rows=[("US", "CA"), ("US", "NY"), ("FR", None)],
        show=[where("@username = 'dave' OR (@isInGroups('Accounting') AND state = 'CA')")],
        sees={"dave": [1, 2, 3], "alice": [1]},
    ),
    Example(
        name="Dremio: tiers of a number, NULL for the rest",
        table="dremio_ssn",
        columns="ssn VARCHAR(11)",
        rows=[("111-22-3333",), (None,)],
        tags={"ssn": "ssn"},
        masks=[
            {"mask": {"null": {}}, "exceptions": groups("Accounting", "Dev")},
            {"mask": sql("CONCAT('XXX-XX-', SUBSTR(@value, 8, 4))"), "exceptions": groups("Accounting")},
        ],
        select="ssn",
        sees={"alice": ["111-22-3333", None], "bob": ["XXX-XX-3333", None]},
        others=[None, None],
    ),
    Example(
        name="Denodo: columns hidden on rows that meet a condition",
        table="denodo",
        columns="age INTEGER, name VARCHAR(20), pay NUMERIC(8, 2)",
        rows=[(17, "Ann", "1234.56"), (18, "Ben", "1234.56")],
        tags={"name": "name", "pay": "pay"},
        masks=[
            {
                "applies_to": {"column_tags": ["denodo.name"]},
                "mask": {"partial": {"keep_first": 1}},
                "where": "age < 18",
            },
            {"applies_to": {"column_tags": ["denodo.pay"]}, "mask": sql("ROUND(@value, -2)")},
        ],
        select="name, CAST(pay AS INTEGER)",
        sees={},
        others=[("A**", 1200), ("Ben", 1200)],
    ),
)
