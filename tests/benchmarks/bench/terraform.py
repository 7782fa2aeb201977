"""Terraform in a folder, each command of which is measured."""

import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from tests.benchmarks.bench.measuring import Cost, run

TERRAFORM = shutil.which("terraform") or shutil.which("tofu") or "terraform"
_QUIET = ("-no-color", "-input=false")


class MeasuredTerraform:
    """A folder with a configuration, and Terraform with the provider of an executable, which it
    finds without a registry.
    """

    def __init__(
        self,
        folder: Path,
        address: str = "",
        executables: Path | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.folder = folder
        folder.mkdir(parents=True)
        settings = folder / "settings.tfrc"
        override = f"dev_overrides {{ {json.dumps(address)} = {json.dumps(str(executables))} }}" if executables else ""
        settings.write_text(f"provider_installation {{\n {override}\n direct {{}}\n}}\n", encoding="utf-8")
        self.environment = {
            **os.environ,
            **(environment or {}),
            "TF_CLI_CONFIG_FILE": str(settings),
            "TF_IN_AUTOMATION": "1",
            "CHECKPOINT_DISABLE": "1",
        }

    def write(self, text: str, name: str = "main.tf") -> None:
        """Write a file of the configuration."""
        (self.folder / name).write_text(text, encoding="utf-8")

    def plan(self, **environment: str) -> Cost:
        """The cost of a plan, whatever it plans."""
        return self._run("plan", *_QUIET, **environment)

    def apply(self, **environment: str) -> Cost:
        return self._run("apply", "-auto-approve", *_QUIET, **environment)

    def destroy(self) -> Cost:
        return self._run("destroy", "-auto-approve", *_QUIET)

    def _run(self, *arguments: str, **environment: str) -> Cost:
        return run([TERRAFORM, *arguments], folder=self.folder, environment={**self.environment, **environment})
