"""An installation that an older version of veil made, with something of every kind in it.

    python -m tests.acceptance.older COMMIT ...          # made by these commits, and upgraded by this checkout
    python -m tests.acceptance.older --record COMMIT     # the same, and kept for the tests

The older code runs out of an archive of the repository, as the provider of a real Terraform and as
the embedded engine. The exit status is 1 where the upgrade told, changed or showed anything that it
should not.
"""

import argparse
import io
import json
import os
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import redshift_connector

from tests.acceptance.carrying import carried, schemas_of
from tests.acceptance.conftest import PASSWORD, USERS, Database, sample
from tests.acceptance.terraform import Run, Workspace, install_provider
from tests.acceptance.watching import Watcher
from tests.engine import running_engine
from veil.local import Address, Engine
from veil.warehouse import SCHEMA_VERSION

NAME = "older"
"""The database's: it stands in what the older version wrote and hashed."""
GROUP = "older_impersonators"
FOLDER = Path(__file__).parent / "recorded"
_ROOT = Path(__file__).parents[2]
CONFIGURATION = f"""
terraform {{
  required_providers {{ veil = {{ source = "veil-data/veil" }} }}
}}
provider "veil" {{
  engine   = "local"
  database = "{NAME}"
}}
resource "veil_integration" "main" {{
  name          = "main"
  database      = "{NAME}"
  view_schema   = "governed"
  baseline      = {{ null_tags = ["pii"], closed_tags = ["secret"] }}
  impersonation = {{ enabled = true, group = "{GROUP}" }}
}}
resource "veil_data_source" "customers" {{
  integration       = veil_integration.main.id
  schema            = "raw"
  table             = "customers"
  tags              = ["sales"]
  event_time_column = "created_at"
  policies          = ["own territory", "ssn"]
  columns = {{
    name      = {{ tags = ["pii.name"] }}
    email     = {{ tags = ["pii.email"] }}
    ssn       = {{ tags = ["id.ssn"] }}
    territory = {{ tags = ["geo"] }}
    card      = {{ tags = ["card"] }}
    balance   = {{ tags = ["money"] }}
  }}
}}
resource "veil_data_source" "orders" {{
  integration = veil_integration.main.id
  schema      = "raw"
  table       = "orders"
  view_name   = "purchases"
  columns     = {{ total = {{ tags = ["money"] }} }}
}}
resource "veil_data_source" "access_tree" {{
  integration = veil_integration.main.id
  schema      = "raw"
  table       = "access_tree"
  tags        = ["secret"]
}}
resource "veil_masking_policy" "ssn" {{
  integration = veil_integration.main.id
  name        = "ssn"
  applies_to  = {{ column_tags = ["id"] }}
  mask        = {{ hash = {{}} }}
  exceptions  = {{ purposes = ["fraud"] }}
}}
resource "veil_masking_policy" "email" {{
  integration = veil_integration.main.id
  name        = "email"
  applies_to  = {{ column_tags = ["pii.email"] }}
  mask        = {{ email = {{}} }}
  exceptions  = {{ groups = ["hr"] }}
}}
resource "veil_masking_policy" "card" {{
  integration      = veil_integration.main.id
  name             = "card"
  applies_to       = {{ column_tags = ["card"] }}
  for_everyone_who = "@isInGroups('hr')"
  mask             = {{ partial = {{ keep_last = 4 }} }}
  otherwise        = {{ null = {{}} }}
}}
resource "veil_masking_policy" "money" {{
  integration = veil_integration.main.id
  name        = "money"
  priority    = 3
  applies_to  = {{ column_tags = ["money"] }}
  mask        = {{ round = {{ bucket = 100 }} }}
  where       = "@columnTagged('money') > 10 OR id = 2"
}}
resource "veil_row_policy" "own_territory" {{
  integration = veil_integration.main.id
  name        = "own territory"
  applies_to  = {{ data_source_tags = ["sales"] }}
  show        = {{ user_matches = [{{ attribute = "territory", column_tag = "geo" }}] }}
  exceptions  = {{ groups = ["hr"] }}
}}
resource "veil_row_policy" "recent" {{
  integration = veil_integration.main.id
  name        = "recent"
  applies_to  = {{ data_sources = ["raw.customers"] }}
  show        = {{ where = "level IN (SELECT access_level FROM raw.access_tree WHERE @attributeValuesContains('root', root)) OR @isInGroups('hr') OR id < 4" }}
}}
resource "veil_subscription_policy" "analysts" {{
  integration = veil_integration.main.id
  name        = "analysts"
  applies_to  = {{ data_source_tags = ["sales"] }}
  access      = "conditions"
  expression  = "@isInGroups('analysts') OR @isInGroups('hr')"
}}
resource "veil_subscription_policy" "orders" {{
  integration = veil_integration.main.id
  name        = "orders"
  applies_to  = {{ data_sources = ["raw.orders"] }}
  access      = "individual"
}}
resource "veil_subscription" "dave" {{
  integration = veil_integration.main.id
  user        = "dave"
  data_source = veil_data_source.orders.id
  expires_at  = "2130-01-01T00:00:00Z"
}}
resource "veil_purpose" "fraud" {{
  integration     = veil_integration.main.id
  name            = "fraud"
  acknowledgement = "Only against fraud."
}}
resource "veil_project" "detection" {{
  integration  = veil_integration.main.id
  name         = "detection"
  members      = ["alice", "bob"]
  data_sources = [veil_data_source.customers.id]
  purposes     = [veil_purpose.fraud.name]
  masked_joins = true
}}
resource "veil_user_profile" "alice" {{
  integration = veil_integration.main.id
  user        = "alice"
  groups      = ["analysts"]
  attributes  = {{ territory = ["US", "CA"], root = ["Food", "it's"] }}
}}
resource "veil_user_profiles" "others" {{
  integration = veil_integration.main.id
  users = {{
    bob     = {{ groups = ["analysts"], attributes = {{ territory = ["CA", "FR"] }} }}
    carol   = {{ groups = ["hr"] }}
    dave    = {{}}
    support = {{ groups = ["support"] }}
  }}
}}
resource "veil_impersonation" "support" {{
  integration = veil_integration.main.id
  user        = "support"
  as_users    = ["carol"]
}}
"""
CHOICES = {
    "alice": (
        "CALL immuta_procedures.switch_project('detection')",
        "CALL immuta_procedures.acknowledge_purpose('fraud', 'Only against fraud.')",
    ),
    "bob": ("CALL immuta_procedures.switch_project('detection')",),
}
"""What users did meanwhile, which an upgrade has to keep."""
QUERIES = {
    "customers": "SELECT * FROM governed.customers",
    "purchases": "SELECT * FROM governed.purchases",
    "access_tree": "SELECT * FROM governed.access_tree",
    "profile": "SELECT immuta__userid, current_project FROM immuta_system.user_profile",
}
Sights = Mapping[tuple[str, str], set[tuple[Any, ...]] | str]


def sights(database: Database) -> Sights:
    """What each user sees of each view: rows, or the refusal."""
    found: dict[tuple[str, str], set[tuple[Any, ...]] | str] = {}
    for user in USERS:
        for name, sql in QUERIES.items():
            try:
                found[user, name] = {tuple(row) for row in database.query(sql, user)}
            except redshift_connector.Error as error:
                found[user, name] = str(error.args[0]["M"])
    return found


@contextmanager
def watched(database: Database) -> Iterator[list[Watcher]]:
    """Each user looks all the time while the block runs."""
    watchers = [Watcher(database, user, QUERIES, pause=0.2) for user in USERS]
    with ExitStack() as stack:
        for each in watchers:
            stack.enter_context(each.watching())
        yield watchers


def shown_too_much(before: Sights, watchers: list[Watcher]) -> list[str]:
    """Who saw a row meanwhile that was not theirs to see before."""
    problems = []
    for each in watchers:
        for name, rows in each.seen.items():
            known = before[each._user, name]
            strange = rows - (known if isinstance(known, set) else set())
            problems += [f"{each._user} saw in {name}: {row}" for row in sorted(strange, key=repr)]
    return problems


def told(run: Run) -> str:
    return " ".join(run.text.split())


def problems_of_upgrade(database: Database, workspace: Workspace) -> list[str]:
    """Plan and apply with this checkout what an older version made, in words what was wrong;
    nothing where all went well.
    """
    before = sights(database)
    version = database.query("SELECT MAX(schema_version) FROM immuta_system.integration")[0][0]
    planned = workspace.plan()
    found = [] if planned.code == 2 else [f"the plan ends with {planned.code}: {planned.text}"]
    line = f"the schemas are of version {version} and are brought to version {SCHEMA_VERSION}"
    if version < SCHEMA_VERSION and line not in told(planned):
        found.append(f"the plan does not say that {line}: {planned.text}")
    with watched(database) as watchers:
        applied = workspace.apply()
        for each in watchers:
            each.wait_for_rounds()
    if not applied:
        found.append(f"the apply fails: {applied.text}")
    if (again := workspace.plan()).code != 0:
        found.append(f"the plan afterwards is not empty: {again.text}")
    found += shown_too_much(before, watchers)
    after = sights(database)
    found += [
        f"{user} sees in {name} {after[user, name]} and saw {rows}"
        for (user, name), rows in before.items()
        if after[user, name] != rows
    ]
    return found


@contextmanager
def archived(commit: str) -> Iterator[Path]:
    """The folder of the provider's sources at a commit."""
    archive = subprocess.run(["git", "archive", commit, "provider"], cwd=_ROOT, capture_output=True, check=True).stdout
    with tempfile.TemporaryDirectory(prefix="veil-older-") as folder:
        with tarfile.open(fileobj=io.BytesIO(archive)) as files:
            files.extractall(folder, filter="data")
        yield Path(folder) / "provider"


@contextmanager
def engine_of(sources: Path, folder: Path) -> Iterator[Address]:
    """The address of a fresh engine of these sources."""
    environment = {**os.environ, "PYTHONPATH": str(sources), "VEIL_LOCAL_DIR": str(folder)}
    command = [sys.executable, "-m", "veil.cli.main", "local"]
    subprocess.run([*command, "up"], env=environment, check=True, stdout=subprocess.DEVNULL)
    try:
        address = Engine(folder).address()
        assert address is not None
        yield address
    finally:
        subprocess.run([*command, "reset"], env=environment, check=True, stdout=subprocess.DEVNULL)


def prepare(address: Address) -> Database:
    """The users of an engine, and a database with the raw tables."""
    system = Database(address.database, address)
    known = {str(name) for (name,) in system.query("SELECT usename FROM pg_user")}
    system.run(*(f"CREATE USER {user} PASSWORD '{PASSWORD}'" for user in USERS if user not in known))
    system.run(f"CREATE DATABASE {NAME}")
    database = Database(NAME, address)
    database.run(*sample())
    return database


@dataclass(frozen=True)
class Recorded:
    """An installation of a version: what makes it after that version's schemas, and Terraform's
    state of it.
    """

    version: int
    statements: tuple[str, ...]
    state: str

    def load(self, address: Address, folder: Path) -> Database:
        """Make it on the present engine, and its state in a workspace."""
        database = prepare(address)
        database.run(
            f"CREATE GROUP {GROUP}",
            f"ALTER GROUP {GROUP} ADD USER support",
            *schemas_of(self.version),
            *self.statements,
            f"GRANT EXECUTE ON PROCEDURE immuta_procedures.impersonate_user(VARCHAR) TO GROUP {GROUP}",
        )
        (folder / "main.tf").write_text(CONFIGURATION, encoding="utf-8")
        (folder / "terraform.tfstate").write_text(self.state, encoding="utf-8")
        return database

    def keep(self) -> None:
        """Keep it for the tests."""
        FOLDER.mkdir(exist_ok=True)
        kept = {"statements": self.statements, "state": json.loads(self.state)}
        path = FOLDER / f"version_{self.version}.json"
        path.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def kept(version: int) -> Recorded:
    """What was kept of a version."""
    found = json.loads((FOLDER / f"version_{version}.json").read_text(encoding="utf-8"))
    return Recorded(version, tuple(found["statements"]), json.dumps(found["state"]))


def made_by(sources: Path, folder: Path) -> Recorded:
    """Have a provider of these sources make the installation on an engine of theirs, and users
    choose what they choose.
    """
    with engine_of(sources, folder / "engine") as address:
        database = prepare(address)
        environment = {"PYTHONPATH": str(sources), "VEIL_LOCAL_DIR": str(folder / "engine")}
        workspace = Workspace(folder / "workspace", install_provider(folder / "provider"), environment)
        workspace.write(CONFIGURATION)
        if not (done := workspace.apply()):
            raise RuntimeError(f"the older version does not get there: {done.text}")
        database.run(f"ALTER GROUP {GROUP} ADD USER support")
        for user, statements in CHOICES.items():
            database.run(*statements, user=user)
        workspace.apply()
        if (planned := workspace.plan()).code != 0:
            raise RuntimeError(f"the older version has no empty plan: {planned.text}")
        version = int(database.query("SELECT MAX(schema_version) FROM immuta_system.integration")[0][0])
        state = (folder / "workspace" / "terraform.tfstate").read_text(encoding="utf-8")
        return Recorded(version, tuple(carried(database)), state)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="older", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("commits", nargs="+")
    parser.add_argument("--record", action="store_true", help="keep what the commit makes for the tests")
    options = parser.parse_args(arguments)
    problems = [each for commit in options.commits for each in _try(commit, record=options.record)]
    return 1 if problems else 0


def _try(commit: str, *, record: bool) -> list[str]:
    with archived(commit) as sources, tempfile.TemporaryDirectory(prefix="veil-older-") as folder:
        made = made_by(sources, Path(folder))
    if record:
        made.keep()
    with running_engine() as engine, tempfile.TemporaryDirectory(prefix="veil-older-") as folder:
        address = engine.address()
        assert address is not None
        database = made.load(address, Path(folder))
        environment = {"VEIL_LOCAL_DIR": str(engine.directory)}
        config = install_provider(Path(folder) / "provider")
        problems = problems_of_upgrade(database, Workspace(Path(folder), config, environment))
    told = "; ".join(problems) or "upgraded, and nothing else seen"
    print(f"{commit}, version {made.version}: {told}", flush=True)
    return problems


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
