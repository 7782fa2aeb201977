"""The launcher, and where it is put."""

import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from veil import __version__
from veil.cli import main as cli
from veil.cli.errors import CliError
from veil.cli.install import install, mirror_configuration
from veil.cli.launcher import launcher_name, launcher_text, this_platform


def test_the_launcher_is_put_where_each_registry_is_mirrored(tmp_path: Path) -> None:
    installed = install(tmp_path)

    target = this_platform()
    expected = {
        tmp_path / host / "veil-data" / "veil" / __version__ / target
        for host in ("registry.terraform.io", "registry.opentofu.org")
    }
    assert {folder for folder, _ in installed} == expected
    for folder in expected:
        assert [each.name for each in folder.iterdir()] == [f"terraform-provider-veil_v{__version__}"]
        assert os.access(folder / launcher_name(), os.X_OK)


def test_installing_again_leaves_the_launcher_alone(tmp_path: Path) -> None:
    install(tmp_path)

    assert [written for _, written in install(tmp_path)] == [False, False]


def test_a_launcher_of_another_environment_is_replaced(tmp_path: Path) -> None:
    folder = install(tmp_path)[0][0]
    (folder / launcher_name()).write_text("#!/bin/sh\nexec /gone/python\n")

    install(tmp_path)

    assert (folder / launcher_name()).read_text() == launcher_text()


def test_without_a_folder_it_goes_to_the_home_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))

    assert cli.main(["install"]) == 0

    assert list((tmp_path / ".terraform.d" / "plugins").rglob(launcher_name()))
    shown = capsys.readouterr().out
    assert "required_providers" in shown
    assert "provider_installation" not in shown


def test_with_a_folder_it_prints_the_configuration_of_the_mirror(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["install", "--dir", str(tmp_path / "mirror")]) == 0
    assert mirror_configuration(tmp_path / "mirror") in capsys.readouterr().out


def test_a_folder_that_cannot_be_made_is_one_clear_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("")

    assert cli.main(["install", "--dir", str(tmp_path / "file" / "mirror")]) == 1
    told = capsys.readouterr().err
    assert "The launcher could not be written" in told
    assert "Traceback" not in told


def test_the_launcher_starts_the_provider_and_writes_nothing_beside_itself(tmp_path: Path) -> None:
    folder = install(tmp_path / "a 'quoted' folder")[0][0]

    # Without Terraform's magic cookie the provider says what it is and ends.
    ended = subprocess.run([folder / launcher_name()], capture_output=True, text=True, check=False, timeout=60)

    assert ended.returncode == 1
    assert "Terraform" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert [each.name for each in folder.iterdir()] == [launcher_name()]


def test_the_launcher_ignores_python_settings_of_the_caller(tmp_path: Path) -> None:
    (tmp_path / "veil").mkdir()
    (tmp_path / "veil" / "__init__.py").write_text("raise SystemExit('the wrong veil')")
    folder = install(tmp_path / "mirror")[0][0]

    ended = subprocess.run(
        [folder / launcher_name()],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
    )

    assert "the wrong veil" not in ended.stderr
    assert "Terraform" in ended.stderr


def test_an_interpreter_with_a_blank_and_a_quote_in_its_path_can_be_launched(tmp_path: Path) -> None:
    folder = tmp_path / "it's here"
    folder.mkdir()
    interpreter = folder / "python"
    interpreter.symlink_to(shutil.which("echo") or "/bin/echo")
    script = tmp_path / "launcher"
    script.write_text(launcher_text(str(interpreter)))

    shown = subprocess.run(["/bin/sh", str(script), "--debug"], capture_output=True, text=True, check=True)

    assert shown.stdout == "-I -c from veil.resources.serve import main; main() --debug\n"


def test_a_platform_that_terraform_does_not_know_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "system", lambda: "Windows")

    with pytest.raises(CliError, match="WSL"):
        this_platform()


def test_the_platform_is_spelled_as_terraform_spells_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for system, machine, expected in (
        ("Linux", "x86_64", "linux_amd64"),
        ("Linux", "aarch64", "linux_arm64"),
        ("Darwin", "arm64", "darwin_arm64"),
    ):
        monkeypatch.setattr(platform, "system", lambda system=system: system)
        monkeypatch.setattr(platform, "machine", lambda machine=machine: machine)
        assert this_platform() == expected


def test_the_interpreter_is_that_of_this_environment() -> None:
    assert sys.executable in launcher_text()
