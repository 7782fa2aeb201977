"""A base table may be a view with somebody's function in it, which runs as whoever looks, and may
set parameters.
"""

from functools import partial

from tests.engine import connect
from veil.governance.access.lookup_rows import read_lookups
from veil.governance.requests import Create, SourceDraft
from veil.governance.service import Governance
from veil.local import Engine
from veil.model import AppliesTo, DataSource, RowPolicy, Where

SETTING = (
    'CREATE FUNCTION "raw".setting(VARCHAR) RETURNS VARCHAR IMMUTABLE AS $$'
    " SELECT pg_catalog.set_config('search_path', $1, FALSE) $$ LANGUAGE sql"
)


def test_what_it_sets_is_set_back_before_the_next_statement_of_ours(engine: Engine, governance: Governance):
    address = engine.address()
    assert address is not None
    with connect(address, database=governance.database) as admin, admin.cursor() as cursor:
        cursor.execute(SETTING)
        for name in ("base", "lookup"):
            cursor.execute(
                f'CREATE VIEW "raw".{name} AS SELECT id, "raw".setting(\'public\') AS secret FROM "raw".people'
            )
    stored = governance.submit(Create(SourceDraft("raw", "base")))
    assert stored is not None and isinstance(stored.thing, DataSource)
    asked = "SHOW search_path"
    assert governance.look(lambda session: session.query(asked)) == [("pg_catalog, pg_temp",)]

    where = Where("id IN (SELECT id FROM raw.lookup WHERE secret = 'x')")
    governance.submit(Create(RowPolicy("looking", AppliesTo(all_data_sources=True), where)))
    world = governance.require().world
    found = governance.look(partial(read_lookups, world=world, source=stored.thing))
    assert found.rows[("raw", "lookup")] == [{"id": 1, "secret": "public"}]
    assert governance.look(lambda session: session.query(asked)) == [("pg_catalog, pg_temp",)]
