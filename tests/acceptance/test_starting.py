"""A process imports what its calls need. For a plan Terraform starts one that only tells the
schema, one that validates, and one that reads and plans.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.conftest import Database, header
from tests.acceptance.terraform import ADDRESS, Workspace
from veil.local import Engine

PROFILE = """
resource "veil_user_profile" "ann" {
  integration = veil_integration.main.id
  user        = "ann"
  groups      = ["analysts"]
}
"""
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def processes(
    new_database: object, engine: Engine, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[list[frozenset[str]]]:
    """The modules of each process that a plan with a password starts, in the order in which they
    ended.
    """
    database = new_database()  # type: ignore[operator]
    folder = tmp_path_factory.mktemp("starting")
    launcher, config, modules = folder / "terraform-provider-veil", folder / "terraform.rc", folder / "modules"
    launcher.write_text(
        f'#!/bin/sh\nexec "{sys.executable}" "{Path(__file__).with_name("listing_provider.py")}" "$@"\n'
    )
    launcher.chmod(0o755)
    config.write_text(f'provider_installation {{\n  dev_overrides {{ "{ADDRESS}" = "{folder}" }}\n  direct {{}}\n}}\n')
    modules.mkdir()
    environment = {
        "VEIL_LOCAL_DIR": str(engine.directory),
        "MODULES": str(modules),
        "PYTHONPATH": str(with_plugin_of_pydantic(folder / "packages")),
    }
    workspace = Workspace(folder / "workspace", config, environment)
    workspace.write(configuration(database))
    assert (planned := workspace.plan()).code == 2, planned.text
    ended = sorted(modules.iterdir(), key=lambda path: path.stat().st_mtime_ns)
    yield [frozenset(path.read_text(encoding="utf-8").splitlines()) for path in ended]


def with_plugin_of_pydantic(folder: Path) -> Path:
    """A folder with a package that says of itself that it is a plugin of pydantic's."""
    described = folder / "intruder-1.0.dist-info"
    described.mkdir(parents=True)
    (described / "METADATA").write_text("Metadata-Version: 2.1\nName: intruder\nVersion: 1.0\n")
    (described / "entry_points.txt").write_text("[pydantic]\nintruder = intruder:PLUGIN\n")
    (folder / "intruder.py").write_text("class PLUGIN:\n    pass\n")
    return folder


def configuration(database: Database) -> str:
    return header(database) + PROFILE


def packages(modules: frozenset[str]) -> set[str]:
    """The packages of ours, and the libraries."""
    ours = {".".join(name.split(".")[:2]) for name in modules if name.startswith("veil.")}
    return ours | {name.partition(".")[0] for name in modules} - {"veil"}


def test_a_plan_starts_three_processes(processes: list[frozenset[str]]) -> None:
    assert len(processes) == 3


def test_the_schema_is_told_without_a_model(processes: list[frozenset[str]]) -> None:
    schema = processes[0]
    assert {name for name in schema if name.startswith("veil.") and not name.startswith("veil.plugin")} == {
        "veil.resources",
        "veil.resources.serve",
    }
    assert not packages(schema) & {"pydantic", "google", "msgpack", "asyncio", "redshift_connector"}


def test_a_block_is_validated_without_what_plans_and_publishes(processes: list[frozenset[str]]) -> None:
    validating = processes[1]
    assert "veil.resources.user_profile" in validating
    assert not packages(validating) & {
        "veil.compiler",
        "veil.diff",
        "veil.language",
        "veil.oracle",
        "veil.policy",
        "veil.warehouse",
        "asyncio",
        "boto3",
        "redshift_connector",
        "requests",
    }
    assert "veil.governance.service" not in validating


def test_no_process_runs_what_calls_itself_a_plugin_of_a_library(processes: list[frozenset[str]]) -> None:
    assert [number for number, modules in enumerate(processes) if "intruder" in modules] == []


def test_a_plan_with_a_password_needs_no_plugin_for_other_ways_to_sign_in(processes: list[frozenset[str]]) -> None:
    planning = processes[2]
    assert "redshift_connector.core" in planning
    foreign = {"asn1crypto", "asyncio", "boto3", "botocore", "bs4", "lxml", "requests", "scramp", "sqlglot", "urllib3"}
    assert not packages(planning) & foreign
    plugins = {name.removeprefix("redshift_connector.plugin.") for name in planning if ".plugin." in name} - planning
    # What the driver itself tells plugins by. None of them signs in to anything.
    assert plugins == {
        "credential_provider_constants",
        "i_native_plugin",
        "i_plugin",
        "idp_credentials_provider",
        "saml_credentials_provider",
    }
