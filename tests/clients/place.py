"""Where the clients run: an engine of their own, a folder for what they need, and checkouts of what
no package holds.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from veil.local import Address

MINUTES = 60


class MissingError(Exception):
    """Something that a client needs is not there; the text says what to do."""


@dataclass(frozen=True)
class Place:
    """An engine that runs, the folder of what is installed, and the checkouts by the names of their
    repositories.
    """

    address: Address
    folder: Path
    checkouts: Mapping[str, Path]
    sample: int = 1  # every n-th of a client's own tests

    def checkout(self, name: str, holds: str) -> Path:
        """The checkout of a repository, in which there is a file or folder `holds`.

        Raises:
            MissingError: it was not given, or is something else.
        """
        found = self.checkouts.get(name)
        if found is None:
            raise MissingError(f"No package holds its tests. Clone {name} and give --checkout {name}=FOLDER.")
        if not (found / holds).exists():
            raise MissingError(f"{found} is no checkout of {name}: it has no {holds}.")
        return found.resolve()

    def environment(self, name: str, requirements: Sequence[str]) -> Path:
        """The folder of programs of a Python environment with these pinned requirements, made where
        it is not there yet.

        Raises:
            MissingError: it cannot be made.
        """
        home = self.folder / name
        stamp = home / "requirements.txt"
        wanted = "\n".join(requirements)
        if not stamp.exists() or stamp.read_text(encoding="utf-8") != wanted:
            shutil.rmtree(home, ignore_errors=True)
            run([sys.executable, "-m", "venv", str(home)], f"A Python environment for {name}")
            pip = [str(home / "bin" / "pip"), "install", "-q", "--disable-pip-version-check"]
            run([*pip, *requirements], f"The packages of {name}")
            stamp.write_text(wanted, encoding="utf-8")
        return home / "bin"

    def debian(self, program: str, packages: Sequence[str]) -> Path:
        """A program of Debian's packages, unpacked into a folder of their own; the one of this
        machine where it has it.

        Raises:
            MissingError: the packages cannot be had.
        """
        installed = shutil.which(program)
        if installed is not None:
            return Path(installed)
        home = self.folder / "debian"
        home.mkdir(parents=True, exist_ok=True)
        for package in packages:
            run(["apt-get", "download", package], f"Debian's {package}", cwd=home)
        for archive in home.glob("*.deb"):
            run(["dpkg", "-x", str(archive), "root"], archive.name, cwd=home)
        found = next(home.glob(f"root/**/bin/{program}"), None)
        if found is None:
            raise MissingError(f"Debian's packages {', '.join(packages)} hold no {program}.")
        return found

    @property
    def variables(self) -> dict[str, str]:
        """The environment of a client's process: how to sign in."""
        address = self.address
        return os.environ | {
            "VEIL_HOST": address.host,
            "VEIL_PORT": str(address.port),
            "VEIL_DATABASE": address.database,
            "VEIL_USER": address.username,
            "VEIL_PASSWORD": address.password,
            "PGPASSWORD": address.password,
        }


def run(
    command: Sequence[str], what: str, *, cwd: Path | None = None, variables: Mapping[str, str] | None = None
) -> str:
    """Runs a program that must succeed; gives what it printed.

    Raises:
        MissingError: it is not there, fails, or takes an hour.
    """
    try:
        done = subprocess.run(
            command, cwd=cwd, env=variables, capture_output=True, text=True, check=False, timeout=60 * MINUTES
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise MissingError(f"{what}: {error}") from None
    if done.returncode != 0:
        raise MissingError(f"{what}: {(done.stderr or done.stdout).strip()[-2000:]}")
    return done.stdout
