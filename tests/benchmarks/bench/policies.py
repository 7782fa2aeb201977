"""What a policy costs: a change of one over many views, beside the same views in one transaction;
and many, planned beside the data sources that they apply to.
"""

import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import perf_counter

from tests.acceptance.conftest import Database, header
from tests.benchmarks.bench.measuring import Cost, least
from tests.benchmarks.bench.resources import SOURCES, Place
from tests.benchmarks.bench.rows import Row, growth
from tests.engine import STATEMENT_LOG
from veil.local import Engine

SOURCES_PLANNED, POLICIES_PLANNED = 50, (50, 100, 200)

_POLICY = """
resource "veil_masking_policy" "email" {{
  integration = veil_integration.main.id
  name        = "email"
  applies_to  = {{ column_tags = ["pii.email"] }}
  mask        = {{ {mask} = {{}} }}
}}
"""
_AFTER_SOURCES = """
resource "veil_masking_policy" "many" {{
  count       = {count}
  depends_on  = [veil_data_source.all]
  integration = veil_integration.main.id
  name        = "mask${{count.index}}"
  applies_to  = {{ column_tags = ["pii.ssn"] }}
  mask        = {{ hash = {{}} }}
  exceptions  = {{ groups = ["team${{count.index}}"] }}
  priority    = count.index
}}
"""
_TICKS = os.sysconf("SC_CLK_TCK")


def measure_change(place: Place, sizes: Sequence[int]) -> Iterator[Row]:
    """One change of a mask over so many views. The processor time is the engine's, which does most
    of both. `place` has an engine that records statements.
    """
    log = place.engine.directory.parent / STATEMENT_LOG
    for size in sizes:
        database = place.database(f"bench_change_{size}", size)
        workspace = place.workspace(f"change_{size}")
        before = header(database) + SOURCES.format(count=size)
        workspace.write(before + _POLICY.format(mask="null"))
        workspace.apply()
        workspace.write(before + _POLICY.format(mask="hash"))
        sent_before, used = log.stat().st_size, engine_seconds(place.engine)
        applied = workspace.apply()
        used = engine_seconds(place.engine) - used
        sent = _sent(log, sent_before)
        views = [each for each in sent if each.lstrip().startswith("CREATE OR REPLACE VIEW")]
        assert len(views) >= size, f"{len(views)} views were made of {size}"
        by_hand = _in_one_transaction(database, place.engine, views)
        yield Row(
            "one policy change, against its views in one transaction",
            size,
            applied.seconds / by_hand.seconds,
            1.3,
            applied.seconds,
            by_hand.seconds,
            used,
            applied.peak_mb,
            used / by_hand.cpu_seconds,
        )
        yield Row("one policy change: statements for each view", size, len(sent) / len(views), 1.05)


def measure_planned(place: Place) -> Iterator[Row]:
    """How a plan from empty grows with the policies in it, each of which comes after all data
    sources.
    """
    database = place.database("bench_planned", SOURCES_PLANNED)
    workspace = place.workspace("planned")
    workspace.write(header(database))
    workspace.apply()
    costs = []
    for policies in (0, *POLICIES_PLANNED):
        after = _AFTER_SOURCES.format(count=policies)
        workspace.write(header(database) + SOURCES.format(count=SOURCES_PLANNED) + after)
        costs.append(least(workspace.plan() for _ in range(2)))
    added = [cost.cpu_seconds - costs[0].cpu_seconds for cost in costs[1:]]
    exponent = growth(POLICIES_PLANNED, added)
    yield Row(
        "growth with policies: a plan of policies after their data sources",
        POLICIES_PLANNED[-1],
        exponent,
        1,
        seconds=costs[-1].seconds,
        cpu_seconds=costs[-1].cpu_seconds,
        peak_mb=costs[-1].peak_mb,
    )


def engine_seconds(engine: Engine) -> float:
    """Processor time of the engine so far: of its gateway, its server and all sessions, those that
    have ended included.
    """
    server = int((engine.directory / "data" / "postmaster.pid").read_text(encoding="utf-8").split()[0])
    total = 0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
            command = (folder / "cmdline").read_bytes()
        except OSError:  # It has ended meanwhile.
            continue
        if server in (int(folder.name), int(words[1])) or f"{engine.directory}".encode() in command:
            # utime, stime, cutime, cstime: proc(5) counts fields from 1, and these stand after the
            # name, the second.
            total += sum(int(each) for each in words[11:15])
    return total / _TICKS


def _sent(log: Path, offset: int) -> list[str]:
    """The statements of the provider's that stand in the log after this many bytes."""
    with log.open("rb") as lines:
        lines.seek(offset)
        entries = [json.loads(line) for line in lines]
    return [each["sql"] for each in entries if each["application"] == "veil"]


def _in_one_transaction(database: Database, engine: Engine, statements: Sequence[str]) -> Cost:
    with database.connect() as connection, connection.cursor() as cursor:
        begun, used = perf_counter(), engine_seconds(engine)
        cursor.execute("BEGIN")
        for statement in statements:
            cursor.execute(statement)
        cursor.execute("COMMIT")
        seconds = perf_counter() - begun
    return Cost(seconds, engine_seconds(engine) - used)
