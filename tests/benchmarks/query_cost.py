"""What a query of a governed view costs beside the same query written by hand, on a table of two
million rows.

    python -m tests.benchmarks.query_cost [--rows 2000000] [--rounds 5] [--plans FILE]

The user sees two rows in five. By hand means over the table itself: the regions that the user may
see are in the query, and so is what the masks put in place of a value. Costs are processor time of
the session's own process, the least of some rounds: a busy computer does not change them much. The
plans of the queries go to a file.
"""

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import redshift_connector

from tests.engine import running_engine
from tests.policy.building import DATE, EVERYONE, column, groups, numeric, on, varchar, world
from veil.compiler import compile_view
from veil.local import Address, Engine
from veil.model import DataSource, Exceptions, Hash, MaskingPolicy, Match, Partial, Round, RowPolicy, UserMatches, World
from veil.warehouse import (
    EntryRow,
    Layout,
    ProfileRow,
    Settings,
    connect,
    create_salts,
    install_statements,
    upsert_profiles,
)

ROWS = 2_000_000
USER, PASSWORD = "ann", "Only-For-Tests-1"
SEEN = ("region0", "region3", "region5", "region8")
TABLE = """
CREATE TABLE "raw".events (
  id INTEGER, region VARCHAR(10), ssn VARCHAR(11), email VARCHAR(60), amount NUMERIC(10, 2), day DATE
)
"""
FILL = """
INSERT INTO "raw".events
WITH RECURSIVE numbers (g) AS (SELECT 1 UNION ALL SELECT g + 1 FROM numbers WHERE g < {})
SELECT g, 'region' || (g % 10)::VARCHAR, LPAD(g::VARCHAR, 9, '0'),
  'user' || g::VARCHAR || '@example.com', (g % 10000) / 100.0, DATE '2026-01-01' + (g % 700)
FROM numbers
"""
BY_HAND = f'(SELECT * FROM "raw".events WHERE region IN {SEEN})'


@dataclass(frozen=True)
class Query:
    """Over a view, and over what a person would write in its place. No more than `limit` times as
    dear.
    """

    view: str
    text: str
    limit: float


QUERIES: Mapping[str, Query] = {
    "count": Query("filtered", "SELECT COUNT(*) FROM {} AS q", 1.5),
    "sum": Query("filtered", "SELECT SUM(amount) FROM {} AS q", 1.5),
    "group by": Query("filtered", "SELECT region, SUM(amount) FROM {} AS q GROUP BY region", 1.5),
    "key lookup": Query("bare", "SELECT * FROM {} AS q WHERE id = 1003", 1.2),
    "masks": Query("masked", "SELECT MAX(ssn), MAX(email), MAX(amount) FROM {} AS q", 1.2),
}


@dataclass(frozen=True)
class Cost:
    """Of one query: by hand and over the view, in seconds of processor time, and the view's
    plan.
    """

    name: str
    by_hand: float
    governed: float
    plan: str

    @property
    def ratio(self) -> float:
        return self.governed / self.by_hand


class Session:
    """A user's session whose costs are measured."""

    def __init__(self, address: Address, user: str, password: str) -> None:
        self._connection = redshift_connector.connect(
            host=address.host, port=address.port, database=address.database, user=user, password=password,
            ssl=False, max_prepared_statements=0,
        )  # fmt: skip
        self._connection.autocommit = True
        ((self._process,),) = self.ask("SELECT PG_BACKEND_PID()")

    def close(self) -> None:
        self._connection.close()

    def ask(self, query: str) -> list[Any]:
        cursor = self._connection.cursor()
        cursor.execute(query)
        return list(cursor.fetchall()) if cursor.description else []

    def cost(self, query: str) -> float:
        """Seconds of processor time that the server needs for a query."""
        before = self._used()
        self.ask(query)
        return self._used() - before

    def plan(self, query: str) -> str:
        return "\n".join(row[0] for row in self.ask(f"EXPLAIN {query}"))

    def _used(self) -> float:
        return int(Path(f"/proc/{self._process}/schedstat").read_text(encoding="ascii").split()[0]) / 1e9


COLUMNS = (
    column("id"),
    column("region", varchar(10), "geo.region"),
    column("ssn", varchar(11), "pii.ssn"),
    column("email", varchar(60), "pii.email"),
    column("amount", numeric(10, 2), "pii.amount"),
    column("day", DATE),
)


def masks(exceptions: Exceptions) -> list[MaskingPolicy]:
    return [
        MaskingPolicy(tag, on(f"pii.{tag}"), mask, exceptions=exceptions)
        for tag, mask in (("ssn", Hash()), ("email", Partial(1, 0, "*")), ("amount", Round(Decimal(10))))
    ]


def governed() -> Mapping[str, tuple[World, DataSource]]:
    """Worlds by the view's name: rows by the user's regions, but for a group that sees all; beside
    that three masks, or a column that users filter by.
    """
    rows = RowPolicy(
        "region", on("geo.region"), UserMatches((Match("geo.region", "region"),)), exceptions=groups("global")
    )
    found = {}
    for name, policies in {"filtered": (rows,), "bare": (rows,), "masked": (rows, *masks(groups("hr")))}.items():
        bare = frozenset({"id"} if name == "bare" else ())
        made = DataSource(
            "raw", "events", "governed", name, columns=COLUMNS, tags=frozenset({"sales"}), filter_columns=bare
        )
        found[name] = world(EVERYONE, *policies, made), made
    return found


@contextmanager
def prepared(engine: Engine, rows: int) -> Iterator[tuple[Session, Session]]:
    """The engine with a table of so many rows, an installation with 500 users and the views; a
    session of the administrator, who writes by hand, and one of the user.
    """
    address = engine.address()
    assert address is not None
    layout = Layout("immuta", "governed")
    settings = Settings(
        host=address.host,
        port=address.port,
        database=address.database,
        username=address.username,
        password=address.password,
        ssl=False,
        statement_timeout=600,
    )
    entries = [EntryRow(USER, "attribute", "region", each) for each in SEEN]
    others = [f"user{number}" for number in range(500)]
    entries += [EntryRow(each, "attribute", "region", f"region{at % 10}") for at, each in enumerate(others)]
    with connect(settings) as admin:
        for statement in (
            *install_statements(layout),
            *upsert_profiles(layout, [ProfileRow(each) for each in (USER, *others)], entries),
            *create_salts(layout, ["raw.events"]),
            f"CREATE USER {USER} PASSWORD '{PASSWORD}'",
            'CREATE SCHEMA "raw"',
            TABLE,
            FILL.format(rows),
            'ANALYZE "raw".events',
            *(compile_view(*each) for each in governed().values()),
            *(f"GRANT SELECT ON governed.{name} TO {USER}" for name in governed()),
        ):
            admin.execute(statement)
    sessions = Session(address, address.username, address.password), Session(address, USER, PASSWORD)
    yield sessions
    for session in sessions:
        session.close()


def plans(user: Session) -> dict[str, str]:
    """The plan of each query over its view, by the query's name."""
    return {name: user.plan(query.text.format(f"governed.{query.view}")) for name, query in QUERIES.items()}


def masked_by_hand(hand: Session) -> str:
    """The masks' own expressions over the table, for somebody whom they except from nothing."""
    columns = [replace(each, tags=each.tags - {"geo.region"}) for each in COLUMNS]
    made = DataSource("raw", "events", "governed", "by_hand", columns=tuple(columns), tags=frozenset({"sales"}))
    text = compile_view(world(EVERYONE, *masks(Exceptions()), made), made)
    ((salt,),) = hand.ask("SELECT salt FROM immuta_system.salt WHERE name = 'raw.events'")
    outputs = text[text.index("\nSELECT ") : text.index('\nFROM "raw"."events"')]
    return f'({outputs.replace("d.j", chr(39) + salt + chr(39))} FROM "raw".events AS t WHERE region IN {SEEN})'


def costs(hand: Session, user: Session, rounds: int) -> list[Cost]:
    """Of each query, the least of these rounds."""
    masked = masked_by_hand(hand)
    texts = {
        name: (
            query.text.format(masked if query.view == "masked" else BY_HAND),
            query.text.format(f"governed.{query.view}"),
        )
        for name, query in QUERIES.items()
    }
    found = {name: ([], []) for name in texts}
    for _ in range(rounds):
        for name, (by_hand, over_view) in texts.items():
            found[name][0].append(hand.cost(by_hand))
            found[name][1].append(user.cost(over_view))
    planned = plans(user)
    return [Cost(name, min(found[name][0]), min(found[name][1]), planned[name]) for name in texts]


def main(words: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--plans", type=Path)
    options = parser.parse_args(words)
    with running_engine(recording=False) as engine, prepared(engine, options.rows) as (hand, user):
        found = costs(hand, user, options.rounds)
    for cost in found:
        print(f"{cost.name:10} by hand {cost.by_hand:.3f} s, governed {cost.governed:.3f} s, {cost.ratio:.2f} times")
    if options.plans:
        sections = [f"{cost.name}, {cost.ratio:.2f} times\n{cost.plan}\n" for cost in found]
        options.plans.write_text("\n".join(sections), encoding="utf-8")
    return int(any(cost.ratio > QUERIES[cost.name].limit for cost in found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
