"""`veil doctor`: is everything as it should be, and if not, what to do?"""

import argparse
import textwrap
from collections.abc import Iterator, Sequence

from veil import __version__
from veil.cli.output import say, say_json
from veil.cli.parsing import Parser
from veil.cli.warehouse import add_connection_arguments, open_governance
from veil.errors import VeilError
from veil.governance import Governance, answers, errors
from veil.warehouse import WarehouseError

_WIDTH = 110
"""Columns of a terminal that the table fills."""


def main(argv: Sequence[str]) -> int:
    """Run the command: 1 where a check failed, 0 otherwise."""
    options = build_parser().parse_args(list(argv))
    checks = tuple(_checks(options))
    if options.json:
        say_json(_values(checks))
    else:
        say(_table(checks))
    return int(any(each.status == "failed" for each in checks))


def build_parser() -> argparse.ArgumentParser:
    """The arguments that the command takes."""
    parser = Parser(
        prog="veil doctor",
        description="Checks an integration: the connection, the rights of the account, the settings and objects of the "
        "warehouse, and who can read governed tables around their views. It changes nothing, and a read-only account is "
        "enough. The exit code is 1 where a check failed; warnings leave it 0.",
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    add_connection_arguments(parser)
    return parser


def _checks(options: argparse.Namespace) -> Iterator[answers.Check]:
    try:
        governance = open_governance(options)
    except VeilError as problem:
        yield answers.Check(
            "connection", "failed", f"{problem.summary}. {problem.detail}", ("Correct the connection's settings.",)
        )
        return
    try:
        yield answers.Check("connection", "passed", governance.describe_connection())
        yield from _of_integration(governance)
    finally:
        governance.close()


def _of_integration(governance: Governance) -> Iterator[answers.Check]:
    try:
        deployed = governance.require()
        checks = governance.checks()
    except errors.NewerFormatError as problem:
        yield answers.Check("integration", "failed", f"{problem.summary}. {problem.detail}")
        return
    except errors.GovernanceError as problem:
        yield answers.Check("integration", "failed", f"{problem.summary}. {problem.detail}", _MAKE_ONE)
        return
    except WarehouseError as problem:
        yield answers.Check(
            "integration", "failed", f"{problem.summary}. {problem.found}", (problem.advice,) if problem.advice else ()
        )
        return
    versions = (
        f"schemas of version {deployed.snapshot.schema_version}, written by veil {deployed.snapshot.provider_version}"
    )
    name = deployed.integration.key if deployed.integration is not None else "of no name"
    yield answers.Check("integration", "passed", f"{name}: {versions}; this is veil {__version__}.")
    yield from checks
    yield governance.procedures_check()
    yield governance.policies_check()
    yield governance.errors_check()


_MAKE_ONE = ("Apply a configuration with a veil_integration, or give --database the one that has it.",)


def _values(checks: Sequence[answers.Check]) -> list[dict[str, object]]:
    return [
        {"name": each.name, "status": each.status, "message": each.message, "advice": list(each.advice)}
        for each in checks
    ]


def _table(checks: Sequence[answers.Check]) -> str:
    first = max(len(each.name) for each in checks)
    lines = [line for each in checks for line in _rows(each, first)]
    advice = [line for each in checks if each.status != "passed" and each.advice for line in _advice(each)]
    return "\n".join([*lines, *(["", "What to do", *advice] if advice else [])])


def _rows(check: answers.Check, first: int) -> list[str]:
    begin = f"{check.name:<{first}}  {check.status:<7}  "
    message = check.message if check.status == "passed" else check.message.replace("; ", ";\n")
    lines = [part for line in message.splitlines() for part in textwrap.wrap(line, _WIDTH - len(begin)) or [""]]
    return [(begin if number == 0 else " " * len(begin)) + line for number, line in enumerate(lines or [""])]


def _advice(check: answers.Check) -> Iterator[str]:
    yield f"  {check.name}"
    yield from (f"    {step}" for step in check.advice)
