"""Views are security barriers, which those of a cluster are not; an engine can be made without."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redshift_connector

from tests.engine import connect
from veil.local import Engine, EngineError

PROBE = "SELECT COUNT(*) FROM {view} WHERE CAST(secret AS INTEGER) > 0"
"""Fails with the secret in its message where the predicate runs on rows that the view does not
show.
"""


SHOWN = "SELECT secret FROM barred.t WHERE id + 0 + 0 + 0 + 0 = 1"
"""Dearer to evaluate than the predicate, which an engine without barriers takes first."""


@pytest.fixture(scope="module")
def unbarred(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    found = Engine(tmp_path_factory.mktemp("unbarred") / "local")
    found.up(progress=lambda line: None, barrier=False)
    yield found
    found.reset()


def make(engine: Engine) -> Any:
    address = engine.address()
    assert address is not None
    cursor = connect(address).cursor()
    for statement in (
        "CREATE SCHEMA barred",
        "CREATE TABLE barred.t (id INTEGER, secret VARCHAR(20))",
        "INSERT INTO barred.t VALUES (1, '7'), (2, 'hidden-secret')",
        f"CREATE VIEW barred.late AS {SHOWN} WITH NO SCHEMA BINDING",
        f"CREATE OR REPLACE VIEW barred.late AS {SHOWN} WITH NO SCHEMA BINDING",
        f"CREATE VIEW barred.bound AS {SHOWN}",
    ):
        cursor.execute(statement)
    return cursor


@pytest.mark.parametrize("view", ["barred.late", "barred.bound"])
def test_a_predicate_meets_hidden_rows_only_where_there_is_no_barrier(engine: Engine, unbarred: Engine, view: str):
    for each, is_told in ((engine, False), (unbarred, True)):
        cursor = make(each)
        try:
            if is_told:
                with pytest.raises(redshift_connector.ProgrammingError, match="hidden-secret"):
                    cursor.execute(PROBE.format(view=view))
            else:
                cursor.execute(PROBE.format(view=view))
                assert [list(row) for row in cursor.fetchall()] == [[1]]
        finally:
            cursor.execute("DROP SCHEMA barred CASCADE")


def test_an_engine_stays_what_it_was_made(unbarred: Engine, tmp_path: Path):
    unbarred.down()
    with pytest.raises(EngineError, match="was made without security barriers"):
        unbarred.up(progress=lambda line: None)
    unbarred.up(progress=lambda line: None, barrier=False)
    other = Engine(tmp_path / "local")
    other.up(progress=lambda line: None)
    try:
        other.down()
        with pytest.raises(EngineError, match="was made with security barriers"):
            other.up(progress=lambda line: None, barrier=False)
    finally:
        other.reset()
