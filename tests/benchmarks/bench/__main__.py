"""Measure, print the table, and write build/bench.json:
`python -m tests.benchmarks.bench [--big] [--only GROUP ...]`.

Groups are measured one after the other, and what is there is written after each; with --only, into
the result that is there. Beside it stands when each was measured, and on which machine.
`--sizes 1 100` leaves out what takes longest.
"""

import argparse
import compileall
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

from tests.benchmarks.bench import columns, frameworks, policies, queries, resources, starts, users
from tests.benchmarks.bench.resources import Place
from tests.benchmarks.bench.rows import Row, read, renewed, table, write
from tests.benchmarks.bench.terraform import TERRAFORM
from tests.engine import running_engine
from veil import __file__ as package
from veil import __version__

SIZES = (1, 100, 1_000)
RESULT, MACHINES = Path("build/bench.json"), Path("build/bench-machines.json")
Measure = Callable[[Path], Iterator[Row]]


def groups(sizes: tuple[int, ...], *, big: bool) -> Mapping[str, Measure]:
    """What is measured, by its name. Each is given an empty folder."""
    found: dict[str, Measure] = {
        "starts": lambda _folder: starts.measure(),
        "columns": lambda _folder: columns.measure(),
        "queries": lambda _folder: queries.measure(),
        "frameworks": lambda folder: frameworks.measure(folder, sizes),
        "resources": lambda folder: _with_engine(folder, lambda place: resources.measure(place, sizes)),
        "policies": lambda folder: _with_engine(folder, lambda place: _policies(place, sizes), recording=True),
    }
    if big:
        found["4,000 data sources"] = lambda folder: _with_engine(folder, resources.measure_many)
        found["100,000 users"] = lambda folder: _with_engine(folder, lambda place: users.measure(place, 100_000))
    return found


def _policies(place: Place, sizes: tuple[int, ...]) -> Iterator[Row]:
    yield from policies.measure_planned(place)
    yield from policies.measure_change(place, sizes[-1:])


def _with_engine(folder: Path, measure: Callable[[Place], Iterator[Row]], *, recording: bool = False) -> Iterator[Row]:
    with running_engine(recording=recording) as engine:
        yield from measure(Place(engine, folder))


@contextmanager
def timed(name: str) -> Iterator[None]:
    """Tell how long a group took."""
    begun = perf_counter()
    yield
    print(f"{name}: {perf_counter() - begun:.0f} s", file=sys.stderr, flush=True)


def machine() -> dict[str, str]:
    """What the figures depend on that are measured from now on."""
    cpu = re.search(r"model name\s*: (.*)", _text(Path("/proc/cpuinfo")))
    version = subprocess.run([TERRAFORM, "version", "-json"], capture_output=True, text=True, check=True).stdout
    return {
        "day": f"{datetime.now(UTC):%Y-%m-%d}",
        "processor": cpu[1] if cpu else platform.processor() or platform.machine(),
        "cores": str(os.cpu_count()),
        "load": ", ".join(f"{each:.1f}" for each in os.getloadavg()),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "terraform": json.loads(version)["terraform_version"],
        "veil": __version__,
    }


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def main(arguments: list[str]) -> int:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--big", action="store_true", help="4,000 data sources and 100,000 users, too")
    parser.add_argument("--only", nargs="+", metavar="GROUP", help="only these groups")
    parser.add_argument("--sizes", nargs="+", type=int, default=SIZES, metavar="N", help="how many resources")
    options = parser.parse_args(arguments)
    wanted = groups(tuple(options.sizes), big=options.big)
    if unknown := set(options.only or ()) - set(wanted):
        parser.error(f"no such group: {', '.join(sorted(unknown))}. There are: {', '.join(wanted)}")
    # As pip does to what it installs. An environment in which Python writes no bytecode would have
    # every start compile all of it.
    compileall.compile_dir(Path(package).parent, quiet=1)
    MACHINES.parent.mkdir(exist_ok=True)
    is_continued = options.only and RESULT.is_file() and MACHINES.is_file()
    rows = read(RESULT) if is_continued else []
    machines = json.loads(_text(MACHINES)) if is_continued else {}
    for name, measure in wanted.items():
        if options.only and name not in options.only:
            continue
        before = machine()  # While nothing is measured: the load is that of others, or of the group before.
        with timed(name), tempfile.TemporaryDirectory(prefix="veil-bench-") as folder:
            rows = renewed(rows, list(measure(Path(folder))))
        machines[name] = before
        write(rows, RESULT)
        MACHINES.write_text(json.dumps(machines, indent=1) + "\n", encoding="utf-8")
    print(table(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
