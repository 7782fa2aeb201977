"""The rows of lookups, read from a warehouse."""

from functools import partial

import pytest

from tests.engine import connect as connect_to
from veil.governance.access import lookup_rows
from veil.governance.access.lookup_rows import read_lookups
from veil.governance.service import Governance
from veil.local import Engine
from veil.model import AppliesTo, Column, ColumnType, DataSource, Family, Integration, Put, RowPolicy, Where, World
from veil.model.change import apply
from veil.warehouse import Settings, connect

SOURCE = DataSource("raw", "cards", "governed", "cards", (Column("level", ColumnType(Family.INTEGER)),))
POLICY = RowPolicy(
    "tree", AppliesTo(all_data_sources=True), Where("level IN (SELECT level FROM lookups.tree WHERE level > 1)")
)


def test_a_lookup_that_cannot_be_read_is_told_and_leaves_nothing_behind(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
):
    address = engine.address()
    assert address is not None
    settings = Settings(
        host=address.host,
        port=address.port,
        database=address.database,
        username=address.username,
        password=address.password,
        ssl=False,
    )
    world = apply(World(Integration("main", address.database, "governed")), Put(SOURCE), Put(POLICY))
    read = partial(read_lookups, world=world, source=SOURCE)
    governance = Governance(address.database, lambda: connect(settings))
    with connect_to(address) as admin, admin.cursor() as cursor:
        cursor.execute("CREATE SCHEMA lookups")
        cursor.execute("CREATE TABLE lookups.tree AS SELECT 4 AS level")
        ((process,),) = governance.look(lambda session: session.query("SELECT PG_BACKEND_PID()"))
        cursor.execute(f"SELECT PG_TERMINATE_BACKEND({process})")
        found = governance.look(read)
        assert found.problems == ()
        assert found.rows == {("lookups", "tree"): [{"level": 4}]}

        monkeypatch.setattr(lookup_rows, "MOST_ROWS", 0)
        cursor.execute("ALTER TABLE lookups.tree RENAME TO theirs")
        setting = "SET_CONFIG('datestyle', 'SQL, DMY', FALSE) IS NOT NULL"
        cursor.execute(f"CREATE VIEW lookups.tree AS SELECT t.level FROM lookups.theirs AS t WHERE {setting}")
        (problem,) = governance.look(read).problems
        assert "has more than 0 rows" in problem
        assert governance.look(lambda session: session.query("SHOW datestyle")) == [("ISO, MDY",)]

        cursor.execute("DROP VIEW lookups.tree")
        (problem,) = governance.look(read).problems
        assert "The lookup lookups.tree could not be read" in problem
    governance.close()
