"""The whole life of a configuration under a system account that is no superuser, and plans under
one that only reads.
"""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from tests.acceptance.accounts import READER_PASSWORD, STAYING, SYSTEM_PASSWORD, Accounts, schemas_left
from tests.acceptance.conftest import Database
from tests.acceptance.lifecycle import CASES, INTEGRATION, act, look, prepare, resources
from tests.acceptance.lookalikes import heard, plant
from tests.acceptance.tampering.kinds import GROUP
from tests.acceptance.tampering.people import PROFILES
from tests.acceptance.tampering.system import PROCEDURES
from tests.acceptance.tampering.views import VIEWS
from tests.acceptance.terraform import Workspace
from veil.local import Engine

ALTERED = tuple(each for each in (*VIEWS, *PROFILES, *PROCEDURES) if GROUP not in each.statements[0])
"""The impersonation group has another name here."""


@dataclass(frozen=True)
class Place:
    """A warehouse with its accounts, and a workspace for it."""

    accounts: Accounts
    workspace: Workspace

    @property
    def database(self) -> Database:
        return self.accounts.database

    @property
    def group(self) -> str:
        return f"actors_{self.database.name}"

    def write(self, *, changed: bool = False, reader: bool = False) -> None:
        body = (INTEGRATION.after if changed else INTEGRATION.before).replace("{}", f'{{ group = "{self.group}" }}')
        self.workspace.write(f"""
terraform {{
  required_providers {{ veil = {{ source = "veil-data/veil" }} }}
}}
{self.accounts.provider(reader=reader)}
resource "veil_integration" "main" {{
  name        = "main"
  database    = "{self.database.name}"
  view_schema = "governed"
  {body}
}}
{resources(changed=changed)}""")


@pytest.fixture(scope="module")
def place(engine: Engine, new_database: Callable[[], Database], new_workspace: Callable[[], Workspace]) -> Place:
    """Nothing is applied yet: the tests are the chapters of one story. An analyst has made things
    of the names that veil uses before it came, and the accounts are set to look there first.
    """
    database = new_database()
    prepare(database)
    accounts = Accounts(plant(engine, database, "public", "evil", f"veil_{database.name}", database.address.username))
    made = Place(accounts, new_workspace())
    made.accounts.make("--impersonation-group", made.group)
    for account in (accounts.system, accounts.reader):
        database.run(f'ALTER USER "{account}" SET search_path TO evil, public, pg_catalog')
    return made


def test_a_system_account_without_superuser_s_rights_makes_everything_but_members_of_groups(place: Place):
    superuser = f"SELECT usesuper, usecreatedb FROM pg_user WHERE usename = '{place.accounts.system}'"
    assert place.database.query(superuser) == [(False, False)]
    place.write()
    failed = place.workspace.apply()
    told = " ".join(failed.text.split())
    assert "Only a superuser changes groups" in told, failed.text
    assert f'ALTER GROUP "{place.group}" ADD USER "bob"' in told
    place.database.run(f"ALTER GROUP {place.group} ADD USER bob")
    assert (done := place.workspace.apply()), done.text
    assert (again := place.workspace.plan()).code == 0, again.text
    act(place.database)
    for case in (INTEGRATION, *CASES):
        assert look(place.database, case) == case.seen[0], case.address


def test_a_read_only_account_plans_and_does_not_apply(place: Place):
    place.write(reader=True)
    planned = place.workspace.plan()
    assert planned.code == 0, planned.text
    place.write(reader=True, changed=True)
    refused = place.workspace.apply("-target=veil_integration.main")
    told = " ".join(refused.text.split())
    assert "This account only reads" in told, refused.text
    assert f'Apply with username = "{place.accounts.system}"' in told


def test_a_read_only_account_reads_no_governed_table_and_no_salt(place: Place):
    reader = place.accounts.reader
    for table in ('"raw".customers', "immuta_system.salt"):
        assert "permission denied" in place.database.refusal(f"SELECT * FROM {table}", reader, READER_PASSWORD)
    assert place.database.query("SELECT COUNT(*) FROM governed.customers", reader, READER_PASSWORD) == [(0,)]


def test_everything_is_changed_in_place(place: Place):
    place.write(changed=True)
    assert (done := place.workspace.apply()), done.text
    for case in (INTEGRATION, *CASES):
        assert look(place.database, case) == case.seen[1], case.address


def test_what_others_altered_is_put_right(place: Place):
    place.write()
    for tampering in ALTERED:
        place.database.run(*tampering.statements)
    done = place.workspace.apply()
    assert done, done.text
    told = " ".join(done.text.split())
    for tampering in ALTERED:
        for line in tampering.drift.values():
            assert line in told
    assert (again := place.workspace.plan()).code == 0, again.text
    for case in (INTEGRATION, *CASES):
        assert look(place.database, case) == case.seen[0], case.address


def test_what_somebody_else_took_is_told_with_the_statement_that_gives_it_back_and_holds_up_no_other_repair(
    place: Place,
):
    taken = "immuta_functions", "immuta_procedures"
    place.database.run(
        *(f"ALTER SCHEMA {schema} OWNER TO bob" for schema in taken),
        "INSERT INTO immuta_system.impersonation VALUES ('dave', 'carol')",
    )
    give_back = [f'ALTER SCHEMA "{schema}" OWNER TO "{place.accounts.system}"' for schema in taken]
    done = place.workspace.apply("-target=veil_integration.main")
    told = " ".join(done.text.split())
    assert done, done.text
    assert "An apply cannot repair this: the integration" in told
    assert "the schema immuta_functions is owned by bob" in told and "dave was allowed to act as carol" in told
    assert all(statement in told for statement in give_back)
    assert place.database.query("SELECT * FROM immuta_system.impersonation WHERE immuta__userid = 'dave'") == []
    assert place.workspace.state("veil_integration.main")["status"] == "recurringValidationError"

    place.database.run(*give_back)
    repaired = place.workspace.apply()
    assert repaired, repaired.text
    planned = place.workspace.plan()
    assert planned.code == 0, planned.text
    assert "cannot repair" not in planned.text
    for case in (INTEGRATION, *CASES):
        assert look(place.database, case) == case.seen[0], case.address


def test_a_table_that_somebody_else_took_closes_what_it_decides_and_holds_up_no_other_repair(place: Place):
    system, seen = place.accounts.system, "SELECT COUNT(*) FROM governed.customers"
    rows = place.database.query(seen, "bob")
    assert rows != [(0,)]
    place.database.run(
        "ALTER TABLE immuta_system.impersonation OWNER TO bob",
        f'GRANT ALL ON immuta_system.impersonation TO "{system}"',
        "ALTER PROCEDURE immuta_procedures.add_entries(VARCHAR) SECURITY INVOKER",
        "GRANT SELECT ON immuta_system.user_entry TO bob",
        "INSERT INTO immuta_system.project_entry VALUES ('strange', 'group', 'g', 'v', 2, NULL)",
    )
    done = place.workspace.apply("-target=veil_integration.main")
    assert done, done.text
    told = " ".join(done.text.split())
    give_back = f'ALTER TABLE "immuta_system"."impersonation" OWNER TO "{system}"'
    assert "An apply cannot repair this: the integration" in told and give_back in told
    assert "belongs to bob: the apply closes all data sources" in told
    assert "the procedure add_entries was replaced" in told and "SELECT on the view immuta_system.user_entry" in told
    assert place.database.query(seen, "bob") == [(0,)]
    planned = place.workspace.plan("-target=veil_integration.main")
    assert planned.code == 0, planned.text
    planned = " ".join(place.workspace.plan().text.split())
    assert "immuta_system.impersonation decides who sees what and belongs to bob" in planned
    assert "permission denied" in place.database.refusal("SELECT 1 FROM immuta_system.user_entry", "bob")
    assert place.database.query("SELECT COUNT(*) FROM immuta_system.project_entry WHERE project = 'strange'") == [(0,)]

    place.database.run(give_back)
    repaired = place.workspace.apply()
    assert repaired, repaired.text
    assert "is veil's own again" in " ".join(repaired.text.split())
    assert place.database.query(seen, "bob") == rows
    planned = place.workspace.plan()
    assert planned.code == 0, planned.text
    for case in (INTEGRATION, *CASES):
        assert look(place.database, case) == case.seen[0], case.address


def test_what_an_owner_of_a_table_planted_is_gone_when_the_data_sources_are_opened(place: Place):
    system = place.accounts.system
    held = "SELECT kind, name, value FROM immuta_system.profile_entry WHERE immuta__userid = 'bob' ORDER BY 1, 2, 3"
    was = place.database.query(held)
    place.database.run(
        "ALTER TABLE immuta_system.profile_entry OWNER TO bob",
        f'GRANT ALL ON immuta_system.profile_entry TO "{system}"',
    )
    closed = place.workspace.apply("-target=veil_integration.main")
    assert closed and "the apply closes all data sources" in " ".join(closed.text.split()), closed.text
    place.database.run(
        "INSERT INTO immuta_system.profile_entry (immuta__userid, kind, name, value) VALUES ('bob', 'group', '', 'planted')",
        f'ALTER TABLE immuta_system.profile_entry OWNER TO "{system}"',
    )
    opened = place.workspace.apply("-target=veil_integration.main")
    assert opened and "writes anew what was altered of 1 users" in " ".join(opened.text.split()), opened.text
    assert place.database.query(held) == was
    assert place.database.query("SELECT COUNT(*) FROM immuta_system.closed") == [(0,)]
    assert (planned := place.workspace.plan()).code == 0, planned.text


def test_what_every_apply_writes_is_asked_back_first(place: Place):
    place.database.run("ALTER TABLE immuta_system.incoming OWNER TO bob")
    done = place.workspace.apply("-target=veil_integration.main")
    told = " ".join(done.text.split())
    give_back = f'ALTER TABLE "immuta_system"."incoming" OWNER TO "{place.accounts.system}"'
    assert done and give_back in told, done.text
    place.database.run("ALTER PROCEDURE immuta_procedures.add_entries(VARCHAR) SECURITY INVOKER")
    refused = place.workspace.apply("-target=veil_integration.main")
    assert refused.code == 1 and "Each apply writes immuta_system.incoming" in " ".join(refused.text.split()), (
        refused.text
    )
    place.database.run(give_back)
    done = place.workspace.apply()
    assert done, done.text


def test_a_read_only_role_that_was_dropped_is_told_of_and_stands_in_nobodys_way(place: Place):
    role = f"{place.accounts.reader}_role"
    place.database.run(
        f"REVOKE ALL ON ALL TABLES IN SCHEMA immuta_system FROM ROLE {role}",
        f"DROP ROLE {role} FORCE",
    )
    place.write(changed=True)
    done = place.workspace.apply("-target=veil_integration.main")
    assert done, done.text
    told = " ".join(done.text.split())
    assert f"the role {role}, which the row of the table immuta_system.integration names for accounts that plan" in told
    assert place.database.query("SELECT read_only_role FROM immuta_system.integration") == [(None,)]


def test_no_password_is_left_in_state_or_plan(place: Place):
    for path in place.workspace.folder.glob("terraform.tfstate*"):
        assert SYSTEM_PASSWORD not in path.read_text()


def test_all_of_it_is_destroyed_and_nothing_of_it_ran_what_an_analyst_had_made(engine: Engine, place: Place):
    assert (done := place.workspace.destroy()), done.text
    assert schemas_left(place.database) == STAYING
    ending = (
        'DROP VIEW "immuta_probe"."reader"; DROP SCHEMA "immuta_probe" RESTRICT; '
        'DROP TABLE "immuta_probe_tables"."empty"; DROP SCHEMA "immuta_probe_tables" RESTRICT'
    )
    assert f"A superuser drops it so: {ending}" in " ".join(done.text.split())
    place.database.run(*ending.split("; "))
    assert schemas_left(place.database) == []
    assert heard(engine, place.database) == []
