"""A small run of the fuzzer, the same in every run; `make fuzz` is the large one."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings

from tests.engine import engine
from tests.fuzz.across import AcrossStage, across
from tests.fuzz.check import Tally, check
from tests.fuzz.report import described
from tests.fuzz.stage import Place, Stage
from tests.fuzz.worlds import Case, cases
from veil.local import Engine

__all__ = ["engine"]


@pytest.fixture(scope="module")
def stage(engine: Engine) -> Iterator[Stage]:
    address = engine.address()
    assert address is not None
    found = Stage(Place(address.host, address.port, address.database, address.username, address.password))
    yield found
    found.close()


@pytest.fixture(scope="module")
def across_stage(engine: Engine) -> Iterator[Stage]:
    address = engine.address()
    assert address is not None
    found = AcrossStage(Place(address.host, address.port, address.database, address.username, address.password))
    yield found
    found.close()


@settings(max_examples=12, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(case=cases(datetime.now(UTC)))
def test_every_view_over_another_database_shows_the_same(across_stage: Stage, case: Case) -> None:
    found = next(check(across_stage, across(case), Tally()), None)
    assert found is None, described(found)


@settings(max_examples=80, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(case=cases(datetime.now(UTC)))
def test_every_view_shows_each_user_what_the_interpreter_says(stage: Stage, case: Case) -> None:
    found = next(check(stage, case, Tally()), None)
    assert found is None, described(found)
