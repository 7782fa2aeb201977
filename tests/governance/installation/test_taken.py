"""What somebody else took of an installation: what is left alone, and what goes on being
repaired.
"""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.governance.installation.test_reach import LAYOUT, WHOLE
from tests.governance.installation.test_reach import deployed as deployed_as
from tests.surface.statements import problems
from veil.diff import admitted
from veil.errors import VeilError
from veil.governance.admission.calls import entitlement_statements
from veil.governance.admission.overlay import Overlay
from veil.governance.checks.health import problems_of
from veil.governance.installation.drift import alterations, installation_drift, left_for_a_person
from veil.governance.installation.reach import (
    close_untrusted,
    giving_back_relations,
    require_writable_tables,
    rewritten,
    taken,
    trust_lines,
)
from veil.governance.installation.repairing import repair_statements, row_statements, taking_back
from veil.governance.metadata.deployed import DeployedState, StoredObject
from veil.governance.metadata.equalizing import entries_of
from veil.governance.metadata.people import rows_of
from veil.model import Closing, DataSource, Kind, Profile, Project, World
from veil.warehouse import (
    EntryRow,
    Grantee,
    ProfileRow,
    ProjectEntryRow,
    RelationKind,
    RoutineState,
    expected_routines,
    expected_tables,
)

SYSTEM = LAYOUT.system
SOURCE = DataSource("raw", "people", "governed", "people", ())
CLOSING = Closing("c1", "analytics/1", "integration", "main", "bob had it.", sources=frozenset({SOURCE.key}))
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


@pytest.mark.parametrize("owner", ["veil", "bob"])
def test_routines_are_taken_back_in_forms_that_redshift_documents(owner: str):
    found = deployed()
    others = frozenset({Grantee("user", "mallory"), Grantee("group", "all of them")})
    routines = {
        each: RoutineState(body, owner, public_execute=True, security_definer=each.kind == "PROCEDURE", grantees=others)
        for each, body in expected_routines(LAYOUT).items()
    }
    found = replace(found, snapshot=replace(found.snapshot, routines=routines))
    sent = [each for each in taking_back(found) if " FUNCTION " in each or " PROCEDURE " in each]
    revoked = [each for each in sent if each.startswith("REVOKE")]
    assert {each for each in ("FUNCTION", "PROCEDURE") for one in revoked if f" ON {each} " in one} == {
        "FUNCTION",
        "PROCEDURE",
    }
    assert [(each, problems(each)) for each in sent if problems(each)] == []


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


ALICE = Profile("alice", frozenset({"analysts"}))
PLANTED = EntryRow("alice", "group", "", "hr")
TEAM = Project("team", frozenset({"alice"}), equalized=True)


def given_back(*, trusted: bool = True, entries: tuple[EntryRow, ...] = (PLANTED,)) -> DeployedState:
    """An installation with a closing whose tables are its own again, and what the former owner
    wrote meanwhile; where the rows of the profile and the project are not `trusted`, nobody knows
    what they give.
    """
    back = with_closing(deployed(), CLOSING)
    world = replace(back.world, profiles={"alice": ALICE}, projects={"team": TEAM}) if trusted else back.world
    things = ((Kind.PROFILE, "alice", ALICE), (Kind.PROJECT, "team", TEAM))
    stored = {(kind, key): StoredObject(kind, key, key, thing if trusted else None) for kind, key, thing in things}
    rows = rows_of(World(back.world.integration, profiles={"alice": ALICE}, projects={"team": TEAM}), "alice")
    assert rows is not None
    snapshot = replace(
        back.snapshot,
        profiles=(rows[0],),
        entries=(*rows[1], *entries),
        project_entries=(*entries_of(world, TEAM), ProjectEntryRow("team", "group", "", "hr", 2)),
    )
    return replace(back, snapshot=snapshot, world=world, stored={**back.stored, **stored})


def test_what_a_former_owner_wrote_is_written_anew_by_the_repair_that_opens_the_data_sources():
    found = given_back()
    assert rewritten(found) == ({"alice"}, {"team"})
    (line,) = trust_lines(found)
    assert line.endswith(", and writes anew what was altered of 1 users and 1 projects")
    statements = entitlement_statements(
        found.layout, found.world, *rewritten(found), admitted(found.world, datetime.now(UTC))
    )
    assert any("upsert_profiles" in each and "alice" in each for each in statements)
    assert any("delete_project_entries" in each and "team" in each for each in statements)
    assert not any('"hr"' in each for each in statements)


def test_whoever_has_a_profile_that_cannot_be_trusted_holds_nothing_when_data_sources_are_opened():
    found = given_back(trusted=False)
    assert rewritten(found) == ({"alice"}, {"team"})
    statements = entitlement_statements(
        found.layout, found.world, *rewritten(found), admitted(found.world, datetime.now(UTC))
    )
    assert any("delete_profiles" in each and "alice" in each for each in statements)
    assert not any("upsert_profiles" in each or "add_" in each for each in statements)


def test_rows_of_users_are_left_to_their_own_applies_where_nothing_is_opened():
    found = given_back()
    assert rewritten(replace(found, world=replace(found.world, closings={}))) == (frozenset(), frozenset())
    still = replace(found, snapshot=replace(found.snapshot, owners={(SYSTEM, "profile_entry"): "bob"}))
    assert rewritten(still) == (frozenset(), frozenset())


def test_all_that_closes_for_the_integration_ends_together():
    found = given_back()
    second = replace(CLOSING, id="c2")
    mask = replace(CLOSING, id="c3", owner="owner", kind="masking_policy", name="m")
    found = replace(found, world=replace(found.world, closings={each.id: each for each in (CLOSING, second, mask)}))
    stored = {(Kind.CLOSING, each.id): StoredObject(Kind.CLOSING, each.id, each.owner, each) for each in (second, mask)}
    found = replace(found, stored={**found.stored, **stored})
    overlay = Overlay(found, found.world.integration)
    close_untrusted(found, overlay)
    assert overlay.closings() == [mask]


def test_a_closing_of_which_data_sources_were_taken_out_is_not_enough():
    found = with_closing(deployed("profile"), replace(CLOSING, sources=frozenset()))
    assert any("the apply closes all data sources" in line for line in trust_lines(found))
    overlay = Overlay(found, found.world.integration)
    close_untrusted(found, overlay)
    assert {key for each in overlay.closings() for key in each.sources} == {SOURCE.key}


def with_closing(found: DeployedState, closing: Closing) -> DeployedState:
    assert found.integration is not None
    stored = StoredObject(Kind.CLOSING, closing.id, found.integration.id, closing)
    world: World = replace(found.world, closings={closing.id: closing})
    return replace(found, world=world, stored={**found.stored, (Kind.CLOSING, closing.id): stored})
