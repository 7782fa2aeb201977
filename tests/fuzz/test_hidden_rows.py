"""Without security barriers, which a cluster's views are not: no predicate of a user's meets what
is hidden from them.
"""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings

from tests.engine import engine
from tests.fuzz.check import Tally, case_rows, check
from tests.fuzz.pools import PROFILED
from tests.fuzz.report import described
from tests.fuzz.spying import UnbarredStage
from tests.fuzz.stage import Place
from tests.fuzz.worlds import RAW, Case, cases
from veil.local import Engine
from veil.model import Column, ColumnType, DataSource, Family
from veil.policy import resolve

__all__ = ["engine"]


@pytest.fixture(scope="module")
def stage(engine: Engine) -> Iterator[UnbarredStage]:
    address = engine.address()
    assert address is not None
    place = Place(address.host, address.port, address.database, address.username, address.password)
    found = UnbarredStage(engine, place)
    yield found
    found.close()


def test_a_spy_meets_what_a_view_does_not_guard(stage: UnbarredStage) -> None:
    stage.run(f"CREATE SCHEMA IF NOT EXISTS {RAW}")
    stage.run("CREATE SCHEMA IF NOT EXISTS governed")
    stage.run("GRANT USAGE ON SCHEMA governed TO PUBLIC")
    source = DataSource(RAW, "naked", "governed", "naked", (Column("id", ColumnType(Family.INTEGER)),))
    stage.make(source, [{"id": 1}, {"id": 2}])
    query = f"WITH a AS (SELECT 1 AS x) SELECT t.id FROM {RAW}.naked AS t WHERE (SELECT x FROM a) = 1 AND t.id + 0 = 1"
    assert stage.publish(source, f"CREATE VIEW governed.naked AS {query} WITH NO SCHEMA BINDING") is None
    assert stage.met_beyond_shown(PROFILED[0], source) == {"id": {"2"}}


@settings(max_examples=8, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(case=cases(datetime.now(UTC)))
def test_no_predicate_meets_a_hidden_row_but_in_columns_that_stand_bare(stage: UnbarredStage, case: Case) -> None:
    found = next(check(stage, case, Tally()), None)
    assert found is None, described(found)
    for source in case.world.data_sources.values():
        assert case_rows(case, source, datetime.now(UTC))
        bare = {each.column.name for each in resolve(case.world, source).columns if each.is_bare}
        for user in PROFILED:
            beyond = stage.met_beyond_shown(user, source)
            assert beyond.keys() <= bare, (user, source.key, beyond)
