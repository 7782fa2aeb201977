"""The first messages of a connection: what Redshift's drivers send, PostgreSQL does not know and
the gateway answers.
"""

from __future__ import annotations

from veil.local.gateway import wire

SERVER_VERSION = "8.0.2"
SHOW_DISCOVERY = "4"  # which of the SHOW commands there are: all; Amazon's drivers ask for these then, SHOW PARAMETERS being the latest
VERSION = "1.0.204000"  # as version() has it
IDENTITY = (("padb_version", VERSION), ("padb_revision", VERSION))
"""What clients know a Redshift by, and Amazon's ODBC driver its version
(amazon-redshift-odbc-driver, rsinfo.c; asyncpg).
"""
OTHER_DATABASES = (
    "datashare_enabled",
    "on",
)  # by which Amazon's drivers know that they may ask for the metadata of other databases

# PostgreSQL refuses a connection that names a parameter it does not know, and Amazon's drivers send
# several (client_protocol_version, driver_version, os_version, plugin_name, ...); so only these are
# passed on.
_PASSED_ON = frozenset(
    {
        "application_name",
        "client_encoding",
        "database",
        "datestyle",
        "extra_float_digits",
        "geqo",
        "options",
        "search_path",
        "statement_timeout",
        "timezone",
        "user",
    }
)


def accepted(parameters: dict[str, str]) -> dict[str, str]:
    """The startup parameters that are passed on."""
    return {name: value for name, value in parameters.items() if name.lower() in _PASSED_ON}


def parameter_status(whole: bytes) -> bytes:
    """A ParameterStatus message as Redshift would send it; after the version, what else tells
    clients what this is and can do.
    """
    name, _ = wire.read_text(whole, 5)
    if name != "server_version":
        return whole
    parameters = ((name, SERVER_VERSION), *IDENTITY, ("show_discovery", SHOW_DISCOVERY), OTHER_DATABASES)
    return b"".join(_status(each, value) for each, value in parameters)


def _status(name: str, value: str) -> bytes:
    return wire.message(b"S", wire.text(name) + wire.text(value))
