"""Looks for the first disagreement and says in one line of JSON how many cases it took: `python -m tests.fuzz.probe`.

The self-test runs this with the path of a copy of the sources in which one error is planted.
"""

import argparse
import json
import sys
from pathlib import Path

import veil
from tests.fuzz.run import Run, engine_stage
from tests.fuzz.worlds import Case


class Probe(Run):
    """A run in which a compiler that fails or refuses is a disagreement too."""

    what: str | None = None

    @property
    def is_over(self) -> bool:
        return self.what is not None

    def take(self, case: Case) -> None:
        try:
            super().take(case)
        except Exception as error:
            self.what = f"the compiler fails: {type(error).__name__}"
        if self.mismatches:
            self.what = self.mismatches[0].difference.summary
        elif self.tally.refused:
            self.what = "the compiler refuses a view"


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="probe")
    parser.add_argument("--engine", type=Path, required=True)
    parser.add_argument("--cases", type=int, required=True)
    parser.add_argument("--seed", type=int, required=True)
    options = parser.parse_args(arguments)
    with engine_stage(options.engine) as stage:
        probe = Probe(stage)
        for _ in probe.worlds_until(options.cases, options.seed):
            pass
    print(json.dumps({"what": probe.what, "cases": probe.tally.looks, "sources": str(Path(veil.__file__).parent)}))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
