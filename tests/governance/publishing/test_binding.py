"""Views on a warehouse whose late-binding views do not find built-in functions by their qualified
names.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
import redshift_connector

from tests.engine import connect, running_engine
from tests.governance.conftest import TABLES, governances
from veil.governance.drift import drift_of
from veil.governance.errors import GovernanceError
from veil.governance.installation.binding import binding_drift
from veil.governance.installation.drift import alterations
from veil.governance.installation.function_probes import WINDOWS
from veil.governance.requests import Create, SourceDraft, Update
from veil.governance.service import Governance
from veil.local import Address, Engine
from veil.local.refusals import OTHER_COLUMNS, QUALIFIED_FUNCTIONS, QUALIFIED_WINDOWS
from veil.model import AppliesTo, Hash, Integration, KAnonymity, Kind, MaskingPolicy, Profile, SubscriptionPolicy
from veil.warehouse import expected_views, is_late_binding

Ask = Callable[[str], list[list[Any]]]
ANALYST, PASSWORD = "ann", "Analyst1pass"


@pytest.fixture(scope="module")
def refusing() -> Iterator[Engine]:
    with running_engine(refuse=[OTHER_COLUMNS, QUALIFIED_FUNCTIONS]) as engine:
        yield engine


@pytest.fixture(scope="module")
def address(refusing: Engine) -> Address:
    found = refusing.address()
    assert found is not None
    return found


@pytest.fixture(scope="module")
def place(refusing: Engine, address: Address) -> Iterator[Governance]:
    with governances(refusing) as make:
        governance = make()
        for table in TABLES:
            governance.submit(Create(SourceDraft("raw", table)))
        governance.submit(Create(SubscriptionPolicy("everyone", AppliesTo(all_data_sources=True), "everyone")))
        governance.submit(Create(MaskingPolicy("hashed", AppliesTo(all_columns=True), Hash())))
        governance.submit(Create(Profile(ANALYST)))
        with connect(address) as connection, connection.cursor() as cursor:
            cursor.execute(f"CREATE USER {ANALYST} PASSWORD '{PASSWORD}'")
        yield governance


@pytest.fixture
def ask(address: Address, place: Governance) -> Iterator[Ask]:
    """Asks as the administrator."""
    with connect(address, database=place.database) as connection, connection.cursor() as cursor:

        def run(sql: str) -> list[list[Any]]:
            cursor.execute(sql)
            return [list(row) for row in cursor.fetchall()] if cursor.description else []

        yield run


@pytest.fixture
def analyst(address: Address, place: Governance) -> Iterator[Ask]:
    with redshift_connector.connect(
        host=address.host, port=address.port, user=ANALYST, password=PASSWORD, database=place.database, ssl=False
    ) as connection:
        connection.autocommit = True
        cursor = connection.cursor()

        def run(sql: str) -> list[list[Any]]:
            cursor.execute(sql)
            return [list(row) for row in cursor.fetchall()] if cursor.description else []

        yield run


def repair(place: Governance, **changed: Any) -> None:
    stored = place.require().integration
    assert stored is not None and isinstance(stored.thing, Integration)
    place.submit(Update(stored.id, replace(stored.thing, **changed)))


def no_drift(place: Governance) -> None:
    place.reload()
    deployed = place.require()
    assert not set(alterations(deployed))
    for stored in deployed.stored.values():
        if stored.kind is Kind.DATA_SOURCE:
            assert not drift_of(deployed, stored, SourceDraft("raw", stored.thing.table))  # type: ignore[union-attr]
        else:
            assert not drift_of(deployed, stored, stored.thing)  # type: ignore[arg-type]
    assert not place.drift_around()


def test_views_are_bound_and_show_what_they_should(place: Governance, ask: Ask, analyst: Ask):
    no_drift(place)
    views = place.require().snapshot.views
    assert len(views) == len(TABLES) + 6
    assert {name for (_, name), state in views.items() if is_late_binding(state.text)} == set()
    ((shown,),) = analyst("SELECT secret FROM governed.people")
    assert len(shown) == 64


def test_a_function_of_the_caller_s_runs_in_no_place_of_a_built_in_one(place: Governance, ask: Ask, analyst: Ask):
    ask(f"GRANT CREATE ON DATABASE {place.database} TO {ANALYST}")
    analyst("CREATE SCHEMA mine")
    for text in ("VARCHAR", "TEXT"):
        for function in (f"sha2({text}, INTEGER)", f"btrim({text})", f"rtrim({text})", f"lower({text})"):
            analyst(
                f"CREATE FUNCTION mine.{function} RETURNS VARCHAR STABLE AS $$ SELECT 'shadow ' || $1 $$ LANGUAGE sql"
            )
    analyst(
        "CREATE FUNCTION mine.getdate() RETURNS TIMESTAMP STABLE AS $$ SELECT TIMESTAMP '1999-01-01' $$ LANGUAGE sql"
    )
    # AWS documents that this is what it does, so a test that could not see it would prove nothing.
    analyst("SET search_path TO mine, pg_catalog")
    assert analyst("SELECT sha2(CAST('x' AS VARCHAR(9)), 256)") == [["shadow x"]]
    shown = analyst("SELECT secret FROM governed.people")
    analyst("SET search_path TO pg_catalog, mine")
    assert analyst("SELECT secret FROM governed.people") == shown
    assert len(shown[0][0]) == 64


def test_nobody_s_setting_of_ours_decides_which_functions_a_view_gets(place: Governance, ask: Ask, analyst: Ask):
    ask("CREATE SCHEMA planted")
    for text in ("VARCHAR", "TEXT"):
        ask(f"CREATE FUNCTION planted.sha2({text}, INTEGER) RETURNS VARCHAR STABLE AS $$ SELECT $1 $$ LANGUAGE sql")
    before = analyst("SELECT secret FROM governed.orders")
    with place._state.lock:
        # As what is tried of a view could: it may run anything.
        place._state.session().execute("SET search_path TO planted, pg_catalog")
    stored = place.require().by_id
    (orders,) = (each for each in stored.values() if each.kind is Kind.DATA_SOURCE and each.thing.table == "orders")  # type: ignore[union-attr]
    place.submit(Update(orders.id, SourceDraft("raw", "orders")))
    assert analyst("SELECT secret FROM governed.orders") == before


def test_a_view_of_veil_s_that_somebody_replaced_is_told_and_all_are_made_anew(
    place: Governance, ask: Ask, analyst: Ask
):
    shown = analyst("SELECT secret FROM governed.people")
    ((text,),) = ask("SELECT definition FROM pg_views WHERE viewname = 'user_profile'")
    ask(f"CREATE OR REPLACE VIEW immuta_system.user_profile AS {text.strip(' ;').replace('LIMIT 1', 'LIMIT 2')}")
    place.reload()
    assert "the view immuta_system.user_profile was replaced" in set(alterations(place.require()))
    repair(place)
    no_drift(place)
    assert analyst("SELECT secret FROM governed.people") == shown
    assert ask("SELECT COUNT(*) FROM immuta_system.user_profile") == [[0]], "of whoever has no profile"


def test_the_first_write_to_an_older_version_makes_bound_views_anew(place: Governance, ask: Ask, analyst: Ask):
    shown = analyst("SELECT secret FROM governed.people")
    made = {name: text for (_, name), text in expected_views(place.require().layout).items()}
    caller, profile = "immuta_system.caller", "immuta_system.user_profile"
    for statement in (
        f"DROP VIEW {profile}",
        "DROP TABLE immuta_system.project_profile",
        # Before version 5, user_profile was what caller is now.
        made["caller"].replace('"immuta_system".caller', profile),
        made["user_entry"].replace('"immuta_system".caller', profile),
        f"DROP VIEW {caller}",
        "UPDATE immuta_system.integration SET schema_version = 4",
    ):
        ask(statement)
    place.reload()
    assert place.require().snapshot.schema_version == 4
    place.submit(Create(Profile("bob")))
    no_drift(place)
    assert analyst("SELECT secret FROM governed.people") == shown


def test_another_answer_is_told_and_its_repair_makes_all_views_in_the_other_form(
    refusing: Engine, address: Address, place: Governance
):
    for refused, form in (([], True), ([QUALIFIED_FUNCTIONS], False)):
        place.close()
        refusing.down()
        refusing.up(progress=lambda line: None, refuse=refused, port=address.port)
        place.reload()
        (check,) = (each for each in place.checks() if each.name == "binding")
        assert check.status == "failed"
        assert "the apply makes all views" in check.message
        assert ("find all functions" in check.message) == form
        assert check.advice[0].startswith("Change something of the integration")
        repair(place)
        no_drift(place)
        views = place.require().snapshot.views
        assert len(views) == len(TABLES) + 6
        assert {is_late_binding(state.text) for state in views.values()} == {form}
        (check,) = (each for each in place.checks() if each.name == "binding")
        assert check.status == ("passed" if form else "warning")
        with connect(address, ANALYST, PASSWORD, place.database) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT secret FROM governed.people")
            assert len(cursor.fetchone()[0]) == 64


def test_a_plan_makes_nothing_and_tells_of_the_form_that_the_last_apply_found(place: Governance):
    place.reload()
    session = place._state.session()
    before = place.checks(before=())
    place.reload()
    place.require()
    sent: list[str] = []
    session._watch = lambda sql, seconds, failure: sent.append(sql)
    try:
        assert place.checks(before) == before
        assert not place.drift_around()
        planned, sent[:] = [*sent], []
        tried = place.checks()
    finally:
        session._watch = None
    assert {sql.split()[0] for sql in planned} <= {"SELECT", "SHOW"}
    assert [sql for sql in sent if sql.startswith("CREATE VIEW")], "else the test would see nothing"
    assert [each.name for each in tried] == [each.name for each in before]
    (binding,) = (each for each in before if each.name == "binding")
    assert binding in tried


@pytest.mark.parametrize("code", ["42883", "3F000"])
def test_views_that_find_nothing_any_more_are_drift_of_a_plan_and_other_failures_are_not(place: Governance, code: str):
    deployed = place.require()
    world = replace(deployed.world, integration=replace(deployed.world.integration, unresolved=frozenset()))
    late = replace(deployed, world=world)
    (line,) = binding_drift(late, None, code)
    assert "the apply tries which functions late-binding views find" in line
    assert not binding_drift(late, None, "42501")
    assert not binding_drift(deployed, None, code), "bound views look nothing up"


def test_what_counts_over_a_window_is_bound_where_windows_alone_are_not_found():
    with running_engine(refuse=[QUALIFIED_WINDOWS]) as engine, governances(engine) as make:
        place = make()
        assert place.require().world.integration.unresolved == WINDOWS.keys()
        for table in ("people", "orders"):
            place.submit(Create(SourceDraft("raw", table)))
        place.submit(Create(SubscriptionPolicy("everyone", AppliesTo(all_data_sources=True), "everyone")))
        rare = AppliesTo(data_sources=frozenset({"raw.people"}), column_regex="secret")
        place.submit(Create(MaskingPolicy("rare", rare, KAnonymity(k=2, columns=frozenset({"secret"})))))
        no_drift(place)
        views = {name: is_late_binding(state.text) for (_, name), state in place.require().snapshot.views.items()}
        assert (views.pop("people"), views.pop("orders")) == (False, True)
        assert not any(views.values()), "veil's own, which count over windows as well"
        assert {check.status for check in place.checks() if check.name in ("binding", "views")} == {"warning", "passed"}


def test_an_administrator_s_script_makes_no_bound_views_and_that_is_said(place: Governance):
    with pytest.raises(GovernanceError) as refused:
        repair(place, bootstrap="manual")
    assert refused.value.summary == "Views have to be bound"
    assert 'Set bootstrap = "automatic"' in refused.value.detail
    no_drift(place)


def test_all_of_it_is_removed(place: Governance, ask: Ask):
    token = place.require().integration.id  # type: ignore[union-attr]
    assert place.uninstall(token, force=True) == ""
    schemas = "('immuta_system', 'immuta_functions', 'immuta_procedures', 'governed')"
    assert (
        ask(f"SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE nspname IN {schemas}")
        == []
    )
