"""What can be altered behind Terraform's back, and what the next plan says of it."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Tampering:
    """Statements that an administrator runs, and by resource address a part of the drift that they cause."""

    name: str
    statements: tuple[str, ...]
    drift: Mapping[str, tuple[str, ...]]


MAIN = "veil_integration.main"
CUSTOMERS, PLAIN, AUDITED, FILTERED, ORDERS = (
    f"veil_data_source.{name}" for name in ("customers", "plain", "audited", "filtered", "orders")
)
ALICE = "veil_user_profile.alice"
BOB, ERIN = (f'veil_user_profile.others["{name}"]' for name in ("bob", "erin"))
DIRECTORY = "veil_user_profiles.directory"

ENTRY = "INSERT INTO immuta_system.profile_entry (immuta__userid, kind, name, value) VALUES "
NO_ENTRY = "DELETE FROM immuta_system.profile_entry WHERE immuta__userid = "

METADATA = Tampering(
    "metadata rows edited",
    ("UPDATE immuta_system.object SET body = body || ' '",),
    dict.fromkeys(
        (
            MAIN,
            CUSTOMERS,
            "veil_subscription_policy.orders",
            "veil_subscription.audit",
            "veil_masking_policy.card",
            "veil_row_policy.own",
            ALICE,
            "veil_purpose.fraud",
            "veil_project.audit",
            "veil_impersonation.support",
        ),
        ("its metadata row was altered outside veil",),
    )
    | {DIRECTORY: ("carol: its metadata row was altered outside veil",)},
)

FORGED = Tampering(
    "metadata rows forged with their hash",
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
        MAIN: ("baseline differs from what was applied",),
        CUSTOMERS: ("columns differs from what was applied",),
        "veil_subscription_policy.orders": ("expression differs",),
        "veil_masking_policy.card": ("mask differs",),
        "veil_row_policy.own": ("show differs",),
        DIRECTORY: ("carol: groups differs",),
        "veil_purpose.fraud": ("acknowledgement differs",),
        "veil_project.audit": ("members differs",),
        "veil_impersonation.support": ("as_users differs",),
    },
)

VIEWS = Tampering(
    "governed views",
    (
        "DROP VIEW governed.customers",
        "CREATE OR REPLACE VIEW governed.plain AS SELECT * FROM raw.plain WITH NO SCHEMA BINDING",
        "ALTER TABLE governed.audited OWNER TO bob",
        "REVOKE SELECT ON governed.filtered FROM PUBLIC",
        "GRANT SELECT ON governed.orders TO bob",
    ),
    {
        CUSTOMERS: ("the view governed.customers is missing",),
        PLAIN: ("the text of the view governed.plain was altered",),
        AUDITED: ("the view governed.audited is owned by bob",),
        FILTERED: ("SELECT on the view governed.filtered was revoked from PUBLIC",),
        ORDERS: ("SELECT on the view governed.orders was granted to user bob",),
    },
)

PEOPLE = Tampering(
    "profile rows and entries",
    (
        "UPDATE immuta_system.profile SET groups = JSON_PARSE('[\"clearance\"]') WHERE immuta__userid = 'alice'",
        ENTRY + "('bob', 'group', '', 'clearance')",
        NO_ENTRY + "'carol' AND value = 'hr'",
        "DELETE FROM immuta_system.profile WHERE immuta__userid = 'dave'",
        NO_ENTRY + "'dave' AND kind = 'subscription'",
        "INSERT INTO immuta_system.profile SELECT * FROM immuta_system.profile WHERE immuta__userid = 'erin'",
        NO_ENTRY + "'erin' AND kind = 'project_source'",
    ),
    {
        ALICE: ("the groups or attributes of its profile row were altered",),
        BOB: ("the group 'clearance' was added",),
        DIRECTORY: ("carol: the group 'hr' was removed", "dave: its profile row is missing"),
        ERIN: ("its profile row was altered, or is there twice",),
        "veil_subscription.audit": ("its entry in the user's profile is missing",),
        "veil_project.audit": ("of member erin",),
    },
)

ENTITLEMENTS = Tampering(
    "entries that no resource stands for",
    (
        ENTRY + "('alice', 'subscription', '', 'raw.audited')",
        ENTRY + "('bob', 'project_purpose', 'fraud-team', 'everything')",
        ENTRY + "('carol', 'project', '', 'audit')",
        "UPDATE immuta_system.profile SET projects = JSON_PARSE('[\"audit\"]') WHERE immuta__userid = 'dave'",
        ENTRY + "('mallory', 'group', '', 'clearance')",
        "UPDATE immuta_system.impersonation SET immuta__userid = 'erin'",
    ),
    {
        ALICE: ("the subscription 'raw.audited' was added",),
        BOB: ("the purpose 'everything' of the project 'fraud-team' was added",),
        DIRECTORY: (
            "carol: the project 'audit' was added",
            "dave: the projects or tables of its profile row were altered",
        ),
        MAIN: ("the profile of user mallory was added outside veil", "erin was allowed to act as alice"),
        "veil_impersonation.support": ("bob may no longer act as alice",),
    },
)

NOTHING = "AS $$ BEGIN RETURN; END; $$ LANGUAGE plpgsql"
PROCEDURES = Tampering(
    "procedures",
    (
        f"CREATE OR REPLACE PROCEDURE immuta_procedures.delete_profiles(batch VARCHAR(65535)) {NOTHING}",
        "GRANT EXECUTE ON PROCEDURE immuta_procedures.upsert_profiles(VARCHAR) TO PUBLIC",
        "GRANT EXECUTE ON PROCEDURE immuta_procedures.delete_objects(VARCHAR) TO bob",
        "REVOKE EXECUTE ON PROCEDURE immuta_procedures.acknowledge_purpose(VARCHAR, VARCHAR) FROM PUBLIC",
        f"CREATE PROCEDURE immuta_procedures.switch_project(project INTEGER) {NOTHING}",
        f"CREATE PROCEDURE immuta_procedures.let_me_in(who VARCHAR) {NOTHING}",
        "DROP PROCEDURE immuta_procedures.forget_published(VARCHAR)",
    ),
    {
        MAIN: (
            "the procedure delete_profiles was replaced",
            "EXECUTE on the procedure upsert_profiles was granted to PUBLIC",
            "EXECUTE on the procedure delete_objects was granted to user bob",
            "EXECUTE on the procedure acknowledge_purpose was revoked from PUBLIC",
            "immuta_procedures.switch_project(integer) was added",
            "immuta_procedures.let_me_in(character varying) was added",
            "the procedure forget_published is missing",
        )
    },
)

SCHEMAS = Tampering(
    "secure views, tables and schemas",
    (
        "CREATE OR REPLACE VIEW immuta_system.user_entry AS SELECT kind, name, value FROM immuta_system.profile_entry"
        " WITH NO SCHEMA BINDING",
        "DROP VIEW immuta_system.user_profile",
        "REVOKE USAGE ON SCHEMA immuta_system FROM PUBLIC",
        "GRANT CREATE ON SCHEMA governed TO PUBLIC",
        "GRANT CREATE ON SCHEMA immuta_functions TO alice",
        "GRANT SELECT ON immuta_system.profile TO PUBLIC",
        "GRANT INSERT ON immuta_system.profile_entry TO bob",
        "GRANT SELECT ON immuta_system.salt TO bob",
        "ALTER TABLE immuta_system.runtime OWNER TO bob",
        "ALTER SCHEMA immuta_functions OWNER TO bob",
    ),
    {
        MAIN: (
            "the view immuta_system.user_entry was replaced",
            "the view immuta_system.user_profile is missing",
            "USAGE on the schema immuta_system was revoked from PUBLIC",
            "CREATE on the schema governed was granted to PUBLIC",
            "CREATE on the schema immuta_functions was granted to user alice",
            "SELECT on the table immuta_system.profile was granted to PUBLIC",
            "INSERT on the table immuta_system.profile_entry was granted to user bob",
            "SELECT on the table immuta_system.salt was granted to user bob",
            "the table immuta_system.runtime is owned by bob",
            "the schema immuta_functions is owned by bob",
        )
    },
)

COLUMNS = Tampering(
    "columns of the tables",
    (
        "ALTER TABLE raw.customers ADD COLUMN phone VARCHAR(20)",
        "ALTER TABLE raw.plain DROP COLUMN balance",
        "ALTER TABLE raw.audited ALTER COLUMN territory TYPE VARCHAR(20)",
    ),
    {
        CUSTOMERS: ("the column phone was added to raw.customers",),
        PLAIN: ("the column balance was dropped from raw.plain",),
        AUDITED: (
            "the column territory of raw.audited was changed from character varying(2) to character varying(20)",
        ),
    },
)

TABLES = Tampering(
    "tables of the integration",
    (
        "DROP TABLE immuta_system.runtime",
        "DROP TABLE immuta_system.profile_entry",
        "DELETE FROM immuta_system.salt WHERE name = 'raw.filtered'",
    ),
    {
        MAIN: ("the table immuta_system.runtime is missing", "the table immuta_system.profile_entry is missing"),
        ALICE: ("the group 'analysts' was removed",),
        FILTERED: ("its salt was removed",),
    },
)

ROUNDS = ((METADATA,), (FORGED, TABLES), (VIEWS, PEOPLE, PROCEDURES), (ENTITLEMENTS, SCHEMAS, COLUMNS))
"""What can be altered at the same time without one alteration hiding another."""
