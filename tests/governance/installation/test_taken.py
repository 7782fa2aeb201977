"""What somebody else took of an installation: what is left alone, and what goes on being repaired."""

from dataclasses import replace

import pytest

from tests.governance.installation.test_reach import LAYOUT, WHOLE
from tests.governance.installation.test_reach import deployed as deployed_as
from veil.errors import VeilError
from veil.governance.admission.overlay import Overlay
from veil.governance.checks.health import problems_of
from veil.governance.installation.drift import alterations, installation_drift, left_for_a_person
from veil.governance.installation.reach import (
    close_untrusted,
    giving_back_relations,
    require_writable_tables,
    taken,
    trust_lines,
)
from veil.governance.installation.repairing import repair_statements, row_statements
from veil.governance.metadata.deployed import DeployedState, StoredObject
from veil.model import Closing, DataSource, Kind, World
from veil.warehouse import ProfileRow, RelationKind, expected_tables

SYSTEM = LAYOUT.system
SOURCE = DataSource("raw", "people", "governed", "people", ())
TABLES = sorted(name for _, name in expected_tables(LAYOUT))


def deployed(*others: str, views: tuple[str, ...] = ()) -> DeployedState:
    """A whole installation of which bob owns these tables, and views in the place of those."""
    places = dict.fromkeys(expected_tables(LAYOUT), "veil")
    owners = {**places, **{(SYSTEM, name): "bob" for name in (*others, *views)}}
    kinds = {place: RelationKind.VIEW if place[1] in views else RelationKind.TABLE for place in places}
    one = deployed_as(replace(WHOLE, owners=owners, kinds=kinds, profiles=(ProfileRow("mallory"),)))
    world = replace(one.world, data_sources={SOURCE.key: SOURCE})
    stored = {**one.stored, (Kind.DATA_SOURCE, SOURCE.key): StoredObject(Kind.DATA_SOURCE, SOURCE.key, "s", SOURCE)}
    return replace(one, world=world, stored=stored)


def touching(statements: list[str], table: str) -> list[str]:
    """Those that need a privilege on a table that only its owner has or grants."""
    names = (f'"{SYSTEM}".{table} ', f'"{SYSTEM}".{table};', f'"{SYSTEM}"."{table}"')
    shown = (each for each in statements if not each.startswith(("CREATE OR REPLACE", "DROP VIEW")))
    return [each for each in shown if any(name in f"{each};" for name in names)]


@pytest.mark.parametrize("table", [each for each in TABLES if each != "own_view"])
def test_a_table_of_somebody_elses_is_left_alone_and_all_others_are_repaired(table: str):
    found = deployed(table)
    assert taken(found) == {(SYSTEM, table)}
    statements = repair_statements(found, LAYOUT)
    assert touching(statements, table) == []
    others = {name for name in TABLES if name not in (table, "salt_digest" if table == "salt" else table)}
    assert [name for name in sorted(others) if not touching(statements, name)] == []
    assert f'ALTER TABLE "{SYSTEM}"."{table}" OWNER TO "veil"' in giving_back_relations(found)
    assert f"the table {SYSTEM}.{table} is owned by bob" in left_for_a_person(found)
    assert not [line for line in installation_drift(found) if line.endswith("is owned by bob")]


def test_what_stands_in_the_place_of_a_table_is_put_aside_by_whom_may():
    found = deployed(views=("profile",))
    assert taken(found) == {(SYSTEM, "profile")}
    assert touching(repair_statements(found, LAYOUT), "profile") == []
    assert giving_back_relations(found) == [f'ALTER TABLE "{SYSTEM}"."profile" RENAME TO "profile_aside"']
    assert any("stands in the place of" in line for line in left_for_a_person(found))


def test_rows_are_removed_where_they_can_be():
    assert any('"profile_entry" WHERE' in each for each in row_statements(deployed("project_entry"), LAYOUT))
    found = deployed("profile_entry")
    assert not any('"profile_entry" WHERE' in each for each in row_statements(found, LAYOUT))
    line = "the profile of user mallory was added outside veil"
    assert line in left_for_a_person(found) and line in alterations(found)


@pytest.mark.parametrize(
    "table", ["writer", "revision", "incoming", "object", "ledger", "published", "closed", "own_view"]
)
def test_without_what_each_apply_writes_nothing_is_written(table: str):
    with pytest.raises(VeilError) as refused:
        require_writable_tables(deployed(table))
    assert refused.value.summary == "Part of the integration belongs to somebody else"
    assert f'ALTER TABLE "{SYSTEM}"."{table}" OWNER TO "veil"' in refused.value.detail


@pytest.mark.parametrize(
    "table",
    ["profile", "profile_entry", "project_entry", "runtime", "acknowledgement", "impersonation", "salt", "salt_digest"],
)
def test_what_decides_who_sees_what_closes_all_data_sources_until_it_is_given_back(table: str):
    found = deployed(table)
    require_writable_tables(found)
    assert any("the apply closes all data sources" in line for line in installation_drift(found))
    overlay = Overlay(found, found.world.integration)
    close_untrusted(found, overlay)
    (closing,) = overlay.closings()
    assert closing.sources == {SOURCE.key} and "bob" in closing.reason

    closed = with_closing(found, closing)
    assert not trust_lines(closed) and not any("closes all" in line for line in installation_drift(closed))
    (problem,) = [each for each in problems_of(closed, SOURCE) if "shows no rows" in each]
    assert f"{SYSTEM}.{table} decides who sees what and belongs to bob" in problem
    again = Overlay(closed, closed.world.integration)
    close_untrusted(closed, again)
    assert again.closings() == [closing]

    back = with_closing(deployed(), closing)
    assert any("opens the data sources" in line for line in installation_drift(back))
    overlay = Overlay(back, back.world.integration)
    close_untrusted(back, overlay)
    assert overlay.closings() == []


def test_salts_that_somebody_owned_are_forgotten_when_they_are_given_back():
    assert f'DELETE FROM "{SYSTEM}"."salt"' in giving_back_relations(deployed("salt"))


def test_a_superuser_leaves_nothing_to_others():
    found = deployed(*TABLES)
    powerful = replace(found, snapshot=replace(found.snapshot, superusers=frozenset({"veil"})))
    assert (taken(powerful), giving_back_relations(powerful), trust_lines(powerful)) == (frozenset(), [], [])


def with_closing(found: DeployedState, closing: Closing) -> DeployedState:
    assert found.integration is not None
    stored = StoredObject(Kind.CLOSING, closing.id, found.integration.id, closing)
    world: World = replace(found.world, closings={closing.id: closing})
    return replace(found, world=world, stored={**found.stored, (Kind.CLOSING, closing.id): stored})
