"""What can be done to the rows in which veil keeps what it governs."""

from tests.acceptance.tampering.kinds import (
    ALICE,
    AUDIT,
    AUDITED,
    CUSTOMERS,
    DIRECTORY,
    MAIN,
    ORDERS,
    PLAIN,
    SUPPORT,
    Tampering,
)

METADATA = (
    Tampering(
        "metadata rows are edited",
        ("UPDATE immuta_system.object SET body = body || ' '",),
        dict.fromkeys(
            (
                MAIN,
                CUSTOMERS,
                "veil_subscription_policy.orders",
                AUDIT,
                "veil_masking_policy.card",
                "veil_row_policy.own",
                ALICE,
                "veil_purpose.fraud",
                "veil_project.audit",
                SUPPORT,
            ),
            "its metadata row was altered outside veil",
        )
        | {DIRECTORY: "carol: its metadata row was altered outside veil"},
    ),
)

FORGED = (
    Tampering(
        "metadata rows are forged with their hash",
        (
            "CREATE PROCEDURE public.forge(wanted VARCHAR, was VARCHAR, now_is VARCHAR) AS $$ BEGIN"
            " UPDATE immuta_system.object SET body = REPLACE(body, was, now_is) WHERE kind = wanted;"
            " UPDATE immuta_system.object SET hash = SHA2(kind || CHR(31) || name || CHR(31) || CAST(part AS VARCHAR(16))"
            " || CHR(31) || CAST(parts AS VARCHAR(16)) || CHR(31) || id || CHR(31) || body, 256) WHERE kind = wanted;"
            " END; $$ LANGUAGE plpgsql",
            "CALL public.forge('masking_policy', '\"keep_last\":4', '\"keep_last\":16')",
            "CALL public.forge('row_policy', '\"territory\"', '\"country\"')",
            "CALL public.forge('subscription_policy', 'analysts', 'everybody')",
            "CALL public.forge('integration', '\"pii\"', '\"nothing\"')",
            "CALL public.forge('purpose', 'Only', 'Not only')",
            "CALL public.forge('project', '\"erin\"', '\"alice\"')",
            "CALL public.forge('impersonation', '\"alice\"', '\"carol\"')",
            "CALL public.forge('user_profile', '\"hr\"', '\"clearance\"')",
            "CALL public.forge('data_source', '\"card\"', '\"nothing\"')",
            "DROP PROCEDURE public.forge(VARCHAR, VARCHAR, VARCHAR)",
        ),
        {
            MAIN: "baseline differs from what was applied",
            CUSTOMERS: "columns differs from what was applied",
            "veil_subscription_policy.orders": "expression differs",
            "veil_masking_policy.card": "mask differs",
            "veil_row_policy.own": "show differs",
            DIRECTORY: "carol: groups differs",
            "veil_purpose.fraud": "acknowledgement differs",
            "veil_project.audit": "members differs",
            SUPPORT: "as_users differs",
        },
    ),
)

_HASH = (
    "SHA2(kind || CHR(31) || name || CHR(31) || CAST(part AS VARCHAR(16)) || CHR(31) || CAST(parts AS VARCHAR(16))"
    " || CHR(31) || id || CHR(31) || body, 256)"
)


def planted(kind: str, name: str, body: str) -> tuple[str, ...]:
    """Statements that add a metadata row, with the hash that it should have."""
    quoted = body.replace("'", "''")
    return (
        "INSERT INTO immuta_system.object (kind, name, part, parts, id, body, hash, updated_at)"
        f" VALUES ('{kind}', '{name}', 0, 1, 'i', '{quoted}', '', GETDATE())",
        f"UPDATE immuta_system.object SET hash = {_HASH} WHERE id = 'i'",
    )


_EVERYBODY = (
    '{"$":"SubscriptionPolicy","access":"everyone","applies_to":{"$":"AppliesTo","all_data_sources":true},'
    '"name":"everybody"}'
)

PLANTED = (
    Tampering(
        "a metadata row that cannot be read is added",
        planted("masking_policy", "x", "{{{not json"),
        {MAIN: "the metadata row masking_policy x was added outside veil"},
    ),
    Tampering(
        "a metadata row that says what we never say is added",
        planted("row_policy", "y", '{"$":"World"}'),
        {MAIN: "the metadata row row_policy y was added outside veil"},
    ),
    Tampering(
        "a policy that lets everybody in is added",
        planted("subscription_policy", "everybody", _EVERYBODY),
        {MAIN: "the metadata row subscription_policy everybody was added outside veil"},
    ),
    Tampering(
        "a second integration is added",
        planted(
            "integration", "a", '{"$":"Integration","database":"d","name":"a","schema_prefix":"p","view_schema":"v"}'
        ),
        {MAIN: "the metadata row integration a was added outside veil"},
    ),
    Tampering(
        "a metadata row with characters that nobody sees is added",
        (
            "INSERT INTO immuta_system.object (kind, name, part, parts, id, body, hash, updated_at)"
            " VALUES ('purpose', 'a' || CHR(7) || 'b ', -1, 2147483647, 'i', 'x', '', GETDATE())",
        ),
        {MAIN: "the metadata row purpose 'a\\x07b ' was added outside veil"},
    ),
    Tampering(
        "a view is recorded as published that is none of ours",
        (
            "CREATE SCHEMA theirs",
            "CREATE VIEW theirs.report AS SELECT 1 AS a",
            "INSERT INTO immuta_system.published"
            " (name, view_schema, view_name, text_hash, compiled_hash, compiler_version, updated_at)"
            " VALUES ('raw.nothing', 'theirs', 'report', '', '', 999, GETDATE())",
        ),
        {MAIN: "what was published for raw.nothing was recorded outside veil"},
    ),
)

LEDGER = (
    Tampering(
        "the ledger of metadata rows is emptied",
        ("DELETE FROM immuta_system.ledger",),
        {MAIN: "the rows of the table immuta_system.ledger were removed"},
    ),
)

SALTS = (
    Tampering(
        "a salt is altered",
        ("UPDATE immuta_system.salt SET salt = 'known' WHERE name = 'raw.plain'",),
        {PLAIN: "its salt was altered: what it hashes will hash otherwise"},
    ),
    Tampering(
        "a salt is there twice",
        ("INSERT INTO immuta_system.salt SELECT * FROM immuta_system.salt WHERE name = 'raw.audited'",),
        {AUDITED: "its salt was altered: what it hashes will hash otherwise"},
    ),
    Tampering(
        "a salt is made for a table that is no data source yet",
        ("INSERT INTO immuta_system.salt VALUES ('raw.later', 'known')",),
        {MAIN: "the salt raw.later was added outside veil"},
    ),
)

ROWS = (
    Tampering(
        "a metadata row is there twice",
        ("INSERT INTO immuta_system.object SELECT * FROM immuta_system.object WHERE name = 'fraud'",),
        {"veil_purpose.fraud": "its metadata row was altered outside veil"},
    ),
    Tampering(
        "a metadata row of no known kind is added",
        (
            "INSERT INTO immuta_system.object SELECT 'backdoor', 'open', part, parts, id, body, hash, updated_at"
            " FROM immuta_system.object WHERE kind = 'purpose'",
        ),
        {MAIN: "the metadata row backdoor open was added outside veil"},
    ),
    Tampering(
        "a metadata row is deleted",
        ("DELETE FROM immuta_system.object WHERE kind = 'masking_policy' AND name = 'card'",),
        {"veil_masking_policy.card": "its metadata row was removed outside veil"},
    ),
    Tampering(
        "what was published is forgotten",
        ("DELETE FROM immuta_system.published WHERE name = 'raw.plain'",),
        {PLAIN: "what was published as governed.plain is not recorded"},
    ),
    Tampering(
        "what a secure view was made from is forgotten",
        ("DELETE FROM immuta_system.own_view WHERE name = 'user_entry'",),
        {
            MAIN: "what the warehouse showed of the view immuta_system.user_entry when it was made is not recorded",
        },
    ),
    Tampering(
        "a secure view is recorded otherwise",
        ("UPDATE immuta_system.own_view SET text_hash = 'x' WHERE name = 'salt_name'",),
        {MAIN: "the view immuta_system.salt_name was replaced"},
    ),
    Tampering(
        "a view is recorded as one of veil's own",
        ("INSERT INTO immuta_system.own_view VALUES ('shortcut', 'x', 'y')",),
        {MAIN: "what a view shortcut was made from was recorded outside veil"},
    ),
    Tampering(
        "what was published is recorded twice",
        ("INSERT INTO immuta_system.published SELECT * FROM immuta_system.published WHERE name = 'raw.audited'",),
        {AUDITED: "what was published as governed.audited is recorded twice"},
    ),
    Tampering(
        "what was published is recorded for another view",
        ("UPDATE immuta_system.published SET view_name = 'elsewhere' WHERE name = 'raw.orders'",),
        {ORDERS: "what was published as governed.orders is recorded otherwise"},
    ),
    Tampering(
        "what was published is recorded as of a version to come",
        ("UPDATE immuta_system.published SET compiler_version = 999 WHERE name = 'raw.customers'",),
        {CUSTOMERS: "what was published as governed.customers is recorded otherwise"},
    ),
    Tampering(
        "a data source is closed by hand",
        ("INSERT INTO immuta_system.closed VALUES ('raw.orders', 'row_policy', 'forged', 'x', GETDATE())",),
        {ORDERS: "a row that closes it for the row policy forged was added: the repair opens it"},
    ),
)

_REVISION = "the row of the table immuta_system.revision was altered"
_MARK = "the row of the table immuta_system.integration was altered"

SET_BACK = (
    Tampering(
        "the version of the schemas is set ahead",
        ("UPDATE immuta_system.integration SET schema_version = 99",),
        {MAIN: _MARK},
    ),
    Tampering("the revision is set back", ("UPDATE immuta_system.revision SET revision = 1",), {MAIN: _REVISION}),
)
DOUBLED = (
    Tampering(
        "the revision is there twice",
        ("INSERT INTO immuta_system.revision SELECT * FROM immuta_system.revision",),
        {MAIN: _REVISION},
    ),
    Tampering(
        "the integration's mark is there twice",
        (
            "INSERT INTO immuta_system.integration (schema_version, provider_version, view_schema, installed_at)"
            " VALUES (1, '0', 'elsewhere', GETDATE())",
        ),
        {MAIN: _MARK},
    ),
)
LOST = (
    Tampering("the integration's mark is lost", ("DELETE FROM immuta_system.integration",), {MAIN: _MARK}),
    Tampering("the revision is lost", ("DELETE FROM immuta_system.revision",), {MAIN: _REVISION}),
    Tampering(
        "the procedure with which every write begins is dropped",
        ("DROP PROCEDURE immuta_procedures.advance_revision(BIGINT, VARCHAR)",),
        {MAIN: "the procedure advance_revision is missing"},
    ),
)
SET_FAR_BACK = (
    Tampering(
        "the version of the schemas is set back",
        ("UPDATE immuta_system.integration SET schema_version = 1",),
        {MAIN: _MARK},
    ),
)
DROPPED = tuple(
    Tampering(
        f"the table of {what} is dropped",
        (f"DROP TABLE immuta_system.{table}",),
        {MAIN: f"the table immuta_system.{table} is missing"},
    )
    for what, table in (
        ("the revision", "revision"),
        ("the integration's mark", "integration"),
        ("what writers wait for", "writer"),
        ("the ledger of metadata rows", "ledger"),
        ("what salts are known by", "salt_digest"),
    )
)
