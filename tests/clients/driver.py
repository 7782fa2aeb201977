"""AWS's Python driver: its own integration tests, but those that need an identity provider."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from tests.clients.place import MINUTES, MissingError, Place
from tests.clients.trying import Outcome
from veil.local.cluster.binaries import psql

REPOSITORY = "amazon-redshift-python-driver"
REQUIREMENTS = ("pytest==8.4.2", "pytest-mock==3.15.1", "pandas==2.3.3", "numpy==2.3.5", "boto3==1.44.5")
NEED_AN_IDENTITY_PROVIDER = ("plugin", "test_idp_token_auth_integration.py")
PORT = 5439  # where the tests of data types have psql make their tables, whatever the configuration says
_DATABASE = "dev"  # what the tests take the cluster's to be


def run(place: Place) -> Outcome:
    """Runs the tests of the checkout with the driver of the checkout."""
    return _run(place, "test/integration", ("metadata", *NEED_AN_IDENTITY_PROVIDER))


def run_metadata(place: Place) -> Outcome:
    """The tests of the driver's metadata functions alone."""
    return _run(place, "test/integration/metadata", ())


def _run(place: Place, what: str, without: tuple[str, ...]) -> Outcome:
    checkout = place.checkout(REPOSITORY, "test/integration")
    programs = place.environment("driver", (*REQUIREMENTS, "-e", str(checkout)))
    (checkout / "test" / "config.ini").write_text(_configuration(place), encoding="utf-8")
    settings = place.folder / "driver-pytest.ini"
    settings.write_text("[pytest]\n", encoding="utf-8")
    ignored = [f"--ignore=test/integration/{name}" for name in without]
    command = [str(programs / "python"), "-m", "pytest", "-c", str(settings), f"--rootdir={checkout}", "-q", "-rA"]
    plugin = ["-p", "every", "-p", "no:cacheprovider", "--tb=no", *ignored, what]
    done = subprocess.run(
        [*command, *plugin],
        cwd=checkout,
        env=_variables(place),
        capture_output=True,
        text=True,
        check=False,
        timeout=180 * MINUTES,
    )
    outcome = Outcome(_tried(done.stdout))
    if not outcome.tried:
        raise MissingError(f"pytest ran none of the driver's tests: {(done.stdout + done.stderr)[-2000:]}")
    return outcome


def _variables(place: Place) -> dict[str, str]:
    """The environment of the tests, in which psql is found."""
    variables = place.variables
    return variables | {
        "PATH": os.pathsep.join((variables.get("PATH", ""), str(psql().parent))),
        "PYTHONPATH": str(Path(__file__).parent / "programs"),
        "VEIL_EVERY": str(place.sample),
    }


def _tried(printed: str) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for line in printed.splitlines():
        how, _, rest = line.partition(" ")
        if how in ("PASSED", "FAILED", "ERROR") and "::" in rest:
            name, _, error = rest.partition(" - ")
            found[name] = None if how == "PASSED" else error or "failed"
    return found


def _configuration(place: Place) -> str:
    address = place.address
    signing_in = f"database = {_DATABASE}\nhost = {address.host}\n"
    return (
        f"[ci-cluster]\n{signing_in}test_user = {address.username}\ntest_password = {address.password}\n"
        "region = us-east-1\ncluster_identifier = none\n"
        f"[default-test]\nport = {address.port}\nssl = False\nsslmode = disable\n"
        f"[performance-database]\n{signing_in}user = {address.username}\npassword = {address.password}\n"
        "ssl = False\nsslmode = disable\n"
    )
