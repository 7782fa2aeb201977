"""The fuzzer: random worlds on the embedded engine, every view compared with the interpreter.

    python -m tests.fuzz.run --cases 20000

A case is one user's look at one data source's view. Mismatches are made small and written to a
file. The exit status is 1 where there is any.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from tests.fuzz.across import AcrossStage, across
from tests.fuzz.check import Mismatch, Tally, check
from tests.fuzz.coverage import Coverage
from tests.fuzz.drawing import seeded
from tests.fuzz.reduce import reduced
from tests.fuzz.report import described, kinds, show_coverage, show_totals
from tests.fuzz.stage import Place, Stage
from tests.fuzz.worlds import Case, case
from veil.local import Engine


@dataclass
class Run:
    """A run in progress."""

    stage: Stage
    tally: Tally = field(default_factory=Tally)
    coverage: Coverage = field(default_factory=Coverage)
    mismatches: list[Mismatch] = field(default_factory=list)
    worlds: int = 0

    @property
    def is_over(self) -> bool:
        """Whether to stop before all cases are done."""
        return False

    def take(self, case: Case) -> None:
        """Check one world."""
        self.worlds += 1
        self.mismatches.extend(check(self.stage, case, self.tally, self.coverage))

    def worlds_until(self, wanted: int, start: int) -> Iterator[int]:
        """Check worlds until so many cases are done; gives the number of cases after each world."""
        while self.tally.looks < wanted and not self.is_over:
            drawn = case(seeded(f"{start} {self.worlds}"), datetime.now(UTC))
            self.take(across(drawn) if isinstance(self.stage, AcrossStage) else drawn)
            yield self.tally.looks

    def small(self, mismatch: Mismatch) -> Mismatch:
        """The mismatch in a case as small as can be found."""

        def again(case: Case) -> Mismatch | None:
            found = (each for each in check(self.stage, case, Tally()) if _alike(each, mismatch))
            return next(found, None) if mismatch.source in case.world.data_sources else None

        return (
            again(reduced(mismatch.case, mismatch.user, mismatch.source, lambda case: again(case) is not None))
            or mismatch
        )


def _alike(one: Mismatch, other: Mismatch) -> bool:
    """Whether two mismatches are of one user, source and kind."""
    same = one.user == other.user and one.source == other.source
    return same and (one.difference.summary[:18] == other.difference.summary[:18])


@contextmanager
def engine_stage(directory: Path | None, kind: type[Stage] = Stage, refuse: Iterable[str] = ()) -> Iterator[Stage]:
    """A stage on the engine of this directory, or on one of its own that ends with the run.
    `refuse` are names of `veil.local.refusals`, which an engine that runs already was told or not.
    """
    with tempfile.TemporaryDirectory(prefix="veil-fuzz-") as scratch:
        engine = Engine(directory or Path(scratch))
        address = engine.up(progress=lambda line: None, refuse=refuse)
        place = Place(address.host, address.port, address.database, address.username, address.password)
        stage = kind(place)
        try:
            yield stage
        finally:
            stage.close()
            if directory is None:
                engine.down()


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="fuzz", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cases", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--engine", type=Path, help="folder of an engine to use instead of a fresh one")
    parser.add_argument("--across", action="store_true", help="tables and lookups in another database than the views")
    parser.add_argument("--refuse", metavar="NAME,...", default="", help="what the engine does as few clusters may")
    parser.add_argument("--report", type=Path, default=Path("build/fuzz/mismatches.txt"))
    options = parser.parse_args(arguments)
    console = Console()
    refused = tuple(filter(None, options.refuse.split(",")))
    with engine_stage(options.engine, AcrossStage if options.across else Stage, refused) as stage:
        run = Run(stage)
        started = time.monotonic()
        _advance(run, options, console)
        seconds = time.monotonic() - started
        small = [run.small(each) for each in _examples(run.mismatches)]
    console.print(f"seed {options.seed}")
    show_coverage(console, run.coverage)
    show_totals(console, run.worlds, run.tally, len(run.mismatches), seconds)
    options.report.unlink(missing_ok=True)
    if not run.mismatches:
        return 0
    options.report.parent.mkdir(parents=True, exist_ok=True)
    options.report.write_text("\n\n".join(map(described, small)), encoding="utf-8")
    for kind, count in kinds(run.mismatches).items():
        console.print(f"{count} x {kind}", markup=False)
    console.print(f"{len(small)} of them, made small: {options.report}", markup=False)
    return 1


def _advance(run: Run, options: argparse.Namespace, console: Console) -> None:
    columns = (TextColumn("{task.completed:,} of {task.total:,} cases"), BarColumn(), TextColumn("{task.description}"))
    with Progress(*columns, TimeElapsedColumn(), console=console) as progress:
        task = progress.add_task("", total=options.cases)
        for done in run.worlds_until(options.cases, options.seed):
            progress.update(
                task, completed=done, description=f"{run.tally.decisions:,} decisions, {len(run.mismatches)} mismatches"
            )


def _examples(mismatches: list[Mismatch], each: int = 3, most: int = 24) -> list[Mismatch]:
    """A few mismatches of every kind, no two of one world."""
    taken: dict[str, dict[int, Mismatch]] = {}
    for mismatch in mismatches:
        taken.setdefault(mismatch.difference.summary[:120], {}).setdefault(id(mismatch.case), mismatch)
    return [mismatch for found in taken.values() for mismatch in list(found.values())[:each]][:most]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
