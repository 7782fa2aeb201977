"""An external table of Redshift Spectrum, where the database has one: masks and row rules over what
only the asking user's USAGE opens.

The table is somebody's, so a run does three things otherwise here. It makes nothing in the external
schema that it finds: the tables are those of the data catalog, and an external schema of its own,
in a database of its own, has them too. It reads one table, of at most `MOST_ROWS` rows. And it
tells neither names nor values of it.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from veil.certify.comparing import Answer, Difference, difference, shown_columns
from veil.certify.outcome import Outcome, Status
from veil.certify.place import VIEWS, Place, declared_in_full
from veil.certify.statements import shape, unnamed
from veil.model import (
    AppliesTo,
    Column,
    ColumnType,
    DataSource,
    Exceptions,
    Family,
    Hash,
    MaskingPolicy,
    Match,
    Null,
    Profile,
    RowPolicy,
    SubscriptionPolicy,
    UserMatches,
)
from veil.model.names import folded
from veil.oracle import Value, see
from veil.warehouse import Session, Tables, WarehouseError, connect, identifier, literal, qualified, read_columns

Row = dict[str, Value]

LAKE = "lake"
"""What the name of the run's own external schema ends in, and that of the database which holds
it.
"""

MOST_ROWS = 1000
MOST_TABLES = 5
"""So many tables are read at the most until one fits, each for as long as `_PATIENCE` says:
Redshift bills what Spectrum scans.
"""

_PATIENCE = "SET statement_timeout TO 60000"
"""In milliseconds. Source: Amazon Redshift Database Developer Guide, statement_timeout."""

_COMPARED = frozenset(
    {
        Family.SMALLINT, Family.INTEGER, Family.BIGINT, Family.NUMERIC, Family.REAL, Family.DOUBLE, Family.BOOLEAN, Family.CHAR,
        Family.VARCHAR, Family.DATE, Family.TIMESTAMP,
    }
)  # fmt: skip
_PLAIN = re.compile(r"[!-~](?:[ -~]{0,62}[!-~])?\Z")
"""Values that users may hold as attributes whatever they are."""

_ROW_COUNTS = ("recordCount", "numRows")
"""What a crawler of AWS Glue, and CREATE EXTERNAL TABLE, call the number of rows among a table's
parameters.
"""

_IN_CATALOG = """
SELECT schemaname, databasename, esoptions FROM pg_catalog.svv_external_schemas WHERE eskind = 1 ORDER BY schemaname
"""
"""Of the kinds that AWS documents under SVV_EXTERNAL_SCHEMAS, 1 is the data catalog."""

_TABLES = """
SELECT tablename, parameters FROM pg_catalog.svv_external_tables
WHERE redshift_database_name = {database} AND schemaname = {schema} AND tabletype NOT IN ('VIEW', 'MATERIALIZED VIEW')
ORDER BY tablename
"""


@dataclass(frozen=True)
class _Schema:
    """An external schema that is there: its name, the database of the data catalog behind it, and
    the options of its maker.
    """

    name: str
    source: str
    options: str

    def again(self, name: str) -> str | None:
        """The statement that makes another one like it; None where what it was made with is not
        known.
        """
        try:
            options = json.loads(self.options)
            role, region = str(options["IAM_ROLE"]), options.get("REGION")
        except (ValueError, KeyError, TypeError, AttributeError):
            return None
        place = f" REGION {literal(str(region))}" if region else ""
        return (
            f"CREATE EXTERNAL SCHEMA {identifier(name)} FROM DATA CATALOG DATABASE {literal(self.source)}{place} "
            f"IAM_ROLE {'default' if role == 'default' else literal(role)}"
        )


@dataclass(frozen=True)
class _Table:
    """An external table that fits, with all its rows."""

    name: str
    columns: tuple[tuple[str, ColumnType], ...]
    rows: tuple[Row, ...]


@dataclass
class _Search:
    """What was tried until a table fitted. `wanted` is the table that somebody named."""

    wanted: str | None
    left: int = MOST_TABLES
    reasons: Counter[str] = field(default_factory=Counter)

    def among(self, tables: Iterable[tuple[str, str | None]]) -> list[str]:
        """Those worth a try, which are known to be small first."""
        sized = [(name, _rows_told(parameters)) for name, parameters in tables]
        if self.wanted is not None:
            return [name for name, _ in sized if folded(name) == folded(self.wanted)]
        small = [each for each in sized if each[1] is None or each[1] <= MOST_ROWS]
        self.reasons["hold more rows by the data catalog's account"] += len(sized) - len(small)
        return [name for name, rows in sorted(small, key=lambda each: (each[1] is None, each[1] == 0))]

    @property
    def told(self) -> str:
        lines = [f"{reason}: {count}" for reason, count in sorted(self.reasons.items()) if count]
        return "; ".join(lines) or "there is none"


def examine(place: Place) -> Iterator[Outcome]:
    named = place.external_table
    schemas = [
        _Schema(str(name), str(source), str(options or ""))
        for name, source, options in place.session.query(_IN_CATALOG)
    ]
    if named is not None:
        schemas = [each for each in schemas if folded(each.name) == folded(named[0])]
    if not schemas:
        yield _nothing(
            named, "this database has no external schema of a data catalog" if named is None else "no such schema"
        )
        return
    database = place.scratch.database(LAKE)
    with connect(replace(place.settings, database=database), place.log.watch) as session:
        session.execute(_PATIENCE)
        session.execute(f"CREATE SCHEMA {identifier(place.scratch.name(VIEWS))}")
        search = _Search(named[1] if named else None)
        schema = place.scratch.name(LAKE)
        table = _first(session, schema, schemas, search)
        if table is None:
            yield _nothing(named, f"of the external tables, {search.told}")
            return
        there = place.in_database(session, "spectrum")
        try:
            yield from _governed(there, schema, table)
        finally:
            there.close()


def _nothing(named: tuple[str, str] | None, why: str) -> Outcome:
    """That no external table was looked at. Where somebody named one this is no certificate."""
    status: Status = "absent" if named is None else "not tried"
    subject = f"no external table was looked at: {why}" if named is None else "the external table that was named"
    return Outcome(subject, status, "" if named is None else f"It could not be looked at: {why}.")


def _first(session: Session, schema: str, schemas: Sequence[_Schema], search: _Search) -> _Table | None:
    """The first table that fits. The run's own external `schema` has it then, like the other one.
    Raises WarehouseError.
    """
    for each in schemas:
        statement = each.again(schema)
        if statement is None:
            search.reasons["in a schema whose role is not told"] += 1
            continue
        try:
            session.execute(statement)
            tables = session.query(_TABLES.format(database=literal(session.settings.database), schema=literal(schema)))
        except WarehouseError as problem:
            if problem.lost:
                raise
            search.reasons[f"in a schema that cannot be read (SQLSTATE {problem.sqlstate})"] += 1
            tables = []
        for name in search.among((str(name), parameters) for name, parameters in tables):
            if search.left == 0:
                return None
            table = _read_if_fit(session, schema, name, search)
            if table is not None:
                return table
        # Without DROP EXTERNAL DATABASE: what the data catalog holds is not the run's.
        session.execute(f"DROP SCHEMA IF EXISTS {identifier(schema)}")
    return None


def _read_if_fit(session: Session, schema: str, name: str, search: _Search) -> _Table | None:
    columns = read_columns(session, schema, Tables(external=True), {name.lower()}).get((name), ())
    if not columns or any(kind.family not in _COMPARED for _, kind in columns):
        search.reasons["have columns of types that are not compared"] += 1
        return None
    search.left -= 1
    try:
        rows = _rows(session, schema, name, columns)
    except WarehouseError as problem:
        if problem.lost:
            raise
        search.reasons[f"cannot be read (SQLSTATE {problem.sqlstate})"] += 1
        return None
    if not rows or len(rows) > MOST_ROWS:
        search.reasons[f"hold more than {MOST_ROWS} rows" if rows else "hold no rows"] += 1
        return None
    return _Table(name, columns, rows)


def _rows(session: Session, schema: str, name: str, columns: Sequence[tuple[str, ColumnType]]) -> tuple[Row, ...]:
    listed = ", ".join(f"t.{identifier(each)}" for each, _ in columns)
    rows = session.query(f"SELECT {listed} FROM {qualified(schema, name)} AS t LIMIT {MOST_ROWS + 1}")
    return tuple({each: _value(value, kind) for (each, kind), value in zip(columns, row, strict=True)} for row in rows)


def _value(value: Any, kind: ColumnType) -> Value:
    """What the driver gave as the interpreter has it: without the blanks that fill up a CHAR."""
    stripped: Value = value.rstrip(" ") if kind.family is Family.CHAR and isinstance(value, str) else value
    return stripped


def _rows_told(parameters: str | None) -> int | None:
    try:
        properties: Mapping[str, Any] = json.loads(parameters or "{}")
        return next((int(properties[each]) for each in _ROW_COUNTS if each in properties), None)
    except (ValueError, TypeError):
        return None


def _governed(place: Place, schema: str, table: _Table) -> Iterator[Outcome]:
    ann, ben, cleo, dora, _ = place.users
    for user in (ann, ben, cleo):
        place.session.execute(f"GRANT USAGE ON SCHEMA {identifier(schema)} TO {identifier(user)}")
    place.governance.install(place.integration)
    ruled, values = _rule(table)
    masked = _masked(table, ruled)
    tags = {ruled: frozenset({"rule"}), masked: frozenset({"pii"})}
    columns = tuple(Column(name, kind, tags.get(name, frozenset())) for name, kind in table.columns)
    hashes = dict(table.columns)[masked].family is Family.VARCHAR
    source = DataSource(schema, table.name, place.integration.view_schema, "looked_at", columns)
    everyone = Exceptions(groups=frozenset({"clear"}))
    pii = AppliesTo(column_tags=frozenset({"pii"}))
    rule = RowPolicy("rule", AppliesTo(column_tags=frozenset({"rule"})), UserMatches((Match("rule", "rule"),)))
    place.govern(
        [
            declared_in_full(source),
            MaskingPolicy("mask", pii, Hash() if hashes else Null(), exceptions=everyone),
            *([rule] if ruled else []),
            SubscriptionPolicy("everyone", AppliesTo(all_data_sources=True), "everyone"),
            *(Profile(user, attributes={"rule": frozenset(values[:1])} if values else {}) for user in (ann, dora)),
            Profile(ben, frozenset({"clear"}), {"rule": frozenset(values[:3])} if values else {}),
        ]
    )
    known = place.known(source)
    for user, what in (
        (ann, "a user whom the mask and the row rule concern sees what they may of an external table"),
        (ben, "a user who is excepted from the mask sees the values of their rows"),
        (cleo, "a user without a profile sees no rows of an external table"),
    ):
        yield _looked(place, what, user, known, table)
    view = qualified(known.view_schema, known.view_name)
    yield _shut(place, dora, f"SELECT COUNT(*) FROM {view}")


def _rule(table: _Table) -> tuple[str, list[str]]:
    """The column that the row rule is about, and values of it, the most frequent first; '' where
    there is none.
    """
    for name, kind in table.columns:
        counts = Counter(row[name] for row in table.rows if isinstance(row[name], str) and _PLAIN.match(str(row[name])))
        if kind.family is Family.VARCHAR and counts:
            return name, [str(value) for value, _ in counts.most_common()]
    return "", []


def _masked(table: _Table, ruled: str) -> str:
    """The column to mask: a text where there is another one than that of the row rule."""
    others = [each for each in table.columns if each[0] != ruled] or list(table.columns)
    return min(others, key=lambda each: each[1].family is not Family.VARCHAR)[0]


def _looked(place: Place, subject: str, user: str, source: DataSource, table: _Table) -> Outcome:
    """Whether the user sees what the interpreter says, told in numbers and types."""
    text = place.governance.require().snapshot.views.get((source.view_schema, source.view_name))
    statement = shape(text.text) if text else ""
    try:
        columns, seen = place.signed_in(user).select(f"SELECT * FROM {qualified(source.view_schema, source.view_name)}")
    except WarehouseError as problem:
        return Outcome(subject, "differed", f"The view fails: {unnamed(problem)}", statement)
    if columns != tuple(shown_columns(source)):
        return Outcome(subject, "differed", "The view has other columns than the table.", statement)
    sight = see(
        place.governance.require().world,
        user,
        source.key,
        [dict(row) for row in table.rows],
        now=datetime.now(UTC),
        salts=place.salts(),
    )
    mismatch = difference(source, sight, Answer(columns, tuple(seen)))
    if mismatch is None:
        return Outcome(subject)
    if Counter(map(repr, _rows(place.session, source.schema, source.table, table.columns))) != Counter(
        map(repr, table.rows)
    ):
        return Outcome(f"{subject}: the table changed meanwhile", "absent")
    return Outcome(subject, "differed", _counted(mismatch, source), statement)


def _counted(mismatch: Difference, source: DataSource) -> str:
    kinds = [each.type for each in source.columns if each.name in shown_columns(source)]
    unlike = {
        str(kind)
        for at, kind in enumerate(kinds)
        if Counter(row[at] for row in mismatch.expected) != Counter(row[at] for row in mismatch.found)
    }
    return (
        f"{len(mismatch.expected)} rows were expected and not seen, {len(mismatch.found)} were seen and not expected; values differ in "
        f"columns of the types {', '.join(sorted(unlike)) or 'none'}."
    )


def _shut(place: Place, user: str, query: str) -> Outcome:
    subject = "who reads a view of an external table needs USAGE on the external schema"
    try:
        place.signed_in(user).query(query)
    except WarehouseError as problem:
        return Outcome(subject, answer=unnamed(problem))
    message = "They read it without. The view shows them what it shows everybody; the guide on modes says that they need USAGE."
    return Outcome(subject, "differed", message, shape(query))
