"""What a change costs among many objects, over what it costs among few:
`python -m tests.benchmarks.commit_growth`.

Processor time of this process alone, so that other work on the machine and the engine's own do not
count. A group of ten changes should cost the same whatever is governed already; what grows is
copying a few dictionaries.
"""

import itertools
from collections.abc import Callable
from time import process_time

from tests.acceptance.conftest import Database
from tests.benchmarks.apply_speed import place
from veil.governance.requests import Batch, Create
from veil.governance.service import Governance
from veil.model import AppliesTo, Integration, MaskingPolicy, Null, Profile
from veil.warehouse import Settings, connect

GROUP = 10
FEW, MANY = 100, 2000
_numbers = itertools.count()


def changes(count: int) -> Batch:
    """That many new objects: a profile and a mask in turn."""
    numbers = itertools.islice(_numbers, count)
    return Batch(tuple(Create(_profile(number) if number % 2 else _mask(number)) for number in numbers))


def _profile(number: int) -> Profile:
    return Profile(
        f"user{number}", frozenset({"analysts", f"team{number % 10}"}), {"territory": frozenset({"US", "CA"})}
    )


def _mask(number: int) -> MaskingPolicy:
    return MaskingPolicy(f"mask{number}", AppliesTo(column_tags=frozenset({f"tag{number}"})), Null())


def cost_per_group(governance: Governance, clock: Callable[[], float], groups: int = 10) -> float:
    """Of the cheapest of several groups, in what the clock counts."""
    taken = []
    for _ in range(groups):
        group = changes(GROUP)
        begun = clock()
        governance.submit(group)
        taken.append(clock() - begun)
    return min(taken)


def growth(clock: Callable[[], float] = process_time) -> tuple[float, float]:
    """The cost of a group among FEW objects, and among MANY: seconds of the processor, or what
    another clock counts.
    """
    with place() as (engine, _):
        address = engine.address()
        assert address is not None
        Database(address.database, address).run("CREATE DATABASE growth")
        settings = Settings(address.host, "growth", address.username, address.password, port=address.port, ssl=False)
        governance = Governance("growth", lambda: connect(settings))
        governance.install(Integration("main", "growth", "governed"))
        governance.submit(changes(FEW))
        among_few = cost_per_group(governance, clock)
        governance.submit(changes(MANY - FEW))
        among_many = cost_per_group(governance, clock)
        governance.close()
    return among_few, among_many


if __name__ == "__main__":
    few, many = growth()
    print(
        f"{GROUP} changes among {FEW} objects {few * 1000:.1f} ms, among {MANY} {many * 1000:.1f} ms: {many / few:.1f} times"
    )
