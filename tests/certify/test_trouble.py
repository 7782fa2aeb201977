"""Runs that are killed in the middle, runs of accounts that may not do all of it, and runs over
what others made.
"""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from tests.certify.test_run import LEFT, Ask, certify
from tests.engine import connect as connect_driver
from veil.certify import ForeignListError, OccupiedError, clean
from veil.certify.scratch import Scratch
from veil.cli import certify as command
from veil.cli.main import main
from veil.governance import Governance, requests
from veil.local import Engine
from veil.model import Integration, Profile, Purpose
from veil.warehouse import Settings, connect

PASSWORD = "Only-For-Tests-1"

LOOK_ALIKES = (
    "CREATE SCHEMA veil_certify_2",
    "CREATE SCHEMA vc0a1b2c3d_src",
    "CREATE TABLE vc0a1b2c3d_src.t0 (a INTEGER)",
    f"CREATE USER vc0a1b2c3d_ann PASSWORD '{PASSWORD}'",
    "CREATE GROUP vc0a1b2c3d_actors",
)
"""What somebody else may have, under names that are like those of runs, and that no run listed."""
REMOVED_AGAIN = (
    "DROP SCHEMA veil_certify_2",
    "DROP SCHEMA vc0a1b2c3d_src CASCADE",
    "DROP USER vc0a1b2c3d_ann",
    "DROP GROUP vc0a1b2c3d_actors",
)
THEIRS = {"vc0a1b2c3d_src", "vc0a1b2c3d_ann", "vc0a1b2c3d_actors"}
"""Those of them that LEFT shows."""

USERS_MADE = "SELECT 1 FROM pg_catalog.pg_user WHERE usename LIKE 'vc%' AND usename LIKE '%eve'"
DATABASE_MADE = "SELECT 1 FROM pg_catalog.pg_database WHERE datname LIKE 'vc%' AND datname LIKE '%other'"
VIEWS_MADE = "SELECT 1 FROM pg_catalog.pg_views WHERE schemaname LIKE 'vc%' AND schemaname LIKE '%views'"


@pytest.fixture
def look_alikes(settings: Settings) -> Iterator[None]:
    with connect(settings) as session:
        for each in LOOK_ALIKES:
            session.execute(each)
        yield
        for each in REMOVED_AGAIN:
            session.execute(each)


@pytest.fixture
def account(engine: Engine, settings: Settings) -> Iterator[Callable[..., Settings]]:
    """Makes an account that may do no more than it is granted in the database of this test."""
    address = engine.address()
    assert address is not None
    made: list[str] = []
    with connect_driver(address, database=settings.database) as admin, admin.cursor() as cursor:

        def make(name: str, *granted: str) -> Settings:
            made.append(name)
            cursor.execute(f"CREATE USER {name} PASSWORD '{PASSWORD}'")
            for privilege in granted:
                cursor.execute(f"GRANT {privilege} TO {name}")
            return replace(settings, username=name, password=PASSWORD)

        yield make


def signed_in(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> tuple[str, ...]:
    """The command's options for these settings."""
    assert settings.password is not None
    monkeypatch.setenv("REDSHIFT_PASSWORD", settings.password)
    return ("--host", settings.host, "--port", str(settings.port), "--database", settings.database,
            "--username", settings.username, "--no-ssl")  # fmt: skip


def kill_once(asked: Ask, there: str, *options: str, only: str = "masks") -> None:
    """Run `veil certify` and kill it, so that it can do nothing more, once the query gives
    something.
    """
    command_line = [sys.executable, "-m", "veil.cli.main", "certify", "--quick", "--only", only, *options]
    running = subprocess.Popen(command_line, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        while not asked(there):
            assert running.poll() is None, running.stdout and running.stdout.read()
            time.sleep(0.05)
        running.send_signal(signal.SIGKILL)
    finally:
        running.kill()
        running.communicate()


@contextmanager
def their_integration(settings: Settings) -> Iterator[Governance]:
    """An integration that somebody uses, with something governed."""
    with connect(settings) as session:
        session.execute("CREATE SCHEMA governed")
    governance = Governance(settings.database, lambda: connect(settings))
    try:
        governance.install(Integration("theirs", settings.database, "governed"))
        governance.submit(
            requests.Batch((requests.Create(Purpose("theirs", "I mean it.")), requests.Create(Profile("somebody"))))
        )
        yield governance
    finally:
        governance.close()


@pytest.mark.parametrize(
    ("there", "only"),
    [(USERS_MADE, "masks"), (VIEWS_MADE, "masks"), (DATABASE_MADE, "elsewhere")],
    ids=["scratch users are made", "views are made", "a database is made"],
)
def test_what_a_killed_run_left_is_listed_and_cleaning_removes_it_and_nothing_else(
    there: str,
    only: str,
    settings: Settings,
    asked: Ask,
    look_alikes: None,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path,
    capsys: pytest.CaptureFixture[str],
):
    options = signed_in(settings, monkeypatch)
    kill_once(asked, there, "--report", str(tmp_path / "report"), *options, only=only)
    left = {str(name) for (name,) in asked(LEFT)}
    listed = {str(name) for (name,) in asked("SELECT name FROM veil_certify.scratch")}
    assert left - THEIRS - {"veil_certify"}
    assert left - THEIRS - {"veil_certify"} <= listed
    assert not listed & THEIRS
    assert command.main(["--clean", *options]) == 0
    told = capsys.readouterr().out
    assert told.startswith("Removed: vc")
    assert all(name in told for name in left - THEIRS - {"veil_certify"})
    assert not [name for name in THEIRS if name in told]
    assert {str(name) for (name,) in asked(LEFT)} == THEIRS
    assert asked("SELECT a FROM vc0a1b2c3d_src.t0") == []


def test_a_database_that_somebody_else_owns_stays_though_it_is_listed(
    settings: Settings, account: Callable[..., Settings]
):
    account("landlord")
    with connect(settings) as session:
        killed = Scratch(session)
        killed.begin()
        name = killed.database("other")
        session.execute(f"ALTER DATABASE {name} OWNER TO landlord")
        found = clean(session, force=True)
        assert found.left == (f"database {name}: it is not this account's",)
        session.execute(f"ALTER DATABASE {name} OWNER TO {settings.username}")
        assert clean(session, force=True).left == ()


def test_the_run_after_a_killed_one_removes_what_that_left_and_certifies(
    settings: Settings, asked: Ask, look_alikes: None, monkeypatch: pytest.MonkeyPatch, tmp_path
):
    kill_once(asked, VIEWS_MADE, "--report", str(tmp_path / "report"), *signed_in(settings, monkeypatch))
    with connect(settings) as session:
        session.execute("UPDATE veil_certify.scratch SET made_at = DATEADD(hour, -1, made_at)")
    report = certify(settings, "installation")
    assert report.differences == []
    assert report.certified
    assert {str(name) for (name,) in asked(LEFT)} == THEIRS


def test_a_database_with_an_integration_is_refused_and_the_integration_is_left_as_it_was(
    settings: Settings, asked: Ask
):
    with their_integration(settings) as governance:
        before = set(governance.require().stored)
        assert len(before) == 3
        with pytest.raises(OccupiedError, match="Make another database"):
            certify(settings, "masks")
        governance.reload()
        assert set(governance.require().stored) == before
    assert asked(LEFT) == []


def test_an_integration_that_is_made_while_a_run_prepares_is_left_as_it_was(
    settings: Settings, asked: Ask, monkeypatch: pytest.MonkeyPatch
):
    with their_integration(settings) as governance:
        before = set(governance.require().stored)
        module = sys.modules["veil.certify.run"]  # the package has the function of that name
        monkeypatch.setattr(module, "_require_no_integration", lambda settings, log: None)
        report = certify(settings, "masks")
        assert not report.certified
        governance.reload()
        assert set(governance.require().stored) == before
    assert asked(LEFT) == []


@pytest.mark.parametrize(
    ("name", "granted"),
    [
        ("without_create", ()),
        ("without_create_user", ("CREATE ON DATABASE {database}",)),
    ],
)
def test_an_account_that_lacks_a_right_is_told_in_words_and_leaves_nothing(
    name: str,
    granted: tuple[str, ...],
    settings: Settings,
    asked: Ask,
    account: Callable[..., Settings],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path,
    capsys: pytest.CaptureFixture[str],
):
    poor = account(name, *(each.format(database=settings.database) for each in granted))
    report = tmp_path / "report"
    code = main(["certify", "--quick", "--report", str(report), *signed_in(poor, monkeypatch)])
    told = capsys.readouterr().err
    assert code == 1
    assert "permission denied" in told
    assert "Traceback" not in told
    assert "Sign in as a superuser" in told
    assert "bootstrap-sql" not in told  # That is for the provider's account, which needs less.
    assert not report.with_suffix(".md").exists()
    assert asked(LEFT) == []


def test_an_account_may_not_clean_what_another_one_listed(
    settings: Settings, asked: Ask, account: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch, tmp_path
):
    kill_once(asked, USERS_MADE, "--report", str(tmp_path / "report"), *signed_in(settings, monkeypatch))
    left = set(asked(LEFT))
    other = account("another_account", f"CREATE ON DATABASE {settings.database}")
    with pytest.raises(ForeignListError, match="Sign in as the account that ran before"):
        command.main(["--clean", *signed_in(other, monkeypatch)])
    assert set(asked(LEFT)) == left
    assert command.main(["--clean", *signed_in(settings, monkeypatch)]) == 0
    assert asked(LEFT) == []
