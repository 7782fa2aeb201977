"""The data catalog: a stand-in for AWS Glue's, kept in one file of the engine's folder."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from veil.local.rewrite.errors import RefusalError
from veil.local.spectrum.table import Column, Partition, Table

Databases = dict[str, dict[str, Table]]


class Catalog:
    """Databases with tables in them, by name. Changes are written at once."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def create_database(self, name: str) -> None:
        """Makes a database unless it is there."""
        databases = self._read()
        databases.setdefault(name, {})
        self._write(databases)

    def drop_database(self, name: str) -> None:
        """Removes a database and its tables; nothing happens if there is none."""
        databases = self._read()
        databases.pop(name, None)
        self._write(databases)

    def tables(self, database: str) -> dict[str, Table]:
        """The tables of a database; none if there is no such database."""
        return self._read().get(database, {})

    def table(self, database: str, name: str) -> Table:
        """One table.

        Raises:
            RefusalError: it is not there.
        """
        entry = self.tables(database).get(name)
        if entry is None:
            raise RefusalError("42P01", f'external table "{name}" does not exist in the external database "{database}"')
        return entry

    def change(self, change: dict[str, Any]) -> None:
        """Makes, drops or alters a table: what `pg_veil.change_external_table` asks for.

        Raises:
            RefusalError: the database or table is not there, or is there already.
        """
        databases = self._read()
        database, name = change["database"], change["table"]
        if database not in databases:
            raise RefusalError(
                "3D000",
                f'external database "{database}" does not exist in the data catalog',
                "Make it with CREATE EXTERNAL SCHEMA ... CREATE EXTERNAL DATABASE IF NOT EXISTS.",
            )
        tables = databases[database]
        if change["kind"] == "create_external_table":
            if name in tables:
                raise RefusalError(
                    "42P07", f'external table "{name}" already exists in the external database "{database}"'
                )
            tables[name] = Table.from_json(change["definition"])
        elif change["kind"] == "drop_external_table":
            if name not in tables and not change["if_exists"]:
                raise RefusalError("42P01", f'table "{name}" does not exist')
            tables.pop(name, None)
        else:
            tables[name] = _altered(self.table(database, name), change)
        self._write(databases)

    def _read(self) -> Databases:
        if not self._file.exists():
            return {}
        kept = json.loads(self._file.read_text(encoding="utf-8"))
        return {
            database: {name: Table.from_json(one) for name, one in tables.items()} for database, tables in kept.items()
        }

    def _write(self, databases: Databases) -> None:
        kept = {
            database: {name: one.to_json() for name, one in tables.items()} for database, tables in databases.items()
        }
        draft = self._file.with_suffix(".draft")
        draft.write_text(json.dumps(kept, indent=2), encoding="utf-8")
        draft.replace(self._file)


def _altered(table: Table, change: dict[str, Any]) -> Table:
    action = change["action"]
    if action == "set location":
        return replace(table, location=change["location"])
    if action == "add column":
        return table.with_column(Column(**change["column"]))
    if action == "drop column":
        kept = tuple(column for column in table.columns if column.name != change["column"])
        if len(kept) == len(table.columns):
            raise RefusalError("42703", f'column "{change["column"]}" does not exist')
        return replace(table, columns=kept)
    return replace(table, partitions=_partitions(table, change))


def _partitions(table: Table, change: dict[str, Any]) -> tuple[Partition, ...]:
    known = {partition.values: partition for partition in table.partitions}
    for one in change["partitions"]:
        values = _values(table, one["values"])
        if change["action"] == "drop partition":
            if known.pop(values, None) is None:
                raise RefusalError("42704", "the partition does not exist")
        elif values not in known:
            known[values] = Partition(values, one["location"])
        elif not change["if_not_exists"]:
            raise RefusalError("42710", "the partition already exists")
    return tuple(known.values())


def _values(table: Table, given: dict[str, str]) -> tuple[str, ...]:
    names = [column.name for column in table.columns[len(table.own_columns) :]]
    if set(given) != set(names):
        raise RefusalError("42601", f"the partition columns are: {', '.join(names) or 'none'}")
    return tuple(given[name] for name in names)
