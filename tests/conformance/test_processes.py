"""Terraform starts the provider itself: handshake, encryption, interrupts, sudden death."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.plugin.server.flood import flooding
from veil.plugin.testing import Terraform

from .installed import HEAD, install


@pytest.fixture
def terraform(tmp_path: Path) -> Terraform:
    return install(tmp_path)


def notes(terraform: Terraform) -> list[str]:
    path = Path(terraform.environment["SLOW_NOTES"])
    return path.read_text().splitlines() if path.exists() else []


def until(condition: object, seconds: float = 120) -> bool:
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:  # type: ignore[operator]
        time.sleep(0.02)
    return bool(condition())  # type: ignore[operator]


def test_a_resource_lives_from_apply_to_destroy(terraform: Terraform) -> None:
    terraform.write(HEAD + 'resource "slow_thing" "a" {}')
    applied = terraform.apply()
    assert applied.status == 0, applied.output
    assert terraform.attributes()["slow_thing.a"] == {"id": "home", "wait": False}
    assert terraform.plan().status == 0
    assert terraform.destroy().status == 0
    assert notes(terraform)[-1] == "close"


def test_it_works_without_encryption_too(terraform: Terraform) -> None:
    terraform.write(HEAD + 'resource "slow_thing" "a" {}')
    terraform.environment["TF_DISABLE_PLUGIN_TLS"] = "1"
    assert terraform.apply().status == 0


def test_terraform_gets_in_while_other_processes_of_the_user_flood_the_socket(terraform: Terraform) -> None:
    terraform.write(HEAD + 'resource "slow_thing" "a" {}')
    with TemporaryDirectory(dir="/tmp") as sockets, flooding(Path(sockets)) as flood:
        terraform.environment["TMPDIR"] = sockets
        # A process of the provider for the schema, one to validate, one to plan.
        planned = terraform.plan()
        assert planned.status == 2, planned.output
        flood.rise(3)


def test_configurations_of_one_provider_do_not_mix(terraform: Terraform) -> None:
    terraform.write(
        HEAD
        + 'provider "slow" {\n region = "east"\n}\nprovider "slow" {\n alias = "w"\n region = "west"\n}\n'
        + 'resource "slow_thing" "e" {}\nresource "slow_thing" "w" { provider = slow.w }'
    )
    assert terraform.apply().status == 0
    assert {name: item["id"] for name, item in terraform.attributes().items()} == {
        "slow_thing.e": "east",
        "slow_thing.w": "west",
    }


def test_the_log_shows_what_the_provider_does(terraform: Terraform) -> None:
    terraform.write(HEAD + 'resource "slow_thing" "a" {}')
    log = terraform.folder / "log"
    terraform.environment |= {"TF_LOG_PROVIDER": "TRACE", "TF_LOG_PATH": str(log)}
    assert terraform.apply().status == 0
    assert "tf_rpc=ApplyResourceChange" in log.read_text()
    assert "unexpected data" not in log.read_text()


@contextmanager
def applying(terraform: Terraform) -> Iterator[subprocess.Popen[bytes]]:
    """An apply whose create is under way, in a process group of its own, as in a terminal."""
    terraform.write(HEAD + 'resource "slow_thing" "a" { wait = true }')
    process = subprocess.Popen(
        ["terraform", "apply", "-auto-approve", "-input=false", "-no-color"],
        cwd=terraform.folder,
        env={**os.environ, **terraform.environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        assert until(lambda: any(line.startswith("create") for line in notes(terraform)))
        yield process
    finally:
        process.kill()
        process.communicate()


def test_an_interrupt_cancels_what_is_under_way(terraform: Terraform) -> None:
    with applying(terraform) as process:
        # Ctrl-C in a terminal reaches Terraform and the provider alike.
        os.killpg(process.pid, signal.SIGINT)
        output = process.communicate(timeout=120)[0].decode()
        assert process.returncode == 1
        assert "The user has interrupted this." in output
        assert "Plugin did not respond" not in output
        assert "stop" in notes(terraform)
        assert terraform.state()["resources"] == []


def test_a_provider_does_not_outlive_a_terraform_that_is_killed(terraform: Terraform) -> None:
    with applying(terraform) as process:
        pid = int(next(line for line in notes(terraform) if line.startswith("create")).split()[1])
        process.kill()
        assert until(lambda: not _alive(pid))


def _alive(pid: int) -> bool:
    # In a container nobody may reap orphans: a zombie has ended.
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
