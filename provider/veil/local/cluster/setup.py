"""Makes a data directory: initdb, then our SQL in template1, then the user and the databases that
Redshift starts with.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
from importlib import resources
from pathlib import Path

from veil.local.cluster.identity import Identity
from veil.local.cluster.settings import AUTHENTICATION, configuration
from veil.local.errors import EngineError

OWNER = "rdsdb"  # what Redshift calls the superuser that owns the system itself; only the gateway signs in as it
ADMINISTRATOR = "awsuser"
INITIAL_DATABASE = "dev"
DATABASES = (INITIAL_DATABASE, "analytics")


def make_data(
    programs: Path,
    data: Path,
    identity: Identity,
    *,
    administrator: str,
    system: str,
    signing_key: bytes,
    barrier: bool,
) -> None:
    """Fills the empty folder `data` with a new database cluster.

    Args:
        programs: PostgreSQL's installation.
        data: the data directory.
        identity: whose processes the server's are.
        administrator: the password of `awsuser`.
        system: the password of `rdsdb`.
        signing_key: by which the server knows what the gateway has rewritten.
        barrier: whether views are security barriers.

    Raises:
        EngineError: one of PostgreSQL's programs failed; the text says which and what it printed.
    """
    _initdb(programs, data, identity)
    with (data / "postgresql.conf").open("a", encoding="utf-8") as file:
        file.write("\n# veil's local engine\n" + configuration())
    (data / "pg_hba.conf").write_text(AUTHENTICATION, encoding="utf-8")
    key = f"INSERT INTO pg_veil_private.signing_key VALUES (decode('{signing_key.hex()}', 'hex'));"
    unbarred = (
        "CREATE OR REPLACE FUNCTION pg_veil.barrier() RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT 'false' $$;"
    )
    entries = [*map(_one_entry, fixed_sql()), key, *([] if barrier else [unbarred])]
    _run_sql(programs, data, identity, "template1", entries)
    _run_sql(programs, data, identity, "postgres", _principals_and_databases(administrator, system))


def fixed_sql() -> list[str]:
    """The texts of our `.sql` files, in order."""
    folder = resources.files("veil.local") / "sql"
    files = sorted((entry for entry in folder.iterdir() if entry.name.endswith(".sql")), key=lambda entry: entry.name)
    return [file.read_text(encoding="utf-8") for file in files]


def _initdb(programs: Path, data: Path, identity: Identity) -> None:
    command = [
        str(programs / "bin" / "initdb"), "-D", identity.data_argument(data), "-U", OWNER, "-E", "UTF8",
        "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
        "--no-sync", "--no-data-checksums", "--no-instructions",
    ]  # fmt: skip
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL, **identity.process_options(data)
    )
    if done.returncode != 0:
        raise EngineError(f"initdb failed while making {data}:\n{done.stderr.strip()}")


def _principals_and_databases(administrator: str, system: str) -> list[str]:
    return [
        f"CREATE USER {ADMINISTRATOR} SUPERUSER CREATEDB PASSWORD '{_digest(administrator, ADMINISTRATOR)}';",
        f"ALTER USER {OWNER} PASSWORD '{_digest(system, OWNER)}';",
        *(f"CREATE DATABASE {name} OWNER {ADMINISTRATOR} TEMPLATE template1;" for name in DATABASES),
    ]


def _digest(password: str, user: str) -> str:
    return "md5" + hashlib.md5((password + user).encode(), usedforsecurity=False).hexdigest()


def _one_entry(text: str) -> str:
    """In single-user mode an empty line after a semicolon ends the entry, also inside a function;
    so no empty lines.
    """
    return re.sub(r"\n\s*\n", "\n", text.strip())


def _run_sql(programs: Path, data: Path, identity: Identity, database: str, entries: list[str]) -> None:
    """Runs SQL in PostgreSQL's single-user mode: no connection, no password, and pg_catalog can be
    added to.
    """
    command = [
        str(programs / "bin" / "postgres"), "--single", "-F", "-O", "-j", "-D", identity.data_argument(data),
        "-c", "exit_on_error=true", "-c", "log_statement=none", "-c", "log_min_error_statement=panic", database,
    ]  # fmt: skip
    script = "".join(entry + "\n\n" for entry in entries)
    done = subprocess.run(
        command, input=script, capture_output=True, text=True, check=False, **identity.process_options(data)
    )
    if done.returncode != 0:
        raise EngineError(f"PostgreSQL failed while preparing {data}:\n{done.stderr.strip()}")


def remove_data(data: Path) -> None:
    """Removes a data directory, whoever owns its files; nothing happens if there is none."""
    if data.exists():
        shutil.rmtree(data)
