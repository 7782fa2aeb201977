"""`veil local`: up, down, status, psql, fault, reset."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from veil.cli.parsing import Parser
from veil.local.cluster.binaries import psql
from veil.local.engine import Engine, Status
from veil.local.errors import EngineError
from veil.local.faults import FAULTS
from veil.local.refusals import REFUSALS

NOT_RUNNING = 3


def main(argv: Sequence[str]) -> int:
    """Runs one command; gives the exit code: 0 success, 1 failure, 2 wrong usage, 3 `status` of an
    engine that does not run.
    """
    parser = build_parser()
    arguments, others = parser.parse_known_args(list(argv))
    if others and arguments.run is not _psql:
        parser.error(f"unrecognized arguments: {' '.join(others)}")
    arguments.others = [one for one in others if one != "--"]
    try:
        code: int = arguments.run(Engine(arguments.directory), arguments)
    except EngineError as error:
        Console(stderr=True).print(f"[bold red]Error:[/] {escape(str(error))}", highlight=False, soft_wrap=True)
        return 1
    return code


def build_parser() -> argparse.ArgumentParser:
    """The arguments that the command takes."""
    parser = Parser(
        prog="veil local",
        description="A Redshift look-alike on this computer, for development, tests and demos. It is no cluster and keeps nothing safe.",
    )
    parser.add_argument("--directory", type=Path, help="the engine's folder (VEIL_LOCAL_DIR, or ~/.veil/local)")
    commands = parser.add_subparsers(required=True, metavar="command")
    up = commands.add_parser("up", help="start the engine; make it if there is none")
    up.add_argument("--port", type=int, default=0, help="the port on 127.0.0.1 (a free one)")
    up.add_argument(
        "--no-cross-database", action="store_true", help="refuse queries of other databases, as a DC2 cluster does"
    )
    up.add_argument(
        "--no-barrier",
        action="store_true",
        help="make views that are no security barriers, as a cluster's are not; for tests",
    )
    up.add_argument(
        "--statement-log", type=Path, metavar="FILE", help="write every statement of every client into this file (JSON)"
    )
    up.add_argument(
        "--refuse",
        type=lambda names: names.split(","),
        default=[],
        metavar="NAME,...",
        help="refuse what a cluster may refuse: " + "; ".join(f"{name} ({what})" for name, what in REFUSALS.items()),
    )
    up.set_defaults(run=_up)
    commands.add_parser("down", help="stop the engine; its data stays").set_defaults(run=_down)
    status = commands.add_parser("status", help="whether it runs, and where")
    status.add_argument("--json", action="store_true", help="print JSON")
    status.set_defaults(run=_status)
    prompt = commands.add_parser("psql", help="open a SQL prompt; further arguments go to psql")
    prompt.add_argument("-U", "--username", help="the user (the administrator)")
    prompt.add_argument("-d", "--dbname", help="the database")
    prompt.set_defaults(run=_psql)
    fault = commands.add_parser("fault", help="let the running engine fail as a cluster may, for tests of retries")
    fault.add_argument(
        "name", choices=tuple(FAULTS), help="; ".join(f"{name}: {what}" for name, what in FAULTS.items())
    )
    fault.add_argument("value", nargs="?", default="1", help="the share, or the seconds (1); or: off")
    fault.set_defaults(run=_fault)
    commands.add_parser("reset", help="stop the engine and wipe its data").set_defaults(run=_reset)
    return parser


def _up(engine: Engine, arguments: argparse.Namespace) -> int:
    engine.up(
        progress=lambda line: Console(stderr=True).print(line, highlight=False, soft_wrap=True),
        port=arguments.port,
        cross_database=not arguments.no_cross_database,
        barrier=not arguments.no_barrier,
        statement_log=arguments.statement_log,
        refuse=arguments.refuse,
    )
    _print_status(engine.status())
    return 0


def _down(engine: Engine, arguments: argparse.Namespace) -> int:
    engine.down()
    print("The local engine is down. Its data is kept.")
    return 0


def _reset(engine: Engine, arguments: argparse.Namespace) -> int:
    engine.reset()
    print("The local engine is down and empty.")
    return 0


def _status(engine: Engine, arguments: argparse.Namespace) -> int:
    status = engine.status()
    if arguments.json:
        print(json.dumps(_facts(status), indent=2))
    else:
        _print_status(status)
    return 0 if status.running else NOT_RUNNING


def _fault(engine: Engine, arguments: argparse.Namespace) -> int:
    try:
        value = 0.0 if arguments.value == "off" else float(arguments.value)
    except ValueError:
        raise EngineError(f"{arguments.value!r} is neither a number nor 'off'.") from None
    faults = engine.fault(arguments.name, value)
    print(", ".join(f"{name} {share:g}" for name, share in faults.items()) or "No faults.")
    return 0


def _facts(status: Status) -> dict[str, str | int]:
    """What may be printed of an engine. The password is not: the file that holds it is named."""
    facts: dict[str, str | int] = {
        "state": "running" if status.running else "down",
        "folder": str(status.directory),
    }
    if status.address is not None:
        facts |= {
            "host": status.address.host,
            "port": status.address.port,
            "database": status.address.database,
            "user": status.address.username,
            "password_file": str(status.directory / "address.json"),
            "process": status.address.pid,
        }
    return facts


def _print_status(status: Status) -> None:
    facts = _facts(status)
    if not status.running:
        facts["state"] = "down (start it with: veil local up)"
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(style="bold")
    table.add_column(overflow="fold")
    for name, fact in facts.items():
        table.add_row(name.replace("_", " "), escape(str(fact)))
    Console(soft_wrap=True, highlight=False).print(table)


def _psql(engine: Engine, arguments: argparse.Namespace) -> int:
    address = engine.address()
    if address is None:
        raise EngineError("The local engine does not run. Run: veil local up")
    user = arguments.username or address.username
    environment = dict(os.environ)
    if user == address.username:
        environment["PGPASSWORD"] = address.password
    command = [
        str(psql()),
        "-h",
        address.host,
        "-p",
        str(address.port),
        "-U",
        user,
        "-d",
        arguments.dbname or address.database,
    ]
    sys.stdout.flush()
    return subprocess.run([*command, *arguments.others], env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
