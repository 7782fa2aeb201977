"""The calls that write an integration's rows. Each function gives statements, to be sent in their
order within one transaction that begins with `revision.move_on`.
"""

import re
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from hashlib import sha256
from typing import TypeVar

from veil.model.names import problem_with_stored
from veil.warehouse.batches import LIMIT, Item, batches, parts, size_of
from veil.warehouse.layout import Layout
from veil.warehouse.quoting import literal, qualified
from veil.warehouse.rows import (
    ApproverRow,
    ClosedRow,
    CommentRow,
    EntryRow,
    ErrorRow,
    ImpersonationRow,
    ObjectRow,
    ProfileRow,
    ProjectEntryRow,
    ProjectProfileRow,
    PublishedRow,
    RequestEndRow,
    tables_json,
)
from veil.warehouse.templates import names, render

_CONTROL = re.compile(r"[\x00-\x1f]")
T = TypeVar("T")


def upsert_objects(layout: Layout, rows: Iterable[ObjectRow]) -> list[str]:
    """Puts objects in place of those of the same kind and name.

    Raises ValueError for a name that is given twice, for control characters in kind, name or id,
    and for NUL in a body.
    """
    unique = _once(rows, lambda row: (row.kind, row.name))
    return _calls(layout, "upsert_objects", (item for row in unique for item in _object_items(row)))


def _object_items(row: ObjectRow) -> Iterable[Item]:
    if "\0" in row.body:
        raise ValueError(f"the {row.kind} {row.name!r} cannot be stored: it contains a NUL character")
    pieces = parts(row.body)
    for number, piece in enumerate(pieces):
        yield _object_key(row) | {"part": number, "parts": len(pieces), "body": piece}


def _object_key(row: ObjectRow) -> dict[str, object]:
    return {"kind": _clean(row.kind), "name": _clean(row.name), "id": _clean(row.id)}


def delete_objects(layout: Layout, rows: Iterable[ObjectRow]) -> list[str]:
    """Removes objects, each only where the stored id is the row's. Their bodies do not matter."""
    return _calls(layout, "delete_objects", ({"kind": row.kind, "name": row.name, "id": row.id} for row in rows))


def fill_ledger(layout: Layout) -> list[str]:
    """Enters all objects that are there in a ledger that was emptied or is new."""
    return render("repairs/ledger", names(layout))


def upsert_profiles(layout: Layout, profiles: Iterable[ProfileRow], entries: Iterable[EntryRow]) -> list[str]:
    """Puts profiles, with all their entries, in place of those of the same users.

    Raises ValueError for a user who is given twice, for an entry of a user who has no profile here,
    and for a value that Redshift could not compare safely or that is too long (see
    `profile_bytes`).
    """
    unique, distinct = _once(profiles, lambda row: row.user), dict.fromkeys(entries)
    if stray := {entry.user for entry in distinct} - {row.user for row in unique}:
        raise ValueError(f"entries of users without a profile: {', '.join(sorted(stray))}")
    calls = _calls(layout, "upsert_profiles", map(_profile_item, unique))
    return calls + _calls(layout, "add_entries", map(_entry_item, distinct))


MOST_PROFILE_BYTES = LIMIT - 3
"""So long, as JSON, may be what one user holds: it is written in one batch."""


def profile_bytes(row: ProfileRow) -> int:
    """How long what a user holds is as JSON."""
    return size_of(_profile_item(row))


def put_valid_tables(
    layout: Layout, lists: Iterable[tuple[Sequence[str], Sequence[str]]], moment: datetime
) -> list[str]:
    """Writes the lists of the data sources that users could query as of a moment: keys, and the
    users who have them. A list that is too long is left out. Raises ValueError for a user of two
    lists.
    """
    given = list(lists)
    _once((user for _, users in given for user in users), lambda user: user)
    return _calls(layout, "put_valid_tables", (item for each in given for item in _tables_items(*each, moment)))


def _tables_items(keys: Sequence[str], users: Sequence[str], moment: datetime) -> Iterable[Item]:
    """One list, with as many of its users as one batch has room for."""
    item = _tables(keys, moment)
    room = LIMIT - 100 - size_of(item)
    portion: list[str] = []
    size = 0
    for user in map(_value, users):
        length = size_of(user) + 1
        if portion and size + length > room:
            yield item | {"users": portion}
            portion, size = [], 0
        portion.append(user)
        size += length
    if portion:
        yield item | {"users": portion}


def _tables(keys: Sequence[str], moment: datetime) -> dict[str, object]:
    item: dict[str, object] = {"moment": _moment(moment)}
    return item if tables_json(keys) is None else item | {"tables": sorted(map(_value, keys))}


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


def _profile_item(row: ProfileRow) -> Item:
    return {"userid": _value(row.user)} | _held(row)


def _held(row: ProfileRow | ProjectProfileRow) -> dict[str, object]:
    return {
        "groups": sorted(row.groups),
        "attributes": {name: sorted(row.attributes[name]) for name in sorted(row.attributes)},
        "projects": sorted(row.projects),
    }


def put_project_entries(
    layout: Layout,
    projects: Iterable[str],
    rows: Iterable[ProjectEntryRow],
    profiles: Iterable[tuple[ProjectProfileRow, Sequence[str]]] = (),
) -> list[str]:
    """Puts what members share, as views read it and as people do, in place of all that stands for
    these projects: each of `profiles` with the keys of the data sources that all members could
    query at its `updated_at`.

    Raises ValueError for a row of another project, for a project that is given two profiles, and
    for a value that Redshift could not compare safely.
    """
    names, distinct, unique = sorted(projects), dict.fromkeys(rows), _once(profiles, lambda each: each[0].project)
    if stray := {*(row.project for row in distinct), *(row.project for row, _ in unique)} - set(names):
        raise ValueError(f"entries of other projects: {', '.join(sorted(stray))}")
    return [
        *_calls(layout, "delete_project_entries", ({"project": name} for name in names)),
        *_calls(layout, "add_project_entries", map(_project_entry_item, distinct)),
        *_calls(layout, "add_project_profiles", (_project_profile_item(*each) for each in unique)),
    ]


def _project_profile_item(row: ProjectProfileRow, keys: Sequence[str]) -> Item:
    moment = row.updated_at or datetime.now(UTC)
    return {"project": _value(row.project)} | _held(row) | _tables(keys, moment)


def _project_entry_item(row: ProjectEntryRow) -> Item:
    return {"project": _value(row.project), "strength": row.strength} | _fact(row)


def _entry_item(row: EntryRow) -> Item:
    return {"userid": _value(row.user)} | _fact(row)


def _fact(row: EntryRow | ProjectEntryRow) -> dict[str, object]:
    item: dict[str, object] = {"kind": _value(row.kind), "name": _value(row.name), "item": _value(row.value)}
    if row.expires_at is not None:
        item["expires"] = _moment(row.expires_at)
    return item


def delete_profiles(layout: Layout, users: Iterable[str]) -> list[str]:
    """Removes users' profiles and entries. What they chose at run time stays, and counts again with
    a new profile.
    """
    return _calls(layout, "delete_profiles", ({"userid": user} for user in users))


def record_published(layout: Layout, rows: Mapping[str, PublishedRow]) -> list[str]:
    """Records, by data source key, which views stand for data sources, in place of what was
    recorded for these.
    """
    return _calls(layout, "record_published", ({"key": key} | asdict(row) for key, row in rows.items()))


def forget_published(layout: Layout, keys: Iterable[str]) -> list[str]:
    """Forgets the views of data sources."""
    return _calls(layout, "forget_published", ({"key": key} for key in keys))


def comment_on_views(layout: Layout, rows: Iterable[CommentRow]) -> list[str]:
    """Says of views and columns what they are, a hundred and more of some hundred bytes each in one
    statement.
    """
    return _calls(layout, "comment_on_views", map(_comment_item, rows))


def _comment_item(row: CommentRow) -> Item:
    item: dict[str, object] = {"view_schema": row.view_schema, "view_name": row.view_name}
    if row.column:
        item["column_name"] = row.column
    return item if row.words is None else item | {"words": row.words}


def add_closed(layout: Layout, rows: Iterable[ClosedRow]) -> list[str]:
    """Closes data sources. Their views show no rows once this is committed."""
    return _calls(layout, "add_closed", map(_closed_item, dict.fromkeys(rows)))


def delete_closed(layout: Layout, rows: Iterable[ClosedRow]) -> list[str]:
    """Takes back what closes data sources."""
    return _calls(layout, "delete_closed", map(_closed_item, dict.fromkeys(rows)))


def _closed_item(row: ClosedRow) -> Item:
    return {"source": row.source, "kind": row.kind, "name": row.name, "id": row.id}


def put_approvers(layout: Layout, sources: Iterable[str], rows: Iterable[ApproverRow]) -> list[str]:
    """Puts who may approve requests in place of all that stands for these data sources."""
    calls = _calls(layout, "delete_approvers", ({"source": each} for each in sorted(sources)))
    return calls + _calls(layout, "add_approvers", map(_approver_item, sorted(set(rows), key=str)))


def _approver_item(row: ApproverRow) -> Item:
    item: dict[str, object] = {"source": row.source, "shown": row.shown, "policy": row.policy, "kind": row.kind}
    return item | {"name": _value(row.name)} | ({} if row.seconds is None else {"seconds": row.seconds})


def end_requests(layout: Layout, rows: Iterable[RequestEndRow]) -> list[str]:
    """Ends what users asked for or were approved for, from the moment of this transaction on."""
    return _calls(layout, "end_requests", map(_request_end_item, dict.fromkeys(rows)))


def _request_end_item(row: RequestEndRow) -> Item:
    item: dict[str, object] = {"userid": _value(row.user), "source": row.source, "refused": int(row.refused)}
    return item if row.until is None else item | {"until": _moment(row.until)}


MOST_QUERY_BYTES = LIMIT
"""So long may the text of a view be that a procedure makes: it is one argument."""


def create_view(layout: Layout, place: tuple[str, str], query: str, *, compiler: int, late_binding: bool) -> str:
    """The call that makes a governed view, or replaces it. `query` is its SELECT, at most
    MOST_QUERY_BYTES long.
    """
    arguments = (
        *(f"CAST({literal(text)} AS VARCHAR(256))" for text in place),
        f"CAST({literal(query)} AS VARCHAR(65535))",
        f"CAST({int(compiler)} AS INTEGER)",
        f"CAST({int(late_binding)} AS INTEGER)",
    )
    return f"CALL {qualified(layout.procedures, 'create_view')}({', '.join(arguments)})"


def drop_view(layout: Layout, place: tuple[str, str]) -> str:
    """The call that drops a governed view, if it is there."""
    arguments = ", ".join(f"CAST({literal(text)} AS VARCHAR(256))" for text in place)
    return f"CALL {qualified(layout.procedures, 'drop_view')}({arguments})"


def record_made_views(layout: Layout, made: Iterable[tuple[str, str]], gone: Iterable[tuple[str, str]]) -> list[str]:
    """What the owner of the schemas remembers of views that it made and dropped itself, for those
    who apply by procedures.
    """
    table, places = qualified(layout.system, "made_view"), sorted(set(made))
    old = sorted({*places, *gone})
    if not old:
        return []
    named = " OR ".join(f"(view_schema = {literal(schema)} AND view_name = {literal(name)})" for schema, name in old)
    rows = ", ".join(f"({literal(schema)}, {literal(name)})" for schema, name in places)
    statements = [f"DELETE FROM {table} WHERE {named}"]
    return [*statements, f"INSERT INTO {table} (view_schema, view_name) VALUES {rows}"] if places else statements


def record_error(layout: Layout, row: ErrorRow) -> str:
    """Records what became of a change that failed, in place of what was recorded of the same
    object. The moment is the warehouse's.
    """
    given = ((row.kind, 64), (row.name, 2048), (row.status, 64), (row.error, 1024))
    texts = ", ".join(f"CAST({literal(text)} AS VARCHAR({length}))" for text, length in given)
    return f"CALL {qualified(layout.procedures, 'record_error')}({texts})"


def forget_errors(layout: Layout, rows: Iterable[ErrorRow]) -> list[str]:
    """Forgets what became of earlier changes of these objects."""
    return _calls(layout, "forget_errors", ({"kind": row.kind, "name": row.name} for row in rows))


_PATIENCE_MILLISECONDS = 2000


def forget_requests(layout: Layout) -> list[str]:
    """Removes what users asked for or were approved for and an apply has ended, to be run in a
    transaction of its own. Whoever asks or approves meanwhile waits for it, and it waits for them:
    no longer than two seconds, after which it fails.
    """
    return [
        f"SET LOCAL statement_timeout TO {_PATIENCE_MILLISECONDS}",
        f"CALL {qualified(layout.procedures, 'forget_requests')}()",
    ]


def create_salts(layout: Layout, keys: Iterable[str]) -> list[str]:
    """Makes salts for data sources that have none. Existing ones stay for good, so that a table
    that is registered again hashes as before. Nobody outside the warehouse learns them.
    """
    items = ({"key": key, "seed": secrets.token_hex(32)} for key in dict.fromkeys(keys))
    return _calls(layout, "create_salts", items)


def grant_impersonation(layout: Layout, rows: Iterable[ImpersonationRow]) -> list[str]:
    """Lets users act as others. Takes effect for members of the impersonation group."""
    items = ({"userid": _value(row.user), "target": _value(row.as_user)} for row in dict.fromkeys(rows))
    return _calls(layout, "grant_impersonation", items)


def revoke_impersonation(layout: Layout, rows: Iterable[ImpersonationRow]) -> list[str]:
    """Ends that users may act as others, at once and in running sessions too."""
    items = ({"userid": row.user, "target": row.as_user} for row in dict.fromkeys(rows))
    return _calls(layout, "revoke_impersonation", items)


def acknowledgement_hash(text: str) -> str:
    """What stands in an `acknowledgement` entry for the text that one must agree to."""
    return sha256(text.encode()).hexdigest()


def _calls(layout: Layout, procedure: str, items: Iterable[Item]) -> list[str]:
    """The type is said, so that no overload of somebody else's fits better than ours, or as
    well.
    """
    name = qualified(layout.procedures, procedure)
    return [f"CALL {name}(CAST({literal(batch)} AS VARCHAR(65535)))" for batch in batches(items)]


def _once(rows: Iterable[T], key: Callable[[T], object]) -> list[T]:
    given = list(rows)
    if len({key(row) for row in given}) != len(given):
        raise ValueError("the same thing is given twice in one batch")
    return given


def _clean(text: str) -> str:
    """Keys of objects are compared joined by a control character."""
    if _CONTROL.search(text):
        raise ValueError(f"{text!r} cannot be stored: it contains a control character")
    return text


def _value(text: str) -> str:
    if problem := problem_with_stored(text):
        raise ValueError(f"{text!r} cannot be stored: {problem}")
    return text
