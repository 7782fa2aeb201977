"""A resource that does nothing, written on veil.plugin and on other packages for providers in
Python, beside terraform_data.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from tests.benchmarks.bench.measuring import Cost, compared, in_turns
from tests.benchmarks.bench.rows import Row
from tests.benchmarks.bench.starts import ROUNDS, to_handshake
from tests.benchmarks.bench.terraform import MeasuredTerraform
from tests.benchmarks.plugin_speed import BUILTIN, PACKAGES, Candidate, ours, peer

_NEEDED = 'terraform {\n required_providers {\n bench = { source = "test/bench" }\n }\n}\n'


def measure(folder: Path, sizes: Sequence[int]) -> Iterator[Row]:
    """Starts, and plan and apply of each size, ours beside each of the others."""
    others = [found for name in PACKAGES if (found := peer(name, folder / "peers")) is not None]
    mine = ours(folder / "ours")
    starts = in_turns(ROUNDS, **{each.name: partial(_to_handshake, each) for each in (mine, *others)})
    for other in others:
        yield compared(f"start to handshake, against {other.name}", 1, 1, starts[mine.name], starts[other.name])
    for size in sizes:
        found = _costs(folder / str(size), (mine, *others, Candidate("terraform_data", None, BUILTIN)), size)
        for command in ("plan, no change", "apply"):
            for other in (*(each.name for each in others), "terraform_data"):
                target = None if other == "terraform_data" else 1
                measured = f"a resource that does nothing: {command}, against {other}"
                yield compared(measured, size, target, found[mine.name][command], found[other][command])


def _to_handshake(candidate: Candidate) -> Cost:
    return to_handshake([str(candidate.executable)])


def _costs(folder: Path, candidates: Sequence[Candidate], size: int) -> Mapping[str, Mapping[str, Cost]]:
    """Of each candidate, what each command costs with so many resources."""
    places = {each.name: _place(folder / each.name, each, size) for each in candidates}
    rounds = 3 if size < 100 else 1
    found: dict[str, dict[str, Cost]] = {each.name: {} for each in candidates}
    commands: Mapping[str, Callable[[MeasuredTerraform], Cost]] = {
        "apply": MeasuredTerraform.apply,
        "plan, no change": MeasuredTerraform.plan,
        "destroy": MeasuredTerraform.destroy,
    }
    for command, run in commands.items():
        repeated = rounds if command == "plan, no change" else 1
        for name, cost in in_turns(repeated, **{name: partial(run, place) for name, place in places.items()}).items():
            found[name][command] = cost
    return found


def _place(folder: Path, candidate: Candidate, size: int) -> MeasuredTerraform:
    executables = candidate.executable.parent if candidate.executable else None
    place = MeasuredTerraform(folder, "test/bench", executables)
    head = _NEEDED if candidate.executable else ""
    place.write(head + candidate.resource.format(count=size, suffix=""))
    return place
