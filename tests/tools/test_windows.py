"""The bundle for Windows, as far as it can be looked at elsewhere."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tools.dist import bundle
from tools.dist.runtime import RuntimeCopyError
from tools.dist.windows import copy_windows_runtime, write_windows_executable
from veil import __version__

PROVIDER = f"terraform-provider-veil_v{__version__}.exe"
INSTALLED = (
    "python.exe",
    "python3.dll",
    "python311.dll",
    "vcruntime140.dll",
    "DLLs/_ssl.pyd",
    "DLLs/_tkinter.pyd",
    "DLLs/tcl86t.dll",
    "Lib/os.py",
    "Lib/idlelib/idle.py",
    "Lib/site-packages/pip/__init__.py",
    "tcl/tcl8.6/init.tcl",
    "include/Python.h",
)
NEEDED = {
    "python.exe",
    "python3.dll",
    "python311.dll",
    "vcruntime140.dll",
    "DLLs/_ssl.pyd",
    "Lib/os.py",
}


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """An interpreter as it is installed on Windows, but for its contents."""
    for name in INSTALLED:
        path = tmp_path / "installed" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")
    return tmp_path / "installed"


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_the_interpreter_is_copied_without_what_the_provider_never_loads(installed: Path, tmp_path: Path) -> None:
    library = copy_windows_runtime(installed, tmp_path / "python")
    assert files(tmp_path / "python") == NEEDED
    assert library == tmp_path / "python" / "Lib" and (library / "site-packages").is_dir()


def test_a_folder_without_an_interpreter_for_windows_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RuntimeCopyError, match=r"holds no python\.exe"):
        copy_windows_runtime(tmp_path, tmp_path / "python")


def test_the_bundle_has_one_file_that_terraform_takes_for_the_provider(
    installed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundle, "copy_packages", lambda folder: [])
    made = tmp_path / "bundle"
    bundle.build_bundle(made, "Windows", "AMD64", installed)
    executables = [name for name in files(made) if "/" not in name and name.endswith(".exe")]
    assert sorted(executables) == [PROVIDER, "veil.exe"]
    # Terraform starts the first file of this beginning, by name.
    assert [name for name in files(made) if name.startswith("terraform-provider-veil")] == [PROVIDER]


@pytest.mark.parametrize("architecture", ["amd64", "arm64"])
def test_an_executable_is_a_program_of_windows_and_names_the_interpreter_beside_it(
    tmp_path: Path, architecture: str
) -> None:
    path = tmp_path / "veil.exe"
    write_windows_executable(path, "import sys; print(sys.argv[1:])", architecture)
    content = path.read_bytes()
    assert content.startswith(b"MZ")
    assert rb"#!<launcher_dir>\python\python.exe -I -B" + b"\nPK" in content
    assert "<launcher_dir>\\".encode("utf-16-le") in content, "the launcher knows what it stands for"
    assert zipfile.is_zipfile(path)
    # What the launcher does: the interpreter runs it, with the arguments that it was given.
    ran = subprocess.run([sys.executable, "-I", "-B", path, "a", "b"], capture_output=True, text=True, check=True)
    assert ran.stdout == "['a', 'b']\n"


def test_an_executable_without_a_launcher_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RuntimeCopyError, match="no launcher for Windows on sparc"):
        write_windows_executable(tmp_path / "veil.exe", "", "sparc")
