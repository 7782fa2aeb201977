"""Finding what is installed."""

from contextlib import suppress
from dataclasses import replace

import pytest

from veil.warehouse import Layout, Session, Settings, WarehouseError, connect, find_layouts


def test_an_installation_that_cannot_be_looked_at_is_not_taken_for_none(
    settings: Settings, admin: Session, installed: Layout
) -> None:
    with connect(replace(settings, statement_timeout=3)) as session:  # What succeeds has them too.
        assert installed in find_layouts(session)
        with admin.transaction():
            admin.execute(f'LOCK TABLE "{installed.system}".integration')
            with pytest.raises(WarehouseError) as error:
                find_layouts(session)
        assert error.value.timed_out
        assert installed in find_layouts(session)


@pytest.mark.parametrize(
    "altered",
    [
        "DROP COLUMN view_schema; ALTER TABLE {} ADD COLUMN view_schema VARCHAR(256)",
        "DROP COLUMN view_schema; ALTER TABLE {} ADD COLUMN view_schema VARCHAR(256); UPDATE {} SET impersonation_group = ''",
        "DROP COLUMN view_schema; ALTER TABLE {} ADD COLUMN view_schema INTEGER; UPDATE {} SET view_schema = 7",
        "DROP COLUMN read_only_role; ALTER TABLE {} ADD COLUMN read_only_role BOOLEAN; UPDATE {} SET read_only_role = TRUE",
    ],
)
def test_a_mark_that_says_nothing_of_ours_is_none_and_stops_nothing(
    altered: str, admin: Session, installed: Layout
) -> None:
    table = f'"{installed.system}".integration'
    with suppress(UndoneError), admin.transaction():
        for statement in f"ALTER TABLE {table} {altered.replace('{}', table)}".split("; "):
            admin.execute(statement)
        (found,) = [each for each in find_layouts(admin) if each.prefix == installed.prefix]
        assert not found.marked
        assert found.view_schema == "-"
        raise UndoneError


class UndoneError(Exception):
    """Ends a transaction whose changes are for nobody else."""
