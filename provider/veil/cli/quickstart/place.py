"""Where the quickstart keeps what it makes, and the environment in which its commands run."""

import os
import shlex
import sys
from dataclasses import dataclass
from pathlib import Path

from veil.cli.errors import CliError

CLONE = Path(__file__).resolve().parents[4]
"""The project's folder, where this is a clone and not an installed package."""


@dataclass(frozen=True)
class Place:
    """`folder` takes everything the quickstart makes; `configuration` holds main.tf and Terraform's
    state.
    """

    folder: Path
    configuration: Path

    @property
    def engine(self) -> Path:
        return self.folder / "engine"

    @property
    def mirror(self) -> Path:
        return self.folder / "mirror"

    @property
    def logs(self) -> Path:
        return self.folder / "logs"

    @property
    def plan_argument(self) -> str:
        """The saved plan, as Terraform is told it: it runs in the configuration's folder."""
        return os.path.relpath(self.folder / "plan", self.configuration)

    @property
    def cli_configuration(self) -> Path:
        return self.folder / "terraform.rc"

    @property
    def password_file(self) -> Path:
        return self.folder / "analysts.password"

    @property
    def environment_file(self) -> Path:
        return self.folder / "env"

    def settings(self) -> dict[str, str]:
        """The variables that point Terraform and `veil local` at this quickstart."""
        return {"TF_CLI_CONFIG_FILE": str(self.cli_configuration), "VEIL_LOCAL_DIR": str(self.engine)}

    def environment(self) -> dict[str, str]:
        """The environment for Terraform: the caller's, without what would make it do something else
        than we say.
        """
        inherited = {name: value for name, value in os.environ.items() if not _steers_terraform(name)}
        return inherited | self.settings() | {"TF_IN_AUTOMATION": "1", "CHECKPOINT_DISABLE": "1"}

    def write_environment_file(self, password: str) -> None:
        """A file to `source`, after which `terraform`, `veil local` and psql see this
        quickstart.
        """
        variables = {**self.settings(), "PGPASSWORD": password}
        lines = [f"export {name}={shlex.quote(value)}" for name, value in variables.items()]
        programs = shlex.quote(str(Path(sys.executable).parent))
        self.environment_file.touch(mode=0o600)
        self.environment_file.write_text("\n".join([*lines, f"export PATH={programs}:$PATH", ""]), encoding="utf-8")


def default_place() -> Place:
    """The place in the clone that this code is in. Raises CliError where it is not in a clone."""
    configuration = CLONE / "examples" / "quickstart"
    if not (configuration / "main.tf").is_file():
        raise CliError(
            "The quickstart needs a clone of the project",
            "Its configuration, examples/quickstart/main.tf, is not part of the installed package.",
        )
    return Place(CLONE / ".quickstart", configuration)


def shown(path: Path) -> str:
    """A path as a person in the current directory would type it."""
    return os.path.relpath(path) if path.is_relative_to(Path.cwd()) else str(path)


def _steers_terraform(name: str) -> bool:
    return name.startswith("TF_") and not name.startswith("TF_LOG")
