"""What can be done to governed views."""

from tests.acceptance.tampering.kinds import (
    AUDITED,
    CONTRACTORS,
    CUSTOMERS,
    FILTERED,
    MAIN,
    ORDERS,
    OUTSIDERS,
    PLAIN,
    Tampering,
)

VIEWS = (
    Tampering(
        "a governed view is dropped",
        ("DROP VIEW governed.customers",),
        {CUSTOMERS: "the view governed.customers is missing"},
    ),
    Tampering(
        "a governed view is replaced",
        ('CREATE OR REPLACE VIEW governed.plain AS SELECT * FROM "raw".plain WITH NO SCHEMA BINDING',),
        {PLAIN: "the text of the view governed.plain was altered"},
    ),
    Tampering(
        "a governed view gets another owner",
        ("ALTER TABLE governed.audited OWNER TO bob",),
        {AUDITED: "the view governed.audited is owned by bob"},
    ),
    Tampering(
        "SELECT on a governed view is revoked from PUBLIC",
        ("REVOKE SELECT ON governed.filtered FROM PUBLIC",),
        {FILTERED: "SELECT on the view governed.filtered was revoked from PUBLIC"},
    ),
    Tampering(
        "SELECT on a governed view is granted to a user",
        ("GRANT SELECT ON governed.orders TO bob",),
        {ORDERS: "SELECT on the view governed.orders was granted to user bob"},
    ),
)

COMMENTS = (
    Tampering(
        "the comment on a governed view is edited",
        ("COMMENT ON VIEW governed.customers IS 'Ask eve for access'",),
        {CUSTOMERS: "the comment on the view governed.customers is not its description"},
    ),
    Tampering(
        "a comment is put on a governed view of which nothing is said",
        ("COMMENT ON VIEW governed.plain IS 'Ask eve for access'",),
        {PLAIN: "the comment on the view governed.plain is not its description"},
    ),
)

MORE_VIEWS = (
    Tampering(
        "a governed view is renamed",
        ("ALTER TABLE governed.customers RENAME TO clients",),
        {
            CUSTOMERS: "the view governed.customers is missing",
            MAIN: "the view governed.clients was added, and shows what no data source of veil stands for",
        },
    ),
    Tampering(
        "SELECT on a governed view is granted to a role",
        (f"GRANT SELECT ON governed.plain TO ROLE {OUTSIDERS}",),
        {PLAIN: f"SELECT on the view governed.plain was granted to role {OUTSIDERS}"},
    ),
    Tampering(
        "SELECT on a governed view is granted to a group",
        (f"GRANT SELECT ON governed.audited TO GROUP {CONTRACTORS}",),
        {AUDITED: f"SELECT on the view governed.audited was granted to group {CONTRACTORS}"},
    ),
    Tampering(
        "SELECT on a governed view is granted WITH GRANT OPTION, and granted on",
        (
            "GRANT SELECT ON governed.orders TO bob WITH GRANT OPTION",
            "SET SESSION AUTHORIZATION bob",
            "GRANT SELECT ON governed.orders TO carol",
            "RESET SESSION AUTHORIZATION",
        ),
        {ORDERS: "SELECT on the view governed.orders was granted to user bob, who may grant it to others"},
    ),
)
