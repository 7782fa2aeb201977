"""The executable that Terraform starts: a two-line script that hands over to this environment's
interpreter.
"""

import platform
import shlex
import sys
from pathlib import Path

from veil import __version__
from veil.cli.errors import CliError

HOSTS = ("registry.terraform.io", "registry.opentofu.org")
"""The registries that `veil-data/veil` may stand for in `required_providers`."""

NAMESPACE, TYPE = "veil-data", "veil"

_SYSTEMS = {"Linux": "linux", "Darwin": "darwin", "FreeBSD": "freebsd", "Windows": "windows"}
ARCHITECTURES = {
    "x86_64": "amd64",
    "amd64": "amd64",
    "aarch64": "arm64",
    "arm64": "arm64",
    "i686": "386",
    "armv7l": "arm",
}
"""Terraform's names of architectures, by how machines are called, in lower case."""


def launcher_text(interpreter: str = sys.executable) -> str:
    """The launcher's script. `-I` keeps the caller's PYTHON* variables and folders out of the
    provider.

    Nothing is imported from the launcher's own folder, so that no __pycache__ appears there:
    Terraform hashes the folder and refuses it once it changes.
    """
    start = "from veil.resources.serve import main; main()"
    return f'#!/bin/sh\nexec {shlex.quote(interpreter)} -I -c {shlex.quote(start)} "$@"\n'


def launcher_name() -> str:
    """The file name by which Terraform knows the provider's executable; on Windows it ends in
    `.exe`.
    """
    return f"terraform-provider-{TYPE}_v{__version__}"


def platform_name() -> str:
    """OS and architecture in Terraform's spelling, such as linux_amd64. Raises KeyError where there
    is no such.
    """
    return f"{_SYSTEMS[platform.system()]}_{ARCHITECTURES[platform.machine().lower()]}"


def this_platform() -> str:
    """The same, of a platform on which a shell script can be the launcher. Raises CliError where it
    cannot.
    """
    system, machine = platform.system(), platform.machine()
    if system == "Windows" or system not in _SYSTEMS or machine.lower() not in ARCHITECTURES:
        raise CliError(
            f"veil cannot install itself on {system} {machine}",
            "The launcher is a shell script, for Linux, macOS and FreeBSD. On Windows use the zip, or WSL.",
        )
    return platform_name()


def package_folder(mirror: Path, host: str, target: str) -> Path:
    """Where Terraform looks in an unpacked mirror for this version of the provider."""
    return mirror / host / NAMESPACE / TYPE / __version__ / target


def write_launcher(folder: Path) -> bool:
    """Put the launcher into `folder`. Returns False where the same one was there. Raises
    CliError.
    """
    path, text = folder / launcher_name(), launcher_text()
    try:
        if path.is_file() and path.read_text(encoding="utf-8") == text and path.stat().st_mode & 0o111:
            return False
        folder.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f".{path.name}.new")
        fresh.write_text(text, encoding="utf-8")
        fresh.chmod(0o755)
        fresh.replace(path)
    except OSError as problem:
        raise CliError("The launcher could not be written", f"{problem.filename}: {problem.strerror}") from problem
    return True
