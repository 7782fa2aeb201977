"""The rows of lookups, read from a warehouse."""

from functools import partial

from tests.engine import connect as connect_to
from tests.engine import engine  # noqa: F401 - a fixture
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


def test_a_connection_that_was_lost_is_no_lookup_that_cannot_be_read(engine: Engine):  # noqa: F811
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

        cursor.execute("DROP TABLE lookups.tree")
        (problem,) = governance.look(read).problems
        assert "The lookup lookups.tree could not be read" in problem
    governance.close()
