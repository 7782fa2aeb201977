"""`veil certify`: what it prints, what it writes, and its exit codes."""

import json
from pathlib import Path

import pytest

from tests.certify.conftest import new_database
from tests.engine import engine
from veil.certify.worlds import how_many
from veil.cli import certify
from veil.local import Engine
from veil.warehouse import WarehouseError

__all__ = ["engine"]


@pytest.fixture
def database(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> tuple[str, ...]:
    settings = new_database(engine)
    assert settings.password is not None
    monkeypatch.setenv("REDSHIFT_PASSWORD", settings.password)
    return ("--host", settings.host, "--port", str(settings.port), "--database", settings.database,
            "--username", settings.username, "--no-ssl")  # fmt: skip


def test_it_says_how_long_it_takes_and_writes_one_report(
    database: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    assert certify.main(["--quick", "--only", "masks", "--report", str(tmp_path / "found"), *database]) == 0
    told = capsys.readouterr().out
    assert told.startswith("A guess, as nobody has run it on a cluster yet: about 2 minutes")
    assert "Certified: PostgreSQL 8.0.2" in told
    assert "every mask on every type, compared with the interpreter" in told
    report = json.loads((tmp_path / "found.json").read_text(encoding="utf-8"))
    assert report["certified"] is True
    assert (tmp_path / "found.md").read_text(encoding="utf-8").startswith("# veil ")


def test_cleaning_says_what_it_removed(database: tuple[str, ...], capsys: pytest.CaptureFixture[str]):
    assert certify.main(["--clean", *database]) == 0
    assert capsys.readouterr().out == "Removed: nothing, for nothing was left.\n"


def test_a_dry_run_prints_every_statement_and_no_password(capsys: pytest.CaptureFixture[str]):
    assert certify.main(["--dry-run", "--quick", "--only", "costs"]) == 0
    printed = capsys.readouterr().out
    assert "CREATE SCHEMA" in printed and "CREATE OR REPLACE PROCEDURE" in printed and "EXPLAIN SELECT" in printed
    assert "PASSWORD '…'" in printed
    assert "PASSWORD 'Aa1" not in printed


def test_a_dry_run_prints_what_is_sent_about_an_external_table(capsys: pytest.CaptureFixture[str]):
    assert certify.main(["--dry-run", "--quick", "--only", "spectrum"]) == 0
    printed = capsys.readouterr().out
    for each in ("CREATE EXTERNAL SCHEMA", "GRANT USAGE ON SCHEMA", '_lake"."people"', "WITH NO SCHEMA BINDING"):
        assert each in printed, each


@pytest.mark.parametrize("name", ["customers", "a.b.c", ""])
def test_an_external_table_is_named_with_its_schema(name: str, capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit, match="2"):
        certify.main(["--external-table", name])
    assert "is no name of a table such as lake.customers" in capsys.readouterr().err


@pytest.mark.parametrize("number", [str(how_many() + 1), "-1", "many"])
def test_more_worlds_than_are_recorded_are_refused_with_how_many_there_are(
    number: str, capsys: pytest.CaptureFixture[str]
):
    with pytest.raises(SystemExit, match="2"):
        certify.main([f"--worlds={number}"])
    assert f"from 0 to {how_many()}: so many are recorded" in capsys.readouterr().err


def test_a_warehouse_that_cannot_be_reached_is_an_error_in_words(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("REDSHIFT_PASSWORD", "x")
    with pytest.raises(WarehouseError):
        certify.main(["--host", "127.0.0.1", "--port", "1", "--database", "d", "--username", "u", "--no-ssl"])
