"""Descriptions of data sources are comments on their views: for everybody to read, found where
altered, and repaired.
"""

import pytest

from tests.acceptance.conftest import Database, header
from tests.acceptance.terraform import Workspace

SOURCE = """
resource "veil_data_source" "customers" {
  integration = veil_integration.main.id
  schema      = "raw"
  table       = "customers"
  %s
}
"""
TOLD = "SELECT obj_description('governed.customers'::regclass)"
WORDS = 'It\'s all customers; \\\\ and -- what they \\"bought\\".\\nA second line.'
SAID = 'It\'s all customers; \\ and -- what they "bought".\nA second line.'


def told(database: Database, user: str | None = None) -> str | None:
    """The comment on the view, as a user reads it."""
    ((found,),) = database.query(TOLD, user) if user is not None else database.query(TOLD)
    return found


def test_a_description_is_the_comment_on_the_view(database: Database, workspace: Workspace):
    def apply(body: str) -> None:
        workspace.write(header(database) + SOURCE % body)
        assert (done := workspace.apply()), done.text
        assert (planned := workspace.plan()).code == 0, planned.text

    apply(f'description = "{WORDS}"\n  columns = {{ id = {{ description = "The key." }} }}')
    assert told(database, "bob") == SAID

    database.run("COMMENT ON VIEW governed.customers IS 'Ask eve for access.'")
    planned = workspace.plan()
    assert "the comment on the view governed.customers is not its description" in planned.text
    assert (done := workspace.apply()), done.text
    assert told(database) == SAID

    apply('description = "Customers."')
    assert told(database) == "Customers."
    apply("")
    assert told(database) is None

    database.run("COMMENT ON VIEW governed.customers IS 'Ask eve for access.'")
    assert "the comment on the view governed.customers is not its description" in workspace.plan().text
    assert (done := workspace.apply()), done.text
    assert told(database) is None


@pytest.mark.parametrize("body", ['description = "a\\u001bb"', 'columns = { id = { description = "a\\u0007b" } }'])
def test_control_characters_are_refused_by_validate(database: Database, workspace: Workspace, body: str):
    workspace.write(header(database) + SOURCE % body)
    done = workspace.validate()
    assert not done
    assert "This description cannot be a comment in the warehouse: it contains a control character." in " ".join(
        done.text.split()
    )
