"""Signing in to a warehouse, and what to tell people when that fails."""

import logging
import os
import socket
import ssl
from typing import Any

from veil.warehouse.driver import load_driver
from veil.warehouse.errors import WarehouseError, from_server
from veil.warehouse.settings import Settings

_log = logging.getLogger("terraform.provider.veil")

_GRACE = 30
"""Seconds the socket waits beyond statement_timeout, so that the server's own error arrives
first.
"""

_SSLMODES = ("verify-full", "verify-ca")


def open_connection(settings: Settings) -> Any:
    """A redshift_connector connection in autocommit mode: transactions are ours to begin and end.
    Temporary credentials must have become a user and a password (temporary.signed_in).

    Raises WarehouseError, whose title says which of the usual causes it was. Wrong passwords are
    not tried again: Redshift locks users out.
    """
    if settings.ssl and settings.sslmode not in _SSLMODES:
        # The driver would answer any other mode with an unencrypted connection.
        raise WarehouseError(
            "Unknown sslmode", f"sslmode is {settings.sslmode!r}; it must be one of: {', '.join(_SSLMODES)}."
        )
    driver = load_driver()
    # At debug level the driver logs whole statements, which hold what users may see and seeds of
    # salts.
    logging.getLogger("redshift_connector").setLevel(logging.WARNING)
    try:
        connection = driver.connect(**_arguments(settings))
    except Exception as error:
        _log.debug("the driver did not connect: %s", type(error).__name__)
        raise _explain(settings, error) from error
    connection.autocommit = True
    # `timeout` above has to be the short one for connecting; the driver has no other way to set the
    # one for statements.
    connection._usock.settimeout(settings.statement_timeout + _GRACE)
    return connection


def _arguments(settings: Settings) -> dict[str, Any]:
    arguments: dict[str, Any] = {
        "host": settings.host,
        "port": settings.port,
        "database": settings.database,
        "user": settings.username,
        "password": settings.password,
        "ssl": settings.ssl,
        "timeout": settings.connect_timeout,
        "application_name": settings.application_name,
        "tcp_keepalive": True,
        # Prepared statements would outlive the objects that they name.
        "max_prepared_statements": 0,
    }
    if settings.ssl:
        arguments["sslmode"] = settings.sslmode
    return arguments


def _explain(settings: Settings, error: Exception) -> WarehouseError:
    first = error.args[0] if error.args else None
    if isinstance(first, dict):
        return _refused_by_server(settings, first)
    cause = next((each for each in (error, *error.args) if isinstance(each, OSError)), None)
    if isinstance(cause, socket.gaierror):
        return WarehouseError(
            "Unknown host", f"There is no host named {settings.host!r}. Check the provider's host.", lost=True
        )
    if isinstance(cause, TimeoutError):
        return WarehouseError(
            "The warehouse does not answer",
            f"{settings.place} did not answer within {settings.connect_timeout} seconds. Check the host, the port, and "
            "whether a firewall or security group lets this machine in.",
            lost=True,
        )
    if isinstance(cause, ConnectionRefusedError):
        return WarehouseError(
            "Nothing listens there",
            f"{settings.place} refused the connection: the warehouse is not running, or its port is another one.",
            lost=True,
        )
    if isinstance(cause, ssl.SSLError) or "SSL" in str(first):
        return WarehouseError(
            "No encrypted connection",
            f"{settings.place} and this machine could not agree on TLS{_tls_reason(cause)}. Check the host name and "
            "sslmode.",
        )
    return WarehouseError(
        "No connection to the warehouse",
        f"{settings.place} {_how_it_ended(cause)} before the provider had signed in. Check the host and the port, and whether the "
        "warehouse is available and reachable from this machine.",
        lost=True,
    )


def _tls_reason(cause: OSError | None) -> str:
    """What the TLS library has against the other side, in parentheses; nothing where it does not
    say.
    """
    reason = getattr(cause, "verify_message", "") or (getattr(cause, "reason", None) or "").replace("_", " ").lower()
    return f" ({reason})" if reason else ""


def _how_it_ended(cause: OSError | None) -> str:
    """What became of the connection, by the number that the operating system gave."""
    if cause is None or cause.errno is None:
        return "ended the connection"
    return f"could not be reached ({os.strerror(cause.errno).lower()})"


def _refused_by_server(settings: Settings, fields: dict[str, str]) -> WarehouseError:
    state, message = fields.get("C", ""), fields.get("M", "")
    if state in ("28000", "28P01"):
        return WarehouseError(
            "The warehouse did not accept the password",
            f"{settings.place} does not let user {settings.username!r} in with these credentials ({message}). Check "
            "username and password.",
            sqlstate=state,
        )
    if state == "3D000":
        return WarehouseError(
            "Unknown database",
            f"{settings.place} has no database named {settings.database!r}. Check the provider's database.",
            sqlstate=state,
        )
    return from_server(fields)
