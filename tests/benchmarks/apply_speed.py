"""How long Terraform takes over many objects: `python -m tests.benchmarks.apply_speed [counts...]`.

Half of the objects are user profiles and half masking policies, over twenty data sources on the
embedded engine. What is told is the time of apply and plan for each count, and per object above the
smallest count: a number that grows with the count means that something is done again for every
object.
"""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

from tests.acceptance.conftest import Database, header, sample
from tests.acceptance.terraform import Workspace, install_provider
from tests.engine import running_engine
from veil.local import Engine

COUNTS = (10, 100, 500)
SOURCES = 20


def configuration(database: Database, count: int) -> str:
    """Data sources, profiles and masks, of which each of the first covers a column of each
    source.
    """
    return (
        header(database)
        + f"""
resource "veil_data_source" "all" {{
  count       = {SOURCES}
  integration = veil_integration.main.id
  schema      = "raw"
  table       = "t${{count.index}}"
  tags        = ["all"]
  columns = {{
    email = {{ tags = ["tag${{count.index}}"] }}
    ssn   = {{ tags = ["tag${{count.index + 1}}"] }}
  }}
}}
resource "veil_user_profile" "all" {{
  count       = {count // 2}
  integration = veil_integration.main.id
  user        = "user${{count.index}}"
  groups      = ["analysts", "team${{count.index % 10}}"]
  attributes  = {{ territory = ["US", "CA"] }}
}}
resource "veil_masking_policy" "all" {{
  count       = {count - count // 2}
  integration = veil_integration.main.id
  name        = "mask${{count.index}}"
  applies_to  = {{ column_tags = ["tag${{count.index}}"] }}
  mask        = {{ hash = {{}} }}
  exceptions  = {{ groups = ["team1"] }}
}}
"""
    )


@contextmanager
def place() -> Iterator[tuple[Engine, Path]]:
    """An engine that runs, and a folder for everything."""
    with tempfile.TemporaryDirectory(prefix="veil-bench-") as folder, running_engine(recording=False) as engine:
        yield engine, Path(folder)


def measure(engine: Engine, folder: Path, count: int) -> dict[str, float]:
    """Seconds of the first apply, of a plan with nothing to do, and of a destroy."""
    address = engine.address()
    assert address is not None
    Database(address.database, address).run(f"CREATE DATABASE bench{count}")
    database = Database(f"bench{count}", address)
    database.run(
        *sample(), *(f'CREATE TABLE "raw".t{number} AS SELECT * FROM "raw".customers' for number in range(SOURCES))
    )
    workspace = Workspace(
        folder / str(count), install_provider(folder / "provider"), {"VEIL_LOCAL_DIR": str(engine.directory)}
    )
    workspace.write(configuration(database, count))
    seconds = {}
    for name, command in (("apply", workspace.apply), ("plan", workspace.plan), ("destroy", workspace.destroy)):
        begun = perf_counter()
        done = command()
        seconds[name] = perf_counter() - begun
        assert done, done.text[-2000:]
    return seconds


def main(counts: tuple[int, ...]) -> None:
    """Print what each count takes."""
    with place() as (engine, folder):
        first: tuple[int, dict[str, float]] | None = None
        for count in counts:
            seconds = measure(engine, folder, count)
            told = [f"{name} {taken:6.1f} s" for name, taken in seconds.items()]
            if first is not None:
                more = count - first[0]
                told += [
                    f"{name} {(taken - first[1][name]) / more * 1000:5.1f} ms each" for name, taken in seconds.items()
                ]
            print(f"{count:5} objects: {', '.join(told)}", flush=True)
            first = first or (count, seconds)


if __name__ == "__main__":
    main(tuple(int(each) for each in sys.argv[1:]) or COUNTS)
