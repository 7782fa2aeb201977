"""Rows as the warehouse gives them -> rows as the code above works with them."""

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from itertools import groupby
from sys import intern
from typing import Any

from veil.warehouse.rows import EntryRow, ObjectRow, ProfileRow, ProjectEntryRow, PublishedRow, RuntimeRow
from veil.warehouse.session import Row


def objects(rows: Iterable[Row]) -> tuple[ObjectRow, ...]:
    """Objects from their parts, which come in order."""
    return tuple(_object(list(group)) for _, group in groupby(rows, key=lambda row: (row[0], row[1])))


def _object(rows: list[Row]) -> ObjectRow:
    kind, name, _, parts, id_, _, _ = rows[0]
    intact = (
        [row[2] for row in rows] == list(range(parts))
        and {(row[3], row[4]) for row in rows} == {(parts, id_)}
        and all(row_hash(row) == row[6] for row in rows)
    )
    return ObjectRow(kind, name, id_, "".join(row[5] for row in rows), intact)


def row_hash(row: Row) -> str:
    """The hash that the procedure upsert_objects writes into a row of `object`: of all columns up to the body."""
    return sha256("\x1f".join(map(str, row[:6])).encode()).hexdigest()


def profiles(rows: Iterable[Row]) -> tuple[ProfileRow, ...]:
    """Profiles; of a user's several rows the first, as not intact."""
    found: dict[str, ProfileRow] = {}
    read = cache(_texts_of)  # Many users are in the same groups: what they share is kept once.
    for user, *documents in rows:
        found[user] = _profile(user, documents, read) if user not in found else ProfileRow(user, intact=False)
    return tuple(found.values())


def _profile(user: str, documents: list[Any], read: Callable[[str], frozenset[str]]) -> ProfileRow:
    groups, attributes, projects, tables = documents
    try:
        held = {str(name): _texts(values) for name, values in dict(json.loads(attributes)).items()}
        return ProfileRow(user, read(groups), held, read(projects), read(tables))
    except (TypeError, ValueError):
        return ProfileRow(user, intact=False)


def _texts_of(document: str) -> frozenset[str]:
    return _texts(json.loads(document))


def _texts(values: Any) -> frozenset[str]:
    if not isinstance(values, list) or not all(isinstance(each, str) for each in values):
        raise TypeError("not a list of texts")
    return frozenset(values)


def entries(rows: Iterable[Row]) -> tuple[EntryRow, ...]:
    """Entries, with times in UTC. Texts that many of them share are kept once."""
    return tuple(
        EntryRow(intern(user), intern(kind), intern(name), intern(value), _utc(expires))
        for user, kind, name, value, expires in rows
    )


def project_entries(rows: Iterable[Row]) -> tuple[ProjectEntryRow, ...]:
    """Entries of projects, with times in UTC."""
    return tuple(
        ProjectEntryRow(project, kind, name, value, int(strength), _utc(expires))
        for project, kind, name, value, strength, expires in rows
    )


def _utc(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.replace(tzinfo=UTC)


def runtimes(rows: Iterable[Row], acknowledgements: Iterable[Row]) -> tuple[RuntimeRow, ...]:
    """What each user chose. A double row of a user counts for nothing in the views, and for nothing here."""
    current: dict[str, list[str | None]] = {}
    for user, project in rows:
        current.setdefault(user, []).append(project)
    agreed: dict[str, dict[str, str]] = {}
    for user, purpose, text_hash in acknowledgements:
        agreed.setdefault(user, {})[purpose] = text_hash
    return tuple(_runtime(user, current, agreed) for user in sorted(current.keys() | agreed.keys()))


def _runtime(user: str, current: Mapping[str, list[str | None]], agreed: Mapping[str, Mapping[str, str]]) -> RuntimeRow:
    projects = current.get(user, [])
    return RuntimeRow(user, projects[0] if len(projects) == 1 else None, agreed.get(user, {}))


def published(rows: Iterable[Row]) -> dict[str, PublishedRow]:
    """Published views by data source key."""
    return {key: PublishedRow(*row) for key, *row in rows}
