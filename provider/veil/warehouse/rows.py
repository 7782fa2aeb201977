"""What the warehouse holds, row by row. Everything here is a plain value."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple

from veil.warehouse.account import Account
from veil.warehouse.base_tables import Columns, Tables
from veil.warehouse.grants import DefaultGrant, Grant, Grantee
from veil.warehouse.other_views import OtherView
from veil.warehouse.relations import RelationKind, TableState
from veil.warehouse.signatures import Signature


@dataclass(frozen=True, slots=True)
class ObjectRow:
    """One governed object: `id` is its owner's token, `body` what the governance layer wrote.

    `intact` is False where what is there is not what our procedure wrote: a hash that does not
    match, or is not that of the ledger, a missing or a double part. Where the object is not
    `entered` in the ledger at all, nothing of ours wrote it; where it is and nothing else is left,
    its body is empty. Both mean nothing on a row that is to be written.
    """

    kind: str
    name: str
    id: str
    body: str
    intact: bool = True
    entered: bool = True


MOST_TABLES_BYTES = 40_000
"""So long, as JSON, may be a list of tables that is kept: a batch has room for it and for some
hundred users who have it.
"""


def tables_json(keys: Iterable[str]) -> str | None:
    """The keys of data sources as the list that `valid_tables` holds; None where that is too long
    to be kept.
    """
    text = json.dumps(sorted(keys), ensure_ascii=False, separators=(",", ":"))
    return text if len(text.encode()) <= MOST_TABLES_BYTES else None


def tables_digest(keys: Iterable[str]) -> str:
    """What a read gives of the list of these keys."""
    text = tables_json(keys)
    return "" if text is None else digest(text)


def digest(text: str) -> str:
    """The hash under which a view's text, or a list of tables, is remembered."""
    return sha256(text.encode()).hexdigest()


NO_TABLES = digest("[]")
"""The digest of the list of no tables."""


class EntryRow(NamedTuple):
    """One fact about a user, which views read. `expires_at` is aware; the warehouse keeps UTC.

    The kinds, and what stands in `name` and `value`: `group`: '' and the group. `attribute`: its
    name and one of its values. `subscription`: '' and a data source's key. `project`: '' and a
    project that the user is a member of. `project_source`: such a project and the key of one of its
    data sources. `project_purpose`: such a project and one of its purposes. `covering_purpose`: a
    purpose and one above it. `project_salt`: a project with masked joins and the name of its salt.
    `acknowledgement`: a purpose and the `acknowledgement_hash` of the text that one must agree to;
    a purpose without it never counts.
    """

    user: str
    kind: str
    name: str
    value: str
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ProjectEntryRow:
    """One fact about an equalized project, which views read for members who act in it.

    The kinds are `group`, `attribute` and `subscription`, as those of `EntryRow`; `equalized`,
    without name and value; and `member`: '' and a user. `strength` is 2 for what every member
    holds, and for members with a profile, 1 for what only some of them hold, and for members
    without.
    """

    project: str
    kind: str
    name: str
    value: str
    strength: int
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ProfileRow:
    """A user's row of `profile`, which is for people to read. `valid_tables` is the digest
    (`tables_digest`) of the keys of the data sources that the user could query as of `updated_at`:
    the views decide by other rows, query by query.

    `intact` is False where the row is double or does not have the shape that our procedure writes.
    """

    user: str
    groups: frozenset[str] = frozenset()
    attributes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    projects: frozenset[str] = frozenset()
    valid_tables: str = NO_TABLES
    intact: bool = True
    updated_at: datetime | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class ProjectProfileRow:
    """The row of `project_profile` that stands for the members of an equalized project, for people
    to read: what each of them holds. The fields are those of `ProfileRow`.
    """

    project: str
    groups: frozenset[str] = frozenset()
    attributes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    projects: frozenset[str] = frozenset()
    valid_tables: str = NO_TABLES
    intact: bool = True
    updated_at: datetime | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class RuntimeRow:
    """What a user chose in the warehouse: the current project, and by purpose the hash of the text
    agreed to.
    """

    user: str
    current_project: str | None = None
    acknowledgements: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ImpersonationRow:
    """That `user` may act as `as_user`, while a member of the impersonation group.

    There is no row that stands for all users: who may act as everybody gets a row for each,
    superusers and the system account left out.
    """

    user: str
    as_user: str


class ClosedRow(NamedTuple):
    """That a data source, by its key, shows no rows: `kind` and `name` are those of the policy that
    failed, `id` is that of the closing.
    """

    source: str
    kind: str
    name: str
    id: str


@dataclass(frozen=True, slots=True)
class AccessRequestRow:
    """That a user asked for a data source, by its key. `reason` is the user's text: it may say
    anything. Times are aware.
    """

    user: str
    source: str
    reason: str
    requested_at: datetime | None


@dataclass(frozen=True, slots=True)
class ApprovalRow:
    """That a user was admitted to a data source at run time, by whom and until when. Times are
    aware.
    """

    user: str
    source: str
    approver: str
    approved_at: datetime | None
    expires_at: datetime | None = None


class ApproverRow(NamedTuple):
    """Who may approve requests for a data source, by its key; `shown` is the name of its view. Each
    policy that admits by name alone has to name the approver.

    The kinds, and what stands in `name`: `policy`: its access, `approval` or `individual`, and in
    `seconds` how long an approval lasts at most. `group` and `user`: who may approve by that
    policy.
    """

    source: str
    shown: str
    policy: str
    kind: str
    name: str
    seconds: int | None = None


@dataclass(frozen=True, slots=True)
class RequestEndRow:
    """That what a user asked for, or was approved for, until `ended_at` is over; where `refused`,
    that no more may be asked for, until `until` where given. Times are aware.
    """

    user: str
    source: str
    refused: bool = False
    until: datetime | None = None
    ended_at: datetime | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class ErrorRow:
    """That the last change of the object of this kind and key text failed: its `status`, such as
    `editError`, why, and when (aware).
    """

    kind: str
    name: str
    status: str
    error: str
    happened_at: datetime | None


class UnsealedRow(NamedTuple):
    """What identifies a row that none of our procedures wrote.

    The kinds, and what stands in `name` and `item`: `salt`: the salt's name and ''. `runtime`: the
    user whose current project it is and ''. `acknowledgement`: a user and a purpose. `request` and
    `approval`: a user and the key of a data source.
    """

    kind: str
    name: str
    item: str


@dataclass(frozen=True, slots=True)
class OwnViewRow:
    """What one of our own views was made from: `made_hash` of the statement, `text_hash` of the
    text that the warehouse reports of it, None until that was looked at.
    """

    made_hash: str
    text_hash: str | None = None


@dataclass(frozen=True, slots=True)
class PublishedRow:
    """Which view stands for a data source: `text_hash` of the text that the warehouse reports,
    `compiled_hash` of the text that was compiled.
    """

    view_schema: str
    view_name: str
    text_hash: str
    compiled_hash: str
    compiler_version: int


@dataclass(frozen=True, slots=True)
class Revision:
    """The rows of the table `revision` as they are. `number` and `token` are those of the one row
    of ours; where somebody else altered, added or removed rows it is not `sound`, and `number` is
    the highest that is there.
    """

    number: int
    token: str
    sound: bool
    rows: tuple[tuple[Any, ...], ...]


@dataclass(frozen=True, slots=True)
class ViewState:
    """A view as the catalog shows it, with who holds what on it. For a late-binding view `text` is
    the statement that made it. `comments` are by column; that on the view itself is under "".
    """

    text: str
    owner: str
    grants: frozenset[Grant] = frozenset()
    comments: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CommentRow:
    """What a view, or a column of one where it is named, is to be said to be; without `words`,
    nothing.
    """

    view_schema: str
    view_name: str
    column: str
    words: str | None


@dataclass(frozen=True, slots=True)
class RoutineAttributes:
    """The attributes of a routine besides its body, with the values of every procedure of ours.
    `volatility` is the catalog's letter.
    """

    arguments: tuple[str, ...] = ()
    language: str = "plpgsql"
    volatility: str = "v"
    strict: bool = False
    returns_set: bool = False


@dataclass(frozen=True, slots=True)
class RoutineState:
    """A procedure or function. `grantees` are those but PUBLIC and the owner who may execute it.
    `attributes` is what else the catalog shows of it, and `returns` the type that it gives, as the
    catalog spells it. Its settings (SET ...) no documented catalog shows.
    """

    body: str
    owner: str
    public_execute: bool
    security_definer: bool
    grantees: frozenset[Grantee] = frozenset()
    attributes: RoutineAttributes | None = None
    returns: str = ""


@dataclass(frozen=True, slots=True)
class Rights:
    """Who owns and may use base tables, by (schema, name), and their `schemas`, in the database
    that they are in. `kinds` tells tables from views.

    Whoever may use an external schema reads every table in it. `default_privileges`, by schema, are
    on what will be made there, with whoever has to make it; "" stands for all schemas.
    `database_privileges` are on the database and, with a scope, on everything in it. `unread` says
    why nothing of all this, or not all of it, is known; it is empty where it is known. `reader` is
    who asked.
    """

    schemas: frozenset[str] = frozenset()
    owners: Mapping[tuple[str, str], str] = field(default_factory=dict)
    kinds: Mapping[tuple[str, str], RelationKind] = field(default_factory=dict)
    table_grants: Mapping[tuple[str, str], tuple[Grant, ...]] = field(default_factory=dict)
    schema_owners: Mapping[str, str] = field(default_factory=dict)
    schema_privileges: Mapping[str, tuple[Grant, ...]] = field(default_factory=dict)
    external_schemas: frozenset[str] = frozenset()
    default_grants: frozenset[DefaultGrant] = frozenset()
    database_privileges: tuple[Grant, ...] = ()
    unread: str = ""
    reader: Account | None = None

    def is_external(self, schema: str, table: str) -> bool:
        """Whether the table is one of Redshift Spectrum's, as far as is known: its schema is listed
        as external, or the table is none of Redshift's own. Redshift lists external schemas to
        superusers, and to others only their own (Amazon Redshift Database Developer Guide,
        SVV_EXTERNAL_SCHEMAS).
        """
        return schema in self.external_schemas or (schema, table) not in self.owners

    def tell_of(self, schema: str, table: str) -> bool:
        """Whether the table was there when this was read."""
        return bool(self.unread) or schema in self.external_schemas or (schema, table) in self.owners


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything that an integration's state is judged by, at one revision.

    `account` is who read it, and `reader` what that one may do. `published` is by data source key;
    `views` by (schema, name): those of the view schema, of every schema that a published view is
    in, and of the system schema; `columns`, those of base tables, and `lookups`, those of tables
    that policies look up in, `table_grants`, `owners` and `kinds` by (schema, name); `routines` are
    those of the integration's own schemas and of those that views are in, and `functions` those of
    the schemas of functions that masks call; `schema_owners` and `schema_privileges` by schema.
    `owners`, `kinds`, `table_grants`, `schema_owners` and `schema_privileges` are about the
    integration's own database, as `database_privileges` are, those of everything in it included;
    `unread` says why not all of that is known, empty where it is. `base` has the same of base
    tables, which may be in another one. `impersonators` are the members of the impersonation group,
    None where there is no such group. `unsound` is the revision as it was found where somebody else
    wrote it. `tables` is what stands in the system schema, by name. `doubled` are, by table, the
    keys of rows that are there more than once, where the fields above cannot show that.
    `marked_version` is what the mark says of the version. `other_views` are those views of others
    that may read ours. `own_views` says of our own, by name, what they were made from. Where it has
    no ledger (`has_ledger`) though there are objects, these are judged by their own hashes.
    `appliers` are the users who apply by procedures alone, each with a schema in which views may be
    made for them. `salt_names` are the salts that are ours, and `unsealed` the rows of salts and of
    what users chose that none of our procedures wrote; None where that cannot be determined.
    """

    revision: int
    token: str
    schema_version: int
    provider_version: str
    account: str
    objects: tuple[ObjectRow, ...] = ()
    profiles: tuple[ProfileRow, ...] = ()
    entries: tuple[EntryRow, ...] = ()
    project_entries: tuple[ProjectEntryRow, ...] = ()
    project_profiles: tuple[ProjectProfileRow, ...] = ()
    runtimes: tuple[RuntimeRow, ...] = ()
    impersonations: frozenset[ImpersonationRow] = frozenset()
    impersonators: frozenset[str] | None = None
    superusers: frozenset[str] = frozenset()
    salt_names: frozenset[str] = frozenset()
    published: Mapping[str, PublishedRow] = field(default_factory=dict)
    closed: frozenset[ClosedRow] = frozenset()
    requests: tuple[AccessRequestRow, ...] = ()
    approvals: tuple[ApprovalRow, ...] = ()
    approvers: frozenset[ApproverRow] = frozenset()
    request_ends: tuple[RequestEndRow, ...] = ()
    errors: tuple[ErrorRow, ...] = ()
    appliers: frozenset[tuple[str, str]] = frozenset()
    views: Mapping[tuple[str, str], ViewState] = field(default_factory=dict)
    columns: Mapping[tuple[str, str], Columns] = field(default_factory=dict)
    lookups: Mapping[tuple[Tables, str, str], Columns] = field(default_factory=dict)
    owners: Mapping[tuple[str, str], str] = field(default_factory=dict)
    kinds: Mapping[tuple[str, str], RelationKind] = field(default_factory=dict)
    table_grants: Mapping[tuple[str, str], tuple[Grant, ...]] = field(default_factory=dict)
    routines: Mapping[Signature, RoutineState] = field(default_factory=dict)
    functions: Mapping[Signature, RoutineState] = field(default_factory=dict)
    schema_owners: Mapping[str, str] = field(default_factory=dict)
    schema_privileges: Mapping[str, tuple[Grant, ...]] = field(default_factory=dict)
    database_privileges: tuple[Grant, ...] = ()
    base: Rights = field(default_factory=Rights)
    unsound: Revision | None = None
    tables: Mapping[str, TableState] = field(default_factory=dict)
    doubled: Mapping[str, frozenset[tuple[str, ...]]] = field(default_factory=dict)
    marked_version: int | None = None
    has_ledger: bool = True
    unread: str = ""
    default_grants: frozenset[DefaultGrant] = frozenset()
    other_views: Mapping[tuple[str, str], OtherView] = field(default_factory=dict)
    unsealed: frozenset[UnsealedRow] | None = frozenset()
    own_views: Mapping[str, OwnViewRow] = field(default_factory=dict)
    reader: Account | None = None
