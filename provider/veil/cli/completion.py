"""`veil completion`: a script by which a shell completes commands, options and their values.

The script is whole: a shell that completes starts no Python. So it is made again after an upgrade.
"""

import argparse
import importlib
from collections.abc import Sequence

import shtab

from veil.cli.main import COMMANDS, VERSION_OPTIONS
from veil.cli.parsing import Parser

SHELLS = {
    "bash": 'eval "$(veil completion bash)"   # in ~/.bashrc',
    "zsh": 'veil completion zsh > "${fpath[1]}/_veil"',
    "fish": "veil completion fish > ~/.config/fish/completions/veil.fish",
}
"""Each shell, and what its user runs once."""


def main(argv: Sequence[str]) -> int:
    """Print the script for one shell. Returns 0."""
    options = build_parser().parse_args(list(argv))
    print(shtab.complete(whole_parser(), options.shell))
    return 0


def build_parser() -> argparse.ArgumentParser:
    """The arguments that the command takes."""
    parser = Parser(
        prog="veil completion",
        description="Prints a script by which a shell completes veil's commands, options and values.",
        epilog="\n".join(f"{shell}:\n  {use}" for shell, use in SHELLS.items()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("shell", choices=tuple(SHELLS), help="the shell that is to complete")
    return parser


def whole_parser() -> argparse.ArgumentParser:
    """All commands with all of their arguments in one parser. It imports every command, so nothing
    else starts with it.
    """
    whole = Parser(prog="veil")
    whole.add_argument(*VERSION_OPTIONS, action="store_true", help="print the versions of veil and Python")
    commands = whole.add_subparsers()
    for name, (module, summary) in COMMANDS.items():
        arguments = importlib.import_module(module).build_parser()
        commands.add_parser(name, parents=[arguments], add_help=False, help=summary)
    return whole
