"""What queries of a governed view cost beside the same queries written by hand, and their plans."""

import time
from collections.abc import Iterator

from veil.certify.outcome import Outcome
from veil.certify.place import Place, declared_in_full
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
    Profile,
    RowPolicy,
    SubscriptionPolicy,
    UserMatches,
)
from veil.warehouse import Session, identifier, qualified

COLUMNS = (
    Column("id", ColumnType(Family.INTEGER)),
    Column("region", ColumnType(Family.VARCHAR, length=10), frozenset({"geo"})),
    Column("ssn", ColumnType(Family.VARCHAR, length=11), frozenset({"pii"})),
    Column("amount", ColumnType(Family.NUMERIC, precision=10, scale=2)),
)
_SEEN = ("region0", "region3", "region5", "region8")
QUERIES = {
    "count": "SELECT pg_catalog.COUNT(*) FROM {} AS q",
    "sum": "SELECT pg_catalog.SUM(amount) FROM {} AS q",
    "group by": "SELECT region, pg_catalog.SUM(amount) FROM {} AS q GROUP BY region",
    "key lookup": "SELECT id, amount FROM {} AS q WHERE id = 1003",
    "masked column": "SELECT pg_catalog.MAX(ssn) FROM {} AS q",
}
_ROUNDS = 3
_WIDEST = 240
"""So many characters of a line of a plan are kept: conditions are long."""


def examine(place: Place) -> Iterator[Outcome]:
    """Times are the least of some rounds, as the client sees them, without the cache of results."""
    ann, *_ = place.users
    source = DataSource(place.raw, "events", place.integration.view_schema, "events", COLUMNS)
    place.make_table(source.table, source.columns)
    _fill(place, source, min(place.rows, 10_000) if place.quick else place.rows)
    everyone = Exceptions(groups=frozenset({"global"}))
    place.govern(
        [
            declared_in_full(source),
            RowPolicy(
                "region",
                AppliesTo(column_tags=frozenset({"geo"})),
                UserMatches((Match("geo", "region"),)),
                exceptions=everyone,
            ),
            MaskingPolicy("ssn", AppliesTo(column_tags=frozenset({"pii"})), Hash(), exceptions=everyone),
            SubscriptionPolicy("everyone", AppliesTo(all_data_sources=True), "everyone"),
            Profile(ann, attributes={"region": frozenset(_SEEN)}),
        ]
    )
    listed = ", ".join(f"'{each}'" for each in _SEEN)
    by_hand = f"(SELECT * FROM {qualified(source.schema, source.table)} WHERE region IN ({listed}))"
    view = qualified(source.view_schema, source.view_name)
    user = place.signed_in(ann)
    for session in (place.session, user):
        # Source: Amazon Redshift Database Developer Guide, enable_result_cache_for_session.
        session.execute("SET enable_result_cache_for_session TO off")
    for name, query in QUERIES.items():
        hand = min(_seconds(place.session, query.format(by_hand)) for _ in range(_ROUNDS))
        governed = min(_seconds(user, query.format(view)) for _ in range(_ROUNDS))
        place.plans[name] = "\n".join(str(row[0])[:_WIDEST] for row in user.query(f"EXPLAIN {query.format(view)}"))
        yield Outcome(f"{name}: {governed:.3f} s, by hand {hand:.3f} s, {governed / hand:.1f} times")
    place.ungovern()
    place.drop_tables([source.table])


def _fill(place: Place, source: DataSource, rows: int) -> None:
    """Rows out of the products of ten digits, as no function of the compute nodes generates any."""
    digits = qualified(place.raw, "digits")
    place.session.execute(f"CREATE TABLE {digits} (d INTEGER)")
    place.session.execute(f"INSERT INTO {digits} VALUES {', '.join(f'({each})' for each in range(10))}")
    places = len(str(rows - 1))
    number = " + ".join(f"{10**at} * d{at}.d" for at in range(places))
    tables = ", ".join(f"{digits} AS d{at}" for at in range(places))
    columns = ", ".join(identifier(each.name) for each in source.columns)
    place.session.execute(
        f"INSERT INTO {qualified(source.schema, source.table)} ({columns}) "
        "SELECT g.n, 'region' || CAST(pg_catalog.MOD(g.n, 10) AS VARCHAR), "
        "pg_catalog.LPAD(CAST(g.n AS VARCHAR), 9, '0'), CAST(pg_catalog.MOD(g.n, 10000) AS NUMERIC(10, 2)) / 100 "
        f"FROM (SELECT {number} AS n FROM {tables}) AS g WHERE g.n < {rows}"
    )
    place.drop_tables(["digits"])
    place.session.execute(f"ANALYZE {qualified(source.schema, source.table)}")


def _seconds(session: Session, query: str) -> float:
    begun = time.monotonic()
    session.query(query)
    return time.monotonic() - begun
