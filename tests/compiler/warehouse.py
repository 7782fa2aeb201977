"""The embedded engine with the system tables that views read, made by hand, and users who look at
views.

The tables are those of the compiler's contract and nothing more, so that these tests see the
compiler's work alone.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import redshift_connector

from veil.compiler import compile_view, identifier, literal, qualified
from veil.local import Address
from veil.model import DataSource, Family, World
from veil.model.names import split

USERS = ("ann", "bob", "eve")
"""`ann` and `bob` have a profile in most tests, `eve` has none."""

PASSWORD = "Only-For-Tests-1"
SALT = "salt 'of\\ a source"

_SYSTEM = """
CREATE SCHEMA immuta_system;
CREATE TABLE immuta_system.profiles (
  immuta__userid VARCHAR(128), current_project VARCHAR(128), equalized INTEGER DEFAULT 0
);
CREATE TABLE immuta_system.entries (
  immuta__userid VARCHAR(128), kind VARCHAR(32), name VARCHAR(256), value VARCHAR(1024), strength INTEGER DEFAULT 2
);
CREATE TABLE immuta_system.salt (name VARCHAR(512), salt VARCHAR(512));
CREATE TABLE immuta_system.closed (source VARCHAR(1024), kind VARCHAR(64), name VARCHAR(1024), id VARCHAR(128));
CREATE VIEW immuta_system.user_entry AS
  SELECT 'caller' AS kind, CASE WHEN p.equalized = 0 THEN 'alone' ELSE 'equalized' END AS name,
    CASE WHEN p.equalized = 0 THEN p.immuta__userid ELSE '' END AS value, 2 AS strength, p.immuta__userid AS whom,
    CAST(GETDATE() AS TIMESTAMPTZ) AT TIME ZONE 'UTC' AS decided_at
  FROM immuta_system.profiles AS p WHERE p.immuta__userid = CURRENT_USER
  UNION ALL
  SELECT 'current_project', '', p.current_project, 2, p.immuta__userid, CAST(GETDATE() AS TIMESTAMPTZ) AT TIME ZONE 'UTC'
  FROM immuta_system.profiles AS p WHERE p.immuta__userid = CURRENT_USER AND p.current_project IS NOT NULL
  UNION ALL
  SELECT e.kind, e.name, e.value, e.strength, p.immuta__userid,
    CAST(GETDATE() AS TIMESTAMPTZ) AT TIME ZONE 'UTC' FROM immuta_system.profiles AS p
  JOIN immuta_system.entries AS e ON e.immuta__userid = p.immuta__userid WHERE p.immuta__userid = CURRENT_USER
  WITH NO SCHEMA BINDING;
CREATE VIEW immuta_system.possible_entry AS
  SELECT 'caller' AS kind, CASE WHEN p.equalized = 0 THEN 'alone' ELSE 'equalized' END AS name,
    CASE WHEN p.equalized = 0 THEN p.immuta__userid ELSE '' END AS value, 2 AS strength, p.immuta__userid AS whom,
    CAST(GETDATE() AS TIMESTAMPTZ) AT TIME ZONE 'UTC' AS decided_at
  FROM immuta_system.profiles AS p
  UNION ALL
  SELECT e.kind, e.name, e.value, e.strength, p.immuta__userid,
    CAST(GETDATE() AS TIMESTAMPTZ) AT TIME ZONE 'UTC' FROM immuta_system.profiles AS p
  JOIN immuta_system.entries AS e ON e.immuta__userid = p.immuta__userid
  WITH NO SCHEMA BINDING;
GRANT USAGE ON SCHEMA immuta_system TO PUBLIC;
CREATE SCHEMA "raw";
CREATE SCHEMA governed;
GRANT USAGE ON SCHEMA governed TO PUBLIC
"""

Held = Sequence[tuple[str, str, str]]
"""What a user holds: (kind, name, value)."""


class Warehouse:
    """One engine, used by one test after the other."""

    def __init__(self, address: Address) -> None:
        self._address = address
        self._owner = _connect(address, address.username, address.password)
        for statement in _SYSTEM.split(";\n"):
            self.run(statement)
        for user in USERS:
            self.run(f"CREATE USER {user} PASSWORD '{PASSWORD}'")
        self._sessions = {user: _connect(address, user, PASSWORD) for user in USERS}

    def close(self) -> None:
        for session in (*self._sessions.values(), self._owner):
            session.close()

    def run(self, statement: str) -> None:
        """One statement as the owner."""
        self._owner.cursor().execute(statement)

    def users(self, held: Mapping[str, Held], projects: Mapping[str, str] | None = None) -> None:
        """Give these users a profile and what they hold; all others have none."""
        self.run("DELETE FROM immuta_system.profiles")
        self.run("DELETE FROM immuta_system.entries")
        for user, entries in held.items():
            project = (projects or {}).get(user)
            shown = "NULL" if project is None else literal(project)
            self.run(
                f"INSERT INTO immuta_system.profiles (immuta__userid, current_project) VALUES ({literal(user)}, {shown})"
            )
            for entry in entries:
                values = ", ".join(literal(part) for part in (user, *entry))
                self.run(f"INSERT INTO immuta_system.entries (immuta__userid, kind, name, value) VALUES ({values})")

    def table(self, source: DataSource, rows: Iterable[Sequence[Any]]) -> None:
        """Make the base table anew, with these rows in the order of its columns."""
        name = qualified(source.schema, source.table)
        self.run(f"DROP TABLE IF EXISTS {name}")
        columns = ", ".join(f"{identifier(each.name)} {each.type}" for each in source.columns)
        self.run(f"CREATE TABLE {name} ({columns})")
        for row in rows:
            cells = [_cell(value, each.type.family) for value, each in zip(row, source.columns, strict=True)]
            self.run(f"INSERT INTO {name} VALUES ({', '.join(cells)})")
        self.run(f"DELETE FROM immuta_system.salt WHERE name = {literal(source.key)}")
        self.run(f"INSERT INTO immuta_system.salt VALUES ({literal(source.key)}, {literal(SALT)})")

    def functions(self, world: World) -> None:
        """Make the functions of users' that the world knows, each of which gives the value that it
        gets.
        """
        schemas = {split(name)[0] for name in world.functions}
        for schema in sorted(schemas):
            self.run(f"DROP SCHEMA IF EXISTS {identifier(schema)} CASCADE")
            self.run(f"CREATE SCHEMA {identifier(schema)}")
            self.run(f"GRANT USAGE ON SCHEMA {identifier(schema)} TO PUBLIC")
        for name, overloads in world.functions.items():
            for each in overloads:
                head = f"{qualified(*split(name))}({', '.join(each.arguments)}) RETURNS {each.returns}"
                self.run(f"CREATE FUNCTION {head} IMMUTABLE AS $$ SELECT $1 $$ LANGUAGE sql")

    def publish(self, world: World, source: DataSource) -> None:
        """Make the view anew and let everybody select from it."""
        view = qualified(source.view_schema, source.view_name)
        self.run(f"DROP VIEW IF EXISTS {view}")
        self.run(compile_view(world, source))
        self.run(f"GRANT SELECT ON {view} TO PUBLIC")

    def ask_as_owner(self, query: str) -> list[list[Any]]:
        """What a query of the owner's gives."""
        cursor = self._owner.cursor()
        cursor.execute(query)
        return [list(row) for row in cursor.fetchall()]

    def ask(self, user: str, query: str) -> list[list[Any]]:
        """What a query of the user's gives."""
        cursor = self._sessions[user].cursor()
        cursor.execute(query)
        return [list(row) for row in cursor.fetchall()]

    def tell(self, user: str, statement: str) -> None:
        """A statement of the user's without a result."""
        self._sessions[user].cursor().execute(statement)

    def look(self, user: str, source: DataSource) -> list[list[Any]]:
        """All that the user sees of the view, in the order of its first column."""
        return self.ask(user, f"SELECT * FROM {qualified(source.view_schema, source.view_name)} ORDER BY 1")


def _connect(address: Address, user: str, password: str) -> redshift_connector.Connection:
    """A session that plans every statement anew: views change between statements here."""
    connection = redshift_connector.connect(
        host=address.host,
        port=address.port,
        database=address.database,
        user=user,
        password=password,
        ssl=False,
        max_prepared_statements=0,
    )
    connection.autocommit = True
    return connection


def _cell(value: Any, family: Family) -> str:
    if value is None:
        return "NULL"
    text = literal(str(value).lower() if isinstance(value, bool) else str(value))
    return f"JSON_PARSE({text})" if family is Family.SUPER else text


def refusal(error: redshift_connector.Error) -> str:
    """What the engine said."""
    fields = error.args[0]
    return str(fields["M"] if isinstance(fields, dict) else fields)
