"""The bulk read."""

import threading
from collections.abc import Iterator

import pytest

from tests.warehouse.conftest import Login, run
from veil.model.columns import ColumnType, Family
from veil.warehouse import (
    SCHEMA_VERSION,
    Grant,
    Grantee,
    Layout,
    NotInstalledError,
    ObjectRow,
    PublishedRow,
    RelationKind,
    Session,
    Settings,
    Tables,
    advance_revision,
    connect,
    find_installations,
    read,
    read_blockers,
    read_columns,
    read_relations,
    read_view_texts,
    record_published,
    upsert_objects,
)
from veil.warehouse.tables import expected_columns

ASKED = {
    "system_schemas": "what stands in the system schema: of what else a column lacks nothing can be asked",
    "revision": "what our tables hold, all that is no SUPER, in one statement and so of one moment",
    "profiles": "what our two tables of documents hold: SUPER has no place among texts",
    "external_schemas": "what the catalogs of the leader node tell of relations, schemas, routines and users",
    "views": "texts of views, ours and those that mention ours: in a column of their own they are never cut",
    "svv_relation_privileges": "rights on tables and views. Of SVV views AWS says that they mix with nothing",
    "svv_column_privileges": "rights on columns",
    "svv_schema_privileges": "rights on schemas",
    "svv_default_privileges": "rights on what is made from now on",
    "svv_database_privileges": "rights on the database",
    "svv_function_privileges": "rights on routines",
    "svv_columns": "the columns of governed tables: no other catalog has those of late-binding views",
    "unsealed": "what none of our procedures wrote, told by a view that only the texts of views show to be ours, and last the revision",
}
"""What a read asks, a statement each by what it begins with or asks first, and why that is no part
of another.
"""


@pytest.fixture
def raw(admin: Session, layout: Layout) -> Iterator[str]:
    """A schema of base tables; its name."""
    name = f"Raw {layout.prefix}".lower()
    admin.execute(f'CREATE SCHEMA "{name}"')
    admin.execute(
        f'CREATE TABLE "{name}".customers (id BIGINT, email VARCHAR(320), fee NUMERIC(12, 4), code CHAR(3), '
        "born DATE, seen TIMESTAMP, at TIMESTAMPTZ, data SUPER, ratio DOUBLE PRECISION, ok BOOLEAN)"
    )
    admin.execute(f'CREATE TABLE "{name}".other (a INT)')
    yield name
    admin.execute(f'DROP SCHEMA "{name}" CASCADE')


def test_the_number_of_queries_does_not_grow(admin: Session, installed: Layout) -> None:
    def asked(schemas: list[str]) -> int:
        before = admin.statements
        there = find_installations(admin)
        (found,) = (each for each in there if each.layout.prefix == installed.prefix)
        read(admin, installed, schemas=schemas, tables=found.tables)
        return admin.statements - before - len(there)  # each has a mark, which tells which it is

    few = asked([])
    names = [f"s{number % 7}.t{number}" for number in range(500)]
    row = PublishedRow(installed.view_schema, "v", "", "", 1)
    run(admin, upsert_objects(installed, [ObjectRow("data_source", name, "1", "{}") for name in names]))
    run(admin, record_published(installed, dict.fromkeys(names, row)))
    assert len(read(admin, installed, schemas=["s1", "s2"]).objects) == 500
    assert asked(["s1", "s2"]) == few == len(ASKED)


def test_columns_and_grants_of_governed_tables_are_read(
    admin: Session, installed: Layout, raw: str, login: Login
) -> None:
    login("alice")
    admin.execute(f'GRANT SELECT ON "{raw}".customers TO alice')
    run(admin, upsert_objects(installed, [ObjectRow("data_source", f'"{raw}".customers', "1", "{}")]))
    snapshot = read(admin, installed)
    place = (raw, "customers")
    assert snapshot.columns == {
        place: (
            ("id", ColumnType(Family.BIGINT)),
            ("email", ColumnType(Family.VARCHAR, length=320)),
            ("fee", ColumnType(Family.NUMERIC, precision=12, scale=4)),
            ("code", ColumnType(Family.CHAR, length=3)),
            ("born", ColumnType(Family.DATE)),
            ("seen", ColumnType(Family.TIMESTAMP)),
            ("at", ColumnType(Family.TIMESTAMPTZ)),
            ("data", ColumnType(Family.SUPER)),
            ("ratio", ColumnType(Family.DOUBLE)),
            ("ok", ColumnType(Family.BOOLEAN)),
        )
    }
    assert Grant(Grantee("user", "alice"), "SELECT") in snapshot.table_grants[place]
    assert snapshot.owners[place] == snapshot.account == admin.settings.username
    admin.execute(f'REVOKE ALL ON "{raw}".customers FROM alice')


def test_grants_to_groups_and_everybody_are_told_apart(admin: Session, installed: Layout, raw: str) -> None:
    admin.execute("CREATE GROUP others_readers")
    admin.execute(f'GRANT SELECT ON "{raw}".other TO GROUP others_readers')
    admin.execute(f'GRANT SELECT ON "{raw}".other TO PUBLIC')
    try:
        grants = read(admin, installed, schemas=[raw]).table_grants[raw, "other"]
        holders = {grant.grantee.sql for grant in grants if grant.privilege == "SELECT"}
        assert {'GROUP "others_readers"', "PUBLIC"} <= holders
    finally:
        admin.execute(f'REVOKE ALL ON "{raw}".other FROM GROUP others_readers')
        admin.execute("DROP GROUP others_readers")


def test_a_schema_is_read_at_once(admin: Session, raw: str) -> None:
    before = admin.statements
    columns = read_columns(admin, raw)
    assert columns["other"] == (("a", ColumnType(Family.INTEGER)),)
    assert set(columns) == read_relations(admin, raw).keys() == {"customers", "other"}
    assert admin.statements - before == 2
    assert read_columns(admin, "no such schema") == {}


def test_the_text_of_a_late_binding_view_is_read_to_the_letter(admin: Session, raw: str) -> None:
    text = (
        f'CREATE OR REPLACE VIEW "{raw}"."Odd ""View""" AS SELECT t."a" /* veil */ AS "A", \'it\'\'s \\\\ $$\' AS "b"\n'
        f'FROM "{raw}"."other" AS t\nWITH NO SCHEMA BINDING'
    )
    admin.execute(text)
    (name,) = read_relations(admin, raw).keys() - {"customers", "other"}
    assert read_view_texts(admin, [(raw, name), (raw, "none")]) == {(raw, name): text}


def test_a_read_begins_again_when_the_revision_moves(admin: Session, settings: Settings, installed: Layout) -> None:
    """A writer changes two rows that belong together, again and again: no read sees one without the
    other.
    """
    stop = threading.Event()

    def write() -> None:
        with connect(settings) as session:
            revision = 0
            while not stop.is_set() and revision < 6:
                rows = [ObjectRow(kind, "n", "1", str(revision)) for kind in ("a", "b")]
                statements = advance_revision(installed, revision, f"t{revision}")
                for row in rows:
                    statements += upsert_objects(installed, [row])
                statements += record_published(installed, {"k": PublishedRow("s", "v", str(revision), "", 1)})
                run(session, statements)
                revision += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        seen = set()
        while writer.is_alive():
            snapshot = read(admin, installed)
            seen.add(snapshot.revision)
            if snapshot.revision:
                assert snapshot.token == f"t{snapshot.revision - 1}"
                assert {row.body for row in snapshot.objects} == {str(snapshot.revision - 1)}
                assert snapshot.published["k"].text_hash == str(snapshot.revision - 1)
    finally:
        stop.set()
        writer.join()
    assert read(admin, installed).revision == 6


def test_a_database_without_an_integration_says_so(admin: Session) -> None:
    with pytest.raises(NotInstalledError, match="No integration here"):
        read(admin, Layout("absent", "v"))


def test_tables_of_ours_that_are_gone_or_lack_columns_count_as_empty(admin: Session, installed: Layout) -> None:
    run(admin, upsert_objects(installed, [ObjectRow("k", "n", "1", "")]))
    for table in ("revision", "integration", "salt"):
        admin.execute(f'DROP TABLE "{installed.system}".{table}')
    admin.execute(f'ALTER TABLE "{installed.system}".runtime DROP COLUMN current_project')
    admin.execute(f'DROP TABLE "{installed.system}".impersonation')
    admin.execute(f'CREATE VIEW "{installed.system}".impersonation AS SELECT 1 AS immuta__userid, 2 AS as_user')
    snapshot = read(admin, installed)
    assert [each.name for each in snapshot.objects] == ["n"]
    assert (snapshot.schema_version, snapshot.runtimes, snapshot.salt_names) == (SCHEMA_VERSION, (), frozenset())
    assert snapshot.impersonations == frozenset()
    assert snapshot.tables["impersonation"].kind is RelationKind.VIEW
    assert not {"revision", "integration", "salt"} & snapshot.tables.keys()
    assert snapshot.unsound is not None


def test_tables_are_found_as_this_version_makes_them(admin: Session, installed: Layout) -> None:
    found = read(admin, installed).tables
    assert {table: found[table].columns for table in expected_columns()} == expected_columns()


def test_columns_of_another_database_are_read_by_its_name(admin: Session, raw: str) -> None:
    assert read_columns(admin, raw, Tables(admin.settings.database)) == read_columns(admin, raw)
    assert read_columns(admin, raw, Tables("no_such_database")) == {}


def test_who_blocks_is_told_only_where_the_warehouse_tells(admin: Session, raw: str) -> None:
    assert read_blockers(admin, raw, "customers") == ()
    assert admin.query("SELECT 1") == [(1,)]
