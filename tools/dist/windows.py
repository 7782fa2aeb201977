"""The parts of a bundle that differ on Windows: where an interpreter has its files, and what an
executable is.

Neither needs a compiler. An executable is the launcher that pip puts before every command that it
installs: it looks at what is appended to it for a line `#!` and starts that interpreter with itself
as the program, which Python runs as a zip. `<launcher_dir>` in that line is the folder in which the
launcher lies. Source: "simple_launcher", as it comes with distlib.
"""

import importlib.util
import io
import shutil
import zipfile
from pathlib import Path

from tools.dist.runtime import RuntimeCopyError, left_out

_LAUNCHERS = {"amd64": "t64.exe", "arm64": "t64-arm.exe"}
"""For programs with a console, by architecture."""

_INTERPRETER = r"<launcher_dir>\python\python.exe"
_MADE_AT = (1980, 1, 1, 0, 0, 0)


def copy_windows_runtime(base: Path, folder: Path) -> Path:
    """Copy the interpreter that is installed in `base` into `folder`, an empty one. Returns the
    folder of its library. It finds its parts beside itself wherever it is put. Raises
    RuntimeCopyError.
    """
    if not (base / "python.exe").is_file():
        raise RuntimeCopyError(f"{base} holds no python.exe")
    folder.mkdir(parents=True, exist_ok=True)
    for path in [base / "python.exe", *sorted(base.glob("*.dll"))]:
        shutil.copy2(path, folder / path.name)
    shutil.copytree(base / "DLLs", folder / "DLLs", ignore=_left_out)
    library = folder / "Lib"
    shutil.copytree(base / "Lib", library, ignore=left_out)
    (library / "site-packages").mkdir()
    return library


def write_windows_executable(path: Path, start: str, architecture: str) -> None:
    """An executable beside the folder `python`, which runs `start`. `-I` keeps the caller's PYTHON*
    variables out.
    """
    program = io.BytesIO()
    with zipfile.ZipFile(program, "w") as written:
        written.writestr(zipfile.ZipInfo("__main__.py", _MADE_AT), f"{start}\n")
    path.write_bytes(_launcher(architecture) + f"#!{_INTERPRETER} -I -B\n".encode() + program.getvalue())
    path.chmod(0o755)


def _launcher(architecture: str) -> bytes:
    # pip brings its own copy of distlib, with the launchers.
    pip = importlib.util.find_spec("pip")
    folder = Path(pip.origin or "").parent / "_vendor" / "distlib" if pip is not None else Path()
    path = folder / _LAUNCHERS.get(architecture, "none")
    if not path.is_file():
        raise RuntimeCopyError(f"this pip has no launcher for Windows on {architecture}: {path}")
    return path.read_bytes()


_NEVER_LOADED = ("_tkinter", "tcl", "tk", "_test", "_ctypes_test", "sqlite3", "_sqlite3", "_msi", "winsound", "xxlimited")


def _left_out(_folder: str, names: list[str]) -> set[str]:
    return {name for name in names if name.startswith(_NEVER_LOADED)}
