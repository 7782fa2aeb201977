"""What README.md tells a reader to write works as written."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.acceptance.conftest import PASSWORD, Database
from tests.acceptance.terraform import Workspace


@pytest.fixture(scope="module")
def new_workspace(new_starting_workspace: Callable[[], Workspace]) -> Callable[[], Workspace]:
    return new_starting_workspace


README = (Path(__file__).parents[2] / "README.md").read_text()
HCL = re.findall(r"```terraform\n(.*?)```", README, re.DOTALL)
SQL = re.findall(r"```sql\n(.*?)```", README, re.DOTALL)
USERS = (
    "CREATE TABLE src.users (userid INTEGER, email VARCHAR(50), state CHAR(2))",
    "INSERT INTO src.users VALUES (1, 'ann@example.org', 'WA'), (2, 'ben@example.org', 'OR')",
)


@pytest.fixture
def prepared(database: Database) -> Database:
    """A database with the table, the analyst, and the system account with the privileges that the
    README grants.
    """
    # RAW is a reserved word of Redshift's, so the documentation names no schema that.
    database.run('ALTER SCHEMA "raw" RENAME TO src', *USERS)
    privileges = SQL[0].replace("'...'", f"'{PASSWORD}'").replace("DATABASE analytics", f"DATABASE {database.name}")
    there = {row[0] for row in database.query("SELECT usename FROM pg_user")}
    database.run(*([] if "cleo" in there else [f"CREATE USER cleo PASSWORD '{PASSWORD}'"]))
    statements = [each.strip() for each in privileges.split(";") if each.strip()]
    database.run(*(each for each in statements if not ("veil" in there and each.startswith("CREATE USER"))))
    return database


def test_the_example_protects_a_table_with_no_more_privileges_than_the_readme_grants(
    prepared: Database, new_workspace: Callable[[], Workspace]
) -> None:
    workspace = new_workspace()
    workspace.environment["REDSHIFT_PASSWORD"] = PASSWORD
    example, provider = HCL
    workspace.write(example.replace('"analytics"', f'"{prepared.name}"'))
    workspace.write(
        'terraform {\n  required_providers { veil = { source = "veil-data/veil" } }\n}\n'
        + re.sub(r'"analytics\.\S+"', f'"{prepared.address.host}"', provider).replace(
            '"analytics"', f'"{prepared.name}"\n  port = {prepared.address.port}\n  ssl = false'
        ),
        "provider.tf",
    )

    done = workspace.apply()
    assert done, done.text
    assert prepared.query("SELECT userid, email FROM governed.users", "cleo") == [(1, "ann@example.org")]
    assert "permission denied" in prepared.refusal("SELECT * FROM src.users", "cleo")
    planned = workspace.plan()
    assert planned.code == 0, planned.text
    destroyed = workspace.destroy()
    assert destroyed, destroyed.text
    assert prepared.query("SELECT nspname FROM pg_namespace WHERE nspname IN ('governed', 'immuta_system')") == []
