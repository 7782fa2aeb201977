"""What can be done to the integration's own procedures, views, tables and schemas."""

from tests.acceptance.tampering.kinds import ALICE, FILTERED, GROUP, MAIN, OUTSIDERS, Tampering
from veil.warehouse import SEARCH_PATH, Layout, install_pieces

NOTHING = "AS $$ BEGIN RETURN; END; $$ LANGUAGE plpgsql"


def _with_other_settings(procedure: str) -> str:
    """The statement that makes a procedure of ours as we do, but for what its body finds first."""
    made = install_pieces(Layout("immuta", "governed"))["procedure", procedure][0]
    settings = f"SET search_path TO {SEARCH_PATH}"
    assert settings in made
    return made.replace(settings, "SET search_path TO public SET datestyle TO German")


def _main(name: str, statement: str, line: str) -> Tampering:
    return Tampering(name, (statement,), {MAIN: line})


PROCEDURES = (
    _main(
        "a procedure is replaced",
        f"CREATE OR REPLACE PROCEDURE immuta_procedures.delete_profiles(batch VARCHAR(65535)) {NOTHING}",
        "the procedure delete_profiles was replaced",
    ),
    _main(
        "a procedure is dropped",
        "DROP PROCEDURE immuta_procedures.forget_published(VARCHAR)",
        "the procedure forget_published is missing",
    ),
    _main(
        "a procedure gets another owner",
        "ALTER PROCEDURE immuta_procedures.add_entries(VARCHAR) OWNER TO bob",
        "the procedure add_entries is owned by bob",
    ),
    _main(
        "a procedure is made to look for names elsewhere",
        _with_other_settings("record_published"),
        "search_path is set to public in the procedure record_published",
    ),
    _main(
        "a procedure is opened to PUBLIC",
        "GRANT EXECUTE ON PROCEDURE immuta_procedures.upsert_profiles(VARCHAR) TO PUBLIC",
        "EXECUTE on the procedure upsert_profiles was granted to PUBLIC",
    ),
    _main(
        "a procedure is opened to a user",
        "GRANT EXECUTE ON PROCEDURE immuta_procedures.delete_objects(VARCHAR) TO bob",
        "EXECUTE on the procedure delete_objects was granted to user bob",
    ),
    _main(
        "a procedure that everybody may call is closed to PUBLIC",
        "REVOKE EXECUTE ON PROCEDURE immuta_procedures.acknowledge_purpose(VARCHAR, VARCHAR) FROM PUBLIC",
        "EXECUTE on the procedure acknowledge_purpose was revoked from PUBLIC",
    ),
    _main(
        "impersonation is closed to its group",
        f"REVOKE EXECUTE ON PROCEDURE immuta_procedures.impersonate_user(VARCHAR) FROM GROUP {GROUP}",
        f"EXECUTE on the procedure impersonate_user was revoked from group {GROUP}",
    ),
)

DEFAULTS = (
    Tampering(
        "what the account makes is opened to a user by default, and the salts are dropped",
        (
            "ALTER DEFAULT PRIVILEGES IN SCHEMA immuta_system GRANT SELECT ON TABLES TO bob",
            "DROP TABLE immuta_system.salt",
        ),
        {
            MAIN: "SELECT on each relation that is made in the schema immuta_system goes to user bob by default",
            FILTERED: "its salt was removed",
        },
    ),
    _main(
        "a user may see what others act in",
        "GRANT SELECT ON immuta_system.acknowledgement TO bob",
        "SELECT on the table immuta_system.acknowledgement was granted to user bob",
    ),
    _main(
        "a role may read all tables of the system schema",
        f"GRANT SELECT FOR TABLES IN SCHEMA immuta_system TO ROLE {OUTSIDERS}",
        f"SELECT for all tables of the schema immuta_system was granted to role {OUTSIDERS}",
    ),
)

SCHEMAS = (
    _main(
        "a user may read all of the salts",
        "GRANT SELECT ON immuta_system.salt TO carol",
        "the salts may have been read and are made anew: what is hashed will hash otherwise",
    ),
    _main(
        "a secure view is replaced",
        "CREATE OR REPLACE VIEW immuta_system.user_entry AS SELECT kind, name, value FROM immuta_system.profile_entry"
        " WITH NO SCHEMA BINDING",
        "the view immuta_system.user_entry was replaced",
    ),
    _main(
        "CREATE on the schema of the views is granted to PUBLIC",
        "GRANT CREATE ON SCHEMA governed TO PUBLIC",
        "CREATE on the schema governed was granted to PUBLIC",
    ),
    _main(
        "CREATE on one of the integration's schemas is granted to a user",
        "GRANT CREATE ON SCHEMA immuta_functions TO alice",
        "CREATE on the schema immuta_functions was granted to user alice",
    ),
    _main(
        "one of the integration's schemas gets another owner",
        "ALTER SCHEMA immuta_functions OWNER TO bob",
        "the schema immuta_functions is owned by bob",
    ),
    _main(
        "the profiles are opened to PUBLIC",
        "GRANT SELECT ON immuta_system.profile TO PUBLIC",
        "SELECT on the table immuta_system.profile was granted to PUBLIC",
    ),
    _main(
        "a user may write profiles",
        "GRANT INSERT ON immuta_system.profile_entry TO bob",
        "INSERT on the table immuta_system.profile_entry was granted to user bob",
    ),
    _main(
        "a user may read the salts",
        "GRANT SELECT (salt) ON immuta_system.salt TO bob",
        "SELECT on the column salt of the table immuta_system.salt was granted to user bob",
    ),
    _main(
        "one of the integration's tables gets another owner",
        "ALTER TABLE immuta_system.runtime OWNER TO bob",
        "the table immuta_system.runtime is owned by bob",
    ),
    _main(
        "USAGE on the system schema is revoked from PUBLIC",
        "REVOKE USAGE ON SCHEMA immuta_system FROM PUBLIC",
        "USAGE on the schema immuta_system was revoked from PUBLIC",
    ),
)

SHAPES = (
    _main(
        "a column of one of the integration's tables is dropped",
        "ALTER TABLE immuta_system.closed DROP COLUMN kind",
        "the column kind of the table immuta_system.closed is missing",
    ),
    _main(
        "a column of one of the integration's tables is retyped",
        "ALTER TABLE immuta_system.impersonation ALTER COLUMN as_user TYPE VARCHAR(300)",
        "the column as_user of the table immuta_system.impersonation is character varying(300) and not",
    ),
    _main(
        "USAGE on one of the integration's schemas is granted to a user",
        "GRANT USAGE ON SCHEMA immuta_system TO carol WITH GRANT OPTION",
        "USAGE on the schema immuta_system was granted to user carol",
    ),
)

PEOPLE = (
    Tampering(
        "a user is made a superuser",
        ("CREATE USER root_of_them_all PASSWORD 'Abcdefg1' CREATEUSER",),
        {MAIN: "root_of_them_all was made a superuser, from whom nothing is hidden: the apply takes it as known"},
    ),
)

MORE_SCHEMAS = (
    Tampering(
        "a user is put on the list of those who apply by procedures, and may call one",
        (
            "INSERT INTO immuta_system.applier (immuta__userid, view_schema) VALUES ('dave', 'governed')",
            "GRANT EXECUTE ON PROCEDURE immuta_procedures.drop_view(VARCHAR, VARCHAR) TO dave",
        ),
        {MAIN: "dave was put on the list of accounts that apply by the procedures"},
    ),
    Tampering(
        "a user may write what members share, and lets another",
        (
            "GRANT INSERT ON immuta_system.project_entry TO bob WITH GRANT OPTION",
            "SET SESSION AUTHORIZATION bob",
            "GRANT INSERT ON immuta_system.project_entry TO carol",
            "RESET SESSION AUTHORIZATION",
        ),
        {MAIN: "INSERT on the table immuta_system.project_entry was granted to user bob, who may grant it to others"},
    ),
    _main(
        "a role is written into the integration's mark",
        f"UPDATE immuta_system.integration SET read_only_role = '{OUTSIDERS}'",
        f"the role {OUTSIDERS}, which the row of the table immuta_system.integration names",
    ),
    _main(
        "EXECUTE on a function of veil's is revoked from PUBLIC",
        "REVOKE EXECUTE ON FUNCTION immuta_functions.f_mask_round(BIGINT, BIGINT) FROM PUBLIC",
        "EXECUTE on the function f_mask_round was revoked from PUBLIC",
    ),
    _main(
        "a function of veil's is replaced",
        "CREATE OR REPLACE FUNCTION immuta_functions.f_mask_digest(VARCHAR(65535), VARCHAR(65535))"
        " RETURNS VARCHAR(65535) IMMUTABLE AS $$ SELECT $1 $$ LANGUAGE sql",
        "the function f_mask_digest was replaced",
    ),
    _main(
        "a function of veil's is dropped",
        "DROP FUNCTION immuta_functions.f_mask_email(VARCHAR, VARCHAR)",
        "the function f_mask_email is missing",
    ),
    _main(
        "a secure view is dropped",
        "DROP VIEW immuta_system.user_profile",
        "the view immuta_system.user_profile is missing",
    ),
    _main(
        "USAGE on the schema of the views is revoked from PUBLIC",
        "REVOKE USAGE ON SCHEMA governed FROM PUBLIC",
        "USAGE on the schema governed was revoked from PUBLIC",
    ),
    _main(
        "what members of projects hold is opened to everybody",
        "GRANT SELECT ON immuta_system.user_entry TO PUBLIC",
        "SELECT on the view immuta_system.user_entry was granted to PUBLIC",
    ),
    _main(
        "what those hold whom somebody may act as is opened to everybody",
        "GRANT SELECT ON immuta_system.possible_entry TO PUBLIC",
        "SELECT on the view immuta_system.possible_entry was granted to PUBLIC",
    ),
    _main(
        "a table of the integration is dropped",
        "DROP TABLE immuta_system.runtime",
        "the table immuta_system.runtime is missing",
    ),
    Tampering(
        "the table of what users hold is dropped",
        ("DROP TABLE immuta_system.profile_entry",),
        {MAIN: "the table immuta_system.profile_entry is missing", ALICE: "the group 'analysts' was removed"},
    ),
    Tampering(
        "a salt is removed",
        ("DELETE FROM immuta_system.salt WHERE name = 'raw.filtered'",),
        {FILTERED: "its salt was removed"},
    ),
    _main(
        "the integration's mark is edited",
        "UPDATE immuta_system.integration SET view_schema = 'elsewhere'",
        "the row of the table immuta_system.integration was altered",
    ),
)
