"""Queries of governed views, beside what a person would write who knows what the user may see."""

from collections.abc import Iterator
from functools import partial
from time import perf_counter

from tests.benchmarks.bench.measuring import Cost, compared, in_turns
from tests.benchmarks.bench.rows import Row, growth
from tests.benchmarks.query_cost import BY_HAND, QUERIES, Session, masked_by_hand, prepared
from tests.engine import running_engine

ROUNDS = 3
SIZES = (50_000, 200_000, 800_000)
"""Rows of the table. The largest is told in full; the others tell how costs grow."""


def measure() -> Iterator[Row]:
    """Each query at the largest size, and how the cost of a governed one grows with the table.
    Processor time is that of the session's process in the engine.
    """
    governed: dict[str, list[float]] = {name: [] for name in QUERIES}
    for rows in SIZES:
        with running_engine(recording=False) as engine, prepared(engine, rows) as (hand, user):
            masked = masked_by_hand(hand)
            for name, query in QUERIES.items():
                by_hand = query.text.format(masked if query.view == "masked" else BY_HAND)
                over_view = query.text.format(f"governed.{query.view}")
                found = in_turns(
                    ROUNDS, governed=partial(_asked, user, over_view), by_hand=partial(_asked, hand, by_hand)
                )
                governed[name].append(found["governed"].cpu_seconds)
                if rows == SIZES[-1]:
                    measured = f"governed query: {name}, against a SELECT by hand"
                    yield compared(measured, rows, query.limit, found["governed"], found["by_hand"])
    for name, costs in governed.items():
        yield Row(f"growth with rows: {name}", SIZES[-1], growth(SIZES, costs), 1)


def _asked(session: Session, query: str) -> Cost:
    begun = perf_counter()
    cpu_seconds = session.cost(query)
    return Cost(perf_counter() - begun, cpu_seconds)
