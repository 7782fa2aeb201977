"""`veil bootstrap-sql`: the script that lets an account without superuser's rights run veil."""

import argparse
import sys
from collections.abc import Sequence

from veil.cli.errors import CliError
from veil.cli.parsing import Parser
from veil.warehouse import SCHEMA_VERSION, Bootstrap, Layout, bootstrap_script


def main(argv: Sequence[str]) -> int:
    """Print the script. Raises CliError."""
    options = build_parser().parse_args(list(argv))
    if options.read_only_role and not options.read_only_user:
        raise CliError("--read-only-role needs --read-only-user", "Name the account that terraform plan runs with.")
    if options.applier and not options.read_only_user:
        raise CliError(
            "--applier needs --read-only-user", "It reads with the role of the account that terraform plan runs with."
        )
    if options.upgrade_from is not None and not 1 <= options.upgrade_from < SCHEMA_VERSION:
        raise CliError("Nothing to upgrade", f"This veil upgrades from versions 1 to {SCHEMA_VERSION - 1}.")
    try:
        sys.stdout.write(bootstrap_script(_wanted(options)))
    except ValueError as problem:
        raise CliError("Not a name", f"{problem}.") from problem
    return 0


def _wanted(options: argparse.Namespace) -> Bootstrap:
    reader = options.read_only_user
    layout = Layout(
        options.prefix,
        options.view_schema,
        impersonation_group=options.impersonation_group,
        read_only_role=(options.read_only_role or f"{reader}_role") if reader else None,
    )
    return Bootstrap(
        layout,
        database=options.database,
        system_user=options.system_user,
        source_schemas=tuple(options.source_schema),
        source_database=options.source_database,
        external_schemas=tuple(options.external_schema),
        read_only_user=reader,
        appliers=tuple(options.applier),
        with_accounts=not options.without_accounts and options.upgrade_from is None,
        upgrade_from=options.upgrade_from,
    )


def build_parser() -> argparse.ArgumentParser:
    """The arguments that the command takes."""
    parser = Parser(
        prog="veil bootstrap-sql",
        description="Prints the SQL that a superuser runs once: the system account with no more rights than it needs, "
        "veil's schemas with all that is in them, and an account for `terraform plan`. It connects to nothing, and "
        "passwords are placeholders.",
    )
    parser.add_argument("--database", required=True, help="the database of the views and of veil's schemas")
    parser.add_argument("--system-user", default="veil_system", help="the system account (veil_system)")
    parser.add_argument("--view-schema", default="governed", help="as in veil_integration (governed)")
    parser.add_argument("--prefix", default="immuta", help="schema_prefix of veil_integration (immuta)")
    parser.add_argument(
        "--source-schema",
        action="append",
        default=[],
        metavar="SCHEMA",
        help="a schema with tables to govern, which the system account is to read; may be repeated",
    )
    parser.add_argument("--source-database", help="where these schemas are, for multi_database")
    parser.add_argument(
        "--external-schema",
        action="append",
        default=[],
        metavar="SCHEMA",
        help="an external schema with tables to govern, for spectrum; may be repeated",
    )
    parser.add_argument("--impersonation-group", help="as in impersonation of veil_integration")
    parser.add_argument("--read-only-user", help="an account that terraform plan runs with")
    parser.add_argument("--read-only-role", help="its role (<read-only user>_role)")
    parser.add_argument(
        "--applier",
        action="append",
        default=[],
        metavar="USER",
        help="an account that applies by veil's procedures alone, with the read-only role; may be repeated",
    )
    parser.add_argument(
        "--without-accounts", action="store_true", help="leave out users, roles and groups: they are there"
    )
    parser.add_argument(
        "--upgrade-from", type=int, metavar="VERSION", help="upgrade schemas that are there of this version"
    )
    return parser
