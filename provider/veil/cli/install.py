"""`veil install`: the provider where Terraform and OpenTofu look for it."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from veil import __version__
from veil.cli.launcher import HOSTS, NAMESPACE, TYPE, launcher_name, package_folder, this_platform, write_launcher
from veil.cli.parsing import Parser

IMPLIED_MIRROR = Path(".terraform.d") / "plugins"
"""Below the home directory: searched by Terraform and OpenTofu without any configuration."""


def main(argv: Sequence[str]) -> int:
    """Install the launcher and say what to write. Raises CliError."""
    options = build_parser().parse_args(argv)
    mirror = options.dir.absolute() if options.dir else Path.home() / IMPLIED_MIRROR
    for folder, written in install(mirror):
        print(f"{'installed' if written else 'unchanged'}  {folder / launcher_name()}")
    print(f"\nIn your configuration:\n\n{requirement()}")
    if options.dir:
        print(f"In the CLI configuration file that TF_CLI_CONFIG_FILE names:\n\n{mirror_configuration(mirror)}")
    print("Then: terraform init (with -upgrade where an older launcher is in the lock file)")
    return 0


def install(mirror: Path) -> list[tuple[Path, bool]]:
    """Put the launcher into an unpacked mirror, once for each registry. Returns the folders, and
    whether each was written anew. Raises CliError.
    """
    target = this_platform()
    folders = [package_folder(mirror, host, target) for host in HOSTS]
    return [(folder, write_launcher(folder)) for folder in folders]


def requirement() -> str:
    """What a configuration says to use this version."""
    return f"""\
terraform {{
  required_providers {{
    {TYPE} = {{ source = "{NAMESPACE}/{TYPE}", version = "{__version__}" }}
  }}
}}
"""


def mirror_configuration(mirror: Path) -> str:
    """The CLI configuration that takes this provider from `mirror`, and all others from where they
    are.
    """
    ours = ", ".join(f'"{host}/{NAMESPACE}/{TYPE}"' for host in HOSTS)
    quoted = str(mirror).replace("\\", "\\\\").replace('"', '\\"').replace("${", "$${")
    return f"""\
provider_installation {{
  filesystem_mirror {{
    path    = "{quoted}"
    include = [{ours}]
  }}
  direct {{
    exclude = [{ours}]
  }}
}}
"""


def build_parser() -> argparse.ArgumentParser:
    """The arguments that the command takes."""
    parser = Parser(
        prog="veil install",
        description="Put a launcher for this environment's veil where Terraform and OpenTofu look for providers.",
    )
    parser.add_argument(
        "--dir", type=Path, metavar="DIR", help="a filesystem mirror to install into (default: ~/.terraform.d/plugins)"
    )
    return parser
