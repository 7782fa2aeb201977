"""The real terraform binary over the provider of this checkout."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.acceptance.attached import Providers

ADDRESS = "veil-data/veil"


@dataclass(frozen=True)
class Run:
    """One finished command: its exit code, and what it printed without box drawing and colours."""

    code: int
    text: str

    def __bool__(self) -> bool:
        return self.code == 0


def find_terraform() -> str | None:
    """The terraform or tofu on the PATH."""
    return shutil.which("terraform") or shutil.which("tofu")


def install_provider(folder: Path) -> Path:
    """A CLI configuration that makes terraform run this checkout's provider without
    `terraform init`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    launcher = folder / "terraform-provider-veil"
    launcher.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m veil.resources.serve "$@"\n')
    launcher.chmod(0o755)
    config = folder / "terraform.rc"
    config.write_text(f'provider_installation {{\n  dev_overrides {{ "{ADDRESS}" = "{folder}" }}\n  direct {{}}\n}}\n')
    return config


class Workspace:
    """A folder with a configuration and its state. Its runs attach to one of ``providers``, or
    start their own.
    """

    def __init__(
        self, folder: Path, config: Path, environment: Mapping[str, str], providers: Providers | None = None
    ) -> None:
        self.folder = folder
        self._providers = providers
        folder.mkdir(parents=True, exist_ok=True)
        self._shown: tuple[bytes, dict[str, dict[str, Any]]] | None = None
        self.environment = {
            **os.environ,
            "TF_CLI_CONFIG_FILE": str(config),
            "TF_IN_AUTOMATION": "1",
            "CHECKPOINT_DISABLE": "1",
            **environment,
        }

    def write(self, text: str, name: str = "main.tf") -> None:
        """Write a configuration file."""
        (self.folder / name).write_text(text)

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start a command, which starts its own provider, and return at once."""
        return self._start(arguments, self.environment)

    def _start(self, arguments: Sequence[str], environment: Mapping[str, str]) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [find_terraform() or "terraform", *arguments],
            cwd=self.folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )

    @contextmanager
    def _provided(self) -> Iterator[Mapping[str, str]]:
        """The environment of a command, in which a provider runs if it is not for Terraform to
        start one.
        """
        if self._providers is None:
            yield self.environment
            return
        with self._providers.running(self.environment, self.folder) as value:
            yield {**self.environment, "TF_REATTACH_PROVIDERS": value}

    def run(self, *arguments: str) -> Run:
        """Run a command to its end."""
        with self._provided() as environment:
            process = self._start(arguments, environment)
            output, _ = process.communicate(timeout=300)
        lines = [line for line in (line.strip("│╷╵ ").rstrip() for line in output.splitlines()) if line]
        if process.returncode == 1:  # The errors first: whoever reports a failed test may cut what is long.
            first = next((at for at, line in enumerate(lines) if line.startswith("Error: ")), 0)
            lines = lines[first:] + lines[:first]
        return Run(process.returncode, "\n".join(lines))

    def validate(self) -> Run:
        return self.run("validate", "-no-color")

    def plan(self, *arguments: str) -> Run:
        """Plan; the code is 0 for an empty plan, 2 for changes, 1 for an error."""
        return self.run("plan", "-no-color", "-input=false", "-detailed-exitcode", *arguments)

    def apply(self, *arguments: str) -> Run:
        return self.run("apply", "-no-color", "-input=false", "-auto-approve", *arguments)

    def destroy(self, *arguments: str) -> Run:
        return self.run("destroy", "-no-color", "-input=false", "-auto-approve", *arguments)

    def import_(self, address: str, name: str) -> Run:
        return self.run("import", "-no-color", "-input=false", address, name)

    def forget_state(self) -> None:
        """Lose the state file, as if this were another machine."""
        for each in self.folder.glob("terraform.tfstate*"):
            each.unlink()

    def state(self, address: str) -> dict[str, Any]:
        """The attributes of a resource or data source in the state. Terraform is asked once for
        each state file.
        """
        file = self.folder / "terraform.tfstate"
        stored = file.read_bytes() if file.exists() else b""
        if self._shown is None or self._shown[0] != stored:
            resources = self.shown().get("values", {}).get("root_module", {}).get("resources", [])
            self._shown = stored, {each["address"]: each["values"] for each in resources}
        return dict(self._shown[1].get(address, {}))

    def shown(self, *arguments: str) -> dict[str, Any]:
        """What Terraform shows of the state, or of a plan."""
        with self._provided() as environment:
            shown = subprocess.run(
                [find_terraform() or "terraform", "show", "-json", *arguments],
                cwd=self.folder,
                env=environment,
                capture_output=True,
                check=True,
            )
        return dict(json.loads(shown.stdout))

    def actions(self) -> dict[str, list[str]]:
        """What a plan would do, by resource address; no-ops are left out."""
        planned = self.run("plan", "-no-color", "-input=false", "-out=plan.bin")
        assert planned, planned.text
        changes = self.shown("plan.bin").get("resource_changes", [])
        return {
            each["address"]: each["change"]["actions"] for each in changes if each["change"]["actions"] != ["no-op"]
        }
