"""What tools ask when they connect and fill their lists, in words of our own: files of statements,
and psql's commands.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from tests.clients.place import Place
from tests.clients.split import split
from tests.clients.trying import Outcome, statements
from veil.local.cluster.binaries import psql

STATEMENTS = Path(__file__).parent / "statements"
TABLES = (
    "CREATE SCHEMA IF NOT EXISTS asked",
    "DROP TABLE IF EXISTS asked.orders",
    "DROP TABLE IF EXISTS asked.people CASCADE",
    "CREATE TABLE asked.people (id INTEGER PRIMARY KEY, name VARCHAR(40) NOT NULL)",
    "CREATE TABLE asked.orders (id BIGINT IDENTITY(1, 1), person INTEGER REFERENCES asked.people (id), total DECIMAL(10, 2) DEFAULT 0)",
    "CREATE VIEW asked.names AS SELECT name FROM asked.people",
)
_LISTS = r"\l \d \dt \dv \dn \du \dg \df \d+ \dt+ \dv+ \dn+ \dp \z \dT \db \dd \ddp \di \ds \dS \dC \do \da \dc"
COMMANDS = _LISTS.split()


def tools(place: Place) -> Outcome:
    """Sends what DBeaver, Tableau, Power BI and Looker ask; a statement each is tried."""
    statements(place, {"tables": TABLES})
    asked = {
        f"{file.stem} {number}": [statement]
        for file in sorted(STATEMENTS.glob("*.sql"))
        for number, statement in enumerate(split(file.read_text(encoding="utf-8")), 1)
    }
    return statements(place, asked)


def psql_commands(place: Place) -> Outcome:
    """Runs psql's commands that list, and describes one relation of each kind."""
    statements(place, {"tables": TABLES})
    commands = [
        *COMMANDS,
        r"\d asked.orders",
        r"\d asked.people",
        r"\d asked.names",
        r"\d+ asked.orders",
        r"\sv asked.names",
    ]
    return Outcome({command: _psql(place, command) for command in commands})


def _psql(place: Place, command: str) -> str | None:
    address = place.address
    signing_in = ["-h", address.host, "-p", str(address.port), "-U", address.username, "-d", address.database]
    done = subprocess.run(
        [str(psql()), "-X", "-v", "ON_ERROR_STOP=1", *signing_in, "-c", command],
        env=os.environ | {"PGPASSWORD": address.password},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stderr.strip() or "it failed" if done.returncode else None
