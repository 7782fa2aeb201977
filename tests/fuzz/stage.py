"""Puts a world on the embedded engine and looks at its views as its users do.

The system tables are made by hand as the compiler's contract names them, so that what is compared
is the compiled view alone. Users and connections live as long as the stage; tables, views and rows
are made anew for each world.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import redshift_connector

from tests.fuzz import functions
from tests.fuzz.pools import LOOKUPS, USERS
from tests.fuzz.rows import Row
from tests.fuzz.worlds import GOVERNED, PREFIX, RAW
from veil.certify.cells import cell
from veil.certify.comparing import Answer
from veil.model import Column, DataSource, World
from veil.oracle import Facts, facts_of
from veil.warehouse.quoting import without_escapes

SYSTEM = f"{PREFIX}_system"
_PASSWORD = "Fuzz-Only-1"
_SETUP = (Path(__file__).parent / "stage.sql").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Place:
    """Where the engine listens, and its superuser."""

    host: str
    port: int
    database: str
    username: str
    password: str


class Stage:
    """One engine with the fuzzer's users on it."""

    def __init__(self, place: Place) -> None:
        self._owner = connect(place, place.username, place.password)
        self._escapes = True
        self._escapes = self.count(f"SELECT LENGTH({literal(chr(92))})") == 1
        for statement in _SETUP.split(";\n"):
            if statement.strip():
                self.run(statement)
        self.run(f"DROP SCHEMA IF EXISTS {functions.SCHEMA} CASCADE")
        for statement in functions.STATEMENTS:
            self.run(statement)
        for user in USERS:
            self._make_user(user)
        self._users = {user: connect(place, user, _PASSWORD) for user in USERS}

    def close(self) -> None:
        for connection in (*self._users.values(), self._owner):
            connection.close()

    def run(self, statement: str) -> None:
        """One statement as the owner."""
        self._owner.cursor().execute(self.written(statement))

    def written(self, statement: str) -> str:
        """A statement with its literals as this engine reads them, as a session of veil's sends
        it.
        """
        return statement if self._escapes else without_escapes(statement)

    def run_there(self, statement: str) -> None:
        """One statement as the owner, in the database of the tables."""
        self.run(statement)

    def load(self, world: World, now: datetime, lookups: Mapping[tuple[str, ...], Sequence[Row]]) -> None:
        """Start a world: its people, salts and lookup tables. Tables and views of the last one are
        dropped.
        """
        for schema, run in ((RAW, self.run_there), (GOVERNED, self.run)):
            run(f"DROP SCHEMA IF EXISTS {schema} CASCADE")
            run(f"CREATE SCHEMA {schema}")
        self.run(f"GRANT USAGE ON SCHEMA {GOVERNED} TO PUBLIC")
        for table in ("profile_rows", "entry_rows", "salt", "closed"):
            self.run(f"DELETE FROM {SYSTEM}.{table}")
        people = [facts for user in USERS if (facts := facts_of(world, user, now)) is not None]
        self._insert(f"{SYSTEM}.profile_rows", [(each.user, each.project, int(each.equalized)) for each in people])
        self._insert(f"{SYSTEM}.entry_rows", [entry for each in people for entry in entries(each)])
        self._insert(f"{SYSTEM}.salt", salts_of(world).items())
        self._insert(f"{SYSTEM}.closed", closed(world))
        for name, rows in lookups.items():
            self._table(name, [Column(each, kind) for each, kind in LOOKUPS[name].items()], rows)

    def make(self, source: DataSource, rows: Sequence[Row]) -> None:
        """Make the source's table, with these rows."""
        self._table((source.schema, source.table), source.columns, rows)

    def publish(self, source: DataSource, view: str) -> str | None:
        """Make the source's view, readable by all; the engine's error where it refuses it."""
        try:
            self.run(view)
        except redshift_connector.Error as error:
            return message(error)
        self.run(f"GRANT SELECT ON {quoted(source.view_schema)}.{quoted(source.view_name)} TO PUBLIC")
        return None

    def look(self, user: str, source: DataSource) -> Answer:
        """All that the user sees of the source's view."""
        try:
            cursor = self._users[user].cursor()
            cursor.execute(f"SELECT * FROM {quoted(source.view_schema)}.{quoted(source.view_name)}")
            rows = tuple(tuple(row) for row in cursor.fetchall())
        except redshift_connector.Error as error:
            return Answer(error=message(error))
        names = [each[0].decode() if isinstance(each[0], bytes) else each[0] for each in cursor.description]
        return Answer(tuple(names), rows)

    def count(self, statement: str) -> int:
        """The only number that a SELECT of the owner gives."""
        cursor = self._owner.cursor()
        cursor.execute(self.written(statement))
        ((found,),) = cursor.fetchall()
        return int(found)

    def _make_user(self, user: str) -> None:
        cursor = self._owner.cursor()
        cursor.execute(f"SELECT 1 FROM pg_user WHERE usename = {literal(user)}")
        if not cursor.fetchall():
            self.run(f"CREATE USER {quoted(user)} PASSWORD {literal(_PASSWORD)}")

    def _table(self, name: tuple[str, ...], columns: Sequence[Column], rows: Sequence[Row]) -> None:
        table = ".".join(map(quoted, name))
        self.run_there(f"CREATE TABLE {table} ({', '.join(f'{quoted(each.name)} {each.type}' for each in columns)})")
        self._insert(table, [[cell(row[each.name], each.type) for each in columns] for row in rows], raw=True)

    def _insert(self, table: str, rows: Iterable[Iterable[Any]], *, raw: bool = False) -> None:
        lines = [f"({', '.join(each if raw else literal(each) for each in row)})" for row in rows]
        if lines:
            (self.run_there if raw else self.run)(f"INSERT INTO {table} VALUES {', '.join(lines)}")


def connect(place: Place, user: str, password: str) -> Any:
    """A connection with autocommit."""
    connection = redshift_connector.connect(
        host=place.host,
        port=place.port,
        database=place.database,
        user=user,
        password=password,
        ssl=False,
        max_prepared_statements=0,
    )
    connection.autocommit = True
    return connection


def message(error: redshift_connector.Error) -> str:
    """What the engine said."""
    fields = error.args[0] if error.args else None
    return str(fields.get("M", fields)) if isinstance(fields, dict) else str(error)


def salt_of(key: str) -> str:
    """The salt of a data source: any text, the same in every run."""
    return f"salt of {key} ''\\ ß"


def salts_of(world: World) -> dict[str, str]:
    """The salts of the world's data sources and projects."""
    keys = [*world.data_sources, *(each.salt_key for each in world.projects.values())]
    return {key: salt_of(key) for key in keys}


def entries(facts: Facts) -> list[tuple[str, str, str, str, int]]:
    """What `user_entry` shows a user: (user, kind, name, value, strength)."""
    several = [("group", "", facts.groups), ("purpose", "", facts.purposes)]
    several += [("attribute", name, values) for name, values in facts.attributes.items()]
    held = [(kind, name, each, 2) for kind, name, holdings in several for each in holdings.certain]
    held += [(kind, name, each, 1) for kind, name, holdings in several for each in holdings.doubtful]
    held += [("subscription", "", each, 2) for each in facts.subscriptions]
    held += [("project_source", "", each, 2) for each in facts.sources or ()]
    held += [("project_salt", "", facts.joins_by, 2)] if facts.joins_by else []
    return [(facts.user, *each) for each in sorted(held)]


def closed(world: World) -> list[tuple[str, str, str, str]]:
    """What the table `closed` holds: (data source, kind, name, id) of each failed policy that
    closes one.
    """
    return [
        (key, each.kind, each.name, each.id)
        for each in world.closings.values()
        for key in sorted(each.sources)
        if key not in world.data_sources or each.id not in world.data_sources[key].reopen
    ]


def literal(value: object) -> str:
    """A text as Redshift reads it: backslash escapes."""
    return "NULL" if value is None else "'" + str(value).replace("\\", "\\\\").replace("'", "''") + "'"


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
