"""Installations of older versions, upgraded in place."""

from dataclasses import replace

import pytest

from tests.warehouse.conftest import run
from tests.warehouse.layouts import VERSIONS, statements
from tests.warehouse.removal import clearing
from veil.warehouse import (
    SCHEMA_VERSION,
    EntryRow,
    Layout,
    ObjectRow,
    ProfileRow,
    Session,
    UnsealedRow,
    WarehouseError,
    create_salts,
    find_layouts,
    install_statements,
    read,
    upgrade_statements,
    upsert_objects,
    upsert_profiles,
)


def columns(session: Session, layout: Layout) -> list[tuple[object, ...]]:
    """The columns of all tables and views of an installation, whatever its names are."""
    return session.query(
        "SELECT table_name, column_name, data_type, character_maximum_length, is_nullable FROM svv_columns "
        f"WHERE table_schema = '{layout.system}' ORDER BY table_name, ordinal_position"
    )


def test_every_version_but_this_one_is_kept() -> None:
    assert list(range(1, SCHEMA_VERSION)) == VERSIONS


@pytest.mark.parametrize("version", VERSIONS)
def test_an_older_installation_becomes_what_this_version_makes(
    admin: Session, layout: Layout, installed: Layout, version: int
) -> None:
    old = replace(layout, prefix=f"old_{layout.prefix}", view_schema=f"old {layout.view_schema}")
    run(admin, statements(version, old))
    try:
        run(
            admin,
            upsert_objects(old, [ObjectRow("purpose", "fraud", "1", "{}")])
            + create_salts(old, ["r.t"])
            + upsert_profiles(old, [ProfileRow("alice", frozenset({"g"}))], [EntryRow("alice", "group", "", "g")]),
        )
        for row in (
            "runtime VALUES ('alice', 'p', GETDATE())",
            "acknowledgement VALUES ('alice', 'fraud', 'x', GETDATE())",
        ):
            admin.execute(f'INSERT INTO "{old.system}".{row}')
        before = read(admin, old)
        assert (before.schema_version, old in find_layouts(admin)) == (version, True)
        run(admin, upgrade_statements(old, version))
        after, fresh = read(admin, old), read(admin, installed)
        assert after.schema_version == SCHEMA_VERSION
        assert columns(admin, old) == columns(admin, installed)
        planted = {UnsealedRow("runtime", "alice", ""), UnsealedRow("acknowledgement", "alice", "fraud")}
        assert after.unsealed == (planted if version >= 3 else set()), (
            "version 3 had seals, and nothing of ours made these rows"
        )
        for part in ("objects", "profiles", "entries", "salt_names", "runtimes", "revision"):
            assert getattr(after, part) == getattr(before, part)
        open_to_all = [
            {each.name: state.public_execute for each, state in look.routines.items()} for look in (after, fresh)
        ]
        assert open_to_all[0] == open_to_all[1]
    finally:
        run(admin, clearing(old))


def test_an_upgrade_that_fails_leaves_the_older_version(admin: Session, layout: Layout) -> None:
    run(admin, statements(1, layout))
    try:
        before = columns(admin, layout)
        with pytest.raises(WarehouseError), admin.transaction():
            for statement in (*upgrade_statements(layout, 1)[:-1], "SELECT broken FROM nowhere.at_all"):
                admin.execute(statement)
        assert columns(admin, layout) == before
        assert read(admin, layout).schema_version == 1
    finally:
        run(admin, clearing(layout))


def test_the_read_only_role_outlives_an_upgrade_and_a_repair(admin: Session, layout: Layout) -> None:
    role = f"reader_{layout.prefix}"
    admin.execute(f"CREATE ROLE {role}")
    run(admin, install_statements(replace(layout, read_only_role=role)))
    try:
        (found,) = (each for each in find_layouts(admin) if each == layout)
        assert found.read_only_role == role
        admin.execute(f'DROP TABLE "{layout.system}".runtime')
        run(admin, install_statements(found))
        grantees = {grant.grantee.name for grant in read(admin, found).table_grants[layout.system, "runtime"]}
        assert role in grantees
    finally:
        run(admin, clearing(layout))
        admin.execute(f"DROP ROLE {role}")
