"""Where a run takes place: the account's session, scratch schemas and users, and an integration
over them.
"""

import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from veil.certify.cells import cell
from veil.certify.comparing import Answer, difference
from veil.certify.outcome import Outcome
from veil.certify.scratch import Scratch
from veil.certify.statements import StatementLog
from veil.errors import VeilError
from veil.governance import Governance, StoredObject, requests
from veil.model import Column, DataSource, Integration, Kind, World
from veil.model.integration import Mode
from veil.oracle import Value, see
from veil.warehouse import Session, Settings, WarehouseError, connect, identifier, qualified

Row = Mapping[str, Value]

USERS = ("ann", "ben", "cleo", "dora", "eve")
"""What the scratch users' names end in."""

RAW, VIEWS, GROUP = "src", "views", "actors"
"""What the names of the schemas of tables and views, and of the impersonation group, end in."""

ROWS_PER_INSERT = 500


class UnreadableError(VeilError):
    """What a run wrote into its integration does not read back."""

    def __init__(self, what: str) -> None:
        super().__init__(
            "What was written does not read back",
            f"The integration holds no {what} that veil takes for its own, though one was written and committed. What the "
            "warehouse computes of a row is not what it computed when the row was written, or not what is computed here.",
        )


@dataclass
class Place:
    """What examinations work with. `settings` say where we are, as the account; `quick` asks for a
    sample only.
    """

    settings: Settings
    session: Session
    scratch: Scratch
    log: StatementLog
    quick: bool = False
    worlds: int = 20
    rows: int = 1_000_000
    plans: dict[str, str] = field(default_factory=dict)
    """The plans of the queries whose costs were measured, for the report."""
    external_table: tuple[str, str] | None = None
    """The external table to look at, by schema and name; without it, one that is there is
    chosen.
    """
    mode: Mode = "single_database"
    source_database: str | None = None
    """The database of the tables, where that is not the one of the integration."""
    impersonates: bool = True
    """Whether somebody may act as somebody else: not so where the warehouse has no session
    variables for it.
    """
    _governance: Governance | None = None
    _passwords: dict[str, str] = field(default_factory=dict, repr=False)
    _looking: dict[str, Session] = field(default_factory=dict, repr=False)

    def prepare(self) -> None:
        """Make the scratch schemas and users. Raises WarehouseError."""
        self.scratch.begin()
        for word in (RAW, VIEWS):
            self.scratch.schema(word)
        for word in ("system", "functions", "procedures"):
            self.scratch.claim("schema", word)
        for word in USERS:
            # Redshift wants an upper case letter, a lower case one and a digit (CREATE USER).
            password = f"Aa1{secrets.token_urlsafe(24)}"
            self._passwords[self.scratch.user(word, password)] = password
        self.scratch.claim("group", GROUP)

    @property
    def integration(self) -> Integration:
        return Integration(
            "certify",
            self.settings.database,
            self.scratch.name(VIEWS),
            mode=self.mode,
            schema_prefix=self.scratch.token,
            source_database=self.source_database,
            impersonation_group=self.scratch.name(GROUP) if self.impersonates else None,
        )

    @property
    def raw(self) -> str:
        """The schema of scratch tables."""
        return self.scratch.name(RAW)

    @property
    def users(self) -> tuple[str, ...]:
        return tuple(map(self.scratch.name, USERS))

    @property
    def governance(self) -> Governance:
        if self._governance is None:
            self._governance = self.another_governance()
        return self._governance

    def another_governance(self) -> Governance:
        """One that knows nothing yet, with a session of its own. To be closed by who asked for
        it.
        """
        return Governance(self.settings.database, lambda: connect(self.settings, self.log.watch))

    def forget(self) -> None:
        """Read the integration anew when it is needed next."""
        if self._governance is not None:
            self._governance.close()
            self._governance = None

    def in_database(self, session: Session, mode: Mode) -> "Place":
        """The same run in another database, where an integration of this mode is to be made;
        `session` is the account's there. A `multi_database` one governs the tables of this
        database.
        """
        return replace(
            self,
            settings=session.settings,
            session=session,
            mode=mode,
            source_database=self.settings.database if mode == "multi_database" else None,
            impersonates=False,
            _governance=None,
            _looking={},
        )

    def close(self) -> None:
        """End every session but the account's own."""
        self.forget()
        for each in self._looking.values():
            each.close()
        self._looking.clear()

    def make_table(self, name: str, columns: Sequence[Column], rows: Sequence[Row] = ()) -> None:
        """Make a scratch table with these rows."""
        table = qualified(self.raw, name)
        listed = ", ".join(f"{identifier(each.name)} {each.type}" for each in columns)
        self.session.execute(f"CREATE TABLE {table} ({listed})")
        lines = [f"({', '.join(cell(row[each.name], each.type) for each in columns)})" for row in rows]
        for start in range(0, len(lines), ROWS_PER_INSERT):
            self.session.execute(f"INSERT INTO {table} VALUES {', '.join(lines[start : start + ROWS_PER_INSERT])}")

    def drop_tables(self, names: Iterable[str]) -> None:
        for name in names:
            self.session.execute(f"DROP TABLE {qualified(self.raw, name)}")

    def govern(self, drafts: Iterable[requests.Draft]) -> None:
        """Create all of these, in one group. Raises GovernanceError or WarehouseError."""
        self.governance.submit(requests.Batch(tuple(requests.Create(draft) for draft in drafts)))

    def ungovern(self) -> None:
        """Delete all that this run's integration governs, in one group. Raises GovernanceError or
        WarehouseError.
        """
        deployed = self.governance.deployed()
        if deployed is None or deployed.layout.prefix != self.scratch.token:
            return  # Where there is another integration after all, what it governs is not this run's.
        removals = tuple(
            requests.Delete(each.kind, each.key, each.id)
            for each in deployed.stored.values()
            if each.kind is not Kind.INTEGRATION
        )
        if removals:
            self.governance.submit(requests.Batch(removals))

    def known(self, source: DataSource) -> DataSource:
        """A governed source, with what the warehouse says of it. Raises UnreadableError,
        GovernanceError and WarehouseError.
        """
        governed = self.governance.require().world.data_sources.get(source.key)
        if governed is None:
            raise UnreadableError(f"data source {source.key}")
        return governed

    def stored(self, kind: Kind) -> StoredObject:
        """The one object of this kind that is governed. Raises UnreadableError, GovernanceError and
        WarehouseError.
        """
        governed = next((each for each in self.governance.require().stored.values() if each.kind is kind), None)
        if governed is None:
            raise UnreadableError(kind.replace("_", " "))
        return governed

    def salts(self) -> dict[str, str]:
        """The salts of this run's integration, by their names: what the interpreter hashes with.
        They are in no report.
        """
        rows = self.session.query(f"SELECT name, salt FROM {qualified(self.integration.system_schema, 'salt')}")
        return {str(name): str(salt) for name, salt in rows}

    def signed_in(self, user: str) -> Session:
        """The session of a scratch user. Raises WarehouseError."""
        if user not in self._looking:
            there = replace(self.settings, username=user, password=self._passwords[user], temporary_credentials=None)
            self._looking[user] = connect(there, self.log.watch)
        return self._looking[user]

    def look(self, user: str, source: DataSource) -> Answer:
        """All that the user sees of the source's view."""
        view = qualified(source.view_schema, source.view_name)
        try:
            columns, rows = self.signed_in(user).select(f"SELECT * FROM {view}")
        except WarehouseError as error:
            return Answer(error=error.found)
        return Answer(columns, tuple(rows))

    def compared(
        self,
        subject: str,
        user: str,
        source: DataSource,
        rows: Sequence[Row],
        *,
        world: World | None = None,
        salts: Mapping[str, str] | None = None,
        lookups: Mapping[tuple[str, ...], Sequence[Row]] | None = None,
        functions: Mapping[str, Callable[..., Value]] | None = None,
        seen_as: str | None = None,
    ) -> Outcome:
        """Whether a user sees of a source what the interpreter says: itself, or `seen_as` while it
        acts as somebody else. `functions` are what functions of the warehouse give, by their names,
        for masks that call them.
        """
        sight = see(
            world or self.governance.require().world,
            seen_as or user,
            source.key,
            [dict(row) for row in rows],
            now=datetime.now(UTC),
            salts=self.salts() if salts is None else salts,
            lookups={name: [dict(row) for row in lookup_rows] for name, lookup_rows in (lookups or {}).items()},
            functions=functions,
        )
        mismatch = difference(source, sight, self.look(user, source))
        if mismatch is None:
            return Outcome(subject)
        shown = [f"{mismatch.summary}."]
        shown += [f"expected {row!r}" for row in mismatch.expected[:3]] + [
            f"found {row!r}" for row in mismatch.found[:3]
        ]
        text = self.governance.require().snapshot.views.get((source.view_schema, source.view_name))
        return Outcome(subject, "differed", "; ".join(shown), statement=text.text if text else "")


def declared_in_full(source: DataSource) -> requests.SourceDraft:
    """The data source as a configuration that names every column of it would declare it."""
    return requests.SourceDraft(
        source.schema,
        source.table,
        source.view_schema,
        source.view_name,
        {each.name: requests.DeclaredColumn(each.tags) for each in source.columns},
        tags=source.tags,
        event_time_column=source.event_time_column,
        enabled=source.enabled,
        new_columns=source.new_columns,
        filter_columns=source.filter_columns,
        description=source.description,
    )
