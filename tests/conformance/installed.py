"""A provider that Terraform starts by itself, one process per phase."""

import json
import os
import sys
from pathlib import Path

from veil.plugin.testing import Terraform

HEAD = """
terraform {
  required_providers {
    slow = { source = "test/slow" }
  }
}
"""
PROVIDER = Path(__file__).with_name("slow.py")


def install(folder: Path) -> Terraform:
    """Put the slow provider into ``folder``, and Terraform beside it, told to use it without asking
    a registry.
    """
    binary = folder / "bin" / "terraform-provider-slow"
    binary.parent.mkdir()
    binary.write_text(f"#!{sys.executable}\nimport runpy\nrunpy.run_path({str(PROVIDER)!r}, run_name='__main__')\n")
    binary.chmod(0o755)
    settings = folder / "settings.tfrc"
    overrides = f'dev_overrides {{ "test/slow" = {json.dumps(str(binary.parent))} }}'
    settings.write_text(f"provider_installation {{\n {overrides}\n direct {{}}\n}}\n")
    path = os.pathsep.join(item for item in sys.path if item)
    environment = {"TF_CLI_CONFIG_FILE": str(settings), "PYTHONPATH": path, "SLOW_NOTES": str(folder / "notes")}
    return Terraform(folder, "", environment)
