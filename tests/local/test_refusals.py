"""What a cluster may refuse, switched on: an engine of its own, and what veil makes of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import redshift_connector

from tests.engine import connect
from veil import warehouse
from veil.local import Address, Engine
from veil.local.errors import EngineError
from veil.local.refusals import QUALIFIED_WINDOWS, REFUSALS, UNNEST_LITERAL
from veil.warehouse import (
    EntryRow,
    Layout,
    ObjectRow,
    ProfileRow,
    Settings,
    create_salts,
    install_statements,
    read,
    upsert_objects,
    upsert_profiles,
)
from veil.warehouse.rights import rights_of


def _settings(address: Address, user: str, password: str) -> Settings:
    return Settings(
        host=address.host, port=address.port, database=address.database, username=user, password=password, ssl=False
    )


@pytest.fixture(scope="module")
def refusing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Address]:
    found = Engine(tmp_path_factory.mktemp("refusing") / "local")
    yield found.up(progress=lambda line: None, refuse=REFUSALS)
    found.reset()


def test_an_unknown_refusal_is_told_with_those_there_are(tmp_path_factory: pytest.TempPathFactory) -> None:
    engine = Engine(tmp_path_factory.mktemp("refusing") / "local")
    with pytest.raises(EngineError, match=r"no refusal 'everything'.*qualified-functions"):
        engine.up(progress=lambda line: None, refuse=["unnest-literal", "everything"])


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("SELECT o FROM (SELECT JSON_PARSE('[1]') AS items) AS x, x.items AS o", "Unnesting an array"),
        (
            "CREATE VIEW public.late AS SELECT pg_catalog.LEN(t.a) AS n FROM public.t AS t WITH NO SCHEMA BINDING",
            "function pg_catalog.len does not exist",
        ),
        (
            "CREATE VIEW public.late AS SELECT pg_catalog.COUNT(*) OVER (PARTITION BY t.a) AS n FROM public.t AS t WITH NO SCHEMA BINDING",
            "function pg_catalog.count does not exist",
        ),
    ],
)
def test_what_is_switched_on_is_refused(refusing: Address, statement: str, told: str) -> None:
    with connect(refusing) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS public.t (a VARCHAR(10))")
        with pytest.raises(redshift_connector.ProgrammingError) as caught:
            cursor.execute(statement)
        assert told in caught.value.args[0]["M"]
        cursor.execute("CREATE VIEW public.bound AS SELECT pg_catalog.LEN(t.a) AS n FROM public.t AS t")
        cursor.execute("DROP VIEW public.bound")


def test_windows_alone_may_not_be_found(tmp_path_factory: pytest.TempPathFactory) -> None:
    engine = Engine(tmp_path_factory.mktemp("windows") / "local")
    address = engine.up(progress=lambda line: None, refuse=[QUALIFIED_WINDOWS])
    try:
        with connect(address) as connection, connection.cursor() as cursor:
            cursor.execute("CREATE TABLE public.t (a VARCHAR(10))")
            cursor.execute(
                "CREATE VIEW public.counted AS SELECT pg_catalog.COUNT(t.a) AS n FROM public.t AS t WITH NO SCHEMA BINDING"
            )
            window = "SELECT pg_catalog.COUNT(*) OVER (PARTITION BY t.a) AS n FROM public.t AS t"
            cursor.execute(f"CREATE VIEW public.bound AS {window}")
            with pytest.raises(redshift_connector.ProgrammingError, match=r"pg_catalog\.count does not exist"):
                cursor.execute(f"CREATE VIEW public.late AS {window} WITH NO SCHEMA BINDING")
    finally:
        engine.reset()


def test_a_session_may_call_its_own_time_zone_utc(refusing: Address) -> None:
    moved = "SELECT TIMESTAMPTZ '2026-01-01 12:30:00+00' AT TIME ZONE 'UTC' = TIMESTAMP '2026-01-01 12:30:00'"
    for zone, same in (("UTC", True), ("UTC+8", False)):
        with connect(refusing) as connection, connection.cursor() as cursor:
            cursor.execute(f"SET timezone TO '{zone}'")
            cursor.execute(moved)
            assert cursor.fetchone()[0] is same


def test_until_the_probe_is_seen_it_is_not_known_who_reads(refusing: Address) -> None:
    owner = _settings(refusing, "keeper", "Abcdefg1")
    with connect(refusing) as connection, connection.cursor() as admin:
        for statement in (
            "CREATE USER keeper PASSWORD 'Abcdefg1'",
            "CREATE ROLE keeper_catalog",
            "GRANT ACCESS SYSTEM TABLE TO ROLE keeper_catalog",
            "GRANT ACCESS CATALOG TO ROLE keeper_catalog",
            "GRANT ROLE keeper_catalog TO keeper",
            "CREATE ROLE keeper_probe",
            "CREATE TABLE public.writer (nothing INTEGER)",
            "GRANT SELECT ON public.writer TO ROLE keeper_probe",
        ):
            admin.execute(statement)
        with warehouse.connect(owner) as session:
            account = warehouse.read_account(session)
            assert (account.may_see_grants, account.sees_grants) == (True, False)
            assert "It is not known whether the account keeper sees" in rights_of(session, ["public"]).unread
        admin.execute("ALTER USER keeper SYSLOG ACCESS UNRESTRICTED")
        with warehouse.connect(owner) as session:
            assert warehouse.read_account(session).sees_grants
            assert rights_of(session, ["public"]).unread == ""
        admin.execute("ALTER USER keeper SYSLOG ACCESS RESTRICTED")
        # A member of the probe's role sees the row, and that proves nothing.
        admin.execute("GRANT ROLE keeper_probe TO keeper")
        with warehouse.connect(owner) as session:
            assert not warehouse.read_account(session).sees_grants


def test_veil_writes_without_what_is_refused_to_unnests(tmp_path_factory: pytest.TempPathFactory) -> None:
    engine, layout = Engine(tmp_path_factory.mktemp("documented") / "local"), Layout("p", "views")
    address = engine.up(progress=lambda line: None, refuse=[UNNEST_LITERAL])
    try:
        with warehouse.connect(_settings(address, address.username, address.password)) as session:
            for statement in (
                *install_statements(layout),
                *upsert_objects(layout, [ObjectRow("purpose", "fraud", "1", "{}")]),
                *create_salts(layout, ["s.t"]),
                *upsert_profiles(layout, [ProfileRow("ann", frozenset({"g"}))], [EntryRow("ann", "group", "", "g")]),
            ):
                session.execute(statement)
            found = read(session, layout)
            assert (len(found.objects), found.salt_names, len(found.entries)) == (1, {"s.t"}, 1)
    finally:
        engine.reset()
