"""A laboratory: small providers, and the real terraform binary run against them in a folder of its
own.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from veil.plugin import Provider
from veil.plugin.testing import Terraform, reattached

HEAD = """
terraform {
  required_providers {
    lab = { source = "test/lab" }
  }
}
"""


class Lab(Terraform):
    """Terraform in a folder, attached to a provider called ``lab``."""

    def write(self, configuration: str, name: str = "main.tf") -> None:
        """Write the configuration, with the head that every one needs."""
        super().write((HEAD if name == "main.tf" else "") + configuration, name)

    def apply_cleanly(self, configuration: str) -> dict[str, Any]:
        """Apply, demand that a plan right after is empty, and give the attributes of all resources
        by address.
        """
        self.write(configuration)
        applied = self.apply()
        assert applied.status == 0, applied.output
        planned = self.plan()
        assert planned.status == 0, planned.output
        return self.attributes()


MakeLab = Callable[..., Lab]


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[MakeLab]:
    """Makes a lab from the parts of a provider: ``lab(resources=(Thing,), configure=...)``."""
    with ExitStack() as stack:

        def make(**members: Any) -> Lab:
            parts = {"name": "lab", "address": "registry.terraform.io/test/lab", **members}
            for resource in members.get("resources", ()):
                getattr(resource, "shelf", {}).clear()
            provider = type("LabProvider", (Provider,), parts)()
            return Lab(tmp_path, stack.enter_context(reattached(provider)))

        yield make
