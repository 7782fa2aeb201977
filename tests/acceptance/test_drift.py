"""What somebody alters behind Terraform's back is told by the next plan and put right by the next apply."""

import json
import subprocess
from collections.abc import Callable, Sequence

import pytest

from tests.acceptance.conftest import Database, header
from tests.acceptance.lifecycle import CASES, INTEGRATION, act, look, prepare, resources
from tests.acceptance.tampering import ROUNDS, Tampering
from tests.acceptance.terraform import Workspace, find_terraform


@pytest.fixture(scope="module")
def place(new_database: Callable[[], Database], new_workspace: Callable[[], Workspace]) -> tuple[Database, Workspace]:
    database, workspace = new_database(), new_workspace()
    prepare(database)
    workspace.write(header(database, INTEGRATION.before) + resources())
    assert (done := workspace.apply()), done.text
    act(database)
    return database, workspace


def drift(workspace: Workspace) -> dict[str, list[str]]:
    """By address, what the saved plan says was altered. Asserts that it repairs that and does nothing else."""
    shown = subprocess.run(
        [find_terraform() or "terraform", "show", "-json", "plan.bin"],
        cwd=workspace.folder,
        env=workspace.environment,
        capture_output=True,
        check=True,
    )
    changes = json.loads(shown.stdout)["resource_changes"]
    altered = [each for each in changes if each["change"]["actions"] != ["no-op"]]
    for each in altered:
        assert each["change"]["actions"] == ["update"], each["address"]
        assert each["change"]["after"]["drift"] == []
    return {each["address"]: each["change"]["before"]["drift"] for each in altered}


@pytest.mark.parametrize("tamperings", ROUNDS, ids=lambda each: ", ".join(one.name for one in each))
def test_tampering_is_told_and_put_right(place: tuple[Database, Workspace], tamperings: Sequence[Tampering]):
    database, workspace = place
    for tampering in tamperings:
        database.run(*tampering.statements)
    planned = workspace.plan("-out=plan.bin")
    assert planned.code == 2, planned.text
    told, shown = drift(workspace), " ".join(planned.text.split())
    for address, line in (
        (address, line) for each in tamperings for address, lines in each.drift.items() for line in lines
    ):
        assert any(line in each for each in told.get(address, [])), (address, line, told)
        assert line in shown, planned.text
    assert (done := workspace.apply("plan.bin")), done.text
    assert (again := workspace.plan()).code == 0, again.text


def test_after_all_repairs_everybody_sees_what_they_saw_before(place: tuple[Database, Workspace]):
    database, _ = place
    act(database)  # Which project one acts in was lost with the table that said so.
    for case in (INTEGRATION, *CASES):
        assert look(database, case) == case.seen[0], case.address


def test_a_table_that_is_gone_is_told_and_stands_in_nobodys_way(place: tuple[Database, Workspace]):
    database, workspace = place
    before = (workspace.folder / "main.tf").read_text()
    database.run("DROP TABLE raw.filtered")
    planned = workspace.plan()
    assert planned.code == 0, planned.text
    assert "An apply cannot repair this" in planned.text
    assert "The table raw.filtered is gone." in planned.text

    workspace.write(before.replace("@isInGroups('analysts')", "@isInGroups('analysts') OR @isInGroups('it')"))
    assert (done := workspace.apply()), done.text
    workspace.write(before)
    assert (done := workspace.destroy()), done.text
