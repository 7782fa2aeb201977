"""How long the engine plans a query of a view whose expressions grow:
`python -m tests.benchmarks.planning_time`.

Times are processor time of the session's own process for EXPLAIN of all columns, the least of some
rounds: planning that is linear takes no more times longer than what grows is larger. The language
itself ends at 64 operators in a chain and at 20 brackets, one in the other: longer sums are sums of
sums.
"""

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tests.benchmarks.query_cost import Session
from tests.compiler.sizes import COLUMN, LONG, Sized, joined, masked, nested
from tests.compiler.warehouse import PASSWORD, Warehouse
from tests.engine import running_engine
from tests.policy.building import BIGINT, column, numeric, on, source, world
from veil.compiler import compile_view, qualified
from veil.model import DataSource, RowPolicy, Where, World
from veil.policy import resolve

_CHAIN = 32
"""Terms of each sum in a sum of sums."""


def sum_of_sums(count: int) -> str:
    """So many columns added up."""
    whole = joined("+")
    if count <= 2 * _CHAIN:
        return whole(count)
    return " + ".join([f"({whole(_CHAIN)})"] * (count // _CHAIN))


def under_a_sum(count: int) -> tuple[World, DataSource]:
    """So many columns, whose rows a sum of 50 of them decides."""
    table = source(*(column(f"c{at}", BIGINT) for at in range(count)), table="sizes")
    return world(table, RowPolicy("rows", on(sources=["sales"]), Where(f"{joined('+', 'c{}')(50)} > 3"))), table


GROWING: Mapping[str, tuple[Sized, Sequence[int]]] = {
    "terms of a sum": (masked(BIGINT, sum_of_sums), (16, 32, 64, 128, 256)),
    "terms of a NUMERIC sum": (masked(numeric(38, 10), sum_of_sums), (16, 32, 64, 128, 256)),
    "nested casts": (masked(BIGINT, nested("CAST({} AS VARCHAR(20))", "CAST({} AS BIGINT)")), (4, 10, 20)),
    "nested casts of NUMERIC": (LONG["casts of numbers"][0], (4, 10, 20)),
    "nested CASEs": (masked(BIGINT, nested(f"CASE WHEN {COLUMN} > 3 THEN {{}} ELSE {COLUMN} + 1 END")), (4, 9, 18)),
    "columns under a row sum": (under_a_sum, (50, 100, 200)),
}
"""What grows, and how far."""


@dataclass(frozen=True)
class Planned:
    """One size: bytes of the view's text, and seconds that planning takes."""

    size: int
    text: int
    seconds: float


def planned(warehouse: Warehouse, session: Session, sized: Sized, size: int, rounds: int) -> Planned:
    """The least of so many rounds."""
    governed, table = sized(size)
    assert resolve(governed, table).incompatibilities == ()
    warehouse.table(table, [])
    warehouse.publish(governed, table)
    query = f"EXPLAIN SELECT * FROM {qualified(table.view_schema, table.view_name)}"
    seconds = min(session.cost(query) for _ in range(rounds))
    return Planned(size, len(compile_view(governed, table)), seconds)


def report(name: str, found: Sequence[Planned]) -> Iterator[str]:
    """A line for each size: how many times longer than the one before, in text and time."""
    for smaller, each in zip([found[0], *found], found, strict=False):
        text, seconds = each.text / smaller.text, each.seconds / smaller.seconds
        shown = f"{name:24} {each.size:4} {each.text:8,} bytes {each.seconds * 1000:8.2f} ms"
        yield shown if each is smaller else f"{shown}, text {text:.2f} times, time {seconds:.2f} times"


def main(words: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    options = parser.parse_args(words)
    with running_engine(recording=False) as engine:
        address = engine.address()
        assert address is not None
        warehouse = Warehouse(address)
        warehouse.users({"ann": []})
        session = Session(address, "ann", PASSWORD)
        for name, (sized, sizes) in GROWING.items():
            found = [planned(warehouse, session, sized, size, options.rounds) for size in sizes]
            print("\n".join(report(name, found)), flush=True)
        session.close()
        warehouse.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
