"""How commands reach the warehouse: the same settings and environment variables as the provider
block.
"""

import argparse
import os

from veil.cli.errors import CliError
from veil.governance import Governance
from veil.plugin import PluginError
from veil.resources.local_engine import is_up
from veil.resources.provider import ProviderModel, settings_of
from veil.warehouse import Settings, connect

ENGINES = ("redshift", "local")


def add_connection_arguments(parser: argparse.ArgumentParser) -> None:
    """Options that say where the warehouse is. A password is only taken from the environment."""
    parser.add_argument(
        "--engine",
        choices=ENGINES,
        help="VEIL_ENGINE; else local where no host is named and `veil local up` runs an engine, and redshift",
    )
    parser.add_argument("--host", help="the cluster's endpoint (REDSHIFT_HOST)")
    parser.add_argument("--port", type=int, help="its port (REDSHIFT_PORT, 5439)")
    parser.add_argument("--database", help="the governed database (REDSHIFT_DATABASE)")
    parser.add_argument("--no-ssl", action="store_true", help="speak no TLS, as to an embedded engine")
    parser.add_argument("--username", help="the account to sign in with (REDSHIFT_USER)")


def _engine(options: argparse.Namespace) -> str:
    """Which engine is meant. Raises CliError where VEIL_ENGINE names none."""
    chosen: str | None = options.engine or os.environ.get("VEIL_ENGINE")
    if chosen:
        if chosen not in ENGINES:
            raise CliError(
                "VEIL_ENGINE names no engine", f"It is {chosen!r}. Set it to redshift or local, or unset it."
            )
        return chosen
    names_a_host = options.host or os.environ.get("REDSHIFT_HOST")
    return "redshift" if names_a_host or not is_up() else "local"


def open_governance(options: argparse.Namespace) -> Governance:
    """Governance of the database that the options name. Raises CliError where an option is missing
    or wrong, WarehouseError where the database cannot be reached.
    """
    settings = settings_from(options)
    governance = Governance(settings.database, lambda: connect(settings))
    governance.connect()
    return governance


def settings_from(options: argparse.Namespace) -> Settings:
    """How to connect, by the options and the environment. Raises CliError where that does not say
    enough.
    """
    config = ProviderModel.partial(
        engine=_engine(options),
        host=options.host,
        port=options.port,
        database=options.database,
        username=options.username,
        ssl=False if options.no_ssl else None,
        statement_timeout=60,
        application_name="veil",
    )
    try:
        settings = settings_of(config)
    except PluginError as problem:
        first = problem.diagnostics[0]
        raise CliError(first.summary, first.detail) from problem
    assert settings is not None
    return settings
