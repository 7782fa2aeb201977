"""Does the fuzzer find errors? Plants single errors in a copy of policy and compiler, and expects
each to be found.

    python -m tests.fuzz.selftest                # the errors listed in mutants.json
    python -m tests.fuzz.selftest --collect 48   # so many of all that can be planted, and lists these from now on
    python -m tests.fuzz.selftest --module scope --function surely_held   # those of the list that are there

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
_HEALTHY = 40
"""In so many worlds nothing may be found before any error is planted."""


@dataclass(frozen=True)
class Outcome:
    """What became of one planted error: how the fuzzer found it, None where it did not; how many
    worlds were drawn until then, and how many of those had other views than without the error.
    """

    what: str | None
    worlds: int = 0
    tried: int = 0

    @property
    def told(self) -> str:
        if self.what is not None:
            return f"found in world {self.worlds}: {self.what}"
        return f"MISSED in {self.worlds} worlds, {self.tried} of which had other views"


class Laboratory:
    """A copy of the sources, and an engine to try them on."""

    def __init__(self, scratch: Path, engine: Engine, worlds: int) -> None:
        self.veil = scratch / "provider" / "veil"
        shutil.copytree(_ROOT / "provider" / "veil", self.veil, ignore=shutil.ignore_patterns("__pycache__"))
        self._engine = engine
        self._worlds = worlds
        self._known = scratch / "known.json"

    def healthy(self) -> Outcome:
        """What the fuzzer says of the sources as they are; also remembers how their views read."""
        remembered = self._probe("--worlds", str(self._worlds), "--remember", str(self._known))
        if remembered.returncode != 0:
            return _failed(remembered)
        return self._said(self._probe("--engine", str(self._engine.directory), "--worlds", str(_HEALTHY)))

    def infected(self, mutant: Mutant) -> Outcome:
        """What the fuzzer says with this error planted."""
        path = self.veil / mutant.module
        healthy = path.read_text(encoding="utf-8")
        path.write_text(mutant.applied(healthy), encoding="utf-8")
        options = ("--engine", str(self._engine.directory), "--worlds", str(self._worlds), "--known", str(self._known))
        try:
            return self._said(self._probe(*options))
        finally:
            path.write_text(healthy, encoding="utf-8")

    def _probe(self, *options: str) -> subprocess.CompletedProcess[str]:
        environment = os.environ | {
            "PYTHONPATH": f"{self.veil.parent}{os.pathsep}{_ROOT}",
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        command = [sys.executable, "-m", "tests.fuzz.probe", "--seed", str(_SEED), *options]
        return subprocess.run(command, cwd=_ROOT, env=environment, capture_output=True, text=True, check=False)

    def _said(self, done: subprocess.CompletedProcess[str]) -> Outcome:
        if done.returncode != 0:
            return _failed(done)
        said = json.loads(done.stdout.splitlines()[-1])
        if Path(said["sources"]) != self.veil.resolve():
            raise RuntimeError(f"the copy was not tried, but {said['sources']}")
        return Outcome(said["what"], said["worlds"], said["tried"])


def _failed(done: subprocess.CompletedProcess[str]) -> Outcome:
    return Outcome(f"nothing works: {done.stderr.strip().splitlines()[-1:]}")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="selftest", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--worlds", type=int, default=1500, help="how long to look for each error")
    parser.add_argument("--collect", type=int, default=0, help="how many of all errors to try and list anew")
    parser.add_argument("--module", default="", help="only errors in modules whose path holds this")
    parser.add_argument("--function", default="", help="only errors in functions whose name holds this")
    options = parser.parse_args(arguments)
    console = Console()
    with tempfile.TemporaryDirectory(prefix="veil-selftest-") as scratch:
        engine = Engine(Path(scratch) / "engine")
        engine.up(progress=lambda line: None)
        try:
            return _run(Laboratory(Path(scratch), engine, options.worlds), options, console)
        finally:
            engine.down()


def _run(laboratory: Laboratory, options: argparse.Namespace, console: Console) -> int:
    if (outcome := laboratory.healthy()).what is not None:
        console.print(f"Mend this first: without any planted error, {outcome.what}.", markup=False)
        return 1
    chosen = _sample(laboratory.veil, options.collect) if options.collect else saved(_LIST)
    wanted = [each for each in chosen if options.module in each.module and options.function in each.function]
    if not wanted:
        console.print("No error of the list is in such a module and function.")
        return 1
    results = list(_tried(laboratory, wanted, console))
    _show(results, console)
    if options.collect:
        save(_LIST, [mutant for mutant, _ in results])
    return 0 if all(outcome.what is not None for _, outcome in results) else 1


def _sample(root: Path, count: int) -> list[Mutant]:
    every = list(mutants(root))
    chosen = random.Random(_SEED).sample(range(len(every)), min(count, len(every)))
    return [every[at] for at in sorted(chosen)]


def _tried(laboratory: Laboratory, chosen: list[Mutant], console: Console) -> Iterator[tuple[Mutant, Outcome]]:
    for at, mutant in enumerate(chosen, start=1):
        outcome = laboratory.infected(mutant)
        told = f"{at}/{len(chosen)} {mutant.module} {mutant.function}: {outcome.told}"
        console.print(told, markup=False, highlight=False)
        yield mutant, outcome


def _show(results: list[tuple[Mutant, Outcome]], console: Console) -> None:
    table = Table("module", "function", "code", "becomes", "worlds", "how it was found", title="Planted errors")
    for mutant, outcome in results:
        told = outcome.what or "MISSED"
        cells = (mutant.module, mutant.function, mutant.old, mutant.new, str(outcome.worlds), told)
        table.add_row(*(_short(each) for each in cells), style="" if outcome.what else "red")
    console.print(table)
    missed = sum(outcome.what is None for _, outcome in results)
    console.print(f"{len(results)} errors planted, {len(results) - missed} found, {missed} missed")


def _short(text: str) -> str:
    flat = " ".join(text.split()).replace("[", "\\[")
    return flat if len(flat) <= 70 else f"{flat[:67]}..."


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
