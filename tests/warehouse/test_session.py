"""Connections and transactions."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from tests.engine import STATEMENT_LOG
from tests.warehouse.conftest import Login
from veil.local import Engine
from veil.warehouse import Layout, Session, Settings, WarehouseError, connect
from veil.warehouse.session import Row


def count(session: Session, layout: Layout) -> int:
    return int(session.query(f"SELECT COUNT(*) FROM \"{layout.system}\".salt WHERE name = 'n'")[0][0])


def insert(session: Session, layout: Layout) -> None:
    session.execute(f"INSERT INTO \"{layout.system}\".salt VALUES ('n', 's')")


def test_a_transaction_commits_at_its_end(settings: Settings, admin: Session, installed: Layout) -> None:
    with connect(settings) as other, admin.transaction():
        insert(admin, installed)
        assert count(other, installed) == 0
    assert count(admin, installed) == 1


def test_a_transaction_that_raises_leaves_nothing(admin: Session, installed: Layout) -> None:
    with pytest.raises(KeyError), admin.transaction():
        insert(admin, installed)
        raise KeyError
    assert count(admin, installed) == 0


def test_a_transaction_in_which_an_error_was_caught_does_not_pretend_to_commit(
    admin: Session, installed: Layout
) -> None:
    with pytest.raises(WarehouseError, match="nothing was written"), admin.transaction():
        insert(admin, installed)
        with pytest.raises(WarehouseError):
            admin.execute("SELECT nothing FROM nowhere.at_all")
    assert count(admin, installed) == 0


def test_in_a_transaction_that_only_reads_the_warehouse_refuses_to_write(admin: Session, installed: Layout) -> None:
    with admin.transaction(read_only=True):
        assert count(admin, installed) == 0
    with pytest.raises(WarehouseError), admin.transaction(read_only=True):
        insert(admin, installed)
    assert count(admin, installed) == 0


def test_outside_a_transaction_each_statement_stands_alone(
    settings: Settings, admin: Session, installed: Layout
) -> None:
    insert(admin, installed)
    with connect(settings) as other:
        assert count(other, installed) == 1


def test_sessions_carry_the_name_of_the_application(settings: Settings) -> None:
    with connect(replace(settings, application_name="terraform of team x")) as other:
        assert other.query("SELECT CURRENT_SETTING('application_name')") == [("terraform of team x",)]


def test_transactions_do_not_nest(admin: Session) -> None:
    with admin.transaction(), pytest.raises(RuntimeError, match="nest"), admin.transaction():
        pass


def test_statements_are_counted_and_values_keep_percent_signs(admin: Session) -> None:
    before = admin.statements
    assert admin.query("SELECT '100%', '%s', ':name', '%%'") == [("100%", "%s", ":name", "%%")]
    assert admin.statements == before + 1


def test_a_statement_that_takes_too_long_says_so(settings: Settings) -> None:
    slow = "SELECT COUNT(*) FROM pg_catalog.pg_attribute a, pg_catalog.pg_attribute b, pg_catalog.pg_attribute c"
    with connect(replace(settings, statement_timeout=1)) as session:
        with pytest.raises(WarehouseError) as error:
            session.query(slow)
        assert error.value.timed_out
        assert not error.value.retryable
        assert session.query("SELECT 1") == [(1,)]


def test_a_connection_that_the_server_ends_is_lost_until_reconnected(settings: Settings, admin: Session) -> None:
    with connect(settings) as session:
        (process,) = session.query("SELECT pg_backend_pid()")[0]
        admin.query(f"SELECT pg_terminate_backend({process})")
        with pytest.raises(WarehouseError) as error:
            session.query("SELECT 1")
        assert error.value.lost
        assert error.value.retryable
        assert not session.is_open
        with pytest.raises(WarehouseError, match="is closed"):
            session.query("SELECT 1")
        session.reconnect()
        assert session.query("SELECT 1") == [(1,)]


def test_identifiers_are_not_case_sensitive(admin: Session) -> None:
    assert admin.query("SHOW enable_case_sensitive_identifier")[0][0] in ("off", "false")


PLANTED = {
    "search_path": "evil, public, pg_catalog",
    "datestyle": "'SQL, DMY'",
    "timezone": "'Asia/Tokyo'",
    "extra_float_digits": "-10",
    "enable_case_sensitive_identifier": "true",
    "downcase_delimited_identifier": "off",
    "navigate_super_null_on_error": "off",
}
"""What an account's own settings can be, each of which would change what our statements mean or
give.
"""


def spelled(rows: list[Row]) -> list[Row]:
    """What SHOW answers, where off and false are one."""
    return [({"false": "off", "true": "on"}.get(value, value),) for (value,) in rows]


def test_what_the_account_is_set_to_changes_nothing_of_our_sessions(
    settings: Settings, admin: Session, login: Callable[[str], Session]
) -> None:
    user = "set otherwise"
    usual = login(user)
    asked = [f"SHOW {parameter}" for parameter in PLANTED] + ["SHOW statement_timeout"]
    pinned = [spelled(usual.query(each)) for each in asked]
    assert pinned[:3] == [[("pg_catalog, pg_temp",)], [("ISO, MDY",)], [("UTC",)]]
    assert usual.case_setting == ""
    for parameter, value in PLANTED.items():
        admin.execute(f'ALTER USER "{user}" SET {parameter} TO {value}')
    there = replace(settings, username=user, password="Abcdefg1")
    with connect(there) as session:
        assert [spelled(session.query(each)) for each in asked] == pinned
        assert session.case_setting == "enable_case_sensitive_identifier"
        assert session.query("SELECT CAST('02/03/2026' AS DATE), CAST(0.1 AS DOUBLE PRECISION) + 0.2") == [
            (date(2026, 2, 3), 0.1 + 0.2)
        ]
        with session.in_time_zone("Europe/Zurich"):
            assert session.query("SHOW timezone") == [("Europe/Zurich",)]
        assert session.query("SHOW timezone") == [("UTC",)]
        session.reconnect()
        assert [spelled(session.query(each)) for each in asked] == pinned
    admin.execute(f'ALTER USER "{user}" RESET enable_case_sensitive_identifier')
    with connect(there) as session:
        assert session.case_setting == "downcase_delimited_identifier"


SECOND_FORMS = [("_SETTING",), ("_ASKING",), ("_SETTING", "_ASKING")]
"""What a warehouse may refuse of the statements that pin a session."""


@pytest.mark.parametrize("refused", SECOND_FORMS, ids=" and ".join)
def test_a_warehouse_that_refuses_a_form_is_asked_by_the_other_one_once_per_connection(
    settings: Settings,
    admin: Session,
    login: Callable[[str], Session],
    monkeypatch: pytest.MonkeyPatch,
    refused: tuple[str, ...],
) -> None:
    user = "set otherwise"
    usual = login(user)
    asked = [f"SHOW {parameter}" for parameter in PLANTED] + ["SHOW statement_timeout"]
    pinned = [spelled(usual.query(each)) for each in asked]
    for parameter, value in PLANTED.items():
        admin.execute(f'ALTER USER "{user}" SET {parameter} TO {value}')
    for each in refused:
        monkeypatch.setattr(f"veil.warehouse.session.{each}", "pg_catalog.no_such_function")
    sent: list[str] = []
    there = replace(settings, username=user, password="Abcdefg1")
    with connect(there, lambda sql, seconds, failure: sent.append(sql)) as session:
        assert [spelled(session.query(each)) for each in asked] == pinned
        assert session.case_setting == "enable_case_sensitive_identifier"
        session.execute("SET timezone TO 'Asia/Tokyo'")
        session.pin()
        assert session.query("SHOW timezone") == [("UTC",)]
        assert sum("no_such_function" in each for each in sent) == len(refused)
        session.reconnect()
        assert [spelled(session.query(each)) for each in asked] == pinned
        assert sum("no_such_function" in each for each in sent) == 2 * len(refused)


def test_a_warehouse_without_the_older_setting_is_told_by_show_too(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("veil.warehouse.session._ASKING", "pg_catalog.no_such_function")
    monkeypatch.setattr("veil.warehouse.session._CASE_SETTINGS", {"retired_long_ago": "on"})
    with connect(settings) as session:
        assert session.case_setting == ""


def test_a_session_that_cannot_be_pinned_is_not_used(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    session = connect(settings)
    monkeypatch.setattr("veil.warehouse.session._SETTING", "pg_catalog.no_such_function")
    with pytest.raises(WarehouseError):
        session.pin()
    assert not session.is_open
    with pytest.raises(WarehouseError, match="is closed"):
        session.query("SELECT 1")
    monkeypatch.setattr("veil.warehouse.session._PINNED", {"no_such_parameter": "on"})
    with pytest.raises(WarehouseError) as refusal:
        connect(settings)
    assert refusal.value.summary == "A configuration parameter is not there"
    assert "no_such_parameter" in refusal.value.found
    with pytest.raises(WarehouseError):
        session.reconnect()
    assert not session.is_open


def test_what_the_environment_says_of_dates_changes_nothing_of_our_sessions(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The driver reads ISO dates only, and takes any other for the last day that Python knows:
    # 9999-12-31.
    for variable, value in {"PGOPTIONS": "-c datestyle=German", "PGDATESTYLE": "German", "PGTZ": "Asia/Tokyo"}.items():
        monkeypatch.setenv(variable, value)
    with connect(settings) as session:
        assert session.query("SELECT CAST('2026-03-02' AS DATE)") == [(date(2026, 3, 2),)]
        session.execute("SET datestyle TO 'SQL, DMY'")
        assert session.query("SELECT CAST('2026-03-02' AS DATE)") == [(date.max,)]


def test_a_warehouse_without_the_older_setting_for_names_is_one_that_folds_them(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("veil.warehouse.session._CASE_SETTINGS", {"retired_long_ago": "on"})
    with connect(settings) as session:
        assert session.case_setting == ""
        assert session.query("SHOW timezone") == [("UTC",)]


def test_what_a_function_of_a_view_set_is_pinned_again(admin: Session, layout: Layout) -> None:
    admin.execute(f'CREATE SCHEMA "{layout.view_schema}"')
    setting = f'"{layout.view_schema}".setting'
    try:
        admin.execute(
            f"CREATE FUNCTION {setting}(VARCHAR, VARCHAR) RETURNS VARCHAR IMMUTABLE AS $$"
            " SELECT pg_catalog.set_config($1, $2, FALSE) $$ LANGUAGE sql"
        )
        admin.query(f"SELECT {setting}('search_path', 'public'), {setting}('timezone', 'Asia/Tokyo') LIMIT 0")
        assert admin.query("SHOW search_path") == [("public",)]
        admin.pin()
        assert (admin.query("SHOW search_path"), admin.query("SHOW timezone")) == (
            [("pg_catalog, pg_temp",)],
            [("UTC",)],
        )
    finally:
        admin.pin()
        admin.execute(f'DROP SCHEMA "{layout.view_schema}" CASCADE')


def test_settings_that_fold_names_are_set_only_where_they_do_not(
    engine: Engine, admin: Session, settings: Settings, login: Login
) -> None:
    login("folded")
    admin.execute("ALTER USER folded SET downcase_delimited_identifier TO off")
    there = replace(settings, username="folded", password="Abcdefg1", application_name="folding")
    with connect(there) as session:
        session.query("SELECT 1")
        log = (engine.directory.parent / STATEMENT_LOG).read_text(encoding="utf-8").splitlines()
        sent = [entry["sql"] for entry in map(json.loads, log) if entry["application"] == "folding"]
        assert [each for each in sent if each.startswith("SET") and "identifier" in each] == [
            "SET downcase_delimited_identifier TO on"
        ]
        session.pin()
        assert session.query("SHOW enable_case_sensitive_identifier")[0][0] in ("off", "false")
