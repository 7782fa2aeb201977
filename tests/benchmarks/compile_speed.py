"""How fast views compile: `python -m tests.benchmarks.compile_speed`.

The measure is a ratio, so that it means the same on every machine: the time to compile a view over
the time that sqlglot takes to parse its text once. A view with 50 columns and 10 policies is what
directories of tables look like.
"""

from collections.abc import Callable
from time import perf_counter

import sqlglot

from tests.benchmarks.calls import call_clock
from tests.policy.building import INTEGER, column, groups, on, source, varchar, world
from veil.compiler import compile_view
from veil.model import Column, DataSource, Hash, MaskingPolicy, Match, Partial, RowPolicy, UserMatches, Where, World


def typical() -> tuple[World, DataSource]:
    """50 columns, 8 masks and 2 row policies."""
    columns: list[Column] = [
        column(f"c{number}", varchar(40) if number % 2 else INTEGER, *([f"pii.t{number % 8}"] if number % 3 else []))
        for number in range(48)
    ]
    data_source = source(*columns, column("region", varchar(10), "geo"), column("level", varchar(10), "level"))
    masks = [
        MaskingPolicy(
            f"mask{number}", on(f"pii.t{number}"), Hash() if number % 2 else Partial(1, 1), exceptions=groups("hr")
        )
        for number in range(8)
    ]
    sales = on(sources=["sales"])
    rows = [
        RowPolicy("territory", sales, UserMatches((Match("geo", "territory"),)), exceptions=groups("global")),
        RowPolicy("level", sales, Where("@columnTagged('level') = 'open' OR @isInGroups('cleared')")),
    ]
    return world(data_source, *masks, *rows), data_source


def fastest(work: Callable[[], object], times: int) -> float:
    """Seconds that the fastest of several runs takes: the one that others disturbed least."""
    measured = []
    for _ in range(times):
        begun = perf_counter()
        work()
        measured.append(perf_counter() - begun)
    return min(measured)


def ratio() -> tuple[float, float, float]:
    """Seconds to compile, seconds to parse the text, and their ratio."""
    governed, data_source = typical()
    text = compile_view(governed, data_source)
    compiling = fastest(lambda: compile_view(governed, data_source), 20)
    parsing = fastest(lambda: sqlglot.parse_one(text, read="redshift"), 5)
    return compiling, parsing, compiling / parsing


def calls_of_both() -> tuple[int, int]:
    """Calls that compiling the view makes, and those that parsing its text makes."""
    governed, data_source = typical()
    text = compile_view(governed, data_source)
    with call_clock() as clock:
        begun = clock()
        compile_view(governed, data_source)
        compiled = clock()
        sqlglot.parse_one(text, read="redshift")
        return compiled - begun, clock() - compiled


if __name__ == "__main__":
    compiled, parsed, share = ratio()
    print(
        f"compile {compiled * 1000:.2f} ms ({1 / compiled:.0f} views/s), parse {parsed * 1000:.2f} ms, ratio {share:.3f}"
    )
