"""What `veil export` writes, taken over by a workspace that knows nothing of it."""

import re

from tests.acceptance.conftest import Database
from tests.acceptance.terraform import Workspace
from veil.cli.main import main


def export(database: Database, workspace: Workspace) -> int:
    """Export a database of the engine into the workspace's folder. Returns the exit code."""
    arguments = ["--engine", "local", "--database", database.name, "--out", str(workspace.folder)]
    return main(["export", *arguments])


def take_over(workspace: Workspace) -> None:
    """Import all that was exported: nothing is to change, not then and not afterwards."""
    formatted = workspace.run("fmt", "-check", "-diff")
    assert formatted, formatted.text
    imports = (workspace.folder / "imports.tf").read_text().count("import {")
    planned = workspace.plan("-out=plan.bin")
    assert re.search(rf"Plan: {imports} to import, 0 to add, 0 to change, 0 to destroy\.", planned.text), planned.text
    assert (done := workspace.apply("plan.bin")), done.text
    assert (again := workspace.plan()).code == 0, again.text
