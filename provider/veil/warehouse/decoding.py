"""Rows as the warehouse gives them -> rows as the code above works with them."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from sys import intern
from typing import Any

from veil.warehouse.rows import (
    AccessRequestRow,
    ApprovalRow,
    ApproverRow,
    ClosedRow,
    EntryRow,
    ErrorRow,
    ImpersonationRow,
    ObjectRow,
    OwnViewRow,
    ProfileRow,
    ProjectEntryRow,
    ProjectProfileRow,
    PublishedRow,
    RequestEndRow,
    RuntimeRow,
    UnsealedRow,
)
from veil.warehouse.session import Row

NULL = "\x1e"
"""Stands for NULL in a column of texts: a character that none of ours holds."""


def objects(rows: Iterable[Row], ledger: Iterable[Row]) -> tuple[ObjectRow, ...]:
    """Objects from their parts and from what the ledger says of these, of which it has a row each.
    A ledger without any row says nothing.
    """
    entered = _by_key(ledger)
    stored = _by_key(rows)
    keys = sorted(stored.keys() | entered.keys())
    return tuple(_object(key, stored.get(key, ()), entered.get(key, ()), bool(entered)) for key in keys)


def _by_key(rows: Iterable[Row]) -> dict[tuple[str, str], list[Row]]:
    """Rows in the order of their parts, by kind and name, without these."""
    groups: dict[tuple[str, str], list[Row]] = {}
    for kind, name, part, parts, id_, *rest in rows:
        row = (0 if part is None else part, parts, _text(id_), *map(_text, rest))
        groups.setdefault((_text(kind), _text(name)), []).append(row)
    for group in groups.values():
        group.sort(key=lambda row: row[0])
    return groups


def _object(key: tuple[str, str], rows: Sequence[Row], entered: Sequence[Row], has_ledger: bool) -> ObjectRow:
    expected = entered if has_ledger else [(*row[:3], row[4]) for row in rows]
    intact = (
        bool(rows)
        and [(*row[:3], row[4]) for row in rows] == list(expected)
        and [row[:3] for row in rows] == [(part, len(rows), rows[0][2]) for part in range(len(rows))]
        and all(row_hash((*key, *row)) == row[4] for row in rows)
    )
    id_ = (entered or rows)[0][2]
    return ObjectRow(*key, id_, "".join(row[3] for row in rows), intact, entered=bool(entered) or not has_ledger)


def row_hash(row: Row) -> str:
    """The hash that the procedure upsert_objects writes into a row of `object`: of all columns up
    to the body.
    """
    return sha256("\x1f".join(map(str, row[:6])).encode()).hexdigest()


def profiles(rows: Iterable[Row]) -> tuple[ProfileRow, ...]:
    """Profiles; of a user's several rows the first, as not intact."""
    by_user: dict[str, ProfileRow] = {}
    read = cache(_texts_of)  # Many users are in the same groups: what they share is kept once.
    for given, *documents, tables, updated in rows:
        user, held = _text(given), _held(documents, read)
        by_user[user] = (
            ProfileRow(user, intact=False)
            if user in by_user or held is None
            else ProfileRow(user, *held, _text(tables), updated_at=_moment(updated))
        )
    return tuple(by_user.values())


def _held(
    documents: list[Any], read: Callable[[str], frozenset[str]]
) -> tuple[frozenset[str], Mapping[str, frozenset[str]], frozenset[str]] | None:
    """Groups, attributes and projects; None where one has not the shape that our procedures
    write.
    """
    groups, attributes, projects = documents
    try:
        held = {str(name): _texts(values) for name, values in dict(json.loads(attributes)).items()}
        return read(groups), held, read(projects)
    except (TypeError, ValueError, RecursionError):
        return None


def project_profiles(rows: Iterable[Row]) -> tuple[ProjectProfileRow, ...]:
    """What the members of projects hold, for people to read; of a project's several rows the first,
    as not intact.
    """
    by_project: dict[str, ProjectProfileRow] = {}
    for given, *documents, tables, updated in rows:
        project, held = _text(given), _held(documents, _texts_of)
        by_project[project] = (
            ProjectProfileRow(project, intact=False)
            if project in by_project or held is None
            else ProjectProfileRow(project, *held, _text(tables), updated_at=_moment(updated))
        )
    return tuple(by_project.values())


def _texts_of(document: str) -> frozenset[str]:
    return _texts(json.loads(document))


def _texts(values: Any) -> frozenset[str]:
    if not isinstance(values, list) or not all(isinstance(each, str) for each in values):
        raise TypeError("not a list of strings")
    return frozenset(values)


def entries(rows: Iterable[Row]) -> tuple[EntryRow, ...]:
    """Entries, with times in UTC. Texts that many of them share are kept once."""
    return tuple(
        EntryRow(intern(_text(user)), intern(_text(kind)), intern(_text(name)), intern(_text(value)), _moment(expires))
        for user, kind, name, value, expires in rows
    )


def project_entries(rows: Iterable[Row]) -> tuple[ProjectEntryRow, ...]:
    """Entries of projects, with times in UTC. A strength of 0 is none."""
    return tuple(
        ProjectEntryRow(_text(project), _text(kind), _text(name), _text(value), strength or 0, _moment(expires))
        for project, kind, name, value, strength, expires in rows
    )


def impersonations(rows: Iterable[Row]) -> tuple[ImpersonationRow, ...]:
    """Who may act as whom."""
    return tuple(ImpersonationRow(_text(user), _text(as_user)) for user, as_user in rows)


def _moment(text: str | None) -> datetime | None:
    """A time of day and date as our sessions write it. One that is none of ours, such as a year
    that no calendar of Python's has, is long past.
    """
    if text is None:
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=UTC)
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)


def _text(value: str | None) -> str:
    return NULL if value is None else value


def runtimes(rows: Iterable[Row], acknowledgements: Iterable[Row]) -> tuple[RuntimeRow, ...]:
    """What each user chose. A double row of a user counts for nothing in the views, and for nothing
    here.
    """
    current: dict[str, list[str | None]] = {}
    for user, project in rows:
        current.setdefault(_text(user), []).append(project)
    agreed: dict[str, dict[str, str]] = {}
    for user, purpose, text_hash in acknowledgements:
        agreed.setdefault(_text(user), {})[_text(purpose)] = _text(text_hash)
    return tuple(_runtime(user, current, agreed) for user in sorted(current.keys() | agreed.keys()))


def _runtime(user: str, current: Mapping[str, list[str | None]], agreed: Mapping[str, Mapping[str, str]]) -> RuntimeRow:
    projects = current.get(user, [])
    return RuntimeRow(user, projects[0] if len(projects) == 1 else None, agreed.get(user, {}))


def published(rows: Iterable[Row]) -> dict[str, PublishedRow]:
    """Published views by data source key. Without a version they were made by none that is
    known.
    """
    return {
        _text(key): PublishedRow(_text(schema), _text(name), _text(text), _text(compiled), version or 0)
        for key, schema, name, text, compiled, version in rows
    }


def own_views(rows: Iterable[Row]) -> dict[str, OwnViewRow]:
    """What our own views were made from, by name. Where several rows have one name, none of them is
    believed.
    """
    by_name: dict[str, OwnViewRow] = {}
    for name, made, text in rows:
        by_name[_text(name)] = OwnViewRow("") if _text(name) in by_name else OwnViewRow(_text(made), text)
    return by_name


def closed(rows: Iterable[Row]) -> tuple[ClosedRow, ...]:
    """The data sources that show no rows, and why."""
    return tuple(ClosedRow(*map(_text, row)) for row in rows)


def requests(rows: Iterable[Row]) -> tuple[AccessRequestRow, ...]:
    """Who asks for what."""
    return tuple(
        AccessRequestRow(_text(user), _text(source), _text(reason), _moment(moment))
        for user, source, reason, moment in rows
    )


def approvals(rows: Iterable[Row]) -> tuple[ApprovalRow, ...]:
    """Who was admitted at run time."""
    return tuple(
        ApprovalRow(_text(user), _text(source), _text(approver), _moment(moment), _moment(expires))
        for user, source, approver, moment, expires in rows
    )


def approvers(rows: Iterable[Row]) -> frozenset[ApproverRow]:
    """Who may approve."""
    return frozenset(
        ApproverRow(_text(source), _text(shown), _text(policy), _text(kind), _text(name), seconds)
        for source, shown, policy, kind, name, seconds in rows
    )


def request_ends(rows: Iterable[Row]) -> tuple[RequestEndRow, ...]:
    """When applies ended what users asked for or were approved for."""
    return tuple(
        RequestEndRow(_text(user), _text(source), refused != 0, _moment(until), _moment(moment))
        for user, source, refused, until, moment in rows
    )


def errors(rows: Iterable[Row]) -> tuple[ErrorRow, ...]:
    """What became of changes that failed."""
    return tuple(
        ErrorRow(_text(kind), _text(name), _text(status), _text(error), _moment(moment))
        for kind, name, status, error, moment in rows
    )


def unsealed(rows: Iterable[Row]) -> frozenset[UnsealedRow]:
    """What none of our procedures wrote."""
    return frozenset(UnsealedRow(*map(_text, row)) for row in rows)


def keys(rows: Iterable[Row], columns: int) -> Iterator[tuple[str, ...]]:
    """The first columns of rows, which identify them."""
    return (tuple(map(_text, row[:columns])) for row in rows)


def doubled(rows: Iterable[Row], columns: int) -> frozenset[tuple[str, ...]]:
    """The keys, of so many columns, that several rows have."""
    return frozenset(key for key, number in Counter(keys(rows, columns)).items() if number > 1)
