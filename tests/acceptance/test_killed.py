"""A process that dies in the middle of an apply leaves what the next apply completes, and never
shows more.
"""

import os
import random
import signal
import subprocess
import time
from collections.abc import Callable

from tests.acceptance import crowd
from tests.acceptance.conftest import Database, header
from tests.acceptance.revision import revision_by
from tests.acceptance.terraform import Run, Workspace
from tests.acceptance.watching import Watcher

Process = subprocess.Popen[str]
Victim = Callable[[Process], int | None]


def test_what_dies_in_the_middle_leaves_what_the_next_apply_completes(database: Database, workspace: Workspace):
    """First apply, change and destroy, each cut off twice and then let through: once the provider
    is killed, once Terraform itself.
    """
    chance = random.Random(2024)
    crowd.prepare(database)
    analyst = Watcher(database, "alice", crowd.QUERIES, pause=0.02)
    ends: list[set[tuple[object, ...]]] = [set()]
    kills = 0
    with analyst.watching():
        for configuration, victims in (
            (crowd.resources(), (provider_of, itself)),
            (changed(crowd.resources()), (itself, provider_of)),
        ):
            workspace.write(header(database, crowd.BASELINE) + configuration)
            kills += sum(cut_off(database, workspace, victim, chance, "apply") for victim in victims)
            done = workspace.apply()
            assert done, done.text
            planned = workspace.plan()
            assert planned.code == 0, planned.text
            ends.append(set(database.query(crowd.QUERIES["listed"], "alice")))
        kills += sum(cut_off(database, workspace, victim, chance, "destroy") for victim in (provider_of, itself))
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


def cut_off(database: Database, workspace: Workspace, victim: Victim, chance: random.Random, command: str) -> bool:
    """Kill a process of a command some time after its first transaction; whether there was one to
    kill.
    """
    state = workspace.folder / "terraform.tfstate"
    kept = state.read_bytes() if state.exists() else b""
    with database.connect() as looking:
        before = revision_by(looking)
        terraform = workspace.start(command, "-no-color", "-input=false", "-auto-approve", "-parallelism=2")
        while terraform.poll() is None and revision_by(looking) == before:
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


def itself(terraform: Process) -> int | None:
    return terraform.pid
