"""The examples of the registry pages are one configuration: valid, applicable, and importable as
each import.sh says.
"""

import re
import shlex
import shutil
import subprocess
from collections.abc import Callable, Iterator, Set
from pathlib import Path

import pytest

from tests.acceptance.conftest import Database
from tests.acceptance.terraform import Workspace, find_terraform

EXAMPLES = Path(__file__).parents[2] / "examples"
DOCS = Path(__file__).parents[2] / "docs"
PAGES = [path for path in EXAMPLES.glob("*/*/*.tf") if path.parts[-3] != "modules"]
CONFIGURATIONS = sorted([*PAGES, EXAMPLES / "provider" / "provider.tf"])
WITH_MODULES = sorted(path.parent.name for path in EXAMPLES.glob("*/main.tf") if "../modules/" in path.read_text())
DATA = sorted([*EXAMPLES.glob("resources/*/*.csv"), *EXAMPLES.glob("data-sources/*/*.json")])
IMPORTS = sorted(EXAMPLES.glob("resources/*/import.sh"))

ELSEWHERE = frozenset(
    {
        # It looks for an integration that the same configuration is about to make.
        "data-sources/veil_integration/data-source.tf",
        # It asks a data catalog.
        "data-sources/veil_catalog_tags/data-source.tf",
    }
)
"""Examples that need more around them than an engine."""


def gather(workspace: Workspace, but: Set[str] = frozenset()) -> Workspace:
    """Put all examples but some into the workspace."""
    for path in CONFIGURATIONS:
        name = str(path.relative_to(EXAMPLES))
        if name not in but:
            workspace.write(path.read_text(), name.replace("/", "-"))
    for path in DATA:
        workspace.write(path.read_text(), path.name)
    return workspace


def point_at(workspace: Workspace, database: Database) -> None:
    """Override where the examples say that the warehouse is."""
    workspace.write(
        f"""
        provider "veil" {{
          engine   = "local"
          database = "{database.name}"
        }}
        resource "veil_integration" "main" {{
          database = "{database.name}"
        }}
        """,
        "local_override.tf",
    )


def test_the_examples_are_formatted() -> None:
    program = find_terraform()
    if program is None:
        pytest.skip("neither terraform nor tofu is on the PATH")
    ended = subprocess.run(
        [program, "fmt", "-check", "-recursive", "-diff", EXAMPLES], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stdout


def test_the_examples_are_valid_without_a_warehouse(tmp_path: Path, cli_config: Path) -> None:
    done = gather(Workspace(tmp_path / "all", cli_config, {"VEIL_LOCAL_DIR": str(tmp_path / "none")})).validate()
    assert done, done.text


def test_the_quickstart_is_valid_without_a_warehouse(tmp_path: Path, cli_config: Path) -> None:
    workspace = Workspace(tmp_path / "quickstart", cli_config, {"VEIL_LOCAL_DIR": str(tmp_path / "none")})
    workspace.write((EXAMPLES / "quickstart" / "main.tf").read_text())
    done = workspace.validate()
    assert done, done.text


@pytest.mark.parametrize("name", WITH_MODULES)
def test_an_example_with_modules_is_valid_without_a_warehouse(tmp_path: Path, cli_config: Path, name: str) -> None:
    shutil.copytree(EXAMPLES / "modules", tmp_path / "modules")
    workspace = Workspace(tmp_path / name, cli_config, {"VEIL_LOCAL_DIR": str(tmp_path / "none")})
    workspace.write((EXAMPLES / name / "main.tf").read_text())
    assert (done := workspace.run("get")), done.text
    done = workspace.validate()
    assert done, done.text


@pytest.fixture
def applied(database: Database, workspace: Workspace) -> Iterator[Workspace]:
    gather(workspace, but=ELSEWHERE)
    point_at(workspace, database)
    # RAW is a reserved word of Redshift's, so the examples name no schema that.
    database.run('ALTER SCHEMA "raw" RENAME TO src')
    done = workspace.apply()
    assert done, done.text
    yield workspace
    workspace.destroy()


def test_the_examples_can_be_applied_and_importing_them_changes_nothing(
    applied: Workspace, database: Database, new_workspace: Callable[[], Workspace]
) -> None:
    planned = applied.plan()
    assert planned.code == 0, planned.text

    other = gather(new_workspace(), but=ELSEWHERE)
    point_at(other, database)
    commands = [command for path in IMPORTS for command in import_commands(path)]
    other.write("\n".join(documented_blocks(path) for path in sorted(DOCS.glob("resources/*.md"))), "imports.tf")
    imported = {address for address, _ in commands}
    left = {address: actions for address, actions in other.actions().items() if address in imported}
    assert left == {}


def documented_blocks(page: Path) -> str:
    """The import blocks of a resource's page."""
    section = page.read_text().partition("\n## Import\n")[2]
    return section.partition("```terraform\n")[2].partition("```")[0]


def test_the_import_blocks_of_each_page_import_what_its_commands_do() -> None:
    pages = {page: documented_blocks(page) for page in DOCS.glob("resources/*.md")}
    assert len(pages) == len(IMPORTS)
    for page, blocks in pages.items():
        (script,) = EXAMPLES.glob(f"resources/veil_{page.stem}/import.sh")
        found = re.findall(r'import \{\n  to = (\S+)\n  id = "(.*)"\n\}', blocks)
        assert [(address, name.replace('\\"', '"')) for address, name in found] == import_commands(script)


def import_commands(path: Path) -> list[tuple[str, str]]:
    """The addresses and names of the `terraform import` commands in a script."""
    lines = (line for line in path.read_text().splitlines() if line.startswith("terraform import "))
    return [(words[2], words[3]) for words in map(shlex.split, lines)]


def test_each_import_script_imports_a_resource_of_its_example() -> None:
    for path in IMPORTS:
        commands = import_commands(path)
        assert commands, path
        declared = (path.parent / "resource.tf").read_text()
        for address, _ in commands:
            kind, name = address.split(".")
            assert f'resource "{kind}" "{name}"' in declared
