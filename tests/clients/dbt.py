"""dbt-redshift: a small project, by the commands that people run."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from tests.clients.place import MINUTES, Place
from tests.clients.trying import Outcome

REQUIREMENTS = ("dbt-core==1.11.16", "dbt-redshift==1.11.2")
COMMANDS = (
    "debug",
    "seed",
    "run",
    "test",
    "snapshot",
    "run",
    "snapshot",
    "docs generate",
    "build",
    "run --full-refresh",
)
_PROJECT = Path(__file__).parent / "dbt_project"


def run(place: Place) -> Outcome:
    """Runs each command in turn: seeds, tables, views, late-binding and incremental models, tests
    and snapshots.
    """
    programs = place.environment("dbt", REQUIREMENTS)
    project = place.folder / "dbt_project"
    shutil.rmtree(project, ignore_errors=True)
    shutil.copytree(_PROJECT, project)
    outcome = Outcome()
    for number, command in enumerate(COMMANDS, 1):
        done = subprocess.run(
            [str(programs / "dbt"), "--no-use-colors", *command.split(), "--profiles-dir", "."],
            cwd=project,
            env=place.variables | {"DBT_SEND_ANONYMOUS_USAGE_STATS": "false"},
            capture_output=True,
            text=True,
            check=False,
            timeout=20 * MINUTES,
        )
        outcome.tried[f"{number} {command}"] = (done.stdout + done.stderr)[-1500:] if done.returncode else None
    return outcome
