"""Random policies over random tables, recorded from the project's fuzzer: what each user sees,
compared with the interpreter.
"""

import gzip
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import resources
from typing import Any

from veil.certify.cells import read
from veil.certify.outcome import Outcome
from veil.certify.place import Place, Row, declared_in_full
from veil.governance import errors, requests
from veil.model import Column, ColumnType, DataSource, Family, Integration, Profile, Project, Subscription
from veil.model.codec import decode
from veil.model.kinds import Governed
from veil.warehouse import WarehouseError

FILE = "worlds.json.gz"
RAW, VIEWS = "certify_raw", "certify_views"
"""What the schemas of tables and of views are called in the file."""


@dataclass(frozen=True)
class Recorded:
    """One world: what is governed, and the tables that it is about, lookups included."""

    objects: tuple[Governed, ...]
    tables: Mapping[str, tuple[tuple[Column, ...], Sequence[Row]]]


def recorded(raw: str, views: str, users: Sequence[str]) -> Iterator[Recorded]:
    """The worlds of the file, with these names of schemas and users in the place of its own."""
    for line in _lines():
        data = json.loads(line.replace(RAW, raw).replace(VIEWS, views))
        names = dict(zip(data["users"], users, strict=True))
        yield Recorded(
            tuple(_renamed(decode(each), names) for each in data["objects"]),
            {name: _table(table) for name, table in data["tables"].items()},
        )


def how_many() -> int:
    """The number of worlds that are recorded."""
    return len(_lines())


def _lines() -> list[str]:
    packed = resources.files("veil.certify").joinpath(FILE).read_bytes()
    return gzip.decompress(packed).decode().splitlines()


def _table(data: Mapping[str, Any]) -> tuple[tuple[Column, ...], list[Row]]:
    columns = tuple(
        Column(name, ColumnType(Family(family), length, precision, scale))
        for name, family, length, precision, scale in data["columns"]
    )
    rows: list[Row] = [
        {each.name: read(text, each.type) for each, text in zip(columns, row, strict=True)} for row in data["rows"]
    ]
    return columns, rows


def _renamed(thing: Governed, names: Mapping[str, str]) -> Governed:
    """The object with scratch users in it."""
    match thing:
        case Profile() | Subscription():
            return replace(thing, user=names[thing.user])
        case Project():
            return replace(thing, members=frozenset(names[each] for each in thing.members))
        case _:
            return thing


def examine(place: Place) -> Iterator[Outcome]:
    wanted = 2 if place.quick else place.worlds
    worlds = recorded(place.raw, place.integration.view_schema, place.users)
    for number, world in zip(range(wanted), worlds, strict=False):
        yield from _examine(place, number, world)
    if wanted > how_many():
        yield Outcome(f"{wanted} worlds", "not tried", f"No more than {how_many()} are recorded.")


def _examine(place: Place, number: int, world: Recorded) -> Iterator[Outcome]:
    place.forget()  # Worlds have tables of the same names, and what is known of the last one's is of no use.
    for name, (columns, rows) in world.tables.items():
        place.make_table(name, columns, rows)
    drafts: list[requests.Draft] = [
        declared_in_full(each) if isinstance(each, DataSource) else each
        for each in world.objects
        if not isinstance(each, Integration)
    ]
    try:
        place.govern(drafts)
    except (errors.GovernanceError, WarehouseError) as problem:
        yield Outcome(f"world {number}: it is governed", "differed", str(problem))
    else:
        yield from _compared(place, number, world)
        place.ungovern()
    place.drop_tables(world.tables)


def _compared(place: Place, number: int, world: Recorded) -> Iterator[Outcome]:
    deployed, salts = place.governance.require().world, place.salts()
    lookups: dict[tuple[str, ...], Sequence[Row]] = {
        (place.raw, name): rows
        for name, (_, rows) in world.tables.items()
        if f"{place.raw}.{name}" not in deployed.data_sources
    }
    for source in deployed.data_sources.values():
        for at, user in enumerate(place.users):
            yield place.compared(
                f"world {number}: user {at} looks at {source.table}",
                user,
                source,
                world.tables[source.table][1],
                world=deployed,
                salts=salts,
                lookups=lookups,
            )
