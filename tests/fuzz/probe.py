"""Looks for the first disagreement and says in one line of JSON where it was:
`python -m tests.fuzz.probe`.

The self-test runs this with the path of a copy of the sources in which one error is planted. Worlds
whose views read as they do without the error are passed over: they cannot disagree. `--remember`
writes how the views of the first worlds read, `--known` takes that.
"""

import argparse
import hashlib
import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import veil
from tests.fuzz.drawing import seeded
from tests.fuzz.run import Run, engine_stage
from tests.fuzz.worlds import Case, case
from veil.compiler import CompileError, compile_view


def digest(case: Case) -> str:
    """How all views of a world read, in short."""
    texts = []
    for source in case.world.data_sources.values():
        try:
            texts.append(compile_view(case.world, source))
        except CompileError as error:
            texts.append(f"refused: {error.summary}")
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:16]


def reads_alike(case: Case, known: str) -> bool:
    """Whether the views read as known. An error raised here is left to be raised again and told."""
    try:
        return digest(case) == known
    except Exception:
        return False


class Probe(Run):
    """A run in which a compiler that fails or refuses is a disagreement too."""

    what: str | None = None

    def take(self, case: Case) -> None:
        try:
            super().take(case)
        except Exception as error:
            self.what = f"the compiler fails: {type(error).__name__}"
        if self.mismatches:
            self.what = self.mismatches[0].difference.summary
        elif self.tally.refused:
            self.what = "the compiler refuses a view"


def worlds(seed: int, count: int) -> list[Case]:
    """The first worlds of this seed."""
    now = datetime.now(UTC)
    return [case(seeded(f"{seed} {at}"), now) for at in range(count)]


def search(directory: Path, cases: list[Case], known: list[str], most: int) -> tuple[str | None, int, int]:
    """What disagrees first; how many worlds were drawn until then, and how many of them differed
    and were tried.
    """
    with engine_stage(directory) as stage:
        probe = Probe(stage)
        for at, (each, healthy) in enumerate(zip(cases, known, strict=True)):
            if probe.worlds >= most:
                return None, at, probe.worlds
            if not reads_alike(each, healthy):
                probe.take(each)
                if probe.what is not None:
                    return probe.what, at + 1, probe.worlds
        return None, len(cases), probe.worlds


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="probe")
    parser.add_argument("--engine", type=Path)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--worlds", type=int, required=True)
    parser.add_argument("--most", type=int, default=100, help="how many differing worlds to try at most")
    parser.add_argument("--remember", type=Path)
    parser.add_argument("--known", type=Path)
    options = parser.parse_args(arguments)
    cases = worlds(options.seed, options.worlds)
    if options.remember:
        options.remember.write_text(json.dumps(list(map(digest, cases))), encoding="utf-8")
        return 0
    known = json.loads(options.known.read_text(encoding="utf-8")) if options.known else [""] * len(cases)
    what, drawn, tried = search(options.engine, cases, known, options.most)
    sources = str(Path(veil.__file__).parent)
    print(json.dumps({"what": what, "worlds": drawn, "tried": tried, "sources": sources}))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
