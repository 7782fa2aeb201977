"""`veil quickstart`."""

import argparse
from collections.abc import Sequence

from veil.cli.parsing import Parser
from veil.cli.quickstart.place import default_place


def main(argv: Sequence[str]) -> int:
    """Run the quickstart in the clone that this code is in. Raises CliError."""
    build_parser().parse_args(argv)
    from veil.cli.quickstart import story
    from veil.cli.telling import Teller

    story.tell(default_place(), Teller(story.STEPS))
    return 0


def build_parser() -> argparse.ArgumentParser:
    """The arguments that the command takes."""
    return Parser(
        prog="veil quickstart",
        description="Protect a sample warehouse with real Terraform on the embedded engine, and look at it as three "
        "users. Everything it makes is in .quickstart/; it can be run again.",
    )
