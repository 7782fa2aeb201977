"""How the embedded engine is signed in to."""

import json
from pathlib import Path

import pytest

from veil.plugin import PluginError
from veil.resources.local_engine import is_up, local_settings

ADDRESS = {"host": "127.0.0.1", "port": 5439, "database": "analytics", "username": "awsuser", "password": "Admin-1"}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("VEIL_LOCAL_DIR", str(tmp_path))
    return tmp_path


def test_without_a_username_it_is_the_engines_administrator(folder: Path):
    assert not is_up()
    (folder / "address.json").write_text(json.dumps(ADDRESS), encoding="utf-8")
    assert is_up()
    found = local_settings(None, 60, "veil", password="of another engine")
    assert (found.username, found.password, found.database) == ("awsuser", "Admin-1", "analytics")


def test_a_user_that_is_given_signs_in_with_the_password_that_is_given(folder: Path):
    (folder / "address.json").write_text(json.dumps(ADDRESS), encoding="utf-8")
    found = local_settings("other", 60, "veil", username="veil", password="Of-Veil-1")
    assert (found.username, found.password, found.database) == ("veil", "Of-Veil-1", "other")


def test_a_username_alone_is_the_clusters_and_the_administrator_signs_in(folder: Path):
    (folder / "address.json").write_text(json.dumps(ADDRESS), encoding="utf-8")
    found = local_settings(None, 60, "veil", username="veil")
    assert (found.username, found.password) == ("awsuser", "Admin-1")


def test_an_engine_that_does_not_run_is_told_with_the_command_that_starts_it(folder: Path):
    with pytest.raises(PluginError) as refused:
        local_settings(None, 60, "veil")
    (told,) = refused.value.diagnostics
    assert told.summary == "The embedded engine is not running"
    assert str(folder) in told.detail and "veil local up" in told.detail
