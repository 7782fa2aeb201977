"""The first messages of a connection: what Redshift's drivers send, PostgreSQL does not know and the gateway answers."""

from __future__ import annotations

from veil.local.gateway import wire

SERVER_VERSION = "8.0.2"
SHOW_DISCOVERY = (
    "4"  # which of the SHOW commands there are: all up to SHOW PARAMETERS; Amazon's drivers ask for these then
)
OTHER_DATABASES = (
    "datashare_enabled",
    "on",
)  # by which Amazon's drivers know that they may ask for the metadata of other databases

# PostgreSQL refuses a connection that names a parameter it does not know, and Amazon's drivers send several
# (client_protocol_version, driver_version, os_version, plugin_name, ...); so only these are passed on.
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
    """A ParameterStatus message as Redshift would send it; after the version, what the version says of the SHOW commands."""
    name, _ = wire.read_text(whole, 5)
    if name != "server_version":
        return whole
    return _status(name, SERVER_VERSION) + _status("show_discovery", SHOW_DISCOVERY) + _status(*OTHER_DATABASES)


def _status(name: str, value: str) -> bytes:
    return wire.message(b"S", wire.text(name) + wire.text(value))
