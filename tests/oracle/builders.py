"""Small worlds for tests of the interpreter: one data source, `raw.customers`, and whatever governs
it.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from veil.model import (
    AppliesTo,
    Column,
    ColumnType,
    DataSource,
    Family,
    Integration,
    Profile,
    SubscriptionPolicy,
    World,
    key_of,
)
from veil.model.change import Put, apply
from veil.oracle import Sight, see

NOW = datetime(2026, 5, 17, 12, 30, tzinfo=UTC)
KEY = "raw.customers"
SALTS = {KEY: "pepper"}
EVERYWHERE = AppliesTo(all_data_sources=True)
OPEN = SubscriptionPolicy("open", EVERYWHERE, "everyone")

TEXT = ColumnType(Family.VARCHAR, length=40)
INTEGER = ColumnType(Family.INTEGER)
MONEY = ColumnType(Family.NUMERIC, precision=8, scale=2)
DATE = ColumnType(Family.DATE)
TIMESTAMP = ColumnType(Family.TIMESTAMP)


def columns(**tagged: tuple[ColumnType, str] | ColumnType) -> tuple[Column, ...]:
    """`email=(TEXT, "pii.email work")` or `id=INTEGER`: name, type and the tags after it, parted by
    blanks.
    """
    found = []
    for name, given in tagged.items():
        kind, tags = given if isinstance(given, tuple) else (given, "")
        found.append(Column(name, kind, tags=frozenset(tags.split())))
    return tuple(found)


def customers(*known: Column, **more: Any) -> DataSource:
    """The data source `raw.customers` with these columns; by default an id, an email and a
    region.
    """
    standard = columns(id=INTEGER, email=(TEXT, "pii.email"), region=(TEXT, "geo.region"))
    settings = {"tags": frozenset({"domain.sales"})} | more
    return DataSource("raw", "customers", "governed", "customers", columns=known or standard, **settings)


def alice(**attributes: str) -> Profile:
    """The user alice, an analyst; attributes as `territory="US CA"`."""
    return Profile(
        "alice", frozenset({"analysts"}), {name: frozenset(text.split()) for name, text in attributes.items()}
    )


def world(*things: Any, **settings: Any) -> World:
    """A World of these objects; with `raw.customers`, alice and a grant to everyone unless such are
    given.
    """
    integration = Integration("main", "analytics", "governed", **settings)
    given = {(type(each), key_of(each)) for each in things}
    standard = [each for each in (customers(), alice(), OPEN) if (type(each), key_of(each)) not in given]
    return apply(World(integration), *(Put(each) for each in (*standard, *things)))


def seen(governed: World, rows: Sequence[Mapping[str, Any]], *, user: str = "alice", **more: Any) -> Sight:
    """What the user sees of rows of `raw.customers`, at `NOW`."""
    return see(governed, user, KEY, rows, **({"now": NOW, "salts": SALTS} | more))


def values(sight: Sight, column: str) -> list[Any]:
    """What shows in one column, row by row."""
    return [row.values[column] for row in sight.rows]


def cell(governed: World, column: str, value: Any, **more: Any) -> Any:
    """What alice sees in this column of one row that holds the value there."""
    return seen(governed, [{column: value}], **more).rows[0].values[column]
