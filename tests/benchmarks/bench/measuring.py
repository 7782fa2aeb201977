"""What a command costs, and what two cost in turns."""

import os
import resource
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from tests.benchmarks.bench.rows import Row

_BYTES = 1024 if sys.platform == "linux" else 1
"""In which unit the kernel tells memory."""


class MeasuredCommandError(Exception):
    """A command that was to be measured failed."""


@dataclass(frozen=True)
class Cost:
    """Seconds on the wall and of the processor, and the memory of the largest process in MB; None
    where that is less than this process's own, and so is not known.
    """

    seconds: float
    cpu_seconds: float
    peak_mb: float | None = None


def run(
    command: Sequence[str], *, folder: Path | None = None, environment: Mapping[str, str] = os.environ,
    statuses: Iterable[int] = (0,),
) -> Cost:  # fmt: skip
    """The cost of a command with all processes that it starts and waits for, such as Terraform's
    providers.

    Raises MeasuredCommandError where it ends with another status than these.
    """
    begun = perf_counter()
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    output = process.stdout.read()
    cost = ended(process, begun)
    if process.returncode not in statuses:
        raise MeasuredCommandError(f"{' '.join(command)}: {output[-3000:]}")
    return cost


def ended(process: "subprocess.Popen[str]", begun: float) -> Cost:
    """Wait for a process that was started then; what it has cost."""
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    # A process has the memory of the one that it was forked from until it runs its own program.
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    peak = used.ru_maxrss * _BYTES / 1e6 if used.ru_maxrss > own else None
    return Cost(perf_counter() - begun, used.ru_utime + used.ru_stime, peak)


def least(costs: Iterable[Cost]) -> Cost:
    """The least of each: what others on the machine disturbed least."""
    found = list(costs)
    peaks = [each.peak_mb for each in found if each.peak_mb is not None]
    return Cost(
        min(each.seconds for each in found), min(each.cpu_seconds for each in found), min(peaks) if peaks else None
    )


def in_turns(rounds: int, **works: Callable[[], Cost]) -> Mapping[str, Cost]:
    """The least cost of each of these, which are done in turns."""
    found: dict[str, list[Cost]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            found[name].append(work())
    return {name: least(costs) for name, costs in found.items()}


def compared(measure: str, n: int, target: float | None, cost: Cost, against: Cost) -> Row:
    """The row of one cost beside another."""
    return Row(
        measure,
        n,
        cost.seconds / against.seconds,
        target,
        cost.seconds,
        against.seconds,
        cost.cpu_seconds,
        cost.peak_mb,
        cost.cpu_seconds / against.cpu_seconds,
    )
