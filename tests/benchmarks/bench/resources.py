"""Plan, apply and destroy of so many resources of one kind, beside as many terraform_data, which
are built into Terraform.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.acceptance.conftest import Database, header
from tests.acceptance.terraform import ADDRESS, install_provider
from tests.benchmarks.bench.measuring import Cost, compared, in_turns
from tests.benchmarks.bench.rows import Row, growth
from tests.benchmarks.bench.terraform import MeasuredTerraform
from veil.local import Engine

PROFILES = """
resource "veil_user_profile" "all" {{
  count       = {count}
  integration = veil_integration.main.id
  user        = "user${{count.index}}"
  groups      = ["analysts", "team${{count.index % 10}}"]
  attributes  = {{ territory = ["US", "CA"] }}
}}
"""
SOURCES = """
resource "veil_data_source" "all" {{
  count       = {count}
  integration = veil_integration.main.id
  schema      = "raw"
  table       = "t${{count.index}}"
  tags        = ["all"]
  columns = {{
    email = {{ tags = ["pii.email"] }}
    ssn   = {{ tags = ["pii.ssn"] }}
  }}
}}
"""
KINDS = {"veil_user_profile": PROFILES, "veil_data_source": SOURCES}
BUILT_IN = 'resource "terraform_data" "all" {{\n  count = {count}\n  input = "thing ${{count.index}}"\n}}\n'

TARGETS: Mapping[tuple[str, str], Mapping[int, float]] = {
    ("veil_user_profile", "plan, no change"): {1: 10, 100: 6, 1_000: 1.9},
    ("veil_user_profile", "apply"): {1: 14, 100: 5, 1_000: 1.5},
    ("veil_data_source", "plan, no change"): {1: 10, 100: 6, 1_000: 2.5},
    ("veil_data_source", "apply"): {1: 14, 100: 6, 1_000: 2},
}
STATEMENTS = 12
"""How many a plan with no change is to send to the warehouse, at any size."""

_SENT = re.compile(r"(\d+) statements were sent")
MANY, MANY_SECONDS, MANY_MB = 4_000, 30, 400


@dataclass
class Place:
    """The engine, the provider's executable, and a folder; makes databases and workspaces in
    them.
    """

    engine: Engine
    folder: Path

    def database(self, name: str, tables: int) -> Database:
        """A database with so many raw tables of ten columns."""
        address = self.engine.address()
        assert address is not None
        Database(address.database, address).run(f"CREATE DATABASE {name}")
        made = Database(name, address)
        columns = "id INTEGER, name VARCHAR(60), email VARCHAR(80), ssn VARCHAR(11), territory VARCHAR(2)"
        made.run('CREATE SCHEMA "raw"', *(f'CREATE TABLE "raw".t{number} ({columns})' for number in range(tables)))
        return made

    def workspace(self, name: str) -> MeasuredTerraform:
        """A workspace with our provider."""
        executables = self.folder / "provider"
        if not executables.exists():
            install_provider(executables)
        return MeasuredTerraform(
            self.folder / name, ADDRESS, executables, {"VEIL_LOCAL_DIR": str(self.engine.directory)}
        )


def measure(place: Place, sizes: Sequence[int]) -> Iterator[Row]:
    """The rows of both kinds at all sizes, and how the costs grow."""
    found: dict[str, dict[int, Mapping[str, Cost]]] = {kind: {} for kind in KINDS}
    for size in sizes:
        works = _workspaces(place, size, KINDS)
        costs = _costs(works, size)
        statements = _statements(works["veil_data_source"])
        yield Row("warehouse statements of a plan with no change", size, statements, STATEMENTS)
        costs["destroy"] = in_turns(1, **{name: work.destroy for name, work in works.items()})
        for kind in KINDS:
            for command, by_name in costs.items():
                target = TARGETS.get((kind, command), {}).get(size)
                measured = f"{kind}: {command}, against terraform_data"
                yield compared(measured, size, target, by_name[kind], by_name["terraform_data"])
            found[kind][size] = {command: by_name[kind] for command, by_name in costs.items()}
    for kind, by_size in found.items():
        for command in ("apply", "plan, no change") if len(by_size) > 1 else ():
            exponent = growth(list(by_size), [costs[command].cpu_seconds for costs in by_size.values()])
            yield Row(f"growth with resources: {kind}, {command}", max(by_size), exponent, 1)


def measure_many(place: Place) -> Iterator[Row]:
    """A plan with no change of 4,000 data sources."""
    works = _workspaces(place, MANY, ["veil_data_source"])
    plan = _costs(works, MANY)["plan, no change"]
    cost, floor = plan["veil_data_source"], plan["terraform_data"]
    yield compared("veil_data_source: plan, no change, against terraform_data", MANY, None, cost, floor)
    yield Row("plan, no change: seconds, against a goal of 30", MANY, cost.seconds / MANY_SECONDS, 1, cost.seconds)
    memory = cost.peak_mb or 0
    yield Row("plan, no change: memory, against a goal of 400 MB", MANY, memory / MANY_MB, 1, peak_mb=memory)


def _workspaces(place: Place, size: int, kinds: Iterable[str]) -> dict[str, MeasuredTerraform]:
    """For each kind, an installation and a configuration of so many; and one of terraform_data."""
    found = {}
    for kind in kinds:
        name = f"{kind.removeprefix('veil_')}_{size}"
        database = place.database(f"bench_{name}", size if kind == "veil_data_source" else 0)
        workspace = found[kind] = place.workspace(name)
        workspace.write(header(database))
        workspace.apply()
        workspace.write(header(database) + KINDS[kind].format(count=size))
    built_in = found["terraform_data"] = MeasuredTerraform(place.folder / f"built_in_{size}")
    built_in.write(BUILT_IN.format(count=size))
    return found


def _costs(works: Mapping[str, MeasuredTerraform], size: int) -> dict[str, Mapping[str, Cost]]:
    """What each command costs in each workspace. All of them change nothing but what an apply
    makes.
    """
    rounds = 3 if size < 100 else 2 if size < 1_000 else 1
    plans = {name: work.plan for name, work in works.items()}
    return {
        "plan from empty": in_turns(rounds, **plans),
        "apply": in_turns(1, **{name: work.apply for name, work in works.items()}),
        "plan, no change": in_turns(rounds, **plans),
    }


def _statements(workspace: MeasuredTerraform) -> int:
    log = workspace.folder / "provider.log"
    workspace.plan(TF_LOG_PROVIDER="DEBUG", TF_LOG_PATH=str(log))
    (count,) = _SENT.findall(log.read_text(encoding="utf-8"))
    return int(count)
