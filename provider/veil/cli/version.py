"""`veil version`."""

import platform
from collections.abc import Sequence

from veil import __version__
from veil.cli.parsing import Parser


def main(argv: Sequence[str]) -> int:
    """Print the versions of veil and Python."""
    Parser(prog="veil version", description="Print the versions of veil and Python.").parse_args(argv)
    print(f"veil {__version__} (Python {platform.python_version()}, {platform.system()} {platform.machine()})")
    return 0
