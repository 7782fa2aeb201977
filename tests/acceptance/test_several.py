"""One configuration, several integrations: a provider alias and a module for each, and a
configuration that joins in.
"""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.acceptance.conftest import Database
from tests.acceptance.revision import revision
from tests.acceptance.terraform import Run, Workspace
from veil.resources.provider import Veil


@pytest.fixture(scope="module")
def new_workspace(new_starting_workspace: Callable[[], Workspace]) -> Callable[[], Workspace]:
    return new_starting_workspace


MODULES = Path(__file__).parents[2] / "examples" / "modules"


def configuration(emea: Database, apac: Database) -> str:
    """One integration as the embedded engine's, the other through the address of a cluster."""
    address = apac.address
    return f"""
terraform {{
  required_providers {{ veil = {{ source = "veil-data/veil" }} }}
}}
provider "veil" {{
  alias    = "emea"
  engine   = "local"
  database = "{emea.name}"
}}
provider "veil" {{
  alias    = "apac"
  host     = "{address.host}"
  port     = {address.port}
  ssl      = false
  database = "{apac.name}"
  username = "{address.username}"
  password = "{address.password}"
}}
module "emea" {{
  source    = "./modules/governed"
  providers = {{ veil = veil.emea }}
  name      = "emea"
  database  = "{emea.name}"
  tables    = {{ customers = {{ schema = "raw", columns = {{ ssn = ["pii.ssn"], territory = ["geo"] }} }} }}
  users     = {{ alice = {{ groups = ["analysts"], attributes = {{ territory = ["US"] }} }} }}
}}
module "apac" {{
  source    = "./modules/governed"
  providers = {{ veil = veil.apac }}
  name      = "apac"
  database  = "{apac.name}"
  tables    = {{ customers = {{ schema = "raw", columns = {{ ssn = ["pii.ssn"], territory = ["geo"] }} }} }}
  users     = {{ alice = {{ groups = ["analysts", "hr"], attributes = {{ territory = ["CA"] }} }} }}
}}
output "ids" {{
  value = [module.emea.integration, module.apac.integration]
}}
"""


def joining(database: Database) -> str:
    return f"""
terraform {{
  required_providers {{ veil = {{ source = "veil-data/veil" }} }}
}}
provider "veil" {{
  engine   = "local"
  database = "{database.name}"
}}
data "veil_integration" "emea" {{
  name = "emea"
}}
resource "veil_user_profile" "bob" {{
  integration = data.veil_integration.emea.id
  user        = "bob"
  groups      = ["analysts", "global"]
}}
"""


def test_each_integration_of_a_configuration_governs_its_own_database(
    new_database: Callable[[], Database], new_workspace: Callable[[], Workspace]
):
    emea, apac, workspace, other = new_database(), new_database(), new_workspace(), new_workspace()
    shutil.copytree(MODULES, workspace.folder / "modules")
    workspace.write(configuration(emea, apac))
    assert (done := workspace.run("get")), done.text
    assert (done := workspace.apply()), done.text

    seen = "SELECT id, LEN(ssn), territory FROM governed.customers ORDER BY id"
    assert emea.query(seen, "alice") == [(1, 64, "US")]
    assert apac.query(seen, "alice") == [(2, 11, "CA")]

    # Another configuration works on one of them, and the first one does not mind.
    other.write(joining(emea))
    assert (done := other.apply()), done.text
    found = other.state("data.veil_integration.emea")
    assert (found["mode"], found["database"], found["source_database"]) == ("single_database", emea.name, None)
    assert [row[0] for row in emea.query(seen, "bob")] == [1, 2, 3, 4]
    assert apac.query(seen, "bob") == []
    assert (planned := workspace.plan()).code == 0, planned.text
    mixed_up(emea, apac, new_workspace())


def providers(emea: Database, apac: Database) -> str:
    both = (("emea", f'"{emea.name}"'), ("apac", f'"{apac.name}"'), ("late", "terraform_data.database.output"))
    aliases = "".join(
        f'provider "veil" {{\n  alias = "{alias}"\n  engine = "local"\n  database = {database}\n}}\n'
        for alias, database in both
    )
    return (
        'terraform {\n  required_providers { veil = { source = "veil-data/veil" } }\n}\n'
        f'resource "terraform_data" "database" {{\n  input = "{apac.name}"\n}}\n' + aliases
    )


FOUND = 'data "veil_integration" "emea" {\n  provider = veil.emea\n  name = "emea"\n}\n'


OF_ALL_KINDS = {
    "veil_data_source": 'schema = "raw"\n  table = "orders"',
    "veil_subscription_policy": 'name = "n"\n  applies_to = { all_data_sources = true }\n  access = "everyone"',
    "veil_subscription": 'user = "bob"\n  data_source = "x"',
    "veil_access_refusal": 'user = "bob"\n  data_source = "x"',
    "veil_masking_policy": 'name = "n"\n  applies_to = { all_columns = true }\n  mask = { null = {} }',
    "veil_row_policy": 'name = "n"\n  applies_to = { all_data_sources = true }\n  show = { where = "id = 1" }',
    "veil_user_profile": 'user = "carol"',
    "veil_user_profiles": "users = { dave = {} }",
    "veil_purpose": 'name = "n"\n  acknowledgement = "I agree."',
    "veil_project": 'name = "n"',
    "veil_impersonation": 'user = "support"\n  as_users = ["bob"]',
}
"""A small resource of each kind that has an integration."""


def resources(provider: str, integration: str, kinds: dict[str, str] = OF_ALL_KINDS) -> str:
    head = f"provider = {provider}\n  integration = {integration}"
    return "".join(f'resource "{kind}" "it" {{\n  {head}\n  {body}\n}}\n' for kind, body in kinds.items())


def mixed_up(emea: Database, apac: Database, workspace: Workspace) -> None:
    """Resources of the one integration under the provider of the other, which would write to the
    other's database.
    """
    assert set(OF_ALL_KINDS) == {
        part.partition(":")[0].replace("veil.resources.", "veil_") for part in Veil.resources
    } - {"veil_integration"}
    top, before = providers(emea, apac) + FOUND, (revision(emea), revision(apac))
    access = (
        'data "veil_effective_access" "it" {\n  provider = veil.apac\n  integration = data.veil_integration.emea.id\n'
    )
    workspace.write(
        top
        + resources("veil.apac", "data.veil_integration.emea.id")
        + access
        + '  user = "bob"\n  data_source = "x"\n}\n'
    )
    planned = workspace.plan()
    assert planned.code == 1
    assert errors(planned) == ["The provider connects to another database"] * (len(OF_ALL_KINDS) + 1), planned.text
    told = " ".join(planned.text.split())
    assert f"The integration that this resource names is in the database {emea.name}" in told, planned.text
    assert f"provider connects to the database {apac.name} on" in told and "set `provider` on the resource" in told

    # The same name of a database says nothing yet: it may be that of another cluster.
    workspace.write(top + resources("veil.emea", f'"{emea.name}/000000000000000000000000"'))
    planned = workspace.plan()
    assert errors(planned) == ["Another integration"] * len(OF_ALL_KINDS), planned.text

    # What the provider connects to is known at apply only.
    late = {kind: OF_ALL_KINDS[kind] for kind in ("veil_user_profile", "veil_user_profiles", "veil_masking_policy")}
    workspace.write(top + resources("veil.late", "data.veil_integration.emea.id", late))
    done = workspace.apply()
    assert errors(done) == ["The provider connects to another database"] * len(late), done.text

    # An integration of its own that is for another database, and for one that is not there.
    own = 'resource "veil_integration" "it" {{\n  provider = veil.apac\n  name = "n"\n  view_schema = "g"\n  database = "{}"\n}}\n'
    for name, title in ((emea.name, "The provider connects to another database"), ("nowhere", "No such database")):
        workspace.write(top + own.format(name))
        planned = workspace.plan()
        assert errors(planned) == [title], planned.text
    assert 'CREATE DATABASE "nowhere"' in " ".join(planned.text.split())
    assert (revision(emea), revision(apac)) == before


def test_a_new_integration_under_one_provider_has_no_resources_under_another(
    new_database: Callable[[], Database], workspace: Workspace
):
    emea, apac = new_database(), new_database(empty=True)
    own = f'resource "veil_integration" "it" {{\n  provider = veil.emea\n  name = "n"\n  view_schema = "g"\n  database = "{emea.name}"\n}}\n'
    top = providers(emea, apac) + own
    workspace.write(top + resources("veil.apac", "veil_integration.it.id"))
    planned = workspace.plan()
    assert errors(planned) == ["No integration for this provider"] * len(OF_ALL_KINDS), planned.text
    workspace.write(
        top + resources("veil.emea", "veil_integration.it.id", {"veil_purpose": OF_ALL_KINDS["veil_purpose"]})
    )
    assert (planned := workspace.plan()).code == 2, planned.text


def errors(run: Run) -> list[str]:
    return re.findall(r"^Error: (.*)$", run.text, re.MULTILINE)
