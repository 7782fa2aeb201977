"""That statements are recorded where they are sent, and that a broken one of ours is found among
them.
"""

from __future__ import annotations

import json
import stat

import pytest
import redshift_connector

from tests.engine import STATEMENT_LOG, check_statements, engine  # noqa: F401 - a fixture
from tests.surface.statements import sent
from veil import warehouse
from veil.local import Engine

BROKEN = "SELECT admin_option FROM pg_catalog.svv_column_privileges"


def test_a_statement_of_ours_that_no_page_documents_fails_the_run(engine: Engine) -> None:  # noqa: F811
    address = engine.address()
    assert address is not None
    settings = warehouse.Settings(
        host=address.host,
        port=address.port,
        database=address.database,
        username=address.username,
        password=address.password,
        ssl=False,
    )
    with warehouse.connect(settings) as session:
        session.query("SELECT 1")
        check_statements(engine)  # what a session begins with is documented
        with pytest.raises(warehouse.WarehouseError):
            session.query(BROKEN)
        session.query("SELECT 2")
    with pytest.raises(pytest.fail.Exception) as failure:
        check_statements(engine)
    assert "no column admin_option" in str(failure.value)
    assert "SELECT 2" not in str(failure.value)


def test_only_what_the_provider_sends_is_judged_one_of_each_shape(engine: Engine) -> None:  # noqa: F811
    address = engine.address()
    assert address is not None
    with redshift_connector.connect(
        host=address.host,
        port=address.port,
        user=address.username,
        password=address.password,
        database=address.database,
        ssl=False,
        application_name="psql",
    ) as connection:
        connection.cursor().execute("SELECT 'seen by nobody'")
    log = engine.directory.parent / STATEMENT_LOG
    recorded = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    assert {
        "user": address.username,
        "application": "psql",
        "database": address.database,
        "sql": "SELECT 'seen by nobody'",
    } in recorded
    statements = list(sent(log))
    assert statements.count("SELECT 1") == 1
    assert not {"SELECT 2", "SELECT 'seen by nobody'"} & set(statements)
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
