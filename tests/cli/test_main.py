"""How the command finds its parts and tells its failures."""

import importlib
import subprocess
import sys
from pathlib import Path

import pytest

from veil import __version__
from veil.cli import main as cli
from veil.cli.errors import CliError


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["--help"])

    assert ended.value.code == 0
    shown = capsys.readouterr().out
    assert all(f"  {name}" in shown for name in cli.COMMANDS)


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_every_command_has_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main([name, "--help"])

    assert ended.value.code == 0
    assert f"veil {name}" in capsys.readouterr().out


def test_an_unknown_command_is_refused_and_the_known_ones_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["frobnicate"])

    assert ended.value.code == 2
    assert "quickstart" in capsys.readouterr().err


@pytest.mark.parametrize(
    "misspelt, meant",
    [(["doctr"], "doctor"), (["explain", "--usr", "x"], "--user"), (["doctor", "--engine", "locla"], "local")],
)
def test_what_is_misspelt_is_answered_with_what_was_meant(
    misspelt: list[str], meant: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main([*misspelt, "--user", "u", "--table", "t"] if misspelt[0] == "explain" else misspelt)

    assert ended.value.code == 2
    assert capsys.readouterr().err.endswith(f"Did you mean {meant}?\n")


@pytest.mark.parametrize("option", ["--version", "-V"])
def test_the_version_is_an_option_too(option: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([option]) == 0
    assert f"veil {__version__}" in capsys.readouterr().out


def test_version_prints_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["version"]) == 0
    assert f"veil {__version__}" in capsys.readouterr().out


def test_a_refusal_is_told_without_a_stack_trace(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_command: str, _arguments: object) -> int:
        raise CliError("No engine", "Run: veil local up")

    monkeypatch.setattr(cli, "run", refuse)

    assert cli.main(["version"]) == 1
    assert capsys.readouterr().err == "veil: No engine\n  Run: veil local up\n"


def test_a_bug_is_told_as_a_bug_in_no_words_of_python(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_command: str, _arguments: object) -> int:
        raise TypeError("oops")

    monkeypatch.setattr(cli, "run", fail)
    monkeypatch.delenv("VEIL_DEBUG", raising=False)

    assert cli.main(["version"]) == 1
    assert capsys.readouterr().err == (
        "veil: This is a bug in veil\n  Set VEIL_DEBUG=1 to see where it happened, and please report it with that.\n"
    )

    monkeypatch.setenv("VEIL_DEBUG", "1")
    assert cli.main(["version"]) == 1
    assert "TypeError: oops" in capsys.readouterr().err


def test_the_command_starts_without_what_only_the_provider_needs() -> None:
    heavy = ("grpc", "pydantic", "sqlglot", "redshift_connector", "rich")
    code = f"import sys, veil.cli.main; print([each for each in {heavy!r} if each in sys.modules])"

    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert shown.stdout.strip() == "[]"


def test_the_installed_command_is_this_one() -> None:
    project = (Path(__file__).parents[2] / "pyproject.toml").read_text()
    assert 'veil = "veil.cli.main:main"' in project
    assert callable(importlib.import_module("veil.cli.main").main)
