"""What can be done to the base tables."""

from tests.acceptance.tampering.kinds import AUDITED, CUSTOMERS, FILTERED, ORDERS, OUTSIDERS, PLAIN, Tampering

COLUMNS = (
    Tampering(
        "a column is added to a table",
        ('ALTER TABLE "raw".customers ADD COLUMN phone VARCHAR(20)',),
        {CUSTOMERS: "the column phone was added to raw.customers"},
    ),
    Tampering(
        "a column of a table is dropped",
        ('ALTER TABLE "raw".plain DROP COLUMN balance',),
        {PLAIN: "the column balance was dropped from raw.plain"},
    ),
    Tampering(
        "a column of a table is retyped",
        ('ALTER TABLE "raw".audited ALTER COLUMN territory TYPE VARCHAR(20)',),
        {AUDITED: "territory of raw.audited was changed from character varying(2) to character varying(20)"},
    ),
    Tampering(
        "a column of a table is renamed",
        ('ALTER TABLE "raw".orders RENAME COLUMN total TO amount',),
        {ORDERS: "the column total was dropped from raw.orders"},
    ),
    Tampering(
        "a table is dropped and made again under its view",
        (
            'DROP TABLE "raw".filtered',
            'CREATE TABLE "raw".filtered AS SELECT id, name, territory, 1 AS extra FROM "raw".customers',
        ),
        {FILTERED: "the column email was dropped from raw.filtered"},
    ),
)

LOOKUPS = (
    Tampering(
        "a table that a policy looks up in is made anew with columns of another type",
        (
            'DROP TABLE "raw".listed',
            'CREATE TABLE "raw".listed AS SELECT CAST(id AS BIGINT) AS id FROM "raw".customers',
        ),
        {CUSTOMERS: "the columns of raw.listed, in which policies on raw.customers look up, are not as"},
    ),
)
"""What is told only where nothing else changes the columns of the data source, and no row of a
policy is gone.
"""

OWNERS = (
    Tampering(
        "a table gets another owner",
        ('ALTER TABLE "raw".plain OWNER TO bob',),
        {PLAIN: "now, who reads and changes it around the view"},
    ),
)

KINDS = (
    Tampering(
        "a view stands in the place of a table",
        (
            'ALTER TABLE "raw".audited RENAME TO audited_kept',
            'CREATE VIEW "raw".audited AS SELECT * FROM "raw".audited_kept',
        ),
        {AUDITED: "raw.audited was a table when it was governed last, and is a view of"},
        undo=('DROP VIEW "raw".audited', 'ALTER TABLE "raw".audited_kept RENAME TO audited'),
    ),
)

BY_HAND = (
    Tampering(
        "whatever the account makes is opened to a user by default",
        ("ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO carol",),
        warning="makes in any schema goes to user carol by default",
        health=PLAIN,
        undo=("ALTER DEFAULT PRIVILEGES REVOKE SELECT ON TABLES FROM carol",),
    ),
    Tampering(
        "a table is opened to PUBLIC",
        ('GRANT SELECT ON "raw".customers TO PUBLIC',),
        warning="PUBLIC can read the table raw.customers around the view.",
        health=CUSTOMERS,
        undo=('REVOKE SELECT ON "raw".customers FROM PUBLIC',),
    ),
    Tampering(
        "a table is opened to a role",
        (f'GRANT SELECT ON "raw".plain TO ROLE {OUTSIDERS}',),
        warning=f"role {OUTSIDERS} can read the table raw.plain around the view.",
        health=PLAIN,
        undo=(f'REVOKE SELECT ON "raw".plain FROM ROLE {OUTSIDERS}',),
    ),
    Tampering(
        "a column of a table is opened to a user",
        ('GRANT SELECT (territory) ON "raw".audited TO bob',),
        warning="user bob can read the column territory of the table raw.audited around the view.",
        health=AUDITED,
        undo=('REVOKE SELECT (territory) ON "raw".audited FROM bob',),
    ),
    Tampering(
        "a table that a policy looks up in is opened to a user, who may write it",
        ('GRANT INSERT ON "raw".listed TO bob',),
        warning="INSERT on the lookup raw.listed is granted to the user bob.",
        health=CUSTOMERS,
        undo=('REVOKE INSERT ON "raw".listed FROM bob',),
    ),
    Tampering(
        "a table is renamed",
        ('ALTER TABLE "raw".orders RENAME TO orders_old',),
        warning="The table raw.orders is gone.",
        health=ORDERS,
        undo=('ALTER TABLE "raw".orders_old RENAME TO orders',),
    ),
    Tampering(
        "a table is dropped",
        ('CREATE TABLE "raw".kept AS SELECT * FROM "raw".filtered', 'DROP TABLE "raw".filtered'),
        warning="The table raw.filtered is gone.",
        health=FILTERED,
        # What is kept was made under the defaults that another alteration gives carol.
        undo=('ALTER TABLE "raw".kept RENAME TO filtered', 'REVOKE ALL ON "raw".filtered FROM carol'),
    ),
    Tampering(
        "a view is bound to a governed view",
        ("CREATE SCHEMA analytics", "CREATE VIEW analytics.mine AS SELECT * FROM governed.plain"),
        warning="is bound to governed.plain and keeps what its policies were when analytics.mine was made.",
        health=PLAIN,
        undo=("DROP SCHEMA analytics CASCADE",),
    ),
)
