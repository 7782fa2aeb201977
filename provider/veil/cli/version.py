"""`veil version`."""

import argparse
import json
import platform
from collections.abc import Sequence

from veil import __version__
from veil.cli.parsing import Parser


def main(argv: Sequence[str]) -> int:
    """Print the versions of veil and Python. Returns 0."""
    options = build_parser().parse_args(argv)
    versions = {
        "veil": __version__,
        "python": platform.python_version(),
        "system": platform.system(),
        "machine": platform.machine(),
    }
    text = "veil {veil} (Python {python}, {system} {machine})".format(**versions)
    print(json.dumps(versions, indent=2) if options.json else text)
    return 0


def build_parser() -> argparse.ArgumentParser:
    """The arguments that the command takes."""
    parser = Parser(prog="veil version", description="Print the versions of veil and Python.")
    parser.add_argument("--json", action="store_true", help="print JSON")
    return parser
