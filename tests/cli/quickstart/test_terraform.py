"""How terraform is found and run. The scripts here stand for programs that cannot be had: too old,
broken, failing.
"""

from pathlib import Path

import pytest

from veil.cli.errors import CliError
from veil.cli.quickstart.place import Place
from veil.cli.quickstart.terraform import Terraform, find_terraform


@pytest.fixture
def place(tmp_path: Path) -> Place:
    configuration = tmp_path / "configuration"
    configuration.mkdir()
    return Place(tmp_path / "made", configuration)


def program(folder: Path, name: str, script: str) -> str:
    """An executable shell script."""
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return str(path)


def test_without_terraform_and_tofu_it_says_where_to_get_them(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(place.configuration))

    with pytest.raises(CliError) as refused:
        find_terraform(place)

    assert "https://developer.hashicorp.com/terraform/install" in refused.value.detail
    assert "https://opentofu.org" in refused.value.detail


def test_tofu_is_used_where_there_is_no_terraform(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(tmp_path, "tofu", "exit 0")
    monkeypatch.setenv("PATH", str(tmp_path))

    assert find_terraform(place).name == "tofu"


def test_a_terraform_that_is_too_old_is_refused(place: Place, tmp_path: Path) -> None:
    old = program(tmp_path, "terraform", """echo '{"terraform_version": "1.5.7"}'""")

    with pytest.raises(CliError, match=r"1\.5\.7 is too old"):
        Terraform(place, old).version()


def test_a_development_version_is_understood(place: Place, tmp_path: Path) -> None:
    new = program(tmp_path, "terraform", """echo '{"terraform_version": "1.16.0-dev"}'""")

    assert Terraform(place, new).version() == "1.16.0-dev"


def test_a_terraform_that_does_not_run_is_one_clear_error(place: Place, tmp_path: Path) -> None:
    broken = program(tmp_path, "terraform", "echo no such library >&2; exit 127")

    with pytest.raises(CliError, match="no such library"):
        Terraform(place, broken).version()


def test_chosen_lines_are_said_and_all_of_them_kept(place: Place, tmp_path: Path) -> None:
    talking = program(tmp_path, "terraform", "echo Plan: 1 to add; echo noise")
    said: list[str] = []

    code = Terraform(place, talking).run("plan", say=said.append, shows=lambda line: line.startswith("Plan"))

    assert code == 0
    assert said == ["Plan: 1 to add"]
    assert (place.logs / "plan.txt").read_text() == "Plan: 1 to add\nnoise\n"


def test_a_failure_shows_the_errors_and_where_the_whole_output_is(place: Place, tmp_path: Path) -> None:
    failing = program(tmp_path, "terraform", "echo a long plan; echo Error: no; echo why; exit 1")

    with pytest.raises(CliError) as refused:
        Terraform(place, failing).run("plan", say=print, shows=lambda _line: False)

    assert "plan failed (exit code 1)" in refused.value.summary
    assert refused.value.detail.startswith("Error: no\nwhy\n")
    assert "plan.txt" in refused.value.detail


def test_the_callers_terraform_settings_do_not_steer_the_quickstart(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TF_CLI_ARGS_apply", "-destroy")
    monkeypatch.setenv("TF_WORKSPACE", "production")
    monkeypatch.setenv("TF_CLI_CONFIG_FILE", "/elsewhere")
    monkeypatch.setenv("TF_LOG", "TRACE")

    environment = place.environment()

    assert "TF_CLI_ARGS_apply" not in environment
    assert "TF_WORKSPACE" not in environment
    assert environment["TF_CLI_CONFIG_FILE"] == str(place.cli_configuration)
    assert environment["TF_LOG"] == "TRACE"
