"""One case against the engine: every user's look at every data source, compared with the
interpreter.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from tests.fuzz.coverage import Coverage
from tests.fuzz.functions import RUN
from tests.fuzz.pools import PROFILED, USERS
from tests.fuzz.rows import Row, lookups_of, rows_of
from tests.fuzz.stage import Stage, salts_of
from tests.fuzz.worlds import Case
from veil.certify.comparing import Difference, difference
from veil.compiler import CompileError, compile_view
from veil.model import DataSource
from veil.oracle import Sight, see


@dataclass(frozen=True)
class Mismatch:
    """A look at which view and interpreter disagree."""

    case: Case
    user: str
    source: str
    now: datetime
    view: str
    difference: Difference


@dataclass
class Tally:
    """What was compared: looks (one user at one view), and in them rows and cells that were
    decided.
    """

    looks: int = 0
    decisions: int = 0
    refused: int = 0


def check(stage: Stage, case: Case, tally: Tally, coverage: Coverage | None = None) -> Iterator[Mismatch]:
    """Publish the case's views, look as every user, and give every disagreement."""
    now = datetime.now(UTC)
    lookups = lookups_of(case.seed, now)
    stage.load(case.world, now, lookups)
    if coverage:
        coverage.world(case.world)
    for at, source in enumerate(case.world.data_sources.values()):
        rows = case_rows(case, source, now)
        try:
            view = compile_view(case.world, source)
        except CompileError:
            tally.refused += 1
            continue
        if broken := _publish(stage, source, view, rows):
            yield Mismatch(case, "", source.key, now, view, broken)
            continue
        for user in USERS if at == 0 else PROFILED:
            sight = see(
                case.world,
                user,
                source.key,
                rows,
                now=now,
                salts=salts_of(case.world),
                lookups=lookups,
                functions=RUN,
            )
            _count(tally, source, sight)
            if coverage:
                coverage.sight(case.world, source, sight)
            if found := difference(source, sight, stage.look(user, source)):
                yield Mismatch(case, user, source.key, now, view, found)


def case_rows(case: Case, source: DataSource, now: datetime) -> list[Row]:
    """The rows of a source in this case."""
    rows = rows_of(source, case.seed, now)
    return rows if case.only is None else [rows[at] for at in case.only]


def _publish(stage: Stage, source: DataSource, view: str, rows: list[Row]) -> Difference | None:
    """Make table and view; a difference where the engine refuses the view."""
    stage.make(source, rows)
    error = stage.publish(source, view)
    return Difference(f"the engine refuses the view: {error}") if error else None


def _count(tally: Tally, source: DataSource, sight: Sight) -> None:
    tally.looks += 1
    tally.decisions += len(sight.hidden) + sum(1 + len(row.values) for row in sight.rows)
