"""What somebody alters behind Terraform's back is told by the next plan and put right by the next
apply.
"""

import re
from collections.abc import Callable

import pytest

from tests.acceptance.conftest import Database, header
from tests.acceptance.lifecycle import CASES, INTEGRATION, act, look, prepare, resources
from tests.acceptance.lookalikes import heard, plant, plant_operators
from tests.acceptance.tampering.guide import PAGE, with_tables
from tests.acceptance.tampering.hostile import planting, undoing
from tests.acceptance.tampering.kinds import GROUP, STRANGERS
from tests.acceptance.tampering.rounds import ALL, ROUNDS
from tests.acceptance.tampering.trying import not_clean, not_put_right, plan, uncalled_for, untold
from tests.acceptance.terraform import Workspace
from veil.local import Engine


@pytest.fixture(scope="module")
def place(
    engine: Engine, new_database: Callable[[], Database], new_workspace: Callable[[], Workspace]
) -> tuple[Database, Workspace]:
    """An applied configuration, where an analyst had things of many names before: in public, and in
    what `$user` is.
    """
    database, workspace = new_database(), new_workspace()
    prepare(database)
    database = plant(engine, database, "public", database.address.username)
    plant_operators(engine, database)
    database.run(*STRANGERS)
    workspace.write(header(database, INTEGRATION.before) + resources())
    assert (done := workspace.apply()), done.text
    act(database)
    return database, workspace


@pytest.mark.parametrize("name", ROUNDS)
def test_tampering_is_told_and_put_right(place: tuple[Database, Workspace], name: str):
    database, workspace = place
    tamperings = ROUNDS[name]
    for tampering in tamperings:
        database.run(*tampering.statements)
    planned, changes = plan(workspace)
    assert planned.code != 1, planned.text
    assert [line for each in tamperings for line in untold(each, planned, changes)] == []
    assert list(uncalled_for(tamperings, changes)) == []
    if all(each.repairable for each in tamperings):
        assert list(not_put_right(workspace)) == []
        return
    for tampering in tamperings:
        database.run(*tampering.undo)
    assert list(not_clean(workspace)) == []


def test_every_tampering_is_tried_and_has_a_name_of_its_own():
    tried = [each.name for tamperings in ROUNDS.values() for each in tamperings]
    assert sorted(tried) == sorted({each.name for each in ALL})


@pytest.mark.parametrize("name", ROUNDS)
def test_no_round_drops_what_another_tampering_of_it_alters(name: str):
    told = {line for tampering in ROUNDS[name] for line in tampering.drift.values()}
    gone = {line.removesuffix(" is missing"): line for line in told if line.endswith(" is missing")}
    hidden = {
        (line, other)
        for what, line in gone.items()
        for other in told - {line}
        if re.search(rf"{re.escape(what)}(?!\w)", other)
    }
    assert hidden == set()


def test_the_guide_lists_every_tampering():
    page = PAGE.read_text(encoding="utf-8")
    assert page == with_tables(page), "run: python -m tests.acceptance.tampering.guide"


def test_after_all_repairs_everybody_sees_what_they_saw_before(place: tuple[Database, Workspace]):
    database, _ = place
    act(database)  # Which project one acts in was lost with the table that said so.
    for case in (INTEGRATION, *CASES):
        assert look(database, case) == case.seen[0], case.address
    for user in ("bob", "carol"):
        assert "permission denied" in database.refusal("SELECT salt FROM immuta_system.salt", user)
    assert database.query("SELECT a FROM theirs.report") == [(1,)]  # A record had named it as one of veil's views.


def test_names_that_would_be_more_than_names_are_quoted_in_every_repair(place: tuple[Database, Workspace]):
    database, workspace = place
    database.run('CREATE TABLE "raw".canary AS SELECT 1 AS a', *planting(database.name))
    planned = workspace.plan()
    told = " ".join(planned.text.split())
    assert planned.code == 2, planned.text
    assert (
        "the schema immuta_functions is owned by u" in told and "SELECT on the table immuta_system.salt was gr" in told
    )
    assert (done := workspace.apply()), done.text
    assert (again := workspace.plan()).code == 0, again.text
    assert database.query('SELECT a FROM "raw".canary') == [(1,)]
    database.run('DROP TABLE "raw".canary', *undoing(database.name))


def test_no_repair_ran_what_an_analyst_had_made(engine: Engine, place: tuple[Database, Workspace]):
    assert heard(engine, place[0]) == []


def test_a_table_that_is_gone_is_told_and_stands_in_nobodys_way(
    place: tuple[Database, Workspace], new_database: Callable[[], Database]
):
    database, workspace = place
    before = (workspace.folder / "main.tf").read_text()
    database.run('DROP TABLE "raw".filtered')
    planned = workspace.plan()
    assert planned.code == 0, planned.text
    assert "An apply cannot repair this" in planned.text
    assert "The table raw.filtered is gone." in planned.text

    # Its view is repaired, and after that changed again by the same apply.
    database.run("GRANT SELECT ON governed.filtered TO bob")
    after_it = 'exceptions = { groups = ["it"] }\n  depends_on = [veil_data_source.filtered]\n  show = { user_matches'
    changed = before.replace("@isInGroups('analysts')", "@isInGroups('analysts') OR @isInGroups('it')")
    workspace.write(changed.replace("show = { user_matches", after_it))
    assert (done := workspace.apply()), done.text
    workspace.write(before)
    # The group is the cluster's: another database may need it, and stands in nobody's way either.
    elsewhere = new_database()
    elsewhere.run(f'GRANT USAGE ON SCHEMA "raw" TO GROUP {GROUP}')
    database.run(
        "INSERT INTO immuta_system.published"
        " (name, view_schema, view_name, text_hash, compiled_hash, compiler_version, updated_at)"
        " VALUES ('raw.nothing', 'theirs', 'report', '', '', 1, GETDATE())",
    )
    overload = "immuta_procedures.switch_project(project INTEGER) AS $$ BEGIN RETURN; END; $$ LANGUAGE plpgsql"
    database.run("CREATE TABLE immuta_system.notes AS SELECT 7 AS a", f"CREATE PROCEDURE {overload}")
    assert (done := workspace.destroy()), done.text
    assert "Warning: What others made stays" in done.text
    assert "The schemas immuta_system, immuta_procedures stay" in " ".join(done.text.split())
    assert database.query("SELECT a FROM immuta_system.notes") == [(7,)]
    database.run("DROP PROCEDURE immuta_procedures.switch_project(INTEGER)")
    assert database.query("SELECT a FROM theirs.report") == [(1,)]
    elsewhere.run(f'REVOKE USAGE ON SCHEMA "raw" FROM GROUP {GROUP}')
