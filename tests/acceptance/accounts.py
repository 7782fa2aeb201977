"""An integration whose system account is no superuser: made by the script that `veil bootstrap-sql`
prints.
"""

import os
import subprocess
from dataclasses import dataclass

from tests.acceptance.conftest import Database
from veil.local.cluster.binaries import psql

SYSTEM_PASSWORD = "System1pass"
READER_PASSWORD = "Reader1pass"
APPLIER_PASSWORD = "Applier1pass"
STAYING = ["immuta_probe", "immuta_probe_tables"]
"""The schemas that the script makes as the administrator's, which no destroy removes:
docs/guides/operations.md.
"""


@dataclass(frozen=True)
class Accounts:
    """The accounts of one database; users are known to the whole engine, so each database has its
    own.
    """

    database: Database

    @property
    def system(self) -> str:
        return f"veil_{self.database.name}"

    @property
    def reader(self) -> str:
        return f"planner_{self.database.name}"

    @property
    def applier(self) -> str:
        return f"applier_{self.database.name}"

    def provider(self, *, reader: bool = False, applier: bool = False, more: str = "") -> str:
        """A provider block that signs in as one of them."""
        user, password = (self.reader, READER_PASSWORD) if reader else (self.system, SYSTEM_PASSWORD)
        if applier:
            user, password = self.applier, APPLIER_PASSWORD
        return f"""
provider "veil" {{
  host     = "{self.database.address.host}"
  port     = {self.database.address.port}
  database = "{self.database.name}"
  username = "{user}"
  password = "{password}"
  ssl      = false
  {more}
}}
"""

    def script(self, *options: str) -> str:
        """What `veil bootstrap-sql` prints, with passwords in it."""
        from contextlib import redirect_stdout
        from io import StringIO

        from veil.cli import bootstrap

        printed = StringIO()
        with redirect_stdout(printed):
            arguments = ["--database", self.database.name, "--system-user", self.system, "--source-schema", "raw"]
            assert bootstrap.main([*arguments, "--read-only-user", self.reader, *options]) == 0
        return (
            printed.getvalue()
            .replace("<PASSWORD OF THE SYSTEM ACCOUNT>", SYSTEM_PASSWORD)
            .replace("<PASSWORD OF THE READ-ONLY ACCOUNT>", READER_PASSWORD)
            .replace("<PASSWORD OF AN ACCOUNT THAT APPLIES>", APPLIER_PASSWORD)
        )

    def make(self, *options: str) -> None:
        """Run the script as an administrator would: with psql, as a superuser."""
        run_script(self.database, self.script(*options))


def schemas_left(database: Database) -> list[str]:
    """The schemas of a database that are an integration's or were made for one."""
    found = database.query(
        "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'immuta%' OR nspname = 'governed' ORDER BY 1"
    )
    return [str(row[0]) for row in found]


def run_script(database: Database, script: str) -> None:
    """Run a script with psql as the administrator; its first error ends it."""
    address = database.address
    signing_in = {
        "PGHOST": address.host,
        "PGPORT": str(address.port),
        "PGUSER": address.username,
        "PGPASSWORD": address.password,
    }
    done = subprocess.run(
        [str(psql()), "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", database.name],
        input=script,
        env={**os.environ, **signing_in},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
