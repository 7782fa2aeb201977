"""Starting, stopping and wiping an engine, from Python and from the command line."""

from __future__ import annotations

import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.engine import connect
from veil.cli.local import NOT_RUNNING, main
from veil.local import Engine, EngineError
from veil.local.address import Address
from veil.local.cluster.binaries import installation
from veil.local.lock import Lock


def quiet(line: str) -> None:
    """Progress that nobody reads."""


@pytest.fixture(scope="module")
def own() -> Iterator[Engine]:
    """An engine that these tests may stop; its folder has a long name, longer than a socket's path
    may be.
    """
    directory = Path(tempfile.mkdtemp(prefix="veil-test-"))
    found = Engine(directory / ("long" * 30) / "local")
    yield found
    found.reset()
    shutil.rmtree(directory)


def alive(pid: int) -> bool:
    """True for a process that runs; one that has ended and waits for its parent to notice does
    not.
    """
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout
    return bool(state) and not state.startswith("Z")


def ends(pid: int) -> bool:
    """Waits for a process that is about to end."""
    for _ in range(500):
        if not alive(pid):
            return True
        time.sleep(0.01)
    return False


def run(engine: Engine, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "veil.cli.local", "--directory", str(engine.directory), *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_an_engine_that_was_never_started_has_no_address_and_stops_without_complaint(tmp_path: Path) -> None:
    engine = Engine(tmp_path / "nothing")
    assert engine.address() is None
    assert not engine.status().running
    engine.down()
    engine.reset()
    assert not (tmp_path / "nothing").exists()


def test_up_is_idempotent(own: Engine) -> None:
    first = own.up(progress=quiet)
    assert own.up(progress=quiet) == first


def test_the_address_file_says_how_to_sign_in_and_only_its_owner_may_read_it(own: Engine) -> None:
    address = own.up(progress=quiet)
    path = own.directory / "address.json"
    assert set(json.loads(path.read_text())) == {"host", "port", "database", "username", "password", "pid", "version"}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(own.directory.stat().st_mode) == 0o700
    assert (address.host, address.database, address.username) == ("127.0.0.1", "analytics", "awsuser")
    assert address.password not in repr(address)


def test_the_status_for_programs_says_where_the_engine_is_and_not_its_password(own: Engine) -> None:
    address = own.up(progress=quiet)
    shown = run(own, "status", "--json")
    assert json.loads(shown.stdout) == {
        "state": "running",
        "folder": str(own.directory),
        "host": address.host,
        "port": address.port,
        "database": address.database,
        "user": address.username,
        "password_file": str(own.directory / "address.json"),
        "process": address.pid,
    }
    assert address.password not in shown.stdout + run(own, "status").stdout


def test_the_engine_survives_the_process_that_started_it_and_keeps_none_of_its_streams(own: Engine) -> None:
    own.down()
    # The pipes would stay open, and this call would hang, if the engine had inherited them.
    done = run(own, "up")
    assert done.returncode == 0, done.stderr
    address = own.address()
    assert address is not None and alive(address.pid)
    assert os.getsid(address.pid) == address.pid


def test_data_survives_down_and_up_but_not_reset(own: Engine) -> None:
    with connect(own.up(progress=quiet)) as connection:
        connection.cursor().execute("CREATE TABLE IF NOT EXISTS kept (id INTEGER)")
    own.down()
    assert own.address() is None
    with connect(own.up(progress=quiet)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM kept")
        assert cursor.fetchone()[0] == 0
    own.reset()
    assert own.address() is None
    with connect(own.up(progress=quiet)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM svv_tables WHERE table_name = 'kept'")
        assert cursor.fetchone()[0] == 0


def test_two_that_start_it_at_once_get_the_same_engine(own: Engine) -> None:
    own.down()
    with ThreadPoolExecutor(4) as pool:
        addresses = set(pool.map(lambda _: Engine(own.directory).up(progress=quiet), range(4)))
    assert len(addresses) == 1


def test_an_engine_whose_gateway_was_killed_starts_again_with_its_data(own: Engine) -> None:
    address = own.up(progress=quiet)
    with connect(address) as connection:
        connection.cursor().execute("CREATE TABLE IF NOT EXISTS before_the_kill (id INTEGER)")
    os.kill(address.pid, signal.SIGKILL)
    while Lock(own.directory / "running.lock").is_held_elsewhere():
        pass
    assert own.address() is None
    again = own.up(progress=quiet)
    assert again.pid != address.pid
    with connect(again) as connection:
        connection.cursor().execute("SELECT id FROM before_the_kill")


def test_down_leaves_no_process_and_no_runtime_folder(own: Engine) -> None:
    address = own.up(progress=quiet)
    runtime = Path((own.directory / "runtime").read_text())
    server = int((own.directory / "data" / "postmaster.pid").read_text().splitlines()[0])
    own.down()
    assert ends(address.pid)
    assert ends(server)
    assert not runtime.exists()
    assert not (own.directory / "address.json").exists()


def test_the_server_has_no_tcp_port_and_does_not_run_as_root(own: Engine) -> None:
    own.up(progress=quiet)
    lines = (own.directory / "data" / "postmaster.pid").read_text().splitlines()
    assert lines[5] == ""  # where PostgreSQL notes the address it listens on
    found = subprocess.run(["ps", "-o", "user=", "-p", lines[0]], capture_output=True, text=True, check=True)
    assert found.stdout.strip() != "root"


def test_a_port_that_is_taken_is_told_with_its_number(own: Engine, tmp_path: Path) -> None:
    taken = own.up(progress=quiet).port
    other = Engine(tmp_path / "other")
    with pytest.raises(EngineError, match=f"Port {taken}"):
        other.up(progress=quiet, port=taken)
    other.reset()


def test_a_folder_that_cannot_be_one_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(EngineError, match="cannot be used"):
        Engine(tmp_path / "file" / "local").up(progress=quiet)


def test_an_unreadable_address_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "address.json").write_text('{"host": 1}')
    with pytest.raises(EngineError, match="not a readable address"):
        Address.read(tmp_path)


def test_windows_is_refused_with_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    with pytest.raises(EngineError, match="WSL"):
        Engine(tmp_path / "local").up(progress=quiet)


def test_status_says_whether_it_runs_by_its_exit_code_too(own: Engine) -> None:
    address = own.up(progress=quiet)
    done = run(own, "status")
    assert done.returncode == 0
    assert str(address.port) in done.stdout
    assert address.password not in done.stdout
    own.down()
    assert run(own, "status").returncode == NOT_RUNNING


def test_psql_signs_the_administrator_in_and_passes_arguments_on(own: Engine) -> None:
    own.up(progress=quiet)
    done = run(own, "psql", "-d", "dev", "-A", "-t", "-c", "SELECT current_user, current_database()")
    assert done.stdout.splitlines()[-1] == "awsuser|dev", done.stderr


def test_psql_without_an_engine_says_what_to_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--directory", str(tmp_path / "none"), "psql"]) == 1
    assert "veil local up" in capsys.readouterr().err


def test_unknown_arguments_are_refused_where_they_mean_nothing(tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as error:
        main(["--directory", str(tmp_path), "status", "--nonsense"])
    assert error.value.code == 2


@pytest.mark.skipif(os.geteuid() != 0, reason="only root lends the server another user")
def test_root_can_use_a_wheel_that_only_root_can_reach(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    wheel = installation().parent
    shutil.copytree(wheel, closed / wheel.name)
    shutil.copytree(wheel.parent / f"{wheel.name}.libs", closed / f"{wheel.name}.libs")
    monkeypatch.setenv("PYTHONPATH", str(closed))
    modes = [parent.stat().st_mode for parent in closed.parents]
    engine = Engine(tmp_path / "local")
    with connect(engine.up(progress=quiet)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT NVL(NULL, 1)")
        assert cursor.fetchone()[0] == 1
    server = (engine.directory / "data" / "postmaster.pid").read_text().splitlines()[0]
    program = Path(f"/proc/{server}/exe").resolve()
    assert closed not in program.parents
    assert [parent.stat().st_mode for parent in closed.parents] == modes
    engine.reset()
    assert not program.exists()
