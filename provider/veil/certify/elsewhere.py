"""Tables in another database than the integration's: queries that cross databases, through views
that others read.
"""

from collections.abc import Iterator
from dataclasses import replace

from veil.certify.outcome import Outcome
from veil.certify.place import VIEWS, Place, declared_in_full
from veil.model import (
    AppliesTo,
    Column,
    ColumnType,
    DataSource,
    Family,
    Hash,
    MaskingPolicy,
    Match,
    Profile,
    RowPolicy,
    SubscriptionPolicy,
    UserMatches,
)
from veil.warehouse import Session, WarehouseError, connect, identifier, qualified

_TEXT = ColumnType(Family.VARCHAR, length=40)
_UNSUPPORTED = "0A000"


def examine(place: Place) -> Iterator[Outcome]:
    """The integration is in a database of its own, the tables stay where all others of the run
    are.
    """
    columns = (Column("region", _TEXT, frozenset({"geo"})), Column("ssn", _TEXT, frozenset({"pii"})))
    source = DataSource(place.raw, "elsewhere", place.integration.view_schema, "elsewhere", columns)
    rows = [{"region": region, "ssn": f"{number}"} for number, region in enumerate(("US", "CA", "größe", None))]
    place.make_table(source.table, columns, rows)
    name = place.scratch.database("other")
    with connect(replace(place.settings, database=name), place.log.watch) as session:
        refused = _refused(
            session, f"SELECT COUNT(*) FROM {qualified(place.settings.database, place.raw, source.table)}"
        )
        if refused is not None:
            yield Outcome(
                "this warehouse has no queries across databases: `multi_database` is not for it",
                "absent",
                answer=refused,
            )
        else:
            session.execute(f"CREATE SCHEMA {identifier(place.scratch.name(VIEWS))}")
            there = place.in_database(session, "multi_database")
            try:
                yield from _governed(there, source, rows)
            finally:
                there.close()
    place.drop_tables([source.table])


def _refused(session: Session, query: str) -> str | None:
    """What the warehouse says where it has no such queries; None where it has. Raises
    WarehouseError.
    """
    try:
        session.query(query)
    except WarehouseError as problem:
        if problem.sqlstate == _UNSUPPORTED:
            return problem.found
        raise
    return None


def _governed(place: Place, source: DataSource, rows: list[dict[str, str | None]]) -> Iterator[Outcome]:
    ann, ben, cleo, *_ = place.users
    place.governance.install(place.integration)
    place.govern(
        [
            declared_in_full(source),
            MaskingPolicy("ssn", AppliesTo(column_tags=frozenset({"pii"})), Hash()),
            RowPolicy("region", AppliesTo(column_tags=frozenset({"geo"})), UserMatches((Match("geo", "region"),))),
            SubscriptionPolicy("everyone", AppliesTo(all_data_sources=True), "everyone"),
            Profile(ann, attributes={"region": frozenset({"US", "größe"})}),
            Profile(ben),
        ]
    )
    known = place.known(source)
    for user in (ann, ben, cleo):
        yield place.compared(
            f"{user.rpartition('_')[2]} sees what they may of a table of another database", user, known, rows
        )
    table = qualified(place.source_database or "", source.schema, source.table)
    refused = _denied(place, ann, f"SELECT COUNT(*) FROM {table}")
    yield Outcome(
        "who sees a view does not see the table of another database below it",
        "differed" if refused is None else "passed",
        "The table was read." if refused is None else "",
        answer=refused or "",
    )


def _denied(place: Place, user: str, query: str) -> str | None:
    try:
        place.signed_in(user).query(query)
    except WarehouseError as problem:
        return problem.found
    return None
