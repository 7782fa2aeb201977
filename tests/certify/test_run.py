"""A quick run on the embedded engine: it certifies a sound warehouse, and no other."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import get_args

import pytest

from tests.engine import connect as connect_driver
from veil.certify import (
    EXAMINATIONS,
    Options,
    Report,
    StatementLog,
    UnderWayError,
    as_json,
    as_markdown,
    clean,
    masking,
    run,
)
from veil.certify.scratch import Scratch
from veil.local import Engine
from veil.model import Mask
from veil.warehouse import Settings, WarehouseError, connect

Ask = Callable[[str], list[tuple[object, ...]]]

LEFT = """
SELECT nspname FROM pg_catalog.pg_namespace WHERE nspname LIKE 'vc%' OR nspname = 'veil_certify'
UNION ALL SELECT groname FROM pg_catalog.pg_group WHERE groname LIKE 'vc%'
UNION ALL SELECT usename FROM pg_catalog.pg_user WHERE usename LIKE 'vc%'
"""


@contextmanager
def silent(title: str) -> Iterator[None]:
    yield


def certify(settings: Settings, *only: str, log: StatementLog | None = None) -> Report:
    return run(settings, Options(quick=True, only=frozenset(only)), log or StatementLog(), silent)


def test_a_sound_warehouse_is_certified_and_nothing_is_left(settings: Settings, asked: Ask):
    log = StatementLog()
    report = certify(settings, log=log)
    assert report.differences == []
    assert report.untried == []
    assert report.certified
    assert [each.examination for each in report.examined] == list(EXAMINATIONS)
    assert all(each.outcomes for each in report.examined)
    assert asked(LEFT) == []
    assert report.plans.keys() >= {"count", "key lookup"}
    _no_secret_is_reported(report, log)


def _no_secret_is_reported(report: Report, log: StatementLog) -> None:
    made = [each.sql for each in log.sent if each.sql.startswith("CREATE USER")]
    assert made and all(each.endswith("PASSWORD '…'") for each in made)
    for text in (as_markdown(report), as_json(report)):
        assert "PASSWORD" not in text
        assert report.token in text or "certified" in text


def test_a_warehouse_that_hashes_otherwise_is_not_certified(
    settings: Settings, asked: Ask, monkeypatch: pytest.MonkeyPatch
):
    """The interpreter stands for what is right; here it hashes with other salts than the warehouse."""
    monkeypatch.setattr("veil.certify.place.Place.salts", lambda place: {})
    report = certify(settings, "masks")
    assert not report.certified
    assert {examination.name for examination, _ in report.differences} >= {"masks"}
    told = as_markdown(report)
    assert "not certified" in told
    assert "the view shows other values" in told
    assert "```sql\n" in told
    assert asked(LEFT) == []


def test_every_kind_of_mask_is_tried_on_each_type_that_it_fits():
    tried: set[type] = set()
    for column_type in masking.VALUES:
        masks = masking.masks_for(column_type).values()
        assert {type(mask) for mask in masks} == set(get_args(Mask))
        tried |= {type(mask) for mask in masks if mask.misfit(column_type) is None}
    assert tried == set(get_args(Mask))


def test_an_account_that_may_not_make_users_is_told_so_and_leaves_nothing(
    engine: Engine, settings: Settings, asked: Ask
):
    address = engine.address()
    assert address is not None
    with connect_driver(address, database=settings.database) as admin, admin.cursor() as cursor:
        cursor.execute("CREATE USER poor PASSWORD 'Only-For-Tests-1'")
        cursor.execute(f"GRANT CREATE ON DATABASE {settings.database} TO poor")
    with pytest.raises(WarehouseError, match="denied permission"):
        certify(replace(settings, username="poor", password="Only-For-Tests-1"))
    assert asked(LEFT) == []


def test_what_a_killed_run_left_goes_with_the_next_run(settings: Settings, asked: Ask):
    with connect(settings) as session:
        killed = Scratch(session)
        killed.begin()
        killed.schema("src")
        killed.user("ann", "Only-For-Tests-1")
        session.execute("UPDATE veil_certify.scratch SET made_at = DATEADD(hour, -1, made_at)")
        found = clean(session)
    assert set(found.removed) == {killed.token, killed.name("src"), killed.name("ann")}
    assert asked(LEFT) == []


def test_a_run_that_is_under_way_is_left_alone(settings: Settings, asked: Ask):
    with connect(settings) as session:
        other = Scratch(session)
        other.begin()
        schema = other.schema("src")
        with pytest.raises(UnderWayError, match=other.token):
            certify(settings)
        assert schema in {name for (name,) in asked(LEFT)}
        assert clean(session, force=True).left == ()
    assert asked(LEFT) == []


def test_what_is_not_listed_or_not_ours_stays(engine: Engine, settings: Settings, asked: Ask):
    address = engine.address()
    assert address is not None
    with connect_driver(address, database=settings.database) as admin, admin.cursor() as cursor:
        cursor.execute("CREATE USER stranger PASSWORD 'Only-For-Tests-1'")
        cursor.execute("CREATE SCHEMA vc00000000_src")
    with connect(settings) as session:
        killed = Scratch(session)
        killed.begin()
        schema = killed.schema("src")
        session.execute(f"CREATE TABLE {schema}.theirs (a INTEGER)")
        session.execute(f"ALTER TABLE {schema}.theirs OWNER TO stranger")
        session.execute("UPDATE veil_certify.scratch SET made_at = DATEADD(hour, -1, made_at)")
        found = clean(session)
        assert [schema in each and "theirs" in each for each in found.left] == [True]
        assert {"vc00000000_src", schema} <= {name for (name,) in asked(LEFT)}
        session.execute(f"DROP TABLE {schema}.theirs")
        assert clean(session, force=True).left == ()
        session.execute("DROP SCHEMA vc00000000_src")
    assert asked(LEFT) == []
