"""What is `now` to whoever sets a time zone: one moment to all, or nothing is shown."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import redshift_connector

from tests.engine import connect, running_engine
from tests.governance.conftest import governances
from veil.governance.admission.calls import object_row
from veil.governance.checks.probes import CLOCK, failed_probes
from veil.governance.drift import drift_of
from veil.governance.errors import GovernanceError
from veil.governance.installation.clock import require_clock
from veil.governance.installation.drift import alterations
from veil.governance.requests import Create, SourceDraft, Update
from veil.governance.service import Governance
from veil.local import Engine
from veil.local.refusals import GETDATE_ZONE, OWN_UTC
from veil.model import AppliesTo, Integration, Profile, RowPolicy, SubscriptionPolicy, Where
from veil.warehouse import connect as connect_session
from veil.warehouse import install_statements, upsert_objects

ANALYST, PASSWORD = "ann", "Analyst1pass"
HONEST = ("UTC", "Asia/Tokyo", "America/New_York", "Etc/GMT-14", "FOO+11")
FALSE = ("UTC+8", "UTC-3", "GMT0UTC")


@pytest.fixture(scope="module", params=["", GETDATE_ZONE, OWN_UTC], ids=["documented", GETDATE_ZONE, OWN_UTC])
def refused(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def engine(refused: str) -> Iterator[Engine]:
    with running_engine(refuse=[refused] if refused else []) as found:
        yield found


@pytest.fixture(scope="module")
def governance(engine: Engine) -> Iterator[Governance]:
    address = engine.address()
    assert address is not None
    with governances(engine) as make:
        made = make()
        with connect(address, database=made.database) as admin, admin.cursor() as cursor:
            cursor.execute('DELETE FROM "raw".people')
            for hour in range(24):
                cursor.execute('INSERT INTO "raw".people VALUES (%s, %s)', (hour, "x"))
            cursor.execute(f"CREATE USER {ANALYST} PASSWORD '{PASSWORD}'")
        for thing in (
            SourceDraft("raw", "people"),
            SubscriptionPolicy("everyone", AppliesTo(all_data_sources=True), "everyone"),
            RowPolicy("this hour", AppliesTo(all_data_sources=True), Where("id = DATE_PART(hour, GETDATE())")),
            Profile(ANALYST),
        ):
            made.submit(Create(thing))
        yield made


def hours_seen(governance: Governance, zone: str) -> list[int]:
    settings = governance.connect()
    with redshift_connector.connect(
        host=settings.host,
        port=settings.port,
        user=ANALYST,
        password=PASSWORD,
        database=governance.database,
        ssl=False,
    ) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(f"SET timezone TO '{zone}'")
            cursor.execute("SELECT id FROM governed.people")
            return [row[0] for row in cursor.fetchall()]


def test_now_is_the_same_moment_in_every_time_zone(governance: Governance) -> None:
    for zone in HONEST:
        before = datetime.now(UTC).hour
        found = hours_seen(governance, zone)
        assert found in ([before], [datetime.now(UTC).hour]), zone


def test_a_zone_of_one_s_own_by_the_name_of_utc_moves_nothing(governance: Governance, refused: str) -> None:
    for zone in FALSE:
        before = datetime.now(UTC).hour
        found = hours_seen(governance, zone)
        right = ([before], [datetime.now(UTC).hour])
        assert found in (*right, []) if refused != OWN_UTC else not found, zone


def test_how_getdate_is_read_is_remembered_and_nothing_of_it_is_drift(governance: Governance, refused: str) -> None:
    governance.reload()
    deployed = governance.require()
    assert deployed.world.integration.utc_clock == (refused == GETDATE_ZONE)
    assert not set(alterations(deployed))
    stored = deployed.integration
    assert stored is not None and isinstance(stored.thing, Integration)
    assert not drift_of(deployed, stored, replace(stored.thing, utc_clock=False)), "nobody declares it"
    (probes,) = (each for each in governance.checks() if each.name == "probes")
    assert probes.status == "passed", probes.message


def test_an_integration_that_reads_getdate_wrongly_is_told_of_and_its_next_apply_mends_it(
    governance: Governance,
) -> None:
    deployed = governance.require()
    right = deployed.world.integration.utc_clock
    stored = deployed.integration
    assert stored is not None and isinstance(stored.thing, Integration)
    wrong = replace(stored, thing=replace(stored.thing, utc_clock=not right))
    layout = replace(deployed.layout, utc_clock=not right)
    with connect_session(governance.connect()) as session:
        statements = [*upsert_objects(layout, [object_row(wrong)]), *install_statements(layout)]
        with session.transaction():
            for statement in statements:
                session.execute(statement)
        assert CLOCK.name in failed_probes(session, layout)
    governance.reload()
    assert governance.require().world.integration.utc_clock != right
    governance.submit(Update(stored.id, stored.thing))
    governance.reload()
    assert governance.require().world.integration.utc_clock == right
    assert not set(alterations(governance.require()))
    test_now_is_the_same_moment_in_every_time_zone(governance)


def test_an_administrator_s_script_reads_getdate_as_documented_and_is_refused_elsewhere(
    governance: Governance, refused: str
) -> None:
    stored = governance.require().integration
    assert stored is not None and isinstance(stored.thing, Integration)
    if refused != GETDATE_ZONE:
        require_clock(replace(stored.thing, bootstrap="manual"), utc_clock=stored.thing.utc_clock)
        return
    with pytest.raises(GovernanceError) as problem:
        governance.submit(Update(stored.id, replace(stored.thing, bootstrap="manual")))
    assert problem.value.summary == "GETDATE() is not in the session's time zone"
    assert 'Set bootstrap = "automatic"' in problem.value.detail
