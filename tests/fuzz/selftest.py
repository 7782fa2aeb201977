"""Does the fuzzer find errors? Plants single errors in a copy of policy and compiler, and expects each to be found.

    python -m tests.fuzz.selftest                # the errors listed in mutants.json
    python -m tests.fuzz.selftest --collect 80   # tries so many of all that can be planted, lists those found anew

The exit status is 1 where an error was missed.
"""

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.fuzz.mutants import Mutant, mutants, save, saved
from veil.local import Engine

_LIST = Path(__file__).parent / "mutants.json"
_ROOT = Path(__file__).parent.parent.parent
_SEED = 20260101


@dataclass(frozen=True)
class Outcome:
    """What became of one planted error: how the fuzzer found it, after how many cases; None where it did not."""

    what: str | None
    cases: int


class Laboratory:
    """A copy of the sources, and an engine to try them on."""

    def __init__(self, scratch: Path, engine: Engine, cases: int) -> None:
        self.veil = scratch / "provider" / "veil"
        shutil.copytree(_ROOT / "provider" / "veil", self.veil, ignore=shutil.ignore_patterns("__pycache__"))
        self._engine = engine
        self._cases = cases

    def clean(self) -> Outcome:
        """What the fuzzer says of the sources as they are."""
        environment = os.environ | {
            "PYTHONPATH": f"{self.veil.parent}{os.pathsep}{_ROOT}",
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        command = [sys.executable, "-m", "tests.fuzz.probe", "--engine", str(self._engine.directory)]
        command += ["--cases", str(self._cases), "--seed", str(_SEED)]
        done = subprocess.run(command, cwd=_ROOT, env=environment, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            return Outcome(f"nothing works: {done.stderr.strip().splitlines()[-1:]}", 0)
        said = json.loads(done.stdout.splitlines()[-1])
        if Path(said["sources"]) != self.veil.resolve():
            raise RuntimeError(f"the copy was not tried, but {said['sources']}")
        return Outcome(said["what"], said["cases"])

    def infected(self, mutant: Mutant) -> Outcome:
        """What the fuzzer says with this error planted."""
        path = self.veil / mutant.module
        healthy = path.read_text(encoding="utf-8")
        path.write_text(mutant.applied(healthy), encoding="utf-8")
        try:
            return self.clean()
        finally:
            path.write_text(healthy, encoding="utf-8")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="selftest", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cases", type=int, default=4000, help="how long to look for each error")
    parser.add_argument("--collect", type=int, default=0, help="how many errors to try for a new list")
    parser.add_argument("--module", help="only errors in modules whose path holds this")
    options = parser.parse_args(arguments)
    console = Console()
    with tempfile.TemporaryDirectory(prefix="veil-selftest-") as scratch:
        engine = Engine(Path(scratch) / "engine")
        engine.up(progress=lambda line: None)
        try:
            return _run(Laboratory(Path(scratch), engine, options.cases), options, console)
        finally:
            engine.down()


def _run(laboratory: Laboratory, options: argparse.Namespace, console: Console) -> int:
    if (outcome := laboratory.clean()).what is not None:
        console.print(f"Mend this first: without any planted error, {outcome.what}.", markup=False)
        return 1
    chosen = _sample(laboratory.veil, options.collect) if options.collect else saved(_LIST)
    results = list(_tried(laboratory, [each for each in chosen if (options.module or "") in each.module], console))
    _show(results, console)
    found = [mutant for mutant, outcome in results if outcome.what is not None]
    if options.collect:
        save(_LIST, found)
    return 0 if len(found) == len(results) else 1


def _sample(root: Path, count: int) -> list[Mutant]:
    every = list(mutants(root))
    chosen = random.Random(_SEED).sample(range(len(every)), min(count, len(every)))
    return [every[at] for at in sorted(chosen)]


def _tried(laboratory: Laboratory, chosen: list[Mutant], console: Console) -> Iterator[tuple[Mutant, Outcome]]:
    for at, mutant in enumerate(chosen, start=1):
        outcome = laboratory.infected(mutant)
        verdict = f"found after {outcome.cases} cases" if outcome.what else "MISSED"
        console.print(f"{at}/{len(chosen)} {mutant.module} {mutant.function}: {verdict}", markup=False, highlight=False)
        yield mutant, outcome


def _show(results: list[tuple[Mutant, Outcome]], console: Console) -> None:
    table = Table("module", "function", "code", "becomes", "cases", "how it was found", title="Planted errors")
    for mutant, outcome in results:
        told = outcome.what or "MISSED"
        cells = (mutant.module, mutant.function, mutant.old, mutant.new, str(outcome.cases), told)
        table.add_row(*(_short(each) for each in cells), style="" if outcome.what else "red")
    console.print(table)
    missed = sum(outcome.what is None for _, outcome in results)
    console.print(f"{len(results)} errors planted, {len(results) - missed} found, {missed} missed")


def _short(text: str) -> str:
    flat = " ".join(text.split()).replace("[", "\\[")
    return flat if len(flat) <= 70 else f"{flat[:67]}..."


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
