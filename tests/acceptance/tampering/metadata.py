"""What can be done to the rows in which veil keeps what it governs."""

from tests.acceptance.tampering.kinds import ALICE, AUDIT, CUSTOMERS, DIRECTORY, MAIN, PLAIN, SUPPORT, Tampering

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
            "CREATE PROCEDURE public.forge(wanted VARCHAR, old VARCHAR, new VARCHAR) AS $$ BEGIN"
            " UPDATE immuta_system.object SET body = REPLACE(body, old, new) WHERE kind = wanted;"
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
        anew=frozenset({"veil_masking_policy.card"}),
    ),
    Tampering(
        "what was published is forgotten",
        ("DELETE FROM immuta_system.published WHERE name = 'raw.plain'",),
        {PLAIN: "what was published as governed.plain is not recorded"},
    ),
)

_REVISION = "the row of the table immuta_system.revision was altered"
_MARK = "the row of the table immuta_system.integration was altered"

SET_BACK = (
    Tampering("the revision is set back", ("UPDATE immuta_system.revision SET revision = 1",), {MAIN: _REVISION}),
    Tampering("the integration's mark is lost", ("DELETE FROM immuta_system.integration",), {MAIN: _MARK}),
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
    Tampering("the revision is lost", ("DELETE FROM immuta_system.revision",), {MAIN: _REVISION}),
    Tampering(
        "the procedure with which every write begins is dropped",
        ("DROP PROCEDURE immuta_procedures.advance_revision(BIGINT, VARCHAR)",),
        {MAIN: "the procedure advance_revision is missing"},
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
    )
)
