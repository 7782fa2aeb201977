"""A quick run on the embedded engine: it certifies a sound warehouse, and no other."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import get_args

import pytest

from tests.acceptance.conftest import PASSWORD, Database
from tests.acceptance.lookalikes import ANALYST, heard, plant
from tests.engine import connect as connect_driver
from tests.policy.building import column, source
from veil.certify import (
    EXAMINATIONS,
    ForeignListError,
    Leftovers,
    Options,
    Place,
    Report,
    RightsError,
    StatementLog,
    UnderWayError,
    as_json,
    as_markdown,
    clean,
    masking,
    run,
)
from veil.certify.comparing import Answer, difference
from veil.certify.scratch import Scratch
from veil.local import Engine
from veil.model import Function, Mask
from veil.oracle import Sight
from veil.warehouse import FUNCTIONS, Settings, connect

Ask = Callable[[str], list[tuple[object, ...]]]

LEFT = """
SELECT nspname FROM pg_catalog.pg_namespace WHERE nspname LIKE 'vc%' OR nspname = 'veil_certify'
UNION ALL SELECT groname FROM pg_catalog.pg_group WHERE groname LIKE 'vc%'
UNION ALL SELECT usename FROM pg_catalog.pg_user WHERE usename LIKE 'vc%'
UNION ALL SELECT datname FROM pg_catalog.pg_database WHERE datname LIKE 'vc%'
"""


@contextmanager
def silent(title: str) -> Iterator[None]:
    yield


def certify(settings: Settings, *only: str, log: StatementLog | None = None) -> Report:
    return run(settings, Options(quick=True, only=frozenset(only)), log or StatementLog(), silent)


def test_a_sound_warehouse_is_certified_and_nothing_is_left_nor_run_of_what_an_analyst_planted(
    engine: Engine, settings: Settings, asked: Ask, monkeypatch: pytest.MonkeyPatch
):
    address = engine.address()
    assert address is not None
    asked(f"CREATE USER {ANALYST} PASSWORD '{PASSWORD}'")
    planted = plant(engine, Database(settings.database, address), "public")
    secret, log = {"known-to-the-test"}, StatementLog()
    monkeypatch.setattr("veil.certify.place.secrets.token_urlsafe", lambda size: "known-to-the-test")
    read = Place.salts

    def salts(place: Place) -> dict[str, str]:
        found = read(place)
        secret.update(found.values())
        return found

    monkeypatch.setattr(Place, "salts", salts)
    report = certify(settings, log=log)
    assert report.differences == []
    assert report.untried == []
    assert report.certified
    assert [each.examination for each in report.examined] == list(EXAMINATIONS)
    assert all(each.outcomes for each in report.examined)
    assert asked(LEFT) == []
    assert heard(engine, planted) == []
    assert report.plans.keys() >= {"count", "key lookup"}
    assert len(secret) > 1
    for text in (as_markdown(report), as_json(report), *(each.sql for each in log.sent)):
        assert not [each for each in secret if each in text]


def test_a_warehouse_that_hashes_otherwise_is_not_certified(
    settings: Settings, asked: Ask, monkeypatch: pytest.MonkeyPatch
):
    """The interpreter stands for what is right; here it hashes with other salts than the
    warehouse.
    """
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
    kinds = set(get_args(Mask)) - {Function}  # It is tried by itself, with a function that the run makes.
    tried: set[type] = set()
    for column_type in masking.VALUES:
        masks = masking.masks_for(column_type).values()
        assert {type(mask) for mask in masks} == kinds
        tried |= {type(mask) for mask in masks if mask.incompatibility(column_type) is None}
    assert tried == kinds


def test_every_function_that_people_call_is_tried():
    steps = {"f_mask_grid", "f_mask_bucket_denominator"}  # Of f_mask_round_double, which is tried.
    assert {name for name, *_ in masking.CALLS} == FUNCTIONS - steps
    assert {kind for *_, kind in masking.CALLS} <= masking.VALUES.keys()


def test_an_account_that_may_not_make_users_is_told_so_and_leaves_nothing(
    engine: Engine, settings: Settings, asked: Ask
):
    address = engine.address()
    assert address is not None
    with connect_driver(address, database=settings.database) as admin, admin.cursor() as cursor:
        cursor.execute("CREATE USER poor PASSWORD 'Only-For-Tests-1'")
        cursor.execute(f"GRANT CREATE ON DATABASE {settings.database} TO poor")
    with pytest.raises(RightsError, match="superuser"):
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


def test_a_schema_without_its_list_that_a_killed_run_left_goes_too(settings: Settings, asked: Ask):
    with connect(settings) as session:
        session.execute("CREATE SCHEMA veil_certify")
        assert clean(session) == Leftovers()
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


def test_a_list_that_another_account_made_has_nothing_dropped(engine: Engine, settings: Settings, asked: Ask):
    """Who may create schemas could else have the account that certifies drop what they list."""
    address = engine.address()
    assert address is not None
    with connect_driver(address, database=settings.database) as admin, admin.cursor() as cursor:
        cursor.execute("CREATE USER planter PASSWORD 'Only-For-Tests-1'")
        cursor.execute(f"GRANT CREATE ON DATABASE {settings.database} TO planter")
        cursor.execute("CREATE SCHEMA finance")
    with connect(replace(settings, username="planter", password="Only-For-Tests-1")) as planter:
        planter.execute("CREATE SCHEMA veil_certify")
        planter.execute(
            "CREATE TABLE veil_certify.scratch (token VARCHAR(32), kind VARCHAR(16), name VARCHAR(127), made_at TIMESTAMP)"
        )
        planter.execute("INSERT INTO veil_certify.scratch VALUES ('vc00000000', 'schema', 'finance', '2020-01-01')")
        planter.execute("GRANT ALL ON SCHEMA veil_certify TO PUBLIC")
        planter.execute("GRANT ALL ON veil_certify.scratch TO PUBLIC")
    with connect(settings) as session, pytest.raises(ForeignListError, match="have the schema dropped"):
        clean(session, force=True)
    with pytest.raises(ForeignListError):
        certify(settings)
    assert asked("SELECT nspname FROM pg_catalog.pg_namespace WHERE nspname = 'finance'") == [("finance",)]


@pytest.mark.parametrize(
    ("token", "kind", "name"),
    [
        ("vc00000000", "schema", "finance"),
        ("finance", "schema", "finance_src"),
        ("vc00000000", "database", "finance"),
        ("vc00000000", "schema", "vc00000000_Src"),
        ("vc00000000", "user", "vc11111111_ann"),
        ("vc00000000", "table", "vc00000000_src"),
    ],
)
def test_what_is_listed_under_a_name_that_no_run_gives_stays_and_is_told(
    settings: Settings, token: str, kind: str, name: str
):
    with connect(settings) as session:
        Scratch(session).begin()
        session.execute("DELETE FROM veil_certify.scratch")
        session.execute(f"INSERT INTO veil_certify.scratch VALUES ('{token}', '{kind}', '{name}', '2020-01-01')")
        found = clean(session, force=True)
    assert found.removed == ()
    assert found.left == (f"{kind} {name}: no run gives this name",)


def test_a_run_gives_a_sign_of_life_after_each_thing_that_it_tried_and_once_a_minute(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
):
    now = [1000.0]
    monkeypatch.setattr("veil.certify.scratch.time.monotonic", lambda: now[0])
    log = StatementLog()
    with connect(settings, log.watch) as session:
        run_ = Scratch(session)
        run_.begin()
        for passed in (0.0, 30.0, 31.0):
            now[0] += passed
            run_.sign_of_life()
        clean(session, force=True)
    assert sum(each.sql.startswith("UPDATE") for each in log.sent) == 2


def test_a_view_with_other_columns_than_it_must_have_differs(settings: Settings):
    with connect(settings) as session:
        columns, rows = session.select("SELECT 1 AS a, 'x' AS \"größe\"")
    assert (columns, rows) == (("a", "größe"), [(1, "x")])
    made = source(column("a"), column("b"))
    assert difference(made, Sight(True, (), ()), Answer(columns, tuple(rows))) is not None
