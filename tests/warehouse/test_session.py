"""Connections and transactions."""

from dataclasses import replace

import pytest

from veil.warehouse import Layout, Session, Settings, WarehouseError, connect


def count(session: Session, layout: Layout) -> int:
    return int(session.query(f'SELECT COUNT(*) FROM "{layout.system}".salt')[0][0])


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
        with pytest.raises(WarehouseError, match="There is no connection"):
            session.query("SELECT 1")
        session.reconnect()
        assert session.query("SELECT 1") == [(1,)]


def test_identifiers_are_not_case_sensitive(admin: Session) -> None:
    assert admin.query("SHOW enable_case_sensitive_identifier")[0][0] in ("off", "false")
