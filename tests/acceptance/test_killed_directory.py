"""A provider that dies while it writes a directory of users leaves all of it as it was, and the
next apply completes it.
"""

import os
import random
import signal
import subprocess
import time

from tests.acceptance.conftest import Database, header
from tests.acceptance.conftest import new_starting_workspace as new_workspace  # noqa: F401 - it is killed
from tests.acceptance.terraform import Workspace
from tests.acceptance.test_killed import provider_of
from tests.acceptance.watching import Watcher

USERS = 600
"""As many as several statements hold."""
DEATHS = ("profile", "profile_entry", "profile_entry")
"""The table that it writes each time."""

RESOURCES = """
resource "veil_data_source" "customers" {
  integration = veil_integration.main.id
  schema      = "raw"
  table       = "customers"
}
resource "veil_subscription_policy" "members" {
  integration = veil_integration.main.id
  name        = "members"
  applies_to  = { all_data_sources = true }
  access      = "conditions"
  expression  = "@isInGroups('open')"
}
resource "veil_user_profiles" "all" {
  integration = veil_integration.main.id
  file        = "users.csv"
}
"""
SEEN = {"customers": "SELECT COUNT(*) FROM governed.customers"}
HELD = """
SELECT value, COUNT(DISTINCT immuta__userid) FROM immuta_system.profile_entry WHERE value IN ('open', 'shut') GROUP BY value
"""


def test_a_provider_that_dies_while_it_writes_a_directory_leaves_it_as_it_was(database: Database, workspace: Workspace):
    chance = random.Random(2026)
    workspace.write(header(database) + RESOURCES)
    workspace.write(directory("open"), "users.csv")
    assert (done := workspace.apply()), done.text
    assert held(database) == {"open": USERS + 1}
    workspace.write(directory("shut"), "users.csv")
    with Watcher(database, "alice", SEEN, pause=0.05).watching() as analyst:
        for table in DEATHS:
            kill_at(database, workspace, table, f"user{chance.randrange(USERS)}")
            assert held(database) == {"open": USERS + 1}
        analyst.wait_for_rounds()
        assert analyst.seen["customers"] == {(4,)}, "she is in the group until all are out of it"
        assert (done := workspace.apply()), done.text
        assert held(database) == {"shut": USERS + 1}
        analyst.wait_for_rounds()
    assert analyst.seen["customers"] == {(4,), (0,)}
    planned = workspace.plan()
    assert planned.code == 0, planned.text


def directory(group: str) -> str:
    """A file of all users, who are in this group."""
    return "user,groups\n" + "".join(f"{user},{group}\n" for user in ("alice", *(f"user{at}" for at in range(USERS))))


def held(database: Database) -> dict[str, int]:
    """How many users views find in each group."""
    return dict(database.query(HELD))


def kill_at(database: Database, workspace: Workspace, table: str, user: str) -> None:
    """Kill the provider of an apply while it waits to write a user's row in this table."""
    holder = database.connect()
    holder.autocommit = False
    with holder.cursor() as cursor, database.connect() as looking, looking.cursor() as watch:
        cursor.execute(f"DELETE FROM immuta_system.{table} WHERE immuta__userid = '{user}'")
        terraform = workspace.start("apply", "-no-color", "-input=false", "-auto-approve")
        while terraform.poll() is None:
            watch.execute("SELECT COUNT(*) FROM pg_locks WHERE NOT granted")
            if watch.fetchone()[0] > 0:
                break
            time.sleep(0.05)
        pid = provider_of(terraform)
        assert pid is not None, ended(terraform)
        os.kill(pid, signal.SIGKILL)
        assert "Error: " in ended(terraform)
        holder.rollback()
    holder.close()


def ended(terraform: subprocess.Popen[str]) -> str:
    """All that a command says, once it has ended."""
    output, _ = terraform.communicate(timeout=120)
    return output
