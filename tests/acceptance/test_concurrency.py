"""Several at once: two Terraforms, many resources, cut connections, locks, and Ctrl-C."""

import os
import re
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tests.acceptance import crowd
from tests.acceptance.conftest import PASSWORD, Database, header
from tests.acceptance.revision import revision
from tests.acceptance.terraform import Run, Workspace


def profiles(count: int, prefix: str = "user", groups: str = '["analysts"]') -> str:
    return f"""
resource "veil_user_profile" "{prefix}" {{
  count       = {count}
  integration = veil_integration.main.id
  user        = "{prefix}${{count.index}}"
  groups      = {groups}
}}
"""


def masks(count: int, prefix: str) -> str:
    return f"""
resource "veil_masking_policy" "{prefix}" {{
  count       = {count}
  integration = veil_integration.main.id
  name        = "{prefix}${{count.index}}"
  applies_to  = {{ column_tags = ["{prefix}.tag${{count.index}}"] }}
  mask        = {{ null = {{}} }}
}}
"""


def source(table: str, more: str = "") -> str:
    return f"""
resource "veil_data_source" "{table}" {{
  integration = veil_integration.main.id
  schema      = "raw"
  table       = "{table}"
  tags        = ["{table}"]
  columns     = {{ ssn = {{ tags = ["{table}.tag0"] }} }}
  {more}
}}
resource "veil_subscription_policy" "{table}" {{
  integration = veil_integration.main.id
  name        = "{table}"
  applies_to  = {{ data_source_tags = ["{table}"] }}
  access      = "everyone"
}}
"""


def as_guest(configuration: str) -> str:
    """The same for a configuration that finds the integration and did not make it."""
    found = re.sub(
        r'resource "veil_integration" "main" \{.*?\n\}',
        'data "veil_integration" "main" { name = "main" }',
        configuration,
        flags=re.DOTALL,
    )
    return found.replace("veil_integration.main.id", "data.veil_integration.main.id").replace("data.data.", "data.")


def finish(process: Any) -> Run:
    output, _ = process.communicate(timeout=180)
    return Run(process.returncode, output)


def test_two_terraforms_at_once_lose_nothing(
    database: Database, workspace: Workspace, new_workspace: Callable[[], Workspace]
):
    crowd.prepare(database)
    workspace.write(header(database))
    assert (done := workspace.apply()), done.text
    other = new_workspace()
    workspace.write(header(database) + source("people") + profiles(25, "a") + masks(5, "people"))
    other.write(as_guest(header(database) + source("patients") + profiles(25, "b") + masks(5, "patients")))

    running = [
        each.start("apply", "-no-color", "-input=false", "-auto-approve", "-parallelism=2")
        for each in (workspace, other)
    ]
    for process in running:
        done = finish(process)
        assert done, done.text
    counts = dict(database.query("SELECT kind, COUNT(DISTINCT name) FROM immuta_system.object GROUP BY kind"))
    assert counts == {
        "integration": 1,
        "data_source": 2,
        "subscription_policy": 2,
        "masking_policy": 10,
        "user_profile": 50,
    }
    for each in (workspace, other):
        planned = each.plan()
        assert planned.code == 0, planned.text

    # The owner's destroy is refused, not carried out over the other's head.
    done = workspace.destroy()
    assert "The integration still governs something" in done.text
    assert dict(database.query("SELECT kind, COUNT(*) FROM immuta_system.profile_entry GROUP BY kind")) == {"group": 25}
    planned = other.plan()
    assert planned.code == 0, planned.text


def test_fifty_resources_at_once_are_committed_in_few_transactions(database: Database, workspace: Workspace):
    workspace.write(header(database))
    assert (done := workspace.apply()), done.text
    workspace.write(header(database) + profiles(40) + masks(10, "pii"))
    before = revision(database)
    done = workspace.apply("-parallelism=50")
    assert done, done.text
    assert database.query("SELECT COUNT(*) FROM immuta_system.object") == [(51,)]
    assert revision(database) - before <= 10


def test_a_connection_that_is_cut_again_and_again_is_made_anew(database: Database, workspace: Workspace):
    crowd.prepare(database)
    workspace.write(header(database, crowd.BASELINE) + crowd.resources())
    cuts = written = 0
    process = workspace.start("apply", "-no-color", "-input=false", "-auto-approve", "-parallelism=2")
    while process.poll() is None and cuts < 6:
        # Not again before something was written: it is the machine's speed that would decide how
        # often one transaction or one look is cut off, and veil does not try for ever.
        if revision(database) > written:
            time.sleep(0.05)
            cuts += len(database.query(CUT.format(database=database.name)))
            written = revision(database)
        time.sleep(0.02)
    done = finish(process)
    assert done, done.text
    assert cuts > 1
    planned = workspace.plan()
    assert planned.code == 0, planned.text


CUT = """
SELECT pg_terminate_backend(procpid) FROM pg_stat_activity
WHERE datname = '{database}' AND procpid <> pg_backend_pid()
"""


def test_a_lost_privilege_fails_the_apply_and_changes_nothing(database: Database, workspace: Workspace):
    crowd.prepare(database)
    keeper = f"keeper_{database.name}"
    database.run(
        f"CREATE USER {keeper} PASSWORD '{PASSWORD}'",
        f"GRANT CREATE ON DATABASE {database.name} TO {keeper}",
        f'GRANT USAGE ON SCHEMA "raw" TO {keeper}',
        f'GRANT SELECT ON ALL TABLES IN SCHEMA "raw" TO {keeper}',
    )
    address = database.address
    begin = header(database).replace(
        'engine   = "local"',
        f'host = "{address.host}"\n  port = {address.port}\n  ssl = false\n  username = "{keeper}"',
    )
    workspace.environment["REDSHIFT_PASSWORD"] = PASSWORD
    body = source("people") + profiles(1) + masks(1, "people")
    workspace.write(begin + body)
    assert (done := workspace.apply()), done.text

    workspace.write(begin + body.replace("null = {}", 'constant = { value = "x" }'))
    planned = workspace.run("plan", "-input=false", "-out=plan.bin")
    assert planned, planned.text
    before = revision(database)
    database.run(f"ALTER TABLE immuta_system.object OWNER TO {database.address.username}")
    done = workspace.run("apply", "-no-color", "-input=false", "plan.bin")
    assert done.code == 1
    assert "Apply complete" not in done.text
    assert "The account may not read the integration's tables" in done.text, done.text
    assert 'ALTER TABLE "immuta_system".object OWNER TO' in " ".join(done.text.split()), done.text
    assert revision(database) == before

    database.run(f"ALTER TABLE immuta_system.object OWNER TO {keeper}")
    assert (done := workspace.apply()), done.text
    assert workspace.plan().code == 0


@contextmanager
def holding(database: Database, *statements: str, user: str | None = None) -> Iterator[None]:
    """Somebody who has begun a transaction and gone to lunch."""
    with database.connect(user) as connection, connection.cursor() as cursor:
        cursor.execute("BEGIN")
        for statement in statements:
            cursor.execute(statement)
        yield
        cursor.execute("ROLLBACK")


LOCKS = (
    ('LOCK TABLE "raw".people', None, ("the view governed.people of raw.people", "locked by user {admin}")),
    ("SELECT * FROM governed.people", "alice", ("the view governed.people", "locked by user alice")),
    (
        "LOCK TABLE immuta_system.object",
        None,
        ("the metadata in immuta_system", "immuta_system.object is locked by user"),
    ),
    (
        "LOCK TABLE immuta_system.writer",
        None,
        ("the metadata in immuta_system", "immuta_system.writer is locked by user"),
    ),
)
"""What somebody does in a transaction and leaves open, as whom, and what is said of it."""


def test_a_lock_fails_the_apply_naming_what_is_locked_and_who_holds_it(database: Database, workspace: Workspace):
    crowd.prepare(database)
    body = source("people") + profiles(1) + masks(1, "people")
    alice = profiles(1, "alice").replace("${count.index}", "")
    workspace.write(header(database) + body + alice)
    assert (done := workspace.apply()), done.text
    changed = body.replace("null = {}", 'constant = { value = "x" }') + alice
    workspace.write(impatient(database) + changed)
    for statement, user, words in LOCKS:
        with holding(database, statement, user=user):
            done = workspace.apply()
        text = done.text.replace("\n", " ")
        assert done.code == 1 and "Waited too long for a lock" in text, f"{statement}: {done.text}"
        told = [each.format(admin=database.address.username) for each in words]
        assert [each for each in told if each not in text] == [], f"{statement}: {done.text}"
    workspace.write(header(database) + changed)
    converges(workspace)


def impatient(database: Database) -> str:
    """The header of a configuration whose statements wait a second. What is to succeed may take
    longer than that on a busy machine.
    """
    return header(database).replace('engine   = "local"', 'engine   = "local"\n  statement_timeout = 1')


def test_a_reader_at_lunch_holds_up_the_change_of_its_view_and_no_other(database: Database, workspace: Workspace):
    database.run(*(f'CREATE TABLE "raw".t{number} AS SELECT * FROM "raw".customers' for number in range(9)))
    alice = profiles(1, "alice").replace("${count.index}", "")

    def body(mask: str) -> str:
        return (
            alice
            + f"""
resource "veil_data_source" "all" {{
  count       = 9
  integration = veil_integration.main.id
  schema      = "raw"
  table       = "t${{count.index}}"
  columns     = {{ ssn = {{ tags = ["n${{count.index}}"] }} }}
}}
resource "veil_masking_policy" "all" {{
  count       = 9
  integration = veil_integration.main.id
  name        = "m${{count.index}}"
  applies_to  = {{ column_tags = ["n${{count.index}}"] }}
  mask        = {{ {mask} }}
  depends_on  = [veil_data_source.all]
}}
"""
        )

    workspace.write(header(database) + body("null = {}"))
    assert (done := workspace.apply()), done.text
    changed = body('constant = { value = "x" }')
    workspace.write(impatient(database) + changed)
    with holding(database, "SELECT * FROM governed.t4", user="alice"):
        done = workspace.apply()
    assert done.code == 1
    assert done.text.count("Error:") == 1, done.text
    text = " ".join(done.text.split())
    assert "with veil_masking_policy.all[4]" in text, done.text
    assert "the view governed.t4" in text and "locked by user alice" in text, done.text
    texts = dict(database.query("SELECT viewname, definition FROM pg_views WHERE schemaname = 'governed'"))
    assert [name for name in sorted(texts) if "'x'" not in texts[name]] == ["t4"]
    workspace.write(header(database) + changed)
    converges(workspace)


def converges(workspace: Workspace) -> None:
    assert (done := workspace.apply()), done.text
    planned = workspace.plan()
    assert planned.code == 0, planned.text


def test_ctrl_c_leaves_what_the_next_apply_completes(database: Database, workspace: Workspace):
    crowd.prepare(database)
    workspace.write(header(database, crowd.BASELINE) + crowd.resources())
    process = workspace.start("apply", "-no-color", "-input=false", "-auto-approve", "-parallelism=2")
    while process.poll() is None and revision(database) < 3:
        time.sleep(0.01)
    # As the terminal does it: to everybody in the process group.
    os.killpg(process.pid, signal.SIGINT)
    done = finish(process)
    assert done.code == 1, done.text
    assert "Interrupt received" in done.text and "did not respond" not in done.text

    # Whatever was made is in the state, and nothing else is: else the names would be taken over
    # under a new id.
    stored = {row[0] for row in database.query("SELECT id FROM immuta_system.object")}
    known = set(re.findall(r'"id": "([^"]+)"', (workspace.folder / "terraform.tfstate").read_text()))
    assert stored == known
    converges(workspace)
