"""Writes the worlds that `veil certify` tries: `python -m tests.certify.recording [--worlds 60]`.

They are drawn as the fuzzer draws them, and tried on the embedded engine through governance: a
world that governance refuses as a whole, as it refuses lookups in tables that are not there, is no
use on a cluster either.
"""

import argparse
import gzip
import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.engine import running_engine
from tests.fuzz.drawing import seeded
from tests.fuzz.pools import LOOKUPS, USERS
from tests.fuzz.rows import lookups_of, rows_of
from tests.fuzz.worlds import GOVERNED, Case, case
from tests.fuzz.worlds import RAW as FUZZED_RAW
from veil.certify import Place, StatementLog, worlds
from veil.certify.cells import written
from veil.certify.scratch import Scratch
from veil.governance.errors import GovernanceError
from veil.model import Column, DataSource, Put, World
from veil.model.change import apply
from veil.model.codec import encode
from veil.policy import lint
from veil.warehouse import Settings, WarehouseError, connect

FILE = Path(worlds.__file__).parent / worlds.FILE


def drawn(seed: str, now: datetime) -> str | None:
    """One world as a line of the file; None where it holds what no configuration can say."""
    drawn = case(seeded(seed), now, most_sources=2)
    sources = [_accepted(each) for each in drawn.world.data_sources.values()]
    if any(each.severity == "error" for each in lint(apply(drawn.world, *map(Put, sources)))):
        return None
    tables = {each.table: _table(each.columns, rows_of(each, drawn.seed, now)) for each in sources}
    for (_, name), rows in lookups_of(drawn.seed, now).items():
        if name in tables:
            return None
        tables[name] = _table([Column(*each) for each in LOOKUPS[FUZZED_RAW, name].items()], rows)
    data = {
        "users": USERS,
        "objects": [encode(each) for each in _objects(drawn, sources)],
        "tables": tables,
    }
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return text.replace(FUZZED_RAW, worlds.RAW).replace(GOVERNED, worlds.VIEWS)


def _accepted(source: DataSource) -> DataSource:
    """New columns come with time, and a data source that is made now has none."""
    columns = tuple(replace(each, accepted=True) for each in source.columns)
    return replace(source, columns=columns, policies=frozenset(), reopen=frozenset(), enabled=True)


def _objects(drawn: Case, sources: list[DataSource]) -> Iterator[Any]:
    world: World = drawn.world
    yield from sources
    for held in (
        world.masking_policies,
        world.row_policies,
        world.subscription_policies,
        world.profiles,
        world.purposes,
        world.projects,
    ):
        yield from held.values()  # type: ignore[attr-defined]
    yield from (each for each in world.subscriptions.values() if each.data_source in world.data_sources)


def _table(columns: Any, rows: Any) -> dict[str, Any]:
    return {
        "columns": [
            [each.name, each.type.family, each.type.length, each.type.precision, each.type.scale] for each in columns
        ],
        "rows": [[None if row[each.name] is None else written(row[each.name]) for each in columns] for row in rows],
    }


def accepted(place: Place, lines: list[str]) -> list[str]:
    """Those that governance takes and in which nothing differs."""
    found = []
    for line in lines:
        FILE.write_bytes(gzip.compress(line.encode(), mtime=0))
        try:
            outcomes = list(worlds.examine(replace(place, worlds=1, quick=False)))
        except (GovernanceError, WarehouseError) as problem:
            outcomes = []
            print(f"left out: {problem}")
        bad = [each for each in outcomes if each.status != "passed"]
        for each in bad:
            print(f"left out: {each.subject}: {each.detail[:300]}")
        if outcomes and not bad:
            found.append(line)
        if bad and "governed" not in bad[0].subject:
            raise SystemExit("View and interpreter disagree: mend that first.")
    return found


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", type=int, default=60)
    wanted = parser.parse_args(words).worlds
    now = datetime(2026, 1, 1, tzinfo=UTC)
    kept: list[str] = []
    with running_engine() as engine:
        address = engine.address()
        assert address is not None
        settings = Settings(
            address.host, address.database, address.username, address.password, port=address.port, ssl=False
        )
        log = StatementLog()
        with connect(settings, log.watch) as session:
            place = Place(settings, session, Scratch(session), log)
            place.prepare()
            place.governance.install(place.integration)
            seed = 0
            while len(kept) < wanted:
                line = drawn(f"certify {seed}", now)
                seed += 1
                kept += accepted(place, [line]) if line else []
            place.close()
    FILE.write_bytes(gzip.compress("\n".join(kept).encode(), mtime=0))
    print(f"{len(kept)} worlds of {seed} drawn, {FILE.stat().st_size} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
