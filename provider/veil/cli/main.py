"""The entry point: which command is meant, and how its failures are told."""

import argparse
import importlib
import os
import sys
import traceback
from collections.abc import Sequence

from veil.cli.output import say
from veil.cli.parsing import Parser
from veil.errors import VeilError

COMMANDS = {
    "quickstart": ("veil.cli.quickstart.command", "protect a sample warehouse with real Terraform, on this machine"),
    "install": ("veil.cli.install", "put the provider where Terraform and OpenTofu look for it"),
    "local": ("veil.cli.local", "the embedded engine: up, down, status, psql, reset"),
    "explain": ("veil.cli.explain", "say what a user would see of a table, and why"),
    "diff": ("veil.cli.diff.command", "say who gains and who loses access by a Terraform plan"),
    "doctor": ("veil.cli.doctor", "check an integration, and say what to do where something is wrong"),
    "requests": ("veil.cli.requests", "list who asks for access, and whom approvers admitted"),
    "certify": ("veil.cli.certify", "prove on a warehouse that veil does there what it does elsewhere"),
    "bootstrap-sql": ("veil.cli.bootstrap", "print the SQL that an administrator runs once"),
    "export": ("veil.cli.export.command", "write the configuration of what a warehouse already holds"),
    "completion": ("veil.cli.completion", "print the script by which bash, zsh or fish completes"),
    "version": ("veil.cli.version", "print the versions of veil and Python"),
}
"""Command, its module, and what it does."""

VERSION_OPTIONS = ("--version", "-V")

INTERRUPTED = 130
"""The exit code of a command that Ctrl-C ended, as shells have it."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command that `argv` (default: the process's arguments) names. Returns the exit
    code.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    if len(arguments) == 1 and arguments[0] in VERSION_OPTIONS:
        arguments = ["version"]
    command = _parser().parse_args(arguments[:1]).command
    try:
        return run(command, arguments[1:])
    except VeilError as problem:
        _tell(problem.summary, problem.detail)
        return 1
    except KeyboardInterrupt:
        _tell("Interrupted")
        return INTERRUPTED
    except BrokenPipeError:
        # The reader, for example `head`, has seen enough. Python must not try to flush what is left
        # at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as problem:
        _tell_bug(problem)
        return 1


def run(command: str, arguments: Sequence[str]) -> int:
    """Run one command. Raises VeilError, and whatever a bug raises."""
    module, _ = COMMANDS[command]
    code: int = importlib.import_module(module).main(list(arguments))
    return code


def _parser() -> argparse.ArgumentParser:
    listed = "\n".join(f"  {name:<15}{summary}" for name, (_, summary) in COMMANDS.items())
    parser = Parser(
        prog="veil",
        description="Governs who sees what in Amazon Redshift.",
        epilog=f"commands:\n{listed}\n\n`veil <command> --help` says more about each.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        usage="veil <command> [...]",
    )
    parser.add_argument("command", choices=COMMANDS, metavar="<command>", help=argparse.SUPPRESS)
    return parser


def _tell(title: str, detail: str = "") -> None:
    lines = [f"veil: {title}", *(f"  {line}" for line in detail.splitlines())]
    say("\n".join(lines), sys.stderr)


def _tell_bug(problem: Exception) -> None:
    if os.environ.get("VEIL_DEBUG"):
        traceback.print_exception(problem)
        _tell("This is a bug in veil", "Please report it with what stands above.")
    else:
        _tell("This is a bug in veil", "Set VEIL_DEBUG=1 to see where it happened, and please report it with that.")


if __name__ == "__main__":
    sys.exit(main())
