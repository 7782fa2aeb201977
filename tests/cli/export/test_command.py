"""The provider block that an export begins with."""

from argparse import Namespace

from veil.cli.export.command import provider_block


def options(**given: object) -> Namespace:
    return Namespace(**{"engine": "redshift", "host": None, "port": None, "username": None, "no_ssl": False} | given)


def test_it_holds_what_was_said_on_the_command_line_and_no_password():
    text = provider_block(options(host="h", port=5440, username="veil", no_ssl=True), "analytics")
    assert text == (
        "# The password comes from the environment variable REDSHIFT_PASSWORD.\n"
        'provider "veil" {\n  host     = "h"\n  port     = 5440\n  ssl      = false\n  database = "analytics"\n'
        '  username = "veil"\n}\n'
    )


def test_what_comes_from_the_environment_stays_there():
    assert provider_block(options(engine="local"), "analytics") == (
        'provider "veil" {\n  engine   = "local"\n  database = "analytics"\n}\n'
    )
