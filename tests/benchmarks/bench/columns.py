"""How the text of a view and the time to compile it grow with the columns of its table, and with
the policies on it.
"""

from collections.abc import Iterator
from time import process_time

from tests.benchmarks.bench.rows import Row, growth
from tests.policy.building import column, groups, on, source, varchar, world
from veil.compiler import compile_view
from veil.model import DataSource, Hash, MaskingPolicy, World

COLUMNS = (25, 50, 100, 200, 400)
POLICIES = (5, 10, 20, 40)
_ROUNDS = 5


def masked(columns: int, policies: int, table: str) -> tuple[World, DataSource]:
    """A table of so many columns, each of them under one of so many masks."""
    made = source(*(column(f"c{at}", varchar(40), f"pii.t{at // 4 % policies}") for at in range(columns)), table=table)
    masks = [
        MaskingPolicy(f"mask{at}", on(f"pii.t{at}"), Hash(), exceptions=groups(f"hr{at}")) for at in range(policies)
    ]
    return world(made, *masks), made


def measure() -> Iterator[Row]:
    """Processor time of the compiler, and bytes of its text."""
    for grows, sizes in (("columns", [(each, 8) for each in COLUMNS]), ("policies on a table", [(200, each) for each in POLICIES])):  # fmt: skip
        numbers = [columns if grows == "columns" else policies for columns, policies in sizes]
        found = [_compiled(*size) for size in sizes]
        seconds = [seconds for seconds, _ in found]
        yield Row(f"growth with {grows}: compiling a view", numbers[-1], growth(numbers, seconds), 1, cpu_seconds=seconds[-1])  # fmt: skip
        yield Row(f"growth with {grows}: text of a view", numbers[-1], growth(numbers, [size for _, size in found]), 1)


def _compiled(columns: int, policies: int) -> tuple[float, int]:
    """The least seconds of some rounds, each with a table of another name, and the size of the text
    in bytes.
    """
    taken = []
    text = ""
    for number in range(_ROUNDS):
        governed, made = masked(columns, policies, f"sales{number}")
        begun = process_time()
        text = compile_view(governed, made)
        taken.append(process_time() - begun)
    return min(taken), len(text.encode())
