"""A process that dies in the middle of an apply leaves what the next apply completes, and never shows more."""

import os
import random
import signal
import subprocess
import time
from collections.abc import Callable

import redshift_connector

from tests.acceptance import crowd
from tests.acceptance.conftest import Database, header
from tests.acceptance.terraform import Run, Workspace
from tests.acceptance.watching import Watcher

KILLS = 2
"""How often each of first apply, change and destroy is cut off before it may finish."""

Process = subprocess.Popen[str]


def test_killing_the_provider_leaves_what_the_next_apply_completes(database: Database, workspace: Workspace):
    tell(database, workspace, provider_of)


def test_killing_terraform_leaves_what_the_next_apply_completes(database: Database, workspace: Workspace):
    tell(database, workspace, lambda terraform: terraform.pid)


def tell(database: Database, workspace: Workspace, victim: Callable[[Process], int | None]) -> None:
    """First apply, change and destroy, each cut off several times and then let through."""
    chance = random.Random(2024)
    crowd.prepare(database)
    analyst = Watcher(database, "alice", crowd.QUERIES)
    ends: list[set[tuple[object, ...]]] = [set()]
    kills = 0
    with analyst.watching():
        for configuration in (crowd.resources(), changed(crowd.resources())):
            workspace.write(header(database, crowd.BASELINE) + configuration)
            kills += sum(cut_off(database, workspace, victim, chance, "apply") for _ in range(KILLS))
            done = workspace.apply()
            assert done, done.text
            planned = workspace.plan()
            assert planned.code == 0, planned.text
            ends.append(set(database.query(crowd.QUERIES["listed"], "alice")))
        kills += sum(cut_off(database, workspace, victim, chance, "destroy") for _ in range(KILLS))
        done = workspace.destroy()
        assert done, done.text
    # How many hit depends on the machine; that none did would make this test say nothing.
    assert kills > 0
    assert analyst.values().isdisjoint(crowd.SECRETS)
    # This one is closed while any of its policies is missing, and each policy changes in one step.
    assert analyst.seen["listed"] <= set().union(*ends)
    assert database.query("SELECT nspname FROM pg_namespace WHERE nspname IN ('governed', 'immuta_system')") == []


def changed(configuration: str) -> str:
    """Every policy and profile that a user could notice, in another form."""
    for old, new in (
        ('value = "hidden"', 'value = "gone"'),
        ("keep_last = 4", "keep_last = 2"),
        ('value = "listed"', 'value = "other"'),
        ('["analysts", "hr"]', '["analysts", "hr", "more"]'),
        ("territory IS NOT NULL", "territory <> ''"),
    ):
        assert old in configuration
        configuration = configuration.replace(old, new)
    return configuration


def cut_off(
    database: Database,
    workspace: Workspace,
    victim: Callable[[Process], int | None],
    chance: random.Random,
    command: str,
) -> bool:
    """Kill a process of a command some time after its first transaction; whether there was one to kill."""
    before = revision(database)
    state = workspace.folder / "terraform.tfstate"
    kept = state.read_bytes() if state.exists() else b""
    terraform = workspace.start(command, "-no-color", "-input=false", "-auto-approve", "-parallelism=2")
    while terraform.poll() is None and revision(database) == before:
        time.sleep(0.01)
    time.sleep(chance.uniform(0, 0.5))
    pid = victim(terraform) if terraform.poll() is None else None
    if pid is not None:
        os.kill(pid, signal.SIGKILL)
    output, _ = terraform.communicate(timeout=120)
    ended = Run(terraform.returncode, output)
    assert pid is None or not ended, output
    if kept and not state.read_bytes().endswith(b"}\n"):
        state.write_bytes(kept)  # Terraform writes its state in place: killed just then, it leaves an empty file.
    return pid is not None


def provider_of(terraform: Process) -> int | None:
    """The process id of the provider that this terraform runs now."""
    found = subprocess.run(["pgrep", "-P", str(terraform.pid)], capture_output=True, text=True, check=False)
    return int(found.stdout.split()[-1]) if found.stdout else None


def revision(database: Database) -> int:
    """How many transactions have been committed; 0 where nothing is installed."""
    try:
        return int(database.query("SELECT revision + 1 FROM immuta_system.revision")[0][0])
    except redshift_connector.ProgrammingError:
        return 0
