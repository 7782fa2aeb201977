"""A plan warns of names that nobody has, and of profiles for users whom the warehouse does not
have.
"""

import pytest

from tests.acceptance.conftest import Database, header
from tests.acceptance.terraform import Run, Workspace

GOVERNED = """
resource "veil_data_source" "customers" {
  integration = veil_integration.main.id
  schema      = "raw"
  table       = "customers"
  tags        = ["sales"]
  columns     = { email = { tags = ["pii.email"] }, territory = { tags = ["geo"] } }
}
resource "veil_subscription_policy" "analysts" {
  integration = veil_integration.main.id
  name        = "analysts"
  applies_to  = { data_source_tags = ["sales"] }
  access      = "conditions"
  expression  = "@isInGroups('analysts')"
}
resource "veil_masking_policy" "emails" {
  integration = veil_integration.main.id
  name        = "emails"
  applies_to  = { column_tags = ["pii.email"] }
  mask        = { hash = {} }
  exceptions  = { groups = ["privacy"] }
}
resource "veil_row_policy" "own" {
  integration = veil_integration.main.id
  name        = "own"
  applies_to  = { column_tags = ["geo"] }
  show        = { user_matches = [{ attribute = "territory", column_tag = "geo" }] }
}
resource "veil_user_profile" "alice" {
  integration = veil_integration.main.id
  user        = "alice"
  groups      = ["analysts", "privacy"]
  attributes  = { territory = ["US"] }
}
"""
MISSPELT = {
    "'analysts'": "'analists'",
    '["privacy"]': '["Privacy"]',
    '"territory", column_tag': '"teritory", column_tag',
    '"alice"\n': '"Alice"\n',
}
TOLD = (
    'Warning: No profile holds the attribute "teritory", and 2 more such names',
    '- attribute "teritory": row policy "own". Did you mean "territory"?',
    '- group "Privacy": masking policy "emails". Did you mean "privacy"?',
    '- group "analists": subscription policy "analysts". Did you mean "analysts"?',
    'Warning: The warehouse has no user "Alice"',
    '- "Alice". Did you mean "alice"?',
)


def misspelt(text: str) -> str:
    for right, wrong in MISSPELT.items():
        assert right in text
        text = text.replace(right, wrong)
    return text


def warnings(run: Run) -> list[str]:
    """The titles of the warnings, but for that of Terraform itself about this test's provider."""
    titles = [line.removeprefix("Warning: ") for line in run.text.splitlines() if line.startswith("Warning: ")]
    return [each for each in titles if each != "Provider development overrides are in effect"]


def quiet(database: Database) -> str:
    return header(database).replace('engine   = "local"', 'engine   = "local"\n  unknown_names = "ignore"')


@pytest.fixture
def right(database: Database, workspace: Workspace) -> str:
    """What is right and has been applied."""
    text = header(database) + GOVERNED
    workspace.write(text)
    assert (done := workspace.apply()), done.text
    assert warnings(done) == []
    return text


def test_the_first_plan_tells_of_each_misspelt_name_once_and_of_none_that_is_right(
    database: Database, workspace: Workspace
):
    workspace.write(header(database) + misspelt(GOVERNED))
    planned = workspace.plan()
    assert planned.code == 2, planned.text
    for line in TOLD:
        assert planned.text.count(line) == 1, (line, planned.text)
    workspace.write(quiet(database) + misspelt(GOVERNED))
    assert warnings(workspace.plan()) == []


def test_a_name_that_is_misspelt_later_is_told_beside_what_is_deployed(right: str, workspace: Workspace):
    empty = workspace.plan()
    assert empty.code == 0 and warnings(empty) == [], empty.text
    workspace.write(right.replace('["privacy"]', '["Privacy"]'))
    planned = workspace.plan()
    assert planned.code == 2 and warnings(planned) == ['No profile holds the group "Privacy"'], planned.text
    assert 'Did you mean "privacy"?' in planned.text and "have been planned so far" in planned.text


def test_the_end_of_the_last_profile_that_holds_a_name_is_told(right: str, workspace: Workspace):
    workspace.write(right.replace('["analysts", "privacy"]', '["analysts"]'))
    planned = workspace.plan()
    assert planned.code == 2 and warnings(planned) == ['No profile holds the group "privacy"'], planned.text


def test_a_profile_that_is_replaced_leaves_no_warning_untold(right: str, workspace: Workspace):
    """Terraform plans what it replaces twice, and passes over the warnings of the second plan."""
    workspace.write(right.replace('"alice"\n', '"Alice"\n').replace("'analysts'", "'analists'"))
    planned = workspace.plan()
    assert planned.code == 2 and "must be replaced" in planned.text, planned.text
    titles = ['No profile holds the group "analists"', 'The warehouse has no user "Alice"']
    assert sorted(warnings(planned)) == titles, planned.text


def test_groups_that_are_not_known_yet_may_have_any_name(right: str, workspace: Workspace):
    unknown = 'resource "terraform_data" "group" {\n  input = "Privacy"\n}\n'
    held = 'resource "veil_user_profile" "bob" {\n  integration = veil_integration.main.id\n  user = "bob"\n'
    held += "  groups = [terraform_data.group.output]\n}\n"
    workspace.write(right.replace('["privacy"]', '["Privacy"]') + unknown + held)
    planned = workspace.plan()
    assert planned.code == 2 and warnings(planned) == [], planned.text


def test_a_user_file_counts_as_the_profiles_that_it_holds(right: str, database: Database, workspace: Workspace):
    workspace.write("user,groups\nbob,Privacy\nCarol,analysts\n", "users.csv")
    file = 'resource "veil_user_profiles" "file" {\n  integration = veil_integration.main.id\n  file = "users.csv"\n}\n'
    workspace.write(right.replace('["privacy"]', '["Privacy"]') + file)
    planned = workspace.plan()
    assert planned.code == 2 and warnings(planned) == ['The warehouse has no user "Carol"'], planned.text
    assert 'Did you mean "carol"?' in planned.text
