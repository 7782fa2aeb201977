"""A warehouse that dies in the middle of an apply: every diagnostic is in our words."""

import os
import signal
import time
from pathlib import Path

from tests.acceptance.conftest import Database, header, sample
from tests.acceptance.terraform import Run, Workspace
from tests.engine import running_engine
from tests.warehouse.test_lost import FOREIGN

RESOURCES = """
resource "veil_data_source" "customers" {
  integration = veil_integration.main.id
  schema      = "raw"
  table       = "customers"
  columns     = { ssn = { tags = ["pii"] } }
}
resource "veil_masking_policy" "pii" {
  integration = veil_integration.main.id
  name        = "pii"
  applies_to  = { column_tags = ["pii"] }
  mask        = { %s = {} }
}
resource "veil_user_profile" "alice" {
  integration = veil_integration.main.id
  user        = "alice"
  groups      = ["%s"]
}
"""
LOCKED = ("immuta_system.object", "immuta_system.profile")
"""What an apply waits for that writes either."""


def killed_while_waiting(database: Database, workspace: Workspace, *arguments: str) -> Run:
    """What a command prints when the engine's gateway is killed while the command waits for a
    lock.
    """
    holder = database.connect()
    holder.autocommit = False
    with holder.cursor() as cursor:
        for table in LOCKED:
            cursor.execute(f"LOCK TABLE {table}")
        running = workspace.start(*arguments, "-no-color", "-input=false")
        with database.connect() as looking, looking.cursor() as watch:
            while running.poll() is None:
                watch.execute("SELECT COUNT(*) FROM pg_locks WHERE NOT granted")
                if watch.fetchone()[0] > 0:
                    os.kill(database.address.pid, signal.SIGKILL)
                    break
                time.sleep(0.05)
    output, _ = running.communicate(timeout=240)
    lines = [line.strip("│╷╵ ").rstrip() for line in output.splitlines()]
    return Run(running.returncode, "\n".join(filter(None, lines)))


def test_an_engine_that_is_killed_in_the_middle_of_an_apply_is_told_in_our_words(cli_config: Path, tmp_path: Path):
    with running_engine() as engine:
        address = engine.address()
        assert address is not None
        database = Database(address.database, address)
        database.run(*sample())
        workspace = Workspace(tmp_path, cli_config, {"VEIL_LOCAL_DIR": str(engine.directory)})
        workspace.write(header(database) + RESOURCES % ("null", "analysts"))
        assert (done := workspace.apply()), done.text
        workspace.write(header(database) + RESOURCES % ("hash", "others"))
        ended = killed_while_waiting(database, workspace, "apply", "-auto-approve")
        errors = ended.text[ended.text.index("Error: ") :]
        assert ended.code == 1, ended.text
        assert f"127.0.0.1:{address.port}" in errors, errors
        assert not FOREIGN.search(errors) and "Internal error" not in errors, errors
        engine.up(progress=lambda line: None)
        assert (done := workspace.apply()), done.text
