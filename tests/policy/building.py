"""Short ways to write the Worlds that tests need."""

from collections.abc import Iterable
from typing import Any

from veil.model import (
    AppliesTo,
    Baseline,
    Column,
    ColumnType,
    DataSource,
    Exceptions,
    Family,
    Integration,
    MaskingPolicy,
    RowPolicy,
    SubscriptionPolicy,
    World,
    key_of,
)

INTEGER = ColumnType(Family.INTEGER)
BIGINT = ColumnType(Family.BIGINT)
DATE = ColumnType(Family.DATE)
TIMESTAMP = ColumnType(Family.TIMESTAMP)
TIMESTAMPTZ = ColumnType(Family.TIMESTAMPTZ)
BOOLEAN = ColumnType(Family.BOOLEAN)
DOUBLE = ColumnType(Family.DOUBLE)
SUPER = ColumnType(Family.SUPER)


def varchar(length: int) -> ColumnType:
    return ColumnType(Family.VARCHAR, length=length)


def char(length: int) -> ColumnType:
    return ColumnType(Family.CHAR, length=length)


def numeric(precision: int, scale: int) -> ColumnType:
    return ColumnType(Family.NUMERIC, precision=precision, scale=scale)


def column(name: str, kind: ColumnType = INTEGER, *tags: str, accepted: bool = True) -> Column:
    return Column(name, kind, frozenset(tags), accepted=accepted)


def source(*columns: Column, table: str = "customers", tags: Iterable[str] = ("sales",), **rest: Any) -> DataSource:
    return DataSource("raw", table, "governed", table, columns=columns, tags=frozenset(tags), **rest)


def on(*column_tags: str, sources: Iterable[str] = (), **rest: Any) -> AppliesTo:
    """A scope by column tags, and by data source tags."""
    return AppliesTo(column_tags=frozenset(column_tags), data_source_tags=frozenset(sources), **rest)


def groups(*names: str) -> Exceptions:
    return Exceptions(groups=frozenset(names))


_BASELINE = ("null_tags", "closed_tags", "filter_column_tags")
EVERYONE = SubscriptionPolicy("everyone", AppliesTo(all_data_sources=True), "everyone")


def world(*things: DataSource | MaskingPolicy | RowPolicy | SubscriptionPolicy, **integration: Any) -> World:
    """A World with these objects, in which everyone with a profile is admitted unless a policy says
    otherwise.
    """
    by_type: dict[type, dict[Any, Any]] = {}
    for thing in things:
        by_type.setdefault(type(thing), {})[key_of(thing)] = thing
    subscriptions = by_type.get(SubscriptionPolicy, {EVERYONE.name: EVERYONE})
    baseline = {name: frozenset(integration.pop(name)) for name in _BASELINE if name in integration}
    return World(
        integration=Integration("main", "analytics", "governed", baseline=Baseline(**baseline), **integration),
        data_sources=by_type.get(DataSource, {}),
        masking_policies=by_type.get(MaskingPolicy, {}),
        row_policies=by_type.get(RowPolicy, {}),
        subscription_policies=subscriptions,
    )
