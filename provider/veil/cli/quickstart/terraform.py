"""Real terraform, or tofu: found, asked for its version, and run with its output kept and its
progress shown.
"""

import json
import shutil
import subprocess
from collections.abc import Callable, Collection
from pathlib import Path

from veil.cli.errors import CliError
from veil.cli.quickstart.place import Place, shown

OLDEST = (1, 8)
"""The `required_version` of examples/quickstart/main.tf."""

WHERE_TO_GET_IT = """\
Terraform: https://developer.hashicorp.com/terraform/install
OpenTofu:  https://opentofu.org/docs/intro/install
Then run this again."""

Say = Callable[[str], None]


class Terraform:
    """The program at `program`, run on the quickstart's configuration."""

    def __init__(self, place: Place, program: str) -> None:
        self.place, self.program = place, program

    @property
    def name(self) -> str:
        """`terraform` or `tofu`."""
        return Path(self.program).name

    def version(self) -> str:
        """Its version. Raises CliError where it is too old or does not run."""
        command = [self.program, "version", "-json"]
        ended = subprocess.run(command, capture_output=True, text=True, check=False, env=self.place.environment())
        try:
            release: str = json.loads(ended.stdout)["terraform_version"]
            numbers = tuple(int(each) for each in release.split("-", maxsplit=1)[0].split(".")[:2])
        except (ValueError, KeyError) as problem:
            raise CliError(f"{self.program} does not run", (ended.stderr or ended.stdout).strip()) from problem
        if numbers < OLDEST:
            wanted = ".".join(map(str, OLDEST))
            raise CliError(
                f"{self.name} {release} is too old", f"Version {wanted} or later is needed.\n{WHERE_TO_GET_IT}"
            )
        return release

    def run(self, *arguments: str, say: Say, shows: Callable[[str], bool], succeeds: Collection[int] = (0,)) -> int:
        """Run a command; say the lines of its output that `shows` picks. Returns its exit code.

        The whole output goes to a file. Raises CliError, with the errors in it, where the code is
        not one of `succeeds`.
        """
        command = [self.program, arguments[0], "-no-color", "-input=false", *arguments[1:]]
        lines: list[str] = []
        with subprocess.Popen(
            command,
            cwd=self.place.configuration,
            env=self.place.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process:
            assert process.stdout is not None
            for line in process.stdout:
                lines.append(line)
                if shows(line):
                    say(line.strip())
        log = self._log(arguments[0], "".join(lines))
        if process.returncode not in succeeds:
            title = f"{self.name} {' '.join(arguments)} failed (exit code {process.returncode})"
            raise CliError(title, f"{_errors(lines)}\nAll of its output is in {shown(log)}.")
        return process.returncode

    def _log(self, name: str, text: str) -> Path:
        self.place.logs.mkdir(parents=True, exist_ok=True)
        path = self.place.logs / f"{name}.txt"
        path.write_text(text, encoding="utf-8")
        return path


def _errors(lines: list[str]) -> str:
    """The output from its first error on, or all of it where there is none."""
    first = next((number for number, line in enumerate(lines) if line.lstrip("│ ").startswith("Error:")), 0)
    return "".join(lines[first:]).strip()


def find_terraform(place: Place) -> Terraform:
    """The terraform, or else the tofu, on the PATH. Raises CliError where there is neither."""
    program = shutil.which("terraform") or shutil.which("tofu")
    if program is None:
        raise CliError("Neither terraform nor tofu is on the PATH", WHERE_TO_GET_IT)
    return Terraform(place, program)
