"""Policies that other systems publish, said in veil's language, in one apply: each user sees what
the example promises.
"""

import json
from collections.abc import Callable, Iterator
from types import ModuleType

import pytest
import redshift_connector

from tests.acceptance.conftest import Database, header
from tests.acceptance.published import bigquery, databricks, immuta, others, ranger, redshift, snowflake
from tests.acceptance.published.example import PEOPLE, Example, configuration, statements
from tests.acceptance.terraform import Workspace

MODULES: tuple[ModuleType, ...] = (bigquery, databricks, immuta, others, ranger, redshift, snowflake)
EXAMPLES: dict[str, Example] = {
    f"{module.__name__.rpartition('.')[2]}: {each.name}": each for module in MODULES for each in module.EXAMPLES
}
People = dict[str, redshift_connector.Connection]


@pytest.fixture(scope="module")
def people(new_database: Callable[[], Database], new_workspace: Callable[[], Workspace]) -> Iterator[People]:
    """A connection of each user to a warehouse in which all examples are published."""
    database, workspace = new_database(), new_workspace()
    database.run("CREATE SCHEMA sec", *(line for each in EXAMPLES.values() for line in statements(each)))
    workspace.write(header(database))
    workspace.write(json.dumps(configuration(EXAMPLES.values()), indent=2), "examples.tf.json")
    assert (done := workspace.apply()), done.text
    assert (again := workspace.plan()).code == 0, again.text
    connections = {user: database.connect(user) for user in (*PEOPLE, "erin")}
    yield connections
    for connection in connections.values():
        connection.close()


@pytest.mark.parametrize("name", EXAMPLES)
def test_each_user_sees_what_the_example_promises(people: People, name: str):
    example, seen = EXAMPLES[name], {}
    for user, connection in people.items():
        with connection.cursor() as cursor:
            cursor.execute(example.query)
            seen[user] = [tuple(row) for row in cursor.fetchall()]
    assert seen == {**{user: example.expected(user) for user in PEOPLE}, "erin": []}
