"""Run a provider inside a test, and Terraform against it."""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from shutil import which
from typing import Any

from .api.provider import Provider
from .server.debug import ReattachServer


@contextmanager
def reattached(provider: Provider) -> Iterator[str]:
    """Serve ``provider`` in this process; gives the value of TF_REATTACH_PROVIDERS."""
    server = ReattachServer(provider)
    try:
        yield server.start()
    finally:
        server.stop()


@dataclass
class Result:
    """What a command printed, and its exit status."""

    status: int
    output: str

    def __contains__(self, text: str) -> bool:
        return " ".join(text.split()) in " ".join(self.output.split())


@dataclass
class Terraform:
    """The real terraform binary, or OpenTofu's where there is no other, in a folder of its own.

    ``reattach`` is what ``reattached`` gave.
    """

    folder: Path
    reattach: str
    environment: dict[str, str] = field(default_factory=dict)

    def write(self, configuration: str, name: str = "main.tf") -> None:
        """Write a configuration file."""
        (self.folder / name).write_text(configuration)

    def run(self, *arguments: str) -> Result:
        """Run a command, with these arguments and no others."""
        environment = {
            **os.environ,
            "TF_REATTACH_PROVIDERS": self.reattach,
            "TF_IN_AUTOMATION": "1",
            "CHECKPOINT_DISABLE": "1",
            "TF_CLI_CONFIG_FILE": os.devnull,
            **self.environment,
        }
        done = subprocess.run(
            [which("terraform") or which("tofu") or "terraform", *arguments],
            cwd=self.folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return Result(done.returncode, done.stdout)

    def apply(self, *arguments: str) -> Result:
        """``terraform apply`` without questions."""
        return self.run("apply", "-auto-approve", "-input=false", "-no-color", *arguments)

    def plan(self, *arguments: str) -> Result:
        """``terraform plan``: status 0 when nothing is to be done, 2 when something is."""
        return self.run("plan", "-detailed-exitcode", "-input=false", "-no-color", *arguments)

    def destroy(self, *arguments: str) -> Result:
        """``terraform destroy`` without questions."""
        return self.run("destroy", "-auto-approve", "-input=false", "-no-color", *arguments)

    def state(self) -> dict[str, Any]:
        """The state as Terraform stores it; empty before the first apply."""
        path = self.folder / "terraform.tfstate"
        return dict(json.loads(path.read_text(), parse_float=Decimal)) if path.exists() else {}

    def attributes(self) -> dict[str, Any]:
        """The stored attributes of every resource and data source, by address without the index."""
        return {
            f"{item['type']}.{item['name']}": item["instances"][0]["attributes"]
            for item in self.state().get("resources", [])
            if item["instances"]
        }
