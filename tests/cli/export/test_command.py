"""The provider block that an export begins with, and what it tells of closed data sources."""

from argparse import Namespace
from dataclasses import replace

from tests.governance.installation.test_taken import CLOSING, deployed, with_closing
from veil.cli.export.command import _closed, provider_block


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


def test_what_is_closed_for_the_integration_is_not_told_as_a_policy_that_failed():
    (line,) = _closed(with_closing(deployed(), CLOSING))
    assert line.startswith("raw.people: It is closed and shows no rows: bob had it.")
    assert "policy" not in line and 'reopen = ["c1"] in the data source' in line
    failed = replace(CLOSING, owner="owner", kind="masking_policy", name="m", reason="No such column.")
    (line,) = _closed(with_closing(deployed(), failed))
    assert 'the masking policy "m", which would have covered it, could not be applied (No such column)' in line
    assert line.endswith("That policy is not written here as it was to be.")
