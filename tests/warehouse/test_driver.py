"""The driver is imported without its plugins, and has them all the same when somebody asks."""

import subprocess
import sys

import pytest

from veil.warehouse.driver import load_driver

_LARGE = "{'boto3', 'botocore', 'requests', 'scramp', 'asn1crypto'}"


def run(*lines: str) -> None:
    """In a process of its own: this one has imported the driver as it comes."""
    code = "\n".join(["import sys", "from veil.warehouse.driver import load_driver", *lines])
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_driver_is_imported_without_plugins() -> None:
    run(
        "driver = load_driver()",
        f"assert not sys.modules.keys() & {_LARGE}",
        "assert driver is sys.modules['redshift_connector'] and callable(driver.connect)",
    )


@pytest.mark.parametrize("name", ["BrowserIdcAuthPlugin", "OktaCredentialsProvider", "IdpTokenAuthPlugin"])
def test_a_plugin_is_there_when_it_is_asked_for(name: str) -> None:
    run(
        "driver = load_driver()",
        f"found = driver.plugin.{name}",
        "import redshift_connector.plugin",
        f"assert redshift_connector.plugin.{name} is found and isinstance(found, type)",
    )


def test_what_no_plugin_is_called_is_missing() -> None:
    run("assert not hasattr(load_driver().plugin, 'Nobody')")


def test_a_server_that_asks_for_scram_is_answered() -> None:
    run(
        "client = load_driver().core.ScramClient(['SCRAM-SHA-256'], 'ann', 'secret')",
        "assert client.get_client_first().startswith('n,,n=')",
        "import scramp",
        "assert type(client) is scramp.core.ScramClient",
    )


def test_a_driver_that_is_imported_already_is_taken_as_it_is() -> None:
    import redshift_connector

    assert load_driver() is redshift_connector


def test_connections_that_are_made_at_once_import_it_once() -> None:
    run(
        "from concurrent.futures import ThreadPoolExecutor",
        "with ThreadPoolExecutor(8) as threads:",
        "    found = list(threads.map(lambda _: load_driver().connect, range(8)))",
        "assert len(set(found)) == 1",
    )
