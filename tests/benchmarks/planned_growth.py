"""What planning costs as policies grow in number: `python -m tests.benchmarks.planned_growth`.

Data sources are planned, and then policies that apply to them: each to one of its own, or all of
them to all. A plan of twice as many policies should cost twice as much. No warehouse is asked.
"""

from collections.abc import Callable, Mapping
from time import process_time

from tests.policy.building import column, on, source, varchar
from veil.governance.planned import PlannedWorld
from veil.model import DataSource, Hash, Integration, MaskingPolicy, Put, RowPolicy, Where, World
from veil.model.change import apply
from veil.model.kinds import Governed

_COLUMNS = 20

Planned = tuple[list[DataSource], list[Governed]]


def each_its_own(count: int) -> Planned:
    """A mask for each of so many data sources."""
    sources = [
        source(column("c", varchar(20), f"tag{at}"), column("d", varchar(20)), table=f"t{at}") for at in range(count)
    ]
    return sources, [MaskingPolicy(f"m{at}", on(f"tag{at}"), Hash()) for at in range(count)]


def masks_on_all(count: int) -> Planned:
    """So many masks on ten data sources, spread over their columns."""
    columns = [column(f"c{at}", varchar(20), f"tag{at}") for at in range(_COLUMNS)]
    sources = [source(*columns, table=f"t{at}") for at in range(10)]
    return sources, [MaskingPolicy(f"m{at}", on(f"tag{at % _COLUMNS}"), Hash()) for at in range(count)]


def rows_on_all(count: int) -> Planned:
    """So many row policies on ten data sources."""
    sources = [source(column("c", varchar(20)), table=f"t{at}") for at in range(10)]
    shown = (Where(f"@isInGroups('g{at}') OR c = 'x{at}'") for at in range(count))
    return sources, [RowPolicy(f"r{at}", on(sources=["sales"]), each) for at, each in enumerate(shown)]


SHAPES: Mapping[str, Callable[[int], Planned]] = {
    "a mask for each": each_its_own,
    "masks on all": masks_on_all,
    "row policies on all": rows_on_all,
}


def cost(planned: Planned, *, deployed: bool, clock: Callable[[], float] = process_time) -> float:
    """What planning the policies costs once the data sources are planned; all is `deployed`
    already, or nothing.
    """
    sources, policies = planned
    stored = apply(World(Integration("main", "db", "governed")), *map(Put, [*sources, *policies]))
    world = PlannedWorld(stored if deployed else None)
    for each in sources:
        world.put(each)
    begun = clock()
    for policy in policies:
        world.put(policy)
    return clock() - begun


def main() -> None:
    """Print what each shape costs, and how much more when it is twice as large."""
    for name, shape in SHAPES.items():
        for deployed in (False, True):
            few, many = (cost(shape(count), deployed=deployed) for count in (200, 400))
            print(
                f"{name}, {'deployed' if deployed else 'new'}: 200 {few:.2f} s, 400 {many:.2f} s: {many / few:.1f} times"
            )


if __name__ == "__main__":
    main()
