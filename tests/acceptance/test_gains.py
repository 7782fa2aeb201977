"""A plan that lets somebody see more says so in a line: once, where people read it, and not while
it is applied.
"""

import re
from collections.abc import Callable, Iterator

import pytest

from tests.acceptance.conftest import Database, header
from tests.acceptance.terraform import Run, Workspace

CONFIGURATION = """
resource "veil_data_source" "customers" {
  integration = veil_integration.main.id
  schema      = "raw"
  table       = "customers"
  columns = {
    email = { tags = ["%(tag)s"] }
    ssn   = { tags = ["pii.ssn"] }
  }
}
resource "veil_data_source" "orders" {
  integration = veil_integration.main.id
  schema      = "raw"
  table       = "orders"
}
resource "veil_subscription_policy" "open" {
  integration = veil_integration.main.id
  name        = "open"
  applies_to  = { data_sources = ["raw.customers"] }
  access      = "everyone"
}
resource "veil_masking_policy" "emails" {
  integration = veil_integration.main.id
  name        = "emails"
  applies_to  = { column_tags = ["pii"] }
  mask        = { hash = {} }
  exceptions  = { groups = [%(excepted)s] }
}
resource "veil_user_profile" "alice" {
  integration = veil_integration.main.id
  user        = "alice"
  groups      = ["hr"]
}
resource "veil_user_profile" "bob" {
  integration = veil_integration.main.id
  user        = "bob"
  groups      = ["contractors"]
}
resource "veil_user_profile" "carol" {
  integration = veil_integration.main.id
  user        = "carol"
  groups      = [%(carols)s]
}
"""
SUBSCRIPTION = """
resource "veil_subscription" "carol" {
  integration = veil_integration.main.id
  user        = "carol"
  data_source = veil_data_source.orders.id
}
"""
WIDER = '"hr", "contractors"'
ENDS = "veil diff shows which"


def configuration(excepted: str = '"hr"', tag: str = "pii.email", carols: str = '"contractors"') -> str:
    return CONFIGURATION % {"excepted": excepted, "tag": tag, "carols": carols}


Write = Callable[..., None]


@pytest.fixture(scope="module")
def place(new_database: Callable[[], Database], new_workspace: Callable[[], Workspace]) -> tuple[Database, Workspace]:
    database, workspace = new_database(), new_workspace()
    workspace.write(header(database) + configuration())
    assert (done := workspace.apply()), done.text
    assert ENDS not in done.text, "before anything is governed there is nothing to open"
    return database, workspace


@pytest.fixture
def write(place: tuple[Database, Workspace]) -> Iterator[Write]:
    """Writes a configuration; what was applied before stands again at the end."""
    database, workspace = place

    def written(text: str, gains: str = "") -> None:
        head = header(database)
        if gains:
            head = head.replace('provider "veil" {', f'provider "veil" {{\n  gains = "{gains}"')
        workspace.write(head + text)

    yield written
    written(configuration())
    assert (done := workspace.apply()), done.text


def told(run: Run) -> list[str]:
    """The lines that say who sees more."""
    return sorted(line for line in run.text.splitlines() if line.endswith(ENDS))


def warned(*words: str) -> list[str]:
    return [f"Warning: {each}: {ENDS}" for each in words]


def test_a_policy_that_excepts_more_says_so_once_in_the_plan_and_not_in_the_apply_of_it(
    place: tuple[Database, Workspace], write: Write
):
    _, workspace = place
    write(configuration(WIDER))
    planned = workspace.plan("-out=plan.bin")
    assert planned.code == 2
    assert told(planned) == warned("Opens 2 columns of 1 data source to 2 users")
    assert "Judged by what has been planned so far." in planned.text
    applied = workspace.run("apply", "-no-color", "-input=false", "plan.bin")
    assert applied and ENDS not in applied.text, applied.text
    assert workspace.plan().code == 0


def test_an_apply_that_plans_by_itself_says_it_once(place: tuple[Database, Workspace], write: Write):
    _, workspace = place
    write(configuration(WIDER) + SUBSCRIPTION)
    applied = workspace.apply()
    assert applied, applied.text
    assert told(applied) == warned(
        "Opens 2 columns of 1 data source to 2 users", "Opens 3 columns of 1 data source to 1 user"
    )


def test_a_data_source_whose_column_loses_its_tag_says_that_the_mask_goes(
    place: tuple[Database, Workspace], write: Write
):
    _, workspace = place
    write(configuration(tag="contact"))
    assert told(workspace.plan()) == warned("Opens 1 column of 1 data source to 2 users")


def test_a_mask_that_goes_says_so_where_the_data_source_stays(place: tuple[Database, Workspace], write: Write):
    _, workspace = place
    write(re.sub(r'resource "veil_masking_policy".*?\n}\n', "", configuration(), flags=re.DOTALL))
    (said,) = told(workspace.plan())
    assert said.endswith("pens 2 columns of 1 data source to 2 users: veil diff shows which")


def test_a_profile_is_not_judged_and_a_narrower_policy_says_nothing(place: tuple[Database, Workspace], write: Write):
    _, workspace = place
    write(configuration(carols='"contractors", "hr"'))
    assert ENDS not in workspace.plan().text
    write(configuration('"nobody"'))
    assert ENDS not in workspace.plan().text


def test_to_destroy_everything_opens_nothing(place: tuple[Database, Workspace], write: Write):
    _, workspace = place
    write(configuration())
    assert ENDS not in workspace.plan("-destroy").text


def test_ignore_says_nothing(place: tuple[Database, Workspace], write: Write):
    _, workspace = place
    write(configuration(WIDER), "ignore")
    planned = workspace.plan()
    assert planned.code == 2 and ENDS not in planned.text


@pytest.mark.parametrize("more", [[], ["-refresh=false"]])
def test_error_refuses_the_plan_and_closes_nothing(place: tuple[Database, Workspace], write: Write, more: list[str]):
    database, workspace = place
    write(configuration(WIDER), "error")
    planned = workspace.plan(*more)
    assert planned.code == 1
    assert told(planned) == [f"Error: Opens 2 columns of 1 data source to 2 users: {ENDS}"]
    assert 'The provider\'s gains = "error" refuses that.' in " ".join(planned.text.split())
    assert len(database.query("SELECT * FROM governed.customers", "bob")) == 4
    write(configuration('"nobody"'), "error")
    assert workspace.plan(*more).code == 2


def test_error_refuses_what_is_known_only_after_the_apply(place: tuple[Database, Workspace], write: Write):
    _, workspace = place
    unknown = 'resource "terraform_data" "group" { input = "contractors" }\n'
    write(configuration("terraform_data.group.output") + unknown, "error")
    planned = workspace.plan()
    assert planned.code == 1
    assert "Error: May let somebody see more: exceptions is known only after the apply" in planned.text
    write(configuration("terraform_data.group.output") + unknown)
    applied = workspace.apply()
    assert applied and ENDS not in applied.text, applied.text
