"""Runs on an engine that refuses what a cluster may: each comes to its end, says what differed, and
leaves nothing.
"""

from collections.abc import Iterator

import pytest

from tests.certify.test_run import LEFT, certify
from tests.engine import running_engine
from veil.certify import Report
from veil.local import Engine
from veil.local.refusals import REFUSALS
from veil.warehouse import Settings, connect

SECOND_FORMS = (
    "backslashes",
    "getdate-zone",
    "grants-of-others",
    "hash-text",
    "other-columns",
    "own-utc",
    "qualified-functions",
    "qualified-windows",
    "unnest-literal",
)
"""What veil does without in another way, within one database."""

TOLD = {
    "membership-early": "probe: a group that is gone, asked for where nobody acts as another",
    "undefined-settings": "somebody may act as somebody else",
    "readers-usage": "who reads a late-binding view needs no USAGE on the schemas of its tables",
}
"""What the report says of the others."""


def engine_that_refuses(*names: str) -> Iterator[Settings]:
    with running_engine(recording=False, refuse=names) as found:
        yield settings_of(found)


def settings_of(engine: Engine) -> Settings:
    address = engine.address()
    assert address is not None
    return Settings(address.host, address.database, address.username, address.password, port=address.port, ssl=False)


def left(settings: Settings) -> list[tuple[object, ...]]:
    with connect(settings) as session:
        return session.query(LEFT)


def told(report: Report) -> set[str]:
    return {outcome.subject for _, outcome in report.differences}


def test_every_refusal_is_known_here():
    assert {*SECOND_FORMS, *TOLD} == set(REFUSALS)


@pytest.mark.parametrize("settings", [SECOND_FORMS], indirect=True, ids=["all that veil does without"])
def test_only_tables_of_another_database_need_what_veil_does_without_elsewhere(settings: Settings):
    """Where built-in functions are not found under pg_catalog views are bound, and no bound view
    reads another database.
    """
    report = certify(settings)
    ((examination, outcome),) = report.differences
    assert examination.name == "elsewhere"
    assert "No safe way to call a function" in outcome.detail
    assert report.untried == []
    assert left(settings) == []


@pytest.mark.parametrize("settings", [("readers-usage", "membership-early")], indirect=True, ids=["two of them"])
def test_what_differs_is_told_once_and_all_else_is_examined(settings: Settings):
    report = certify(settings, "masks", "acting", "repairs")
    assert told(report) == {TOLD["readers-usage"], TOLD["membership-early"]}
    assert report.untried == []
    assert not report.certified
    assert left(settings) == []


@pytest.mark.parametrize("settings", [("undefined-settings",)], indirect=True, ids=["undefined-settings"])
def test_a_warehouse_where_nobody_can_act_as_another_is_examined_without_that(settings: Settings):
    report = certify(settings, "masks", "acting", "writers")
    assert told(report) == {TOLD["undefined-settings"], "probe: undefined session variables"}
    assert report.untried == []
    assert left(settings) == []


@pytest.mark.parametrize("settings", [tuple(REFUSALS)], indirect=True, ids=["everything"])
def test_a_warehouse_that_refuses_everything_is_examined_to_the_end_and_not_certified(settings: Settings):
    report = certify(settings)
    assert told(report) >= {TOLD["undefined-settings"]}
    assert report.untried == []
    assert not report.certified
    assert left(settings) == []


def test_a_warehouse_without_queries_across_databases_is_certified_without_them():
    with running_engine(recording=False, cross_database=False) as found:
        settings = settings_of(found)
        report = certify(settings, "elsewhere")
        assert report.certified
        ((outcome,),) = (each.outcomes for each in report.examined if each.examination.name == "elsewhere")
        assert outcome.subject.startswith("this warehouse has no queries across databases")
        assert left(settings) == []


@pytest.fixture
def settings(request: pytest.FixtureRequest) -> Iterator[Settings]:
    yield from engine_that_refuses(*request.param)
